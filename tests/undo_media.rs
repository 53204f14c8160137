//! Undo of what brings things into the media pool that no answer names, and of what links clips with other files.

use serde_json::{Value as Json, json};

use crate::client::{Client, Start};
use crate::media::film;
use crate::undo_clips::tree;

fn api(method: &str, args: Json) -> Json {
    json!({"method": method, "args": args, "confirm": true})
}

fn on(method: &str, on: &Json, args: Json) -> Json {
    json!({"method": method, "on": on, "args": args, "confirm": true})
}

/// A server with two films, whose clips are on a timeline, and another timeline; the ids of the clips.
fn cut() -> (Client, Vec<Json>) {
    let mut client = Start::engine().initialized();
    client.call("create_project", json!({"name": "Film", "frame_rate": 24}));
    let films = ["one", "two"].map(|name| film(&client.home().join(format!("{name}.mp4")), 24));
    let imported = client.call("import_media", json!({"paths": films}));
    let clips: Vec<Json> =
        imported["imported"].as_array().expect("clips").iter().map(|clip| clip["id"].clone()).collect();
    client.call("create_timeline", json!({"name": "Cut"}));
    client.call(
        "append_to_timeline",
        json!({"clips": [{"media_pool_item": clips[0]}, {"media_pool_item": clips[1]}]}),
    );
    client.call("create_timeline", json!({"name": "Open"}));
    (client, clips)
}

fn open(client: &mut Client) -> Json {
    client.call("api_call", json!({"method": "Timeline.GetName"}))["value"].clone()
}

/// What a call brought into the media pool is gone with an undo: clips, timelines, folders, and nothing else.
#[test]
fn what_was_brought_in_is_taken_out() {
    let (mut client, clips) = cut();
    let home = client.home().to_owned();
    let (timeline, folder) = (home.join("cut.drt"), home.join("bin.drb"));
    let args = json!([timeline, "EXPORT_DRT"]);
    client.call("api_call", json!({"method": "Timeline.Export", "on": "Cut", "args": args}));
    client.call("api_call", api("MediaPool.AddSubFolder", json!(["/Master", "Day 1"])));
    let copy = home.join("three.mp4");
    std::fs::copy(home.join("one.mp4"), &copy).expect("it can be copied");
    client.call("import_media", json!({"paths": [copy], "folder": "/Master/Day 1"}));
    client.call("api_call", json!({"method": "Folder.Export", "on": "/Master/Day 1", "args": [folder]}));
    let options = json!({"name": "Both", "createBinForSourceClips": true});
    let changes = [
        api("MediaPool.ImportTimelineFromFile", json!([timeline, {"importSourceClips": true}])),
        api("MediaPool.ImportFolderFromFile", json!([folder])),
        // The sources move to a folder that is made for them.
        api("MediaPool.CreateMulticamClip", json!([clips, options])),
    ];
    let before = tree(&mut client, "/Master");
    for call in changes {
        client.call("api_call", call.clone());
        assert_ne!(before, tree(&mut client, "/Master"), "{call}");

        let undone = client.call("undo", json!({}))["undone"][0].clone();

        assert_eq!(true, undone["verified"], "{call}: {undone}");
        assert_eq!(before, tree(&mut client, "/Master"), "{call}");
        assert_eq!("Open", open(&mut client), "{call}");
    }
    assert!(folder.exists() && copy.exists(), "files are never touched");
}

/// A folder that was brought in and that somebody has put something into is not deleted unasked.
#[test]
fn what_was_used_since_is_not_taken_out_unasked() {
    let (mut client, clips) = cut();
    let folder = client.home().join("bin.drb");
    client.call("api_call", api("MediaPool.AddSubFolder", json!(["/Master", "Day 1"])));
    client.call("api_call", json!({"method": "Folder.Export", "on": "/Master/Day 1", "args": [folder]}));
    client.call("api_call", api("MediaPool.ImportFolderFromFile", json!([folder])));
    let moved = api("MediaPool.MoveClips", json!([[clips[0]], "/Master/bin"]));
    crate::changed_since::by_somebody(&mut client, "api_call", moved);

    let refused = client.fails("undo", json!({}));

    assert_eq!("changed", refused["code"], "{refused}");
}

/// What a clip tells of its files.
fn files(client: &mut Client, clip: &Json) -> Vec<String> {
    let told =
        client.call("api_call", json!({"method": "MediaPoolItem.GetClipProperty", "on": clip}))["value"]
            .clone();
    ["Clip Name", "File Path", "Proxy Media Path", "Online Status", "Frames"]
        .map(|key| told[key].as_str().unwrap_or_default().to_owned())
        .to_vec()
}

