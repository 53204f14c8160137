//! How the host starts Python: as the interpreter of the given virtual environment, and of no other.

use crate::harness::{Environment, Host, base_python, host_command};
use resolve_api::wire::WIRE_VERSION;
use resolve_api::{Locator, Value};

/// Makes the environment say something about Python.
fn asking(expression: &str) -> Environment {
    Environment::with_fake(&format!("import sys, os\nresolve_methods['Ask'] = lambda: {expression}\n"))
}

fn ask(environment: &Environment, command: &mut std::process::Command) -> Value {
    let command = command.arg("--python").arg(environment.python());
    Host::start(command).call(Locator::Resolve, "Ask", [])
}

/// The first line says which wire and which Python, before anything of Resolve is touched: here even before
/// the module that would kill the process.
#[test]
fn hello_comes_first_and_touches_nothing() {
    let environment = Environment::with_module("DaVinciResolveScript", "import os\nos.abort()\n");

    let mut host = environment.start();

    assert_eq!(WIRE_VERSION, host.hello.wire);
    assert!(host.hello.python.starts_with("3."), "{}", host.hello.python);
    assert!(host.end().0.success());
}

/// Worker processes are started with `sys.executable`; it must be the environment's interpreter, or they
/// would not find its packages.
#[test]
fn python_is_that_of_the_environment() {
    let environment = asking("[sys.executable, sys.prefix, sys.argv]");
    let expected = Value::List(vec![
        environment.python().to_str().unwrap().into(),
        environment.path().to_str().unwrap().into(),
        Value::List(vec!["resolve-python".into()]),
    ]);

    assert_eq!(expected, ask(&environment, &mut host_command("engine")));
}

/// A worker started as `[sys.executable, …]` must see the packages of the environment.
#[test]
fn a_worker_process_sees_the_packages() {
    let run = "__import__('subprocess').run([sys.executable, '-c', 'import DaVinciResolveScript as d; \
               print(d.__file__)'], capture_output=True, text=True, stdin=-3, cwd='/').stdout.strip()";
    let environment = asking(run);

    let said = ask(&environment, &mut host_command("engine"));

    let path = said.as_str().unwrap();
    assert!(path.starts_with(environment.path().to_str().unwrap()), "{path}");
}

/// Variables that point at another Python are a usual cause of start-up failures; they must not reach this one.
#[test]
fn variables_of_another_python_are_left_out() {
    let environment = asking("[p for p in sys.path if 'nowhere' in p]");
    let mut command = host_command("engine");
    command.env("PYTHONHOME", "/nowhere").env("PYTHONPATH", "/nowhere/lib").env("LC_ALL", "C");

    assert_eq!(Value::List(vec![]), ask(&environment, &mut command));
}

/// File names are UTF-8 whatever the locale, and the engine's home reaches it through the environment.
#[test]
fn the_engine_home_is_handed_on_whatever_its_letters() {
    let environment = asking("[os.environ['RESOLVE_ENGINE_HOME'], sys.getfilesystemencoding()]");
    let mut command = host_command("engine");
    command.env("LC_ALL", "C").args(["--engine-home", "/tmp/Ünï 日本"]);

    let expected = Value::List(vec!["/tmp/Ünï 日本".into(), "utf-8".into()]);
    assert_eq!(expected, ask(&environment, &mut command));
}

/// Without `--python` the linked installation runs; it has no scripting module, and the host says so.
#[test]
fn the_plain_installation_runs_and_says_what_is_missing() {
    let mut host = Host::start(&mut host_command("engine"));

    let reason = host.refusal();

    assert!(reason.contains("ModuleNotFoundError: No module named 'DaVinciResolveScript'"), "{reason}");
    assert!(reason.contains("--python"), "{reason}");
}

/// What cannot be started is said on standard error with a status of its own, and no line on the wire.
#[test]
fn an_impossible_interpreter_ends_the_host_with_a_reason() {
    let environment = Environment::new();
    std::fs::write(environment.path().join("pyvenv.cfg"), "version = 3.1.4\n").unwrap();
    for (python, why) in [
        (environment.path().join("bin/nothing"), "there is no Python interpreter at"),
        (environment.python(), "has Python 3.1, but this host is built for Python"),
    ] {
        let mut host = Host::spawn(host_command("engine").arg("--python").arg(&python));

        assert!(host.message().is_none());
        let (status, errors, _) = host.end();
        assert_eq!(Some(2), status.code());
        assert!(errors.contains(why) && errors.contains(python.to_str().unwrap()), "{errors}");
    }
}

/// The interpreter itself is as good a `--python` as that of an environment.
#[test]
fn the_base_interpreter_can_be_named() {
    let mut host = Host::start(host_command("engine").arg("--python").arg(base_python()));

    assert!(host.refusal().contains(base_python().to_str().unwrap()));
}
