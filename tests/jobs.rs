//! Calls that take longer than a client waits go on as jobs.

use serde_json::{Value as Json, json};

use crate::client::{Client, Start};
use crate::media::film;

/// A server whose engine takes some seconds for the first search of cuts, and whose callers are told after three.
fn slow() -> (Client, tempfile::TempDir) {
    let folder = tempfile::Builder::new().prefix("davinci-mcp-test-").tempdir().expect("a temporary folder");
    let file = folder.path().join("faults.toml");
    let fault = "[[fault]]\nat = \"Timeline.DetectSceneCuts\"\ntimes = 1\ndo = \"hang\"\ns = 6\n";
    std::fs::write(&file, fault).expect("the folder is writable");
    let start = Start::engine().arg("--faults").arg(file).arg("--deadlines").arg("job=3");
    let mut client = start.initialized();
    let film = film(&client.home().join("film.mp4"), 24);
    client.call("create_project", json!({"name": "Film", "frame_rate": 24}));
    let clip = client.call("import_media", json!({"paths": [film]}))["imported"][0]["id"].clone();
    client.call("create_timeline", json!({"name": "Cut"}));
    client.call("append_to_timeline", json!({"clips": [{"media_pool_item": clip}]}));
    (client, folder)
}

fn search() -> Json {
    json!({"method": "Timeline.DetectSceneCuts"})
}

/// The caller has a number at once, the work goes on, and its end is told to whoever asks for that number.
#[test]
fn a_long_call_goes_on_as_a_job() {
    let (mut client, _folder) = slow();

    let job = client.call("api_call", search());

    assert_eq!("running", job["state"], "{job}");
    let number = job["job"].as_i64().expect("a number");
    assert_eq!("open", client.call("history", json!({"limit": 1}))["entries"][0]["outcome"]);
    let ended = client.call("history", json!({"entry": number}));
    assert_eq!(
        (json!("done"), json!(true)),
        (ended["outcome"].clone(), ended["observed"].clone()),
        "{ended}"
    );
    assert_eq!(search(), ended["arguments"], "{ended}");
    // What is done within the time is answered as ever.
    let quick = client.call("api_call", search());
    assert_eq!(Json::Null, quick["job"], "{quick}");
    assert_eq!("not_found", client.fails("history", json!({"entry": number + 1000}))["code"]);
}
