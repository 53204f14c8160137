//! Several calls in one message: what later ones take from earlier ones, what it costs, and what a failure leaves.

use crate::harness::{Environment, Host};
use resolve_api::batch::{Batch, BatchStep, Part, StepOutcome, StepRef, Target};
use resolve_api::wire::{Op, Outcome, Reply};
use resolve_api::{Fault, Key, Locator, Value};

fn timeline() -> Target {
    Target::Object(Locator::Timeline(Key::Current))
}

fn items() -> BatchStep {
    BatchStep::new(timeline(), "GetItemListInTrack", ["video".into(), Value::Int(1)]).quietly()
}

fn of_items(method: &str) -> BatchStep {
    BatchStep::new(Target::earlier("TimelineItem", 0), method, [])
}

fn ask(host: &mut Host, steps: Vec<BatchStep>, go_on: bool) -> Reply {
    host.ask(Op::Batch(Batch { steps, go_on })).expect("the host runs")
}

fn outcomes(reply: Reply) -> Vec<StepOutcome> {
    match reply.outcome {
        Outcome::Batch(outcomes) => outcomes,
        other => panic!("{other:?}"),
    }
}

fn value(value: impl Into<Value>) -> StepOutcome {
    StepOutcome::Value(value.into())
}

/// A listing costs the way to the list and a call for each field of each object that is shown: no ids of objects that
/// only serve later steps, and no second look at what has been located.
#[test]
fn a_listing_is_one_hop_with_a_call_for_each_field() {
    let mut host = Environment::with_fake("").start();
    host.connect();
    let name = || BatchStep::new(timeline(), "GetName", []);

    let steps =
        vec![items(), of_items("GetName").on_each(1, 5), of_items("GetUniqueId").on_each(0, 1), name()];
    let reply = ask(&mut host, steps, false);

    // The project manager, the project, its id and the timeline; the list; two names; one id; the timeline's name.
    assert_eq!(4 + 1 + 2 + 1 + 1, reply.api_calls);
    let names: Vec<Value> = vec!["Shot 2".into(), "Shot 3".into()];
    let ids: Vec<Value> = vec!["project-1-timeline-1-item-1".into()];
    let expected = vec![StepOutcome::Quiet { length: Some(3) }, value(names), value(ids), value("Cut 1")];
    assert_eq!(expected, outcomes(reply));

    // Whose id was told can be asked without a search: the probe and the call.
    let item = Locator::TimelineItem(Key::Id("project-1-timeline-1-item-1".into()));
    assert_eq!(2, host.reply(item, "GetName", []).api_calls);
}

/// A later step works on an object and with values that an earlier one answered.
#[test]
fn a_step_takes_what_an_earlier_one_answered() {
    let mut host = Environment::with_fake("resolve_methods['Echo'] = lambda value: value\n").start();
    let second = StepRef { step: 0, path: vec![Part::Index(1)] };
    let on_second = Target::Earlier { class: "TimelineItem".into(), from: second };
    let frame = Value::map([("frame", Value::Int(96))]);
    let of_frame = Value::Step(StepRef { step: 1, path: vec![Part::Key("frame".into())] });

    let reply = ask(
        &mut host,
        vec![
            items(),
            BatchStep::new(Target::Object(Locator::Resolve), "Echo", [frame.clone()]),
            BatchStep::new(on_second.clone(), "AddMarker", [of_frame, "Blue".into()]),
            BatchStep::new(on_second, "GetMarkers", []),
        ],
        false,
    );

    let outcomes = outcomes(reply);
    assert_eq!((&value(frame), &value(true)), (&outcomes[1], &outcomes[2]));
    let StepOutcome::Value(markers) = &outcomes[3] else { panic!("{outcomes:?}") };
    assert_eq!(Some(&"Blue".into()), markers.get("96").and_then(|marker| marker.get("color")));
}

/// A failure ends a batch, or only what depends on it, as its caller wants.
#[test]
fn what_comes_after_a_failure_is_skipped_or_made() {
    let mut host = Environment::with_fake("").start();
    let steps = || {
        vec![
            BatchStep::new(timeline(), "AddMarker", [0.into(), "Mauve".into()]),
            BatchStep::new(Target::earlier("Timeline", 0), "GetName", []),
            BatchStep::new(timeline(), "GetName", []),
        ]
    };

    let stopped = outcomes(ask(&mut host, steps(), false));
    let refused = Fault::Refused { method: "Timeline.AddMarker".into(), reason: None };
    let failed = StepOutcome::Failed { fault: refused, done: vec![] };
    assert_eq!(vec![failed.clone(), StepOutcome::Skipped, StepOutcome::Skipped], stopped);

    let went_on = outcomes(ask(&mut host, steps(), true));
    let fault = Fault::BadArgument { path: "on".into(), reason: "step 0 has no answer".into() };
    assert_eq!(vec![failed, StepOutcome::Failed { fault, done: vec![] }, value("Cut 1")], went_on);
}

/// Objects of a project that a step closed are not used: Resolve would answer None to every call on them.
#[test]
fn objects_do_not_outlive_their_project_within_a_batch() {
    let mut host = Environment::with_fake("world.add('Second')\n").start();

    let outcomes = outcomes(ask(
        &mut host,
        vec![
            items(),
            BatchStep::new(Target::Object(Locator::ProjectManager), "LoadProject", ["First".into()])
                .quietly(),
            of_items("GetName").on_each(0, 3),
        ],
        false,
    ));

    let StepOutcome::Failed { fault: Fault::BadArgument { path, reason }, .. } = &outcomes[2] else {
        panic!("{outcomes:?}")
    };
    assert_eq!("on", path);
    assert!(reason.contains("before a step that changed it"), "{reason}");
}

/// A batch that uses what is not there is refused before anything is called, and so is a reference outside of one.
#[test]
fn a_batch_that_cannot_be_made_is_refused_as_a_whole() {
    let mut host = Environment::with_fake("").start();

    let reply = ask(&mut host, vec![of_items("GetName")], false);

    let Outcome::Fault(Fault::BadArgument { path, .. }) = reply.outcome else { panic!("{reply:?}") };
    assert_eq!("steps[0]", path);
    let reference = Value::Step(StepRef { step: 0, path: vec![] });
    let outside = host.fault(Locator::Timeline(Key::Current), "AddMarker", [reference, "Blue".into()]);
    let reason = "an earlier step can be meant within a batch only".to_owned();
    assert_eq!(Fault::BadArgument { path: "args[0]".into(), reason }, outside);
}
