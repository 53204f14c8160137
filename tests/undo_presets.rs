//! Taking back what was done to presets of the program, color groups and stills.

use serde_json::{Value as Json, json};

use crate::client::{Client, Start};
use crate::media::film;

/// A server with a film on a timeline in two pieces, and their ids.
pub fn cut() -> (Client, Vec<String>) {
    let mut client = Start::engine().initialized();
    let film = film(&client.home().join("film.mp4"), 48);
    client.call("create_project", json!({"name": "Film", "frame_rate": 24}));
    let clip = client.call("import_media", json!({"paths": [film]}))["imported"][0]["id"].clone();
    client.call("create_timeline", json!({"name": "Cut"}));
    let range = |start: u32| json!({"media_pool_item": clip, "start": start, "end": start + 16});
    let placed = client.call("append_to_timeline", json!({"clips": [range(0), range(20)]}));
    let id = |entry: &Json| entry["id"].as_str().expect("an id").to_owned();
    let items = placed["placed"].as_array().expect("items").iter().map(id).collect();
    (client, items)
}

fn api(client: &mut Client, method: &str, args: Json) -> Json {
    client.call("api_call", json!({"method": method, "args": args, "confirm": true}))["value"].take()
}

fn on(client: &mut Client, method: &str, on: &str, args: Json) -> Json {
    client.call("api_call", json!({"method": method, "on": on, "args": args, "confirm": true}))["value"]
        .take()
}

/// What a preset holds, as it is exported; none where there is none.
fn exported(client: &mut Client, kind: &str, name: &str) -> Option<String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (list, export) = match kind {
        "render" => ("Project.GetRenderPresetList", "Resolve.ExportRenderPreset"),
        _ => ("Project.GetProjectSettingsPresetList", "Project.ExportProjectSettingsPreset"),
    };
    if !api(client, list, json!([])).to_string().contains(&format!("\"{name}\"")) {
        return None;
    }
    let path = folder.path().join("preset");
    client.by_somebody(|client| api(client, export, json!([name, path])));
    let file = if kind == "render" { path.join(format!("{name}.xml")) } else { path };
    std::fs::read_to_string(file).ok()
}

/// Each write of a preset goes back to the very file that it was, with the settings of the Deliver page where they are.
#[test]
fn presets_return_as_they_were() {
    let (mut client, _items) = cut();
    for (kind, save, update, delete, change) in [
        (
            "render",
            "Project.SaveAsNewRenderPreset",
            "Project.UpdateRenderPreset",
            "Project.DeleteRenderPreset",
            ("Project.SetCurrentRenderFormatAndCodec", json!(["mp4", "H265"])),
        ),
        (
            "project settings",
            "Project.SaveCurrentProjectSettingsAsNewPreset",
            "Project.UpdateProjectSettingsPreset",
            "Project.DeleteProjectSettingsPreset",
            ("Project.SetSettings", json!([{"timelineResolutionWidth": "1280"}])),
        ),
    ] {
        let undo = |client: &mut Client| {
            let undone = client.call("undo", json!({}))["undone"][0].clone();
            assert_eq!(true, undone["verified"], "{kind}: {undone}");
        };
        api(&mut client, save, json!(["mine"]));
        let saved = exported(&mut client, kind, "mine");
        assert!(saved.is_some());
        undo(&mut client);
        assert_eq!(None, exported(&mut client, kind, "mine"));
        client.call("undo", json!({"redo": true}));
        assert_eq!(saved, exported(&mut client, kind, "mine"));

        api(&mut client, change.0, change.1.clone());
        api(&mut client, update, json!(["mine"]));
        let updated = exported(&mut client, kind, "mine");
        assert_ne!(saved, updated);
        undo(&mut client);
        assert_eq!(saved, exported(&mut client, kind, "mine"));
        client.call("undo", json!({"redo": true}));
        assert_eq!(updated, exported(&mut client, kind, "mine"));
        undo(&mut client);

        let format = api(&mut client, "Project.GetCurrentRenderFormatAndCodec", json!([]));
        api(&mut client, delete, json!(["mine"]));
        assert_eq!(None, exported(&mut client, kind, "mine"));
        undo(&mut client);
        assert_eq!(saved, exported(&mut client, kind, "mine"));
        assert_eq!(format, api(&mut client, "Project.GetCurrentRenderFormatAndCodec", json!([])));
    }
}

