//! Undo of deleted clips and of the folders that they lie in: imported again from the same files, with all they had.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value as Json, json};

use crate::client::{Client, Start, python, root};
use crate::media::{film, wav};

fn api(method: &str, args: Json) -> Json {
    json!({"method": method, "args": args, "confirm": true})
}

fn on(method: &str, on: &Json, args: Json) -> Json {
    json!({"method": method, "on": on, "args": args})
}

/// Writes so many numbered pictures, and answers the path with a placeholder.
pub fn pictures(folder: &Path, count: u32) -> PathBuf {
    let program = "import sys; sys.path.insert(0, sys.argv[1]); from generate import pictures; \
                   pictures(sys.argv[2], 'shot_', 1, int(sys.argv[3]))";
    let output = Command::new(python())
        .args(["-c", program])
        .arg(root().join("tests/engine"))
        .arg(folder)
        .arg(count.to_string())
        .output()
        .expect("the Python of the virtual environment runs");
    assert!(output.status.success(), "no pictures: {}", String::from_utf8_lossy(&output.stderr));
    folder.join("shot_%04d.png")
}

/// A server with a project and a folder for media.
fn fresh() -> (Client, PathBuf) {
    let mut client = Start::engine().initialized();
    let media = client.home().join("media");
    std::fs::create_dir(&media).expect("a folder for media");
    client.call("create_project", json!({"name": "Film", "frame_rate": 24}));
    (client, media)
}

fn imported(client: &mut Client, path: &Path) -> Json {
    client.call("import_media", json!({"paths": [path]}))["imported"][0]["id"].clone()
}

/// All that can be read of the clips of a folder, in the order of their names, ids and dates left out.
pub fn everything(client: &mut Client, folder: &str) -> Vec<Json> {
    let read = client.call("media_pool_read", json!({"folder": folder}));
    let mut clips: Vec<(String, Json)> = Vec::new();
    for clip in read["clips"].as_array().expect("clips") {
        let mut told = vec![clip["name"].clone()];
        for method in [
            "GetClipProperty",
            "GetMetadata",
            "GetThirdPartyMetadata",
            "GetMarkers",
            "GetFlagList",
            "GetClipColor",
            "GetMarkInOut",
        ] {
            let mut value =
                client.call("api_call", on(&format!("MediaPoolItem.{method}"), &clip["id"], json!([])));
            let mut value = value["value"].take();
            if method == "GetClipProperty" {
                value.as_object_mut().expect("a dict").remove("Date Added");
            }
            told.push(value);
        }
        clips.push((clip["name"].as_str().expect("a name").to_owned(), told.into()));
    }
    clips.sort_by(|one, other| one.0.cmp(&other.0));
    clips.into_iter().map(|(_, told)| told).collect()
}

