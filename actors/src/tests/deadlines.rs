//! Calls that do not come back in time: who is told what and when, and what becomes of the host.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use resolve_api::wire::MAX_LINE_BYTES;
use resolve_api::{Fault, Locator, Value};
use serde_json::json;
use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::calls::gated;
use super::noting::{Noting, only};
use super::scripted::{Reaction, Scripted, method, pass, read, value, write};
use crate::journal::Outcome;
use crate::limits::{READ_DEADLINE, WRITE_DEADLINE, WRITE_GRACE};
use crate::{Backend, CallError, HostState, System, What};

/// Hosts that answer everything with its name, but for the first call of one method: that hangs until it is let go,
/// and is then answered with `reaction`.
fn hanging(hangs: &'static str, reaction: Reaction) -> Hanging {
    let (go, made, hung) = (Arc::new(Semaphore::new(0)), Arc::default(), Arc::new(AtomicU64::new(0)));
    let (gate, log) = (go.clone(), Arc::<Mutex<Vec<String>>>::clone(&made));
    let host = Scripted::new(move |_, mut bench| {
        let (gate, log, hung, reaction) = (gate.clone(), log.clone(), hung.clone(), reaction.clone());
        async move {
            bench.greet();
            while let Some((id, call)) = bench.next_call().await {
                log.lock().unwrap().push(call.method.clone());
                if call.method == hangs && hung.fetch_add(1, Ordering::SeqCst) == 0 {
                    gate.acquire().await.unwrap().forget();
                    bench.reply(id, reaction.clone());
                } else {
                    bench.reply(id, Ok(call.method.into()));
                }
            }
        }
    });
    Hanging { hosts: host.count(), system: Arc::new(host.start()), go, made }
}

struct Hanging {
    system: Arc<System>,
    hosts: Arc<AtomicU64>,
    go: Arc<Semaphore>,
    made: Arc<Mutex<Vec<String>>>,
}

impl Hanging {
    /// Every other call is told at once what keeps the interpreter, and nothing of it reaches the host.
    async fn is_occupied_by(&self, hangs: &str, since: Instant) {
        let (before, now) = (self.made.lock().unwrap().len(), Instant::now());
        for call in [read(), write(), method(Locator::Project, "GetName")] {
            let expected = CallError::Occupied { method: hangs.to_owned(), running: since.elapsed() };
            assert_eq!(Err(expected), value(self.system.call(call).await));
        }
        assert_eq!((before, now), (self.made.lock().unwrap().len(), Instant::now()));
    }
}

fn timed_out(method: &str, after: Duration, grace: Duration) -> CallError {
    CallError::TimedOut { method: method.to_owned(), after, backend: Some(Backend::Engine), grace }
}

/// A read that hangs is answered at its deadline and costs the host at once; who waited behind it goes to the next.
#[tokio::test(start_paused = true)]
async fn a_read_that_hangs_costs_its_host_at_the_deadline() {
    let hanging = hanging("GetCurrentPage", Ok(Value::Null));
    let started = Instant::now();

    let (hung, waiting) = tokio::join!(
        async { (value(hanging.system.call(read()).await), started.elapsed()) },
        hanging.system.call(write())
    );

    let expected = timed_out("Resolve.GetCurrentPage", READ_DEADLINE, Duration::ZERO);
    assert_eq!((Err(expected), READ_DEADLINE), hung);
    assert_eq!(Ok("RefreshLUTList".into()), value(waiting));
    assert!(started.elapsed() < READ_DEADLINE + Duration::from_millis(50), "{:?}", started.elapsed());
    let counters = hanging.system.status().counters;
    assert_eq!((1, 1, 0), (counters.timeouts, counters.restarts, counters.crashes));
    assert_eq!(2, hanging.hosts.load(Ordering::SeqCst));
}

