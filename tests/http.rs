//! The protocol over HTTP: both eras, several clients on one set of actors, and how the server leaves.

use std::io::{BufRead, BufReader, Write};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::at_once::at_once;
use crate::client::{SERVER, Start, signal};
use crate::http_client::{Http, Response, Session};
use crate::until::until;

/// Every version with sessions that this transport has.
const VERSIONS: [&str; 3] = ["2025-03-26", "2025-06-18", "2025-11-25"];

fn names(list: &serde_json::Value) -> Vec<&str> {
    list["tools"].as_array().expect("tools").iter().filter_map(|tool| tool["name"].as_str()).collect()
}

/// A client of any age lists and calls, and all see the same tools as over stdio.
#[test]
fn a_client_of_each_version_lists_and_calls() {
    let mut stdio = Start::with_host("silent.sh").initialized();
    let expected = stdio.request("tools/list", json!({}));
    let http = Http::start(Start::with_host("silent.sh"));

    for version in VERSIONS {
        let session = Session::open(&http, version);
        assert_eq!(names(&expected), names(&session.request("tools/list", json!({}))), "{version}");
        assert_eq!("engine", session.call("status", json!({}))["backend"], "{version}");
    }
    let none = Session::none(&http);
    let discovered = none.request("server/discover", json!({}));
    assert!(
        discovered["supportedVersions"].as_array().unwrap().contains(&json!("2026-07-28")),
        "{discovered}"
    );
    assert_eq!(names(&expected), names(&none.request("tools/list", json!({}))));
    assert_eq!("engine", none.call("status", json!({}))["backend"]);
}

/// 2025-11-25 begins a stream with an event that has no data, by which a client resumes it when it breaks. Older
/// clients take each for a broken message and say so in their log.
#[test]
fn only_clients_that_know_it_get_an_event_without_data() {
    let http = Http::start(Start::with_host("silent.sh"));
    let events = |version: &str| -> Vec<String> {
        let session = Session::open(&http, version);
        let response = session.send(&session.message("ping", json!({})));
        let data = response.body.lines().filter_map(|line| line.strip_prefix("data:"));
        data.map(|data| if data.trim().is_empty() { "nothing" } else { "answer" }.to_owned()).collect()
    };

    assert_eq!(vec!["answer"], events("2025-03-26"));
    assert_eq!(vec!["answer"], events("2025-06-18"));
    assert_eq!(vec!["nothing", "answer"], events("2025-11-25"));
}

/// There is one Resolve, so what one client does, the others see: one set of actors, one host.
#[test]
fn clients_of_both_eras_share_one_project() {
    let http = Http::start(Start::engine());
    let (old, new) = (Session::open(&http, "2025-11-25"), Session::none(&http));

    old.call("create_project", json!({"name": "Shared", "frame_rate": 24}));
    assert_eq!("Shared", new.call("project_read", json!({}))["project"]["name"]);
    new.call("create_timeline", json!({"name": "Cut 1"}));
    assert_eq!("Cut 1", old.call("timeline_read", json!({}))["timeline"]["name"]);

    let pids = [&old, &new].map(|client| client.call("status", json!({}))["host"]["pid"].as_u64());
    assert!(pids[0].is_some() && pids[0] == pids[1], "one host: {pids:?}");
}

/// An id that is not one of ours, or was given up, is answered as the protocol wants it: the client begins anew.
#[test]
fn a_session_that_is_gone_is_not_found() {
    let http = Http::start(Start::with_host("silent.sh"));
    let mut session = Session::open(&http, "2025-11-25");
    let ping = session.message("ping", json!({}));
    assert_eq!(200, session.send(&ping).status);

    let id = session.id.clone().expect("a session has an id");
    let delete = http.head("DELETE", &[("Mcp-Session-Id", &id)], 0);
    assert!((200..300).contains(&http.exchange(&delete, &[]).status));
    assert_eq!(404, session.send(&ping).status);
    session.id = Some("00000000-0000-0000-0000-000000000000".to_owned());
    assert_eq!(404, session.send(&ping).status);
}

/// Over HTTP nobody is at the other end of stdin; a service manager closes it, and the server stays.
#[test]
fn the_end_of_stdin_does_not_end_it() {
    let mut http = Http::start(Start::with_host("silent.sh"));
    http.end_input();

    for _ in 0..2 {
        assert_eq!("engine", Session::none(&http).call("status", json!({}))["backend"]);
    }
}

