//! Taking back what was done to settings that no call reads whole: they are kept in a file, and compared as one.

use std::path::PathBuf;

use serde_json::{Value as Json, json};

use crate::client::{Client, Start};
use crate::media::film;

/// A server with a film on a timeline.
fn cut() -> Client {
    let mut client = Start::engine().initialized();
    let film = film(&client.home().join("film.mp4"), 48);
    client.call("create_project", json!({"name": "Film", "frame_rate": 24}));
    let clip = client.call("import_media", json!({"paths": [film]}))["imported"][0]["id"].clone();
    client.call("create_timeline", json!({"name": "Cut"}));
    let range = json!([{"media_pool_item": clip, "start": 0, "end": 24}]);
    client.call("append_to_timeline", json!({"clips": range}));
    client
}

fn api(client: &mut Client, method: &str, args: Json) -> Json {
    client.call("api_call", json!({"method": method, "args": args}))["value"].take()
}

/// The settings of the Deliver page as the engine writes them into a preset, and all that is beside them.
fn deliver(client: &mut Client) -> Json {
    client.by_somebody(|client| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (name, path) = ("a look", folder.path().join("presets"));
        api(client, "Project.SaveAsNewRenderPreset", json!([name]));
        api(client, "Resolve.ExportRenderPreset", json!([name, path]));
        let delete = json!({"method": "Project.DeleteRenderPreset", "args": [name], "confirm": true});
        client.call("api_call", delete);
        let settings = std::fs::read_to_string(path.join(format!("{name}.xml"))).expect("it was written");
        let seen = [
            "Project.GetRenderPresetList",
            "Timeline.GetMarkInOut",
            "Project.GetRenderJobList",
            "Resolve.GetCurrentPage",
        ];
        json!([settings, seen.map(|method| api(client, method, json!([])))])
    })
}

/// Every change of the render settings goes back without a question, and forth; no preset of ours stays in the list.
#[test]
fn render_settings_return_as_they_were() {
    let mut client = cut();
    let directory = client.home().to_owned();
    let first = json!([{"TargetDir": directory, "CustomName": "first", "FrameRate": 24}]);
    api(&mut client, "Project.SetRenderSettings", first);
    let call = |method: &str, args: Json| ("api_call", json!({"method": method, "args": args}));
    let start = 86400;
    let changes = [
        call(
            "Project.SetRenderSettings",
            json!([{"CustomName": "other & more", "FormatWidth": 640, "FormatHeight": 360}]),
        ),
        call(
            "Project.SetRenderSettings",
            json!([{"MarkIn": start + 2, "MarkOut": start + 9, "ExportAudio": false}]),
        ),
        call("Project.LoadRenderPreset", json!(["Audio Only"])),
        call("Project.SetCurrentRenderFormatAndCodec", json!(["mov", "ProRes422HQ"])),
        (
            "queue_render",
            json!({"directory": directory, "file_name": "part", "format": "mp4", "codec": "H265", "mark_in": 4, "mark_out": 20}),
        ),
    ];
    api(&mut client, "Resolve.OpenPage", json!(["edit"]));
    for (tool, arguments) in changes {
        let before = deliver(&mut client);
        client.call(tool, arguments.clone());
        let after = deliver(&mut client);
        assert_ne!(before, after, "{arguments} changes nothing");

        for _ in 0..2 {
            let undone = client.call("undo", json!({}))["undone"][0].clone();

            assert_eq!(true, undone["verified"], "{arguments}: {undone}");
            assert!(undone["compared"].to_string().contains("Resolve.ExportRenderPreset"), "{undone}");
            assert!(!undone["beware"].to_string().contains("do not hold"), "{undone}");
            assert_eq!(before, deliver(&mut client), "{arguments} is not taken back");
            client.call("undo", json!({"redo": true}));
            if tool != "queue_render" {
                assert_eq!(after, deliver(&mut client), "{arguments} is not put back");
            }
        }
        client.call("undo", json!({}));
        assert_eq!(before, deliver(&mut client));
    }
}

