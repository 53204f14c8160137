//! What scripts and native code print must never reach the wire.

use crate::harness::Environment;
use resolve_api::{Locator, Value};

/// A megabyte on both outputs of Python and on the bare descriptors, during a call: the reply is one clean
/// line, and all of it is on standard error.
#[test]
fn whatever_is_printed_goes_to_standard_error() {
    let environment = Environment::with_fake(
        r#"
import os, sys

def noise():
    print("o" * 1_000_000)
    print("e" * 1_000_000, file=sys.stderr)
    os.write(1, b'{"reply":{"id":1}}\n')
    os.system("echo from a child process")
    return "quiet"

resolve_methods["Noise"] = noise
"#,
    );
    let mut host = environment.start();

    assert_eq!(Value::from("quiet"), host.call(Locator::Resolve, "Noise", []));

    assert_eq!(Value::from("edit"), host.call(Locator::Resolve, "GetCurrentPage", []));
    let (_, errors, _) = host.end();
    assert_eq!(1_000_000, errors.matches('o').count() - "from a child process".matches('o').count());
    assert!(errors.matches('e').count() >= 1_000_000);
    assert!(errors.contains(r#"{"reply":{"id":1}}"#));
    assert!(errors.contains("from a child process"));
}

/// A script that reads standard input gets its end, not the next request.
#[test]
fn nothing_can_read_the_requests() {
    let environment = Environment::with_fake(
        "import sys, os\nresolve_methods['Steal'] = lambda: [sys.stdin.read(), os.read(0, 100).decode()]\n",
    );
    let mut host = environment.start();

    let expected = Value::List(vec!["".into(), "".into()]);
    assert_eq!(expected, host.call(Locator::Resolve, "Steal", []));
}

/// The pipes of the wire are not open in worker processes: one that outlives the host must not hold them.
#[test]
fn a_worker_process_does_not_inherit_the_pipes() {
    let environment = Environment::with_fake(
        r#"
import subprocess

resolve_methods["Linger"] = lambda: (
    subprocess.Popen(["sleep", "300"], stdin=-3, stdout=-3, stderr=-3, close_fds=False).pid
)
"#,
    );
    let mut host = environment.start();
    let worker = host.call(Locator::Resolve, "Linger", []).as_int().unwrap();

    let (status, _, _) = host.end();
    let end = host.message();

    let killed = std::process::Command::new("kill").arg(worker.to_string()).status().unwrap();
    assert!(killed.success(), "the worker outlived the host");
    assert!(status.success());
    assert_eq!(None, end, "the reply pipe has ended, though the worker lives");
}
