//! What the supervisor does when hosts and actors end: at once, again and again, and for good.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use resolve_api::Value;
use resolve_api::wire::{Hello, HostMessage, WIRE_VERSION};
use tokio::time::Instant;

use super::scripted::{Bench, Scripted, pass, read, value, write};
use crate::{CallError, HostState};

/// Answers calls, and ends 20 ms into the first write.
async fn mortal(mut bench: Bench) {
    bench.greet();
    while let Some((id, call)) = bench.next_call().await {
        if call.method == "RefreshLUTList" {
            return tokio::time::sleep(Duration::from_millis(20)).await;
        }
        bench.reply(id, Ok(call.method.into()));
    }
}

/// The call that ran is told that its effect is unknown; one that waited goes to the next host as if nothing was.
#[tokio::test(start_paused = true)]
async fn a_crash_costs_the_call_in_flight_only() {
    let host = Scripted::new(|_, bench| mortal(bench));
    let hosts = host.count();
    let system = host.start();
    pass(Duration::from_millis(10)).await;

    let started = Instant::now();
    let (write, waiting) = tokio::join!(system.call(write()), async {
        pass(Duration::from_millis(10)).await;
        system.call(read()).await
    });

    let (method, why) = ("Project.RefreshLUTList".to_owned(), "its script ended".to_owned());
    assert_eq!(Err(CallError::Interrupted { method, why }), value(write));
    assert_eq!(Ok("GetCurrentPage".into()), value(waiting));
    assert!(started.elapsed() < Duration::from_millis(100), "{:?}", started.elapsed());
    assert_eq!(2, hosts.load(Ordering::SeqCst));
    let counters = system.status().counters;
    assert_eq!((1, 1, 0), (counters.crashes, counters.restarts, counters.timeouts));
}

/// A crash loop ends in a clear refusal that comes at once, and one attempt per period finds the way back.
#[tokio::test(start_paused = true)]
async fn a_crash_loop_ends_unavailable_and_recovers() {
    // The first five hosts die at once; that is three restarts in the first period and one attempt in the second.
    let host = Scripted::new(|number, bench| async move {
        if number > 5 {
            mortal(bench).await;
        }
    });
    let hosts = host.count();
    let system = host.start();

    let Err(CallError::Unavailable { reason }) = system.call(read()).await else { panic!("it has started") };
    assert_eq!(
        "it ends again and again, the last time so: its script ended; the next attempt is made in 60 s",
        reason
    );
    assert_eq!(4, hosts.load(Ordering::SeqCst));
    assert!(matches!(system.status().host, HostState::Unavailable { .. }), "{:?}", system.status());

    let asked = Instant::now();
    assert!(matches!(system.call(read()).await, Err(CallError::Unavailable { .. })));
    assert_eq!(Duration::ZERO, asked.elapsed());

    pass(Duration::from_secs(61)).await;
    assert_eq!(5, hosts.load(Ordering::SeqCst));
    assert!(matches!(system.call(read()).await, Err(CallError::Unavailable { .. })));

    pass(Duration::from_secs(60)).await;
    assert_eq!(Ok("GetCurrentPage".into()), value(system.call(read()).await));
    assert_eq!(6, hosts.load(Ordering::SeqCst));
}

/// A host that starts and says nothing must not hang the server for ever.
#[tokio::test(start_paused = true)]
async fn a_host_that_never_says_hello_is_replaced() {
    let host = Scripted::new(|number, bench| async move {
        if number == 1 {
            std::future::pending::<()>().await;
        }
        mortal(bench).await;
    });
    let system = host.start();

    let started = Instant::now();
    assert_eq!(Ok("GetCurrentPage".into()), value(system.call(read()).await));

    assert!(started.elapsed() < Duration::from_secs(11), "{:?}", started.elapsed());
}

/// A host of another build is not talked to: the shapes of the messages may differ.
#[tokio::test(start_paused = true)]
async fn a_host_of_another_wire_version_is_refused() {
    let host = Scripted::new(|_, mut bench| async move {
        bench.say(HostMessage::Hello(Hello { wire: WIRE_VERSION + 1, pid: 1, python: "3.11".into() }));
        while bench.next_call().await.is_some() {}
    });
    let hosts = host.count();
    let system = host.start();

    let Err(CallError::Unavailable { reason }) = system.call(read()).await else { panic!("it was accepted") };

    let expected = format!(
        "the host speaks version {} of the wire and the server version {WIRE_VERSION}: build both from one \
         checkout with `make build`; the next attempt is made in 60 s",
        WIRE_VERSION + 1
    );
    assert_eq!(expected, reason);
    assert_eq!(1, hosts.load(Ordering::SeqCst), "restarting it would not have helped");
}

/// The actors are children too: whichever is killed is back for the next call.
#[tokio::test(start_paused = true)]
async fn every_actor_is_restarted() {
    let system = Scripted::answering(|call| Ok(call.method.as_str().into())).start();
    assert_eq!(Ok("GetCurrentPage".into()), value(system.call(read()).await));

    let children = system.root().get_children();
    assert_eq!(14, children.len());
    for child in children {
        child.kill();
        pass(Duration::from_millis(200)).await;
        assert_eq!(Ok("GetCurrentPage".into()), value(system.call(read()).await), "after {child:?}");
        assert_eq!(Ok("RefreshLUTList".into()), value(system.call(write()).await), "after {child:?}");
    }
}

/// Whoever waits when the server stops is told, instead of being left alone.
#[tokio::test(start_paused = true)]
async fn stopping_answers_everybody() {
    let host = Scripted::new(|_, mut bench| async move {
        bench.greet();
        while bench.next_call().await.is_some() {}
    });
    let system = Arc::new(host.start());
    let calls: Vec<_> = (0..3)
        .map(|_| {
            let system = system.clone();
            tokio::spawn(async move { system.call(read()).await })
        })
        .collect();
    pass(Duration::from_millis(10)).await;

    let started = Instant::now();
    system.stop().await;

    assert!(started.elapsed() < Duration::from_millis(50), "{:?}", started.elapsed());
    for call in calls {
        let answer = call.await.unwrap();
        let told = matches!(answer, Err(CallError::Interrupted { .. } | CallError::Unavailable { .. }));
        assert!(told, "{answer:?}");
    }
    assert_eq!(HostState::Stopped, system.status().host);
    assert!(matches!(system.call(read()).await, Err(CallError::Unavailable { .. })));
    system.stop().await;
}

/// A host that floods its stdout with lines that nothing asked for stays harmless.
#[tokio::test(start_paused = true)]
async fn a_talkative_host_is_heard_only_when_asked() {
    let host = Scripted::new(|_, mut bench| async move {
        bench.greet();
        for id in 100..10_000 {
            bench.reply(id, Ok(Value::Null));
        }
        while let Some((id, _)) = bench.next_call().await {
            bench.reply(id, Ok("asked".into()));
        }
    });
    let system = host.start();

    assert_eq!(Ok("asked".into()), value(system.call(read()).await));
}