/// A preset is not the project's, so its deletion is asked for, with what an undo would do.
#[test]
fn the_deletion_of_a_preset_is_asked_for() {
    let (mut client, _items) = cut();
    api(&mut client, "Project.SaveAsNewRenderPreset", json!(["mine"]));
    let refused = client.fails("api_call", json!({"method": "Project.DeleteRenderPreset", "args": ["mine"]}));
    assert_eq!("consent_required", refused["code"], "{refused}");
    assert!(refused["plan"]["undo"].as_str().unwrap().contains("file"), "{refused}");
}

/// A group comes back with its items under its name; one with a grade of its own is said not to.
#[test]
fn color_groups_return_with_their_items() {
    let (mut client, items) = cut();
    let group = |client: &mut Client, item: &str| {
        let group = on(client, "TimelineItem.GetColorGroup", item, json!([]));
        if group.is_null() { group } else { on(client, "ColorGroup.GetName", "Night", json!([])) }
    };
    api(&mut client, "Project.AddColorGroup", json!(["Night"]));
    for item in &items {
        on(&mut client, "TimelineItem.AssignToColorGroup", item, json!(["Night"]));
    }
    on(&mut client, "ColorGroup.SetName", "Night", json!(["Day"]));
    client.call("undo", json!({}));
    assert_eq!("Night", group(&mut client, &items[0]));

    api(&mut client, "Project.DeleteColorGroup", json!(["Night"]));
    assert_eq!(Json::Null, group(&mut client, &items[1]));
    let undone = client.call("undo", json!({}))["undone"][0].clone();
    assert_eq!(true, undone["verified"], "{undone}");
    for item in &items {
        assert_eq!("Night", group(&mut client, item));
    }
}

/// Stills that were grabbed go again: those and no others.
#[test]
fn stills_that_were_grabbed_go_again() {
    let (mut client, _items) = cut();
    let count = |client: &mut Client| {
        api(client, "GalleryStillAlbum.GetStills", json!([])).as_array().map_or(0, Vec::len)
    };
    api(&mut client, "Timeline.GrabStill", json!([]));
    assert_eq!(1, count(&mut client));
    api(&mut client, "Timeline.GrabAllStills", json!([1]));
    assert_eq!(3, count(&mut client));

    let undone = client.call("undo", json!({}))["undone"][0].clone();
    assert_eq!((1, "api_call"), (count(&mut client), undone["tool"].as_str().unwrap()), "{undone}");
    client.call("undo", json!({}));
    assert_eq!(0, count(&mut client));
}

/// No call keeps the grade of a group, so a group that has one is not said to return.
#[test]
fn a_group_with_a_grade_is_not_said_to_return() {
    let (mut client, items) = cut();
    on(
        &mut client,
        "TimelineItem.SetCDL",
        &items[0],
        json!([{"NodeIndex": "1", "Slope": "1.2 1 1",
        "Offset": "0 0 0", "Power": "1 1 1", "Saturation": "1"}]),
    );
    let table = client.home().join("look.cube");
    on(&mut client, "TimelineItem.ExportLUT", &items[0], json!(["EXPORT_LUT_17PTCUBE", table]));
    client.call("apply_grade", json!({"item": items[0], "lut": table}));
    let lut = on(&mut client, "TimelineItem.GetLUT", &items[0], json!([1]));
    api(&mut client, "Project.AddColorGroup", json!(["Night"]));
    on(&mut client, "Graph.SetLUT", "Night", json!([1, lut]));
    api(&mut client, "Project.DeleteColorGroup", json!(["Night"]));

    let refused = client.fails("undo", json!({}));

    assert_eq!("refused", refused["code"], "{refused}");
    assert!(refused["message"].as_str().unwrap().contains("has a grade"), "{refused}");
}
