//! What reading back asks and how it judges, with what Resolve was seen to answer.

use crate::facts::read_back::{ReadBack, Verdict, table};
use crate::locator::{Key, Locator};
use crate::value::Value;
use crate::wire::MethodCall;

fn item(method: &str, args: Vec<Value>) -> MethodCall {
    MethodCall::new(Locator::TimelineItem(Key::Id("i".into())), method, args)
}

fn assert_verified(verdict: Verdict) {
    assert!(matches!(verdict, Verdict::Verified { .. }), "{verdict:?}");
}

fn row(write: &MethodCall) -> &'static ReadBack {
    table().for_write(write).unwrap_or_else(|| panic!("{} is not read back", write.label()))
}

/// A colour that Resolve took and dropped is found by asking the same item.
#[test]
fn a_write_is_read_back_from_the_same_object() {
    let write = item("SetClipColor", vec!["Orange".into()]);

    assert_eq!(Some(item("GetClipColor", vec![])), row(&write).call(&write, &true.into()));
    assert_verified(row(&write).judge(&write, &true.into(), &"Orange".into()));
    assert_eq!(
        Verdict::Differs { requested: "Orange".into(), observed: "".into() },
        row(&write).judge(&write, &true.into(), &"".into())
    );
}

/// A marker is one entry of many, and what was not given (custom data) is not compared.
#[test]
fn a_marker_is_found_at_its_frame() {
    let write = item("AddMarker", vec![96.into(), "Blue".into(), "cut".into(), "".into(), 1.into()]);
    let marker = |color: &str| {
        Value::map([
            ("color", color.into()),
            ("duration", Value::Float(1.0)),
            ("note", "".into()),
            ("name", "cut".into()),
            ("customData", "".into()),
        ])
    };

    let judge = |read| row(&write).judge(&write, &true.into(), &read);
    assert_verified(judge(Value::map([("96", marker("Blue"))])));
    assert!(matches!(judge(Value::map([("96", marker("Red"))])), Verdict::Differs { .. }));
    assert!(matches!(judge(Value::map([("97", marker("Blue"))])), Verdict::Differs { .. }));
}

/// One method, two forms: a dict is compared by its keys, a pair by the one key that is asked for.
#[test]
fn the_form_of_the_arguments_picks_the_row() {
    let pair = item("SetProperty", vec!["ZoomX".into(), Value::Float(1.25)]);
    let dict = item("SetProperty", vec![Value::map([("ZoomX", Value::Float(1.25))])]);

    assert_eq!(Some(item("GetProperty", vec!["ZoomX".into()])), row(&pair).call(&pair, &true.into()));
    assert_eq!(Some(item("GetProperty", vec![])), row(&dict).call(&dict, &true.into()));
    let all = Value::map([("ZoomX", Value::Float(1.0)), ("Pan", Value::Float(0.0))]);
    assert!(matches!(row(&dict).judge(&dict, &true.into(), &all), Verdict::Differs { .. }));
}

/// The answer of the write and objects among its arguments can be meant too.
#[test]
fn the_answer_and_the_objects_of_a_write_are_used() {
    let write = MethodCall::new(Locator::Project, "AddRenderJob", vec![]);
    let jobs = |id: &str| Value::List(vec![Value::map([("JobId", id.into())])]);
    assert_verified(row(&write).judge(&write, &"job-1".into(), &jobs("job-1")));
    assert!(matches!(row(&write).judge(&write, &"job-1".into(), &jobs("job-2")), Verdict::Differs { .. }));

    let timeline = Value::object(Locator::Timeline(Key::Id("t".into())));
    let write = MethodCall::new(Locator::Project, "SetCurrentTimeline", vec![timeline]);
    let reader = row(&write).call(&write, &true.into()).unwrap();
    assert_eq!(MethodCall::new(Locator::Timeline(Key::Current), "GetUniqueId", vec![]), reader);
    assert_verified(row(&write).judge(&write, &true.into(), &"t".into()));
    assert!(matches!(row(&write).judge(&write, &true.into(), &"u".into()), Verdict::Differs { .. }));
}

/// What was left out cannot be compared: that is no failure of the write.
#[test]
fn an_argument_that_is_absent_leaves_nothing_to_compare() {
    let write = MethodCall::new(Locator::ProjectManager, "ImportProject", vec!["/a.drp".into()]);
    let judged = row(&write).judge(&write, &true.into(), &Value::List(vec![]));
    assert_eq!(Verdict::CannotTell, judged);

    let flags = item("ClearFlags", vec!["All".into()]);
    assert_verified(row(&flags).judge(&flags, &true.into(), &Value::List(vec![])));
    assert!(matches!(
        row(&flags).judge(&flags, &true.into(), &Value::List(vec!["Red".into()])),
        Verdict::Differs { .. }
    ));
}

/// What was removed must not be there any more, and what was moved must all have arrived.
#[test]
fn lists_are_searched_for_what_must_and_what_must_not_be_there() {
    let flags = item("ClearFlags", vec!["Red".into()]);
    let judge = |names: &[&str]| {
        let names = names.iter().map(|name| (*name).into()).collect();
        row(&flags).judge(&flags, &true.into(), &Value::List(names))
    };
    assert_verified(judge(&["Blue"]));
    assert!(matches!(judge(&["Blue", "Red"]), Verdict::Differs { .. }));

    let clip = |id: &str| Value::object(Locator::MediaPoolItem(Key::Id(id.into())));
    let folder = Value::object(Locator::Folder(Key::Path("/Master/Day 1".into())));
    let moved = vec![Value::List(vec![clip("a"), clip("b")]), folder];
    let moved = MethodCall::new(Locator::MediaPool, "MoveClips", moved);
    let reader = row(&moved).call(&moved, &true.into()).unwrap();
    assert_eq!(Locator::Folder(Key::Path("/Master/Day 1".into())), reader.on);
    let judge = |clips: Vec<Value>| row(&moved).judge(&moved, &true.into(), &Value::List(clips));
    assert_verified(judge(vec![clip("c"), clip("b"), clip("a")]));
    assert!(matches!(judge(vec![clip("a")]), Verdict::Differs { .. }));
}

/// What is told of a write is what it wrote: of a hundred settings the one that was set, of a list the entry.
#[test]
fn what_is_observed_is_what_was_written() {
    let settings = Value::map([("timelineResolutionWidth", "1080".into())]);
    let write = MethodCall::new(Locator::Project, "SetSettings", vec![settings]);
    let all = Value::map([
        ("colorScienceMode", "davinciYRGB".into()),
        ("timelineResolutionWidth", Value::Int(1080)),
    ]);
    let observed = Value::map([("timelineResolutionWidth", Value::Int(1080))]);
    let requested = Value::map([("timelineResolutionWidth", "1080".into())]);
    assert_eq!(Verdict::Verified { requested, observed }, row(&write).judge(&write, &true.into(), &all));

    let write = item("AddFlag", vec!["Blue".into()]);
    let flags = Value::List(vec!["Red".into(), "Blue".into()]);
    assert_eq!(
        Verdict::Verified { requested: "Blue".into(), observed: "Blue".into() },
        row(&write).judge(&write, &true.into(), &flags)
    );
}
