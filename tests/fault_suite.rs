//! Every fault of `docs/faults.md` at every stage of a session: the right answer in bounded time, and then as if
//! nothing had been.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

use crate::client::{Client, Start, alive_with_home, body_of};
use crate::fault_stages::{BATCH, FIRST, OPERATION, READS, RENDER, START, Stage};
use crate::process_facts::{Facts, zombies};
use crate::until::until;

/// How long a call may take that no deadline ends: a crash is seen at once, and a restart takes a fraction of a second
/// on a machine that is not busy. Only what hangs meets it.
const BOUND: Duration = Duration::from_secs(40);

/// The deadlines of a session, as long as the tests are patient: whatever works takes a thousandth of them on an idle
/// machine; the import of a film took 16 s on one that had fifteen times as much to do as it could. No call becomes a job.
const DEADLINES: &str = "connect=60,read=60,write=60,long_running=60,batch=60,grace=1,job=3600";

/// The deadline of what hangs. The calls around it that have the same are short ones.
const HANGS: &str = "8";

/// How many sessions run at a time: most of what hangs is waiting.
const AT_ONCE: usize = 4;

/// What a fault does to a call that reads, one that writes, one that is asked in the middle of a render, and the first
/// one of a host that goes wrong as it starts: the code of the failure, or `ok`.
struct Row {
    name: &'static str,
    text: &'static str,
    reads: &'static str,
    writes: &'static str,
    renders: &'static str,
    starts: &'static str,
}

const fn row(name: &'static str, text: &'static str, codes: [&'static str; 4]) -> Row {
    let [reads, writes, renders, starts] = codes;
    Row { name, text, reads, writes, renders, starts }
}

/// A host that ends as it starts costs nobody anything: the call waits for the next one. One that does not connect at
/// first is asked again by the call. A read may answer anything that is a value; a write that is not seen to have been
/// done is not one, whatever it answers.
const TABLE: [Row; 16] = [
    row("segfault", "do = 'segfault'", ["interrupted", "interrupted", "interrupted", "ok"]),
    row("abort", "do = 'abort'", ["interrupted", "interrupted", "interrupted", "ok"]),
    row("exit", "do = 'exit'", ["interrupted", "interrupted", "interrupted", "ok"]),
    row("raise", "do = 'raise'", ["raised", "raised", "raised", "ok"]),
    row("hang", "do = 'hang'", ["timed_out", "timed_out", "timed_out", "ok"]),
    row("hang holding the lock", "do = 'hang_holding_gil'", ["timed_out", "timed_out", "timed_out", "ok"]),
    row("answer None", "do = 'answer'", ["ok", "refused", "ok", "ok"]),
    row("answer False", "do = 'answer'\nvalue = false", ["ok", "refused", "ok", "ok"]),
    row("answer a sentence", "do = 'answer'\nvalue = 'No such clip'", ["ok", "refused", "ok", "ok"]),
    row("claim what was not done", "do = 'answer'\nvalue = true", ["ok", "not_verified", "ok", "ok"]),
    row("do and forget", "do = 'discard'", ["ok", "not_verified", "ok", "ok"]),
    row("print 10 MB", "do = 'print'", ["ok"; 4]),
    row("take all memory", "do = 'allocate'\nlimit_mb = 256", ["raised", "raised", "raised", "ok"]),
    row("answer late", "do = 'late'\nms = 200", ["ok"; 4]),
    row("lose the connection", "do = 'lose_connection'\nattempts = 1", ["not_connected"; 4]),
    row(
        "crash when it is done",
        "do = 'segfault'\nafter = true",
        ["interrupted", "interrupted", "interrupted", "ok"],
    ),
];

impl Row {
    fn expected(&self, stage: &Stage) -> &'static str {
        match stage.name {
            "at the first call" | "in a batch of reads" => self.reads,
            "in a batch" | "in an operation" => self.writes,
            "in a render" => self.renders,
            _ => self.starts,
        }
    }

    /// The deadlines of a session in which it strikes at this stage.
    fn deadlines(&self, stage: &Stage) -> String {
        if !self.name.starts_with("hang") {
            return DEADLINES.to_owned();
        }
        let short: &[&str] = match stage.name {
            "at the start" => &["connect"],
            _ if stage.writes => &["write"],
            _ => &["read", "batch"],
        };
        short.iter().fold(DEADLINES.to_owned(), |deadlines, name| format!("{deadlines},{name}={HANGS}"))
    }

    /// A server whose engine goes wrong once, at the call that the stage makes.
    fn server(&self, stage: &Stage) -> (Client, tempfile::TempDir) {
        let folder = tempfile::Builder::new().prefix("davinci-mcp-test-").tempdir().expect("a folder");
        let file = folder.path().join("faults.toml");
        let call = stage.call.map(|call| format!("call = {call}\n")).unwrap_or_default();
        let text = format!("[[fault]]\nat = '{}'\ntimes = 1\n{call}{}\n", stage.at, self.text);
        std::fs::write(&file, text).expect("the folder is writable");
        let start = Start::engine().arg("--faults").arg(file).arg("--deadlines").arg(self.deadlines(stage));
        (start.initialized(), folder)
    }
}

