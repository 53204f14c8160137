//! Undo of what is attached to clips: mattes, sound that is synced, transcripts.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value as Json, json};

use crate::client::{Client, Start, python, root};
use crate::media::{film, wav};
use crate::undo_clips::{everything, pictures, tree};

fn api(client: &mut Client, method: &str, args: Json) -> Json {
    client.call("api_call", json!({"method": method, "args": args, "confirm": true}))["value"].take()
}

fn on(client: &mut Client, method: &str, on: &Json, args: Json) -> Json {
    client.call("api_call", json!({"method": method, "on": on, "args": args, "confirm": true}))["value"]
        .take()
}

/// A server with a film in its media pool, and its id.
fn fresh() -> (Client, Json) {
    let mut client = Start::engine().initialized();
    client.call("create_project", json!({"name": "Film", "frame_rate": 24}));
    let film = film(&client.home().join("film.mp4"), 48);
    let clip = client.call("import_media", json!({"paths": [film]}))["imported"][0]["id"].clone();
    (client, clip)
}

/// A folder with so many pictures that can be mattes.
fn mattes_in(client: &Client, count: u32) -> PathBuf {
    let folder = client.home().join("mattes");
    std::fs::create_dir(&folder).expect("a folder");
    pictures(&folder, count);
    folder
}

fn undone(client: &mut Client) {
    let undone = client.call("undo", json!({}))["undone"][0].clone();
    assert_eq!(true, undone["verified"], "{undone}");
}

/// Mattes that were attached are detached, and those that were detached return in their place.
#[test]
fn mattes_are_as_they_were() {
    let (mut client, clip) = fresh();
    let folder = mattes_in(&client, 3);
    let matte = |number: u32| folder.join(format!("shot_000{number}.png"));
    let mattes = |client: &mut Client| api(client, "MediaPool.GetClipMatteList", json!([clip]));
    let mut states = vec![mattes(&mut client)];
    for (method, paths) in [
        ("MediaStorage.AddClipMattesToMediaPool", vec![matte(1), matte(2)]),
        ("MediaStorage.AddClipMattesToMediaPool", vec![matte(3)]),
        ("MediaPool.DeleteClipMattes", vec![matte(1)]),
    ] {
        api(&mut client, method, json!([clip, paths]));
        states.push(mattes(&mut client));
    }
    assert_eq!(json!([matte(2), matte(3)]), states[3]);

    for state in states.iter().rev().skip(1) {
        undone(&mut client);
        assert_eq!(*state, mattes(&mut client));
    }
    for state in &states[1..] {
        client.call("undo", json!({"redo": true}));
        assert_eq!(*state, mattes(&mut client));
    }
}

/// Mattes of timelines are clips of their own, which go again.
#[test]
fn mattes_of_timelines_go_again() {
    let (mut client, _clip) = fresh();
    let folder = mattes_in(&client, 2);
    let before = tree(&mut client, "/Master");
    let paths = json!([[folder.join("shot_0001.png"), folder.join("shot_0002.png")]]);
    api(&mut client, "MediaStorage.AddTimelineMattesToMediaPool", paths);
    assert_ne!(before, tree(&mut client, "/Master"));

    undone(&mut client);

    assert_eq!(before, tree(&mut client, "/Master"));
}

/// A clip that sound was synced to is there again without it, as long as no timeline shows it.
#[test]
fn synced_sound_goes_again() {
    let (mut client, clip) = fresh();
    let sound = wav(&client.home().join("sound.wav"), 2);
    let sound = client.call("import_media", json!({"paths": [sound]}))["imported"][0]["id"].clone();
    on(&mut client, "MediaPoolItem.SetMetadata", &clip, json!([{"Scene": "12"}]));
    on(&mut client, "MediaPoolItem.AddFlag", &clip, json!(["Red"]));
    let before = everything(&mut client, "/Master");
    let sync = json!([[clip, sound], {"syncMode": "AUDIO_SYNC_TIMECODE"}]);
    api(&mut client, "MediaPool.AutoSyncAudio", sync.clone());
    assert_ne!(before, everything(&mut client, "/Master"));

    undone(&mut client);

    assert_eq!(before, everything(&mut client, "/Master"));
    client.call("create_timeline", json!({"name": "Cut"}));
    let read = client.call("media_pool_read", json!({"folder": "/Master"}));
    let clips = read["clips"].as_array().expect("clips");
    let again = clips.iter().find(|clip| clip["name"] == "film.mp4").expect("the film")["id"].clone();
    client.call("append_to_timeline", json!({"clips": [{"media_pool_item": again}]}));
    api(&mut client, "MediaPool.AutoSyncAudio", json!([[again, sound], sync[1]]));
    let refused = client.fails("undo", json!({}));
    let message = refused["message"].as_str().expect("a message");
    assert!(message.contains("no call takes synced sound") && message.contains("'Cut'"), "{refused}");
}

/// Sound with something in it that is taken for speech.
fn spoken(folder: &Path) -> PathBuf {
    let program = "import sys, pathlib; sys.path.insert(0, sys.argv[1]); from test_transcription import spoken; \
                   spoken(pathlib.Path(sys.argv[2]))";
    let made =
        Command::new(python()).args(["-c", program]).arg(root().join("tests/engine")).arg(folder).output();
    let output = made.expect("Python runs");
    assert!(output.status.success(), "no sound: {}", String::from_utf8_lossy(&output.stderr));
    folder.join("talk.wav")
}

/// A clip that had no transcript has none again; one that was cleared is said not to return.
#[test]
fn a_transcript_goes_again_where_there_was_none() {
    let (mut client, _film) = fresh();
    let talk = spoken(client.home());
    let talk = client.call("import_media", json!({"paths": [talk]}))["imported"][0]["id"].clone();
    let transcript = |client: &mut Client| on(client, "MediaPoolItem.GetTranscription", &talk, json!([]));
    for (method, of) in [("MediaPoolItem", &talk), ("Folder", &json!("/Master"))] {
        on(&mut client, &format!("{method}.TranscribeAudio"), of, json!([]));
        assert_ne!(Json::Null, transcript(&mut client));
        undone(&mut client);
        assert_eq!(Json::Null, transcript(&mut client));
    }
    on(&mut client, "MediaPoolItem.TranscribeAudio", &talk, json!([]));
    for method in ["TranscribeAudio", "ClearTranscription"] {
        on(&mut client, &format!("MediaPoolItem.{method}"), &talk, json!([]));
        let refused = client.fails("undo", json!({}));
        let message = refused["message"].as_str().expect("a message");
        assert!(message.contains("'talk.wav' has a transcript already"), "{refused}");
    }
}
