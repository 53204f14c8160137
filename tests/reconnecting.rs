//! A Resolve that is not there yet, quits, comes back with another project, or crashes the interpreter: what a client
//! hears each time, and that the session goes on by itself.

use std::process::Command;

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::backend::install;
use crate::client::{Client, Start, host_program, python};
use crate::until::until;

/// A server whose engine goes wrong once at `at`, with a project and a timeline; and the timeline's id.
fn cutting(at: &str, how: &str) -> (Client, Json, TempDir) {
    let folder = tempfile::Builder::new().prefix("davinci-mcp-test-").tempdir().expect("a temporary folder");
    let file = folder.path().join("faults.toml");
    std::fs::write(&file, format!("[[fault]]\nat = \"{at}\"\ntimes = 1\n{how}\n"))
        .expect("the folder is writable");
    let mut client = Start::engine().arg("--faults").arg(file).initialized();
    client.call("create_project", json!({"name": "Film", "frame_rate": 24}));
    let made = client.call("create_timeline", json!({"name": "Cut 1"}));
    let id = made["timeline"]["id"].clone();
    assert!(id.is_string(), "{made}");
    (client, id, folder)
}

/// Another program makes a project on the same data and leaves it open: it is the one that is open after the next start.
fn leave_spot_open(client: &Client) {
    let script = "import os\nfrom DaVinciResolveScript import scriptapp\n\
                  made = scriptapp('Resolve').GetProjectManager().CreateProject('Spot')\nos._exit(0 if made else 1)\n";
    let ended = Command::new(python())
        .args(["-c", script])
        .env("RESOLVE_ENGINE_HOME", client.home().join("engine"))
        .status()
        .expect("the Python of the virtual environment runs");
    assert!(ended.success());
}

fn name_of(timeline: &Json) -> Json {
    json!({"method": "Timeline.GetName", "on": timeline})
}

fn is_connected(client: &mut Client) -> bool {
    client.call("status", json!({}))["connected"] == true
}

/// What a failure says: its code, its message and its hint.
fn said(failure: &Json) -> (&str, &str, &str) {
    let text = |key: &str| failure[key].as_str().expect("a text");
    (text("code"), text("message"), text("hint"))
}

/// Resolve is started after the server: calls say what to do, the status sees it come, and nobody starts anything anew.
#[test]
fn a_resolve_that_is_started_later_is_found() {
    host_program();
    let root = tempfile::tempdir().expect("a temporary folder");
    let gate = root.path().join("running");
    let module = format!(
        "import os\nfrom resolve_engine.fusionscript import scriptapp as answer\n\n\ndef scriptapp(name):\n    \
         return answer(name) if os.path.exists({gate:?}) else None\n"
    );
    install(root.path(), &module);
    let start = Start::bare().arg("--python").arg(python()).arg("--install").arg(root.path());
    let mut client = start.engine_data().initialized();

    let failure = client.fails("project_read", json!({}));
    let (code, message, hint) = said(&failure);
    assert_eq!(("not_connected", &json!(true)), (code, &failure["may_retry"]), "{failure}");
    assert!(message.contains("is not running") && hint.contains("start DaVinci Resolve"), "{failure}");
    assert!(!is_connected(&mut client));

    std::fs::write(&gate, "").expect("a file is written");

    until("the status sees it come", || is_connected(&mut client));
    client.call("project_read", json!({}));
}

/// Resolve quits in mid session and comes back without the project: the id of before is stale, with the way back to it,
/// and works again when the project is open.
#[test]
fn a_resolve_that_comes_back_with_another_project_is_told() {
    let (mut client, timeline, _folder) =
        cutting("Timeline.GetStartTimecode", "do = \"lose_connection\"\nattempts = 1");
    leave_spot_open(&client);

    let failure = client.fails("api_call", json!({"method": "Timeline.GetStartTimecode"}));
    let (code, message, _) = said(&failure);
    assert_eq!("not_connected", code, "{failure}");
    assert!(message.contains("DaVinci Resolve Studio 21.1.0.14 has quit during the session"), "{failure}");
    assert!(failure.get("notice").is_none(), "that no project is open is no news: {failure}");
    assert!(!is_connected(&mut client));

    until("it is found again", || is_connected(&mut client));
    let failure = client.fails("api_call", name_of(&timeline));
    let (code, message, hint) = said(&failure);
    assert_eq!("stale", code, "{failure}");
    let change = "DaVinci Resolve was started anew; the open project was 'Film' and is 'Spot' now";
    assert!(message.contains(change), "{failure}");
    assert!(hint.contains("open 'Film' again with open_project"), "{failure}");

    client.call("open_project", json!({"name": "Film"}));
    assert_eq!(json!({"value": "Cut 1"}), client.call("api_call", name_of(&timeline)));
}

