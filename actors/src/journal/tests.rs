//! The journal: what an entry says of a call, and what is left of it after the worst.

use std::sync::Arc;
use std::time::Duration;

use resolve_api::wire::MethodCall;
use resolve_api::{Fault, Locator};
use serde_json::json;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::System;
use crate::tests::scripted::{Scripted, method, pass, write};
use crate::undo::{Forth, Record, Step};
use crate::{Call, CallError};

fn code(error: &CallError) -> &'static str {
    match error {
        CallError::Fault(_) => "fault",
        _ => "other",
    }
}

fn asked(tool: &str) -> Asked {
    Asked {
        session: "one".into(),
        client: "tester 1".into(),
        tool: tool.into(),
        arguments: json!({"name": tool}),
    }
}

fn fresh() -> (tempfile::TempDir, Arc<Journal>) {
    let folder = tempfile::tempdir().expect("a folder");
    let journal = Arc::new(Journal::at(folder.path().join("state").join("journal.db"), code));
    (folder, journal)
}

fn noted(call: Call, journal: &Arc<Journal>) -> Call {
    Call {
        noted: Some(Noted {
            journal: journal.clone(),
            asked: asked("refresh"),
            may_be_undone: true,
            copies_timelines: false,
            may_take_long: false,
        }),
        ..call
    }
}

fn only(journal: &Journal) -> Entry {
    let mut entries = journal.list(&Which::default()).expect("it can be read");
    assert_eq!(1, entries.len(), "{entries:?}");
    entries.remove(0)
}

/// An entry tells who asked for what, and what was observed.
#[tokio::test]
async fn a_call_that_went_well_is_noted_with_what_was_observed() {
    let (_folder, journal) = fresh();
    let system = Scripted::answering(|_| Ok(true.into())).start();

    system.call(noted(write(), &journal)).await.expect("it is answered");

    let entry = only(&journal);
    assert_eq!(
        ("one", "tester 1", "refresh", json!({"name": "refresh"}), Outcome::Done, json!(true), None),
        (
            &*entry.session,
            &*entry.client,
            &*entry.tool,
            entry.arguments,
            entry.outcome,
            entry.observed,
            entry.code
        )
    );
    assert!(entry.took_ms.is_some() && entry.began.ends_with('Z'), "{:?} {}", entry.took_ms, entry.began);
}

/// What failed is noted with its code and why, so that a history shows attempts too.
#[tokio::test]
async fn a_refusal_is_noted_with_its_code() {
    let (_folder, journal) = fresh();
    let refusal = Fault::Refused { method: "Project.RefreshLUTList".into(), reason: Some("no".into()) };
    let system = Scripted::answering(move |_| Err(refusal.clone())).start();

    system.call(noted(write(), &journal)).await.expect_err("it is refused");

    let entry = only(&journal);
    assert_eq!((Outcome::Failed, Some("fault")), (entry.outcome, entry.code.as_deref()));
    assert_eq!(json!("Resolve refused Project.RefreshLUTList: no"), entry.observed);
}

/// A host that never answers, and the token that lets it.
fn stuck(ends: bool) -> (System, Arc<Semaphore>) {
    let go = Arc::new(Semaphore::new(0));
    let gate = go.clone();
    let host = Scripted::new(move |_, mut bench| {
        let gate = gate.clone();
        async move {
            bench.greet();
            while let Some((id, _)) = bench.next_call().await {
                gate.acquire().await.expect("open").forget();
                if ends {
                    return;
                }
                bench.reply(id, Ok(true.into()));
            }
        }
    });
    (host.start(), go)
}

/// A client that goes away while its call runs: what the call did is noted when it is known.
#[tokio::test(start_paused = true)]
async fn a_call_whose_caller_has_gone_is_still_noted() {
    let (_folder, journal) = fresh();
    let (system, go) = stuck(false);
    let system = Arc::new(system);
    let (caller, call) = (system.clone(), noted(write(), &journal));
    let call = tokio::spawn(async move { caller.call(call).await });
    pass(Duration::from_millis(10)).await;
    assert_eq!(Outcome::Open, only(&journal).outcome);

    call.abort();
    go.add_permits(1);
    pass(Duration::from_millis(10)).await;

    assert_eq!(Outcome::Done, only(&journal).outcome);
}

/// When the interpreter ends in the middle nobody knows whether the write happened, and the entry says so.
#[tokio::test(start_paused = true)]
async fn a_call_that_was_interrupted_is_unknown() {
    let (_folder, journal) = fresh();
    let (system, go) = stuck(true);
    go.add_permits(1);

    let error = system.call(noted(write(), &journal)).await.expect_err("the host ended");

    assert!(matches!(error, CallError::Interrupted { .. }), "{error}");
    assert_eq!(Outcome::Unknown, only(&journal).outcome);
}

/// A call that was withdrawn in the queue had no effect.
#[tokio::test(start_paused = true)]
async fn a_call_that_never_started_is_told_from_one_that_failed() {
    let (_folder, journal) = fresh();
    let (system, _go) = stuck(false);
    let system = Arc::new(system);
    let first = system.clone();
    tokio::spawn(async move { first.call(method(Locator::Project, "RefreshLUTList")).await });
    pass(Duration::from_millis(10)).await;
    let cancel = CancellationToken::new();
    let (second, call) = (system.clone(), Call { cancel: cancel.clone(), ..noted(write(), &journal) });
    let second = tokio::spawn(async move { second.call(call).await });
    pass(Duration::from_millis(10)).await;

    cancel.cancel();

    assert!(matches!(second.await.expect("it ends"), Err(CallError::Cancelled)));
    system.stop().await;
    drop(system);
    pass(Duration::from_millis(10)).await;
    assert_eq!(Outcome::NotStarted, only(&journal).outcome);
}

