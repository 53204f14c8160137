//! What the client sees when the interpreter dies, hangs or is missing, and how the server leaves.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::at_once::at_once;
use crate::client::{Client, Start, alive_with_home, signal};
use crate::frozen_host::{freeze, wait_until_busy};
use crate::until::until;

/// Stops the host where it is, so that a call sent now is in flight until somebody acts.
fn freeze_host(client: &mut Client) -> u32 {
    let host = client.host_pid();
    freeze(host);
    host
}

/// The call in flight fails with a clear error at once, the next works on a new host, and nothing that was
/// answered before is lost.
#[test]
fn a_killed_host_costs_one_call_and_nothing_else() {
    at_once("answering for a killed host", || {
        let mut client = Start::engine().initialized();
        client.call("create_project", json!({"name": "Kept"}));
        client.call("create_timeline", json!({"name": "Cut 1", "frame_rate": 24}));
        client.call("add_marker", json!({"position": 12, "color": "Blue", "name": "here"}));

        let host = freeze_host(&mut client);
        let call = client.start_call("api_call", json!({"method": "Timeline.SetName", "args": ["Cut 2"]}));
        wait_until_busy(&mut client);
        let killed = Instant::now();
        signal(host, "KILL");
        let (answered, answer) = client.answer_at(call);
        let failure = crate::client::body_of(&answer["result"]);
        assert_eq!("interrupted", failure["code"], "{failure}");
        assert_eq!(false, failure["may_retry"], "a write may have happened: {failure}");

        client.call("open_project", json!({"name": "Kept"}));
        let timeline = client.call("timeline_read", json!({"timeline": "Cut 1"}));
        assert_eq!("here", timeline["markers"][0]["name"], "{timeline}");
        let status = client.call("status", json!({}));
        assert_ne!(u64::from(host), status["host"]["pid"].as_u64().unwrap());
        assert_eq!(1, status["counters"]["crashes"]);
        answered.saturating_duration_since(killed)
    });
}

/// `status` never waits for the host, nor does the list of tools.
#[test]
fn status_and_the_list_answer_while_the_host_hangs() {
    let mut client = Start::engine().initialized();
    freeze_host(&mut client);
    client.start_call("api_call", json!({"method": "Resolve.GetCurrentPage"}));
    wait_until_busy(&mut client);

    let status = client.call("status", json!({}));
    assert_eq!("Resolve.GetCurrentPage", status["host"]["method"]);
    client.request("tools/list", json!({}));
    client.request("ping", json!({}));
}

/// A client closes stdin when it is done with a server, and waits for it to leave.
#[test]
fn the_server_leaves_at_the_end_of_input() {
    at_once("leaving at the end of input", || {
        let mut client = Start::engine().initialized();
        client.host_pid();
        leaves(client, Client::end_input)
    });
}

/// A call in flight is cancelled, not waited for: rmcp by itself waits 5 s.
#[test]
fn the_server_leaves_although_a_call_is_in_flight() {
    at_once("leaving with a call in flight", || {
        let mut client = Start::engine().initialized();
        freeze_host(&mut client);
        client.start_call("api_call", json!({"method": "Resolve.GetCurrentPage"}));
        wait_until_busy(&mut client);
        leaves(client, Client::end_input)
    });
}

/// A session manager sends SIGTERM, a terminal SIGINT.
#[test]
fn the_server_leaves_at_a_signal() {
    for name in ["TERM", "INT"] {
        at_once(&format!("leaving at SIG{name}"), || {
            let mut client = Start::engine().initialized();
            client.host_pid();
            leaves(client, |client| signal(client.pid(), name))
        });
    }
}

