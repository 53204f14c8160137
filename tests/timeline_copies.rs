//! Undo of what changes many items at once: a copy of the timeline that was made before takes its place.

use serde_json::{Value as Json, json};

use crate::client::{Client, Start};
use crate::media::film;

/// A server with a film on a timeline in two pieces with a title of its own, and the ids of the items.
pub(crate) fn cut() -> (Client, Vec<String>) {
    let mut client = Start::engine().initialized();
    let film = film(&client.home().join("film.mp4"), 48);
    client.call("create_project", json!({"name": "Film", "frame_rate": 24}));
    let clip = client.call("import_media", json!({"paths": [film]}))["imported"][0]["id"].clone();
    client.call("create_timeline", json!({"name": "Cut"}));
    let two = json!([{"media_pool_item": clip, "start": 0, "end": 24}, {"media_pool_item": clip, "start": 30, "end": 40}]);
    let placed = client.call("append_to_timeline", json!({"clips": two}));
    let ids = |entry: &Json| entry["id"].as_str().expect("an id").to_owned();
    let items: Vec<String> = placed["placed"].as_array().expect("items").iter().map(ids).collect();
    client.call("add_marker", json!({"position": 12, "color": "Blue", "name": "keep"}));
    client
        .call("set_item_properties", json!({"item": items[0], "properties": {"ZoomX": 1.5, "Opacity": 40}}));
    let grade = json!({"item": items[1], "cdl": {"slope": [1.2, 1.0, 0.9], "offset": [0, 0, 0], "power": [1, 1, 1], "saturation": 0.5}});
    client.call("apply_grade", grade);
    (client, items)
}

fn value(client: &mut Client, method: &str, on: &str) -> Json {
    client.call("api_call", json!({"method": method, "on": on}))["value"].take()
}

/// All that stands on the open timeline, ids left out: each item with its values, markers, colour and look.
fn structure(client: &mut Client) -> Json {
    let mut read = client.call("timeline_read", json!({}));
    read.as_object_mut().expect("an object").remove("revision");
    read["timeline"].as_object_mut().expect("a timeline").remove("id");
    let mut items = Vec::new();
    for item in read["items"].as_array_mut().expect("items") {
        let id = item.as_object_mut().expect("an item").remove("id").expect("an id");
        let id = id.as_str().expect("an id");
        let path = client.home().join("look.cube");
        let args = json!({"exportType": "EXPORT_LUT_17PTCUBE", "path": path});
        client.call("api_call", json!({"method": "TimelineItem.ExportLUT", "on": id, "args": args}));
        let look = std::fs::read_to_string(&path).expect("it was written");
        let mut told = vec![Json::from(look)];
        for method in ["GetProperties", "GetMarkers", "GetClipColor", "GetFlagList", "GetName"] {
            told.push(value(client, &format!("TimelineItem.{method}"), id));
        }
        items.push(told);
    }
    json!([read, items])
}

pub(crate) fn names(client: &mut Client) -> Vec<String> {
    let count =
        client.call("api_call", json!({"method": "Project.GetTimelineCount"}))["value"].as_u64().unwrap();
    let name = |index: u64| json!({"method": "Timeline.GetName", "on": format!("#{index}")});
    (1..=count)
        .map(|index| client.call("api_call", name(index))["value"].as_str().unwrap().to_owned())
        .collect()
}

/// An agent that deletes the wrong items gets all of them back, with their values, grades and markers, and what it did
/// before can still be taken back although every item has another id.
#[test]
fn deleted_items_come_back_with_all_they_had() {
    let (mut client, items) = cut();
    let before = structure(&mut client);
    let delete =
        |items: &[String]| json!({"method": "Timeline.DeleteClips", "args": [items], "confirm": true});
    client.call("api_call", delete(&items));
    assert_eq!(0, client.call("timeline_read", json!({}))["total"]);

    let undone = client.call("undo", json!({}));

    assert_eq!(true, undone["undone"][0]["verified"], "{undone}");
    assert!(undone["undone"][0]["beware"].as_str().unwrap().contains("read the timeline again"), "{undone}");
    assert_eq!(before, structure(&mut client));
    // What it replaced is kept for a redo.
    assert_eq!(vec!["Cut - taken back 1", "Cut"], names(&mut client));
    let stale = client.fails("api_call", json!({"method": "TimelineItem.GetName", "on": items[0]}));
    assert!(["stale", "not_found"].contains(&stale["code"].as_str().unwrap()), "{stale}");

    // The changes before: the grade, then the values, then the marker.
    let read = client.call("timeline_read", json!({}));
    let first = read["items"][0]["id"].as_str().unwrap().to_owned();
    client.call("undo", json!({"steps": 3}));
    assert_eq!(1.0, value(&mut client, "TimelineItem.GetProperties", &first)["ZoomX"].as_f64().unwrap());
    assert_eq!(0, client.call("timeline_read", json!({}))["markers_total"]);
}

/// Several such changes in one call are taken back together, with one copy; a change that was refused leaves none behind.
#[test]
fn one_call_makes_one_copy_and_a_refused_one_none() {
    let (mut client, items) = cut();
    let before = structure(&mut client);
    let refused = json!({"method": "Timeline.DeleteTrack", "args": ["video", 9], "confirm": true});
    client.fails("api_call", refused);
    assert_eq!(vec!["Cut"], names(&mut client));

    let calls = json!([
        {"method": "Timeline.AddTrack", "args": ["video"]},
        {"method": "Timeline.DeleteClips", "args": [[items[0]]]},
        {"method": "Timeline.SetName", "args": ["Other"]},
    ]);
    client.call("api_batch", json!({"calls": calls, "confirm": true}));
    assert_eq!(2, names(&mut client).len());

    client.call("undo", json!({}));
    assert_eq!(before, structure(&mut client));
    assert_eq!(vec!["Cut - taken back 1", "Cut"], names(&mut client));
}

/// Copies do not pile up in somebody's project: the latest stay, and what the others stood for says that they are gone.
#[test]
fn the_latest_copies_are_kept() {
    let (mut client, _items) = cut();
    for _ in 0..22 {
        client.call("api_call", json!({"method": "Timeline.AddTrack", "args": ["video"], "confirm": true}));
    }
    assert_eq!(1 + 20, names(&mut client).len());

    let refused = client.fails("undo", json!({"steps": 21}));
    assert!(refused["message"].as_str().unwrap().contains("the 20 latest are kept"), "{refused}");
    client.call("undo", json!({"steps": 20}));
    let tracks = client.call("api_call", json!({"method": "Timeline.GetTrackCount", "args": ["video"]}));
    assert_eq!(3, tracks["value"]);
    assert_eq!(1 + 20, names(&mut client).len());
    client.call("add_marker", json!({"position": 1, "color": "Red"}));
    assert_eq!(vec!["Cut"], names(&mut client), "nothing is put back any more");
}
