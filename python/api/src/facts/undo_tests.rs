//! How calls are taken back, and that every write is spoken of.

use std::collections::HashMap;

use crate::catalogue::{Effect, catalogue};
use crate::facts::undo::{Way, table};
use crate::facts::watch::{Part, Watch};
use crate::locator::{Key, Locator};
use crate::value::Value;
use crate::wire::MethodCall;

fn item(method: &str, args: Vec<Value>) -> MethodCall {
    MethodCall::new(Locator::TimelineItem(Key::Id("i".into())), method, args)
}

/// The calls that take a write back.
fn back(write: &MethodCall, answer: Value, old: Value) -> Option<Vec<MethodCall>> {
    match table().way(write) {
        Way::Calls(plan) => plan.calls(&answer, &old),
        other => panic!("{}: {other:?}", write.label()),
    }
}

/// A write that nobody thought of would be missing from an undo without a word.
#[test]
fn every_write_is_spoken_of_once() {
    let mut spoken: HashMap<&str, usize> = HashMap::new();
    table().labels().for_each(|label| *spoken.entry(label).or_default() += 1);
    for row in catalogue().methods().filter(|row| row.effect != Effect::Read) {
        assert_eq!(Some(1), spoken.remove(row.label().as_str()), "{}", row.label());
    }
    assert!(spoken.is_empty(), "no such write: {spoken:?}");
    for label in table().called() {
        let (class, method) = label.split_once('.').expect("Class.Method");
        assert!(catalogue().method(class, method).is_some(), "{label}");
    }
}

/// A setter is taken back with the value that its getter answered before; of a dict, with the keys that were written.
#[test]
fn a_setter_is_made_again_with_the_old_value() {
    let write = item("SetName", vec!["new".into()]);
    assert_eq!(Some(vec![item("SetName", vec!["old".into()])]), back(&write, true.into(), "old".into()));

    let write = item("SetProperties", vec![Value::map([("Pan", 5.into())])]);
    let old = Value::map([("Pan", Value::Float(1.0)), ("Tilt", Value::Float(2.0))]);
    let expected = item("SetProperties", vec![Value::map([("Pan", Value::Float(1.0))])]);
    assert_eq!(Some(vec![expected]), back(&write, true.into(), old));

    assert_eq!(None, back(&item("SetName", vec!["new".into()]), true.into(), Value::Null));
}

/// The rate of a timeline is written as text and read as a number, which no setter takes.
#[test]
fn a_setting_is_written_as_text_again() {
    let set = |rate: &str| {
        let args = vec!["timelineFrameRate".into(), rate.into()];
        MethodCall::new(Locator::Timeline(Key::Id("t".into())), "SetSetting", args)
    };
    assert_eq!(Some(vec![set("24")]), back(&set("25"), true.into(), Value::Float(24.0)));
    assert_eq!(Some(vec![set("23.976")]), back(&set("25"), true.into(), Value::Float(23.976)));
}

/// What was made is removed, by the id that the write answered.
#[test]
fn what_was_made_is_removed() {
    let made = Value::List(vec![Value::object(Locator::MediaPoolItem(Key::Id("a".into())))]);
    let write = MethodCall::new(Locator::MediaPool, "ImportMedia", vec![Value::List(vec![])]);
    let expected = MethodCall::new(Locator::MediaPool, "DeleteClips", vec![made.clone()]);
    assert_eq!(Some(vec![expected]), back(&write, made, Value::Null));
}

/// A timeline that was made is removed once the one before is open again; without one there is nothing to open.
#[test]
fn the_timeline_before_is_opened_first() {
    let timeline = |id: &str| Value::object(Locator::Timeline(Key::Id(id.into())));
    let write = MethodCall::new(Locator::MediaPool, "CreateEmptyTimeline", vec!["cut".into()]);
    let open = MethodCall::new(Locator::Project, "SetCurrentTimeline", vec![timeline("old")]);
    let delete =
        MethodCall::new(Locator::MediaPool, "DeleteTimelines", vec![Value::List(vec![timeline("new")])]);
    assert_eq!(Some(vec![open, delete.clone()]), back(&write, timeline("new"), timeline("old")));
    assert_eq!(Some(vec![delete]), back(&write, timeline("new"), Value::Null));
}

/// Deleted markers come back with all they had, and only those that went.
#[test]
fn deleted_markers_come_back() {
    let marker = |color: &str| {
        Value::map([
            ("color", color.into()),
            ("name", "n".into()),
            ("note", "".into()),
            ("duration", Value::Float(2.0)),
            ("customData", "c".into()),
        ])
    };
    let old = Value::map([("10", marker("Red")), ("20", marker("Blue"))]);
    let add = |frame: i64, color: &str| {
        item(
            "AddMarker",
            vec![frame.into(), color.into(), "n".into(), "".into(), Value::Float(2.0), "c".into()],
        )
    };
    let by = |method: &str, arg: Value| back(&item(method, vec![arg]), true.into(), old.clone());
    assert_eq!(Some(vec![add(20, "Blue")]), by("DeleteMarkersByColor", "Blue".into()));
    assert_eq!(Some(vec![add(10, "Red"), add(20, "Blue")]), by("DeleteMarkersByColor", "All".into()));
    assert_eq!(Some(vec![add(10, "Red")]), by("DeleteMarkerAtFrame", 10.into()));
    assert_eq!(Some(vec![add(10, "Red"), add(20, "Blue")]), by("DeleteMarkerByCustomData", "c".into()));
}

