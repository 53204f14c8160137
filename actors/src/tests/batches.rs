//! Batches through the actors: one hop for reads, guards around each write, and one lease for all of it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use resolve_api::batch::{Batch, BatchStep, Target};
use resolve_api::wire::MethodCall;
use resolve_api::{Fault, Key, Locator, Value};
use tokio_util::sync::CancellationToken;

use super::scripted::{Reaction, Scripted};
use crate::{Answer, CallError, Proof, StepAnswer, System};

fn item(id: &str) -> Value {
    Value::object(Locator::TimelineItem(Key::Id(id.into())))
}

/// A Resolve with two items whose colors can be set; the calls that it got, and in how many of its answers it lied.
fn colors(lies: bool) -> (System, Arc<Mutex<Vec<String>>>) {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (log, set) = (seen.clone(), AtomicUsize::new(0));
    let react = move |call: &MethodCall| -> Reaction {
        log.lock().unwrap().push(call.method.clone());
        Ok(match call.method.as_str() {
            "GetItemListInTrack" => vec![item("a"), Value::Null, item("b")].into(),
            "SetClipColor" => {
                set.fetch_add(1, Ordering::SeqCst);
                true.into()
            }
            "GetClipColor" if lies && set.load(Ordering::SeqCst) > 1 => "".into(),
            "GetClipColor" => "Orange".into(),
            "GetName" => call.on.id().unwrap_or("Cut").into(),
            "GetCurrentPage" => "edit".into(),
            other => return Err(Fault::BadArgument { path: "method".into(), reason: other.into() }),
        })
    };
    (Scripted::answering(react).start(), seen)
}

fn list() -> BatchStep {
    let on = Target::Object(Locator::Timeline(Key::Current));
    BatchStep::new(on, "GetItemListInTrack", ["video".into(), Value::Int(1)]).quietly()
}

fn each(method: &str, args: Vec<Value>) -> BatchStep {
    BatchStep::new(Target::earlier("TimelineItem", 0), method, args).on_each(0, 10)
}

async fn make(system: &System, steps: Vec<BatchStep>, go_on: bool) -> Result<Vec<StepAnswer>, CallError> {
    system
        .batch(Batch { steps, go_on }, None, CancellationToken::new(), None, None, crate::Ticket::default())
        .await
}

/// Reads alone are one message, whatever number of objects they go through.
#[tokio::test(start_paused = true)]
async fn reads_go_in_one_hop() {
    let (system, _) = colors(false);

    let answers = make(&system, vec![list(), each("GetName", vec![])], false).await.unwrap();

    let names = Value::List(vec!["a".into(), Value::Null, "b".into()]);
    assert_eq!(vec![StepAnswer::Quiet { length: Some(3) }, StepAnswer::Done(names.into())], answers);
    // One call of the API for each message, says this host, and two for its connection.
    assert_eq!((1, 3), (system.status().counters.calls, system.status().counters.api_calls));
}

/// A batch that changes something reads each write back, as a call of its own would.
#[tokio::test(start_paused = true)]
async fn each_write_is_read_back() {
    let (system, seen) = colors(false);

    let steps = vec![list(), each("SetClipColor", vec!["Orange".into()])];
    let answers = make(&system, steps, false).await.unwrap();

    let StepAnswer::Done(Answer { value, proof, .. }) = &answers[1] else { panic!("{answers:?}") };
    assert_eq!(&Value::List(vec![true.into(), Value::Null, true.into()]), value);
    let oranges = Value::List(vec!["Orange".into(), "Orange".into()]);
    let reader = "TimelineItem.GetClipColor".to_owned();
    assert_eq!(&Proof::ReadBack { reader, requested: oranges.clone(), observed: oranges }, proof);
    let calls = ["GetItemListInTrack", "SetClipColor", "GetClipColor", "SetClipColor", "GetClipColor"];
    assert_eq!(calls, seen.lock().unwrap()[..]);
}

/// A write that did not happen ends the batch, with what was done before it; the rest is not made.
#[tokio::test(start_paused = true)]
async fn a_write_that_is_not_seen_ends_the_batch() {
    let (system, _) = colors(true);

    let steps = vec![list(), each("SetClipColor", vec!["Orange".into()]), each("GetName", vec![])];
    let answers = make(&system, steps, false).await.unwrap();

    let StepAnswer::Failed { error: CallError::NotVerified { .. }, done } = &answers[1] else {
        panic!("{answers:?}")
    };
    assert_eq!(&vec![Value::from(true), Value::Null], done);
    assert_eq!(StepAnswer::Skipped, answers[2]);
}

/// What cannot be made is refused before anything is called.
#[tokio::test(start_paused = true)]
async fn a_batch_is_checked_first() {
    let (system, seen) = colors(false);

    let refused = make(&system, vec![each("GetName", vec![])], false).await;
    assert!(
        matches!(&refused, Err(CallError::InvalidArgument { path, .. }) if path == "steps[0]"),
        "{refused:?}"
    );
    let unknown = make(&system, vec![list(), each("Razor", vec![])], false).await;
    assert!(matches!(unknown, Err(CallError::Fault(Fault::NoSuchMethod { .. }))), "{unknown:?}");
    assert!(seen.lock().unwrap().is_empty());
}
