//! Putting back what was taken back.

use serde_json::{Value as Json, json};

use crate::client::{Client, Start};
use crate::media::film;

/// A server with a film on a timeline, and the id of its item.
fn cut() -> (Client, String) {
    let mut client = Start::engine().initialized();
    let film = film(&client.home().join("film.mp4"), 48);
    client.call("create_project", json!({"name": "Film", "frame_rate": 24}));
    let clip = client.call("import_media", json!({"paths": [film]}))["imported"][0]["id"].clone();
    client.call("create_timeline", json!({"name": "Cut"}));
    let placed = client
        .call("append_to_timeline", json!({"clips": [{"media_pool_item": clip, "start": 0, "end": 24}]}));
    let item = placed["placed"][0]["id"].as_str().expect("an id").to_owned();
    (client, item)
}

fn call(method: &str, on: &str, args: Json) -> Json {
    json!({"method": method, "on": on, "args": args})
}

/// What the changes below show themselves in.
fn seen(client: &mut Client, item: &str) -> Json {
    let mut seen = vec![client.call("timeline_read", json!({}))];
    for method in ["GetProperties", "GetMarkers", "GetFlagList", "GetClipColor", "GetName"] {
        seen.push(
            client.call("api_call", call(&format!("TimelineItem.{method}"), item, json!([])))["value"]
                .clone(),
        );
    }
    seen.into()
}

/// An undo that went too far costs one call: each change is there again, can be taken back again, and put back again.
#[test]
fn each_change_that_was_taken_back_is_put_back() {
    let (mut client, item) = cut();
    let changes = [
        (
            "add_marker",
            json!({"position": 10, "color": "Blue", "name": "cut here", "note": "n", "custom_data": "c"}),
        ),
        (
            "set_item_properties",
            json!({"item": item, "properties": {"Pan": 12.5, "ZoomX": 1.5, "FlipX": true}}),
        ),
        ("api_call", call("TimelineItem.SetClipColor", &item, json!(["Orange"]))),
        ("api_call", call("TimelineItem.AddFlag", &item, json!(["Blue"]))),
        ("api_call", call("TimelineItem.SetName", &item, json!(["other"]))),
        ("api_call", json!({"method": "Timeline.SetName", "args": ["Renamed"]})),
        ("api_call", json!({"method": "Timeline.DeleteMarkersByColor", "args": ["All"]})),
        (
            "api_batch",
            json!({"calls": [
                {"method": "Timeline.AddMarker", "args": [1, "Pink", "a", "", 1]},
                {"method": "TimelineItem.SetClipColor", "on": item, "args": ["Teal"]},
            ]}),
        ),
    ];
    for (tool, arguments) in changes {
        let before = seen(&mut client, &item);
        client.call(tool, arguments.clone());
        let changed = seen(&mut client, &item);
        for _ in 0..2 {
            client.call("undo", json!({}));
            assert_eq!(before, seen(&mut client, &item), "{tool} {arguments}");
            let redone = client.call("undo", json!({"redo": true}));
            assert_eq!(1, redone["redone"].as_array().expect("a list").len(), "{redone}");
            assert_eq!(changed, seen(&mut client, &item), "{tool} {arguments}");
        }
    }
    let history = client.call("history", json!({"limit": 100}));
    let undone = history["entries"].as_array().unwrap().iter().filter(|entry| entry["undone"] == true);
    assert!(undone.clone().all(|entry| entry["tool"] == "undo"), "{:?}", undone.collect::<Vec<_>>());
}

/// Several at once, in their order, and only as long as nothing else happened: a redo over newer work would lose that.
#[test]
fn redo_goes_as_far_as_the_undo_and_not_over_newer_work() {
    let (mut client, item) = cut();
    for color in ["Orange", "Pink", "Lime"] {
        client.call("api_call", call("TimelineItem.SetClipColor", &item, json!([color])));
    }
    let color = |client: &mut Client| {
        client.call("api_call", call("TimelineItem.GetClipColor", &item, json!([])))["value"].clone()
    };
    client.call("undo", json!({"steps": 3}));
    assert_eq!("", color(&mut client));
    let planned = client.call("undo", json!({"redo": true, "steps": 2, "dry_run": true}));
    assert_eq!(2, planned["would_redo"].as_array().expect("a list").len(), "{planned}");
    assert_eq!("", color(&mut client));

    client.call("undo", json!({"redo": true, "steps": 2}));
    assert_eq!("Pink", color(&mut client));
    client.call("undo", json!({"redo": true}));
    assert_eq!("Lime", color(&mut client));
    let nothing = client.fails("undo", json!({"redo": true}));
    assert_eq!("not_found", nothing["code"], "{nothing}");

    client.call("undo", json!({}));
    client.call("api_call", call("TimelineItem.SetName", &item, json!(["newer"])));
    assert_eq!("not_found", client.fails("undo", json!({"redo": true}))["code"]);
    assert_eq!("Pink", color(&mut client));
    assert_eq!("to", client.fails("undo", json!({"redo": true, "to": 1}))["path"]);
}

