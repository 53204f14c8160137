//! What Resolve does beside its text, met by calls of an agent over the built server; each test names its facts.

use serde_json::{Value as Json, json};

use crate::client::{Client, Start};
use crate::media::wav;

/// A server with an open project, a timeline of 24 frames per second that starts at an hour, and one sound on it.
fn cutting() -> (Client, Json) {
    let mut client = Start::engine().initialized();
    client.call("create_project", json!({"name": "Guarded", "frame_rate": "24"}));
    let sound = wav(&client.home().join("sound.wav"), 2);
    let imported = client.call("import_media", json!({"paths": [sound]}));
    client.call("create_timeline", json!({"name": "Cut 1"}));
    let clip = &imported["imported"][0]["id"];
    let placed = client.call("append_to_timeline", json!({"clips": [{"media_pool_item": clip}]}));
    let item = placed["placed"][0]["id"].clone();
    assert!(item.is_string(), "{placed}");
    (client, item)
}

fn api(method: &str, args: Json) -> Json {
    json!({"method": method, "args": args})
}

/// `render.start-all`: without ids every job of the queue would start and overwrite its file, other people's too.
#[test]
fn rendering_starts_by_ids_only() {
    let (mut client, _) = cutting();

    let failure = client.fails("api_call", api("Project.StartRendering", json!([])));

    assert_eq!("invalid_argument", failure["code"], "{failure}");
    assert!(failure["message"].as_str().unwrap().contains("other people's"), "{failure}");
    let rendering = client.call("api_call", api("Project.IsRenderingInProgress", json!([])));
    assert_eq!(json!({"value": false}), rendering);
}

/// `pm.save-untitled`: saving the project without a name opens a dialog or never returns.
#[test]
fn the_untitled_project_is_not_saved() {
    let mut client = Start::engine().initialized();
    assert_eq!("Untitled Project", client.call("api_call", api("Project.GetName", json!([])))["value"]);

    let failure = client.fails("api_call", api("ProjectManager.SaveProject", json!([])));

    assert_eq!("refused", failure["code"], "{failure}");
    assert!(failure["message"].as_str().unwrap().contains("was never saved"), "{failure}");
}

/// `item.color-unknown-21`: Resolve answers True for a colour that it does not have. And `item.color-generator` by its
/// reader: what was asked stands beside what was found.
#[test]
fn a_clip_colour_is_read_back() {
    let (mut client, item) = cutting();
    let set = |color: &str| json!({"method": "TimelineItem.SetClipColor", "on": item, "args": [color]});

    let failure = client.fails("api_call", set("Red"));
    assert!(
        ["invalid_argument", "not_verified", "refused"].contains(&failure["code"].as_str().unwrap()),
        "{failure}"
    );

    let expected = json!({"value": true, "requested": "Orange", "observed": "Orange", "verified": true,
        "read_back_with": "TimelineItem.GetClipColor"});
    assert_eq!(expected, client.call("api_call", set("Orange")));
}

/// A write that nothing shows does not pass for a verified one, and one that answers what it made needs no second look.
#[test]
fn a_write_says_how_far_it_was_verified() {
    let (mut client, _) = cutting();

    let unseen = client.call("api_call", api("Project.RefreshLUTList", json!([])));
    assert_eq!(json!({"value": true, "verified": false, "why": "no call reads it"}), unseen);

    let made = client.call("api_call", api("MediaPool.AddSubFolder", json!(["/Master", "Day 1"])));
    assert_eq!("Folder", made["value"]["class"], "{made}");
    assert_eq!(json!(true), made["verified"], "{made}");

    let read = client.call("api_call", api("Timeline.GetName", json!([])));
    assert_eq!(json!({"value": "Cut 1"}), read);
}

/// `tl.markers-relative`: an absolute frame is stored, echoed and never shown, so it is refused with the right one.
#[test]
fn an_absolute_marker_frame_is_refused() {
    let (mut client, _) = cutting();

    let failure = client.fails("api_call", api("Timeline.AddMarker", json!([86410, "Blue", "A", "", 1])));

    assert_eq!(
        ("invalid_argument", json!([10])),
        (failure["code"].as_str().unwrap(), failure["candidates"].clone())
    );
    assert_eq!(json!({"value": {}}), client.call("api_call", api("Timeline.GetMarkers", json!([]))));
}

/// `tl.getters-current-only`: of a timeline that is not open Resolve answers False for every track.
#[test]
fn tracks_of_a_closed_timeline_are_not_asked_about() {
    let (mut client, _) = cutting();
    client.call("create_timeline", json!({"name": "Cut 2"}));

    let failure = client.fails(
        "api_call",
        json!({"method": "Timeline.GetIsTrackEnabled", "on": "Cut 1", "args": ["video", 1]}),
    );

    assert_eq!("refused", failure["code"], "{failure}");
}

/// `tl.no-split`: who looks for a call that no build has hears what to do instead, within a bounded hint.
#[test]
fn a_call_that_is_missing_comes_with_the_way_around_it() {
    let mut client = Start::engine().initialized();

    let failure = client.fails("api_call", api("Timeline.Razor", json!([])));

    assert_eq!("no_such_method", failure["code"]);
    let hint = failure["hint"].as_str().unwrap();
    assert!(
        hint.contains("known of Resolve: split an item: no such call; append two ranges instead"),
        "{hint}"
    );
    assert!(hint.chars().count() <= 1_000, "{hint}");
}
