//! Taking back what was changed: afterwards everything that can be read is as it was before.

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::client::{Client, Start};
use crate::media::film;

/// A server with a film on a timeline, the id of its item and of its clip, and the folder of the film.
fn cut() -> (Client, String, String, TempDir) {
    let folder = tempfile::Builder::new().prefix("davinci-mcp-test-").tempdir().expect("a temporary folder");
    let film = film(&folder.path().join("film.mp4"), 48);
    let mut client = Start::engine().initialized();
    client.call("create_project", json!({"name": "Film", "frame_rate": 24}));
    let imported = client.call("import_media", json!({"paths": [film]}));
    let clip = imported["imported"][0]["id"].as_str().expect("an id").to_owned();
    client.call("create_timeline", json!({"name": "Cut"}));
    client.call("append_to_timeline", json!({"clips": [{"media_pool_item": clip, "start": 0, "end": 24}]}));
    let read = client.call("timeline_read", json!({}));
    let item = read["items"][0]["id"].as_str().expect("an id").to_owned();
    (client, item, clip, folder)
}

fn value(client: &mut Client, method: &str, on: Option<&str>, args: Json) -> Json {
    let mut call = json!({"method": method, "args": args});
    if let Some(on) = on {
        call["on"] = on.into();
    }
    client.call("api_call", call)["value"].take()
}

/// All that can be read of the project, its timeline and one item and clip of it.
fn everything(client: &mut Client, item: &str, clip: &str) -> Json {
    let mut seen = vec![client.call("project_read", json!({})), client.call("timeline_read", json!({}))];
    seen.push(client.call("media_pool_read", json!({})));
    for method in [
        "GetProperties",
        "GetMarkers",
        "GetFlagList",
        "GetClipColor",
        "GetName",
        "GetClipEnabled",
        "GetFades",
        "GetCurrentVersion",
        "GetStart",
        "GetEnd",
    ] {
        seen.push(value(client, &format!("TimelineItem.{method}"), Some(item), json!([])));
    }
    seen.push(value(client, "TimelineItem.GetVersionNameList", Some(item), json!([0])));
    for method in ["GetMetadata", "GetMarkers", "GetFlagList", "GetClipColor", "GetName", "GetMarkInOut"] {
        seen.push(value(client, &format!("MediaPoolItem.{method}"), Some(clip), json!([])));
    }
    for method in ["GetMarkers", "GetName", "GetMarkInOut", "GetStartTimecode", "GetSettings"] {
        seen.push(value(client, &format!("Timeline.{method}"), None, json!([])));
    }
    seen.push(value(client, "Project.GetSettings", None, json!([])));
    seen.into()
}

fn text(value: &Json) -> &str {
    value.as_str().expect("a text")
}

/// Each change that an agent makes with one call can be taken back with one, and nothing else is touched.
#[test]
fn one_change_is_taken_back_and_nothing_else() {
    let (mut client, item, clip, _folder) = cut();
    client.call("add_marker", json!({"position": 4, "color": "Red", "name": "kept", "custom_data": "k"}));
    let call = |method: &str, on: &str, args: Json| json!({"method": method, "on": on, "args": args});
    value(&mut client, "TimelineItem.AddFlag", Some(&item), json!(["Red"]));
    let changes = [
        ("add_marker", json!({"position": 10, "color": "Blue", "name": "cut here"})),
        (
            "set_item_properties",
            json!({"item": item, "properties": {"Pan": 12.5, "ZoomX": 1.5, "FlipX": true}}),
        ),
        ("append_to_timeline", json!({"clips": [{"media_pool_item": clip, "start": 24, "end": 36}]})),
        ("create_timeline", json!({"name": "Another"})),
        (
            "apply_grade",
            json!({"item": item, "cdl": {"slope": [1.2, 1.0, 0.9], "offset": [0, 0, 0], "power": [1, 1, 1], "saturation": 0.5}}),
        ),
        ("api_call", call("TimelineItem.SetClipColor", &item, json!(["Orange"]))),
        ("api_call", call("TimelineItem.AddFlag", &item, json!(["Blue"]))),
        ("api_call", call("TimelineItem.ClearFlags", &item, json!(["All"]))),
        ("api_call", call("TimelineItem.SetName", &item, json!(["other"]))),
        ("api_call", call("TimelineItem.SetClipEnabled", &item, json!([false]))),
        ("api_call", call("MediaPoolItem.SetMetadata", &clip, json!([{"Scene": "12", "Shot": "A"}]))),
        ("api_call", call("MediaPoolItem.AddMarker", &clip, json!([3, "Green", "m", "", 1, ""]))),
        ("api_call", call("MediaPoolItem.SetMarkInOut", &clip, json!([2, 20]))),
        ("api_call", json!({"method": "Timeline.DeleteMarkersByColor", "args": ["All"]})),
        ("api_call", json!({"method": "Timeline.SetName", "args": ["Renamed"]})),
        ("api_call", json!({"method": "Timeline.SetTrackLock", "args": ["video", 1, true]})),
        ("api_call", json!({"method": "Timeline.SetMarkInOut", "args": [2, 20]})),
        ("api_call", json!({"method": "Project.SetName", "args": ["Feature"]})),
        (
            "api_call",
            json!({"method": "MediaPool.AddSubFolder", "args": {"folder": "/Master", "name": "Day 1"}}),
        ),
        (
            "api_batch",
            json!({"calls": [
                {"method": "Timeline.AddMarker", "args": [1, "Pink", "a", "", 1]},
                {"method": "TimelineItem.SetClipColor", "on": item, "args": ["Lime"]},
                {"method": "TimelineItem.SetClipColor", "on": item, "args": ["Teal"]},
            ]}),
        ),
    ];
    let before = everything(&mut client, &item, &clip);
    for (tool, arguments) in changes {
        client.call(tool, arguments.clone());
        let changed = everything(&mut client, &item, &clip);
        assert!(
            tool == "apply_grade" || changed != before,
            "{tool} {arguments} changes nothing that is looked at"
        );

        let undone = client.call("undo", json!({}));

        assert_eq!(
            (tool, 1),
            (undone["undone"][0]["tool"].as_str().unwrap(), undone["undone"].as_array().unwrap().len())
        );
        let after = everything(&mut client, &item, &clip);
        for (before, after) in before.as_array().unwrap().iter().zip(after.as_array().unwrap()) {
            assert_eq!(before, after, "{tool} {arguments} is not taken back");
        }
    }
}

