//! A render through the server: how far it is, how long it still takes, and its end when it is cancelled.

use serde_json::{Value as Json, json};

use crate::client::Start;
use crate::media::film;
use crate::until::until;

/// Progress and a cancel reach the process that renders: its percentage grows, its time is told, and once it is
/// cancelled there is neither a process nor a file; the next job renders.
#[test]
fn a_running_render_is_followed_and_cancelled() {
    let mut client = Start::engine().initialized();
    let folder = client.home().join("renders");
    std::fs::create_dir(&folder).expect("a folder for the renders");
    let film = film(&client.home().join("film.mp4"), 48);
    client.call("create_project", json!({"name": "Film", "frame_rate": 24}));
    let clip = client.call("import_media", json!({"paths": [film]}))["imported"][0]["id"].clone();
    client.call("create_timeline", json!({"name": "Cut", "width": 1280, "height": 720}));
    for _ in 0..10 {
        let clips = vec![json!({"media_pool_item": clip}); 20];
        client.call("append_to_timeline", json!({"clips": clips}));
    }
    let mut queue = |name: &str, more: Json| -> String {
        let mut render = json!({"directory": folder, "file_name": name, "format": "mp4", "codec": "H264"});
        render.as_object_mut().expect("a table").extend(more.as_object().expect("a table").clone());
        client.call("queue_render", render)["job"].as_str().expect("a job").to_owned()
    };
    let long = queue("long", json!({}));
    let short = queue("short", json!({"mark_in": 0, "mark_out": 5}));
    client.call("start_render", json!({"jobs": [long]}));

    let mut seen = Vec::new();
    until("two percentages of a running render", || {
        let read = client.call("render_read", json!({"job": long}));
        assert_eq!("rendering", read["state"], "{read}");
        let percent = read["percent"].as_f64().expect("a percentage");
        if percent > 0.0 && seen.last().is_none_or(|last| percent > *last) {
            assert!(percent < 100.0 && read["eta_s"].as_f64().expect("a time") > 0.0, "{read}");
            seen.push(percent);
        }
        seen.len() == 2
    });
    let cancelled = client.call("jobs_edit", json!({"job": long, "action": "cancel"}));

    assert_eq!((json!(long), json!(true)), (cancelled["job"].clone(), cancelled["verified"].clone()));
    let read = client.call("render_read", json!({"job": long}));
    assert_eq!(
        ("cancelled", true),
        (read["state"].as_str().expect("a state"), read["done"] == true),
        "{read}"
    );
    let files = || std::fs::read_dir(&folder).expect("the folder is there").count();
    until("the unfinished file is gone", || files() == 0);
    client.call("start_render", json!({"jobs": [short]}));
    until("the next job", || {
        client.call("render_read", json!({"job": short, "wait_s": 20}))["state"] == "complete"
    });
    assert_eq!(1, files());
}
