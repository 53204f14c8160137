//! The protocol itself: both eras, every version, and what is malformed.

use serde_json::{Value as Json, json};

use crate::client::{Client, Start};
use crate::until::until;

/// Every version with an `initialize` handshake that a client in use asks for.
const HANDSHAKE_VERSIONS: [&str; 4] = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];

/// The version without sessions.
const SESSIONLESS: &str = "2026-07-28";

/// The metadata that each request of the sessionless era carries.
pub fn sessionless_meta() -> Json {
    json!({
        "io.modelcontextprotocol/protocolVersion": SESSIONLESS,
        "io.modelcontextprotocol/clientInfo": {"name": "tests", "version": "1"},
        "io.modelcontextprotocol/clientCapabilities": {}
    })
}

/// A server whose host never says hello: it stands in for a Python that takes long to start.
fn with_silent_host() -> Client {
    Start::with_host("silent.sh").silent()
}

fn names(list: &Json) -> Vec<&str> {
    list["tools"]
        .as_array()
        .expect("tools")
        .iter()
        .map(|tool| tool["name"].as_str().expect("a name"))
        .collect()
}

/// A client of any age is answered in its own version, and one from the future in the newest handshake.
#[test]
fn each_version_is_answered_in_itself() {
    for version in HANDSHAKE_VERSIONS {
        let mut client = with_silent_host();
        let result = client.initialize(version);
        assert_eq!(version, result["protocolVersion"]);
        assert_eq!("davinci-resolve-mcp", result["serverInfo"]["name"]);
        assert!(
            result["instructions"].as_str().is_some_and(|text| text.len() < 2000),
            "instructions stay short"
        );
        assert!(
            client.request("tools/list", json!({}))["tools"].as_array().is_some_and(|tools| tools.len() > 2)
        );
    }
    for unknown in ["1900-01-01", "2099-12-31", SESSIONLESS] {
        assert_eq!("2025-11-25", with_silent_host().initialize(unknown)["protocolVersion"]);
    }
}

/// No list ever changes, and a client that is told otherwise opens a subscription for it.
#[test]
fn no_change_of_a_list_is_advertised() {
    let result = with_silent_host().initialize("2025-11-25");

    let expected = json!({"completions": {}, "prompts": {}, "resources": {}, "tools": {}});
    assert_eq!(expected, result["capabilities"]);
}

/// Claude Code opens with `server/discover` and gives up after 3 s; Python may take longer than that to start.
#[test]
fn discover_and_the_list_are_answered_before_python() {
    let mut client = with_silent_host();

    let discovered = client.request("server/discover", json!({"_meta": sessionless_meta()}));
    let versions: Vec<&str> =
        discovered["supportedVersions"].as_array().unwrap().iter().filter_map(Json::as_str).collect();
    assert!(versions.contains(&SESSIONLESS) && versions.contains(&"2025-11-25"), "{versions:?}");
    assert!(discovered["ttlMs"].as_u64().unwrap() > 0);
    assert_eq!("davinci-resolve-mcp", discovered["_meta"]["io.modelcontextprotocol/serverInfo"]["name"]);

    let list = client.request("tools/list", json!({"_meta": sessionless_meta()}));
    assert!(list["ttlMs"].as_u64().unwrap() > 0);
    assert_eq!("complete", list["resultType"]);
    assert!(names(&list).contains(&"api_call"));
    let status =
        client.request("tools/call", json!({"_meta": sessionless_meta(), "name": "status", "arguments": {}}));
    assert_eq!("starting", status["structuredContent"]["host"]["state"]);
}

/// A probe may be followed by either era.
#[test]
fn initialize_may_follow_discover() {
    let mut client = with_silent_host();
    client.request("server/discover", json!({"_meta": sessionless_meta()}));

    assert_eq!("2025-11-25", client.initialize("2025-11-25")["protocolVersion"]);
    assert!(names(&client.request("tools/list", json!({}))).contains(&"status"));
}

/// Claude Code cancels a probe that it gave up on; rmcp by itself ends the process at that.
#[test]
fn a_notification_before_the_first_request_does_no_harm() {
    let mut client = with_silent_host();
    client.notify("notifications/cancelled", json!({"requestId": 0, "reason": "too late"}));
    client.request("server/discover", json!({"_meta": sessionless_meta()}));
    client.notify("notifications/cancelled", json!({"requestId": 1}));
    client.notify("notifications/initialized", json!({}));

    client.initialize("2025-06-18");
    client.request("ping", json!({}));
}

/// The sessionless era declares itself in every request; what lacks it gets an error with its id, not silence.
#[test]
fn a_request_without_session_or_metadata_is_an_error() {
    let mut client = with_silent_host();

    let error = client.error("tools/list", json!({}));
    assert_eq!(-32602, error["code"]);
    client.request("tools/list", json!({"_meta": sessionless_meta()}));
}

