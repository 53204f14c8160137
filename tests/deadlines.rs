//! Calls that the engine never answers, or too late: what the client hears, when, and how the session goes on.

use serde_json::{Value as Json, json};

use crate::backend::install;
use crate::client::{Client, Start, host_program, python};
use crate::faults_file::FaultsFile;
use crate::until::until;

/// A server with an open project whose engine hangs at the first `Project.SetName` as `how` says. A write has five seconds,
/// of which one that works takes a hundredth, then `grace` seconds more.
fn hanging(how: &str, grace: u32) -> (Client, FaultsFile) {
    let file = FaultsFile::new(&format!("[[fault]]\nat = 'Project.SetName'\ntimes = 1\n{how}\n"));
    let deadlines = format!("write=5,grace={grace}");
    let start = Start::engine().arg("--faults").arg(file.path()).arg("--deadlines").arg(deadlines);
    let mut client = start.initialized();
    client.call("create_project", json!({"name": "Film", "frame_rate": 24}));
    (client, file)
}

fn rename(name: &str) -> Json {
    json!({"method": "Project.SetName", "args": [name]})
}

fn state(client: &mut Client) -> String {
    client.call("status", json!({}))["host"]["state"].as_str().expect("a state").to_owned()
}

/// The outcome of the newest change, and its code.
fn newest(client: &mut Client) -> (Json, Json) {
    let mut entry = client.call("history", json!({"limit": 1}))["entries"][0].take();
    (entry["outcome"].take(), entry["code"].take())
}

/// A write that is late was told to its caller as unknown; meanwhile nobody waits behind it, and what is answered from
/// memory is. When the answer comes, the host goes on as it is and the history knows how the write ended.
#[test]
fn a_late_write_holds_up_nobody_and_is_completed_in_the_history() {
    let (mut client, faults) = hanging("do = 'hang'\nuntil = 'GOES_ON'", 3600);
    let host = client.call("status", json!({}))["host"]["pid"].clone();

    let failure = client.fails("api_call", rename("Feature"));

    assert_eq!(
        ("timed_out", &json!(false), &json!("unknown")),
        (failure["code"].as_str().unwrap(), &failure["may_retry"], &failure["outcome"]),
        "{failure}"
    );
    let message = failure["message"].as_str().unwrap();
    assert!(message.contains("the headless engine has not answered Project.SetName for 5 s"), "{failure}");
    assert_eq!((json!("unknown"), json!("timed_out")), newest(&mut client));
    for call in
        [json!({"method": "Project.GetName"}), rename("Short"), json!({"method": "Resolve.GetVersion"})]
    {
        let busy = client.fails("api_call", call);
        assert_eq!(("busy", &json!(true)), (busy["code"].as_str().unwrap(), &busy["may_retry"]), "{busy}");
        assert!(busy["message"].as_str().unwrap().contains("waiting for Project.SetName"), "{busy}");
    }
    client.request("ping", json!({}));
    // None of them has waited for the write: it still runs.
    assert_eq!("overdue", state(&mut client));

    faults.go_on();
    until("the write is answered", || state(&mut client) == "ready");
    assert_eq!("Feature", client.call("api_call", json!({"method": "Project.GetName"}))["value"]);
    let entry = client.call("history", json!({}))["entries"].as_array().expect("a list").clone();
    let renamed = entry.iter().find(|entry| entry["arguments"]["args"] == json!(["Feature"])).expect("noted");
    assert_eq!("done", renamed["outcome"], "{renamed}");
    assert_eq!(host, client.call("status", json!({}))["host"]["pid"]);
}