/// An agent deletes a film, a sound, a sequence and a subclip: each returns in its folder with all that calls tell of it.
#[test]
fn deleted_clips_return_with_all_they_had() {
    let (mut client, media) = fresh();
    client.call("api_call", api("MediaPool.AddSubFolder", json!(["/Master", "Day 1"])));
    client.call("api_call", json!({"method": "MediaPool.SetCurrentFolder", "args": ["/Master/Day 1"]}));
    let (film, proxy) = (film(&media.join("film.mp4"), 48), film(&media.join("proxy.mp4"), 48));
    let clip = imported(&mut client, &film);
    let sound = imported(&mut client, &wav(&media.join("sound.wav"), 2));
    let sequence = imported(&mut client, &pictures(&media, 12));
    let stretch = json!([[{"media": film, "startFrame": 10, "endFrame": 29}]]);
    client.call("api_call", api("MediaStorage.AddItemListToMediaPool", stretch));
    client.call("api_call", json!({"method": "MediaPool.SetCurrentFolder", "args": ["/Master"]}));
    for (method, of, args) in [
        ("SetName", &clip, json!(["Interview"])),
        ("SetMetadata", &clip, json!([{"Scene": "12", "Description": "a, \"b\" ü"}])),
        ("SetThirdPartyMetadata", &clip, json!([{"asset": "17"}])),
        ("AddFlag", &clip, json!(["Red"])),
        ("AddFlag", &clip, json!(["Blue"])),
        ("SetClipColor", &clip, json!(["Orange"])),
        ("AddMarker", &clip, json!([3, "Green", "m", "n", 2, "custom"])),
        ("SetMarkInOut", &clip, json!([2, 20])),
        ("LinkProxyMedia", &clip, json!([proxy])),
        ("SetClipProperty", &clip, json!(["Start TC", "02:00:00:00"])),
        ("AddMarker", &sound, json!([1, "Blue", "clap", "", 1, ""])),
        ("SetClipProperty", &sequence, json!(["FPS", "30"])),
    ] {
        client.call("api_call", on(&format!("MediaPoolItem.{method}"), of, args));
    }
    let before = everything(&mut client, "/Master/Day 1");
    assert_eq!(4, before.len());
    let read = client.call("media_pool_read", json!({"folder": "/Master/Day 1"}));
    let ids: Vec<Json> =
        read["clips"].as_array().expect("clips").iter().map(|clip| clip["id"].clone()).collect();
    let asked = client.fails("api_call", json!({"method": "MediaPool.DeleteClips", "args": [ids]}));
    assert_eq!("consent_required", asked["code"], "{asked}");
    assert!(asked["message"].as_str().expect("a message").contains("imports the clips again"), "{asked}");
    assert!(asked["plan"]["undo"].as_str().expect("a text").contains("imports the clips again"), "{asked}");

    client.call("api_call", api("MediaPool.DeleteClips", json!([ids])));

    for _ in 0..2 {
        assert!(everything(&mut client, "/Master/Day 1").is_empty());
        let undone = client.call("undo", json!({}))["undone"][0].clone();
        assert_eq!(
            (json!(true), 4),
            (undone["verified"].clone(), undone["remade"].as_array().expect("ids").len())
        );
        assert!(undone["beware"].as_str().expect("a text").contains("another id"), "{undone}");
        assert_eq!(before, everything(&mut client, "/Master/Day 1"));
        client.call("undo", json!({"redo": true}));
    }
    client.call("undo", json!({}));
    let shown =
        client.call("api_call", json!({"method": "MediaPool.GetCurrentFolder"}))["value"]["id"].clone();
    let name = client.call("api_call", on("Folder.GetName", &shown, json!([])));
    assert_eq!("Master", name["value"], "the folder that was open is");
    // What was done before: of clips with other ids now.
    client.call("undo", json!({"steps": 12, "confirm": true}));
    let names: Vec<Json> =
        everything(&mut client, "/Master/Day 1").into_iter().map(|told| told[0].clone()).collect();
    assert!(names.contains(&json!("film.mp4")) && !names.contains(&json!("Interview")), "{names:?}");
}

/// What an undo cannot bring back is said before, with the reason.
#[test]
fn what_cannot_be_imported_again_is_said_before() {
    let (mut client, media) = fresh();
    let used = imported(&mut client, &film(&media.join("used.mp4"), 24));
    let other = imported(&mut client, &film(&media.join("other.mp4"), 24));
    client.call("create_timeline", json!({"name": "Cut"}));
    client.call("append_to_timeline", json!({"clips": [{"media_pool_item": used}]}));
    let options = json!([[other], {"name": "Both", "createBinForSourceClips": false}]);
    let made =
        client.call("api_call", api("MediaPool.CreateMulticamClip", options))["value"][0]["id"].clone();
    for (clip, why) in [(&used, "used on the timeline 'Cut'"), (&made, "'Both' is no clip of a file alone")] {
        let asked = client.fails("api_call", json!({"method": "MediaPool.DeleteClips", "args": [[clip]]}));
        assert_eq!("consent_required", asked["code"], "{asked}");
        let message = asked["message"].as_str().expect("a message");
        assert!(message.contains("Undo cannot take it back") && message.contains(why), "{message}");
    }

    client.call("api_call", api("MediaPool.DeleteClips", json!([[made]])));

    let refused = client.fails("undo", json!({}));
    assert_eq!("refused", refused["code"], "{refused}");
    assert!(refused["message"].as_str().expect("a message").contains("no clip of a file alone"), "{refused}");
}

/// A file that is gone when its clip is to return: it is named, and no other clip is imported either.
#[test]
fn a_file_that_is_gone_is_named_and_nothing_is_half_done() {
    let (mut client, media) = fresh();
    let paths = ["one", "two"].map(|name| film(&media.join(format!("{name}.mp4")), 24));
    let ids: Vec<Json> = paths.iter().map(|path| imported(&mut client, path)).collect();
    client.call("api_call", api("MediaPool.DeleteClips", json!([ids])));
    let aside = media.join("aside.mp4");
    std::fs::rename(&paths[1], &aside).expect("it can be moved");

    let refused = client.fails("undo", json!({}));

    assert_eq!("refused", refused["code"], "{refused}");
    assert!(refused["message"].as_str().expect("a message").contains("two.mp4"), "{refused}");
    assert!(everything(&mut client, "/Master").is_empty());
    std::fs::rename(&aside, &paths[1]).expect("it can be moved");
    assert_eq!(true, client.call("undo", json!({}))["undone"][0]["verified"]);
    assert_eq!(2, everything(&mut client, "/Master").len());
}

