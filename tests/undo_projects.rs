//! Undo of a deleted project: it is there again, with what is in it.

use serde_json::{Value as Json, json};

use crate::client::{Client, Start};
use crate::media::film;
use crate::undo_clips::{everything, tree};

fn manager(client: &mut Client, method: &str, args: Json) -> Json {
    let call = json!({"method": format!("ProjectManager.{method}"), "args": args, "confirm": true});
    client.call("api_call", call)["value"].take()
}

/// All that is read of a project that has one timeline, ids left out.
fn all(client: &mut Client, project: &str) -> (Vec<(String, Vec<String>)>, Vec<Json>) {
    client.call("open_project", json!({"name": project}));
    let mut read = client.call("timeline_read", json!({}));
    read["items"].as_array_mut().expect("items").iter_mut().for_each(|item| drop(item["id"].take()));
    let mut told = vec![read["items"].take(), read["markers"].take(), read["tracks"].take()];
    told.extend(everything(client, "/Master"));
    (tree(client, "/Master"), told)
}

/// A project that was deleted is imported again from what was exported before, in the project that was open.
#[test]
fn a_deleted_project_returns_with_what_is_in_it() {
    let mut client = Start::engine().initialized();
    let film = film(&client.home().join("film.mp4"), 48);
    client.call("create_project", json!({"name": "Film", "frame_rate": 24}));
    let clip = client.call("import_media", json!({"paths": [film]}))["imported"][0]["id"].clone();
    client.call("create_timeline", json!({"name": "Cut"}));
    client.call("append_to_timeline", json!({"clips": [{"media_pool_item": clip, "start": 4, "end": 20}]}));
    client.call("add_marker", json!({"position": 3, "color": "Blue", "name": "keep"}));
    let before = all(&mut client, "Film");
    client.call("create_project", json!({"name": "Other"}));
    let asked = client.fails("api_call", json!({"method": "ProjectManager.DeleteProject", "args": ["Film"]}));
    assert!(asked["message"].as_str().expect("a message").contains("imports the project again"), "{asked}");

    manager(&mut client, "DeleteProject", json!(["Film"]));

    assert_eq!(json!(["Other"]), manager(&mut client, "GetProjectListInCurrentFolder", json!([])));
    let undone = client.call("undo", json!({}))["undone"][0].clone();
    assert_eq!(true, undone["verified"], "{undone}");
    assert!(
        undone["not_compared"][0].as_str().expect("a text").contains("what is in the project"),
        "{undone}"
    );
    assert_eq!(before, all(&mut client, "Film"));
}
