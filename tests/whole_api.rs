//! The whole scripting API through the doors of the server: search, describe, call, batch, parts and toolsets.

use std::process::Command;

use serde_json::{Value as Json, json};

use crate::client::{Client, SERVER, Start};
use crate::media::film;

/// A server with a project, and a timeline of three items from one film.
fn cut() -> Client {
    let mut client = Start::engine().initialized();
    client.call("create_project", json!({"name": "Whole", "frame_rate": 24}));
    let film = film(&client.home().join("film.mp4"), 48);
    let clip = client.call("import_media", json!({"paths": [film]}))["imported"][0]["id"].clone();
    client.call("create_timeline", json!({"name": "Cut 1"}));
    let part = |start: u32| json!({"media_pool_item": clip, "start": start, "end": start + 12});
    client.call("append_to_timeline", json!({"clips": [part(0), part(12), part(24)]}));
    client
}

/// The way of an agent that knows nothing: words, then the form, then the call.
#[test]
fn a_method_is_found_told_and_called() {
    let mut client = cut();

    let found = client.call("api_search", json!({"query": "count the tracks of a timeline"}));
    let method = found["methods"][0].clone();
    assert_eq!("Timeline.GetTrackCount", method["method"], "{found}");
    let told = client.call("api_describe", json!({"method": method["method"]}));
    assert_eq!(
        (true, &json!(["trackType"])),
        (told["has"].as_bool().unwrap(), &told["args_schema"]["required"])
    );
    let args = json!({"trackType": "video"});
    let call = json!({"method": method["method"], "args": args});
    assert_eq!(json!({"value": 1}), client.call("api_call", call));
    let call = json!({"action": method["action"], "args": args});
    assert_eq!(json!({"value": 1}), client.call(method["tool"].as_str().unwrap(), call));
    let lacking = client.call("api_describe", json!({"method": "Project.ResetIntellisearchAnalysis"}));
    assert_eq!(false, lacking["has"]);
}

/// One hop for a list and what is asked of each of its entries; a failure keeps what the others answered.
#[test]
fn a_batch_uses_what_it_was_answered() {
    let mut client = cut();
    let list = json!({"method": "Timeline.GetItemListInTrack", "args": ["video", 1], "quiet": true});
    let each = |method: &str| json!({"method": method, "on": "$0", "each": 2});

    let calls = json!({"calls": [list, each("TimelineItem.GetStart"), each("TimelineItem.GetDuration")]});
    let answer = client.call("api_batch", calls);
    let expected = json!([
        {"method": "Timeline.GetItemListInTrack", "made": true, "length": 3},
        {"method": "TimelineItem.GetStart", "value": [86400, 86412]},
        {"method": "TimelineItem.GetDuration", "value": [12, 12]},
    ]);
    assert_eq!(expected, answer["results"]);

    let rename = json!({"method": "Timeline.SetName", "args": ["Cut 2"]});
    let wrong = json!({"method": "Timeline.GetItemListInTrack", "on": "Nowhere", "args": ["video", 1]});
    let failure = client.fails("api_batch", json!({"calls": [rename, wrong, each("TimelineItem.GetName")]}));
    assert_eq!(
        ("not_found", "calls[1]", true),
        (
            failure["code"].as_str().unwrap(),
            failure["path"].as_str().unwrap(),
            failure["results"][0]["verified"].as_bool().unwrap()
        )
    );
    assert_eq!(json!(true), failure["results"][2]["skipped"]);
    assert_eq!("Cut 2", client.call("timeline_read", json!({}))["timeline"]["name"]);
}

