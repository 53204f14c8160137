//! Every stable code of a failure, made to occur: one that nothing can cause is a promise that nobody can test.

use std::collections::BTreeSet;

use davinci_resolve_mcp::error::Code;
use serde_json::{Value as Json, json};

use crate::client::{Client, Start, signal};
use crate::frozen_host::{freeze, wait_until_busy};
use crate::media::film;

fn api(method: &str, args: Json) -> Json {
    json!({"method": method, "args": args})
}

/// The code of a call that must fail.
fn code(client: &mut Client, tool: &str, arguments: Json) -> String {
    client.fails(tool, arguments)["code"].as_str().expect("a code").to_owned()
}

/// What goes wrong between an agent and a working engine.
fn on_the_engine() -> Vec<String> {
    let mut client = Start::engine().initialized();
    client.call("create_project", json!({"name": "Codes", "frame_rate": 24}));
    for folder in ["a", "b"] {
        let folder = client.home().join(folder);
        std::fs::create_dir(&folder).expect("a folder for a film");
        client.call("import_media", json!({"paths": [film(&folder.join("film.mp4"), 24)]}));
    }
    client.call("create_timeline", json!({"name": "Cut 1"}));
    let mut codes = vec![
        code(&mut client, "create_timeline", json!({})),
        code(&mut client, "api_call", json!({"method": "Timeline.GetName", "on": "Nowhere"})),
        code(&mut client, "api_call", json!({"method": "MediaPoolItem.GetName", "on": "film.mp4"})),
        code(&mut client, "api_call", json!({"method": "GalleryStill.GetNothing"})),
        code(&mut client, "api_call", json!({"method": "Project.ResetIntellisearchAnalysis"})),
        code(&mut client, "api_call", json!({"method": "Timeline.GetName", "on": "held-1-1"})),
        code(&mut client, "api_call", api("Project.DeleteRenderJob", json!(["no-such-job"]))),
        code(
            &mut client,
            "api_call",
            json!({"method": "Project.DeleteRenderJob", "args": ["no-such-job"], "confirm": true}),
        ),
    ];
    let earlier = client.call("timeline_read", json!({}))["revision"].clone();
    client.call("add_marker", json!({"position": 1, "color": "Blue"}));
    codes.push(code(&mut client, "add_marker", json!({"position": 2, "color": "Blue", "based_on": earlier})));
    let host = client.host_pid();
    // Stopped, so that the call is in flight when the host ends.
    freeze(host);
    let id = client.start_call("api_call", api("Timeline.SetName", json!(["Cut 2"])));
    wait_until_busy(&mut client);
    signal(host, "KILL");
    codes.push(client.failure(id)["code"].as_str().expect("a code").to_owned());
    codes
}

/// What a host does that goes wrong in another way than by ending. The last call is never answered by it.
fn with_an_odd_host() -> (Client, Vec<String>, u64) {
    let mut client = Start::with_host("odd.py").initialized();
    let codes = ["Timeline.GetCurrentTimecode", "Timeline.GetStartFrame", "Timeline.GetStartTimecode"]
        .map(|method| code(&mut client, "api_call", json!({ "method": method })));
    let mut codes = codes.to_vec();
    codes.push(code(&mut client, "api_call", api("Timeline.SetName", json!(["Cut 2"]))));
    let waiting = client.start_call("api_call", json!({"method": "Timeline.GetEndFrame"}));
    (client, codes, waiting)
}

/// What is wrong before anything can be called, and when the server is asked to end.
fn at_both_ends() -> Vec<String> {
    let page = || json!({"method": "Resolve.GetCurrentPage"});
    let mut missing =
        Start::bare().arg("--backend").arg("engine").arg("--host").arg("/nowhere").initialized();
    let mut alone = Start::bare().arg("--backend").arg("resolve").no_resolve();
    alone = alone.arg("--host").arg(crate::client::host_program());
    let mut alone = alone.initialized();
    let mut codes = vec![code(&mut missing, "api_call", page()), code(&mut alone, "api_call", page())];
    let mut client = Start::with_host("silent.sh").initialized();
    let ids: Vec<u64> = (0..200).map(|_| client.start_call("api_call", page())).collect();
    client.call("status", json!({}));
    client.end_input();
    for id in ids {
        codes.push(client.failure(id)["code"].as_str().expect("a code").to_owned());
    }
    codes
}

/// The table of codes is what agents branch on: each one occurs, and no other does.
#[test]
fn each_code_can_occur() {
    let (mut odd, mut seen, waiting) = with_an_odd_host();
    seen.extend(on_the_engine());
    seen.extend(at_both_ends());
    seen.push(odd.failure(waiting)["code"].as_str().expect("a code").to_owned());

    let expected: BTreeSet<&str> = Code::ALL.iter().map(|code| code.name()).collect();
    assert_eq!(expected, seen.iter().map(String::as_str).collect::<BTreeSet<_>>());
}
