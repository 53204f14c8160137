//! A call on a folder that is made clip by clip, and what of a long call can be seen on disk.

use serde_json::json;

use crate::client::Client;
use crate::jobs::{job, read, sounds, struck};
use crate::until::until;

/// A client with sounds in its media pool, of which each takes a while to be listened to.
fn listening(count: u32) -> (Client, tempfile::TempDir) {
    let (start, folder) = struck("MediaPoolItem.TranscribeAudio", "do = \"late\"\nms = 500", 1);
    let mut client = start.initialized();
    client.call("create_project", json!({"name": "Film"}));
    let paths = sounds(&client, count);
    client.call("import_media", json!({ "paths": paths }));
    (client, folder)
}

/// It tells its clips, lets others in between, and stops after the one at hand without the consent that ending the
/// interpreter would need; what it did stays and is told.
#[test]
fn a_folder_is_worked_on_clip_by_clip() {
    let (mut client, _folder) = listening(8);
    let transcribe = json!({"method": "Folder.TranscribeAudio", "on": "/Master"});
    let running = job(&mut client, "api_call", transcribe);
    until("a clip is done", || read(&mut client, &running)["done"].as_f64() >= Some(1.0));
    let told = read(&mut client, &running);
    assert_eq!(json!(8), told["total"], "{told}");
    client.call("api_call", json!({"method": "Project.GetName"}));

    // One clip may take longer than a cancel waits; it stops all the same.
    let cancel = client.start_call("jobs_edit", json!({"job": running, "action": "cancel"}));
    client.result(cancel);

    let stopped = client.call("jobs_read", json!({"job": running, "wait_s": 50}));
    assert_eq!("cancelled", stopped["state"], "{stopped}");
    assert_eq!(
        (json!(true), json!(true)),
        (stopped["result"]["value"].clone(), stopped["result"]["cancelled"].clone())
    );
    let remark = stopped["result"]["remarks"][0].as_str().expect("a remark");
    assert!(remark.starts_with("done on ") && remark.contains(" of 8 clips"), "{stopped}");
    assert!(!remark.starts_with("done on 0 ") && !remark.starts_with("done on 8 "), "{stopped}");
}

/// Of an archive the bytes that are on disk are told: nothing else shows how far it is.
#[test]
fn an_archive_tells_what_it_has_written() {
    let gone = tempfile::Builder::new().prefix("davinci-mcp-test-").tempdir().expect("a temporary folder");
    let go = gone.path().join("go");
    let does = format!("after = true\ndo = \"hang\"\nuntil = '{}'", go.display());
    let (start, _folder) = struck("ProjectManager.ArchiveProject", &does, 1);
    let mut client = start.initialized();
    client.call("create_project", json!({"name": "Film"}));
    let paths = sounds(&client, 2);
    client.call("import_media", json!({ "paths": paths }));
    client.call("create_project", json!({"name": "Another"}));
    let target = client.home().join("film.dra");

    let archive = json!({"method": "ProjectManager.ArchiveProject", "args": ["Film", target]});
    let running = job(&mut client, "api_call", archive);

    let media: u64 = paths.iter().map(|path| std::fs::metadata(path).expect("it is there").len()).sum();
    until("the media are told", || read(&mut client, &running)["written_bytes"].as_u64() >= Some(media));
    std::fs::write(&go, "").expect("the folder is writable");
    assert_eq!("complete", client.call("jobs_read", json!({"job": running, "wait_s": 50}))["state"]);
    assert!(target.is_dir());
}
