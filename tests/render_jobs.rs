//! Render jobs of others are shown, and left alone.

use std::process::Command;

use serde_json::{Value as Json, json};

use crate::client::{Client, Start, python};
use crate::media::film;

/// A project with two queued jobs.
fn queued() -> (Client, [String; 2]) {
    let mut client = Start::engine().initialized();
    let folder = client.home().join("renders");
    std::fs::create_dir(&folder).expect("a folder for the renders");
    let film = film(&client.home().join("film.mp4"), 24);
    client.call("create_project", json!({"name": "Film", "frame_rate": 24}));
    let clip = client.call("import_media", json!({"paths": [film]}))["imported"][0]["id"].clone();
    client.call("create_timeline", json!({"name": "Cut"}));
    client.call("append_to_timeline", json!({"clips": [{"media_pool_item": clip}]}));
    let jobs = ["one", "two"].map(|name| {
        let render = json!({"directory": folder, "file_name": name, "format": "mp4", "codec": "H264"});
        client.call("queue_render", render)["job"].as_str().expect("a job").to_owned()
    });
    (client, jobs)
}

/// Takes the entry that queued a job out of the journal: as if somebody had queued it in Resolve's window.
fn forget(client: &mut Client, job: &str) {
    let status = client.call("status", json!({}));
    let program = "import sqlite3, sys\n\
        file = sqlite3.connect(sys.argv[1])\n\
        gone = file.execute('DELETE FROM entry WHERE instr(observed, ?) > 0', (sys.argv[2],)).rowcount\n\
        file.commit()\n\
        assert gone == 1, gone";
    let journal = status["journal"]["path"].as_str().expect("a journal");
    let done = Command::new(python()).args(["-c", program, journal, job]).status().expect("Python runs");
    assert!(done.success(), "the entry is not there");
}

/// A queue may hold what somebody prepared for the night: it is listed, and no call starts it, by whatever door, or
/// cancels it unasked.
#[test]
fn jobs_of_others_are_shown_and_not_started() {
    let (mut client, [mine, theirs]) = queued();
    forget(&mut client, &theirs);

    let listed = client.call("render_read", json!({}));

    let own = |id: &str| -> Json {
        let jobs = listed["jobs"].as_array().expect("jobs");
        jobs.iter().find(|job| job["job"] == id).unwrap_or_else(|| panic!("{id} is not listed: {listed}"))["queued_here"].clone()
    };
    assert_eq!((json!(true), json!(false)), (own(&mine), own(&theirs)), "{listed}");
    let start = json!({"method": "Project.StartRendering", "args": [[theirs], false]});
    for (tool, arguments) in [
        ("start_render", json!({"jobs": [mine, theirs]})),
        ("api_call", start.clone()),
        ("api_batch", json!({"calls": [start]})),
    ] {
        let failed = client.fails(tool, arguments);
        assert_eq!("invalid_argument", failed["code"], "{tool}: {failed}");
        assert!(failed["message"].as_str().expect("a message").contains(&theirs), "{tool}: {failed}");
    }
    let failed = client.fails("jobs_edit", json!({"job": theirs, "action": "cancel"}));
    assert_eq!("consent_required", failed["code"], "{failed}");
    let listed = client.call("render_read", json!({}));
    assert!(listed["jobs"].as_array().expect("jobs").iter().all(|job| job["state"] == "queued"), "{listed}");
    client.call("jobs_edit", json!({"job": mine, "action": "cancel"}));
    client.call("jobs_edit", json!({"job": theirs, "action": "cancel", "confirm": true}));
}
