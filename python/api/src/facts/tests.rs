//! Holds the rows to their promises: ids, names, one handling each, and what a version changes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::*;
use crate::catalogue::{Effect, Status, catalogue};
use crate::locator::{Key, Locator};
use crate::value::Value;
use crate::wire::MethodCall;

/// Names of methods and attributes that facts are about and that have no row: people look for them, or only
/// newer builds have them. Facts of the kind `missing` need no entry here, absence being what they say.
const WITHOUT_A_ROW: &[&str] = &[
    "Fusion.FontManager",
    "FusionComp.AskUser",
    "FusionComp.Close",
    "FusionComp.CurrentFrame",
    "FusionTool.UserControls",
    "Project.GetRenderWithQuickExportStatus",
    "Project.SaveProject",
    "Timeline.ApplyGradeFromDRX",
    "TimelineItem.ApplyArriCdlLut",
    "TimelineItem.GetTakeCount",
];

fn version(text: &str) -> Version {
    text.parse().unwrap()
}

/// Every fact stands once and says exactly one thing that the server does; reading the files checks both. The
/// count is there so that none is lost unseen when a file is edited.
#[test]
fn every_fact_is_there_with_one_handling() {
    let mut counts = BTreeMap::new();
    for fact in facts().all() {
        let handling = match fact.server {
            Handling::Guard(_) => "guard",
            Handling::ReadBack(_) => "read_back",
            Handling::Row(_) => "row",
            Handling::Note => "note",
            Handling::Superseded => "superseded",
            Handling::Nothing(_) => "none",
        };
        *counts.entry(handling).or_insert(0) += 1;
    }

    assert_eq!(535, facts().all().count(), "{counts:?}");
    assert!(counts["guard"] >= 90, "{counts:?}");
    assert!(counts["read_back"] >= 20, "{counts:?}");
}

/// A fact about a method that does not exist would never be found by whoever asks about the right one.
#[test]
fn every_name_is_of_the_catalogue_or_known_to_be_absent() {
    let exists = |name: &str| {
        [EVERY_CALL, "module", "native"].contains(&name)
            || catalogue().class(name).is_some()
            || catalogue().method_by_label(name).is_some()
    };
    for fact in facts().all() {
        assert!(!fact.on.is_empty(), "{} is about nothing", fact.id);
        for name in &fact.on {
            let absent = WITHOUT_A_ROW.contains(&name.as_str()) || fact.kind == "missing";
            assert!(exists(name) || absent, "{}: {name} is in no row", fact.id);
        }
    }
    for name in WITHOUT_A_ROW {
        assert!(!exists(name), "{name} has a row now");
        assert!(facts().about(name).next().is_some(), "no fact is about {name}");
    }
}

/// Facts refer to each other by id; an id that leads nowhere would leave an old fact in force for ever.
#[test]
fn what_overturns_a_fact_exists() {
    for fact in facts().all() {
        for newer in &fact.superseded_by {
            assert!(facts().get(newer).is_some(), "{}: there is no {newer}", fact.id);
        }
        if fact.server == Handling::Superseded {
            assert!(!fact.superseded_by.is_empty(), "{} is overturned by nothing", fact.id);
        }
    }
}

/// A fact that a read-back handles names its reader; the table must have that reader for one of the fact's writes.
#[test]
fn every_fact_that_is_read_back_has_its_reader_in_the_table() {
    for fact in facts().all() {
        let Handling::ReadBack(reader) = &fact.server else { continue };
        let found =
            fact.on.iter().flat_map(|write| read_back::table().rows(write)).any(|row| row.reader == *reader);
        assert!(found, "{}: no write of {:?} is read back with {reader}", fact.id, fact.on);
    }
}

