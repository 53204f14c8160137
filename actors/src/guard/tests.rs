//! Holds the guards and the facts to each other.

use std::collections::BTreeSet;
use std::path::Path;

use resolve_api::catalogue::{Effect, catalogue};
use resolve_api::facts::{EVERY_CALL, Handling, facts};
use resolve_api::wire::{Connection, MethodCall};
use resolve_api::{Key, Locator};

use super::script::Script;
use super::*;

fn version(version: &str) -> Connection {
    Connection { product: "DaVinci Resolve Studio".to_owned(), version: version.to_owned() }
}

fn names(call: &MethodCall, version: Option<&Connection>) -> Vec<&'static str> {
    guards_of(call, version).into_iter().map(|guard| guard.name).collect()
}

/// A fact whose guard does not exist is handled by nobody; a guard without a fact has no reason to be there.
#[test]
fn every_guard_has_facts_and_every_fact_its_guard() {
    let guards: BTreeSet<&str> = GUARDS.iter().map(|guard| guard.name).collect();
    assert_eq!(GUARDS.len(), guards.len(), "a guard is there twice");
    for fact in facts().all() {
        if let Handling::Guard(name) = &fact.server {
            assert!(guards.contains(name.as_str()), "{}: there is no guard {name}", fact.id);
        }
    }
    for guard in GUARDS {
        assert!(!behind(guard.name).is_empty(), "no fact asks for {}", guard.name);
        assert!(guard.doc.ends_with('.'), "{}", guard.name);
    }
}

/// A guard must concern at least one call that its facts are about, or it would never stand in the way.
#[test]
fn every_guard_concerns_a_method_of_its_facts() {
    for guard in GUARDS {
        let concerned: Vec<_> = catalogue().methods().filter(|row| (guard.concerns)(row)).collect();
        let about = |row: &Method| {
            let on = |fact: &&Fact| fact.on.iter().any(|name| *name == row.label() || name == EVERY_CALL);
            behind(guard.name).iter().any(on)
        };
        assert!(
            concerned.iter().any(|row| about(row)),
            "{} concerns {} methods, none of its facts",
            guard.name,
            concerned.len()
        );
    }
}

/// Every fact that a guard or a read-back handles is named by the test that shows it.
#[test]
fn every_guarded_fact_is_named_by_a_test() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/guard");
    let mut docs = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let (_, tests) = text.split_once("#[cfg(test)]").unwrap_or_default();
        docs.extend(
            tests.lines().filter(|line| line.trim_start().starts_with("///")).flat_map(|line| [line, "\n"]),
        );
    }
    let unnamed: Vec<&str> = facts()
        .all()
        .filter(|fact| matches!(fact.server, Handling::Guard(_) | Handling::ReadBack(_)))
        .map(|fact| fact.id.as_str())
        .filter(|id| !docs.contains(&format!("`{id}`")))
        .collect();
    assert!(unnamed.is_empty(), "no test names {unnamed:?}");
}

/// Most reads are asked often and harm nothing: they must cost no more than themselves.
#[test]
fn reads_have_no_guards_but_where_a_fact_demands_it() {
    let guarded: BTreeSet<String> = catalogue()
        .methods()
        .filter(|row| row.effect == Effect::Read && GUARDS.iter().any(|guard| (guard.concerns)(row)))
        .map(Method::label)
        .collect();
    let expected = [
        "Graph.GetNumNodes",
        "Graph.GetToolsInNode",
        "MediaStorage.GetFileList",
        "MediaStorage.GetSubFolderList",
        "ProjectManager.GetCurrentDatabase",
        "Timeline.GetCurrentClipThumbnailImage",
        "Timeline.GetIsTrackEnabled",
        "Timeline.GetIsTrackLocked",
        "TimelineItem.GetFusionCompByIndex",
        "TimelineItem.GetProperties",
        "TimelineItem.GetProperty",
        "TimelineItem.GetStereoConvergenceValues",
        "TimelineItem.GetStereoLeftFloatingWindowParams",
        "TimelineItem.GetStereoRightFloatingWindowParams",
    ];
    assert_eq!(expected.map(str::to_owned).into_iter().collect::<BTreeSet<_>>(), guarded);
}

/// A guard acts in the builds in which its fact was seen, and in newer ones: archiving crashes 21.1, not 20.3.
#[test]
fn a_guard_acts_where_its_facts_hold() {
    let archive = MethodCall::new(Locator::ProjectManager, "ArchiveProject", ["cut".into(), "/a.dra".into()]);
    let acts = |version: Option<&Connection>| names(&archive, version).contains(&"archive_project");
    assert!(!acts(Some(&version("20.3.2.9"))));
    assert!(acts(Some(&version("21.1.0.14"))) && acts(Some(&version("22.0.0.1"))));
    assert!(acts(Some(&version("21.1.0"))), "an engine that names no build");
    assert!(acts(None), "not connected yet: what it will be is not known");
}

/// The order of the layers is part of what they do: the page must be there while the write is read back, and a
/// person is moved once.
#[test]
fn layers_stand_in_their_order() {
    let delete = MethodCall::new(Locator::Timeline(Key::Current), "DeleteClips", []);
    assert_eq!(
        vec!["dialog", "current_timeline", "page", "delete_clips"],
        names(&delete, Some(&version("21.1.1.10")))
    );
    let enable = MethodCall::new(Locator::Timeline(Key::Current), "SetTrackEnable", []);
    assert_eq!(
        vec!["dialog", "current_timeline", "page", "read_back"],
        names(&enable, Some(&version("21.1.1.10")))
    );
}

/// What is in no row, and what no guard concerns, goes straight through.
#[tokio::test]
async fn a_call_without_guards_is_made_as_it_is() {
    let script = Script::newest().answers("Resolve.GetCurrentPage", "edit");
    let call = MethodCall::new(Locator::Resolve, "GetCurrentPage", []);
    assert!(guards_of(&call, None).is_empty());
    assert_eq!(Outcome::from(Value::from("edit")), script.guarded(call).await.unwrap());
    assert_eq!(1, script.called().len());
}

/// A lost interpreter ends the guarded call: nothing more is asked of it.
#[tokio::test]
async fn an_error_of_the_link_ends_a_guarded_call() {
    let script = Script::newest().on("Project.GetName", |_| {
        Err(CallError::Interrupted { method: "Project.GetName".into(), why: "signal 9".into() })
    });
    let outcome = script.guarded(MethodCall::new(Locator::ProjectManager, "SaveProject", [])).await;
    assert!(matches!(outcome, Err(CallError::Interrupted { .. })), "{outcome:?}");
    assert_eq!(Some("Project.GetName"), script.called().last().map(String::as_str));
}
