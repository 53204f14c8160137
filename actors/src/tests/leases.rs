//! Operations: their steps stay together, their panics and deadlines cost nobody else.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use indexmap::IndexMap;
use resolve_api::catalogue::{Domain, Effect};
use resolve_api::{Key, Locator, Value};
use tokio_util::sync::CancellationToken;

use super::scripted::{Bench, Scripted, pass, read, value, write};
use crate::operation::{Answer, Operation};
use crate::session::Session;
use crate::{Call, CallError, Ticket, What};

const fn operation(name: &'static str, effect: Effect, run: crate::operation::Run) -> Operation {
    Operation { name, title: "", domain: Domain::Timeline, effect, doc: "", params: Vec::new, run }
}

fn call(operation: &'static Operation) -> Call {
    Call {
        what: What::Operation(operation, IndexMap::new()),
        deadline: None,
        cancel: CancellationToken::new(),
        noted: None,
        based_on: None,
        ticket: Ticket::default(),
    }
}

async fn name(session: &Session, name: &str) -> Result<Value, CallError> {
    session.call(Locator::Timeline(Key::Current), "SetName", [name.into()]).await
}

async fn three_steps(session: &Session) -> Result<Answer, CallError> {
    for step in ["1", "2", "3"] {
        name(session, step).await?;
        // A pause between the steps gives others every chance to come between.
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(Value::Null.into())
}

static THREE: Operation = operation("three", Effect::Write, |session, _| Box::pin(three_steps(session)));

static PANICS: Operation = operation("panics", Effect::Write, |session, _| {
    Box::pin(async move {
        name(session, "before").await?;
        panic!("the operation is broken");
    })
});

static SLEEPS: Operation = operation("sleeps", Effect::Write, |session, _| {
    Box::pin(async move {
        name(session, "before").await?;
        std::future::pending().await
    })
});

static POLLS: Operation = operation("polls", Effect::Read, |session, _| {
    Box::pin(async move {
        loop {
            session.call(Locator::Project, "IsRenderingInProgress", []).await?;
            session.pause(Duration::from_millis(500)).await?;
        }
    })
});

static LOOKS: Operation = operation("looks", Effect::Read, |session, _| Box::pin(three_steps(session)));

/// A host that notes the first argument of each write.
fn noting() -> (Scripted, Arc<Mutex<Vec<String>>>) {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = seen.clone();
    let host = Scripted::answering(move |call| {
        if let Some(name) = call.args.first().and_then(Value::as_str) {
            log.lock().unwrap().push(name.to_owned());
        }
        Ok(Value::Bool(true))
    });
    (host, seen)
}

/// Pages and the playhead are global: what one operation sets up must hold until it is done.
#[tokio::test(start_paused = true)]
async fn the_steps_of_two_operations_do_not_mix() {
    let (host, seen) = noting();
    let system = host.start();

    let (first, second, other) =
        tokio::join!(system.call(call(&THREE)), system.call(call(&THREE)), system.call(read()));

    assert_eq!((Ok(Value::Null), Ok(Value::Null)), (value(first), value(second)));
    assert_eq!(Ok(Value::Bool(true)), value(other));
    assert_eq!(["1", "2", "3", "1", "2", "3"], seen.lock().unwrap()[..]);
}

/// An operation that panics is answered, lets go of the interpreter, and costs nobody else.
#[tokio::test(start_paused = true)]
async fn a_panic_costs_that_operation_only() {
    let (host, seen) = noting();
    let hosts = host.count();
    let system = host.start();

    let (broken, other) = tokio::join!(system.call(call(&PANICS)), async {
        pass(Duration::from_millis(10)).await;
        system.call(call(&THREE)).await
    });

    let (method, reason) = ("panics".to_owned(), "the operation is broken".to_owned());
    assert_eq!(Err(CallError::Internal { method, reason }), value(broken));
    assert_eq!(Ok(Value::Null), value(other));
    assert_eq!(["before", "1", "2", "3"], seen.lock().unwrap()[..]);
    assert_eq!(1, hosts.load(std::sync::atomic::Ordering::SeqCst));
}

/// An operation that hangs outside a call gives the interpreter back at its deadline, and the host lives.
#[tokio::test(start_paused = true)]
async fn an_operation_that_hangs_lets_go_at_its_deadline() {
    let (host, _) = noting();
    let system = host.start();
    let mut hanging = call(&SLEEPS);
    hanging.deadline = Some(Duration::from_secs(3));

    let (hung, other) = tokio::join!(system.call(hanging), system.call(write()));

    let (method, after) = ("sleeps".to_owned(), Duration::from_secs(3));
    let expected = CallError::TimedOut { method, after, backend: None, grace: Duration::ZERO };
    assert_eq!(Err(expected), value(hung));
    assert_eq!(Ok(Value::Bool(true)), value(other));
    assert_eq!((0, 1), (system.status().counters.restarts, system.status().counters.timeouts));
}

/// Waiting for a render must not keep the interpreter from others, and ends when its caller goes.
#[tokio::test(start_paused = true)]
async fn an_operation_that_pauses_lets_others_in_and_can_be_cancelled() {
    let (host, _) = noting();
    let system = host.start();
    let polling = call(&POLLS);
    let cancel = polling.cancel.clone();

    let (polled, ()) = tokio::join!(system.call(polling), async {
        for _ in 0..5 {
            pass(Duration::from_secs(1)).await;
            assert_eq!(Ok(Value::Bool(true)), value(system.call(write()).await));
        }
        cancel.cancel();
    });

    assert_eq!(Err(CallError::Cancelled), value(polled));
    pass(Duration::from_millis(1)).await;
    assert_eq!(0, system.status().queue_depth);
}

/// When the host ends, an operation must not go on with its next step on another one.
#[tokio::test(start_paused = true)]
async fn an_operation_does_not_go_on_after_a_crash() {
    async fn dies_at_the_second_step(mut bench: Bench) {
        bench.greet();
        while let Some((id, call)) = bench.next_call().await {
            if call.args == [Value::from("2")] {
                return;
            }
            bench.reply(id, Ok(Value::Bool(true)));
        }
    }
    let system = Scripted::new(|_, bench| dies_at_the_second_step(bench)).start();

    let (method, why) = ("Timeline.SetName".to_owned(), "its script ended".to_owned());
    assert_eq!(Err(CallError::Interrupted { method, why }), value(system.call(call(&THREE)).await));
    assert_eq!(Ok(Value::Bool(true)), value(system.call(write()).await));
}

/// A client that goes away drops its call: an operation that waits for its turn then must not start.
#[tokio::test(start_paused = true)]
async fn an_operation_whose_caller_has_gone_never_starts() {
    let (host, seen) = noting();
    let system = host.start();
    let waiting = call(&THREE);
    let cancel = waiting.cancel.clone();
    let (first, ()) = tokio::join!(system.call(call(&THREE)), async {
        pass(Duration::from_millis(10)).await;
        let gone = tokio::time::timeout(Duration::from_millis(20), system.call(waiting)).await;
        assert!(gone.is_err(), "it had its turn: {gone:?}");
        cancel.cancel();
    });

    assert_eq!(Ok(Value::Null), value(first));
    pass(Duration::from_secs(1)).await;
    assert_eq!(["1", "2", "3"], seen.lock().unwrap()[..]);
    assert_eq!(0, system.status().queue_depth);
}

/// What only reads stops between its steps when nobody wants the answer any more; what writes is finished. Its caller
/// is free either way.
#[tokio::test(start_paused = true)]
async fn a_reading_operation_stops_when_its_caller_goes() {
    let abandoned = CallError::Abandoned { method: "three".to_owned() };
    for (operation, steps, told) in [(&LOOKS, 2, CallError::Cancelled), (&THREE, 3, abandoned)] {
        let (host, seen) = noting();
        let system = host.start();
        let running = call(operation);
        let cancel = running.cancel.clone();

        let (answered, ()) = tokio::join!(system.call(running), async {
            pass(Duration::from_millis(75)).await;
            cancel.cancel();
        });

        assert_eq!(Err(told), value(answered));
        pass(Duration::from_millis(100)).await;
        assert_eq!(steps, seen.lock().unwrap().len(), "{}", operation.name);
    }
}
