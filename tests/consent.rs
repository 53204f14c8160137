//! Consent: what undo does not bring back is destroyed only when the person agrees, however they can be asked.

use serde_json::{Value as Json, json};

use crate::client::{Client, Start, body_of};

/// A client that opens a session, which can or cannot ask the person, on a project with a timeline to lose.
fn with_timelines(capabilities: Json) -> Client {
    let mut client = Start::engine().silent();
    let params = json!({
        "protocolVersion": "2025-11-25",
        "capabilities": capabilities,
        "clientInfo": {"name": "tests", "version": "1"}
    });
    client.request("initialize", params);
    client.notify("notifications/initialized", json!({}));
    client.call("create_project", json!({"name": "Film", "frame_rate": 24}));
    client.call("create_timeline", json!({"name": "Old cut"}));
    client.call("create_timeline", json!({"name": "Cut"}));
    client
}

/// What deletes the older timeline.
fn deletion() -> Json {
    json!({"action": "delete_timelines", "args": {"timelines": ["Old cut"]}})
}

/// How many timelines there are, without the copies that are kept for an undo.
fn timelines(client: &mut Client) -> usize {
    count(&client.call("project_read", json!({})))
}

fn count(read: &Json) -> usize {
    let timelines = read["timelines"].as_array().expect("timelines").iter();
    timelines.filter(|timeline| !timeline["name"].as_str().expect("a name").contains(" - before ")).count()
}

/// Starts the deletion, answers the question that comes with `action`, and returns the question and the result.
fn answered(client: &mut Client, confirm: bool, action: &str) -> (Json, Json) {
    let mut arguments = deletion();
    arguments["confirm"] = confirm.into();
    let id = client.start_call("timeline_delete", arguments);
    let question = loop {
        let (_, message) = client.next_message().expect("a question");
        if message["method"] == "elicitation/create" {
            break message;
        }
        assert!(message.get("method").is_some(), "answered without a question: {message}");
    };
    let answer = json!({"jsonrpc": "2.0", "id": question["id"], "result": {"action": action, "content": {}}});
    client.write_line(&answer.to_string());
    (question["params"].clone(), client.result(id))
}

/// Where the client cannot ask, the first call is refused with what it would do; the same with confirm is made.
#[test]
fn a_client_that_cannot_ask_confirms() {
    let mut client = with_timelines(json!({}));

    let failed = client.fails("timeline_delete", deletion());

    assert_eq!("consent_required", failed["code"], "{failed}");
    assert!(failed["message"].as_str().expect("a message").contains("'Old cut'"), "{failed}");
    assert_eq!("MediaPool.DeleteTimelines", failed["plan"]["would_call"], "{failed}");
    assert_eq!(2, timelines(&mut client));
    let mut confirmed = deletion();
    confirmed["confirm"] = true.into();
    client.call("timeline_delete", confirmed);
    assert_eq!(1, timelines(&mut client));
}

/// In the older era the person is asked by a request; only `accept` is consent, and confirm does not stand for it.
#[test]
fn a_person_is_asked_in_a_session() {
    let mut client = with_timelines(json!({"elicitation": {}}));

    for no in ["decline", "cancel"] {
        let (question, result) = answered(&mut client, true, no);
        let body = body_of(&result);
        assert!(question["message"].as_str().expect("a message").contains("'Old cut'"), "{question}");
        assert_eq!("object", question["requestedSchema"]["type"], "{question}");
        assert_eq!(("refused", true), (body["code"].as_str().expect("a code"), result["isError"] == true));
        assert!(body["message"].as_str().expect("a message").ends_with(no), "{body}");
        assert_eq!(2, timelines(&mut client));
    }
    let (_, result) = answered(&mut client, false, "accept");
    assert_eq!(false, result["isError"], "{result}");
    assert_eq!(1, timelines(&mut client));
}

/// The parameters of a call in the sessionless era.
fn round(arguments: Json, brought: Option<(Json, &str)>) -> Json {
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": {"name": "tests", "version": "1"},
        "io.modelcontextprotocol/clientCapabilities": {"elicitation": {"form": {}}}
    });
    let mut params = json!({"name": "timeline_delete", "arguments": arguments, "_meta": meta});
    if let Some((state, action)) = brought {
        params["requestState"] = state;
        params["inputResponses"] = json!({"consent": {"action": action, "content": {}}});
    }
    params
}

/// In the newer era the answer wants the person's input, and the same call with it is made. A consent to one call is none
/// to another, and a state that was changed is none at all.
#[test]
fn a_person_is_asked_in_rounds() {
    let mut client = Start::engine().silent();
    let call = |client: &mut Client, tool: &str, arguments: Json| {
        let mut params = round(arguments, None);
        params["name"] = tool.into();
        client.request("tools/call", params)
    };
    call(&mut client, "create_project", json!({"name": "Film", "frame_rate": 24}));
    for name in ["Old cut", "Older cut", "Cut"] {
        call(&mut client, "create_timeline", json!({"name": name}));
    }
    let count = |client: &mut Client| self::count(&body_of(&call(client, "project_read", json!({}))));

    let wanted = client.request("tools/call", round(deletion(), None));

    assert_eq!("input_required", wanted["resultType"], "{wanted}");
    let question = &wanted["inputRequests"]["consent"];
    assert_eq!("elicitation/create", question["method"], "{wanted}");
    assert!(question["params"]["message"].as_str().expect("a message").contains("'Old cut'"), "{wanted}");
    assert_eq!(3, count(&mut client));
    let state = wanted["requestState"].clone();
    let no = client.request("tools/call", round(deletion(), Some((state.clone(), "decline"))));
    assert_eq!("refused", body_of(&no)["code"]);
    let other = json!({"action": "delete_timelines", "args": {"timelines": ["Older cut"]}});
    let changed = json!(format!("{}x", state.as_str().expect("a state")));
    for (arguments, state) in [(other, state.clone()), (deletion(), changed)] {
        let again = client.request("tools/call", round(arguments, Some((state, "accept"))));
        assert_eq!("input_required", again["resultType"], "{again}");
    }
    assert_eq!(3, count(&mut client));
    let done = client.request("tools/call", round(deletion(), Some((state, "accept"))));
    assert_eq!(false, done["isError"], "{done}");
    assert_eq!(2, count(&mut client));
}

/// Nobody is asked for what undo brings back, for what only reads, and for what would be refused anyway; a batch is
/// asked for as a whole.
#[test]
fn only_what_is_lost_is_asked_for() {
    let mut client = with_timelines(json!({}));
    client.call("add_marker", json!({"position": 1, "color": "Blue"}));
    client.call(
        "timeline_delete",
        json!({"action": "timeline_delete_markers_by_color", "args": {"color": "Blue"}}),
    );

    let open = json!({"action": "delete_timelines", "args": {"timelines": ["Cut"]}});
    assert_eq!("refused", client.fails("timeline_delete", open)["code"]);
    let calls = json!([
        {"method": "Project.GetTimelineByIndex", "args": [1]},
        {"method": "MediaPool.DeleteTimelines", "args": [[{"$step": 0}]]},
    ]);
    let failed = client.fails("api_batch", json!({"calls": calls}));
    assert_eq!("consent_required", failed["code"], "{failed}");
    assert!(failed["message"].as_str().expect("a message").contains("'Old cut'"), "{failed}");
    assert_eq!(2, timelines(&mut client));
    client.call("api_batch", json!({"calls": calls, "confirm": true}));
    assert_eq!(1, timelines(&mut client));
}
