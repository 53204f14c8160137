//! Undo of deleted timelines, and redo of what the copy of a timeline had replaced.

use serde_json::{Value as Json, json};

use crate::changed_since::by_somebody;
use crate::client::{Client, Start};
use crate::media::film;
use crate::timeline_copies::{cut, names};

fn api(method: &str, args: Json) -> Json {
    json!({"method": method, "args": args, "confirm": true})
}

/// The names of the clips of a folder.
fn clips(client: &mut Client, folder: &str) -> Vec<String> {
    let read = client.call("media_pool_read", json!({"folder": folder}));
    let clips = read["clips"].as_array().expect("clips").iter();
    clips.map(|clip| clip["name"].as_str().expect("a name").to_owned()).collect()
}

/// What stands on the open timeline, ids left out, by calls that change nothing, so that a redo stays possible.
fn seen(client: &mut Client) -> Json {
    let mut read = client.call("timeline_read", json!({}));
    read.as_object_mut().expect("an object").remove("revision");
    read["timeline"].as_object_mut().expect("a timeline").remove("id");
    let mut items = Vec::new();
    for item in read["items"].as_array_mut().expect("items") {
        let id = item.as_object_mut().expect("an item").remove("id").expect("an id");
        for method in ["GetProperties", "GetMarkers", "GetClipColor", "GetFlagList", "GetName"] {
            let call = json!({"method": format!("TimelineItem.{method}"), "on": id});
            items.push(client.call("api_call", call)["value"].take());
        }
    }
    json!([read, items])
}

/// An agent deletes the wrong timelines: they return in their folder with all that stood on them, and what was done to
/// them before can still be taken back.
#[test]
fn deleted_timelines_return_with_all_they_had() {
    let (mut client, _items) = cut();
    client.call("api_call", api("MediaPool.AddSubFolder", json!(["/Master", "Cuts"])));
    let clip = client.call("api_call", json!({"method": "Timeline.GetMediaPoolItem"}))["value"]["id"].clone();
    client.call("api_call", api("MediaPool.MoveClips", json!([[clip], "/Master/Cuts"])));
    let before = seen(&mut client);
    client.call("create_timeline", json!({"name": "Empty"}));
    client.call("create_timeline", json!({"name": "Open"}));
    let delete = json!({"method": "MediaPool.DeleteTimelines", "args": [["Cut", "Empty"]]});
    let asked = client.fails("api_call", delete.clone());
    assert_eq!("consent_required", asked["code"], "{asked}");
    assert!(asked["plan"]["undo"].as_str().expect("a text").contains("copies of the timelines"), "{asked}");

    client.call("api_call", api("MediaPool.DeleteTimelines", json!([["Cut", "Empty"]])));
    let deleted = names(&mut client);
    assert_eq!(vec!["Open", "Cut - before 1", "Empty - before 1"], deleted);
    for _ in 0..2 {
        let undone = client.call("undo", json!({}))["undone"][0].clone();
        assert_eq!(true, undone["verified"], "{undone}");
        let compared = undone["compared"].as_array().expect("a list");
        assert!(compared.contains(&json!("TimelineItem.GetProperties")), "{undone}");
        assert!(compared.contains(&json!("Folder.GetClipList")), "{undone}");
        assert_eq!(vec!["Open", "Cut", "Empty"], names(&mut client));
        assert_eq!(vec!["Cut"], clips(&mut client, "/Master/Cuts"));
        client.call("undo", json!({"redo": true}));
        assert_eq!(deleted, names(&mut client));
    }
    client.call("undo", json!({"steps": 3}));
    assert_eq!(before, seen(&mut client));
    // Moved out of the folder, the folder, the grade, then the values: of objects with other ids now.
    client.call("undo", json!({"steps": 4}));
    let read = client.call("timeline_read", json!({}));
    let first = read["items"][0]["id"].as_str().expect("an id");
    let values = client.call("api_call", json!({"method": "TimelineItem.GetProperties", "on": first}));
    assert_eq!(1.0, values["value"]["ZoomX"].as_f64().expect("a number"));
}

