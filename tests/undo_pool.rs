//! Taking back what was done to the folders of the media pool.

use serde_json::{Value as Json, json};

use crate::client::{Client, Start};
use crate::media::film;

/// A server with the folders A, A/B, A/B/C and D, and two clips in the top folder: their ids.
fn pool() -> (Client, Vec<Json>) {
    let mut client = Start::engine().initialized();
    let films = ["one", "two"].map(|name| film(&client.home().join(format!("{name}.mp4")), 24));
    client.call("create_project", json!({"name": "Film", "frame_rate": 24}));
    let imported = client.call("import_media", json!({"paths": films}));
    let clips = imported["imported"].as_array().expect("clips").iter().map(|clip| clip["id"].clone());
    let clips = clips.collect();
    for (above, name) in [("/Master", "A"), ("/Master/A", "B"), ("/Master/A/B", "C"), ("/Master", "D")] {
        client.call("api_call", api("AddSubFolder", json!([above, name])));
    }
    (client, clips)
}

fn api(method: &str, args: Json) -> Json {
    json!({"method": format!("MediaPool.{method}"), "args": args, "confirm": true})
}

/// Every folder by its path, with the names of its clips; no ids, which a folder that was made anew has other ones of.
fn tree(client: &mut Client, path: &str) -> Vec<(String, Vec<String>)> {
    let read = client.call("media_pool_read", json!({"folder": path}));
    let names = |list: &Json| -> Vec<String> {
        list.as_array().unwrap().iter().map(|entry| entry["name"].as_str().unwrap().to_owned()).collect()
    };
    let (mut below, mut clips) = (names(&read["folders"]), names(&read["clips"]));
    below.sort();
    clips.sort();
    let mut all = vec![(path.to_owned(), clips)];
    for name in below {
        all.extend(tree(client, &format!("{path}/{name}")));
    }
    all
}

/// Each change of the structure is taken back and put back, and the structure is the one before.
#[test]
fn moved_and_deleted_folders_return_to_their_places() {
    let (mut client, clips) = pool();
    client.call("api_call", api("MoveClips", json!([[clips[0]], "/Master/D"])));
    let changes = [
        // Two clips that lie in two folders.
        json!([api("MoveClips", json!([clips, "/Master/A/B"]))]),
        json!([api("MoveFolders", json!([["/Master/A/B", "/Master/D"], "/Master/A"]))]),
        json!([api("DeleteFolders", json!([["/Master/A"]]))]),
        json!([api("AddSubFolder", json!(["/Master/D", "E"]))]),
        // Out of a folder, and the folder is deleted: the undo moves into one with another id.
        json!([
            api("MoveClips", json!([[clips[0]], "/Master"])),
            api("DeleteFolders", json!([["/Master/D"]]))
        ]),
    ];
    for calls in changes {
        let before = tree(&mut client, "/Master");
        client.call("api_batch", json!({"calls": strip(&calls), "confirm": true}));
        let changed = tree(&mut client, "/Master");
        assert_ne!(before, changed, "{calls}");
        for _ in 0..2 {
            let undone = client.call("undo", json!({}))["undone"][0].clone();
            assert_eq!(true, undone["verified"], "{calls}: {undone}");
            assert_eq!(before, tree(&mut client, "/Master"), "{calls}");
            client.call("undo", json!({"redo": true}));
            assert_eq!(changed, tree(&mut client, "/Master"), "{calls}");
        }
        client.call("undo", json!({}));
    }
    // Everything before: the ids of folders that were made anew are known.
    client.call("undo", json!({"steps": 5}));
    assert_eq!(1, tree(&mut client, "/Master").len());
}

fn strip(calls: &Json) -> Json {
    let calls = calls.as_array().expect("calls").iter().cloned().map(|mut call| {
        call.as_object_mut().expect("an object").remove("confirm");
        call
    });
    calls.collect()
}
