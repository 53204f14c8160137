//! A session of the journal, made again in a new project.

use std::process::{Command, Output};

use serde_json::{Value as Json, json};

use crate::client::{Client, SERVER, Start, python};
use crate::media::film;
use crate::until::until;

/// Runs the program on what this client's server wrote and works with.
fn replay(client: &Client, session: &str, project: &str) -> Output {
    let mut command = Command::new(SERVER);
    command.args(["--backend", "engine", "--replay", session, "--into", project]);
    command.arg("--python").arg(python()).env("XDG_STATE_HOME", client.home().join("state"));
    command.env("DAVINCI_MCP_ENGINE_HOME", client.home().join("engine"));
    command.output().expect("it runs")
}

/// The report: which tools, and what became of them.
fn report(output: &Output) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(&output.stdout);
    let line = |line: &str| serde_json::from_str::<Json>(line).expect("a JSON line");
    let told = |line: Json| {
        (line["tool"].as_str().unwrap().to_owned(), line["outcome"].as_str().unwrap().to_owned())
    };
    text.lines().map(line).map(told).collect()
}

/// All that stands on the open timeline, without ids: those are other ones in another project.
fn cut(client: &mut Client) -> Json {
    let mut read = client.call("timeline_read", json!({}));
    let items: Vec<Json> = read["items"].as_array().expect("items").clone();
    let mut properties = Vec::new();
    for item in &items {
        let call = json!({"method": "TimelineItem.GetProperties", "on": item["id"]});
        properties.push(client.call("api_call", call)["value"].clone());
    }
    for item in read["items"].as_array_mut().expect("items") {
        let item = item.as_object_mut().expect("an item");
        item.remove("id");
        item.remove("media_pool_item");
    }
    read["timeline"].as_object_mut().expect("a timeline").remove("id");
    read.as_object_mut().expect("an object").remove("revision");
    json!([read, properties])
}

/// What an agent found out once can be had again, on the same timeline in a fresh project: each change is made once, on
/// the objects that stand for the first ones, and what failed or was taken back is not made.
#[test]
fn a_session_is_made_again_in_a_new_project() {
    let mut client = Start::engine().initialized();
    let film = film(&client.home().join("film.mp4"), 48);
    client.call("create_project", json!({"name": "Film", "frame_rate": 24}));
    let clip = client.call("import_media", json!({"paths": [film]}))["imported"][0]["id"].clone();
    client.call("create_timeline", json!({"name": "Cut"}));
    let two = json!([{"media_pool_item": clip, "start": 0, "end": 24}, {"media_pool_item": clip, "start": 30, "end": 40}]);
    let placed = client.call("append_to_timeline", json!({"clips": two}));
    client.call("add_marker", json!({"position": 12, "color": "Blue", "name": "keep"}));
    client.call("add_marker", json!({"position": 13, "color": "Red"}));
    client.call("undo", json!({}));
    client.fails("add_marker", json!({"position": 12, "color": "Green"}));
    let item = &placed["placed"][0]["id"];
    client.call("set_item_properties", json!({"item": item, "properties": {"ZoomX": 1.5, "Opacity": 40}}));
    let rename = json!({"method": "TimelineItem.SetName", "on": item, "args": ["Opening"]});
    client.call("api_call", rename.clone());
    client.call("api_batch", json!({"calls": [{"method": "Timeline.SetName", "args": ["Final"]}]}));
    let session = client.call("history", json!({}))["session"].as_str().expect("a session").to_owned();
    let expected = cut(&mut client);

    let output = replay(&client, &session, "Again");

    assert!(output.status.success(), "{output:?}");
    let told = report(&output);
    let left_out: Vec<usize> = (0..told.len()).filter(|&line| told[line].1 == "left_out").collect();
    let tools: Vec<&str> = left_out.iter().map(|&line| told[line].0.as_str()).collect();
    assert_eq!(vec!["add_marker", "undo", "add_marker"], tools, "{told:?}");
    // The host of the replay lets go of its project when the system gets round to ending it.
    until("the project is free", || {
        let open = client.start_call("open_project", json!({"name": "Again"}));
        client.result(open)["isError"] == false
    });
    assert_eq!(expected, cut(&mut client));
}

/// A session that cannot be made again stops where it fails, and says at which entry.
#[test]
fn what_cannot_be_made_again_is_named() {
    let mut client = Start::engine().initialized();
    client.call("create_project", json!({"name": "Film"}));
    let film = film(&client.home().join("film.mp4"), 24);
    client.call("import_media", json!({"paths": [&film]}));
    let session = client.call("history", json!({}))["session"].as_str().expect("a session").to_owned();
    std::fs::remove_file(film).expect("the film is there");

    let output = replay(&client, &session, "Again");

    let error = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && error.contains("entry 2: ") && error.contains("film.mp4"), "{error}");
    let expected = [("create_project", "done"), ("import_media", "failed")];
    assert_eq!(
        expected.map(|(tool, outcome)| (tool.to_owned(), outcome.to_owned())).to_vec(),
        report(&output)
    );
    let unknown = replay(&client, "no-such-session", "Again");
    let error = String::from_utf8_lossy(&unknown.stderr);
    assert!(error.contains("no changes of a session 'no-such-session'"), "{error}");
}
