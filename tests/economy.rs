//! How many calls of the scripting API the work of an agent costs in a large project: on a real Resolve each is a round
//! trip to another process.

use std::process::Command;

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::client::{Client, Start, python, root};
use crate::media::film;

/// Clips of the media pool, and items of the timeline.
const CLIPS: usize = 2_000;
const ITEMS: usize = 500;

/// A server on a project of 2,000 clips whose timeline has 500 items, and the folder of both.
fn large() -> (Client, TempDir) {
    let home = tempfile::Builder::new().prefix("davinci-mcp-test-").tempdir().expect("a temporary folder");
    let built = Command::new(python())
        .arg(root().join("tests/large_project.py"))
        .arg(home.path().join("media"))
        .arg(film(&home.path().join("film.mp4"), 24))
        .args([CLIPS.to_string(), ITEMS.to_string()])
        .env("RESOLVE_ENGINE_HOME", home.path().join("engine"))
        .output()
        .expect("the Python of the virtual environment runs");
    assert!(built.status.success(), "no project: {}", String::from_utf8_lossy(&built.stderr));
    let mut client = Start::engine().arg("--engine-home").arg(home.path().join("engine")).initialized();
    client.call("open_project", json!({"name": "Large"}));
    (client, home)
}

/// The answer of a call, and how many calls of the scripting API it took.
fn counted(client: &mut Client, tool: &str, arguments: Json) -> (Json, u64) {
    let count = |client: &mut Client| {
        client.call("status", json!({}))["counters"]["api_calls"].as_u64().expect("api_calls is a number")
    };
    let before = count(client);
    let answer = client.call(tool, arguments);
    (answer, count(client) - before)
}

/// Each bound is what the task needs: an id and a name for one clip, a call for each field of each item that is shown,
/// and nothing for what is not.
#[test]
fn work_in_a_large_project_costs_few_calls() {
    let (mut client, _home) = large();

    // A first listing, and one clip of it by its id.
    let (pool, calls) = counted(&mut client, "media_pool_read", json!({}));
    // The timeline is a clip, too.
    assert_eq!(
        (json!(CLIPS + 1), 50),
        (pool["total"].clone(), pool["clips"].as_array().unwrap().len()),
        "{pool}"
    );
    assert!(calls <= 50 * 3 + 20, "a page of the media pool took {calls} calls");
    let clip = &pool["clips"][49]["id"];
    let (name, calls) =
        counted(&mut client, "api_call", json!({"method": "MediaPoolItem.GetName", "on": clip}));
    assert_eq!(pool["clips"][49]["name"], name["value"]);
    assert!(calls <= 2, "one clip by id took {calls} calls");

    // A page of items with five fields: only those are asked for, and the page is small.
    let fields = json!({"fields": ["id", "name", "start", "end", "duration"]});
    let (page, calls) = counted(&mut client, "timeline_read", fields);
    assert_eq!((json!(ITEMS), 50), (page["total"].clone(), page["items"].as_array().unwrap().len()));
    assert_eq!(5, page["items"][0].as_object().unwrap().len(), "{}", page["items"][0]);
    assert!(calls <= 50 * 4 + 60, "a page of five fields took {calls} calls");
    let bytes = page.to_string().len();
    assert!(bytes <= 20_000, "a page of five fields has {bytes} bytes");

    // The first change in a project also reads which project it is, for the history.
    client.call("add_marker", json!({"position": 0, "color": "Blue"}));

    // Five transform keys at once, read before and after.
    let item = &page["items"][0]["id"];
    let transform = json!({"Pan": 10, "Tilt": -5, "ZoomX": 1.5, "ZoomY": 1.5, "RotationAngle": 3});
    let (set, calls) =
        counted(&mut client, "set_item_properties", json!({"item": item, "properties": transform}));
    assert_eq!(json!(true), set["verified"], "{set}");
    assert!(calls <= 4, "five transform keys took {calls} calls");

    // Where all of the items stand.
    let (structure, calls) = counted(&mut client, "timeline_read", json!({"structure": true}));
    let rows: usize = structure["timeline"]["tracks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|track| track["rows"].as_array().unwrap().len())
        .sum();
    assert_eq!((ITEMS, Json::Null), (rows, structure["next_cursor"].clone()));
    assert!(calls <= 1_600, "the structure took {calls} calls");
    let bytes = structure.to_string().len();
    assert!(bytes <= 40_000, "the structure has {bytes} bytes");
}