/// A session with one fault: prepared, struck, and looked at afterwards.
fn session(row: &Row, stage: &Stage) {
    let (mut client, folder) = row.server(stage);
    let case = format!("{} {}", row.name, stage.name);
    if stage.kept {
        keep(&mut client);
    }
    (stage.prepare)(&mut client);
    let struck = stage.at != START.at;
    let fired = folder.path().join("faults.toml.fired");
    assert!(!struck || !fired.exists(), "{case}: it struck before");
    let before = struck.then(|| Facts::of(client.pid()));

    let asked = Instant::now();
    let id = (stage.strike)(&mut client);
    // Answered from memory, whatever the host does.
    client.request("ping", json!({}));
    let result = client.result(id);
    let took = asked.elapsed();
    let body = body_of(&result);
    let code = body["code"].as_str().unwrap_or("ok");
    assert_eq!(row.expected(stage), code, "{case}: {body}");
    assert!(took < BOUND, "{case}: answered after {took:?}");
    let unknown = ["interrupted", "timed_out", "not_connected"].contains(&code) && stage.writes;
    if code != "ok" && struck {
        assert!(!(stage.writes && body["may_retry"] == true), "{case}: it may have been done: {body}");
        assert_eq!(unknown, body["outcome"] == "unknown", "{case}: {body}");
    }

    // The next call works, and what was answered before is there.
    let asked = Instant::now();
    until(&format!("{case}: the next call works"), || works_again(&mut client));
    assert!(asked.elapsed() < BOUND, "{case}: worked again after {:?}", asked.elapsed());
    if stage.kept {
        kept(&mut client, &case);
    }
    (stage.finish)(&mut client, &case);

    // Nothing is left over in the server, nor of a host that has gone.
    until(&format!("{case}: no zombie"), || zombies(client.pid()).is_empty());
    if let Some(before) = before {
        until(&format!("{case}: {before:?} again"), || before.covers(&Facts::of(client.pid())));
    }
    leave(client, &case);
}

/// Whether a call works; while a late write is waited for it is refused, and may be made again.
fn works_again(client: &mut Client) -> bool {
    let id = client.start_call("api_call", json!({"method": "Resolve.GetProductName"}));
    let result = client.result(id);
    let body = body_of(&result);
    if result["isError"] == false {
        assert_eq!(json!({"value": "DaVinci Resolve Studio"}), body);
        return true;
    }
    assert_eq!(json!(true), body["may_retry"], "{body}");
    false
}

/// Makes a project with a marker, which is answered before anything goes wrong.
fn keep(client: &mut Client) {
    client.call("create_project", json!({"name": "Kept", "frame_rate": 24}));
    client.call("create_timeline", json!({"name": "Cut 1"}));
    client.call("add_marker", json!({"position": 12, "color": "Blue", "name": "answered"}));
}

/// The marker is there, read anew after whatever has happened.
fn kept(client: &mut Client, case: &str) {
    client.call("open_project", json!({"name": "Kept"}));
    let read = client.call("timeline_read", json!({"timeline": "Cut 1"}));
    let markers: Vec<&Json> = read["markers"].as_array().expect("a list").iter().collect();
    assert!(markers.iter().any(|marker| marker["name"] == "answered"), "{case}: {read}");
}

