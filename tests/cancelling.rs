//! A client that cancels a call: before its start it never happens; while it runs the client is free, and the history
//! says that nobody knows until somebody does. In both eras, and over HTTP by closing the connection.

use std::io::Write;

use serde_json::{Value as Json, json};

use crate::client::{Client, Start};
use crate::faults_file::FaultsFile;
use crate::http_client::{Http, Session};
use crate::protocol::sessionless_meta;
use crate::until::until;

/// A server whose engine does not come back from the first `Project.SetName` until it is let go on.
fn slow() -> (Start, FaultsFile) {
    let file =
        FaultsFile::new("[[fault]]\nat = 'Project.SetName'\ntimes = 1\ndo = 'hang'\nuntil = 'GOES_ON'\n");
    (Start::engine().arg("--faults").arg(file.path()), file)
}

fn rename(name: &str) -> Json {
    json!({"method": "Project.SetName", "args": [name]})
}

/// The outcome and the code of the call that gave the project this name.
fn outcome(history: &Json, name: &str) -> (Json, Json) {
    let entries = history["entries"].as_array().expect("a list");
    let entry = entries.iter().find(|entry| entry["arguments"]["args"] == json!([name]));
    let entry = entry.unwrap_or_else(|| panic!("{name} is not noted: {history}"));
    (entry["outcome"].clone(), entry["code"].clone())
}

/// A client of one of the eras, whose requests say of themselves what its era wants.
struct Either {
    client: Client,
    sessionless: bool,
}

impl Either {
    fn params(&self, tool: &str, arguments: Json) -> Json {
        let mut params = json!({"name": tool, "arguments": arguments});
        if self.sessionless {
            params["_meta"] = sessionless_meta();
        }
        params
    }

    fn start(&mut self, tool: &str, arguments: Json) -> u64 {
        let params = self.params(tool, arguments);
        self.client.send("tools/call", params)
    }

    fn call(&mut self, tool: &str, arguments: Json) -> Json {
        let id = self.start(tool, arguments);
        crate::client::body_of(&self.client.result(id))
    }

    fn cancel(&mut self, id: u64) {
        let mut params = json!({"requestId": id, "reason": "the person has changed their mind"});
        if self.sessionless {
            params["_meta"] = sessionless_meta();
        }
        self.client.notify("notifications/cancelled", params);
    }
}

/// The call that runs goes on alone, the one behind it never starts, and what comes next sees the one and not the other.
#[test]
fn a_cancelled_call_is_withdrawn_or_left_to_itself() {
    for sessionless in [false, true] {
        let (start, faults) = slow();
        let mut client = Either { client: start.silent(), sessionless };
        if !sessionless {
            client.client.initialize("2025-11-25");
        }
        client.call("create_project", json!({"name": "Film", "frame_rate": 24}));
        let running = client.start("api_call", rename("Feature"));
        until("the first call runs", || {
            client.call("status", json!({}))["host"]["method"] == "Project.SetName"
        });
        let waiting = client.start("api_call", rename("Short"));
        until("the second call waits", || client.call("status", json!({}))["queue"]["depth"] == 2);

        client.cancel(running);
        client.cancel(waiting);

        until("both are noted", || {
            let history = client.call("history", json!({}));
            outcome(&history, "Feature") == (json!("unknown"), json!("cancelled"))
                && outcome(&history, "Short") == (json!("not_started"), json!("cancelled"))
        });
        faults.go_on();
        until("the first call is over", || {
            outcome(&client.call("history", json!({})), "Feature") == (json!("done"), Json::Null)
        });
        let name = client.call("api_call", json!({"method": "Project.GetName"}));
        assert_eq!(json!({"value": "Feature"}), name, "sessionless: {sessionless}");
        let answered = |message: &Json| message["id"] == running || message["id"] == waiting;
        assert!(!client.client.other.iter().any(answered), "a cancelled request is not answered");
    }
}

/// Over HTTP a client without a session cancels by closing the connection.
#[test]
fn a_connection_that_is_closed_cancels_its_call() {
    let (start, faults) = slow();
    let http = Http::start(start);
    let client = Session::none(&http);
    client.call("create_project", json!({"name": "Film", "frame_rate": 24}));
    let call = client.message("tools/call", json!({"name": "api_call", "arguments": rename("Feature")}));
    let body = call.to_string();
    let version = ("MCP-Protocol-Version", "2026-07-28");
    let head =
        http.head("POST", &[version, ("Mcp-Method", "tools/call"), ("Mcp-Name", "api_call")], body.len());
    let mut connection = http.connect();
    connection.write_all(format!("{head}{body}").as_bytes()).expect("the server reads");
    until("the call runs", || client.call("status", json!({}))["host"]["method"] == "Project.SetName");

    drop(connection);

    until("it is noted", || {
        outcome(&client.call("history", json!({})), "Feature") == (json!("unknown"), json!("cancelled"))
    });
    faults.go_on();
    until("it is over", || {
        outcome(&client.call("history", json!({})), "Feature") == (json!("done"), Json::Null)
    });
}