/// Somebody who sets up the Deliver page after us is not overruled unasked.
#[test]
fn render_settings_that_somebody_changed_since_stay() {
    let mut client = cut();
    api(&mut client, "Project.SetRenderSettings", json!([{"CustomName": "ours"}]));
    client.by_somebody(|client| api(client, "Project.SetRenderSettings", json!([{"CustomName": "theirs"}])));
    let theirs = deliver(&mut client);

    let refused = client.fails("undo", json!({}));

    assert_eq!("changed", refused["code"], "{refused}");
    assert!(refused["message"].as_str().unwrap().contains("theirs"), "{refused}");
    assert_eq!(theirs, deliver(&mut client));
    client.call("undo", json!({"confirm": true}));
    assert_ne!(theirs, deliver(&mut client));
}

/// Without its file nothing is put back, which is said before anything is touched.
#[test]
fn without_the_file_nothing_is_put_back() {
    let mut client = cut();
    let before = deliver(&mut client);
    api(&mut client, "Project.SetRenderSettings", json!([{"CustomName": "ours"}]));
    let after = deliver(&mut client);
    let status = client.call("status", json!({}));
    let journal = PathBuf::from(status["journal"]["path"].as_str().expect("a journal"));
    std::fs::remove_dir_all(journal.with_file_name("kept")).expect("it is there");

    let refused = client.fails("undo", json!({}));

    assert_eq!("refused", refused["code"], "{refused}");
    assert!(
        refused["message"].as_str().unwrap().contains("the file with what was there before is gone"),
        "{refused}"
    );
    assert_eq!(after, deliver(&mut client));
    assert_ne!(before, after);
}

/// A preset changes many settings of a project at once; undo sets back those that differ, also where some depend on others.
#[test]
fn project_settings_return_as_they_were() {
    let mut client = Start::engine().initialized();
    client.call("create_project", json!({"name": "Other", "frame_rate": 30}));
    let other = json!([{
        "timelineResolutionWidth": "1280", "timelineResolutionHeight": "720",
        "separateColorSpaceAndGamma": "1", "colorSpaceTimelineGamma": "Gamma 2.2",
    }]);
    api(&mut client, "Project.SetSettings", other);
    api(&mut client, "Project.SaveCurrentProjectSettingsAsNewPreset", json!(["other"]));
    client.call("create_project", json!({"name": "Film", "frame_rate": 24}));
    let before = api(&mut client, "Project.GetSettings", json!([]));

    // No question is asked: undo takes it back.
    api(&mut client, "Project.SetProjectSettingsPreset", json!(["other"]));

    let after = api(&mut client, "Project.GetSettings", json!([]));
    assert_eq!(
        (30.0, "1280"),
        (after["timelineFrameRate"].as_f64().unwrap(), after["timelineResolutionWidth"].as_str().unwrap())
    );
    for _ in 0..2 {
        let undone = client.call("undo", json!({}))["undone"][0].clone();
        assert_eq!(
            (&json!(true), &json!(["Project.GetSettings"])),
            (&undone["verified"], &undone["compared"]),
            "{undone}"
        );
        assert_eq!(before, api(&mut client, "Project.GetSettings", json!([])));
        client.call("undo", json!({"redo": true}));
        assert_eq!(after, api(&mut client, "Project.GetSettings", json!([])));
    }
    // Once there is a timeline its rate stays; all else is set back.
    client.by_somebody(|client| client.call("create_timeline", json!({"name": "Theirs"})));
    let failed = client.fails("undo", json!({"confirm": true}));
    let message = failed["message"].as_str().unwrap();
    assert!(message.contains("timelineFrameRate") && message.contains("could not be set back"), "{failed}");
    let now = api(&mut client, "Project.GetSettings", json!([]));
    assert_eq!(
        (30.0, "1920"),
        (now["timelineFrameRate"].as_f64().unwrap(), now["timelineResolutionWidth"].as_str().unwrap())
    );
}
