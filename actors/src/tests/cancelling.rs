//! Callers that go away: before their call starts it never does, and while it runs they are free at once.

use std::sync::Arc;
use std::time::Duration;

use resolve_api::{Locator, Value};
use tokio::sync::Semaphore;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::calls::gated;
use super::noting::{Noting, only};
use super::scripted::{Scripted, method, pass, read, value, write};
use crate::CallError;
use crate::journal::Outcome;

/// A caller that goes away before its turn must not change anything, and the host must not hear of it.
#[tokio::test(start_paused = true)]
async fn a_call_that_is_cancelled_before_its_start_never_starts() {
    let (host, go, seen) = gated();
    let (system, noting) = (Arc::new(host.start()), Noting::fresh());
    pass(Duration::from_millis(10)).await;
    let first = tokio::spawn({
        let system = system.clone();
        async move { system.call(read()).await }
    });
    pass(Duration::from_millis(10)).await;
    // This one reads its surroundings before it writes.
    let mut second = noting.noted(method(Locator::Project, "SetName"));
    if let crate::What::Method(call) = &mut second.what {
        call.args = vec![Value::from("Feature")];
    }
    let cancel = second.cancel.clone();
    let second = tokio::spawn({
        let system = system.clone();
        async move { system.call(second).await }
    });
    pass(Duration::from_millis(10)).await;

    cancel.cancel();

    assert_eq!(Err(CallError::Cancelled), value(second.await.unwrap()));
    pass(Duration::from_millis(1)).await;
    assert_eq!((Outcome::NotStarted, Some("cancelled")), noting.outcome());
    go.add_permits(1);
    first.await.unwrap().unwrap();
    pass(Duration::from_millis(10)).await;
    assert_eq!(["GetCurrentPage"], seen.lock().unwrap()[..]);
}

/// A client that gives up on many calls while Resolve stands still must not be told that the queue is full of them.
#[tokio::test(start_paused = true)]
async fn what_was_cancelled_keeps_no_place_in_the_queue() {
    let (host, go, seen) = gated();
    let system = Arc::new(host.start_with(|config| config.queue_limit = 3));
    pass(Duration::from_millis(10)).await;
    let start = |call: crate::Call| {
        let system = system.clone();
        tokio::spawn(async move { value(system.call(call).await) })
    };
    let first = start(read());
    pass(Duration::from_millis(10)).await;
    for _ in 0..3 {
        // One goes as it is, the other waits for a lease.
        let waiting = [read(), Noting::fresh().noted(write())];
        let cancels = waiting.each_ref().map(|call| call.cancel.clone());
        let waiting = waiting.map(start);
        pass(Duration::from_millis(10)).await;
        assert_eq!(3, system.status().queue_depth);
        cancels.iter().for_each(CancellationToken::cancel);
        for call in waiting {
            assert_eq!(Err(CallError::Cancelled), call.await.unwrap());
        }
        pass(Duration::from_millis(1)).await;
        assert_eq!(1, system.status().queue_depth, "only what runs has a place");
    }
    go.add_permits(1);
    assert_eq!(Ok("GetCurrentPage".into()), first.await.unwrap());
    assert_eq!(["GetCurrentPage"], seen.lock().unwrap()[..]);
}

/// A write that runs cannot be taken back: its caller is free at once and hears that its outcome is not known, and the
/// journal says the same until the answer is there.
#[tokio::test(start_paused = true)]
async fn a_write_that_is_cancelled_while_it_runs_is_unknown_until_it_has_answered() {
    let (host, go, seen) = gated();
    let (system, noting) = (host.start(), Noting::fresh());
    let call = noting.noted(write());
    let cancel = call.cancel.clone();

    let (answer, cancelled) = tokio::join!(
        async {
            let answer = system.call(call).await;
            (value(answer), Instant::now())
        },
        async {
            pass(Duration::from_millis(10)).await;
            cancel.cancel();
            Instant::now()
        }
    );

    let method = "Project.RefreshLUTList".to_owned();
    assert_eq!((Err(CallError::Abandoned { method }), cancelled), answer);
    assert_eq!((Outcome::Unknown, Some("cancelled")), noting.outcome());

    go.add_permits(1);
    pass(Duration::from_millis(10)).await;
    assert_eq!((Outcome::Done, None), noting.outcome());
    assert_eq!(["RefreshLUTList"], seen.lock().unwrap()[..]);
}

/// A read that runs leaves nothing behind, so its caller hears no more than that.
#[tokio::test(start_paused = true)]
async fn a_read_that_is_cancelled_while_it_runs_had_no_effect() {
    let (host, go, _) = gated();
    let system = host.start();
    let call = read();
    let cancel = call.cancel.clone();
    let (answer, ()) = tokio::join!(system.call(call), async {
        pass(Duration::from_millis(10)).await;
        cancel.cancel();
    });

    assert_eq!(Err(CallError::Cancelled), value(answer));
    go.add_permits(2);
    assert_eq!(Ok("GetCurrentPage".into()), value(system.call(read()).await));
}

/// Before a write its surroundings are read. A caller that leaves meanwhile leaves nothing behind: the write is not made.
#[tokio::test(start_paused = true)]
async fn a_write_is_not_begun_for_a_caller_that_left_while_its_surroundings_were_read() {
    let (go, noting) = (Arc::new(Semaphore::new(0)), Noting::fresh());
    let (gate, made) = (go.clone(), Arc::new(std::sync::Mutex::new(Vec::new())));
    let log = made.clone();
    let host = Scripted::new(move |_, mut bench| {
        let (gate, log) = (gate.clone(), log.clone());
        async move {
            bench.greet();
            while let Some((id, call)) = bench.next_call().await {
                log.lock().unwrap().push(call.method.clone());
                gate.acquire().await.unwrap().forget();
                bench.reply(id, Ok("as before".into()));
            }
        }
    });
    let system = host.start();
    let mut call = noting.noted(method(Locator::Project, "SetName"));
    if let crate::What::Method(call) = &mut call.what {
        call.args = vec![Value::from("Feature")];
    }
    let cancel = call.cancel.clone();
    let (answer, ()) = tokio::join!(system.call(call), async {
        pass(Duration::from_millis(10)).await;
        assert!(!made.lock().unwrap().contains(&"SetName".to_owned()), "{made:?}");
        cancel.cancel();
        pass(Duration::from_millis(10)).await;
        go.add_permits(10);
    });

    assert!(matches!(answer, Err(CallError::Abandoned { .. })), "{answer:?}");
    pass(Duration::from_millis(10)).await;
    assert!(!made.lock().unwrap().contains(&"SetName".to_owned()), "{made:?}");
    assert_eq!(Outcome::NotStarted, only(&noting.journal).outcome);
}
