//! Which backend answers, how it was chosen, and where its data are.

use std::path::Path;
use std::process::Command;

use serde_json::json;

use crate::client::{Start, host_program, python};

/// Writes an installation of Resolve below `root` whose scripting module hands out what `module` says.
pub fn install(root: &Path, module: &str) {
    let modules = root.join("Developer/Scripting/Modules");
    let library = root.join("libs/Fusion");
    std::fs::create_dir_all(&modules).expect("a temporary folder");
    std::fs::create_dir_all(&library).expect("a temporary folder");
    std::fs::write(modules.join("DaVinciResolveScript.py"), module).expect("a temporary file");
    std::fs::write(library.join("fusionscript.so"), "not a library").expect("a temporary file");
}

/// The code that people with a real Resolve run, on an installation whose module hands out an engine.
#[test]
fn an_installation_answers_as_resolve() {
    host_program();
    let root = tempfile::tempdir().expect("a temporary folder");
    install(root.path(), "from resolve_engine.fusionscript import scriptapp\n");
    let mut client = Start::bare()
        .arg("--python")
        .arg(python())
        .arg("--install")
        .arg(root.path())
        .engine_data()
        .initialized();

    assert_eq!(
        json!({"value": "media"}),
        client.call("api_call", json!({"method": "Resolve.GetCurrentPage"}))
    );
    let status = client.call("status", json!({}));
    assert_eq!("resolve", status["backend"]);
    assert_eq!(true, status["connected"]);
    assert!(status["backend_because"].as_str().unwrap().contains("an installation was named"), "{status}");
}

/// A module that fails at import costs the call, with its reason; another backend never takes over.
#[test]
fn an_installation_that_fails_is_said_and_not_replaced() {
    host_program();
    let root = tempfile::tempdir().expect("a temporary folder");
    install(root.path(), "raise OSError('fusionscript.so: wrong ELF class')\n");
    let mut client =
        Start::bare().arg("--python").arg(python()).arg("--install").arg(root.path()).initialized();

    let failure = client.fails("api_call", json!({"method": "Resolve.GetCurrentPage"}));
    assert_eq!("not_connected", failure["code"], "{failure}");
    assert!(failure["message"].as_str().unwrap().contains("wrong ELF class"), "{failure}");
    let status = client.call("status", json!({}));
    assert_eq!(
        ("resolve", false),
        (status["backend"].as_str().unwrap(), status["connected"].as_bool().unwrap())
    );
    assert!(status["next_step"].as_str().unwrap().contains("External scripting"), "{status}");
}

/// Where nothing is installed the engine is chosen, and said to be.
#[test]
fn without_an_installation_it_is_the_engine() {
    let mut client = Start::bare().arg("--host").arg("/no/such/host").no_resolve().initialized();

    let status = client.call("status", json!({}));
    assert_eq!("engine", status["backend"]);
    assert!(status["backend_because"].as_str().unwrap().contains("no DaVinci Resolve was found"), "{status}");
}

/// A plain script and the server find the same projects: both take the same folder by default.
#[test]
fn the_default_home_is_the_engines_own() {
    let data = tempfile::tempdir().expect("a temporary folder");
    let mut client = Start::bare()
        .arg("--backend")
        .arg("engine")
        .arg("--host")
        .arg("/no/such/host")
        .default_home(data.path())
        .initialized();
    let said = client.call("status", json!({}))["engine_home"].clone();

    let output = Command::new(python())
        .args(["-c", "from resolve_engine.store.home import home; print(home())"])
        .env("HOME", data.path())
        .env_remove("XDG_DATA_HOME")
        .env_remove("RESOLVE_ENGINE_HOME")
        .output()
        .expect("the Python of the virtual environment runs");
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), said);
}
