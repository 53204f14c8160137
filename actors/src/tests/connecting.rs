//! A Resolve that is not there yet, goes away, and comes back, with the same project or another.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use resolve_api::change::{Cause, Change, Look, Place};
use resolve_api::wire::{Connection, HostMessage, Op, Outcome, Reply, Request};
use resolve_api::{Fault, Key, Locator, Value};

use super::noting::Noting;
use super::scripted::{Bench, Scripted, method, pass, read, value, write};
use crate::limits::RECONNECT_EVERY;
use crate::{Call, CallError, Told};

/// A Resolve whose state a test sets: whether it runs, and which project is open.
#[derive(Default)]
struct Stage {
    runs: bool,
    project: String,
    /// What the next reply tells of the project.
    cause: Option<Cause>,
    /// The methods that it was asked for, connections among them.
    asked: Vec<String>,
}

fn place(project: &str) -> Place {
    Place { database: None, project: Some(project.to_owned()), project_id: Some(project.to_owned()) }
}

fn answer(stage: &Mutex<Stage>, op: &Op) -> (Outcome, Option<Look>) {
    let mut stage = stage.lock().unwrap();
    stage.asked.push(if let Op::Call(call) = op { call.method.clone() } else { "connect".to_owned() });
    if !stage.runs {
        return (Outcome::Fault(Fault::NotConnected { reason: "it is not running".to_owned() }), None);
    }
    let connecting = matches!(op, Op::Connect);
    let cause = stage.cause.take().or(connecting.then_some(Cause::Resolve));
    let look = cause.map(|cause| Look { place: place(&stage.project), cause });
    let about = Connection { product: "Resolve".to_owned(), version: "21".to_owned() };
    (if connecting { Outcome::Connected(about) } else { Outcome::Value(Value::Bool(true)) }, look)
}

async fn play(stage: Arc<Mutex<Stage>>, mut bench: Bench) {
    bench.greet();
    while let Some(Request { id, op }) = bench.requests.recv().await {
        let (outcome, look) = answer(&stage, &op);
        bench.say(HostMessage::Reply(Reply { id, outcome, api_calls: 1, generation: 1, look, objects: 0 }));
    }
}

/// Hosts on one stage, where Resolve runs or not.
fn staged(runs: bool) -> (Scripted, Arc<Mutex<Stage>>) {
    let stage = Arc::new(Mutex::new(Stage { runs, project: "Film".to_owned(), ..Stage::default() }));
    let played = stage.clone();
    (Scripted::new(move |_, bench| play(played.clone(), bench)), stage)
}

/// Where Resolve is started after the server, the next call reaches it, and the status says so.
#[tokio::test(start_paused = true)]
async fn a_connection_that_comes_later_is_noticed_by_a_call() {
    let (host, stage) = staged(false);
    let system = host.start();
    pass(Duration::from_millis(10)).await;
    assert_eq!(Some("it is not running".to_owned()), system.status().not_connected);
    stage.lock().unwrap().runs = true;

    system.call(read()).await.unwrap();
    pass(Duration::from_millis(10)).await;

    let status = system.status();
    assert_eq!((None, Some("Resolve".to_owned())), (status.not_connected, status.product));
}

/// And where nobody calls it is looked for, so that somebody who watches the status sees it come.
#[tokio::test(start_paused = true)]
async fn a_connection_that_comes_later_is_noticed_without_a_call() {
    let (host, stage) = staged(false);
    let system = host.start();
    pass(RECONNECT_EVERY * 3 + Duration::from_millis(10)).await;
    assert_eq!(vec!["connect"; 4], stage.lock().unwrap().asked);
    stage.lock().unwrap().runs = true;

    pass(RECONNECT_EVERY).await;

    assert_eq!((None, Some("Resolve".to_owned())), (system.status().not_connected, system.status().product));
    pass(RECONNECT_EVERY * 3).await;
    assert_eq!(5, stage.lock().unwrap().asked.len(), "it is not asked on and on");
}