/// A write that is late but comes: its caller is answered at the deadline, others meanwhile at once; then the host goes
/// on as it is, and the journal says how the write ended.
#[tokio::test(start_paused = true)]
async fn a_write_that_answers_within_its_grace_costs_nothing() {
    let (hanging, noting) = (hanging("RefreshLUTList", Ok(true.into())), Noting::fresh());
    let started = Instant::now();

    let (answer, behind) = tokio::join!(
        async { (value(hanging.system.call(noting.noted(write())).await), started.elapsed()) },
        async {
            pass(WRITE_DEADLINE - Duration::from_secs(1)).await;
            (value(hanging.system.call(read()).await), started.elapsed())
        }
    );

    let method = "Project.RefreshLUTList";
    assert_eq!((Err(timed_out(method, WRITE_DEADLINE, WRITE_GRACE)), WRITE_DEADLINE), answer);
    let occupied = CallError::Occupied { method: method.to_owned(), running: WRITE_DEADLINE };
    assert_eq!((Err(occupied), WRITE_DEADLINE), behind);
    pass(Duration::from_secs(5)).await;
    hanging.is_occupied_by(method, started).await;
    let overdue = HostState::Overdue { method: method.to_owned(), for_s: 50.0, given_up_in_s: 55.0 };
    assert_eq!(overdue, hanging.system.status().host);
    assert_eq!((Outcome::Unknown, Some("timed_out")), noting.outcome());

    hanging.go.add_permits(1);
    pass(Duration::from_millis(1)).await;

    let entry = only(&noting.journal);
    assert_eq!((Outcome::Done, None, json!(true)), (entry.outcome, entry.code, entry.observed));
    assert_eq!(Ok("GetCurrentPage".into()), value(hanging.system.call(read()).await));
    assert_eq!(1, hanging.hosts.load(Ordering::SeqCst));
    pass(WRITE_GRACE).await;
    assert_eq!(HostState::Ready, hanging.system.status().host);
}

/// A late no is as good an answer as a late yes.
#[tokio::test(start_paused = true)]
async fn a_write_that_is_refused_within_its_grace_has_failed() {
    let refusal = Fault::Refused { method: "Project.RefreshLUTList".into(), reason: Some("no".into()) };
    let (hanging, noting) = (hanging("RefreshLUTList", Err(refusal)), Noting::fresh());
    hanging.system.call(noting.noted(write())).await.expect_err("it is late");

    hanging.go.add_permits(1);
    pass(Duration::from_millis(1)).await;

    assert_eq!((Outcome::Failed, Some("fault")), noting.outcome());
}

/// A write that never comes back costs the host when its grace is over; it is never made again, and whether it took
/// effect stays unknown.
#[tokio::test(start_paused = true)]
async fn a_write_that_never_answers_costs_its_host_after_its_grace() {
    let (hanging, noting) = (hanging("RefreshLUTList", Ok(Value::Null)), Noting::fresh());
    let started = Instant::now();
    hanging.system.call(noting.noted(write())).await.expect_err("it is late");

    pass(WRITE_GRACE - Duration::from_millis(10)).await;
    hanging.is_occupied_by("Project.RefreshLUTList", started).await;
    assert_eq!(1, hanging.hosts.load(Ordering::SeqCst));
    pass(Duration::from_millis(20)).await;

    assert_eq!(Ok("GetCurrentPage".into()), value(hanging.system.call(read()).await));
    assert_eq!(2, hanging.hosts.load(Ordering::SeqCst));
    assert_eq!(["RefreshLUTList", "GetCurrentPage"], hanging.made.lock().unwrap()[..]);
    let entry = only(&noting.journal);
    assert_eq!((Outcome::Unknown, Some("interrupted")), (entry.outcome, entry.code.as_deref()));
    let why = "the interpreter stopped during Project.RefreshLUTList (Project.RefreshLUTList has not answered for 105 s)";
    assert_eq!(json!(why), entry.observed);
}

