//! Renders that wait in the queue when the interpreter or the server ends are started again: once, and no others.

use serde_json::{Value as Json, json};

use crate::client::{Client, Start, signal};
use crate::jobs::{ended, read, renders, struck};
use crate::until::until;

/// Starts the renders, and waits until the first one is being rendered.
fn start(client: &mut Client, jobs: &[String]) {
    client.call("start_render", json!({ "jobs": jobs }));
    until("it renders", || read(client, &jobs[0])["percent"].as_f64() > Some(0.0));
}

/// Kills the interpreter outright, and waits until it is another one.
fn kill(client: &mut Client, host: u32) {
    signal(host, "KILL");
    until("another interpreter runs", || {
        let status = client.call("status", json!({}));
        status["connected"] == true && status["host"]["pid"] != host
    });
}

/// Whether it is told of a job that it was started again.
fn is_restarted(told: &Json) -> bool {
    told["restarted"] == true
}

/// The interpreter is killed outright in the middle of a render: that goes on by itself, and what was started behind it is
/// started again when it has ended. What was queued and never started, and what was cancelled meanwhile, is not.
#[test]
fn what_waited_behind_a_render_is_started_again() {
    let mut client = Start::engine().initialized();
    let jobs = renders(&mut client, &[40, 1, 1, 1]);
    let [long, behind, cancelled, untouched] = &jobs[..] else { panic!("four jobs") };
    start(&mut client, &jobs[..3]);
    let host = client.host_pid();

    kill(&mut client, host);
    client.call("jobs_edit", json!({"job": cancelled, "action": "cancel"}));

    let waits = read(&mut client, behind);
    assert_eq!("queued", waits["state"], "{waits}");
    assert!(waits["next_step"].as_str().expect("a next step").contains("started again by itself"), "{waits}");
    let first = ended(&mut client, long);
    assert_eq!(("complete", false), (first["state"].as_str().expect("a state"), is_restarted(&first)));
    until("it is started again", || is_restarted(&read(&mut client, behind)));
    let second = ended(&mut client, behind);
    assert_eq!(("complete", true), (second["state"].as_str().expect("a state"), is_restarted(&second)));
    assert_eq!("cancelled", read(&mut client, cancelled)["state"]);
    let left = read(&mut client, untouched);
    assert_eq!(("queued", false), (left["state"].as_str().expect("a state"), is_restarted(&left)), "{left}");
    // What the server did by itself is in the history.
    let entries = client.call("history", json!({"limit": 5, "details": true}))["entries"].clone();
    let again =
        entries.as_array().expect("a list").iter().filter(|entry| entry["arguments"]["restarted"] == true);
    let again: Vec<&Json> = again.collect();
    assert_eq!(1, again.len(), "{entries}");
    assert_eq!(json!([behind]), again[0]["arguments"]["jobs"]);
}

/// The same when the server itself is killed: the next one knows what it had started.
#[test]
fn the_next_server_starts_again_what_waited() {
    let mut client = Start::engine().initialized();
    let jobs = renders(&mut client, &[40, 1, 1]);
    start(&mut client, &jobs[..2]);

    signal(client.pid(), "KILL");
    client.wait_for_end(std::time::Instant::now());
    let mut next = Start::engine().on_home_of(&client).initialized();

    let first = ended(&mut next, &jobs[0]);
    assert_eq!("complete", first["state"], "{first}");
    until("it is started again", || is_restarted(&read(&mut next, &jobs[1])));
    let done = ended(&mut next, &jobs[1]);
    assert_eq!("complete", done["state"], "{done}");
    assert_eq!("queued", read(&mut next, &jobs[2])["state"]);
}

/// A start that ends the interpreter is not made for ever: the render waits, and is told to have been started again.
#[test]
fn a_render_is_started_again_once() {
    let (begun, folder) = struck("Project.DeleteAllRenderJobs", "do = \"raise\"", 60);
    let mut client = begun.initialized();
    let jobs = renders(&mut client, &[40, 1]);
    start(&mut client, &jobs);
    // The next interpreter reads the file anew.
    let fault = "[[fault]]\nat = \"Project.StartRendering\"\ndo = \"segfault\"\n";
    std::fs::write(folder.path().join("faults.toml"), fault).expect("the folder is writable");

    let host = client.host_pid();
    kill(&mut client, host);
    // The one that ends the next interpreter waits for this one.
    ended(&mut client, &jobs[0]);

    until("it was started again", || is_restarted(&read(&mut client, &jobs[1])));
    until("that has ended another interpreter", || {
        client.call("status", json!({}))["counters"]["restarts"].as_u64() == Some(2)
    });
    let waits = read(&mut client, &jobs[1]);
    assert_eq!("queued", waits["state"], "{waits}");
    assert!(
        waits["next_step"].as_str().expect("a next step").starts_with("start_render starts it"),
        "{waits}"
    );
    client.call("api_call", json!({"method": "Project.GetName"}));
    assert_eq!(json!(2), client.call("status", json!({}))["counters"]["restarts"]);
    let outcome = client.call("history", json!({"limit": 1}))["entries"][0].clone();
    assert_eq!(
        ("start_render", "unknown"),
        (outcome["tool"].as_str().unwrap(), outcome["outcome"].as_str().unwrap())
    );
}