/// What a killed server leaves is read by the next one: whole entries, and one that is open.
#[test]
fn a_journal_that_was_never_closed_is_whole() {
    let (folder, journal) = fresh();
    let done = Ending {
        outcome: Outcome::Done,
        code: None,
        observed: json!(1),
        took: Duration::from_millis(2),
        record: Record::default(),
    };
    let first = journal.begin(&asked("a")).expect("written");
    journal.end(first, &done).expect("written");
    journal.begin(&asked("b")).expect("written");
    // As after a kill: nothing is closed, and the files are taken as they lie.
    let copy = folder.path().join("copy");
    std::fs::create_dir(&copy).expect("a folder");
    for file in std::fs::read_dir(folder.path().join("state")).expect("listed") {
        let file = file.expect("listed");
        std::fs::copy(file.path(), copy.join(file.file_name())).expect("copied");
    }

    let next = Journal::at(copy.join("journal.db"), code);

    let entries = next.list(&Which::default()).expect("read");
    let seen: Vec<_> = entries.iter().map(|entry| (&*entry.tool, entry.outcome)).collect();
    assert_eq!(vec![("b", Outcome::Open), ("a", Outcome::Done)], seen);
}

/// Two servers, each with its own client, may write at once; each session is told from the other.
#[test]
fn two_servers_write_to_one_journal() {
    let (_folder, journal) = fresh();
    let other = Journal::at(journal.path(), code);
    for _ in 0..20 {
        journal.begin(&asked("a")).expect("written");
        other.begin(&Asked { session: "two".into(), ..asked("b") }).expect("written");
    }

    let two = Which { session: Some("two".into()), limit: Some(5), ..Which::default() };

    assert_eq!((40, 20), (other.count(&Which::default()).expect("read"), other.count(&two).expect("read")));
    let listed = journal.list(&two).expect("read");
    assert_eq!((5, true), (listed.len(), listed.iter().all(|entry| entry.tool == "b")));
    let before = Which { before: Some(listed[4].id), ..two };
    assert_eq!(5, journal.list(&before).expect("read").len());
}

/// The journal cannot grow without end, nor can one entry.
#[test]
fn the_oldest_entries_go_and_a_large_one_is_kept_as_its_size() {
    let (_folder, journal) = fresh();
    let large = json!({"text": "x".repeat(MOST_BYTES)});
    journal.begin(&Asked { arguments: large.clone(), ..asked("large") }).expect("written");
    assert_eq!(json!({"bytes": large.to_string().len()}), only(&journal).arguments);

    let file = rusqlite::Connection::open(journal.path()).expect("opened");
    let rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 21000) \
                INSERT INTO entry (began, session, client, tool, arguments, outcome) \
                SELECT i, 's', 'c', 't', 'null', 'done' FROM n";
    file.execute(rows, []).expect("written");
    let again = Journal::at(journal.path(), code);

    assert_eq!(i64::from(MOST_ENTRIES), again.count(&Which::default()).expect("read"));
    assert_eq!(21001, again.list(&Which::default()).expect("read")[0].id);
}

/// A folder that cannot be written costs the entry, not the edit, and the journal says so until it is well again.
#[tokio::test]
async fn a_journal_that_cannot_be_written_does_not_stop_the_work() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("state"), "a file where the folder should be").expect("written");
    let journal = Arc::new(Journal::at(folder.path().join("state").join("journal.db"), code));
    let system = Scripted::answering(|_| Ok(true.into())).start();

    system.call(noted(write(), &journal)).await.expect("it is answered all the same");
    assert!(journal.failure().expect("it says so").contains("cannot be written"));

    std::fs::remove_file(folder.path().join("state")).expect("removed");
    system.call(noted(write(), &journal)).await.expect("it is answered");
    assert_eq!((None, Outcome::Done), (journal.failure(), only(&journal).outcome));
}

/// What takes a call back is worth more than what puts that back then: where both are too much to keep, the one is kept.
#[test]
fn what_is_too_large_to_be_put_back_can_still_be_taken_back() {
    let (_folder, journal) = fresh();
    let names = |count: usize| vec!["x".repeat(count).into()];
    let call = MethodCall::new(Locator::MediaPool, "AppendToTimeline", names(MOST_STEP_BYTES));
    let step = Step {
        back: vec![MethodCall::new(Locator::MediaPool, "DeleteClips", names(10))],
        forth: Some(Forth { call, place: Locator::MediaPool }),
        ..Step::of("MediaPool.AppendToTimeline".into())
    };
    let id = journal.begin(&asked("append")).expect("it is written");
    let record = Record { project: "p".into(), steps: vec![step.clone()] };
    let (outcome, took) = (Outcome::Done, Duration::ZERO);
    let ending = Ending { outcome, code: None, observed: json!(true), took, record };
    journal.end(id, &ending).expect("it is written");

    let kept = journal.undoable("one", 1).expect("it can be read").remove(0).record.steps;

    assert_eq!(vec![Step { forth: None, ..step }], kept);
}
