//! Real child processes: small Python programs that speak the wire.

use std::path::Path;
use std::time::{Duration, Instant};

use resolve_api::Value;
use resolve_api::wire::WIRE_VERSION;

use super::scripted::{method, read, value, write};
use crate::{Backend, CallError, Config, HostCommand, HostState, System};

/// The start of every host: it greets, then answers each request with what `answer` returns.
const HOST: &str = r#"
import json, os, signal, subprocess, sys, time
def say(message):
    sys.stdout.write((message if isinstance(message, str) else json.dumps(message)) + "\n")
    sys.stdout.flush()
def reply(request, value):
    say({"reply": {"id": request["id"], "outcome": {"value": value}, "api_calls": 1, "generation": 1}})
say({"hello": {"wire": WIRE_VERSION, "pid": os.getpid(), "python": "3"}})
for line in sys.stdin:
    request = json.loads(line)
    if request["op"] == "connect":
        connection = {"product": "Child", "version": "1"}
        say({"reply": {"id": request["id"], "outcome": {"connected": connection}, "api_calls": 1, "generation": 1}})
        continue
    method = request["op"]["call"]["method"]
"#;

fn start(body: &str) -> System {
    let body: String = body.lines().map(|line| format!("    {line}\n")).collect();
    let program = format!("WIRE_VERSION = {WIRE_VERSION}\n{HOST}{body}");
    System::start(Config::new(python(&program), Backend::Engine)).unwrap()
}

fn python(program: &str) -> HostCommand {
    HostCommand { program: "python3".into(), args: vec!["-c".into(), program.into()], envs: Vec::new() }
}

/// Whether a process exists, as a zombie too.
fn exists(pid: i64) -> bool {
    Path::new(&format!("/proc/{pid}")).exists()
}

/// Whether a process is gone or a zombie.
fn has_ended(pid: i64) -> bool {
    let state = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    state.is_empty() || state.contains(") Z ")
}

/// Requests and answers cross real pipes, and text arrives as it was sent.
#[tokio::test]
async fn a_child_process_answers() {
    let system = start("reply(request, request['op']['call'].get('args', [method])[0])");

    let mut call = read();
    if let crate::What::Method(method) = &mut call.what {
        method.args = vec!["Ä \n\" 日本".into()];
    }
    assert_eq!(Ok("Ä \n\" 日本".into()), value(system.call(call).await));

    let status = system.status();
    assert_eq!((HostState::Ready, Some("Child".to_owned())), (status.host, status.product));
    assert!(status.pid.is_some_and(|pid| exists(pid.into())));
    system.stop().await;
}

/// What a host prints beside its messages, and a stderr that nobody reads, must not stop it.
#[tokio::test]
async fn noise_on_its_pipes_does_not_stop_a_host() {
    let system = start(
        "say('a line that is no message')\nsay('{\"hello\": 7}')\nsys.stderr.write('x' * 1_000_000 + '\\n')\nsys.stderr.flush()\nreply(request, method)",
    );

    for _ in 0..3 {
        assert_eq!(Ok("GetCurrentPage".into()), value(system.call(read()).await));
    }
    assert_eq!(0, system.status().counters.restarts);
    system.stop().await;
}

/// SIGKILL in the middle of a call: its caller hears within 100 ms, and the next call works.
#[tokio::test]
async fn a_killed_host_is_noticed_at_once() {
    let system = start(
        "if method == 'RefreshLUTList':\n    sys.stderr.write('about to die\\n')\n    sys.stderr.flush()\n    os.kill(os.getpid(), signal.SIGKILL)\nreply(request, method)",
    );
    assert_eq!(Ok("GetCurrentPage".into()), value(system.call(read()).await));
    // The first write reads the facts about Resolve, which is not what is measured.
    resolve_api::facts::facts();

    let started = Instant::now();
    let answer = value(system.call(write()).await);

    assert!(started.elapsed() < Duration::from_millis(100), "{:?}", started.elapsed());
    let method = "Project.RefreshLUTList".to_owned();
    let why = "it was ended by signal 9; its last words: about to die".to_owned();
    assert_eq!(Err(CallError::Interrupted { method, why }), answer);
    assert_eq!(Ok("GetCurrentPage".into()), value(system.call(read()).await));
    assert_eq!(1, system.status().counters.crashes);
    system.stop().await;
}

/// Stopping leaves neither the host nor what it has started, not even as a zombie.
#[tokio::test]
async fn nothing_is_left_after_a_stop() {
    let system =
        start("worker = subprocess.Popen(['sleep', '600'])\nreply(request, [os.getpid(), worker.pid])");
    let pids = value(system.call(read()).await).unwrap();
    let pids: Vec<i64> = pids.as_list().unwrap().iter().filter_map(Value::as_int).collect();
    assert!(pids.iter().all(|pid| exists(*pid)));

    let started = Instant::now();
    system.stop().await;

    assert!(started.elapsed() < Duration::from_millis(50), "{:?}", started.elapsed());
    assert!(!exists(pids[0]), "the host is left");
    // The worker was the host's child: it has been killed, and whoever adopted it reaps it in its own time.
    let ended = async {
        while !has_ended(pids[1]) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    assert!(tokio::time::timeout(Duration::from_secs(5), ended).await.is_ok(), "the worker runs");
}

/// A hung host is killed with its workers at the deadline.
#[tokio::test]
async fn a_hung_host_is_killed_at_the_deadline() {
    let system = start("if method == 'GetVersion':\n    time.sleep(600)\nreply(request, os.getpid())");
    let pid = value(system.call(read()).await).unwrap().as_int().unwrap();
    let mut hangs = method(resolve_api::Locator::Resolve, "GetVersion");
    hangs.deadline = Some(Duration::from_millis(50));

    let answer = value(system.call(hangs).await);

    assert!(matches!(answer, Err(CallError::TimedOut { .. })), "{answer:?}");
    let next = value(system.call(read()).await).unwrap().as_int().unwrap();
    assert_ne!(pid, next);
    assert!(!exists(pid));
    system.stop().await;
}

/// A wrong path is said at once, with what to do, instead of after a time-out.
#[tokio::test]
async fn a_host_that_cannot_be_started_is_reported() {
    let command = HostCommand { program: "/nowhere/resolve-python".into(), args: vec![], envs: vec![] };
    let system = System::start(Config::new(command, Backend::Engine)).unwrap();

    let Err(CallError::Unavailable { reason }) = system.call(read()).await else { panic!("it started") };

    assert!(reason.starts_with("/nowhere/resolve-python cannot be started (No such file"), "{reason}");
    assert!(reason.contains("make build"), "{reason}");
    system.stop().await;
}