/// Long lists come in parts, with only the fields that are asked for; the parts cover the list.
#[test]
fn lists_come_in_parts() {
    let mut client = cut();
    let read = |cursor: Option<&str>| {
        let mut call = json!({"action": "get_item_list_in_track", "args": {"trackType": "video", "index": 1}, "limit": 2});
        if let Some(cursor) = cursor {
            call["cursor"] = cursor.into();
        }
        call
    };

    let first = client.call("timeline_read", read(None));
    assert_eq!(
        (2, 3, "2"),
        (
            first["value"].as_array().unwrap().len(),
            first["total"].as_i64().unwrap(),
            first["next_cursor"].as_str().unwrap()
        )
    );
    let rest = client.call("timeline_read", read(Some("2")));
    assert_eq!(1, rest["value"].as_array().unwrap().len());
    assert!(rest.get("next_cursor").is_none());
    client.call("add_marker", json!({"position": 1, "color": "Blue", "name": "A", "note": "long"}));
    let markers = json!({"action": "timeline_get_markers", "fields": ["name"]});
    assert_eq!(json!({"value": {"1": {"name": "A"}}, "total": 1}), client.call("timeline_read", markers));
}

/// A server that was started to read only has no door through which anything is changed.
#[test]
fn read_only_changes_nothing() {
    let mut client = Start::engine().arg("--toolset").arg("read-only").initialized();
    let listed = client.request("tools/list", json!({}));
    let tools = listed["tools"].as_array().unwrap();
    assert!(tools.iter().all(|tool| tool["annotations"]["readOnlyHint"] == true));

    let create = json!({"method": "ProjectManager.CreateProject", "args": ["Mine"]});
    for failure in [
        client.fails("api_call", create.clone()),
        client.fails("api_batch", json!({"calls": [create]})),
        client.fails("project_read", json!({"action": "create_project", "args": {"projectName": "Mine"}})),
    ] {
        assert_eq!("invalid_argument", failure["code"], "{failure}");
    }
    let names = client.call("api_call", json!({"method": "ProjectManager.GetProjectListInCurrentFolder"}));
    assert!(!names["value"].as_array().unwrap().contains(&json!("Mine")), "{names}");
    let error = client.error("tools/call", json!({"name": "create_project", "arguments": {"name": "Mine"}}));
    assert_eq!(-32602, error["code"]);
}

/// With one tool for each method, a method is called under its own name with its own parameters.
#[test]
fn the_full_toolset_has_a_tool_for_each_method() {
    let mut client = Start::engine().arg("--toolset").arg("full").initialized();
    let listed = client.request("tools/list", json!({}));
    assert!(listed["tools"].as_array().unwrap().len() > 500);
    client.call("create_project", json!({"name": "Full", "frame_rate": 24}));
    client.call("create_timeline", json!({"name": "Cut 1"}));

    let count = client.call("timeline_get_track_count", json!({"trackType": "audio", "on": "Cut 1"}));
    assert_eq!(json!({"value": 1}), count);
    let failure = client.fails("timeline_get_track_count", json!({"trackType": "sound"}));
    assert_eq!(
        ("invalid_argument", "trackType"),
        (failure["code"].as_str().unwrap(), failure["path"].as_str().unwrap())
    );
}

/// A typing error in the choice of tools ends the start, with the word that was meant.
#[test]
fn an_unknown_toolset_is_refused_at_start() {
    let output = Command::new(SERVER).args(["--toolset", "timelin"]).output().expect("the server starts");

    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(Some(2), output.status.code(), "{said}");
    assert!(said.contains("did you mean timeline"), "{said}");
}

/// What nobody offers is not called: one tool alone is all that there is.
#[test]
fn single_tools_are_all_there_is() {
    let mut client = Start::with_host("silent.sh").arg("--toolset").arg("status,add_marker").initialized();

    let listed = client.request("tools/list", json!({}));
    let names: Vec<&Json> = listed["tools"].as_array().unwrap().iter().map(|tool| &tool["name"]).collect();
    assert_eq!(vec!["status", "add_marker"], names);
    assert_eq!(-32602, client.error("tools/call", json!({"name": "api_call", "arguments": {}}))["code"]);
}
