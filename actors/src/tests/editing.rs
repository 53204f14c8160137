//! What the editing operations check before they call, and what they leave as it was.

use resolve_api::Value;
use serde_json::{Value as Json, json};

use super::operations::{on_stage, run};
use super::stage::{CLIP, DAY_1, MASTER, START};
use crate::CallError;

/// The path and the hint of an argument that is wrong for the state of the project.
fn refused(answer: Result<crate::Answer, CallError>) -> (String, String, String) {
    match answer {
        Err(CallError::InvalidArgument { path, reason, hint, .. }) => {
            (path, reason, hint.unwrap_or_default())
        }
        other => panic!("{other:?}"),
    }
}

fn one_clip(more: Json) -> Json {
    let mut clip = json!({"media_pool_item": CLIP});
    clip.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({"clips": [clip]})
}

/// Ranges, tracks and overlaps are judged before anything is placed: Resolve drops such clips without a word.
#[tokio::test(start_paused = true)]
async fn an_impossible_append_is_refused_before_the_call() {
    let cases = [
        (json!({"start": 100}), "clips[0].start", "frame 100 is outside the clip, which has 100 frames"),
        (json!({"start": 10, "end": 101}), "clips[0].end", "101 is beyond the clip, which has 100 frames"),
        (json!({"start": 10, "end": 10}), "clips[0].end", "10 is not after the start, 10"),
        (json!({"start": "00:00:05:00"}), "clips[0].start", "frame 120 is outside the clip"),
        (json!({"track": 3}), "clips[0].track", "there is no video track 3: the timeline has 1"),
        (
            json!({"media_type": "audio"}),
            "clips[0].media_type",
            "'c0000000-0000-0000-0000-000000000001' has no sound",
        ),
        (
            json!({"record_frame": 47}),
            "clips[0].record_frame",
            "01:00:01:23 to 01:00:06:03 on video track 1 overlaps the item e0000000-0000-0000-0000-000000000000, which \
             stands at 01:00:00:00 to 01:00:02:00",
        ),
        (
            json!({"record_frame": "00:59:59:00"}),
            "clips[0].record_frame",
            "00:59:59:00 lies before the timeline",
        ),
    ];
    for (request, path, reason) in cases {
        let (stage, system) = on_stage(|_| {});

        let got = refused(run(&system, "append_to_timeline", one_clip(request.clone())).await);

        assert_eq!(path, got.0, "{request}");
        assert!(got.1.starts_with(reason), "{request}: {}", got.1);
        assert!(!stage.lock().unwrap().calls.iter().any(|call| call == "MediaPool.AppendToTimeline"));
    }
    let two = json!({"clips": [
        {"media_pool_item": CLIP, "start": 0, "end": 24, "record_frame": 100},
        {"media_pool_item": CLIP, "start": 0, "end": 24, "record_frame": 120},
    ]});
    let (_, system) = on_stage(|_| {});
    let got = refused(run(&system, "append_to_timeline", two).await);
    assert!(got.1.contains("overlaps clips[0]"), "{}", got.1);
}

/// Resolve answers items for a locked track and places nothing.
#[tokio::test(start_paused = true)]
async fn a_locked_track_is_refused() {
    let (_, system) = on_stage(|stage| stage.locked = true);

    let got = refused(run(&system, "append_to_timeline", one_clip(json!({}))).await);

    assert_eq!(("clips[0].track".to_owned(), "video track 1 is locked".to_owned()), (got.0, got.1));
}

/// Without a record frame a clip goes behind what stands there, one after the other, and the playhead stays.
#[tokio::test(start_paused = true)]
async fn clips_go_behind_each_other_and_the_playhead_stays() {
    let (stage, system) = on_stage(|_| {});
    let clips = json!({"clips": [
        {"media_pool_item": CLIP, "start": 10, "end": 34},
        {"media_pool_item": CLIP, "start": "1s", "end": "00:00:02:00"},
    ]});

    let answer = run(&system, "append_to_timeline", clips).await.unwrap().value;

    let stage = stage.lock().unwrap();
    let placed: Vec<_> =
        stage.items.iter().map(|item| (item.start - START, item.duration, item.first)).collect();
    assert_eq!([(0, 48, 0), (48, 24, 10), (72, 24, 24)], placed[..]);
    assert_eq!("01:00:00:10", stage.playhead);
    let second = &answer.get("placed").and_then(Value::as_list).unwrap()[1];
    let at = |path: [&str; 2]| second.get(path[0]).and_then(|time| time.get(path[1])).cloned();
    assert_eq!(Some("01:00:03:00".into()), at(["start", "timecode"]));
    assert_eq!(Some(72.into()), at(["start", "frames"]));
    assert_eq!(Some("e0000000-0000-0000-0000-000000000002".into()), second.get("id").cloned());
    let source_end = second.get("source").and_then(|source| source.get("end")?.get("timecode").cloned());
    assert_eq!(Some("00:00:02:00".into()), source_end);
}

