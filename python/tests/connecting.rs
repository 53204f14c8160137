//! Finding an installed Resolve and connecting to it: each step that can fail says which it was and what to do.

use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use crate::harness::{Environment, FAKE, Host, host_command};
use resolve_api::wire::{Connection, Outcome};
use resolve_api::{Key, Locator, Value};
use tempfile::TempDir;

/// Loads the "library" that the environment names and leaves it in its own place, as Resolve's module does.
const MODULE: &str = r#"
import importlib.machinery, importlib.util, os, sys

loader = importlib.machinery.SourceFileLoader("fusionscript", os.environ["RESOLVE_SCRIPT_LIB"])
module = importlib.util.module_from_spec(importlib.util.spec_from_loader("fusionscript", loader))
loader.exec_module(module)
sys.modules[__name__] = module
"#;

/// A made-up installation; its library is text in Python.
#[derive(Clone)]
struct Installation {
    folder: Rc<TempDir>,
}

impl Installation {
    fn new(module: Option<&str>, library: Option<&str>) -> Self {
        let installation = Self { folder: Rc::new(tempfile::tempdir().unwrap()) };
        for (path, text) in [(installation.module(), module), (installation.library(), library)] {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            if let Some(text) = text {
                fs::write(path, text).unwrap();
            }
        }
        installation
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn module(&self) -> PathBuf {
        self.path().join("Developer/Scripting/Modules/DaVinciResolveScript.py")
    }

    fn library(&self) -> PathBuf {
        self.path().join("libs/Fusion/fusionscript.so")
    }

    /// A host on this installation, in an environment whose own module of that name must never be taken.
    fn start(&self) -> Host {
        let decoy =
            Environment::with_module("DaVinciResolveScript", "raise RuntimeError('the decoy was taken')\n");
        let mut command = host_command("resolve");
        command.arg("--install").arg(self.path()).arg("--python").arg(decoy.python());
        // The library of another installation, which an explicit one must win over.
        command.env("RESOLVE_SCRIPT_LIB", "/nowhere/fusionscript.so");
        Host::start(&mut command).keep((decoy, self.clone()))
    }
}

/// The whole way on a complete tree: found, loaded, connected, called.
#[test]
fn a_complete_installation_answers() {
    let installation = Installation::new(Some(MODULE), Some(FAKE));
    let mut host = installation.start();

    let about = Connection { product: "DaVinci Resolve Studio".into(), version: "21.1.0.14".into() };
    assert_eq!(Outcome::Connected(about), host.connect());
    assert_eq!(Value::from("Cut 1"), host.call(Locator::Timeline(Key::Current), "GetName", []));
}

/// The variables that Resolve's own text names lead to it as well.
#[test]
fn the_variables_lead_to_the_installation() {
    let installation = Installation::new(Some(MODULE), Some(FAKE));
    let mut command = host_command("resolve");
    command.env("RESOLVE_SCRIPT_API", installation.path().join("Developer/Scripting"));
    command.env("RESOLVE_SCRIPT_LIB", installation.library());

    assert!(matches!(Host::start(&mut command).connect(), Outcome::Connected(_)));
}

/// The headless engine can stand behind an installation: what people with a real Resolve run is then
/// exercised to the end.
#[test]
fn an_installation_can_hand_out_the_engine() {
    let source = format!(
        "import sys\nsys.path.insert(0, {:?})\nfrom resolve_engine.fusionscript import scriptapp\n",
        env!("CARGO_MANIFEST_DIR")
    );
    let installation = Installation::new(Some(MODULE), Some(&source));
    let environment = Environment::new();
    let mut command = host_command("resolve");
    command.arg("--install").arg(installation.path()).arg("--python").arg(environment.python());
    command.env("RESOLVE_ENGINE_HOME", installation.path().join("home"));
    let mut host = Host::start(&mut command);

    assert!(matches!(host.connect(), Outcome::Connected(_)));
    let made = host.call(Locator::ProjectManager, "CreateProject", ["Ünï".into()]);
    assert_eq!(Value::object(Locator::Project), made);
    assert_eq!(Value::from("Ünï"), host.call(Locator::Project, "GetName", []));
}

/// A tree without the module, and one without the library: the missing file is named, with what to do.
#[test]
fn an_incomplete_installation_names_the_missing_part() {
    for (installation, missing) in [
        (Installation::new(None, Some(FAKE)), "DaVinciResolveScript.py"),
        (Installation::new(Some(MODULE), None), "fusionscript.so"),
    ] {
        let reason = installation.start().refusal();

        assert!(reason.contains(missing) && reason.contains("--install"), "{reason}");
        assert!(reason.contains(installation.path().to_str().unwrap()), "{reason}");
    }
}

/// A library of another Python: its text, the version that runs here, and the option that changes it.
#[test]
fn a_library_of_another_python_is_told() {
    let library = "raise ImportError('Module use of python36.dll conflicts with this version of Python.')\n";
    let mut host = Installation::new(Some(MODULE), Some(library)).start();

    let reason = host.refusal();

    for part in
        ["ImportError: Module use of python36.dll", &format!("Python {}", host.hello.python), "--python"]
    {
        assert!(reason.contains(part), "{part}: {reason}");
    }
}

/// Modules that end the program, or are no Python at all, are failed steps like any other.
#[test]
fn a_module_that_fails_in_its_own_way_is_told() {
    for (module, part) in [
        ("import sys\nsys.exit('no Resolve here')\n", "SystemExit: no Resolve here"),
        ("def :\n", "SyntaxError"),
        ("x = 1\n", "has no attribute 'scriptapp'"),
        ("def scriptapp(name):\n    raise OSError('the socket is gone')\n", "OSError: the socket is gone"),
    ] {
        let mut host = Installation::new(Some(module), Some("")).start();

        let reason = host.refusal();

        assert!(reason.contains(part), "{part}: {reason}");
    }
}

/// A library that kills the process at import, as a wrong one does on Windows: the parent sees the end of
/// the pipe, and standard error names the line.
#[test]
fn a_library_that_crashes_ends_the_host() {
    let mut host = Installation::new(Some(MODULE), Some("import os\nos.abort()\n")).start();

    assert!(host.ask(resolve_api::wire::Op::Connect).is_none());

    let (status, errors, _) = host.end();
    assert!(!status.success());
    assert!(errors.contains("fusionscript.so\", line 2"), "{errors}");
}

/// Resolve does not run, or lets nobody in: the sentence names the preference. When it runs, the next
/// request connects.
#[test]
fn a_resolve_that_does_not_run_is_asked_again_at_the_next_request() {
    let gate = tempfile::tempdir().unwrap();
    let running = gate.path().join("running");
    // The module asks the disk whether Resolve runs, as the real one asks a socket.
    let library = format!(
        "{FAKE}\nimport os\n_answer = scriptapp\ndef scriptapp(name):\n    world.running = os.path.exists({running:?})\n    return _answer(name)\n"
    );
    let mut host = Installation::new(Some(MODULE), Some(&library)).start();

    let reason = host.refusal();

    assert!(reason.contains("not running") && reason.contains("External scripting using"), "{reason}");
    fs::write(&running, "").unwrap();
    assert!(matches!(host.connect(), Outcome::Connected(_)));
    assert_eq!(Value::from("edit"), host.call(Locator::Resolve, "GetCurrentPage", []));
}

/// A Resolve that is still starting hands out an object that answers nothing; that is no connection.
#[test]
fn an_object_that_answers_nothing_is_no_connection() {
    let library = format!("{FAKE}\nresolve_methods['GetVersionString'] = lambda: None\n");
    let mut host = Installation::new(Some(MODULE), Some(&library)).start();

    let reason = host.refusal();

    assert!(reason.contains("GetVersionString did not answer with text"), "{reason}");
}