/// A file that is another one by then: the clip is not as before, which is told, and it is not left behind.
#[test]
fn a_file_that_was_changed_is_told() {
    let (mut client, media) = fresh();
    let path = film(&media.join("film.mp4"), 24);
    let id = imported(&mut client, &path);
    client.call("api_call", api("MediaPool.DeleteClips", json!([[id]])));
    film(&path, 12);

    let failed = client.fails("undo", json!({}));

    assert_eq!("not_verified", failed["code"], "{failed}");
    assert!(everything(&mut client, "/Master").is_empty());
}

/// Every folder below one by its path, with the names of what lies in it.
pub fn tree(client: &mut Client, path: &str) -> Vec<(String, Vec<String>)> {
    let read = client.call("media_pool_read", json!({"folder": path}));
    let names = |list: &Json| -> Vec<String> {
        let names =
            list.as_array().expect("a list").iter().map(|entry| entry["name"].as_str().expect("a name"));
        let mut names: Vec<String> = names.map(str::to_owned).collect();
        names.sort();
        names
    };
    let mut all = vec![(path.to_owned(), names(&read["clips"]))];
    for name in names(&read["folders"]) {
        all.extend(tree(client, &format!("{path}/{name}")));
    }
    all
}

/// Folders return with the clips and timelines that lay in them.
#[test]
fn deleted_folders_return_with_what_lay_in_them() {
    let (mut client, media) = fresh();
    let clips = ["outside", "inside", "deep"].map(|name| film(&media.join(format!("{name}.mp4")), 24));
    let clips = clips.map(|path| imported(&mut client, &path));
    for (above, name) in [("/Master", "A"), ("/Master/A", "B")] {
        client.call("api_call", api("MediaPool.AddSubFolder", json!([above, name])));
    }
    client.call("create_timeline", json!({"name": "Cut"}));
    client.call("append_to_timeline", json!({"clips": [{"media_pool_item": clips[0]}]}));
    client.call("add_marker", json!({"position": 3, "color": "Blue", "name": "keep"}));
    let cut = client.call("api_call", json!({"method": "Timeline.GetMediaPoolItem"}))["value"]["id"].clone();
    client.call("create_timeline", json!({"name": "Open"}));
    for (clip, into) in [(&clips[1], "/Master/A"), (&clips[2], "/Master/A/B"), (&cut, "/Master/A/B")] {
        client.call("api_call", api("MediaPool.MoveClips", json!([[clip], into])));
    }
    let before = tree(&mut client, "/Master");
    client.call("api_call", api("MediaPool.DeleteFolders", json!([["/Master/A"]])));
    let deleted = tree(&mut client, "/Master");
    assert_eq!(1, deleted.len(), "{deleted:?}");

    for _ in 0..2 {
        let undone = client.call("undo", json!({}))["undone"][0].clone();
        assert_eq!(true, undone["verified"], "{undone}");
        assert_eq!(before, tree(&mut client, "/Master"));
        let read = client.call("timeline_read", json!({"timeline": "Cut"}));
        assert_eq!((json!(1), json!(1)), (read["total"].clone(), read["markers_total"].clone()), "{read}");
        client.call("undo", json!({"redo": true}));
        assert_eq!(deleted, tree(&mut client, "/Master"));
    }
    client.call("undo", json!({}));
    // To where everything lay in the top folder.
    client.call("undo", json!({"steps": 3}));
    assert_eq!(
        vec!["Cut", "Open", "deep.mp4", "inside.mp4", "outside.mp4"],
        tree(&mut client, "/Master")[0].1
    );

    // A copy of the timeline would keep its clip from being deleted.
    client.call("api_call", api("MediaPool.MoveClips", json!([["outside.mp4"], "/Master/A"])));
    let asked =
        client.fails("api_call", json!({"method": "MediaPool.DeleteFolders", "args": [["/Master/A"]]}));
    let message = asked["message"].as_str().expect("a message");
    assert!(message.contains("'outside.mp4' is used on the timeline 'Cut'"), "{message}");
}