/// A marker that nobody would ever see, or that Resolve refuses without a reason, is refused with one.
#[tokio::test(start_paused = true)]
async fn a_marker_outside_or_on_another_is_refused() {
    let (_, system) = on_stage(|_| {});
    let at = |position: Json| json!({"position": position, "color": "Red", "name": "A"});
    assert!(run(&system, "add_marker", at("01:00:01:00".into())).await.is_ok());

    let twice = refused(run(&system, "add_marker", at(24.into())).await);
    assert_eq!("frame 24 already carries a Red marker 'A'", twice.1);
    let outside = refused(run(&system, "add_marker", at(48.into())).await);
    assert_eq!("frame 48 is outside the timeline, whose frames are 0 to 47", outside.1);
    let absolute = refused(run(&system, "add_marker", at((START + 5).into())).await);
    assert_eq!("frames count from the timeline start: pass 5, or the timecode", absolute.2);
}

/// A project that does not exist is answered with those that do, and the open one is saved before another is opened.
#[tokio::test(start_paused = true)]
async fn projects_are_found_by_name() {
    let (stage, system) = on_stage(|_| {});

    let Err(CallError::InvalidArgument { candidates, .. }) =
        run(&system, "open_project", json!({"name": "trailr"})).await
    else {
        panic!("it was opened")
    };
    assert_eq!(vec![Value::from("Trailer")], candidates);

    let answer = run(&system, "open_project", json!({"name": "Trailer"})).await.unwrap().value;
    assert_eq!(Some(&"Film".into()), answer.get("saved_before"));

    stage.lock().unwrap().project = "Untitled Project".into();
    stage.lock().unwrap().calls.clear();
    run(&system, "open_project", json!({"name": "Film"})).await.unwrap();
    let calls = stage.lock().unwrap().calls.clone();
    assert!(!calls.iter().any(|call| call == "ProjectManager.SaveProject"), "it never returns: {calls:?}");
}

/// What a timeline cannot be is known before there is one: a half-made timeline would stay.
#[tokio::test(start_paused = true)]
async fn an_impossible_timeline_is_not_created() {
    for (args, path) in [
        (json!({"name": "Cut 1"}), "name"),
        (json!({"name": " "}), "name"),
        (json!({"name": "new", "frame_rate": 25, "drop_frame": true}), "frame_rate"),
        (json!({"name": "new", "frame_rate": "fast"}), "frame_rate"),
        (json!({"name": "new", "frame_rate": 25, "start_timecode": "01:00:00:25"}), "start_timecode"),
        (json!({"name": "new", "start_timecode": "01:00:00;00"}), "start_timecode"),
    ] {
        let (stage, system) = on_stage(|_| {});

        let got = refused(run(&system, "create_timeline", args.clone()).await);

        assert_eq!(path, got.0, "{args}: {}", got.1);
        assert!(!stage.lock().unwrap().calls.iter().any(|call| call == "MediaPool.CreateEmptyTimeline"));
    }
}

/// Each path has its own result, and the folder that was shown is shown again also when one of them fails.
#[tokio::test(start_paused = true)]
async fn each_path_of_an_import_has_its_result() {
    let disk = tempfile::tempdir().unwrap();
    let path = |name: &str| disk.path().join(name).to_str().unwrap().to_owned();
    for name in ["good.mov", "corrupt.mov"] {
        std::fs::write(path(name), "x").unwrap();
    }
    let paths = [path("good.mov"), path("corrupt.mov"), path("missing.mov")];
    let (stage, system) = on_stage(|_| {});

    let args = json!({"paths": paths, "folder": DAY_1});
    let answer = run(&system, "import_media", args).await.unwrap().value;

    let count = |key: &str| answer.get(key).and_then(Value::as_list).unwrap().len();
    assert_eq!((1, 2), (count("imported"), count("failed")));
    let failed = answer.get("failed").and_then(Value::as_list).unwrap();
    let reasons: Vec<_> = failed.iter().filter_map(|failure| failure.get("reason")?.as_str()).collect();
    assert_eq!(["there is no such file", "it is no media file"], reasons[..]);
    {
        let stage = stage.lock().unwrap();
        assert_eq!(MASTER, stage.folder);
        let looks = stage.calls.iter().filter(|call| *call == "MediaPool.GetCurrentFolder").count();
        assert_eq!(3, looks, "once before, and once after each of the two times that another was shown");
    }

    let nothing = refused(run(&system, "import_media", json!({"paths": [path("corrupt.mov")]})).await);
    assert!(nothing.1.ends_with("cannot be imported: it is no media file"), "{}", nothing.1);
}

/// A look shows the frames that were asked for, and leaves page and playhead alone.
#[tokio::test(start_paused = true)]
async fn a_look_leaves_everything_as_it_was() {
    let (stage, system) = on_stage(|stage| stage.page = "color".into());

    let answer = run(&system, "look", json!({"positions": [0, "01:00:01:23"]})).await.unwrap();

    let frames = answer.value.get("frames").and_then(Value::as_list).unwrap();
    let timecodes: Vec<_> =
        frames.iter().filter_map(|frame| frame.get("position")?.get("timecode")?.as_str()).collect();
    assert_eq!(["01:00:00:00", "01:00:01:23"], timecodes[..]);
    let picture = answer.picture.unwrap();
    assert_eq!(picture.png, std::fs::read(&picture.path).unwrap());
    let stage = stage.lock().unwrap();
    assert_eq!(("color", "01:00:00:10"), (stage.page.as_str(), stage.playhead.as_str()));
    // On Color a still shows the clip alone, without the tracks above.
    assert_eq!("edit", stage.page_of_still);
}