/// The answer of a write may be late and too long for the wire; the host goes on all the same.
#[tokio::test(start_paused = true)]
async fn a_late_answer_that_is_too_long_frees_the_interpreter() {
    let host = Scripted::new(|_, mut bench| async move {
        bench.greet();
        while let Some((id, call)) = bench.next_call().await {
            match call.method.as_str() {
                "RefreshLUTList" => {
                    pass(WRITE_DEADLINE + Duration::from_secs(1)).await;
                    bench.overflow(MAX_LINE_BYTES + 1);
                }
                _ => bench.reply(id, Ok(call.method.into())),
            }
        }
    });
    let (hosts, system) = (host.count(), host.start());
    system.call(write()).await.expect_err("it is late");

    pass(Duration::from_secs(2)).await;

    assert_eq!(Ok("GetCurrentPage".into()), value(system.call(read()).await));
    assert_eq!(1, hosts.load(Ordering::SeqCst));
}

/// A host that ends by itself while it is waited for does not leave the interpreter occupied.
#[tokio::test(start_paused = true)]
async fn a_host_that_ends_within_the_grace_is_replaced_at_once() {
    let host = Scripted::new(|_, mut bench| async move {
        bench.greet();
        while let Some((id, call)) = bench.next_call().await {
            if call.method == "RefreshLUTList" {
                return pass(WRITE_DEADLINE + Duration::from_secs(1)).await;
            }
            bench.reply(id, Ok(call.method.into()));
        }
    });
    let (system, noting) = (host.start(), Noting::fresh());
    system.call(noting.noted(write())).await.expect_err("it is late");

    pass(Duration::from_secs(2)).await;

    assert_eq!(Ok("GetCurrentPage".into()), value(system.call(read()).await));
    assert_eq!((Outcome::Unknown, Some("interrupted")), noting.outcome());
}

/// A call that never gets its turn says so and why, had no effect, and does not cost the host of another.
#[tokio::test(start_paused = true)]
async fn a_call_that_waits_too_long_is_told_what_it_waited_for() {
    let (host, go, seen) = gated();
    let system = host.start_with(|config| config.deadlines.turn = Duration::from_secs(5));
    let mut first = read();
    first.deadline = Some(Duration::from_secs(60));

    let (first, second) = tokio::join!(system.call(first), async {
        pass(Duration::from_secs(1)).await;
        let second = system.call(write()).await;
        go.add_permits(1);
        second
    });

    assert_eq!(Ok("GetCurrentPage".into()), value(first));
    let (method, running) = ("Resolve.GetCurrentPage".to_owned(), Duration::from_secs(6));
    assert_eq!(Err(CallError::Occupied { method, running }), value(second));
    assert_eq!(["GetCurrentPage"], seen.lock().unwrap()[..]);
}

/// A write reads its surroundings first. If that hangs nothing was changed, so the host is not waited for, and the write
/// is not made on the next one.
#[tokio::test(start_paused = true)]
async fn a_read_of_a_write_that_hangs_costs_its_host_at_the_deadline() {
    let (hanging, noting) = (hanging("GetName", Ok(Value::Null)), Noting::fresh());
    let mut call = noting.noted(method(Locator::Project, "SetName"));
    if let What::Method(call) = &mut call.what {
        call.args = vec![Value::from("Feature")];
    }
    let started = Instant::now();

    hanging.system.call(call).await.expect_err("its surroundings are not known");

    assert_eq!(READ_DEADLINE, started.elapsed());
    assert_eq!(Ok("GetCurrentPage".into()), value(hanging.system.call(read()).await));
    assert!(!hanging.made.lock().unwrap().contains(&"SetName".to_owned()), "{:?}", hanging.made);
}

/// What a caller reads says what did not answer; with Resolve it names the usual culprit.
#[test]
fn a_deadline_says_who_has_not_answered() {
    let text = |backend| {
        let (method, after) = ("Timeline.GetName".to_owned(), READ_DEADLINE);
        CallError::TimedOut { method, after, backend, grace: Duration::ZERO }.to_string()
    };

    let resolve =
        "DaVinci Resolve has not answered Timeline.GetName for 9 s; a dialog is probably open in its window";
    assert_eq!(resolve, text(Some(Backend::Resolve)));
    let engine =
        "the headless engine has not answered Timeline.GetName for 9 s; it hangs, or the machine is too busy";
    assert_eq!(engine, text(Some(Backend::Engine)));
    assert_eq!("Timeline.GetName has not come to its end within 9 s", text(None));
}
