//! How many calls of the scripting API the work of an agent costs in a large project: on a real Resolve each is a round
//! trip to another process.

use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::client::{Client, Start, python, root};
use crate::media::film;

/// What each call of the scripting API takes longer than in the engine: with Resolve about this much passes on its way.
const SLOWER: Duration = Duration::from_micros(500);

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
    let faults = home.path().join("faults.toml");
    std::fs::write(
        &faults,
        format!("[[fault]]\nat = \"*\"\ndo = \"late\"\nms = {}\n", SLOWER.as_secs_f64() * 1e3),
    )
    .expect("a file is written");
    let start = Start::engine().arg("--engine-home").arg(home.path().join("engine"));
    let mut client = start.arg("--faults").arg(faults).initialized();
    client.call("open_project", json!({"name": "Large"}));
    (client, home)
}

/// What a call answered and cost.
struct Cost {
    answer: Json,
    /// Calls of the scripting API.
    calls: u64,
    /// Messages to the interpreter.
    hops: u64,
}

/// Makes a call and counts what it costs. That each call of the scripting API was slow is seen by the clock.
fn counted(client: &mut Client, tool: &str, arguments: Json) -> Cost {
    let counters = |client: &mut Client| client.call("status", json!({}))["counters"].clone();
    let before = counters(client);
    let start = Instant::now();
    let answer = client.call(tool, arguments);
    let took = start.elapsed();
    let after = counters(client);
    let since = |name: &str| after[name].as_u64().unwrap() - before[name].as_u64().unwrap();
    let cost = Cost { answer, calls: since("api_calls"), hops: since("hops") };
    assert!(took >= SLOWER * u32::try_from(cost.calls).unwrap(), "{} calls took {took:?}", cost.calls);
    cost
}

/// Each bound is what the task needs: an id and a name for one clip, a call for each field of each item that is shown,
/// and nothing for what is not. However many items there are, they come in one hop; a page needs one more for what the
/// timeline is, and one for its tracks.
#[test]
fn work_in_a_large_project_costs_few_calls() {
    let (mut client, _home) = large();

    // A first listing, and one clip of it by its id.
    let Cost { answer: pool, calls, .. } = counted(&mut client, "media_pool_read", json!({}));
    // The timeline is a clip, too.
    assert_eq!(
        (json!(CLIPS + 1), 50),
        (pool["total"].clone(), pool["clips"].as_array().unwrap().len()),
        "{pool}"
    );
    assert!(calls <= 50 * 3 + 20, "a page of the media pool took {calls} calls");
    let clip = &pool["clips"][49]["id"];
    let Cost { answer: name, calls, .. } =
        counted(&mut client, "api_call", json!({"method": "MediaPoolItem.GetName", "on": clip}));
    assert_eq!(pool["clips"][49]["name"], name["value"]);
    assert!(calls <= 2, "one clip by id took {calls} calls");

    // A page of items with five fields: only those are asked for, and the page is small.
    let fields = json!({"fields": ["id", "name", "start", "end", "duration"]});
    let Cost { answer: page, calls, hops } = counted(&mut client, "timeline_read", fields);
    assert_eq!((json!(ITEMS), 50), (page["total"].clone(), page["items"].as_array().unwrap().len()));
    assert_eq!(5, page["items"][0].as_object().unwrap().len(), "{}", page["items"][0]);
    assert!(calls <= 50 * 4 + 60, "a page of five fields took {calls} calls");
    let bytes = page.to_string().len();
    assert!(bytes <= 20_000, "a page of five fields has {bytes} bytes");
    assert_eq!(3, hops);

    // All 500 items with as many fields, in one hop.
    let list = json!({"method": "Timeline.GetItemListInTrack", "args": ["video", 1], "quiet": true});
    let of_each =
        |method: &str| json!({"method": format!("TimelineItem.{method}"), "on": "$0", "each": ITEMS});
    let fields = ["GetUniqueId", "GetName", "GetStart", "GetEnd", "GetDuration"].map(of_each);
    let asked: Vec<Json> = [list].into_iter().chain(fields).collect();
    let Cost { answer: all, calls, hops } = counted(&mut client, "api_batch", json!({"calls": asked}));
    assert_eq!(ITEMS, all["results"][5]["value"].as_array().unwrap().len(), "{:.500}", all.to_string());
    assert!(calls <= 5 * ITEMS as u64 + 10, "five fields of all items took {calls} calls");
    assert_eq!(1, hops);

    // Five transform keys at once, read before and after.
    let item = &page["items"][0]["id"];
    let transform = json!({"Pan": 10, "Tilt": -5, "ZoomX": 1.5, "ZoomY": 1.5, "RotationAngle": 3});
    let Cost { answer: set, calls, .. } =
        counted(&mut client, "set_item_properties", json!({"item": item, "properties": transform}));
    assert_eq!(json!(true), set["verified"], "{set}");
    assert!(calls <= 4, "five transform keys took {calls} calls");

    // Where all of the items stand.
    let Cost { answer: structure, calls, hops } =
        counted(&mut client, "timeline_read", json!({"structure": true}));
    let rows: usize = structure["timeline"]["tracks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|track| track["rows"].as_array().unwrap().len())
        .sum();
    assert_eq!((ITEMS, Json::Null), (rows, structure["next_cursor"].clone()));
    assert!(calls <= 1_600, "the structure took {calls} calls");
    assert_eq!(3, hops);
    let bytes = structure.to_string().len();
    assert!(bytes <= 40_000, "the structure has {bytes} bytes");

    // What the build can render is asked once: queueing a second render costs less by what the first learned.
    let formats = |client: &mut Client| {
        counted(client, "api_call", json!({"method": "Project.GetRenderCodecs", "args": ["mp4"]})).calls
    };
    assert!(formats(&mut client) > 0);
    assert_eq!(0, formats(&mut client));
}
