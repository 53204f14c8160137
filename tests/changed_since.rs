//! An undo of what somebody else has changed since: refused with the difference, and made all the same with consent.

use std::process::Command;

use serde_json::{Value as Json, json};

use crate::client::{Client, Start, python};
use crate::media::film;

/// A server with a film on a timeline, and the ids of its item and of its clip.
fn cut(start: Start) -> (Client, String, String) {
    let mut client = start.initialized();
    let film = film(&client.home().join("film.mp4"), 48);
    client.call("create_project", json!({"name": "Film", "frame_rate": 24}));
    let clip = client.call("import_media", json!({"paths": [film]}))["imported"][0]["id"].clone();
    client.call("create_timeline", json!({"name": "Cut"}));
    let range = json!([{"media_pool_item": clip, "start": 0, "end": 24}]);
    let placed = client.call("append_to_timeline", json!({"clips": range}));
    let text = |value: &Json| value.as_str().expect("an id").to_owned();
    (client, text(&placed["placed"][0]["id"]), text(&clip))
}

/// Makes a call that the journal does not know: as if somebody had changed that in Resolve's window.
pub(crate) fn by_somebody(client: &mut Client, tool: &str, arguments: Json) -> Json {
    let answer = client.call(tool, arguments);
    let status = client.call("status", json!({}));
    let program = "import sqlite3, sys\n\
        file = sqlite3.connect(sys.argv[1])\n\
        file.execute('DELETE FROM entry WHERE id = (SELECT max(id) FROM entry)')\n\
        file.commit()";
    let journal = status["journal"]["path"].as_str().expect("a journal");
    assert!(Command::new(python()).args(["-c", program, journal]).status().expect("Python runs").success());
    answer
}

fn on(method: &str, on: &str, args: Json) -> Json {
    json!({"method": method, "on": on, "args": args})
}

/// Each kind of change, what somebody else does to it, and what shows that: their work is not overwritten unasked.
#[test]
fn what_somebody_else_changed_since_is_not_taken_back_unasked() {
    let (mut client, item, clip) = cut(Start::engine());
    let directory = client.home().to_owned();
    let render = json!({"directory": directory, "file_name": "a", "format": "mp4", "codec": "H264"});
    let marker = |frame: i64, name: &str| json!({"position": frame, "color": "Blue", "name": name});
    let api = |method: &str, args: Json| json!({"method": method, "args": args, "confirm": true});
    let changes = [
        (
            ("api_call", on("TimelineItem.SetClipColor", &item, json!(["Orange"]))),
            ("api_call", on("TimelineItem.SetClipColor", &item, json!(["Pink"]))),
            "Pink",
        ),
        (
            ("set_item_properties", json!({"item": item, "properties": {"Pan": 12.5, "ZoomX": 1.5}})),
            ("set_item_properties", json!({"item": item, "properties": {"ZoomX": 2.5}})),
            "2.5",
        ),
        (
            ("add_marker", marker(4, "mine")),
            ("api_call", api("Timeline.UpdateMarkerCustomData", json!([4, "theirs"]))),
            "theirs",
        ),
        (
            ("api_call", on("MediaPoolItem.SetMetadata", &clip, json!([{"Scene": "12"}]))),
            ("api_call", on("MediaPoolItem.SetMetadata", &clip, json!([{"Scene": "13"}]))),
            "13",
        ),
        (
            ("api_call", api("MediaPool.AddSubFolder", json!(["/Master", "Day 1"]))),
            ("api_call", api("MediaPool.AddSubFolder", json!(["/Master/Day 1", "Theirs"]))),
            "Folder.GetSubFolderList",
        ),
        (
            ("append_to_timeline", json!({"clips": [{"media_pool_item": clip, "start": 24, "end": 36}]})),
            ("append_to_timeline", json!({"clips": [{"media_pool_item": clip, "start": 0, "end": 9}]})),
            "",
        ),
        (
            ("queue_render", render),
            ("api_call", api("Project.DeleteAllRenderJobs", json!([]))),
            "AddRenderJob",
        ),
    ];
    for ((tool, arguments), (theirs, with), shown) in changes {
        client.call(tool, arguments.clone());
        // What nobody touched is taken back, and put back.
        if tool != "queue_render" {
            let undone = client.call("undo", json!({}))["undone"][0].clone();
            assert_eq!(tool, undone["tool"]);
            assert_eq!(true, undone["verified"], "{undone}");
            client.call(tool, arguments.clone());
        }
        by_somebody(&mut client, theirs, with);
        if shown.is_empty() {
            // Something else on the same track is no change of what is to be taken back.
            client.call("undo", json!({}));
            continue;
        }
        let refused = client.fails("undo", json!({}));
        if tool == "queue_render" {
            assert!(["changed", "refused"].contains(&refused["code"].as_str().unwrap()), "{refused}");
            continue;
        }
        assert_eq!("changed", refused["code"], "{tool} {arguments}: {refused}");
        assert!(refused["message"].as_str().unwrap().contains(shown), "{refused}");
        assert!(refused["hint"].as_str().unwrap().contains("confirm"), "{refused}");
        client.call("undo", json!({"confirm": true}));
    }
    let color = client.call("api_call", on("TimelineItem.GetClipColor", &item, json!([])));
    assert_eq!("", color["value"]);
}