/// The one mistake of a call that is an error of the protocol, with the name that was probably meant.
#[test]
fn an_unknown_tool_is_an_error_of_the_protocol() {
    let mut client = with_silent_host();
    client.initialize("2025-11-25");

    let error = client.error("tools/call", json!({"name": "create_projct", "arguments": {}}));
    assert_eq!(-32602, error["code"]);
    assert_eq!("create_project", error["data"]["nearest"]);

    let error = client.error("tools/call", json!({"name": "make_coffee", "arguments": {}}));
    assert_eq!("unknown tool 'make_coffee'", error["message"]);
}

/// Each malformed request is answered or ignored, and the session goes on.
#[test]
fn malformed_lines_do_no_harm() {
    let mut client = with_silent_host();
    client.initialize("2025-11-25");
    for line in [
        "",
        "not json",
        "{\"jsonrpc\": \"2.0\", \"id\": 1",
        "[]",
        "42",
        "\u{feff}{}",
        "{\"jsonrpc\":\"2.0\",\"method\":\"no/such/notification\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":900,\"result\":{}}",
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":12345}}",
    ] {
        client.write_line(line);
    }

    assert_eq!(-32601, client.error("no/such/method", json!({}))["code"]);
    assert_eq!(-32602, client.error("tools/call", json!({"name": 7}))["code"]);
    assert_eq!(-32602, client.error("tools/call", json!({"name": "status", "arguments": [1]}))["code"]);
    assert_eq!(-32602, client.error("tools/list", json!({"cursor": "mine"}))["code"]);
    assert_eq!("starting", client.call("status", json!({}))["host"]["state"]);
}

/// A line longer than any request is dropped without taking the session or the memory with it.
#[test]
fn an_endless_line_is_dropped() {
    let mut client = with_silent_host();
    client.initialize("2025-11-25");
    client.write_line(&format!("{{\"x\": \"{}\"}}", "x".repeat(17 << 20)));

    client.request("ping", json!({}));
}

/// Ids may be text, and answers come under the id that was asked with.
#[test]
fn ids_come_back_as_they_were() {
    let mut client = with_silent_host();
    client.initialize("2025-11-25");
    client.write_line("{\"jsonrpc\":\"2.0\",\"id\":\"a-7\",\"method\":\"ping\"}");

    let (_, answer) = client.next_message().expect("an answer");
    assert_eq!(json!({"jsonrpc": "2.0", "id": "a-7", "result": {}}), answer);
}

/// A client that sends everything and closes (`printf … | server`) still gets what was answered at once.
#[test]
fn what_was_answered_is_sent_although_the_input_has_ended() {
    let mut client = with_silent_host();
    client.initialize("2025-11-25");
    let id = client.send("tools/list", json!({}));
    client.end_input();

    assert!(names(&client.result(id)).contains(&"status"));
    assert!(client.next_message().is_none(), "stdout ends with the server");
}

/// A client that asked for progress sees that a slow call is alive, and one that did not is left in peace. What waits for
/// its turn has not begun to be counted, and still rises.
#[test]
fn a_slow_call_gives_signs_of_life() {
    let mut client = with_silent_host();
    client.initialize("2025-11-25");
    let call = json!({"method": "Resolve.GetCurrentPage"});
    client.start_call("api_call", call.clone());
    let params = json!({"name": "api_call", "arguments": call, "_meta": {"progressToken": "mine"}});
    client.send("tools/call", params);

    let (_, sign) = client.next_message().expect("a sign");
    assert_eq!("notifications/progress", sign["method"]);
    assert_eq!(
        ("mine", 0.0),
        (sign["params"]["progressToken"].as_str().unwrap(), sign["params"]["progress"].as_f64().unwrap())
    );
    let (_, next) = client.next_message().expect("another");
    assert!(next["params"]["progress"].as_f64().is_some_and(|number| number > 0.0), "{next}");
}

/// A call that waits for a host that never comes up is cancelled by its client and answered no more.
#[test]
fn a_cancelled_call_is_not_answered() {
    let mut client = with_silent_host();
    client.initialize("2025-11-25");
    let id = client.start_call("api_call", json!({"method": "Resolve.GetCurrentPage"}));
    client.notify("notifications/cancelled", json!({"requestId": id}));

    // Whatever the server had to say about the call is before the answer to what was asked later.
    client.request("ping", json!({}));
    until("no call waits", || client.call("status", json!({}))["queue"]["depth"] == 0);
    client.end_input();
    while let Some((_, message)) = client.next_message() {
        assert_ne!(Some(id), message["id"].as_u64(), "a cancelled call was answered");
    }
}