/// What cannot be made again is refused with the reason, and nothing happens.
#[test]
fn what_cannot_be_put_back_says_why() {
    let (mut client, _item) = cut();
    let file = client.home().join("cut.drt");
    client.call("api_call", json!({"method": "Timeline.Export", "args": [file, "EXPORT_DRT"]}));
    client.call("api_call", json!({"method": "MediaPool.ImportTimelineFromFile", "args": [file]}));
    client.call("undo", json!({}));
    std::fs::remove_file(&file).expect("it can be removed");
    let before = client.call("timeline_read", json!({}));

    let refused = client.fails("undo", json!({"redo": true}));

    let message = refused["message"].as_str().expect("a message");
    assert!(message.contains("MediaPool.ImportTimelineFromFile") && message.contains("cut.drt"), "{refused}");
    assert_eq!(before, client.call("timeline_read", json!({})));
    assert_eq!(json!([]), refused["redone"], "{refused}");
}

/// What a grade does to colors, and the versions that the item has.
fn look(client: &mut Client, item: &str) -> (String, Vec<String>, Json) {
    let path = client.home().join("look.cube");
    let args = json!({"exportType": "EXPORT_LUT_17PTCUBE", "path": path});
    client.call("api_call", json!({"method": "TimelineItem.ExportLUT", "on": item, "args": args}));
    let mut read =
        |method: &str, args: Json| client.call("api_call", call(method, item, args))["value"].clone();
    let versions = read("TimelineItem.GetVersionNameList", json!([0]));
    let versions =
        versions.as_array().expect("a list").iter().map(|name| name.as_str().expect("a name").to_owned());
    let mut versions: Vec<String> = versions.collect();
    versions.sort();
    let current = read("TimelineItem.GetCurrentVersion", json!([]));
    (std::fs::read_to_string(path).expect("it was written"), versions, current)
}

/// The undo of a grade deletes the version that was graded: the same call grades it again, from the same version. To export
/// what it looks like meanwhile is no newer work.
#[test]
fn grades_and_versions_are_put_back() {
    let (mut client, item) = cut();
    let grade = |slope: f64| {
        let cdl =
            json!({"slope": [slope, 1.0, 0.9], "offset": [0, 0, 0], "power": [1, 1, 1], "saturation": 0.5});
        ("apply_grade", json!({"item": item, "cdl": cdl}))
    };
    let cdl = |slope: &str| {
        let cdl =
            json!({"NodeIndex": "1", "Slope": slope, "Offset": "0 0 0", "Power": "1 1 1", "Saturation": "1"});
        call("TimelineItem.SetCDL", &item, json!([cdl]))
    };
    let version = call("TimelineItem.AddVersion", &item, json!(["warm", 0]));
    let several =
        json!([cdl("1.3 1 1"), call("TimelineItem.AddVersion", &item, json!(["cold", 0])), cdl("0.8 1 1")]);
    let changes = [
        grade(1.2),
        ("api_call", version),
        grade(0.7),
        ("api_call", json!({"method": "TimelineItem.ResetAllNodeColors", "on": item, "confirm": true})),
        ("api_batch", json!({"calls": several})),
    ];
    let mut looks = vec![look(&mut client, &item)];
    for (tool, arguments) in &changes {
        client.call(tool, arguments.clone());
        looks.push(look(&mut client, &item));
        for _ in 0..2 {
            client.call("undo", json!({}));
            assert_eq!(looks[looks.len() - 2], look(&mut client, &item), "{arguments}");
            let redone = client.call("undo", json!({"redo": true}))["redone"][0].clone();
            assert_eq!(true, redone["verified"], "{redone}");
            assert!(
                redone["compared"].as_array().expect("a list").contains(&json!("TimelineItem.ExportLUT")),
                "{redone}"
            );
            assert_eq!(looks.last(), Some(&look(&mut client, &item)), "{arguments}");
        }
    }
    client.call("undo", json!({"steps": changes.len()}));
    assert_eq!(looks.first(), Some(&look(&mut client, &item)));
    client.call("undo", json!({"redo": true, "steps": changes.len()}));
    assert_eq!(looks.last(), Some(&look(&mut client, &item)));
}

/// Somebody has graded the version since that an undo deleted: the call alone does not make that again.
#[test]
fn a_grade_of_somebody_else_is_not_left_out_without_a_word() {
    let (mut client, item) = cut();
    client.call("api_call", call("TimelineItem.AddVersion", &item, json!(["warm", 0])));
    let theirs =
        json!({"NodeIndex": "1", "Slope": "2 1 1", "Offset": "0 0 0", "Power": "1 1 1", "Saturation": "1"});
    client.by_somebody(|client| client.call("api_call", call("TimelineItem.SetCDL", &item, json!([theirs]))));
    client.call("undo", json!({"confirm": true}));
    let before = look(&mut client, &item);

    let failed = client.fails("undo", json!({"redo": true}));

    assert_eq!("not_verified", failed["code"], "{failed}");
    assert!(failed["message"].as_str().expect("a message").contains("ExportLUT"), "{failed}");
    assert_eq!(before, look(&mut client, &item));
}