/// A write that was under way when Resolve quit may have happened: it is unknown, and not to be repeated unseen.
#[test]
fn a_write_on_a_connection_that_was_lost_is_unknown() {
    let (mut client, _, _folder) =
        cutting("Project.SetName", "do = \"lose_connection\"\nattempts = 1\nafter = true");

    let failure = client.fails("api_call", json!({"method": "Project.SetName", "args": ["Feature"]}));

    let (code, message, hint) = said(&failure);
    assert_eq!(
        ("not_connected", &json!(false), &json!("unknown")),
        (code, &failure["may_retry"], &failure["outcome"]),
        "{failure}"
    );
    assert!(message.contains("lost during Project.SetName") && hint.contains("read back"), "{failure}");
    assert_eq!("unknown", client.call("history", json!({"limit": 1}))["entries"][0]["outcome"]);
    until("it is found again", || is_connected(&mut client));
    client.call("open_project", json!({"name": "Feature"}));
}

/// After a crash another project may be open than before. A change that was meant for the one of before must not land
/// there: it is refused once, with the way back.
#[test]
fn after_a_crash_nothing_is_changed_in_the_wrong_project() {
    let (mut client, timeline, _folder) = cutting("Timeline.GetStartTimecode", "do = \"segfault\"");
    leave_spot_open(&client);
    assert_eq!(
        "interrupted",
        client.fails("api_call", json!({"method": "Timeline.GetStartTimecode"}))["code"]
    );

    let failure = client.fails("create_timeline", json!({"name": "Cut 2"}));

    let (code, message, hint) = said(&failure);
    assert_eq!("stale", code, "{failure}");
    let change = "the interpreter was started anew; the open project was 'Film' and is 'Spot' now";
    assert!(message.contains(change) && hint.contains("open 'Film' again with open_project"), "{failure}");
    assert_eq!("stale", client.fails("api_call", name_of(&timeline))["code"]);
    client.call("open_project", json!({"name": "Film"}));
    assert_eq!(json!({"value": "Cut 1"}), client.call("api_call", name_of(&timeline)));
    client.call("create_timeline", json!({"name": "Cut 2"}));
}

/// Who only looks is told beside an answer, once; and an id of a project that a call has closed leads back to it.
#[test]
fn another_project_is_told_beside_an_answer_once() {
    let (mut client, timeline, _folder) = cutting("Timeline.GetStartTimecode", "do = \"segfault\"");
    leave_spot_open(&client);
    client.fails("api_call", json!({"method": "Timeline.GetStartTimecode"}));

    let page = client.call("api_call", json!({"method": "Resolve.GetCurrentPage"}));

    let notice = page["notice"].as_str().unwrap_or_else(|| panic!("nothing is told: {page}"));
    assert!(notice.starts_with("the interpreter was started anew; the open project was 'Film'"), "{notice}");
    assert!(notice.contains("open 'Film' again with open_project"), "{notice}");
    assert!(client.call("status", json!({})).get("notice").is_none(), "it is told twice");
    client.call("open_project", json!({"name": "Film"}));
    client.call("open_project", json!({"name": "Spot"}));
    let failure = client.fails("api_call", name_of(&timeline));
    let (code, message, hint) = said(&failure);
    assert_eq!("stale", code, "{failure}");
    assert!(message.contains("the open project was 'Film' and is 'Spot' now"), "{failure}");
    assert!(hint.contains("open 'Film' again with open_project"), "{failure}");
}
