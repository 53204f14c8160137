//! Somebody who works in Resolve's window beside the clients, and opens another project or database there: each client
//! hears it once, changes nothing that it does not know of, and finds the way back.

use std::path::PathBuf;
use std::process::Command;

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::backend::install;
use crate::client::{Client, Start, host_program, python};
use crate::http_client::{Http, Session};

/// The scripting module of a Resolve in whose window somebody does what a file says, once, just before a script asks for
/// something.
const WINDOW: &str = "
import os
from resolve_engine import fusionscript


class Window:
    def __init__(self, resolve):
        self._resolve = resolve

    def __dir__(self):
        return dir(self._resolve)

    def __getattr__(self, name):
        if os.path.exists(ASKED):
            with open(ASKED) as asked:
                doing = asked.read()
            os.remove(ASKED)
            exec(doing, {'manager': self._resolve.GetProjectManager()})
        return getattr(self._resolve, name)


def scriptapp(name):
    resolve = fusionscript.scriptapp(name)
    return None if resolve is None else Window(resolve)
";

/// The window of a Resolve.
struct Window {
    root: TempDir,
}

impl Window {
    fn open() -> Self {
        host_program();
        let root = tempfile::tempdir().expect("a temporary folder");
        let window = Self { root };
        let asked = format!("ASKED = {:?}\n", window.asked());
        install(window.root.path(), &(asked + WINDOW));
        window
    }

    fn asked(&self) -> PathBuf {
        self.root.path().join("asked.py")
    }

    /// A server for this Resolve.
    fn server(&self) -> Start {
        let start = Start::bare().arg("--python").arg(python()).arg("--install").arg(self.root.path());
        start.engine_data()
    }

    /// Does this in the window before the next call of a script.
    fn then(&self, doing: &str) {
        let whole = self.root.path().join("whole.py");
        std::fs::write(&whole, doing).expect("the folder is writable");
        std::fs::rename(whole, self.asked()).expect("both are in one folder");
    }
}

/// Makes another database known to the Resolve of this client.
fn add_database(client: &Client, name: &str) {
    let made = Command::new(python())
        .args(["-m", "resolve_engine.store", "add-disk", name])
        .env("RESOLVE_ENGINE_HOME", client.home().join("engine"))
        .status();
    assert!(made.expect("the Python of the virtual environment runs").success());
}

fn name_of(timeline: &Json) -> Json {
    json!({"method": "Timeline.GetName", "on": timeline})
}

/// Another database holds other projects: what was meant for a project of before is not done in one of these.
#[test]
fn another_database_is_told_and_nothing_is_changed_in_it() {
    let window = Window::open();
    let mut client = window.server().initialized();
    client.call("create_project", json!({"name": "Film", "frame_rate": 24}));
    let timeline = client.call("create_timeline", json!({"name": "Cut 1"}))["timeline"]["id"].clone();
    add_database(&client, "Spots");

    window.then("assert manager.SetCurrentDatabase({'DbType': 'Disk', 'DbName': 'Spots'})");
    let failure = client.fails("create_timeline", json!({"name": "Cut 2"}));

    let change =
        "the open database was 'Local Database' and is 'Spots' now, which no call of this server has done";
    let way_back = "go back to the database 'Local Database' with ProjectManager.SetCurrentDatabase";
    for failure in [failure, client.fails("api_call", name_of(&timeline))] {
        assert_eq!("stale", failure["code"], "{failure}");
        assert!(failure["message"].as_str().unwrap().contains(change), "{failure}");
        assert!(failure["hint"].as_str().unwrap().contains(way_back), "{failure}");
    }

    // The way back, as it was told.
    let local = json!({"DbType": "Disk", "DbName": "Local Database"});
    let back = json!({"method": "ProjectManager.SetCurrentDatabase", "args": [local], "confirm": true});
    client.call("api_call", back);
    client.call("open_project", json!({"name": "Film"}));
    assert_eq!(json!({"value": "Cut 1"}), client.call("api_call", name_of(&timeline)));
    assert!(client.call("project_read", json!({})).get("notice").is_none(), "its own calls are no news");
}

/// Who only reads is told beside an answer.
#[test]
fn another_database_is_told_beside_an_answer() {
    let window = Window::open();
    let mut client = window.server().initialized();
    client.call("create_project", json!({"name": "Film", "frame_rate": 24}));
    add_database(&client, "Spots");

    window.then("assert manager.SetCurrentDatabase({'DbType': 'Disk', 'DbName': 'Spots'})");
    let read = client.call("project_read", json!({}));

    let notice = read["notice"].as_str().unwrap_or_else(|| panic!("nothing is told: {read}"));
    assert!(notice.starts_with("the open database was 'Local Database' and is 'Spots' now"), "{notice}");
    assert!(client.call("project_read", json!({})).get("notice").is_none(), "it is told twice");

    // What is opened there is another project than the one that was told.
    window.then("assert manager.CreateProject('Teaser')");
    let read = client.call("project_read", json!({}));
    let notice = read["notice"].as_str().unwrap_or_else(|| panic!("nothing is told: {read}"));
    assert!(notice.contains("is 'Teaser' now"), "{notice}");
}

/// Several clients work with one Resolve. Each hears for itself of another project, once; of one that a client has opened
/// all others hear.
#[test]
fn each_client_hears_of_another_project_once() {
    let window = Window::open();
    let http = Http::start(window.server());
    let clients =
        [Session::open(&http, "2025-11-25"), Session::open(&http, "2025-06-18"), Session::none(&http)];
    clients[0].call("create_project", json!({"name": "Film", "frame_rate": 24}));
    // What each hears beside an answer that is made from memory.
    let hears = |client: &Session| client.call("status", json!({})).get("notice").cloned();
    let news: Vec<Option<Json>> = clients.iter().map(hears).collect();
    assert_eq!(None, news[0], "a call of its own");

    window.then("assert manager.CreateProject('Spot')");
    let read = clients[1].call("project_read", json!({}));
    let told = "the open project was 'Film' and is 'Spot' now, which no call of this server has done; ";
    assert!(read["notice"].as_str().is_some_and(|notice| notice.starts_with(told)), "{read}");
    assert_eq!(None, hears(&clients[1]), "it is told twice");
    for client in [&clients[0], &clients[2]] {
        let notice = hears(client);
        let text = notice.as_ref().and_then(Json::as_str).unwrap_or_default();
        assert!(text.starts_with(told), "{notice:?}");
        assert_eq!(None, hears(client), "it is told twice");
    }

    clients[2].call("open_project", json!({"name": "Film"}));
    assert_eq!(None, hears(&clients[2]), "a call of its own");
    let change = json!({"name": "create_timeline", "arguments": {"name": "Cut 1"}});
    let refused = clients[0].request("tools/call", change.clone());
    let body = crate::client::body_of(&refused);
    assert_eq!("stale", body["code"], "{body}");
    assert!(
        body["message"].as_str().unwrap().contains("the open project was 'Spot' and is 'Film' now"),
        "{body}"
    );
    let made = clients[0].request("tools/call", change);
    assert_eq!(false, made["isError"], "{made}");
    assert!(hears(&clients[1]).is_some());
}