/// A service manager sends SIGTERM: the call in flight is answered, streams that listen are closed, and nothing is
/// left, within the promise.
#[cfg(unix)]
#[test]
fn the_server_leaves_at_a_signal() {
    at_once("leaving over HTTP", leaves);
}

#[cfg(unix)]
fn leaves() -> Duration {
    let mut http = Http::start(Start::engine());
    let session = Session::open(&http, "2025-11-25");
    session.call("api_call", json!({"method": "Resolve.GetCurrentPage"}));
    let status = session.call("status", json!({}));
    let host = u32::try_from(status["host"]["pid"].as_u64().expect("the host runs")).expect("a pid");
    let id = session.id.clone().expect("a session has an id");

    // A stream that listens: it begins with its head, and then says nothing.
    let mut listening = http.connect();
    let head = http.head("GET", &[("Mcp-Session-Id", &id), ("Accept", "text/event-stream")], 0);
    listening.write_all(head.as_bytes()).expect("the server reads");
    let mut listening = BufReader::new(listening);
    let mut line = String::new();
    while line != "\r\n" {
        line.clear();
        listening.read_line(&mut line).expect("a stream begins with its head");
    }

    // A call that is in flight, since its host is stopped.
    crate::frozen_host::freeze(host);
    let call = json!({"name": "api_call", "arguments": {"method": "Resolve.GetCurrentPage"}});
    let body = session.message("tools/call", call).to_string();
    let mut calling = http.connect();
    let head = http.head("POST", &[("Mcp-Session-Id", &id)], body.len());
    calling.write_all(format!("{head}{body}").as_bytes()).expect("the server reads");
    until("the call is in flight", || session.call("status", json!({}))["host"]["state"] == "busy");

    let asked = Instant::now();
    signal(http.pid(), "TERM");
    let ended = http.wait_for_end(asked);
    assert!(ended.status.success(), "it left with {}", ended.status);
    #[cfg(target_os = "linux")]
    until("every process of it is gone", || crate::client::alive_with_home(http.home()).is_empty());
    let answer = Response::read(calling).message();
    assert_eq!("cancelled", crate::client::body_of(&answer["result"])["code"], "{answer}");
    ended.after
}

/// A client that goes away in the middle of a call of the sessionless era has cancelled it.
#[test]
fn a_client_that_goes_away_cancels_its_call() {
    let http = Http::start(Start::with_host("hanging.py"));
    let watching = Session::none(&http);
    let depth = || watching.call("status", json!({}))["queue"]["depth"].as_u64().expect("a number");

    let leaving = Session::none(&http);
    let call = json!({"name": "api_call", "arguments": {"method": "Resolve.GetCurrentPage"}});
    let body = leaving.message("tools/call", call).to_string();
    let headers =
        [("MCP-Protocol-Version", "2026-07-28"), ("Mcp-Method", "tools/call"), ("Mcp-Name", "api_call")];
    // The first is with the host, which does not answer; the second waits behind it.
    let mut calls: Vec<_> = (0..2)
        .map(|_| {
            let mut stream = http.connect();
            let head = http.head("POST", &headers, body.len());
            stream.write_all(format!("{head}{body}").as_bytes()).expect("the server reads");
            stream
        })
        .collect();
    until("a call waits", || depth() > 0);
    calls.clear();

    until("no call waits", || depth() == 0);
}

/// What the conformance suite demands must not reach anybody: it is in a build of its own.
#[test]
fn the_standard_build_has_no_fixtures() {
    let http = Http::start(Start::with_host("silent.sh"));
    let session = Session::open(&http, "2025-11-25");

    let list = session.request("tools/list", json!({}));
    assert!(!names(&list).iter().any(|name| name.starts_with("test_")), "{:?}", names(&list));
    for method in ["resources/list", "prompts/list", "completion/complete", "logging/setLevel"] {
        let answer = session.send(&session.message(method, json!({}))).message();
        assert!(!answer.to_string().contains("test"), "{method}: {answer}");
    }
    let program = std::fs::read(SERVER).expect("the server is a file");
    for word in ["test_simple_text", "test_input_required_result", "test://static-text"] {
        assert!(!program.windows(word.len()).any(|part| part == word.as_bytes()), "{word} is in the server");
    }
}