/// Of what somebody has done to the copy meanwhile it is told before it takes the name of the timeline.
#[test]
fn a_copy_of_a_deleted_timeline_that_was_changed_is_told() {
    let (mut client, _items) = cut();
    client.call("create_timeline", json!({"name": "Open"}));
    client.call("api_call", api("MediaPool.DeleteTimelines", json!([["Cut"]])));
    let item = client.call("timeline_read", json!({"timeline": "Cut - before 1"}))["items"][0]["id"].clone();
    let color = json!({"method": "TimelineItem.SetClipColor", "on": item, "args": ["Orange"]});
    by_somebody(&mut client, "api_call", color);

    let refused = client.fails("undo", json!({}));

    assert_eq!("changed", refused["code"], "{refused}");
    assert!(refused["message"].as_str().expect("a message").contains("color Orange"), "{refused}");
    assert_eq!(vec!["Open", "Cut - before 1"], names(&mut client));
    let failed = client.fails("undo", json!({"confirm": true}));
    assert_eq!("not_verified", failed["code"], "{failed}");
    assert_eq!(vec!["Open", "Cut"], names(&mut client));
}

/// Redo of a cut: the timeline as the cut had left it is back, however often, until something else is changed.
#[test]
fn what_a_copy_had_replaced_is_put_back() {
    let (mut client, items) = cut();
    let before = seen(&mut client);
    let calls = json!([
        {"method": "Timeline.DeleteClips", "args": [[items[0]]]},
        {"method": "Timeline.AddTrack", "args": ["audio"]},
        {"method": "Timeline.SetName", "args": ["Shorter"]},
    ]);
    client.call("api_batch", json!({"calls": calls, "confirm": true}));
    let changed = seen(&mut client);
    assert_ne!(before, changed);
    for _ in 0..2 {
        let undone = client.call("undo", json!({}))["undone"][0].clone();
        assert_eq!(true, undone["verified"], "{undone}");
        assert_eq!(before, seen(&mut client));
        let redone = client.call("undo", json!({"redo": true}))["redone"][0].clone();
        assert_eq!(true, redone["verified"], "{redone}");
        let compared = redone["compared"].as_array().expect("a list");
        assert!(compared.contains(&json!("Graph.GetNumNodes")), "{redone}");
        assert_eq!(changed, seen(&mut client));
    }
    assert_eq!(vec!["Shorter", "Cut - before 1"], names(&mut client));
    client.call("undo", json!({"steps": 2}));
    client.call("add_marker", json!({"position": 1, "color": "Red"}));
    assert_eq!(vec!["Cut"], names(&mut client), "nobody can put it back any more");
    assert_eq!("not_found", client.fails("undo", json!({"redo": true}))["code"]);
}

/// Copies show clips, too: they keep nobody from deleting these, and nothing from being taken back.
#[test]
fn copies_keep_no_clip_from_being_deleted() {
    let mut client = Start::engine().initialized();
    let film = film(&client.home().join("film.mp4"), 48);
    client.call("create_project", json!({"name": "Film", "frame_rate": 24}));
    client.call("create_timeline", json!({"name": "Cut"}));
    let clip = client.call("import_media", json!({"paths": [film]}))["imported"][0]["id"].clone();
    client.call("append_to_timeline", json!({"clips": [{"media_pool_item": clip}]}));
    client.call("api_call", api("Timeline.AddTrack", json!(["video"])));
    // As far as the import, though what the undo has replaced shows the clip.
    let undone = client.call("undo", json!({"steps": 3}))["undone"].clone();
    assert_eq!(3, undone.as_array().expect("a list").len(), "{undone}");
    assert!(!clips(&mut client, "/Master").contains(&"film.mp4".to_owned()));

    let (mut client, _items) = cut();
    client.call("create_timeline", json!({"name": "Open"}));
    client.call("api_call", api("MediaPool.DeleteTimelines", json!([["Cut"]])));
    client.call("api_call", api("MediaPool.DeleteClips", json!([["film.mp4"]])));
    assert_eq!(vec!["Open"], clips(&mut client, "/Master"));
}