/// Several steps at once, to a place in the history; the history says what was taken back, and it is not twice.
#[test]
fn several_changes_are_taken_back_in_their_order() {
    let (mut client, item, clip, _folder) = cut();
    let before = everything(&mut client, &item, &clip);
    let place = client.call("history", json!({"limit": 1}))["entries"][0]["id"].clone();
    for color in ["Orange", "Pink", "Lime"] {
        value(&mut client, "TimelineItem.SetClipColor", Some(&item), json!([color]));
    }
    client.call("add_marker", json!({"position": 10, "color": "Blue", "name": "cut here"}));

    let undone = client.call("undo", json!({"steps": 2}));
    assert_eq!(
        json!(["add_marker", "api_call"]),
        json!([undone["undone"][0]["tool"], undone["undone"][1]["tool"]])
    );
    assert_eq!("Pink", value(&mut client, "TimelineItem.GetClipColor", Some(&item), json!([])));
    let undone = client.call("undo", json!({"to": place}));

    assert_eq!(2, undone["undone"].as_array().unwrap().len(), "{undone}");
    assert_eq!(before, everything(&mut client, &item, &clip));
    let history = client.call("history", json!({}));
    let undone =
        history["entries"].as_array().unwrap().iter().filter(|entry| entry["undone"] == true).count();
    assert_eq!(4, undone, "{history}");
    assert_eq!(
        ("undo", "tests 1"),
        (text(&history["entries"][0]["tool"]), text(&history["entries"][0]["client"]))
    );
    assert_eq!("invalid_argument", client.fails("undo", json!({"to": place, "steps": 1}))["code"]);
    assert_eq!("not_found", client.fails("undo", json!({"to": place}))["code"]);
}

/// What cannot be taken back is said before anything is touched, and so is a project that is not open.
#[test]
fn what_cannot_be_taken_back_is_refused_with_the_reason() {
    let (mut client, _item, _clip, _folder) = cut();
    client.call("add_marker", json!({"position": 10, "color": "Blue", "name": "first"}));
    client.call("api_call", json!({"method": "ProjectManager.CreateFolder", "args": ["Films"]}));

    let refused = client.fails("undo", json!({"steps": 2}));
    assert_eq!("refused", refused["code"]);
    assert!(refused["message"].as_str().unwrap().contains("ProjectManager.CreateFolder"), "{refused}");
    assert_eq!(1, value(&mut client, "Timeline.GetMarkers", None, json!([])).as_array().map_or(1, Vec::len));

    client.call("undo", json!({"steps": 2, "confirm": true}));
    let markers = value(&mut client, "Timeline.GetMarkers", None, json!([]));
    assert!(markers == json!({}) || markers == json!([]), "{markers}");

    client.call("add_marker", json!({"position": 12, "color": "Blue", "name": "second"}));
    client.call("create_project", json!({"name": "Another", "frame_rate": 24}));
    let refused = client.fails("undo", json!({"steps": 2, "confirm": true}));
    assert!(refused["message"].as_str().unwrap().contains("another project"), "{refused}");
}

/// The look of an item as a table of numbers.
fn look(client: &mut Client, item: &str) -> String {
    let path = client.home().join("look.cube");
    let args = json!({"exportType": "EXPORT_LUT_17PTCUBE", "path": path});
    let call = json!({"method": "TimelineItem.ExportLUT", "on": item, "args": args});
    client.call("api_call", call);
    std::fs::read_to_string(path).expect("it was written")
}

/// No call of Resolve reads a grade: that it is back is seen in what it does to colors.
#[test]
fn a_grade_that_is_taken_back_is_the_one_before() {
    let (mut client, item, _clip, _folder) = cut();
    let grade = |slope: f64| json!({"item": item, "cdl": {"slope": [slope, 1.0, 0.9], "offset": [0, 0, 0], "power": [1, 1, 1], "saturation": 0.5}});
    client.call("apply_grade", grade(1.2));
    let first = look(&mut client, &item);
    client.call("apply_grade", grade(0.7));
    let second = look(&mut client, &item);
    assert_ne!(first, second);

    client.call("undo", json!({"steps": 1}));

    // The export of the LUT changed nothing in the project, so the grade was the last change.
    assert_eq!(first, look(&mut client, &item));
}
