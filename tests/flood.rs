//! Far more calls at once than can be served: memory stays small, ping is answered, and each call has one answer.

use std::collections::HashMap;

use serde_json::{Value as Json, json};

use crate::client::{Client, Start, body_of, signal};
use crate::frozen_host::{freeze, wait_until_busy};
use crate::process_facts::peak_memory;

/// Calls that are piped at once.
const CALLS: u64 = 5_000;

/// What the server may hold in memory at most, in bytes.
const MEMORY: u64 = 64 << 20;

/// The first id of the flood; what the client asks besides counts from 1.
const FIRST: u64 = 1_000_000;

/// Writes every call in one go, with a ping in the middle of them, and nothing read meanwhile by the test itself.
fn pour(client: &mut Client, call: impl Fn(u64) -> Json) {
    let mut lines = String::new();
    for number in 0..CALLS {
        if number == CALLS / 2 {
            lines += &format!("{}\n", json!({"jsonrpc": "2.0", "id": "ping", "method": "ping"}));
        }
        let params = json!({"name": "api_call", "arguments": call(number)});
        let request =
            json!({"jsonrpc": "2.0", "id": FIRST + number, "method": "tools/call", "params": params});
        lines += &format!("{request}\n");
    }
    client.write_line(lines.trim_end());
}

/// The answers to a flood as they come: by id, each once, and the place of the ping among them.
#[derive(Default)]
struct Answers {
    by_id: HashMap<u64, Json>,
    before_ping: Option<usize>,
}

impl Answers {
    /// Reads on until `enough`.
    fn read(&mut self, client: &mut Client, enough: impl Fn(&Self) -> bool) {
        while !enough(self) {
            let (_, message) = client.next_message().expect("the server stays");
            if message["id"] == "ping" {
                assert!(self.before_ping.replace(self.by_id.len()).is_none(), "a second answer to the ping");
                continue;
            }
            let id = message["id"].as_u64().unwrap_or_else(|| panic!("nothing asked for this: {message}"));
            let body = body_of(&message["result"]);
            assert!(self.by_id.insert(id, body).is_none(), "a second answer to call {}", id - FIRST);
        }
    }

    /// How many calls have an answer of each code; `ok` for those that succeeded. A refusal may always be repeated.
    fn codes(&self) -> HashMap<&str, usize> {
        let mut codes = HashMap::new();
        for body in self.by_id.values() {
            let code = body["code"].as_str().unwrap_or("ok");
            assert!(code != "busy" || body["may_retry"] == true, "{body}");
            *codes.entry(code).or_default() += 1;
        }
        codes
    }
}

/// While Resolve stands still (a dialog is open in it), a program that fires everything it has is refused at once and
/// told to come again; what was accepted is answered when Resolve goes on.
#[test]
fn a_flood_is_refused_while_resolve_stands_still() {
    // What is accepted waits for as long as the flood takes, which on a busy machine is longer than a read may.
    let mut client = Start::engine().arg("--deadlines").arg("read=600,turn=600").initialized();
    let host = client.host_pid();
    let limit = client.call("status", json!({}))["queue"]["limit"].as_u64().expect("a limit") as usize;
    freeze(host);
    let first = client.start_call("api_call", json!({"method": "Resolve.GetCurrentPage"}));
    wait_until_busy(&mut client);

    // The one in flight holds one of the places.
    let (accepted, refused) = (limit - 1, CALLS as usize - (limit - 1));
    let mut answers = Answers::default();
    pour(&mut client, |_| json!({"method": "Resolve.GetCurrentPage"}));
    answers.read(&mut client, |answers| answers.by_id.len() == refused && answers.before_ping.is_some());
    assert_eq!(HashMap::from([("busy", refused)]), answers.codes());
    let at = answers.before_ping.expect("it was answered");
    assert!((CALLS as usize / 4..refused).contains(&at), "the ping came after {at} answers, not in its turn");
    let status = client.call("status", json!({}));
    assert_eq!(
        (limit as u64, refused as u64),
        (status["queue"]["depth"].as_u64().unwrap(), status["counters"]["refused_busy"].as_u64().unwrap())
    );
    let peak = peak_memory(client.pid());
    assert!(peak < MEMORY, "{peak} bytes were in memory");

    signal(host, "CONT");
    client.result(first);
    answers.read(&mut client, |answers| answers.by_id.len() == CALLS as usize);
    assert_eq!(HashMap::from([("busy", refused), ("ok", accepted)]), answers.codes());
    eprintln!("peak memory of the server: {:.1} MB", peak as f64 / f64::from(1 << 20));
}

/// The same with large arguments (50 MB in all) and a Resolve that works: nothing is kept of what was refused.
#[test]
fn a_flood_of_large_calls_keeps_nothing() {
    let mut client = Start::engine().initialized();
    client.call("create_project", json!({"name": "Flood", "frame_rate": 24}));
    let long = "x".repeat(10_000);

    let mut answers = Answers::default();
    pour(&mut client, |number| json!({"method": "Project.SetName", "args": [format!("{number}{long}")]}));
    answers.read(&mut client, |answers| answers.by_id.len() == CALLS as usize);

    assert!(answers.before_ping.is_some(), "the ping is answered in its turn");
    let codes = answers.codes();
    assert_eq!(CALLS as usize, codes.values().sum::<usize>());
    let peak = peak_memory(client.pid());
    eprintln!("peak memory of the server: {:.1} MB; {codes:?}", peak as f64 / f64::from(1 << 20));
    assert!(peak < MEMORY, "{peak} bytes were in memory");
    client.request("ping", json!({}));
}
