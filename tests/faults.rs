//! An engine that goes wrong on demand: what the client hears, how soon, and that nothing else is lost.

use serde_json::json;
use tempfile::TempDir;

use crate::client::{Client, Start};

/// A server whose engine goes wrong as this text says, and the folder of the text.
fn faulty(text: &str) -> (Client, TempDir) {
    let folder = tempfile::Builder::new().prefix("davinci-mcp-test-").tempdir().expect("a temporary folder");
    let file = folder.path().join("faults.toml");
    std::fs::write(&file, text).expect("the folder is writable");
    (Start::engine().arg("--faults").arg(file).initialized(), folder)
}

/// An engine that goes wrong on purpose is never taken for one that is broken.
#[test]
fn faults_are_said_by_status_and_strike_at_their_call() {
    let late = "[[fault]]\nat = \"Resolve.GetCurrentPage\"\ndo = \"answer\"\nvalue = \"struck\"\ncall = 2\n";
    let (mut client, folder) = faulty(late);
    let page = json!({"method": "Resolve.GetCurrentPage"});

    let pages: Vec<_> = (0..3).map(|_| client.call("api_call", page.clone())["value"].take()).collect();

    assert_eq!(vec![json!("media"), json!("struck"), json!("media")], pages);
    let status = client.call("status", json!({}));
    assert_eq!(json!(folder.path().join("faults.toml")), status["faults"]);
}

/// A test with a mistyped fault must not pass because nothing strikes.
#[test]
fn a_wrong_faults_file_is_said_by_every_call() {
    let (mut client, _folder) = faulty("[[fault]]\nat = \"*\"\ndo = \"explode\"\n");

    let failure = client.fails("api_call", json!({"method": "Resolve.GetCurrentPage"}));

    assert_eq!("not_connected", failure["code"], "{failure}");
    assert!(failure["message"].as_str().unwrap().contains("do is 'explode', not one of"), "{failure}");
}

/// Setters of Resolve answer None in place of False: neither is a success that was only not seen.
#[test]
fn none_where_true_or_false_is_promised_is_a_failure() {
    let (mut client, _folder) = faulty("[[fault]]\nat = \"Project.SetName\"\ndo = \"answer\"\n");
    client.call("create_project", json!({"name": "Film", "frame_rate": 24}));

    let failure = client.fails("api_call", json!({"method": "Project.SetName", "args": ["Feature"]}));

    assert_eq!("refused", failure["code"], "{failure}");
    assert!(!failure["message"].as_str().unwrap().contains("reported success"), "{failure}");
}