/// A Resolve that quits in the middle is told from one that never ran, and the session goes on when it is back.
#[tokio::test(start_paused = true)]
async fn a_resolve_that_quits_is_told_and_found_again() {
    let (host, stage) = staged(true);
    let system = host.start();
    system.call(read()).await.unwrap();
    let client = system.client();
    stage.lock().unwrap().runs = false;

    let quit = system.call(read()).await;
    let gone = system.call(read()).await;

    let not_connected =
        |reason: &str| Err(CallError::Fault(Fault::NotConnected { reason: reason.to_owned() }));
    assert_eq!(not_connected("Resolve 21 has quit during the session: it is not running"), value(quit));
    assert_eq!(not_connected("it is not running"), value(gone));

    stage.lock().unwrap().runs = true;
    pass(RECONNECT_EVERY + Duration::from_millis(10)).await;
    assert_eq!(None, system.status().not_connected);
    assert_eq!(Ok(Value::Bool(true)), value(system.call(write()).await));
    assert_eq!(None, system.news(&client), "the same project is open");
}

fn rename(client: &Told) -> Call {
    let mut call = of(client, Noting::fresh().noted(method(Locator::Timeline(Key::Current), "SetName")));
    if let crate::What::Method(call) = &mut call.what {
        call.args = vec![Value::from("Cut 2")];
    }
    call
}

/// A call of this client.
fn of(client: &Told, call: Call) -> Call {
    Call { ticket: crate::Ticket::of(Some(client.clone())), ..call }
}

/// The same Resolve has another project open with the next answer.
fn switch(stage: &Mutex<Stage>, project: &str, cause: Cause) {
    let mut stage = stage.lock().unwrap();
    (stage.project, stage.cause) = (project.to_owned(), Some(cause));
}

/// Somebody who does not know that another project is open must not change it: the first change is refused with what
/// has happened, and made when it is asked for again. That another client knows is no help.
#[tokio::test(start_paused = true)]
async fn nothing_is_changed_in_a_project_that_its_client_does_not_know_is_open() {
    let (host, stage) = staged(true);
    let system = host.start();
    system.call(read()).await.unwrap();
    let clients = [system.client(), system.client()];
    switch(&stage, "Spot", Cause::Elsewhere);

    for client in clients {
        let before = stage.lock().unwrap().asked.iter().filter(|asked| *asked == "SetName").count();
        let refused = system.call(rename(&client)).await;

        let change = Change { was: place("Film"), now: place("Spot"), cause: Cause::Elsewhere };
        let what = Locator::Timeline(Key::Current);
        let expected = Fault::Stale { what, change: Some(Box::new(change)) };
        assert_eq!(Err(CallError::Fault(expected)), value(refused));
        let made = || stage.lock().unwrap().asked.iter().filter(|asked| *asked == "SetName").count();
        assert_eq!(before, made());

        drop(system.call(rename(&client)).await);
        assert_eq!(before + 1, made());
    }
}

/// Whoever opens another project knows it, and is not told; the other clients are.
#[tokio::test(start_paused = true)]
async fn a_project_that_a_call_has_opened_is_news_to_others() {
    let (host, stage) = staged(true);
    let system = host.start();
    system.call(read()).await.unwrap();
    let (opener, other) = (system.client(), system.client());
    switch(&stage, "Spot", Cause::Called);
    system.call(of(&opener, read())).await.unwrap();

    assert_eq!(None, system.news(&opener));
    assert_eq!(Some(place("Spot")), system.news(&other).map(|change| change.now));

    // What a person opens is news to all, until they have heard it.
    switch(&stage, "Film", Cause::Elsewhere);
    system.call(of(&opener, read())).await.unwrap();
    for client in [opener, other] {
        assert_eq!(Some(place("Film")), system.news(&client).map(|change| change.now));
        assert_eq!(None, system.news(&client));
    }
}

/// A write that was under way when Resolve ended may have happened: the journal does not say that it failed.
#[tokio::test(start_paused = true)]
async fn a_write_on_a_lost_connection_is_unknown() {
    let lost = || Fault::Lost { method: "Project.RefreshLUTList".to_owned() };
    let host = Scripted::answering(move |call| match call.method.as_str() {
        "RefreshLUTList" => Err(lost()),
        _ => Ok(Value::Null),
    });
    let (system, noting) = (host.start(), Noting::fresh());

    let answer = system.call(noting.noted(write())).await;

    assert_eq!(Err(CallError::Fault(lost())), value(answer));
    assert_eq!((crate::journal::Outcome::Unknown, Some("fault")), noting.outcome());
    assert!(
        system.status().not_connected.expect("it is noticed").contains("lost during Project.RefreshLUTList")
    );
}
