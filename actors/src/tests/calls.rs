//! Calls through the actors: answers, order, bounds, deadlines and cancelling.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use resolve_api::wire::MAX_LINE_BYTES;
use resolve_api::{Fault, Locator, Value};
use tokio::sync::Semaphore;

use super::scripted::{Scripted, method, pass, read, value, write};
use crate::{CallError, HostState};

/// A host that takes a permit of `go` before each answer, and the methods in the order in which it got them.
fn gated() -> (Scripted, Arc<Semaphore>, Arc<Mutex<Vec<String>>>) {
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

/// A caller that goes away before its turn must not change anything.
#[tokio::test(start_paused = true)]
async fn a_call_that_is_cancelled_before_its_start_never_starts() {
    let (host, go, seen) = gated();
    let system = Arc::new(host.start());
    let first = tokio::spawn({
        let system = system.clone();
        async move { system.call(read()).await }
    });
    pass(Duration::from_millis(10)).await;
    let second = write();
    let cancel = second.cancel.clone();
    let second = tokio::spawn({
        let system = system.clone();
        async move { system.call(second).await }
    });
    pass(Duration::from_millis(10)).await;

    cancel.cancel();

    assert_eq!(Err(CallError::Cancelled), value(second.await.unwrap()));
    go.add_permits(1);
    first.await.unwrap().unwrap();
    pass(Duration::from_millis(10)).await;
    assert_eq!(["GetCurrentPage"], seen.lock().unwrap()[..]);
}

/// One that runs already cannot be taken back, and what it did is told.
#[tokio::test(start_paused = true)]
async fn a_call_that_is_cancelled_while_it_runs_is_answered() {
    let (host, go, _) = gated();
    let system = host.start();
    let call = write();
    let cancel = call.cancel.clone();
    let (answer, ()) = tokio::join!(system.call(call), async {
        pass(Duration::from_millis(10)).await;
        cancel.cancel();
        pass(Duration::from_millis(10)).await;
        go.add_permits(1);
    });

    assert_eq!(Ok("RefreshLUTList".into()), value(answer));
}

/// A hung call is answered at its deadline and costs the host, and the next call works on a new one.
#[tokio::test(start_paused = true)]
async fn a_hung_call_times_out_and_the_next_one_works() {
    let hung = Arc::new(AtomicUsize::new(0));
    let host = Scripted::new(move |_, mut bench| {
        let hung = hung.clone();
        async move {
            bench.greet();
            while let Some((id, call)) = bench.next_call().await {
                if hung.fetch_add(1, Ordering::SeqCst) == 0 {
                    std::future::pending::<()>().await;
                }
                bench.reply(id, Ok(call.method.into()));
            }
        }
    });
    let system = host.start();
    let mut call = read();
    call.deadline = Some(Duration::from_secs(2));

    let answer = system.call(call).await;

    let method = "Resolve.GetCurrentPage".to_owned();
    assert_eq!(Err(CallError::TimedOut { method, after: Duration::from_secs(2) }), value(answer));
    assert_eq!(Ok("GetCurrentPage".into()), value(system.call(read()).await));
    let counters = system.status().counters;
    assert_eq!((1, 1, 0), (counters.timeouts, counters.restarts, counters.crashes));
}

/// A call that never gets its turn says that it had no effect, and does not cost the host of another.
#[tokio::test(start_paused = true)]
async fn a_call_that_waits_too_long_is_told_that_it_did_not_start() {
    let (host, go, seen) = gated();
    let system = host.start_with(|config| config.deadlines.turn = Duration::from_secs(5));
    let mut first = read();
    first.deadline = Some(Duration::from_secs(60));

    let (first, second) = tokio::join!(system.call(first), async {
        pass(Duration::from_millis(10)).await;
        let second = system.call(write()).await;
        go.add_permits(1);
        second
    });

    assert_eq!(Ok("GetCurrentPage".into()), value(first));
    let Err(CallError::Unavailable { reason }) = second else { panic!("{second:?}") };
    assert_eq!(
        "Project.RefreshLUTList waited behind Resolve.GetCurrentPage for too long and was not started",
        reason
    );
    assert_eq!(["GetCurrentPage"], seen.lock().unwrap()[..]);
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

/// Where Resolve is started after the server, the status stops saying that it is not connected.
#[tokio::test(start_paused = true)]
async fn a_connection_that_comes_later_is_noticed() {
    use resolve_api::wire::{Connection, HostMessage, Op, Outcome, Reply};
    let host = Scripted::new(|_, mut bench| async move {
        bench.greet();
        let mut refused = false;
        while let Some(request) = bench.requests.recv().await {
            let outcome = match request.op {
                Op::Connect if !std::mem::replace(&mut refused, true) => {
                    Outcome::Fault(Fault::NotConnected { reason: "it is not running".into() })
                }
                Op::Connect => Outcome::Connected(Connection { product: "R".into(), version: "21".into() }),
                Op::Call(_) | Op::Batch(_) => Outcome::Value(Value::Null),
            };
            bench.say(HostMessage::Reply(Reply { id: request.id, outcome, api_calls: 1, generation: 1 }));
        }
    });
    let system = host.start();
    pass(Duration::from_millis(10)).await;
    assert_eq!(Some("it is not running".to_owned()), system.status().not_connected);

    system.call(read()).await.unwrap();
    pass(Duration::from_millis(10)).await;

    let status = system.status();
    assert_eq!((None, Some("R".to_owned())), (status.not_connected, status.product));
}
