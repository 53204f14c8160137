//! The history of what was changed, as an agent, a person and the next server see it.

use std::process::Command;
use std::time::Instant;

use serde_json::{Value as Json, json};

use crate::client::{Client, SERVER, Start};

/// The tools and outcomes of a list of entries.
fn outline(entries: &Json) -> Vec<(&str, &str)> {
    let entries = entries.as_array().expect("a list");
    entries
        .iter()
        .map(|entry| (entry["tool"].as_str().unwrap(), entry["outcome"].as_str().unwrap()))
        .collect()
}

/// What the program writes when it is asked for the journal of this client's user.
fn lines(client: &Client, args: &[&str]) -> Vec<Json> {
    let mut command = Command::new(SERVER);
    let output = command.arg("journal").args(args).env("XDG_STATE_HOME", client.home().join("state"));
    let output = output.output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("text");
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// An agent, or the person behind it, can see who changed what; reads are not in the way.
#[test]
fn every_change_is_listed_and_no_read() {
    let mut client = Start::engine().initialized();
    client.call("create_project", json!({"name": "Film", "frame_rate": 24}));
    client.call("project_read", json!({}));
    client.call("project_edit", json!({"action": "set_name", "args": {"projectName": "Feature"}}));
    client.call("api_call", json!({"method": "Project.GetName"}));
    client.fails("open_project", json!({"name": "No such film"}));
    let steps = json!([{"method": "Project.GetName"}, {"method": "Project.SetName", "args": ["Short"]}]);
    client.call("api_batch", json!({"calls": steps}));

    let history = client.call("history", json!({}));

    let expected = vec![
        ("api_batch", "done"),
        ("open_project", "failed"),
        ("project_edit", "done"),
        ("create_project", "done"),
    ];
    assert_eq!(expected, outline(&history["entries"]));
    assert_eq!(4, history["total"]);
    let failed = &history["entries"][1];
    assert_eq!(
        ("invalid_argument", "tests 1"),
        (failed["code"].as_str().unwrap(), failed["client"].as_str().unwrap())
    );
    assert!(failed["observed"].as_str().unwrap().contains("No such film"), "{failed}");
    assert_eq!(json!({"name": "Film", "frame_rate": 24}), history["entries"][3]["arguments"]);

    let page = client.call("history", json!({"limit": 1, "details": true}));
    assert_eq!(json!(["Feature", true]), page["entries"][0]["observed"]);
    let next = client.call("history", json!({"limit": 1, "cursor": page["next_cursor"]}));
    assert_eq!(vec![("open_project", "failed")], outline(&next["entries"]));
    assert_eq!("invalid_argument", client.fails("history", json!({"cursor": "soon"}))["code"]);
}

/// The journal is also a resource, and a file of lines for other programs; sessions are told apart.
#[test]
fn the_journal_is_a_resource_and_lines() {
    let mut client = Start::engine().initialized();
    assert_eq!(json!([]), client.call("history", json!({}))["entries"]);
    assert!(lines(&client, &[]).is_empty());
    client.call("create_project", json!({"name": "Film", "frame_rate": 24}));

    let read = client.request("resources/read", json!({"uri": "resolve://journal"}));
    let journal: Json = serde_json::from_str(read["contents"][0]["text"].as_str().unwrap()).expect("JSON");
    assert_eq!(vec![("create_project", "done")], outline(&journal["entries"]));
    assert!(journal["entries"][0]["observed"].is_object(), "{journal}");

    let session = client.call("status", json!({}))["journal"]["session"].as_str().unwrap().to_owned();
    assert_eq!(journal["entries"], json!(lines(&client, &["--session", &session])));
    assert!(lines(&client, &["--session", "another"]).is_empty());
}

/// What was answered is in the journal, whatever happens to the server in the next moment; what was not is there as
/// open, so that nobody takes silence for success.
#[cfg(unix)]
#[test]
fn a_killed_server_leaves_a_whole_journal() {
    let mut client = Start::engine().initialized();
    client.call("create_project", json!({"name": "Film", "frame_rate": 24}));
    for name in ["A", "B", "C"] {
        client.call("create_timeline", json!({"name": name}));
    }
    client.start_call("create_timeline", json!({"name": "D"}));
    let killed = Command::new("kill").args(["-9", &client.pid().to_string()]).status().expect("kill runs");
    assert!(killed.success());
    client.wait_for_end(Instant::now());

    let lines = lines(&client, &[]);
    let done: Vec<&str> = lines
        .iter()
        .filter(|line| line["outcome"] == "done" && line["tool"] == "create_timeline")
        .map(|line| line["arguments"]["name"].as_str().unwrap())
        .collect();
    assert!(done.starts_with(&["A", "B", "C"]), "{done:?}");
    assert!(lines.iter().all(|line| line["outcome"] == "done" || line["outcome"] == "open"), "{lines:?}");
}