/// Proxies, full-size files and files that clips were taken from are linked again.
#[test]
fn clips_are_linked_again_with_their_files() {
    let (mut client, clips) = cut();
    let clip = &clips[0];
    let proxies = ["proxy", "other"].map(|name| film(&client.home().join(format!("{name}.mp4")), 24));
    let link = |proxy: &std::path::Path| on("MediaPoolItem.LinkProxyMedia", clip, json!([proxy]));
    let changes = [
        link(&proxies[0]),
        link(&proxies[1]),
        on("MediaPoolItem.UnlinkProxyMedia", clip, json!([])),
        on("MediaPoolItem.LinkFullResolutionMedia", clip, json!([proxies[1]])),
        api("MediaPool.UnlinkClips", json!([[clip]])),
    ];
    let mut states = vec![files(&mut client, clip)];
    for call in changes {
        client.call("api_call", call.clone());
        states.push(files(&mut client, clip));
        assert_ne!(states[states.len() - 2], states[states.len() - 1], "{call}");
    }
    for state in states.iter().rev().skip(1) {
        let undone = client.call("undo", json!({}))["undone"][0].clone();
        assert_eq!(true, undone["verified"], "{undone}");
        assert_eq!(*state, files(&mut client, clip));
    }
    for state in &states[1..] {
        client.call("undo", json!({"redo": true}));
        assert_eq!(*state, files(&mut client, clip));
    }
}

/// A clip that was found elsewhere: it has its file before again if that is there, and it is said if it is not.
#[test]
fn a_clip_that_was_found_elsewhere_returns_to_its_file_or_says_why_not() {
    let (mut client, clips) = cut();
    let home = client.home().to_owned();
    let elsewhere = home.join("elsewhere");
    std::fs::create_dir(&elsewhere).expect("a folder");
    std::fs::copy(home.join("one.mp4"), elsewhere.join("one.mp4")).expect("it can be copied");
    client.call("api_call", api("MediaPool.UnlinkClips", json!([[clips[0]]])));
    let before = files(&mut client, &clips[0]);
    let relink = api("MediaPool.RelinkClips", json!([[clips[0]], elsewhere]));
    client.call("api_call", relink.clone());
    assert!(files(&mut client, &clips[0])[1].contains("elsewhere"));

    let undone = client.call("undo", json!({}))["undone"][0].clone();

    assert_eq!(true, undone["verified"], "{undone}");
    assert_eq!(before, files(&mut client, &clips[0]));
    std::fs::remove_file(home.join("one.mp4")).expect("it can be removed");
    client.call("api_call", relink);
    let refused = client.fails("undo", json!({}));
    assert_eq!("refused", refused["code"], "{refused}");
    let message = refused["message"].as_str().expect("a message");
    assert!(message.contains("had the file") && message.contains("there is no such file"), "{refused}");
}

/// An undo of an import, or of items that were placed, is verified: what was made is gone, and all else is as before.
#[test]
fn what_was_imported_or_placed_is_seen_to_be_gone() {
    let (mut client, clips) = cut();
    let three = film(&client.home().join("three.mp4"), 24);
    let tracks = |client: &mut Client| {
        let read = client.call("timeline_read", json!({}));
        (read["tracks"].clone(), read["total"].clone())
    };
    let before = (tree(&mut client, "/Master"), tracks(&mut client));
    client.call("import_media", json!({"paths": [three]}));
    client.call("append_to_timeline", json!({"clips": [{"media_pool_item": clips[0], "track": 2}]}));
    assert_ne!(before.1, tracks(&mut client));

    let undone = client.call("undo", json!({"steps": 2}))["undone"].clone();

    for (place, by) in [(0, "TimelineItem.GetStart"), (1, "MediaPoolItem.GetClipProperty")] {
        assert_eq!(true, undone[place]["verified"], "{undone}");
        assert!(undone[place]["compared"].as_array().expect("a list").contains(&json!(by)), "{undone}");
    }
    assert_eq!(
        before,
        (tree(&mut client, "/Master"), tracks(&mut client)),
        "the track that was added is gone, too"
    );
}

/// An engine that says that it has taken a clip away, and has not, is caught.
#[test]
fn a_clip_that_is_still_there_is_told() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("faults.toml");
    let lie = "[[fault]]\nat = \"MediaPool.DeleteClips\"\ndo = \"answer\"\nvalue = true\n";
    std::fs::write(&file, lie).expect("the folder is writable");
    let mut client = Start::engine().arg("--faults").arg(&file).initialized();
    client.call("create_project", json!({"name": "Film", "frame_rate": 24}));
    let one = film(&client.home().join("one.mp4"), 24);
    client.call("import_media", json!({"paths": [one]}));

    let failed = client.fails("undo", json!({}));

    assert_eq!("not_verified", failed["code"], "{failed}");
    assert!(
        failed["message"].as_str().expect("a message").contains("is still in the folder 'Master'"),
        "{failed}"
    );
}