/// Several changes of one thing in one call, and keys beside those that were changed: no difference is made up.
#[test]
fn what_nobody_touched_is_never_said_to_be_changed() {
    let (mut client, item, _clip) = cut(Start::engine());
    let calls = json!([
        on("TimelineItem.SetClipColor", &item, json!(["Lime"])),
        on("TimelineItem.SetClipColor", &item, json!(["Teal"])),
        on("TimelineItem.SetProperties", &item, json!([{"Pan": 1.0, "Tilt": 2.0}])),
        on("TimelineItem.SetProperties", &item, json!([{"Pan": 3.0}])),
    ]);
    client.call("api_batch", json!({"calls": calls}));
    by_somebody(&mut client, "set_item_properties", json!({"item": item, "properties": {"ZoomX": 2.5}}));
    by_somebody(&mut client, "add_marker", json!({"position": 9, "color": "Red"}));

    let undone = client.call("undo", json!({}))["undone"][0].clone();

    assert_eq!(true, undone["verified"], "{undone}");
    let compared = undone["compared"].as_array().expect("a list");
    assert!(compared.contains(&json!("TimelineItem.GetClipColor")), "{undone}");
    assert!(compared.contains(&json!("TimelineItem.GetProperties")), "{undone}");
    let now = client.call("api_call", on("TimelineItem.GetProperties", &item, json!([])))["value"].clone();
    assert_eq!((0.0, 2.5), (now["Pan"].as_f64().unwrap(), now["ZoomX"].as_f64().unwrap()), "{now}");
}

/// An engine that answers True and does nothing, or that tells something else, is caught while it takes back.
#[test]
fn an_undo_that_did_not_happen_is_told() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("faults.toml");
    // The third such write is the undo of the second.
    let lie = "[[fault]]\nat = \"TimelineItem.SetClipColor\"\ndo = \"answer\"\nvalue = true\ncall = 3\n";
    std::fs::write(&file, lie).expect("the folder is writable");
    let (mut client, item, _clip) = cut(Start::engine().arg("--faults").arg(&file));
    for color in ["Orange", "Pink"] {
        client.call("api_call", on("TimelineItem.SetClipColor", &item, json!([color])));
    }

    let failed = client.fails("undo", json!({}));

    assert_eq!("not_verified", failed["code"], "{failed}");
    let message = failed["message"].as_str().expect("a message");
    assert!(message.contains("Pink") && message.contains("Orange"), "{failed}");
    let entries = client.call("history", json!({}))["entries"].clone();
    assert!(entries.as_array().expect("entries").iter().all(|entry| entry["undone"] != true), "{entries}");
}

/// A server whose timeline got a track more, so that it was copied before.
fn with_a_track(start: Start) -> (Client, String) {
    let (mut client, item, _clip) = cut(start);
    client.call("add_marker", json!({"position": 12, "color": "Blue", "name": "keep"}));
    client.call("api_call", on("TimelineItem.AddFlag", &item, json!(["Red"])));
    client.call("api_call", json!({"method": "Timeline.AddTrack", "args": ["video"], "confirm": true}));
    (client, item)
}

