//! Facts that a row itself carries: a kind, a minimum, what failure looks like, a status. Each test names its facts.

use resolve_api::Value;
use resolve_api::catalogue::{Effect, Method, Status, catalogue};
use resolve_api::check::check_call;
use resolve_api::facts::facts;
use serde_json::{Value as Json, json};

fn method(label: &str) -> &'static Method {
    catalogue().method_by_label(label).unwrap_or_else(|| panic!("{label} has no row"))
}

/// Whether the row takes these arguments.
fn takes(label: &str, args: Json) -> bool {
    check_call(method(label), &args, "args", None).is_ok()
}

/// The methods that a fact is about.
fn of(id: &str) -> impl Iterator<Item = &'static Method> {
    facts().get(id).unwrap_or_else(|| panic!("no fact {id}")).on.iter().map(|label| method(label))
}

/// `append.endframe-exclusive`, `append.endframe-at-end-21` and `tl.end-exclusive`: an end is the frame after the last, and
/// whoever writes a call is told so where the number is asked for.
#[test]
fn ends_say_that_they_are_exclusive() {
    let info = catalogue().dict("AppendClipInfo").expect("the clip info of AppendToTimeline");
    let end = info.fields.iter().find(|field| field.name == "endFrame").expect("a field endFrame");
    assert!(end.doc.contains("exclusive"), "{}", end.doc);
    assert!(method("Timeline.GetEndFrame").returns_doc.contains("exclusive"));
}

/// `app.keyframe-mode-none`, `tl.empty-track-none` and `graph.tools-none`: None is what there is to read.
#[test]
fn none_is_an_answer_of_a_read() {
    for id in ["app.keyframe-mode-none", "tl.empty-track-none", "graph.tools-none"] {
        of(id).for_each(|method| assert_eq!(Effect::Read, method.effect, "{}", method.label()));
    }
}

/// `render.refused-job`, `pool.ai-string` and `pool.ai-speech-string`: what looks like success in Python is none.
#[test]
fn failures_that_look_like_success_are_failures() {
    let job = method("Project.AddRenderJob");
    assert_eq!(
        (true, true, false),
        (job.failed(&"".into()), job.failed(&Value::Null), job.failed(&"job-1".into()))
    );
    let sentence = Value::from("The AI Speech Generator package is not installed.");
    for id in ["pool.ai-string", "pool.ai-speech-string"] {
        of(id).for_each(|method| assert!(method.failed(&sentence), "{}", method.label()));
    }
}

/// `app.fairlight-presets-shape`: a map came where the text promises a list.
#[test]
fn presets_may_come_as_list_or_map() {
    let returns = method("Resolve.GetFairlightPresets").returns.to_string();
    assert!(returns.contains("[str]") && returns.contains('{'), "{returns}");
}

/// `app.legacy-getters-21`, `legacy.graph-on-item` and `legacy.numbered-maps`: what is deprecated can still be called, and
/// says what to call instead. `legacy.removed-index`: what is removed cannot.
#[test]
fn older_forms_stay_and_name_the_newer_ones() {
    for id in ["app.legacy-getters-21", "legacy.graph-on-item", "legacy.numbered-maps"] {
        for method in of(id) {
            assert_ne!(Status::Removed, method.status, "{}", method.label());
            let newer = method.replaced_by.as_ref().or(method.alias_of.as_ref());
            let told = newer.is_some_and(|newer| catalogue().method_by_label(newer).is_some());
            assert!(told || method.status == Status::Current, "{} names none: {newer:?}", method.label());
        }
    }
    of("legacy.removed-index").for_each(|method| assert_eq!(Status::Removed, method.status));
}

/// `app.overloads-deprecated`: of several forms the dict or the list is preferred, and the others still pass.
#[test]
fn the_dict_form_is_preferred_and_others_pass() {
    let append = method("MediaPool.AppendToTimeline");
    assert!(
        append.params[0].kind.to_string().contains("ClipInfo"),
        "{:?}",
        append.params[0].kind.to_string()
    );
    let form = |kinds: &[&str]| {
        let same = |param: (&resolve_api::kind::Param, &&str)| param.0.kind.to_string() == **param.1;
        append.overloads.iter().any(|form| form.params.iter().zip(kinds).all(same))
    };
    assert!(form(&["[MediaPoolItem]"]), "{:?}", append.overloads);
}

