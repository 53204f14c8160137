//! How many calls of the scripting API a request costs: the count is the engine's own, and what cannot change is asked once.

use crate::harness::{Environment, Host, host_command};
use resolve_api::wire::{Op, Outcome};
use resolve_api::{Key, Locator, Value};

/// What answers as Resolve says of itself, and what it can render, cannot change while it is connected; each look would
/// be a round trip to another process.
#[test]
fn what_cannot_change_is_asked_once_while_connected() {
    let more = "resolve_methods['GetVersion'] = lambda: [21, 1, 0, 14, '']\n";
    let mut host = Environment::with_fake(more).start();
    host.connect();
    let version = |host: &mut Host| host.reply(Locator::Resolve, "GetVersion", []);

    let (first, second) = (version(&mut host), version(&mut host));

    assert_eq!((1, 0), (first.api_calls, second.api_calls));
    assert_eq!(first.outcome, second.outcome);
    // The person at the screen may change the page.
    let page = |host: &mut Host| host.reply(Locator::Resolve, "GetCurrentPage", []).api_calls;
    assert_eq!((1, 1), (page(&mut host), page(&mut host)));
}

/// Another build may answer after the connection was lost.
#[test]
fn a_new_connection_is_asked_anew() {
    let more = "import itertools\nbuilds = itertools.count(14)\n\
                resolve_methods['GetVersion'] = lambda: [21, 1, 0, next(builds), '']\n\
                resolve_methods['Quit'] = lambda: None\n";
    let mut host = Environment::with_fake(more).start();
    let build = |host: &mut Host| match host.call(Locator::Resolve, "GetVersion", []) {
        Value::List(parts) => parts[3].clone(),
        other => panic!("{other:?}"),
    };

    assert_eq!((Value::Int(14), Value::Int(14)), (build(&mut host), build(&mut host)));
    host.call(Locator::Resolve, "Quit", []);
    assert_eq!(Value::Int(15), build(&mut host));
}

/// Nothing is kept while there is nothing to keep: a Resolve that is not ready answers None.
#[test]
fn an_answer_that_is_missing_is_not_kept() {
    let more = "answers = iter([None, [21, 1, 0, 14, '']])\n\
                resolve_methods['GetVersion'] = lambda: next(answers)\n";
    let mut host = Environment::with_fake(more).start();

    assert_eq!(Value::Null, host.call(Locator::Resolve, "GetVersion", []));
    assert!(matches!(host.call(Locator::Resolve, "GetVersion", []), Value::List(_)));
}

/// The engine counts the calls that reach it; what `status` tells is the sum of what the host reports, and must be that.
#[test]
fn the_count_is_the_one_of_the_engine() {
    let engine = env!("CARGO_MANIFEST_DIR");
    let module = format!(
        "import sys\nsys.path.insert(0, {engine:?})\n\
         from resolve_engine import remote\n\
         from resolve_engine.fusionscript import scriptapp\n\
         call = remote.call\n\
         def told(*args):\n    answer = call(*args)\n    \
         print('calls made:', remote.calls_made(), file=sys.stderr, flush=True)\n    return answer\n\
         remote.call = told\n"
    );
    let environment = Environment::with_module("DaVinciResolveScript", &module);
    let home = tempfile::tempdir().unwrap();
    let mut command = host_command("engine");
    command.arg("--python").arg(environment.python()).arg("--engine-home").arg(home.path());
    let mut host = Host::start(&mut command).keep((environment, home));

    let mut counted = host.ask(Op::Connect).expect("the host runs").api_calls;
    for (on, method, args) in [
        (Locator::ProjectManager, "CreateProject", vec![Value::from("One")]),
        (Locator::MediaPool, "CreateEmptyTimeline", vec!["Cut".into()]),
        (Locator::Timeline(Key::Current), "GetName", vec![]),
        (Locator::Timeline(Key::Name("Cut".into())), "GetTrackCount", vec!["video".into()]),
        (Locator::Project, "GetRenderFormats", vec![]),
        (Locator::Project, "GetRenderFormats", vec![]),
    ] {
        let reply = host.reply(on, method, args);
        assert!(matches!(reply.outcome, Outcome::Value(_)), "{method}: {:?}", reply.outcome);
        counted += reply.api_calls;
    }

    host.wait_for(&format!("calls made: {counted}"));
}
