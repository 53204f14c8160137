//! Changes that are based on what was read: refused when somebody else changed it meanwhile.

use serde_json::{Value as Json, json};

use crate::client::{Client, Start};
use crate::media::film;

/// A server with a cut of two items; the id of the clip.
fn cut() -> (Client, Json) {
    let mut client = Start::engine().initialized();
    let film = film(&client.home().join("film.mp4"), 48);
    client.call("create_project", json!({"name": "Film", "frame_rate": 24}));
    let clip = client.call("import_media", json!({"paths": [film]}))["imported"][0]["id"].clone();
    client.call("create_timeline", json!({"name": "Cut"}));
    let two = json!([{"media_pool_item": clip, "start": 0, "end": 24}, {"media_pool_item": clip, "start": 30, "end": 40}]);
    client.call("append_to_timeline", json!({"clips": two}));
    (client, clip)
}

fn revision(answer: &Json) -> Json {
    assert!(answer["revision"].is_string(), "{answer}");
    answer["revision"].clone()
}

/// Two agents on one timeline, or an agent and a person: whoever decided from an old look is told what happened since,
/// and nothing is overwritten. What nobody touched goes through.
#[test]
fn a_change_on_an_old_look_is_refused_with_the_difference() {
    let (mut client, clip) = cut();
    let read = client.call("timeline_read", json!({}));
    let (before, item) = (revision(&read), read["items"][0]["id"].clone());
    assert_eq!(
        before,
        revision(&client.call("timeline_read", json!({"structure": true}))),
        "one look is one revision"
    );
    client.call("add_marker", json!({"position": 3, "color": "Blue", "based_on": before}));

    // The marker is what happened since.
    let rename = |based_on: &Json| json!({"method": "TimelineItem.SetName", "on": item, "args": ["Opening"], "based_on": based_on});
    let failure = client.fails("api_call", rename(&before));
    assert_eq!(
        ("changed", false),
        (failure["code"].as_str().unwrap(), failure["may_retry"].as_bool().unwrap())
    );
    let message = failure["message"].as_str().unwrap();
    assert!(message.contains("marker 3 is new") && message.contains("Blue"), "{message}");
    let name = client.call("api_call", json!({"method": "TimelineItem.GetName", "on": item}));
    assert_eq!("film.mp4", name["value"]);
    let present = &failure["candidates"][0];
    client.call("api_call", rename(present));

    // An item that moved, in a batch and in a tool of its own; a dry run is told as well.
    let before = revision(&client.call("timeline_read", json!({})));
    client.call("append_to_timeline", json!({"clips": [{"media_pool_item": clip, "start": 0, "end": 5}]}));
    let append = json!({"clips": [{"media_pool_item": clip, "start": 0, "end": 9}], "based_on": before});
    let message = client.fails("append_to_timeline", append.clone())["message"].as_str().unwrap().to_owned();
    assert!(message.contains("is new: video 1, 34 to 39"), "{message}");
    let mut planned = append;
    planned["dry_run"] = true.into();
    assert_eq!("changed", client.fails("append_to_timeline", planned)["code"]);
    let calls = json!([{"method": "Timeline.SetName", "args": ["Other"]}]);
    assert_eq!("changed", client.fails("api_batch", json!({"calls": calls, "based_on": before}))["code"]);
    let edit = json!({"action": "timeline_set_name", "args": ["Other"], "based_on": before});
    assert_eq!("changed", client.fails("timeline_edit", edit)["code"]);
    assert_eq!("Cut", client.call("timeline_read", json!({}))["timeline"]["name"]);
}

/// A page of a long timeline does not see every item, but what it sees of the whole is watched.
#[test]
fn a_page_watches_what_it_saw() {
    let (mut client, clip) = cut();
    let page = client.call("timeline_read", json!({"limit": 1}));
    let before = revision(&page);
    assert!(before.as_str().unwrap().starts_with("timeline/"), "{before}");
    client.call("append_to_timeline", json!({"clips": [{"media_pool_item": clip, "start": 0, "end": 5}]}));

    let failure = client.fails("add_marker", json!({"position": 3, "color": "Blue", "based_on": before}));

    let message = failure["message"].as_str().unwrap();
    assert!(message.contains("video track 1 was ") && message.contains("3 items"), "{message}");
}

/// Folders are watched by what they hold; text that is no revision, and one of something that is gone, are told apart.
#[test]
fn folders_are_watched_and_odd_revisions_refused() {
    let (mut client, clip) = cut();
    let before = revision(&client.call("media_pool_read", json!({})));
    let rename = |based_on: &Json| json!({"method": "MediaPoolItem.SetName", "on": clip, "args": ["shot"], "based_on": based_on});
    let folder = json!({"method": "MediaPool.AddSubFolder", "args": [null, "Day 1"]});
    let root = client.call("api_call", json!({"method": "MediaPool.GetRootFolder"}))["value"]["id"].clone();
    let mut folder = folder;
    folder["args"][0] = root;
    client.call("api_call", folder);
    let message = client.fails("api_call", rename(&before))["message"].as_str().unwrap().to_owned();
    assert!(message.contains("is new: Day 1"), "{message}");
    let present = revision(&client.call("media_pool_read", json!({})));
    client.call("api_call", rename(&present));

    let odd = client.fails("api_call", rename(&json!("yesterday")));
    assert_eq!(
        ("invalid_argument", "based_on"),
        (odd["code"].as_str().unwrap(), odd["path"].as_str().unwrap())
    );
    let gone = json!("timeline/0b7e7a0e-7d3c-4a57-9c1d-0a4f1f0a9b11/00ff00ff00ff00ff");
    assert_eq!("not_found", client.fails("api_call", rename(&gone))["code"]);
}

/// A queue that two agents fill: whoever would start or cancel what an old list showed is told what was queued since.
#[test]
fn the_render_queue_is_watched() {
    let (mut client, _clip) = cut();
    let directory = client.home().to_owned();
    let render =
        |name: &str| json!({"directory": directory, "file_name": name, "format": "mp4", "codec": "H264"});
    let first = client.call("queue_render", render("first"))["job"].clone();
    let before = revision(&client.call("render_read", json!({})));
    let list = json!({"method": "Project.GetRenderJobList"});
    assert_eq!(before, revision(&client.call("api_call", list.clone())), "one look is one revision");
    let batch = client.call("api_batch", json!({"calls": [{"method": "Project.GetName"}, list]}));
    assert_eq!(before, revision(&batch["results"][1]));
    client.call("queue_render", render("second"));

    let delete = |based_on: &Json| json!({"method": "Project.DeleteRenderJob", "args": [first], "confirm": true, "based_on": based_on});
    let failure = client.fails("api_call", delete(&before));
    assert_eq!("changed", failure["code"], "{failure}");
    let message = failure["message"].as_str().unwrap();
    assert!(message.contains(" is new: ") && message.contains("second.mp4"), "{message}");
    let mut third = render("third");
    third["based_on"] = before.clone();
    assert_eq!("changed", client.fails("queue_render", third)["code"]);
    assert_eq!("changed", client.fails("start_render", json!({"jobs": [first], "based_on": before}))["code"]);
    assert_eq!(2, client.call("render_read", json!({}))["total"]);
    client.call("api_call", delete(&failure["candidates"][0]));
    assert_eq!(1, client.call("render_read", json!({}))["total"]);
}