/// The server leaves as it should, has said nothing but the protocol, and leaves nothing behind.
fn leave(mut client: Client, case: &str) {
    let asked = Instant::now();
    client.end_input();
    while let Some((_, message)) = client.next_message() {
        assert_eq!("2.0", message["jsonrpc"], "{case}: {message}");
    }
    let ended = client.wait_for_end(asked);
    assert!(ended.status.success(), "{case}: it left with {}", ended.status);
    assert!(ended.after < BOUND, "{case}: it left after {:?}", ended.after);
    assert!(client.other.iter().all(|message| message["jsonrpc"] == "2.0"), "{case}: {:?}", client.other);
    left_nothing(client.home(), case);
}

/// No process of a server is left. What was killed in the middle of its work may take a moment to be gone.
fn left_nothing(home: &Path, case: &str) {
    until(&format!("{case}: no process is left"), || alive_with_home(home).is_empty());
}

/// Runs every fault at a stage, a few at a time, and tells of all that fail.
fn every_fault(stage: &'static Stage, run: fn(&Row, &Stage)) {
    let next = AtomicUsize::new(0);
    let failed: Vec<&str> = std::thread::scope(|scope| {
        let worker = || {
            let mut failed = Vec::new();
            while let Some(row) = TABLE.get(next.fetch_add(1, Ordering::Relaxed)) {
                if std::panic::catch_unwind(|| run(row, stage)).is_err() {
                    failed.push(row.name);
                }
            }
            failed
        };
        let workers: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a worker catches panics")).collect()
    });
    assert!(failed.is_empty(), "{}: {failed:?} (each is said above)", stage.name);
}

/// The very first call of a session is nobody's fault.
#[test]
fn each_fault_at_the_first_call() {
    every_fault(&FIRST, session);
}

/// A batch of reads is one hop to the host, and goes down whole or not at all.
#[test]
fn each_fault_in_a_batch_of_reads() {
    every_fault(&READS, session);
}

/// What a batch has done before the fault is told, and what comes after it is not tried.
#[test]
fn each_fault_in_a_batch() {
    every_fault(&BATCH, session);
}

/// A task-shaped tool holds the interpreter for several steps, and lets go of it.
#[test]
fn each_fault_in_an_operation() {
    every_fault(&OPERATION, session);
}

/// A film is made in the end, whatever happens while it is rendered.
#[test]
fn each_fault_in_a_render() {
    every_fault(&RENDER, session);
}

/// Connecting is where a real Resolve most often is not ready.
#[test]
fn each_fault_at_the_start() {
    every_fault(&START, session);
}

/// A client closes its end while a call goes wrong: the server leaves all the same, and what was answered before is in
/// the project that the next server opens.
#[test]
fn each_fault_at_the_end() {
    every_fault(&OPERATION, |row, stage| {
        let (mut client, _folder) = row.server(stage);
        let case = format!("{} at the end", row.name);
        keep(&mut client);
        (stage.strike)(&mut client);
        let home = client.home().to_owned();
        let copy = tempfile::Builder::new().prefix("davinci-mcp-test-").tempdir().expect("a folder");
        let asked = Instant::now();
        client.end_input();
        let mut answers = 0;
        while let Some((_, message)) = client.next_message() {
            assert_eq!("2.0", message["jsonrpc"], "{case}: {message}");
            answers += usize::from(message.get("id").is_some());
        }
        assert!(answers <= 1, "{case}: {answers} answers to one call");
        let ended = client.wait_for_end(asked);
        assert!(ended.status.success(), "{case}: it left with {}", ended.status);
        assert!(ended.after < BOUND, "{case}: it left after {:?}", ended.after);
        left_nothing(&home, &case);

        let engine = copy.path().join("engine");
        std::fs::rename(home.join("engine"), &engine).expect("both are in one folder");
        let mut next = Start::engine().arg("--engine-home").arg(engine).initialized();
        kept(&mut next, &case);
    });
}