/// `graph.node-base` and `item.graph-zero`: nodes and layers count from 1, and 0 is nothing that Resolve would refuse aloud.
#[test]
fn nodes_and_layers_count_from_one() {
    for method in of("graph.node-base") {
        let index = &method.params[0];
        assert_eq!(Some(1.0), index.minimum, "{}: {}", method.label(), index.name);
    }
    assert!(
        !takes("TimelineItem.GetNodeGraph", json!([0])) && takes("TimelineItem.GetNodeGraph", json!([1]))
    );
}

/// `legacy.fcpxml-old` and `io.constants-only`: a timeline is exported as one of the constants, and the old ones are gone.
#[test]
fn exports_are_named_by_constants_that_work() {
    let export = |kind: &str| takes("Timeline.Export", json!(["/tmp/cut.fcpxml", kind, "EXPORT_NONE"]));
    assert!(export("EXPORT_FCPXML_1_10"));
    assert!(!export("EXPORT_FCPXML_1_5") && !export("fcpxml"));
}

/// `pool.property-list-arg`: Resolve ignores a list of keys and answers everything.
#[test]
fn properties_are_asked_for_one_by_one() {
    for method in of("pool.property-list-arg") {
        let takes = |args: Json| check_call(method, &args, "args", None).is_ok();
        assert!(takes(json!([])) && takes(json!(["Comments"])), "{}", method.label());
        assert!(!takes(json!([["Comments", "Shot"]])), "{}", method.label());
    }
}

/// `pool.transcribe-waits` and `render.quick-export-waits`: the call answers when the work is done.
#[test]
fn calls_that_wait_for_their_work_run_long() {
    for id in ["pool.transcribe-waits", "render.quick-export-waits"] {
        of(id).for_each(|method| assert_eq!(Effect::LongRunning, method.effect, "{}", method.label()));
    }
}

/// `render.settings-unknown-key`: Resolve drops it without a word, and renders something else than was asked.
#[test]
fn an_unknown_render_setting_is_refused_with_the_nearest() {
    let given = json!([{"TargetDirectory": "/tmp"}]);
    let error =
        check_call(method("Project.SetRenderSettings"), &given, "args", None).expect_err("no such key");
    assert_eq!(Some("TargetDir"), error.nearest.first().map(String::as_str), "{error:?}");
}

/// `tl.marker-colors` and `item.color-palette`: sixteen names each, in any case of letters, and no others.
#[test]
fn colours_are_those_of_their_palette() {
    for method in of("tl.marker-colors") {
        let takes = |color: &str| {
            let args = json!({"frameId": 1, "color": color, "name": "n", "note": "", "duration": 1});
            check_call(method, &args, "args", None).is_ok()
        };
        assert!(takes("Blue") && takes("fuchsia") && !takes("Invisible"), "{}", method.label());
    }
    for method in of("item.color-palette") {
        let takes = |color: &str| check_call(method, &json!([color]), "args", None).is_ok();
        assert!(takes("Orange") && takes("apricot"), "{}", method.label());
        assert!(!takes("Fuchsia") && !takes(""), "{}", method.label());
    }
    for palette in ["MarkerColor", "ClipColor"] {
        assert_eq!(16, catalogue().enumeration(palette).expect(palette).words().len());
    }
}

/// `tl.settings-strings`: a setting that is given as a number is refused by some builds; it goes as text.
#[test]
fn settings_go_as_text() {
    let args = json!({"settingName": "timelineResolutionWidth", "settingValue": "1920"});
    let bound = check_call(method("Timeline.SetSetting"), &args, "args", None).expect("text is taken");
    assert_eq!(Some(&Value::from("1920")), bound.get(1));
    let kind = method("Timeline.SetSetting").params[1].kind.to_string();
    assert!(kind.starts_with("str"), "{kind}");
}
