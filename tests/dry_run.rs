//! Dry runs: what each tool would change is told, and nothing is changed.

use std::path::Path;
use std::process::Command;

use davinci_resolve_mcp::tools::{Runs, Tools};
use resolve_api::catalogue::{Effect, Method, Status, catalogue};
use resolve_api::engine;
use serde_json::{Value as Json, json};

use crate::client::{Client, Start, body_of, python};
use crate::media::film;
use crate::plausible::Stage;

/// Everything that the engine keeps, as text, and what stands in a folder: a change of any of it is a side effect.
fn kept(client: &Client, folder: &Path) -> String {
    let program = "import sqlite3, sys, pathlib\n\
        home, folder = map(pathlib.Path, sys.argv[1:])\n\
        for file in sorted(home.rglob('*.sqlite3')):\n    \
            base = sqlite3.connect(f'file:{file}?mode=ro', uri=True)\n    \
            print(file.name, *base.iterdump(), sep='\\n')\n\
        for file in sorted(folder.rglob('*')):\n    print(file, file.stat().st_size)\n";
    let home = client.home().join("engine");
    let output = Command::new(python())
        .args(["-c", program])
        .args([home.as_path(), folder])
        .output()
        .expect("the Python of the virtual environment runs");
    assert!(output.status.success(), "no dump: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("CREATE TABLE"), "there is nothing to compare: {text}");
    text
}

/// A project with a clip, two timelines, a marker, a color group, a still and a render job; what names each.
fn set_up(client: &mut Client, film: &Path, folder: &Path) -> serde_json::Map<String, Json> {
    client.call("create_project", json!({"name": "Film", "frame_rate": 24}));
    let clip = client.call("import_media", json!({"paths": [film]}))["imported"][0]["id"].clone();
    client.call("create_timeline", json!({"name": "Cut 2"}));
    client.call("create_timeline", json!({"name": "Cut 1"}));
    let clips = json!([{"media_pool_item": clip, "end": 24}, {"media_pool_item": clip, "start": 24}]);
    client.call("append_to_timeline", json!({"clips": clips}));
    client.call("add_marker", json!({"position": 1, "color": "Blue", "name": "A"}));
    client.call("add_marker", json!({"position": 2, "color": "Blue", "name": "B"}));
    let job = json!({"directory": folder, "file_name": "film", "format": "mp4", "codec": "H264"});
    let job = client.call("queue_render", job)["job"].clone();
    let timeline = client.call("timeline_read", json!({"limit": 1}));
    client.call("api_call", json!({"method": "Project.AddColorGroup", "args": ["A"]}));
    let still = client.call("api_call", json!({"method": "Timeline.GrabStill"}))["value"]["id"].clone();
    let objects = [
        ("Folder", json!("/Master")),
        ("MediaPoolItem", clip),
        ("Timeline", timeline["timeline"]["id"].clone()),
        ("TimelineItem", timeline["items"][0]["id"].clone()),
        ("ColorGroup", json!("A")),
        ("GalleryStill", still),
        ("GalleryStillAlbum", json!("#1")),
        ("Graph", json!("timeline")),
        ("job", job),
    ];
    objects.into_iter().map(|(class, object)| (class.to_owned(), object)).collect()
}

/// The object that a method is called on, where it must be named.
fn on(method: &Method, stage: &Stage<'_>) -> Option<Json> {
    match method.class.as_str() {
        "MediaPoolItem" | "TimelineItem" | "ColorGroup" | "GalleryStillAlbum" => {
            stage.objects.get(&method.class).cloned()
        }
        _ => None,
    }
}

/// A dry run that changes something is worse than none. Every row that writes is dry-run through `api_call`, and the
/// database of the engine and the folders around it are the same afterwards, to the byte of their text.
#[test]
fn no_row_changes_anything_in_a_dry_run() {
    let mut client = Start::engine().initialized();
    let folder = client.home().join("written");
    std::fs::create_dir(&folder).expect("a folder for what is written");
    let film = film(&client.home().join("film.mp4"), 48);
    let objects = set_up(&mut client, &film, &folder);
    let stage = Stage { film: &film, folder: &folder, objects };
    let before = kept(&client, &folder);

    let (mut told, mut wrong) = (0, Vec::new());
    let writes = |row: &&Method| row.effect != Effect::Read && row.status != Status::Removed;
    for method in catalogue().methods().filter(writes) {
        let mut call = json!({"method": method.label(), "args": stage.args(method), "dry_run": true});
        if let Some(on) = on(method, &stage) {
            call["on"] = on;
        }
        let id = client.start_call("api_call", call);
        let result = client.result(id);
        let body = body_of(&result);
        match (engine::lacks(&method.label()), result["isError"].as_bool()) {
            (Some(_), Some(true)) => {}
            (None, Some(false)) if body["dry_run"] == true && body["would_call"] == method.label() => {
                told += 1
            }
            // Refused before the write, as the call itself would be.
            (None, Some(true)) if body["code"] != "internal" => {}
            _ => wrong.push(format!("{}: {body}", method.label())),
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(told > 100, "only {told} rows were told of");
    assert_eq!(before, kept(&client, &folder));
    assert_eq!(Json::Null, client.call("history", json!({"limit": 1}))["entries"][0]["arguments"]["dry_run"]);
}

/// Each tool that is no door to all methods, with what it is asked and a word that its plan must hold.
fn tools(
    objects: &serde_json::Map<String, Json>,
    film: &Path,
    folder: &Path,
) -> Vec<(&'static str, Json, &'static str)> {
    let (item, clip, job) = (&objects["TimelineItem"], &objects["MediaPoolItem"], &objects["job"]);
    vec![
        ("undo", json!({"steps": 2, "confirm": true}), "would_undo"),
        ("create_project", json!({"name": "Other", "frame_rate": 25}), "saves_before"),
        ("open_project", json!({"name": "Second"}), "saves_before"),
        ("switch_page", json!({"page": "color"}), "page_now"),
        ("import_media", json!({"paths": [film, "/nowhere.mov"]}), "cannot"),
        ("create_timeline", json!({"name": "Cut 3", "start_timecode": "00:00:00:00"}), "start_timecode"),
        (
            "append_to_timeline",
            json!({"clips": [{"media_pool_item": clip, "end": 12}], "timeline": "Cut 2"}),
            "places",
        ),
        ("add_marker", json!({"position": 4, "color": "Red"}), "position"),
        ("set_item_properties", json!({"item": item, "properties": {"Pan": 5}}), "now"),
        ("apply_grade", json!({"item": item, "cdl": {"saturation": 0.5}}), "lut_now"),
        (
            "queue_render",
            json!({"directory": folder, "file_name": "b", "format": "mp4", "codec": "H264"}),
            "codec",
        ),
        ("start_render", json!({"jobs": [job]}), "OutputFilename"),
        ("jobs_edit", json!({"job": job, "action": "cancel"}), "go_on"),
        ("project_edit", json!({"action": "project_set_name", "args": {"projectName": "B"}}), "now"),
        (
            "media_pool_edit",
            json!({"action": "add_sub_folder", "args": {"folder": "/Master", "name": "B"}}),
            "undo",
        ),
        ("api_call", json!({"method": "MediaPool.DeleteClips", "args": [[clip]]}), "used_on_timelines"),
        ("timeline_edit", json!({"action": "timeline_set_name", "args": {"timelineName": "B"}}), "now"),
        (
            "timeline_delete",
            json!({"action": "delete_track", "args": {"trackType": "video", "trackIndex": 1}}),
            "items_on_it",
        ),
        (
            "color_edit",
            json!({"action": "add_version", "on": item, "args": {"versionName": "B", "versionType": 0}}),
            "undo",
        ),
        ("render_edit", json!({"action": "add_render_job"}), "undo"),
    ]
}

/// Every tool of the standard surface that changes something has a dry run, which says in names and numbers what it would do.
#[test]
fn each_tool_tells_its_plan_and_changes_nothing() {
    let mut client = Start::engine().initialized();
    let folder = client.home().join("written");
    std::fs::create_dir(&folder).expect("a folder for what is written");
    let film = film(&client.home().join("film.mp4"), 48);
    client.call("create_project", json!({"name": "Second"}));
    let objects = set_up(&mut client, &film, &folder);
    let before = kept(&client, &folder);
    let cases = tools(&objects, &film, &folder);

    let doors = ["api_call", "api_batch"];
    for entry in Tools::standard().entries().iter().filter(|entry| entry.effect != Effect::Read) {
        let name: &str = &entry.tool.name;
        let has = entry.tool.input_schema["properties"].get("dry_run").is_some();
        assert!(has, "{name} has no dry_run");
        assert!(doors.contains(&name) || cases.iter().any(|case| case.0 == name), "{name} is not tried");
    }
    for (tool, mut arguments, word) in cases {
        arguments["dry_run"] = true.into();
        let told = client.call(tool, arguments);
        assert_eq!(true, told["dry_run"], "{tool}: {told}");
        assert!(told.to_string().contains(&format!("\"{word}\"")), "{tool} does not tell {word}: {told}");
    }
    assert_eq!(before, kept(&client, &folder));
    let full = Tools::everything();
    let single = |entry: &&davinci_resolve_mcp::tools::Entry| matches!(entry.runs, Runs::Method(_));
    for entry in full.entries().iter().filter(single) {
        let has = entry.tool.input_schema["properties"].get("dry_run").is_some();
        assert_eq!(entry.effect != Effect::Read, has, "{}", entry.tool.name);
    }
}

/// An agent decides from the plan: it names the objects and counts what would go.
#[test]
fn a_plan_counts_and_names_what_would_go() {
    let mut client = Start::engine().initialized();
    let folder = client.home().join("written");
    std::fs::create_dir(&folder).expect("a folder for what is written");
    let film = film(&client.home().join("film.mp4"), 48);
    let objects = set_up(&mut client, &film, &folder);
    let mut dry = |method: &str, args: Json| {
        client.call("api_call", json!({"method": method, "args": args, "dry_run": true}))
    };

    let told = dry("Timeline.DeleteMarkersByColor", json!(["Blue"]));
    assert_eq!(
        (json!(2), json!("takes it back")),
        (told["would_remove"].clone(), told["undo"].clone()),
        "{told}"
    );
    let told = dry("MediaPool.DeleteClips", json!([[objects["MediaPoolItem"]]]));
    assert_eq!(json!("film.mp4"), told["objects"][0]["name"], "{told}");
    assert!(told["objects"][0]["used_on_timelines"].to_string().contains('2'), "{told}");
    let told = dry("MediaPool.DeleteTimelines", json!([["Cut 2"]]));
    assert_eq!((json!(1), json!(0)), (told["count"].clone(), told["objects"][0]["items"].clone()), "{told}");
    let told = dry("Timeline.SetName", json!(["Cut 9"]));
    assert_eq!((json!("Cut 1"), json!("Cut 9")), (told["now"].clone(), told["requested"].clone()), "{told}");
    let told = dry("Timeline.DeleteTrack", json!(["video", 1]));
    assert_eq!(json!(2), told["items_on_it"], "{told}");
}

/// What would be refused is refused in the dry run, so that what it accepts would start.
#[test]
fn what_would_be_refused_is_refused_in_a_dry_run() {
    let mut client = Start::engine().initialized();
    let folder = client.home().join("written");
    std::fs::create_dir(&folder).expect("a folder for what is written");
    let film = film(&client.home().join("film.mp4"), 48);
    let objects = set_up(&mut client, &film, &folder);
    let api = |method: &str, args: Json| json!({"method": method, "args": args, "dry_run": true});
    let nobody = "00000000-0000-4000-8000-000000000000";
    let cases = [
        ("api_call", api("Timeline.SetName", json!([])), "invalid_argument"),
        ("api_call", api("MediaPool.DeleteClips", json!([[nobody]])), "not_found"),
        // A guard: the open timeline is not deleted.
        ("api_call", api("MediaPool.DeleteTimelines", json!([[objects["Timeline"]]])), "refused"),
        ("api_call", api("Timeline.DeleteTrack", json!(["video", 9])), "refused"),
        (
            "append_to_timeline",
            json!({"clips": [{"media_pool_item": objects["MediaPoolItem"], "end": 900}], "dry_run": true}),
            "invalid_argument",
        ),
        ("add_marker", json!({"position": 1, "color": "Blue", "dry_run": true}), "invalid_argument"),
        ("create_timeline", json!({"name": "Cut 2", "dry_run": true}), "invalid_argument"),
        ("import_media", json!({"paths": ["/nowhere.mov"], "dry_run": true}), "invalid_argument"),
        ("add_marker", json!({"position": 9, "color": "Blue", "dry_run": "yes"}), "invalid_argument"),
    ];
    for (tool, arguments, code) in cases {
        let failed = client.fails(tool, arguments.clone());
        assert_eq!(code, failed["code"], "{tool} {arguments}: {failed}");
    }
}

/// In a batch the reads are made, each write is told with what the reads found, and what needs the answer of a write
/// says so.
#[test]
fn a_batch_reads_and_tells_its_writes() {
    let mut client = Start::engine().initialized();
    let folder = client.home().join("written");
    std::fs::create_dir(&folder).expect("a folder for what is written");
    let film = film(&client.home().join("film.mp4"), 48);
    set_up(&mut client, &film, &folder);
    let before = kept(&client, &folder);
    let calls = json!([
        {"method": "Timeline.GetItemListInTrack", "args": ["video", 1]},
        {"method": "TimelineItem.SetClipColor", "on": "$0", "each": 10, "args": ["Orange"]},
        {"method": "MediaPool.AddSubFolder", "args": ["/Master", "New"]},
        {"method": "Folder.GetName", "on": "$2"},
    ]);

    let told = client.call("api_batch", json!({"calls": calls, "dry_run": true}));

    let results = told["results"].as_array().expect("results");
    assert_eq!(2, results[0]["value"].as_array().expect("a list").len(), "{told}");
    assert_eq!("Orange", results[1]["value"][1]["requested"], "{told}");
    assert_eq!("MediaPool.AddSubFolder", results[2]["value"]["would_call"], "{told}");
    assert_eq!(json!([2]), results[3]["value"]["with_the_answer_of"], "{told}");
    assert_eq!(before, kept(&client, &folder));
}