/// With a real Resolve it is most often a dialog: everybody hears so, whoever called, who calls meanwhile, and who looks at
/// the status; when somebody has closed it, all goes on.
#[test]
fn a_dialog_in_the_window_of_resolve_is_told() {
    host_program();
    let faults =
        FaultsFile::new("[[fault]]\nat = 'Project.SetName'\ntimes = 1\ndo = 'hang'\nuntil = 'GOES_ON'\n");
    let root = tempfile::tempdir().expect("a temporary folder");
    let module = format!(
        "import os\n\nos.environ['RESOLVE_ENGINE_FAULTS'] = {:?}\nfrom resolve_engine.fusionscript import scriptapp\n",
        faults.path()
    );
    install(root.path(), &module);
    let start = Start::bare().arg("--python").arg(python()).arg("--install").arg(root.path());
    let start = start.engine_data().arg("--deadlines").arg("write=5,grace=3600");
    let mut client = start.initialized();
    client.call("create_project", json!({"name": "Film", "frame_rate": 24}));

    let failure = client.fails("api_call", rename("Feature"));

    let text = |failure: &Json, key: &str| failure[key].as_str().expect("a text").to_owned();
    let says =
        "DaVinci Resolve has not answered Project.SetName for 5 s; a dialog is probably open in its window";
    assert_eq!(says, text(&failure, "message"));
    assert!(text(&failure, "hint").starts_with("close the dialog in Resolve's window, or ask the person"));
    let busy = client.fails("api_call", json!({"method": "Project.GetName"}));
    assert_eq!("busy", busy["code"], "{busy}");
    assert!(text(&busy, "hint").contains("close what dialog is open in its window"), "{busy}");
    let status = client.call("status", json!({}));
    assert!(text(&status, "next_step").starts_with("close the dialog that is probably open"), "{status}");

    faults.go_on();
    until("the dialog is closed", || state(&mut client) == "ready");
    assert_eq!("Feature", client.call("api_call", json!({"method": "Project.GetName"}))["value"]);
}

/// A write that never comes back costs its host in the end. It is not made again, and what it has done is for the caller
/// to read back.
fn is_given_up(how: &str, name: &str) {
    let (mut client, _faults) = hanging(how, 5);
    assert_eq!("timed_out", client.fails("api_call", rename("Feature"))["code"]);
    client.request("ping", json!({}));
    assert_eq!("overdue", state(&mut client));

    until("it is given up", || state(&mut client) == "ready");

    assert_eq!((json!("unknown"), json!("interrupted")), newest(&mut client));
    client.call("open_project", json!({"name": name}));
    assert_eq!(json!({"value": name}), client.call("api_call", json!({"method": "Project.GetName"})));
    client.call("api_call", rename("Short"));
}

/// Nothing else in Python can run meanwhile: only the end of the process helps.
#[test]
fn a_write_that_never_comes_back_and_holds_the_lock_is_given_up_and_not_made_again() {
    is_given_up("do = 'hang_holding_gil'", "Film");
}

/// What was done is done, although nobody was told.
#[test]
fn a_write_that_never_comes_back_when_it_is_done_is_given_up_and_not_made_again() {
    is_given_up("do = 'hang'\nafter = true", "Feature");
}

/// A read that hangs is worth no wait: its host is ended at the deadline, and the same call works on the next.
#[test]
fn a_read_that_hangs_may_be_made_again_at_once() {
    let file =
        FaultsFile::new("[[fault]]\nat = 'Project.GetTimelineCount'\ntimes = 1\ndo = 'hang_holding_gil'\n");
    let start = Start::engine().arg("--faults").arg(file.path()).arg("--deadlines").arg("read=5,grace=3600");
    let mut client = start.initialized();
    let host = client.host_pid();

    let failure = client.fails("api_call", json!({"method": "Project.GetTimelineCount"}));

    assert_eq!(
        ("timed_out", &json!(true)),
        (failure["code"].as_str().unwrap(), &failure["may_retry"]),
        "{failure}"
    );
    assert!(failure.get("outcome").is_none(), "{failure}");
    let count = client.call("api_call", json!({"method": "Project.GetTimelineCount"}))["value"].clone();
    assert_eq!(json!(0), count);
    assert_ne!(json!(host), client.call("status", json!({}))["host"]["pid"]);
    assert_eq!(0, client.call("status", json!({}))["counters"]["crashes"]);
}
