//! The same loop on a named thread of this process, over channels. Python starts once in a process: one test.

use std::time::Duration;

use crossbeam_channel::{Receiver, Sender};
use resolve_api::wire::{HostMessage, MethodCall, Op, Outcome, Request, WIRE_VERSION};
use resolve_api::{Fault, Key, Locator, Value};
use resolve_python::host::{Backend, Config};
use resolve_python::thread::spawn_in_process;

/// Only runs out when the test fails.
const PATIENCE: Duration = Duration::from_secs(60);

fn ask(requests: &Sender<Request>, replies: &Receiver<HostMessage>, id: u64, op: Op) -> Outcome {
    requests.send(Request { id, op }).expect("the thread takes requests");
    match replies.recv_timeout(PATIENCE) {
        Ok(HostMessage::Reply(reply)) => {
            assert_eq!(id, reply.id);
            reply.outcome
        }
        other => panic!("{other:?}"),
    }
}

/// Hello, values, faults and the end are as over the pipes; a program that embeds the host can rely on them.
#[test]
fn the_loop_serves_a_pair_of_channels() {
    // The interpreter that the library belongs to, with a module where it looks anyway.
    let folder = tempfile::tempdir().unwrap();
    let python = folder.path().join("bin/python");
    std::fs::create_dir(folder.path().join("bin")).unwrap();
    std::fs::write(&python, "").unwrap();
    let base = std::fs::canonicalize(env!("RESOLVE_PYTHON_BUILT_WITH")).unwrap();
    let home = base.parent().unwrap();
    std::fs::write(folder.path().join("pyvenv.cfg"), format!("home = {}\n", home.display())).unwrap();
    let modules = folder.path().join("Developer/Scripting/Modules");
    std::fs::create_dir_all(&modules).unwrap();
    std::fs::write(modules.join("DaVinciResolveScript.py"), include_str!("fake_resolve.py")).unwrap();
    let library = folder.path().join("libs/Fusion/fusionscript.so");
    std::fs::create_dir_all(library.parent().unwrap()).unwrap();
    std::fs::write(library, "").unwrap();
    let install = Some(folder.path().to_owned());
    let config = Config { backend: Backend::Resolve, python: Some(python), engine_home: None, install };

    let (requests, replies) = spawn_in_process(config).unwrap();

    match replies.recv_timeout(PATIENCE) {
        Ok(HostMessage::Hello(hello)) => {
            assert_eq!((WIRE_VERSION, std::process::id()), (hello.wire, hello.pid));
        }
        other => panic!("{other:?}"),
    }
    assert!(matches!(ask(&requests, &replies, 1, Op::Connect), Outcome::Connected(_)));
    let timeline = Locator::Timeline(Key::Current);
    let call = |method: &str, args: Vec<Value>| Op::Call(MethodCall::new(timeline.clone(), method, args));
    assert_eq!(Outcome::Value("Cut 1".into()), ask(&requests, &replies, 2, call("GetName", vec![])));
    // What JSON cannot carry can come over a channel; it is refused all the same.
    let nan = ask(&requests, &replies, 3, call("AddMarker", vec![Value::Float(f64::NAN), "Blue".into()]));
    assert!(matches!(nan, Outcome::Fault(Fault::BadArgument { path, .. }) if path == "args[0]"));
    drop(requests);
    assert!(replies.recv_timeout(PATIENCE).is_err(), "the thread ends with its requests");
}
