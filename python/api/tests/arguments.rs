//! What arguments become, and what is said about wrong ones.

use std::path::Path;

use resolve_api::catalogue::{Method, catalogue};
use resolve_api::check::{check_args, check_call};
use resolve_api::kind::{Kind, Param};
use resolve_api::{ArgumentError, Key, Locator, Value};
use serde_json::{Value as Json, json};

fn method(label: &str) -> &'static Method {
    catalogue().method_by_label(label).unwrap_or_else(|| panic!("no {label}"))
}

/// Checks a call of a method, relative paths starting at `/base`.
fn call(label: &str, given: Json) -> Result<Vec<Value>, ArgumentError> {
    check_call(method(label), &given, "args", Some(Path::new("/base")))
}

/// Where the arguments of a wrong call are wrong, why, and what is near.
fn wrong(label: &str, given: Json) -> (String, String, Vec<String>) {
    let error = call(label, given.clone()).expect_err(&given.to_string());
    (error.path, error.reason, error.nearest)
}

fn text(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// By name and by position give the same call, in Resolve's order; what is left out at the end stays out.
#[test]
fn names_and_positions_give_the_same_call() {
    let expected = vec![Value::Int(96), "Blue".into(), "cut".into(), "".into(), Value::Int(1)];
    let named = json!({"duration": 1, "color": "Blue", "frameId": 96, "note": "", "name": "cut"});
    assert_eq!(call("Timeline.AddMarker", named), Ok(expected.clone()));
    assert_eq!(call("Timeline.AddMarker", json!([96, "Blue", "cut", "", 1])), Ok(expected));
    assert_eq!(call("Timeline.GetName", Json::Null), Ok(vec![]));
    assert_eq!(call("Timeline.GetName", json!([])), Ok(vec![]));
    assert_eq!(call("Timeline.GetName", json!({})), Ok(vec![]));
}

/// Names of older texts are understood: agents have learnt them.
#[test]
fn older_names_are_understood() {
    let expected = vec![Value::Int(1), Value::Int(5)];
    assert_eq!(call("Timeline.SetMarkInOut", json!({"in": 1, "out": 5})), Ok(expected));
}

/// An unknown name is refused with the nearest one, not dropped: a dropped argument is a silent mistake.
#[test]
fn unknown_names_are_refused() {
    let (path, reason, nearest) = wrong("Timeline.AddMarker", json!({"frame_id": 1, "colour": "Blue"}));
    assert_eq!((path.as_str(), nearest), ("args.frame_id", text(&["frameId"])));
    assert_eq!(reason, "there is no 'frame_id' here; did you mean 'frameId'?");

    let (_, reason, nearest) = wrong("Timeline.GetName", json!({"x": 1}));
    assert_eq!((reason.as_str(), nearest), ("there is no 'x' here: nothing is taken", vec![]));
}

/// A missing argument is named with what it must be.
#[test]
fn missing_arguments_are_named() {
    let (path, reason, _) = wrong("Resolve.OpenPage", json!({}));
    assert_eq!(
        (path.as_str(), reason.as_str()),
        (
            "args.pageName",
            "is missing; it must be one of media, photo, cut, edit, fusion, color, fairlight, deliver"
        )
    );
    let (path, reason, _) = wrong("Resolve.OpenPage", json!([]));
    assert_eq!(
        (path.as_str(), reason.as_str()),
        (
            "args[0]",
            "is missing (pageName); it must be one of media, photo, cut, edit, fusion, color, fairlight, deliver"
        )
    );
}

/// Too many arguments, or none of the two shapes, are refused.
#[test]
fn the_shape_of_the_arguments_is_checked() {
    let (path, reason, _) = wrong("Resolve.OpenPage", json!(["edit", "now"]));
    assert_eq!(
        (path.as_str(), reason.as_str()),
        ("args[1]", "there is no such place: 1 arguments at most (pageName); got 2")
    );
    let (path, reason, _) = wrong("Resolve.OpenPage", json!("edit"));
    assert_eq!(
        (path.as_str(), reason.as_str()),
        ("args", "must be an object with pageName, or a list in that order; got the text \"edit\"")
    );
}

/// Values of an enumeration are found in any case and go to Resolve in its own spelling; a wrong one is
/// refused with the nearest.
#[test]
fn enumerations_are_matched() {
    assert_eq!(call("Resolve.OpenPage", json!(["EDIT"])), Ok(vec!["edit".into()]));
    let (path, reason, nearest) = wrong("Timeline.AddMarker", json!([96, "Bleu", "", "", 1]));
    assert_eq!((path.as_str(), nearest), ("args[1]", text(&["Blue"])));
    assert!(reason.starts_with("must be one of Blue, Cyan, Green"), "{reason}");
    assert!(reason.ends_with("got the text \"Bleu\""), "{reason}");

    let color = json!({"itemListToCopy": [], "x": 1});
    assert_eq!(wrong("TimelineItem.AddMarker", color).0, "args.itemListToCopy");
    assert_eq!(
        call("TimelineItem.AddVersion", json!(["v2", "Remote"])),
        Ok(vec!["v2".into(), Value::Int(1)])
    );
    assert_eq!(call("TimelineItem.AddVersion", json!(["v2", 0])), Ok(vec!["v2".into(), Value::Int(0)]));
    let (_, reason, _) = wrong("TimelineItem.AddVersion", json!(["v2", 2]));
    assert_eq!(reason, "must be one of 0 (local), 1 (remote); got the number 2");
}

/// Constants go by name, because only the live object knows their numbers.
#[test]
fn constants_go_by_name() {
    let expected = vec!["/x.edl".into(), Value::constant("EXPORT_EDL"), Value::constant("EXPORT_NONE")];
    for name in [
        json!("EXPORT_EDL"),
        json!("export_edl"),
        json!("resolve.EXPORT_EDL"),
        json!({"$constant": "EXPORT_EDL"}),
    ] {
        assert_eq!(call("Timeline.Export", json!(["/x.edl", name, "EXPORT_NONE"])), Ok(expected.clone()));
    }
    let (path, _, nearest) = wrong("Timeline.Export", json!(["/x.edl", "EDL", "EXPORT_NONE"]));
    assert_eq!((path.as_str(), nearest[0].as_str()), ("args[1]", "EXPORT_EDL"));
    assert_eq!(
        wrong("Timeline.Export", json!(["/x.edl", 99, "EXPORT_NONE"])).0,
        "args[1]",
        "an unknown number"
    );
    let removed = json!(["/x", "EXPORT_FCPXML_1_3", "EXPORT_NONE"]);
    assert_eq!(wrong("Timeline.Export", removed).0, "args[1]", "a constant that is gone");

    // A stated number is its constant; an inferred one is what a property answered, and goes back as it came.
    assert_eq!(
        call("Graph.SetNodeCacheMode", json!([1, -1])),
        Ok(vec![Value::Int(1), Value::constant("CACHE_AUTO_ENABLED")])
    );
    let back = call("TimelineItem.SetProperties", json!([{"CompositeMode": 4}]));
    assert_eq!(back, Ok(vec![Value::map([("CompositeMode", Value::Int(4))])]));
}

/// Dicts are checked key by key, lists item by item, and the path leads to the very value.
#[test]
fn dicts_are_checked_inside() {
    let clip = json!({"mediaPoolItem": "a-b", "startFrame": 0, "endFrame": 47.0, "mediaType": 1});
    let expected = Value::map([
        ("mediaPoolItem", Value::object(Locator::MediaPoolItem(Key::Name("a-b".into())))),
        ("startFrame", Value::Int(0)),
        ("endFrame", Value::Float(47.0)),
        ("mediaType", Value::Int(1)),
    ]);
    assert_eq!(call("MediaPool.AppendToTimeline", json!([[clip]])), Ok(vec![Value::List(vec![expected])]));

    let (path, _, nearest) = wrong(
        "MediaPool.AppendToTimeline",
        json!([[{"mediaPoolItem": "a-b"}, {"mediaPoolItem": "c", "startframe": 1}]]),
    );
    assert_eq!((path.as_str(), nearest), ("args[0][1].startframe", text(&["startFrame"])));

    let (path, reason, _) = wrong("MediaPool.AppendToTimeline", json!({"clipInfos": [{"startFrame": 1}]}));
    assert_eq!(path, "args.clipInfos[0].mediaPoolItem");
    assert_eq!(reason, "is missing; it must be a MediaPoolItem (its unique id)");
}

/// A setting that Resolve only answers is refused before it refuses the whole dict.
#[test]
fn read_only_settings_are_refused() {
    let (path, reason, _) = wrong("Project.SetSettings", json!([{"timelinePlaybackFrameRate": "24"}]));
    assert_eq!(path, "args[0].timelinePlaybackFrameRate");
    assert_eq!(reason, "cannot be written: Resolve only answers it");
    let set = json!([{"timelineFrameRate": "29.97 DF", "useInverseDRT": true}]);
    let expected =
        Value::map([("timelineFrameRate", "29.97 DF"), ("useInverseDRT", "1")].map(|(k, v)| (k, v.into())));
    assert_eq!(call("Project.SetSettings", set), Ok(vec![expected]));
}

/// The older form of a dict, whose keys are constants, keeps those keys.
#[test]
fn constant_keys_stay_constants() {
    let given =
        json!([["a", "b"], {"AUDIO_SYNC_MODE": "AUDIO_SYNC_WAVEFORM", "AUDIO_SYNC_CHANNEL_NUMBER": -2}]);
    let Ok(values) = call("MediaPool.AutoSyncAudio", given) else { panic!() };
    let expected = Value::map([
        ("$constant:AUDIO_SYNC_MODE", Value::constant("AUDIO_SYNC_WAVEFORM")),
        ("$constant:AUDIO_SYNC_CHANNEL_NUMBER", Value::Int(-2)),
    ]);
    assert_eq!(values[1], expected);
    let named = call("MediaPool.AutoSyncAudio", json!([["a"], {"syncMode": "AUDIO_SYNC_TIMECODE"}])).unwrap();
    assert_eq!(named[1], Value::map([("syncMode", Value::constant("AUDIO_SYNC_TIMECODE"))]));
}

/// Every form that still answers is taken by position, and the error speaks of the form that was meant.
#[test]
fn overloads_are_tried() {
    let id = |name: &str| Value::object(Locator::MediaPoolItem(Key::Name(name.into())));
    assert_eq!(call("MediaPool.AppendToTimeline", json!(["a", "b"])), Ok(vec![id("a"), id("b")]));
    assert_eq!(call("MediaPool.AppendToTimeline", json!([["a"]])), Ok(vec![Value::List(vec![id("a")])]));
    assert_eq!(call("Project.StartRendering", json!([])), Ok(vec![]));
    assert_eq!(call("Project.StartRendering", json!(["1", "2"])), Ok(vec!["1".into(), "2".into()]));
    assert_eq!(
        call("TimelineItem.SetProperty", json!(["ZoomX", 1.5])),
        Ok(vec!["ZoomX".into(), Value::Float(1.5)])
    );
    let many = call("TimelineItem.SetProperty", json!({"properties": {"ZoomX": 1.5}}));
    assert_eq!(many, Ok(vec![Value::map([("ZoomX", Value::Float(1.5))])]));
    assert_eq!(wrong("Project.StartRendering", json!([7])).0, "args[0]", "indices answer no longer");
    let (path, reason, _) =
        wrong("MediaPool.AppendToTimeline", json!([[{"mediaPoolItem": "a"}, {"mediaPoolItem": 5}]]));
    assert_eq!(path, "args[0][1].mediaPoolItem");
    assert!(reason.ends_with("got the number 5"), "{reason}");
}

/// An argument in the middle that is not given gets its default, or is asked for.
#[test]
fn gaps_are_filled_or_refused() {
    let stereo = call("Timeline.AddTrack", json!({"trackType": "audio"}));
    assert_eq!(stereo, Ok(vec!["audio".into()]));

    let params = |gap: Param| Method {
        params: vec![gap, Param::optional("last", Kind::Int, "")],
        overloads: vec![],
        ..method("Timeline.GetName").clone()
    };
    let gap = Param::optional("gap", Kind::Int, "");
    let with_default = check_call(&params(gap.clone().or(7)), &json!({"last": 1}), "args", None);
    assert_eq!(with_default, Ok(vec![Value::Int(7), Value::Int(1)]));
    let without = check_call(&params(gap), &json!({"last": 1}), "args", None).unwrap_err();
    assert_eq!(
        without.to_string(),
        "args.gap: must be given when a later argument is: arguments go to Resolve by position"
    );
}

/// Numbers keep within the bounds of their row, and whole numbers are whole.
#[test]
fn numbers_are_checked() {
    let (path, reason, _) = wrong("Timeline.GetTrackName", json!(["video", 0]));
    assert_eq!((path.as_str(), reason.as_str()), ("args[1]", "must be at least 1; got 0"));
    let (_, reason, _) = wrong("Timeline.GetTrackName", json!(["video", 1.5]));
    assert_eq!(reason, "must be a whole number; got the number 1.5");
    let (_, reason, _) = wrong("Timeline.GetTrackName", json!(["video", "1"]));
    assert_eq!(reason, "must be a whole number; got the text \"1\"");
    let (path, reason, _) = wrong("TimelineItem.SetProperties", json!([{"Opacity": 101}]));
    assert_eq!((path.as_str(), reason.as_str()), ("args[0].Opacity", "must be between 0 and 100; got 101"));
    assert!(call("Timeline.GetTrackName", json!(["video", 18_446_744_073_709_551_615u64])).is_err());
}

/// Paths leave here absolute; the shell's shorthand is refused instead of making a folder called `~`.
#[test]
fn paths_become_absolute() {
    let one = |path: &str| call("ProjectManager.ImportProject", json!([path]));
    assert_eq!(one("/a b/ü\n.drp"), Ok(vec!["/a b/ü\n.drp".into()]));
    assert_eq!(one("c.drp"), Ok(vec!["/base/c.drp".into()]));
    assert!(one("~/c.drp").unwrap_err().reason.contains("'~' is the shell's"));
    assert!(one("file:///c.drp").unwrap_err().reason.contains("not an address"));
    assert!(one("").is_err() && one("a\0b").is_err());
    let media = call("MediaPool.ImportMedia", json!([["a.mov", "/b.mov"]]));
    assert_eq!(media, Ok(vec![Value::List(vec!["/base/a.mov".into(), "/b.mov".into()])]));
    let lut = call("Graph.SetLUT", json!([1, "Film Looks/a.cube"]));
    assert_eq!(
        lut,
        Ok(vec![Value::Int(1), "Film Looks/a.cube".into()]),
        "a path within Resolve's own folder"
    );
    let nowhere = check_call(method("ProjectManager.ImportProject"), &json!(["c.drp"]), "args", None);
    assert_eq!(nowhere.unwrap_err().reason, "must be an absolute path; got \"c.drp\"");
}

/// A tool's arguments: defaults filled in, `null` as not given, positions in every form, and no leading dot.
#[test]
fn task_shaped_tools_use_the_same_rules() {
    let params = [
        Param::required("position", Kind::Position, "frames from the timeline start"),
        Param::required("color", Kind::enumeration("MarkerColor"), ""),
        Param::optional("duration", Kind::Int, "frames").or(1).at_least(1.0),
        Param::optional("timeline", Kind::object("Timeline"), ""),
        Param::optional("mark_in", Kind::Position, "").or("4.50s"),
    ];
    let checked =
        check_args(&params, &json!({"color": "red", "position": "96", "timeline": null}), "", None).unwrap();
    let expected = [
        ("position", Value::Int(96)),
        ("color", "Red".into()),
        ("duration", 1.into()),
        ("mark_in", "4.5s".into()),
    ];
    assert_eq!(
        checked.into_iter().collect::<Vec<_>>(),
        expected.map(|(name, value)| (name.to_owned(), value))
    );

    let error = check_args(&params, &json!({"position": "soon", "color": "Red"}), "", None).unwrap_err();
    assert_eq!(error.path, "position");
    assert_eq!(
        error.reason,
        "must be frames (96), a timecode (\"01:00:04:00\") or seconds (\"4s\"); got the text \"soon\""
    );
    let missing = check_args(&params, &json!({"position": 1}), "", None).unwrap_err();
    assert_eq!(missing.path, "color");
}