/// Clients made with Node give sockets, not pipes. There a read of stdin blocks a thread, which must keep neither the
/// answers nor the end from coming.
#[test]
fn the_server_works_and_leaves_over_sockets() {
    use std::io::{BufRead, BufReader, Write};
    for by_signal in [false, true] {
        at_once("leaving over sockets", || {
            let (client, mut socket) = Start::engine().over_sockets();
            socket
                .write_all(b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n")
                .expect("the server reads");
            let mut answer = String::new();
            BufReader::new(&socket).read_line(&mut answer).expect("the server answers");
            assert_eq!("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n", answer);
            leaves(client, |client| {
                if by_signal {
                    signal(client.pid(), "TERM");
                } else {
                    socket.shutdown(std::net::Shutdown::Write).expect("the socket is open");
                }
            })
        });
    }
}

/// A client may start a server, see that it is there, and think better of it.
#[test]
fn the_server_leaves_before_a_session_was_opened() {
    at_once("leaving before a session", || {
        let mut client = Start::engine().silent();
        client.request("ping", json!({}));
        leaves(client, Client::end_input)
    });
}

/// One that is gone at once leaves nothing behind either.
#[test]
fn the_server_leaves_before_a_word_was_said() {
    leaves(Start::engine().silent(), Client::end_input);
}

/// Asks a server to leave and checks that nothing of it is left; returns how long it took.
fn leaves(mut client: Client, ask: impl FnOnce(&mut Client)) -> Duration {
    let asked = Instant::now();
    ask(&mut client);
    let ended = client.wait_for_end(asked);
    assert!(ended.status.success(), "it left with {}", ended.status);
    // What was killed is gone when the system gets round to it.
    until("every process of it is gone", || alive_with_home(client.home()).is_empty());
    ended.after
}

/// A server killed outright cannot clean up; its host sees the end of its pipe and leaves by itself.
#[test]
fn the_host_leaves_when_the_server_is_killed() {
    let mut client = Start::engine().initialized();
    client.host_pid();
    signal(client.pid(), "KILL");
    client.wait_for_end(Instant::now());

    let start = Instant::now();
    while !alive_with_home(client.home()).is_empty() {
        assert!(start.elapsed() < crate::client::PATIENCE, "the host outlives its server");
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Without its host the server still starts, lists its tools and says what to do.
#[test]
fn a_missing_host_is_said_by_every_call() {
    let mut client =
        Start::bare().arg("--backend").arg("engine").arg("--host").arg("/no/such/host").initialized();

    let failure = client.fails("api_call", json!({"method": "Resolve.GetCurrentPage"}));
    assert_eq!("unavailable", failure["code"]);
    assert!(failure["hint"].as_str().unwrap().contains("make build"), "{failure}");
    let status = client.call("status", json!({}));
    assert_eq!("missing", status["host"]["state"]);
    assert!(status["next_step"].as_str().unwrap().contains("make build"), "{status}");
}

/// A Python that is not there is said before anything is tried with it.
#[test]
fn a_missing_python_is_said_by_every_call() {
    let mut client = Start::with_host("silent.sh").arg("--python").arg("/no/such/python").initialized();

    let failure = client.fails("project_read", json!({}));
    assert_eq!("unavailable", failure["code"]);
    assert!(failure["message"].as_str().unwrap().contains("/no/such/python"), "{failure}");
}

/// A host that never comes up is given up on, with the reason it gave, and the server stays.
#[test]
fn a_host_that_cannot_start_is_unavailable() {
    let mut client = Start::with_host("failing.sh").initialized();

    let failure = client.fails("api_call", json!({"method": "Resolve.GetCurrentPage"}));
    assert_eq!("unavailable", failure["code"], "{failure}");
    assert!(failure["message"].as_str().unwrap().contains("library of Python cannot be loaded"), "{failure}");
    client.request("ping", json!({}));
}

/// More calls than the queue holds are refused at once, and every one is answered.
#[test]
fn a_flood_of_calls_is_refused_and_not_kept() {
    const CALLS: usize = 400;
    let start = Start::with_host("hanging.py").arg("--deadlines").arg("connect=3600,read=3600,turn=3600");
    let mut client = start.initialized();
    let calls: Vec<u64> = (0..CALLS)
        .map(|_| client.start_call("api_call", json!({"method": "Resolve.GetCurrentPage"})))
        .collect();

    let status = client.call("status", json!({}));
    let limit = status["queue"]["limit"].as_u64().unwrap();
    for id in &calls[limit as usize..] {
        let failure = client.failure(*id);
        assert_eq!("busy", failure["code"], "{failure}");
        assert_eq!(true, failure["may_retry"]);
    }
    client.end_input();
    for id in &calls[..limit as usize] {
        let code = client.failure(*id)["code"].clone();
        assert!(code == "cancelled" || code == "unavailable", "{code}");
    }
}
