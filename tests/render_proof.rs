//! A finished render is looked into before it is called complete.

use serde_json::{Value as Json, json};

use crate::client::{Client, Start};
use crate::media::film;

/// A film of 24 frames, rendered; its server, the id of its job and where the file lies.
fn rendered() -> (Client, String, std::path::PathBuf) {
    let mut client = Start::engine().initialized();
    let folder = client.home().join("renders");
    std::fs::create_dir(&folder).expect("a folder for the render");
    let film = film(&client.home().join("film.mp4"), 48);
    client.call("create_project", json!({"name": "Film", "frame_rate": 24}));
    let clip = client.call("import_media", json!({"paths": [film]}))["imported"][0]["id"].clone();
    client.call("create_timeline", json!({"name": "Cut", "width": 320, "height": 180}));
    client.call("append_to_timeline", json!({"clips": [{"media_pool_item": clip, "start": 0, "end": 24}]}));
    let render = json!({"directory": folder, "file_name": "cut", "format": "mp4", "codec": "H264"});
    let job = client.call("queue_render", render)["job"].as_str().expect("a job").to_owned();
    client.call("start_render", json!({"jobs": [job]}));
    (client, job, folder.join("cut.mp4"))
}

/// Reads the job until it is done.
fn done(client: &mut Client, job: &str) -> Json {
    // Each look waits for the render by itself; a few are enough for 24 frames on the slowest machine.
    for _ in 0..6 {
        let read = client.call("render_read", json!({"job": job, "wait_s": 20}));
        if read["done"] == true {
            return read;
        }
    }
    panic!("the render does not end");
}

/// What Resolve calls complete is believed only when the file has the frames, the size and the light that were wanted;
/// a file that is another afterwards is a failure with its reason.
#[test]
fn a_render_is_complete_when_its_file_is() {
    let (mut client, job, file) = rendered();

    let read = done(&mut client, &job);

    assert_eq!(
        ("complete", true),
        (read["state"].as_str().expect("a state"), read["verified"] == true),
        "{read}"
    );
    assert_eq!((json!(24), json!(1)), (read["frames"].clone(), read["seconds"].clone()), "{read}");
    film(&file, 12);
    let read = done(&mut client, &job);
    assert_eq!("failed", read["state"], "{read}");
    assert!(read["error"].as_str().expect("an error").contains("12 frames instead of 24"), "{read}");
    std::fs::write(&file, "no film at all").expect("the file can be written");
    let read = done(&mut client, &job);
    assert!(read["error"].as_str().expect("an error").contains("cannot be read"), "{read}");
}
