//! Calls through the actors: answers, order and bounds.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use resolve_api::wire::MAX_LINE_BYTES;
use resolve_api::{Fault, Locator, Value};
use tokio::sync::Semaphore;

use super::scripted::{Scripted, method, pass, read, value, write};
use crate::{CallError, HostState};

/// A host that takes a permit of `go` before each answer, and the methods in the order in which it got them.
pub(super) fn gated() -> (Scripted, Arc<Semaphore>, Arc<Mutex<Vec<String>>>) {
    let (go, seen) = (Arc::new(Semaphore::new(0)), Arc::new(Mutex::new(Vec::new())));
    let (gate, log) = (go.clone(), seen.clone());
    let host = Scripted::new(move |_, mut bench| {
        let (gate, log) = (gate.clone(), log.clone());
        async move {
            bench.greet();
            while let Some((id, call)) = bench.next_call().await {
                log.lock().unwrap().push(call.method.clone());
                gate.acquire().await.unwrap().forget();
                bench.reply(id, Ok(call.method.into()));
            }
        }
    });
    (host, go, seen)
}

/// The plain way there and back, and that the status knows who answered.
#[tokio::test(start_paused = true)]
async fn a_call_is_answered_and_counted() {
    let system = Scripted::answering(|call| Ok(call.method.as_str().into())).start();

    assert_eq!(Ok("GetCurrentPage".into()), value(system.call(read()).await));

    let status = system.status();
    assert_eq!((HostState::Ready, 0), (status.host, status.queue_depth));
    assert_eq!(Some("Scripted".to_owned()), status.product);
    assert_eq!((1, 3, 0), (status.counters.calls, status.counters.api_calls, status.counters.crashes));
}

/// A fault of Resolve reaches the caller as it is, and the host goes on.
#[tokio::test(start_paused = true)]
async fn a_fault_is_an_answer() {
    let fault = Fault::Refused { method: "Resolve.GetCurrentPage".into(), reason: None };
    let expected = CallError::Fault(fault.clone());
    let system = Scripted::answering(move |_| Err(fault.clone())).start();

    assert_eq!(Err(expected), value(system.call(read()).await));
    assert_eq!(0, system.status().counters.crashes);
}

/// An agent that invents a method hears so without a round trip, and without costing the host anything.
#[tokio::test(start_paused = true)]
async fn a_method_that_no_row_names_is_refused() {
    let system = Scripted::answering(|_| Ok(Value::Null)).start();

    let answer = system.call(method(Locator::Resolve, "MakeFilm")).await;

    assert!(matches!(answer, Err(CallError::Fault(Fault::NoSuchMethod { .. }))), "{answer:?}");
}

/// The queue is bounded: one call more than fits is refused at once, and a place comes free with an answer.
#[tokio::test(start_paused = true)]
async fn a_full_queue_answers_busy() {
    let (host, go, _) = gated();
    let system = Arc::new(host.start_with(|config| config.queue_limit = 2));
    let waiting: Vec<_> = (0..2)
        .map(|_| {
            let system = system.clone();
            tokio::spawn(async move { system.call(read()).await })
        })
        .collect();
    pass(Duration::from_millis(10)).await;

    assert_eq!(2, system.status().queue_depth);
    assert_eq!(Err(CallError::Busy { limit: 2 }), value(system.call(read()).await));

    for call in waiting {
        go.add_permits(1);
        call.await.unwrap().unwrap();
    }
    assert_eq!((0, 1), (system.status().queue_depth, system.status().counters.refused_busy));
}

/// Reads that came later go before a write that waits, so that looking never waits for long work.
#[tokio::test(start_paused = true)]
async fn a_read_goes_before_a_waiting_write() {
    let (host, go, seen) = gated();
    let system = Arc::new(host.start());
    let mut calls = Vec::new();
    for call in [method(Locator::Resolve, "GetVersion"), write(), read()] {
        let system = system.clone();
        calls.push(tokio::spawn(async move { system.call(call).await }));
        pass(Duration::from_millis(10)).await;
    }
    go.add_permits(3);
    for call in calls {
        call.await.unwrap().unwrap();
    }

    assert_eq!(["GetVersion", "GetCurrentPage", "RefreshLUTList"], seen.lock().unwrap()[..]);
}

/// Replies that nothing asked for, from a confused host, must neither answer a call nor stop anything.
#[tokio::test(start_paused = true)]
async fn a_reply_to_nobody_is_dropped() {
    let host = Scripted::new(|_, mut bench| async move {
        bench.greet();
        while let Some((id, call)) = bench.next_call().await {
            bench.reply(id + 1000, Ok("wrong".into()));
            bench.reply(id, Ok(call.method.into()));
            bench.reply(id, Ok("twice".into()));
        }
    });
    let system = host.start();

    for _ in 0..3 {
        assert_eq!(Ok("GetCurrentPage".into()), value(system.call(read()).await));
    }
}

/// An answer that does not fit the wire costs that call, not the host.
#[tokio::test(start_paused = true)]
async fn an_answer_that_is_too_large_is_reported() {
    let host = Scripted::new(|_, mut bench| async move {
        bench.greet();
        while let Some((id, call)) = bench.next_call().await {
            match call.method.as_str() {
                "GetCurrentPage" => bench.overflow(MAX_LINE_BYTES + 1),
                _ => bench.reply(id, Ok(Value::Null)),
            }
        }
    });
    let system = host.start();

    let answer = value(system.call(read()).await);

    let method = "Resolve.GetCurrentPage".to_owned();
    let fault = Fault::TooLarge { method, bytes: MAX_LINE_BYTES + 1, limit: MAX_LINE_BYTES };
    assert_eq!(Err(fault.into()), answer);
    assert_eq!(Ok(Value::Null), value(system.call(write()).await));
    assert_eq!(0, system.status().counters.restarts);
}
