//! What is counted and measured, by status, as a resource and as Prometheus text: the right amounts after known events.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::{Value as Json, json};

use crate::client::{Client, PATIENCE, Start, python};
use crate::faults_file::FaultsFile;
use crate::until::until;

/// An engine that crashes, hangs in a read, and is late with a write, each once.
const FAULTS: &str = "
[[fault]]
at = 'Project.GetCurrentRenderMode'
times = 1
do = 'exit'

[[fault]]
at = 'Project.GetTimelineCount'
times = 1
do = 'hang'

[[fault]]
at = 'Project.SetName'
times = 1
do = 'hang'
until = 'GOES_ON'
";

/// A server with those faults and a page of numbers, and the address of the page.
fn counted() -> (Client, FaultsFile, String) {
    let file = FaultsFile::new(FAULTS);
    let start = Start::engine().arg("--faults").arg(file.path());
    let start = start.arg("--deadlines").arg("read=5,write=5,grace=3600");
    let client = start.arg("--metrics").arg("127.0.0.1:0").initialized();
    let said = client.said_on_stderr("metrics are on http://");
    let address = said.strip_suffix("/metrics").expect("the page is at /metrics").to_owned();
    (client, file, address)
}

/// Asks the page and returns the status, the head and the body.
fn ask(address: &str, first: &str, host: &str) -> (u16, String, String) {
    let mut stream = TcpStream::connect(address).expect("the page is served");
    stream.set_read_timeout(Some(PATIENCE)).expect("a socket takes a timeout");
    write!(stream, "{first} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
        .expect("the server reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("the answer is text");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    (status, head.to_owned(), body.to_owned())
}

/// The numbers of a page by name and sorted labels. Every line must be one that Prometheus takes: a comment that names the
/// help or the type of what follows, or a name, labels in quotes and a number.
fn numbers(address: &str) -> BTreeMap<String, f64> {
    let (status, head, body) = ask(address, "GET /metrics", address);
    assert_eq!(200, status, "{body}");
    assert!(head.to_ascii_lowercase().contains("content-type: text/plain; version=0.0.4"), "{head}");
    let mut typed = String::new();
    let mut numbers = BTreeMap::new();
    for line in body.lines() {
        if let Some(comment) = line.strip_prefix("# ") {
            let mut words = comment.splitn(3, ' ');
            let (kind, name) = (words.next().unwrap(), words.next().expect("a name"));
            assert!(["HELP", "TYPE"].contains(&kind) && words.next().is_some(), "{line}");
            typed = name.to_owned();
            continue;
        }
        let (series, number) = line.rsplit_once(' ').expect("a number");
        let number: f64 = number.parse().unwrap_or_else(|_| panic!("not a number: {line}"));
        let (name, labels) = series.split_once('{').expect("each has labels");
        assert!(
            name.starts_with(&typed) && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'),
            "{line}"
        );
        let labels = labels.strip_suffix('}').expect("labels end");
        let mut labels: Vec<&str> = labels.split(',').collect();
        labels.sort_unstable();
        for label in &labels {
            let (key, value) = label.split_once('=').expect("a label has a value");
            let quoted = value.starts_with('"') && value.ends_with('"') && value.len() > 1;
            assert!(quoted && key.bytes().all(|byte| byte.is_ascii_lowercase()), "{line}");
        }
        let series = format!("{name}{{{}}}", labels.join(","));
        assert!(numbers.insert(series, number).is_none(), "twice: {line}");
    }
    numbers
}

fn read_resource(client: &mut Client) -> Json {
    let result = client.request("resources/read", json!({"uri": "resolve://metrics"}));
    serde_json::from_str(result["contents"][0]["text"].as_str().expect("a text")).expect("JSON")
}

fn api(client: &mut Client, method: &str) -> String {
    let id = client.start_call("api_call", json!({ "method": method }));
    let result = client.result(id);
    crate::client::body_of(&result)["code"].as_str().unwrap_or("ok").to_owned()
}

/// Each event is counted once and in its own place, and the three doors say the same.
#[test]
fn counters_rise_by_what_has_happened() {
    let (mut client, faults, address) = counted();

    assert_eq!("ok", api(&mut client, "Resolve.GetVersionString"));
    assert_eq!("interrupted", api(&mut client, "Project.GetCurrentRenderMode"));
    assert_eq!("ok", api(&mut client, "Resolve.GetVersionString"));
    assert_eq!("timed_out", api(&mut client, "Project.GetTimelineCount"));
    assert_eq!("ok", api(&mut client, "Resolve.GetVersionString"));
    let rename = json!({"method": "Project.SetName", "args": ["Late"]});
    assert_eq!("timed_out", client.fails("api_call", rename)["code"]);
    assert_eq!("busy", api(&mut client, "Resolve.GetVersionString"));
    faults.go_on();
    until("the late write is answered", || client.call("status", json!({}))["host"]["state"] == "ready");

    let counters = client.call("status", json!({}))["counters"].take();
    let expected =
        json!({"restarts": 2, "crashes": 1, "timeouts": 2, "refused_busy": 1, "refused_unavailable": 0});
    for (name, count) in expected.as_object().expect("an object") {
        assert_eq!(count, &counters[name], "{name} in {counters}");
    }

    let resource = read_resource(&mut client);
    assert_eq!(counters, resource["counters"]);
    let methods = resource["methods"].as_array().expect("a list");
    let named = |name: &str| methods.iter().find(|row| row["method"] == name).expect(name).clone();
    assert_eq!(3, named("Resolve.GetVersionString")["calls"], "what was refused is not measured");
    let ends = |name: &str| {
        (named(name)["calls"].clone(), named(name)["crashed"].clone(), named(name)["hung"].clone())
    };
    assert_eq!((json!(1), json!(1), Json::Null), ends("Project.GetCurrentRenderMode"));
    assert_eq!((json!(1), Json::Null, json!(1)), ends("Project.GetTimelineCount"));
    assert_eq!((json!(1), Json::Null, json!(1)), ends("Project.SetName"));
    assert!(named("Project.GetTimelineCount")["longest_ms"].as_f64().unwrap() >= 5_000.0);
    assert!(named("Project.SetName")["longest_ms"].as_f64().unwrap() >= 5_000.0);

    let numbers = numbers(&address);
    let counter = |name: &str| numbers[&format!("davinci_mcp_{name}{{backend=\"engine\"}}")];
    let counted = |name: &str| counters[name].as_f64().expect("a number");
    assert_eq!(counted("calls"), counter("calls_total"));
    assert_eq!(counted("api_calls"), counter("api_calls_total"));
    assert_eq!(counted("hops"), counter("host_messages_total"));
    assert_eq!(counted("restarts"), counter("host_restarts_total"));
    assert_eq!(counted("crashes"), counter("host_crashes_total"));
    assert_eq!(counted("timeouts"), counter("missed_deadlines_total"));
    assert_eq!(1.0, counter("host_up"));
    assert_eq!(0.0, counter("queue_depth"));
    let refused = |reason: &str| {
        numbers[&format!("davinci_mcp_refused_total{{backend=\"engine\",reason=\"{reason}\"}}")]
    };
    assert_eq!((1.0, 0.0), (refused("busy"), refused("unavailable")));
    let unanswered = |method: &str, how: &str| {
        numbers[&format!(
            "davinci_mcp_unanswered_calls_total{{backend=\"engine\",how=\"{how}\",method=\"{method}\"}}"
        )]
    };
    assert_eq!(1.0, unanswered("Project.GetCurrentRenderMode", "crash"));
    assert_eq!(
        (1.0, 1.0),
        (unanswered("Project.GetTimelineCount", "hang"), unanswered("Project.SetName", "hang"))
    );
    let buckets = |le: &str| {
        numbers[&format!(
            "davinci_mcp_call_seconds_bucket{{backend=\"engine\",le=\"{le}\",method=\"Project.GetTimelineCount\"}}"
        )]
    };
    assert_eq!((0.0, 1.0), (buckets("3"), buckets("+Inf")));
}

/// A host that never comes up refuses calls, and says so in numbers.
#[test]
fn refusals_without_a_host_are_counted() {
    let mut client = Start::with_host("failing.sh").initialized();
    for _ in 0..3 {
        assert_eq!("unavailable", api(&mut client, "Resolve.GetVersionString"));
    }

    assert_eq!(3, client.call("status", json!({}))["counters"]["refused_unavailable"]);
    assert_eq!("unavailable", read_resource(&mut client)["host"]["state"]);
}

/// The page is for this machine, and nothing else is at its port.
#[test]
fn the_page_is_for_this_machine() {
    let client = Start::with_host("silent.sh").arg("--metrics").arg("127.0.0.1:0").initialized();
    let said = client.said_on_stderr("metrics are on http://");
    let address = said.strip_suffix("/metrics").expect("the page is at /metrics");

    assert_eq!(0.0, numbers(address)["davinci_mcp_host_up{backend=\"engine\"}"]);
    assert_eq!(403, ask(address, "GET /metrics", "evil.example").0);
    assert_eq!(404, ask(address, "GET /", address).0);
    assert_eq!(405, ask(address, "POST /metrics", address).0);

    let open = Start::bare().arg("--backend").arg("engine").arg("--python").arg(python());
    let (mut command, _home) = open.arg("--metrics").arg("0.0.0.0:0").into_parts();
    let output = command.output().expect("the server starts");
    assert_eq!(Some(2), output.status.code());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("use 127.0.0.1 with --metrics"), "{said}");
}