/// A copy that takes the place of a timeline takes along what was done to that since: it is looked at whole.
#[test]
fn a_timeline_that_somebody_changed_is_not_replaced_unasked() {
    let (mut client, item) = with_a_track(Start::engine());
    // What is changed and taken back is no change.
    client.call("set_item_properties", json!({"item": item, "properties": {"ZoomX": 1.5, "CropLeft": 3}}));
    client.call("api_call", on("TimelineItem.ClearFlags", &item, json!(["All"])));
    client.call("undo", json!({"steps": 2}));
    by_somebody(&mut client, "set_item_properties", json!({"item": item, "properties": {"Pan": 7}}));

    let refused = client.fails("undo", json!({}));

    assert_eq!("changed", refused["code"], "{refused}");
    let message = refused["message"].as_str().expect("a message");
    assert!(message.contains("item on video 1 at 86400") && message.contains("values"), "{refused}");
    by_somebody(&mut client, "set_item_properties", json!({"item": item, "properties": {"Pan": 0}}));
    let undone = client.call("undo", json!({}))["undone"][0].clone();
    assert_eq!(true, undone["verified"], "{undone}");
    for by in ["Timeline.GetItemListInTrack", "TimelineItem.GetProperties", "Graph.GetNumNodes"] {
        assert!(undone["compared"].as_array().expect("a list").contains(&json!(by)), "{undone}");
    }
}

/// A copy that is not as the timeline was is told when it stands in its place, with what is other.
#[test]
fn a_copy_that_is_not_as_before_is_told() {
    let (mut client, _item) = with_a_track(Start::engine());
    let copy = json!({"timeline": "Cut - before 1"});
    let copied = client.call("timeline_read", copy)["items"][0]["id"].clone();
    let color = json!({"method": "TimelineItem.SetClipColor", "on": copied, "args": ["Orange"]});
    by_somebody(&mut client, "api_call", color);

    let failed = client.fails("undo", json!({}));

    assert_eq!("not_verified", failed["code"], "{failed}");
    assert!(failed["message"].as_str().expect("a message").contains("color Orange"), "{failed}");
}

/// An engine that says that it shows the copy which takes the place of a timeline, and does not.
#[test]
fn a_copy_that_is_not_shown_is_told() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("faults.toml");
    let lie = "[[fault]]\nat = \"Project.SetCurrentTimeline\"\ndo = \"answer\"\nvalue = true\n";
    std::fs::write(&file, lie).expect("the folder is writable");
    let (mut client, _item) = with_a_track(Start::engine().arg("--faults").arg(&file));

    let failed = client.fails("undo", json!({}));

    assert_eq!("not_verified", failed["code"], "{failed}");
    assert!(failed["message"].as_str().expect("a message").contains("SetCurrentTimeline"), "{failed}");
    let name = json!({"method": "Timeline.GetName"});
    assert_eq!("Cut", client.call("api_call", name)["value"], "nothing was exchanged");
}

/// No call reads a grade, but which version of it is in use, and how many nodes it has: the undo of a grade would delete
/// the version that somebody else has made of it.
#[test]
fn a_grade_that_somebody_changed_is_not_replaced_unasked() {
    let (mut client, item, _clip) = cut(Start::engine());
    let grade = |slope: f64| json!({"item": item, "cdl": {"slope": [slope, 1, 1], "offset": [0, 0, 0], "power": [1, 1, 1], "saturation": 1}});
    client.call("apply_grade", grade(1.2));
    client.call("apply_grade", grade(1.4));
    let undone = client.call("undo", json!({}))["undone"][0].clone();
    assert_eq!(true, undone["verified"], "{undone}");
    assert!(
        undone["compared"].as_array().expect("a list").contains(&json!("TimelineItem.GetCurrentVersion"))
    );
    by_somebody(&mut client, "api_call", on("TimelineItem.AddVersion", &item, json!(["theirs", 0])));

    let refused = client.fails("undo", json!({}));

    assert_eq!("changed", refused["code"], "{refused}");
    assert!(refused["message"].as_str().expect("a message").contains("theirs"), "{refused}");
}