/// What was there before stays there, and what was not is taken away.
#[test]
fn flags_and_colors_are_as_they_were() {
    let flags = Value::List(vec!["Red".into(), "Blue".into()]);
    let add = |color: &str| item("AddFlag", vec![color.into()]);
    assert_eq!(Some(vec![]), back(&add("Red"), true.into(), flags.clone()));
    assert_eq!(
        Some(vec![item("ClearFlags", vec!["Pink".into()])]),
        back(&add("Pink"), true.into(), flags.clone())
    );
    let clear = item("ClearFlags", vec!["All".into()]);
    assert_eq!(Some(vec![add("Red"), add("Blue")]), back(&clear, true.into(), flags));

    let color = item("SetClipColor", vec!["Orange".into()]);
    assert_eq!(Some(vec![item("ClearClipColor", vec![])]), back(&color, true.into(), "".into()));
    assert_eq!(
        Some(vec![item("SetClipColor", vec!["Pink".into()])]),
        back(&color, true.into(), "Pink".into())
    );
}

/// The reader is asked of the object that is written to.
#[test]
fn what_was_there_is_asked_of_the_same_object() {
    let reader = |write: &MethodCall| match table().way(write) {
        Way::Calls(plan) => plan.reader().cloned(),
        other => panic!("{other:?}"),
    };
    assert_eq!(Some(item("GetFlagList", vec![])), reader(&item("ClearFlags", vec!["All".into()])));
    let pair = item("SetProperty", vec!["Pan".into(), 1.into()]);
    assert_eq!(Some(item("GetProperty", vec!["Pan".into()])), reader(&pair));
}

/// No call reads a grade: the version of the item is kept, also for a call on its node graph.
#[test]
fn a_grade_is_kept_as_a_version_of_its_item() {
    let of = |on: Locator, method: &str| table().way(&MethodCall::new(on, method, vec![]));
    let one = Locator::TimelineItem(Key::Id("i".into()));
    let graph = |of: &Locator| Locator::Graph { of: Box::new(of.clone()), layer: None };
    assert!(matches!(of(one.clone(), "SetCDL"), Way::Grade(item) if item == one));
    assert!(matches!(of(graph(&one), "ResetAllGrades"), Way::Grade(item) if item == one));
    assert!(matches!(of(graph(&Locator::Timeline(Key::Current)), "ResetAllGrades"), Way::Cannot(_)));
}

/// What a write left is watched where it shows, and no further: keys that it did not write, and markers elsewhere, are
/// others' to change.
#[test]
fn what_a_write_left_is_watched_and_nothing_else() {
    let watches = |write: &MethodCall, answer: Value, old: Value| match table().way(write) {
        Way::Calls(plan) => plan.watches(&answer, &old),
        other => panic!("{}: {other:?}", write.label()),
    };
    let write = item("SetProperties", vec![Value::map([("Pan", 5.into())])]);
    let old = Value::map([("Pan", Value::Float(1.0)), ("Tilt", Value::Float(2.0))]);
    let by = item("GetProperties", vec![]);
    let expected = vec![(Watch { by, part: Part::Key("Pan".into()) }, Some(Value::Float(1.0)))];
    assert_eq!(expected, watches(&write, true.into(), old));

    let marker = |color: &str| Value::map([("color", color.into())]);
    let write = item("DeleteMarkersByColor", vec!["Red".into()]);
    let old = Value::map([("4", marker("Red")), ("9", marker("Blue"))]);
    let by = item("GetMarkers", vec![]);
    let expected = vec![(Watch { by, part: Part::Key(4.into()) }, Some(marker("Red")))];
    assert_eq!(expected, watches(&write, true.into(), old));

    let folder = |id: &str| Locator::Folder(Key::Id(id.into()));
    let made = Value::object(folder("new"));
    let args = vec![Value::object(folder("above")), "Day 1".into()];
    let write = MethodCall::new(Locator::MediaPool, "AddSubFolder", args);
    let on = |id: &str, method: &str| MethodCall::new(folder(id), method, vec![]);
    let whole = |by| (Watch { by, part: Part::Whole }, None);
    let expected = vec![
        (Watch { by: on("above", "GetSubFolderList"), part: Part::Has(made.clone()) }, Some(false.into())),
        (Watch { by: on("new", "GetClipList"), part: Part::There }, Some(false.into())),
        whole(on("new", "GetClipList")),
        whole(on("new", "GetSubFolderList")),
    ];
    assert_eq!(expected, watches(&write, made, Value::Null));
}
