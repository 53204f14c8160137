//! Resources, prompts and completion as a client sees them, in both eras of the protocol.

use serde_json::{Value as Json, json};

use crate::client::{Client, Start};
use crate::protocol::sessionless_meta;

/// The JSON of a resource.
fn read(client: &mut Client, uri: &str) -> Json {
    let result = client.request("resources/read", json!({"uri": uri}));
    let content = &result["contents"][0];
    assert_eq!(
        (uri, "application/json"),
        (content["uri"].as_str().unwrap(), content["mimeType"].as_str().unwrap())
    );
    serde_json::from_str(content["text"].as_str().expect("a text")).expect("JSON")
}

fn values(client: &mut Client, reference: Json, argument: &str, value: &str) -> Vec<String> {
    let params = json!({"ref": reference, "argument": {"name": argument, "value": value},
        "context": {"arguments": {"class": "Timeline"}}});
    let result = client.request("completion/complete", params);
    result["completion"]["values"]
        .as_array()
        .unwrap()
        .iter()
        .map(|v| v.as_str().unwrap().to_owned())
        .collect()
}

/// What is open in Resolve is there to be read without a tool call, and an id from one leads to the other.
#[test]
fn what_is_open_can_be_read() {
    let mut client = Start::engine().initialized();
    client.call("create_project", json!({"name": "Read me", "frame_rate": 24}));
    client.call("create_timeline", json!({"name": "Cut 1"}));

    let project = read(&mut client, "resolve://project");
    assert_eq!("Read me", project["project"]["name"]);
    let id = project["timelines"][0]["id"].as_str().expect("an id").to_owned();
    assert_eq!("Cut 1", read(&mut client, &format!("resolve://timeline/{id}"))["timeline"]["name"]);
    assert_eq!(id, read(&mut client, "resolve://timeline/Cut%201")["timeline"]["id"].as_str().unwrap());
    assert_eq!(json!({"jobs": []}), read(&mut client, "resolve://render-queue"));

    let template = json!({"type": "ref/resource", "uri": "resolve://timeline/{id}"});
    assert_eq!(vec![id], values(&mut client, template, "id", ""));
    let prompt = json!({"type": "ref/prompt", "name": "review_markers"});
    assert_eq!(vec!["Cut 1"], values(&mut client, prompt, "timeline", "cut"));
}

/// The scripting API is reading matter, also before anything is connected.
#[test]
fn the_api_can_be_read() {
    let mut client = Start::with_host("silent.sh").initialized();

    let class = read(&mut client, "resolve://api/Timeline");
    assert!(
        class["methods"].as_array().unwrap().iter().any(|method| method["method"] == "Timeline.AddMarker")
    );
    let method = read(&mut client, "resolve://api/Timeline/AddMarker");
    assert_eq!("Timeline.AddMarker", method["method"]);

    let template = || json!({"type": "ref/resource", "uri": "resolve://api/{class}/{method}"});
    assert_eq!(vec!["Timeline", "TimelineItem"], values(&mut client, template(), "class", "timel"));
    assert_eq!(vec!["AddMarker"], values(&mut client, template(), "method", "addm"));
}

/// A wrong address is said in the words that a tool would use.
#[test]
fn a_wrong_address_says_what_there_is() {
    let mut client = Start::with_host("silent.sh").initialized();
    for (uri, nearest) in [
        ("resolve://timelin", None),
        ("file:///etc/passwd", None),
        ("resolve://api/Timeline/AddMarkers", Some("Timeline.AddMarker")),
        ("resolve://reply/0011223344556677", None),
    ] {
        let error = client.error("resources/read", json!({"uri": uri}));
        assert_eq!(-32002, error["code"], "{uri}");
        assert_eq!(nearest, error["data"]["candidates"][0].as_str(), "{uri}");
    }
    assert_eq!(-32602, client.error("resources/read", json!({"uri": 7}))["code"]);
}

/// A long answer is cut, and the whole of it is where the answer says.
#[test]
fn a_cut_answer_is_kept_as_a_resource() {
    let mut client = Start::engine().initialized();
    client.call("create_project", json!({"name": "Long", "frame_rate": 24}));
    let settings = json!({"method": "Project.GetSetting", "args": [""]});
    let calls: Vec<&Json> = std::iter::repeat_n(&settings, 40).collect();

    let cut = client.call("api_batch", json!({ "calls": calls }));
    let uri = cut["cut"]["resource"].as_str().expect("it is kept").to_owned();

    assert!(cut.to_string().len() < 60_000, "{} bytes", cut.to_string().len());
    let whole = read(&mut client, &uri);
    assert_eq!(40, whole["results"].as_array().expect("all of them").len());
    assert_eq!(cut["cut"]["bytes"].as_u64().unwrap(), whole.to_string().len() as u64);
}

/// Lists and prompts in the sessionless era carry how long they may be kept, and the older one has no such fields.
#[test]
fn both_eras_list_the_same() {
    let mut client = Start::with_host("silent.sh").silent();
    let meta = || json!({"_meta": sessionless_meta()});
    let prompts = client.request("prompts/list", meta());
    assert!(prompts["ttlMs"].as_u64().unwrap() > 0 && prompts["resultType"] == "complete");
    assert!(client.request("resources/list", meta())["ttlMs"].as_u64().unwrap() > 0);
    assert_eq!(
        4,
        client.request("resources/templates/list", meta())["resourceTemplates"].as_array().unwrap().len()
    );

    let mut older = Start::with_host("silent.sh").initialized();
    let listed = older.request("prompts/list", json!({}));
    assert!(listed.get("resultType").is_none());
    assert_eq!(prompts["prompts"], listed["prompts"]);
    let arguments = json!({"folder": "/media/day 1"});
    let prompt =
        older.request("prompts/get", json!({"name": "assemble_from_folder", "arguments": arguments}));
    assert!(prompt["messages"][0]["content"]["text"].as_str().unwrap().contains("the media in /media/day 1"));
    assert_eq!(-32602, older.error("prompts/get", json!({"name": "assemble_from_folder"}))["code"]);
}