/// Every write of the catalogue can be read back or says why not, once.
#[test]
fn every_write_is_read_back_or_has_a_reason() {
    let table = read_back::table();
    let written: BTreeSet<&str> = table.writes().collect();
    let unreadable: Vec<&str> = table.unreadable().map(|(label, _)| label).collect();
    let listed: BTreeSet<&str> = written.iter().copied().chain(unreadable.iter().copied()).collect();
    assert_eq!(written.len() + unreadable.len(), listed.len(), "a write is listed twice");

    let current: BTreeSet<String> = catalogue()
        .methods()
        .filter(|method| method.effect != Effect::Read && method.status != Status::Removed)
        .map(|method| method.label())
        .collect();
    let missing: Vec<_> = current.iter().filter(|label| !listed.contains(label.as_str())).collect();
    let unknown: Vec<_> = listed.iter().filter(|label| !current.contains(**label)).collect();

    assert!(missing.is_empty(), "neither read back nor excused: {missing:?}");
    assert!(unknown.is_empty(), "no such write: {unknown:?}");
}

/// A reader must be a method that changes nothing, with as many arguments as it takes.
#[test]
fn readers_are_reads_of_the_catalogue() {
    let table = read_back::table();
    for write in table.writes() {
        let args = vec![Value::object(Locator::Folder(Key::Current)); 6];
        for row in table.rows(write) {
            let reader = catalogue()
                .method_by_label(&row.reader)
                .unwrap_or_else(|| panic!("{} has no row", row.reader));
            assert_eq!(Effect::Read, reader.effect, "{} is no read", row.reader);
            let on = Locator::Held {
                class: write.split('.').next().unwrap().to_owned(),
                token: "held-1-1".into(),
            };
            let call = MethodCall::new(on, write.split('.').nth(1).unwrap(), args.clone());
            let call =
                row.call(&call, &Value::Null).unwrap_or_else(|| panic!("{write}: the reader has no object"));
            assert!(call.args.len() <= reader.params.len(), "{write}: {} takes fewer arguments", row.reader);
            assert_eq!(row.reader, call.label(), "{write}");
        }
    }
}

/// A fact holds from the build it was seen on, until another one overturns it: `SetKeyframeMode` refused an equal
/// write on 20.3 and takes it on 21.1.
#[test]
fn a_fact_holds_from_its_build_until_a_newer_one_overturns_it() {
    let older = facts().get("app.keyframe-mode-same").unwrap();
    let holds = |text: &str| facts().holds(older, Some(&version(text)));

    assert!(!holds("19.1.3.7"), "not seen there yet");
    assert!(holds("20.3.2.9") && holds("21.0.4.5"));
    assert!(!holds("21.1.0.14"), "overturned there");
    assert!(!facts().holds(older, None), "an unknown version is taken as the newest");

    let typed = facts().get("append.track-needs-type").unwrap();
    assert!(
        facts().holds(typed, Some(&version("21.0.3.7"))) && !facts().holds(typed, Some(&version("21.0.4")))
    );
}

/// What an agent is told about a refused call: the surprise first, in one sentence, and nothing that its build
/// does not do.
#[test]
fn hints_are_told_by_method_and_version() {
    let hints = facts().hints("Timeline.Razor", None, 3);
    assert_eq!(
        vec!["split an item: no such call; append two ranges instead (seen on 21.1)".to_owned()],
        hints.into_iter().collect::<Vec<_>>()
    );

    let hints = facts().hints("Graph.ApplyGradeFromDRX", Some(&version("19.1.3.7")), 5);
    assert_eq!(1, hints.len(), "{hints:?}");
    assert!(hints[0].contains("old node positions stay"), "{hints:?}");
    assert!(facts().hints("Resolve.GetVersion", None, 3).is_empty());
}

/// Every file is named, no longer than a person can take in, and says in its first line what it is about.
#[test]
fn files_are_listed_and_short() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("facts");
    let tables = ["read_back.toml", "undo.toml"];
    let listed: BTreeSet<String> =
        FILES.iter().map(|(name, _)| *name).chain(tables).map(str::to_owned).collect();
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let text = std::fs::read_to_string(&path).unwrap();
            assert!(text.lines().count() <= 400, "{} is too long", path.display());
            assert!(text.starts_with("# "), "{} does not say what it is", path.display());
            found.insert(path.file_name().unwrap().to_string_lossy().into_owned());
        }
    }
    assert_eq!(listed, found);
}
