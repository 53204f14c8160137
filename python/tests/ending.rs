//! How the host ends: with the request pipe, at once, whatever runs; and by a crash, which the parent sees.

use std::time::Duration;

use crate::harness::{Environment, Host};
use resolve_api::wire::{HostMessage, MethodCall, Op, Outcome};
use resolve_api::{Fault, Locator, Value};

/// Far more than the end takes (it was measured at 2 ms), far less than the calls that run meanwhile.
const AT_ONCE: Duration = Duration::from_secs(5);

/// The end of the pipe ends an idle host with success.
#[test]
fn the_end_of_the_pipe_ends_an_idle_host() {
    let mut host = Environment::with_fake("").start();
    host.call(Locator::Resolve, "GetCurrentPage", []);

    let (status, _, took) = host.end();

    assert!(status.success(), "{status}");
    assert!(took < AT_ONCE, "{took:?}");
}

/// A call that sleeps, and one that never lets go of the interpreter, do not keep a host whose server is gone.
#[test]
fn the_end_of_the_pipe_ends_a_busy_host() {
    for body in ["__import__('time').sleep(600)", "sum(1 for _ in iter(int, 1))", "pow(7, 7**12)"] {
        let environment =
            Environment::with_fake(&format!("resolve_methods['Busy'] = lambda: (print('begun'), {body})\n"));
        let mut host = environment.start();
        host.send(Op::Call(MethodCall::new(Locator::Resolve, "Busy", [])));
        host.wait_for("begun");

        let (status, _, took) = host.end();

        assert!(status.success(), "{body}: {status}");
        assert!(took < AT_ONCE, "{body}: {took:?}");
    }
}

/// A call that kills the process is seen as the end of the reply pipe and a status that is no success, and
/// the place in Python is on standard error.
#[test]
fn a_crash_is_seen_by_the_parent() {
    let mut host = Environment::with_fake("import os\nresolve_methods['Crash'] = os.abort\n").start();

    host.send(Op::Call(MethodCall::new(Locator::Resolve, "Crash", [])));

    assert!(host.message().is_none());
    let (status, errors, _) = host.end();
    assert!(!status.success());
    assert!(errors.contains("Fatal Python error: Aborted"), "{errors}");
}

/// Exceptions that end an ordinary Python program are answers like any other.
#[test]
fn exceptions_that_end_a_program_do_not_end_the_host() {
    let environment = Environment::with_fake(
        r#"
import signal, sys, _thread

def interrupt():
    raise KeyboardInterrupt

def leave():
    sys.exit(3)

class Odd(BaseException):
    def __str__(self):
        raise ValueError("no text")

def odd():
    raise Odd

def deep(n=0):
    return deep(n + 1)

resolve_methods.update(Interrupt=interrupt, Leave=leave, Odd=odd, Deep=deep, Later=lambda: _thread.interrupt_main())
"#,
    );
    let mut host = environment.start();

    for (method, name) in [
        ("Interrupt", "KeyboardInterrupt"),
        ("Leave", "SystemExit"),
        ("Odd", "Odd"),
        ("Deep", "RecursionError"),
    ] {
        match host.fault(Locator::Resolve, method, []) {
            Fault::Raised { method: label, exception, .. } => {
                assert_eq!(
                    (format!("Resolve.{method}").as_str(), name),
                    (label.as_str(), exception.as_str())
                );
            }
            other => panic!("{method}: {other:?}"),
        }
    }
    // The interrupt may reach this call or none, but not the next.
    host.reply(Locator::Resolve, "Later", []);
    assert_eq!(Value::from("edit"), host.call(Locator::Resolve, "GetCurrentPage", []));
}

/// A line that cannot be understood but has an id is answered; one that has none ends the host with its own
/// status, since nothing after it could be trusted.
#[test]
fn a_foreign_line_is_answered_or_ends_the_host() {
    let mut host = Environment::with_fake("").start();
    host.send_raw(b"{\"id\": 41, \"op\": {\"dance\": {}}}\n");
    match host.message() {
        Some(HostMessage::Reply(reply)) => {
            assert_eq!(41, reply.id);
            assert!(matches!(reply.outcome, Outcome::Fault(Fault::BadArgument { .. })), "{reply:?}");
        }
        other => panic!("{other:?}"),
    }

    host.send_raw(b"GET / HTTP/1.1\n");

    assert!(host.message().is_none());
    let (status, errors, _) = host.end();
    assert_eq!(Some(3), status.code());
    assert!(errors.contains("a line is not a request"), "{errors}");
}

/// The host does not take requests without end: those beyond its queue are refused while a call runs.
#[test]
fn requests_beyond_the_queue_are_refused() {
    let environment = Environment::with_fake(
        "import time\nresolve_methods['Wait'] = lambda: (print('begun'), time.sleep(600))\n",
    );
    let mut host = environment.start();
    host.send(Op::Call(MethodCall::new(Locator::Resolve, "Wait", [])));
    host.wait_for("begun");
    for _ in 0..65 {
        host.send(Op::Connect);
    }

    let refused = host.message();

    match refused {
        Some(HostMessage::Reply(reply)) => {
            let Outcome::Fault(fault) = reply.outcome else { panic!("{reply:?}") };
            assert!(fault.to_string().contains("64 requests waiting"), "{fault}");
        }
        other => panic!("{other:?}"),
    }
}

/// The host and its reply pipe end together, so that a parent that waits for either is not left hanging.
#[test]
fn the_reply_pipe_ends_with_the_host() {
    let mut host: Host = Environment::with_fake("").start();

    host.end();

    assert!(host.message().is_none());
}