/// A folder whose timeline shows clips that lie in it: it returns with the cut, grades, markers and color groups, and what
/// was done on it before is taken back after that.
#[test]
fn a_folder_returns_with_a_timeline_that_shows_its_clips() {
    let (mut client, media) = fresh();
    let clip = imported(&mut client, &film(&media.join("film.mp4"), 48));
    for (above, name) in [("/Master", "A"), ("/Master/A", "B")] {
        client.call("api_call", api("MediaPool.AddSubFolder", json!([above, name])));
    }
    client.call("create_timeline", json!({"name": "Cut"}));
    let range = |start: u32| json!({"media_pool_item": clip, "start": start, "end": start + 16});
    let placed = client.call("append_to_timeline", json!({"clips": [range(0), range(20)]}));
    let item = placed["placed"][0]["id"].clone();
    client.call("add_marker", json!({"position": 3, "color": "Blue", "name": "keep"}));
    let cdl = json!([{"NodeIndex": "1", "Slope": "1.2 1 1", "Offset": "0 0 0", "Power": "1 1 1",
        "Saturation": "1"}]);
    client.call("api_call", on("TimelineItem.SetCDL", &item, cdl));
    client.call("api_call", json!({"method": "Project.AddColorGroup", "args": ["Night"]}));
    client.call("api_call", on("TimelineItem.AssignToColorGroup", &item, json!(["Night"])));
    client.call("api_call", on("TimelineItem.SetClipColor", &item, json!(["Orange"])));
    client.call("api_call", on("MediaPoolItem.AddMarker", &clip, json!([3, "Green", "m", "n", 2, "custom"])));
    let cut = client.call("api_call", json!({"method": "Timeline.GetMediaPoolItem"}))["value"]["id"].clone();
    client.call("create_timeline", json!({"name": "Open"}));
    for (clip, into) in [(&clip, "/Master/A/B"), (&cut, "/Master/A")] {
        client.call("api_call", api("MediaPool.MoveClips", json!([[clip], into])));
    }
    let grade = media.join("grade.cube");
    let look = |client: &mut Client| {
        let mut read = client.call("timeline_read", json!({"timeline": "Cut"}));
        let id = |item: &mut Json| {
            item["media_pool_item"].take();
            item["id"].take()
        };
        let items: Vec<Json> = read["items"].as_array_mut().expect("items").iter_mut().map(id).collect();
        client.call("api_call", json!({"method": "Project.SetCurrentTimeline", "args": ["Cut"]}));
        let mut told = vec![read["items"].take(), read["markers"].take(), read["tracks"].take()];
        for item in &items {
            for method in ["GetClipColor", "GetProperties", "GetMarkers", "GetNumNodes", "GetColorGroup"] {
                let call = on(&format!("TimelineItem.{method}"), item, json!([]));
                told.push(client.call("api_call", call)["value"].take());
            }
            let export = on("TimelineItem.ExportLUT", item, json!(["EXPORT_LUT_17PTCUBE", grade]));
            client.call("api_call", json!({"method": "Resolve.OpenPage", "args": ["color"]}));
            client.call("api_call", export);
            told.push(std::fs::read_to_string(&grade).expect("a table").into());
        }
        for folder in ["/Master/A", "/Master/A/B"] {
            told.extend(everything(client, folder));
        }
        client.call("api_call", json!({"method": "Project.SetCurrentTimeline", "args": ["Open"]}));
        (tree(client, "/Master"), told)
    };
    let all = |client: &mut Client| client.by_somebody(look);
    let before = all(&mut client);
    let delete = json!({"method": "MediaPool.DeleteFolders", "args": [["/Master/A"]]});
    let asked = client.fails("api_call", delete);
    assert!(!asked["message"].as_str().expect("a message").contains("cannot"), "{asked}");
    client.call("api_call", api("MediaPool.DeleteFolders", json!([["/Master/A"]])));
    let deleted = tree(&mut client, "/Master");
    assert_eq!(1, deleted.len(), "{deleted:?}");

    for _ in 0..2 {
        let undone = client.call("undo", json!({}))["undone"][0].clone();
        assert_eq!(true, undone["verified"], "{undone}");
        assert_eq!(before, all(&mut client));
        client.call("undo", json!({"redo": true}));
        assert_eq!(deleted, tree(&mut client, "/Master"));
    }
    // The deletion, two moves, a timeline, a marker: and the color of an item that has another id now.
    client.call("undo", json!({"steps": 6}));
    let read = client.call("timeline_read", json!({"timeline": "Cut"}));
    let color = client.call("api_call", on("TimelineItem.GetClipColor", &read["items"][0]["id"], json!([])));
    assert_eq!("", color["value"], "{read}");
}
