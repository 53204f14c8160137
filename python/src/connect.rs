//! Connects to the backend: imports its scripting module and asks it for the resolve object.

use std::path::Path;

use pyo3::prelude::*;
use resolve_api::shorten::shortened;

use crate::convert::type_name;
use crate::discover;
use crate::engine;
use crate::host::{Backend, Config};
use crate::interpreter;

/// The module that both backends bring.
const MODULE: &str = "DaVinciResolveScript";

/// The longest text of an exception that is kept, in characters: enough for a sentence and a path or two.
const MAX_MESSAGE: usize = 2_000;

/// The resolve object of the backend.
///
/// # Errors
/// A sentence that names the step that failed, why, and what to do. It may be tried again later: nothing is
/// remembered of a failed attempt. A module that kills the process takes only this process with it.
pub(crate) fn scriptapp<'py>(py: Python<'py>, config: &Config) -> Result<Bound<'py, PyAny>, String> {
    match config.backend {
        Backend::Engine => {
            if let Some(home) = &config.engine_home {
                set_environment(py, "RESOLVE_ENGINE_HOME", home)?;
            }
        }
        Backend::Resolve => discover::prepare(py, config.install.as_deref())?,
    }
    let module = import(py, config.backend)?;
    let answer = module
        .getattr("scriptapp")
        .and_then(|scriptapp| scriptapp.call1(("Resolve",)))
        .map_err(|error| format!("{MODULE}.scriptapp failed with {}", sentence(py, &error)))?;
    if answer.is_none() {
        return Err(match config.backend {
            Backend::Engine => {
                let why =
                    engine::last_failure(py).ok().flatten().unwrap_or_else(|| "it gave no reason".to_owned());
                format!("the engine did not start: {why}")
            }
            Backend::Resolve => {
                "scriptapp answered None: DaVinci Resolve is not running, is still starting, or \
                does not let programs in; start it, and set Preferences > System > General > External \
                scripting using to Local (version 21.1 needs the Studio edition for this)"
                    .to_owned()
            }
        });
    }
    tracing::debug!(kind = type_name(&answer), "the scripting module handed out the resolve object");
    Ok(answer)
}

/// Imports the scripting module. Resolve's replaces itself in `sys.modules` by its native part, which
/// Python's import takes into account.
fn import(py: Python<'_>, backend: Backend) -> Result<Bound<'_, PyAny>, String> {
    py.import(MODULE).map(Bound::into_any).map_err(|error| {
        let python = interpreter::executable(py);
        let why = sentence(py, &error);
        match backend {
            Backend::Engine => format!(
                "importing {MODULE} failed with {why}; install the engine's package into the environment of \
                 {python}, or name another environment with --python"
            ),
            Backend::Resolve => format!(
                "importing {MODULE} failed with {why}; this host runs Python {}, and Resolve's library loads \
                 only into a 64-bit Python of a version that it supports: use another with --python, and see \
                 that RESOLVE_SCRIPT_API and RESOLVE_SCRIPT_LIB belong to this Resolve",
                version(py)
            ),
        }
    })
}

/// Sets a variable for Python and for native code alike.
pub(crate) fn set_environment(py: Python<'_>, name: &str, value: &Path) -> Result<(), String> {
    py.import("os")
        .and_then(|os| os.getattr("environ"))
        .and_then(|environ| environ.set_item(name, value.as_os_str()))
        .map_err(|error| format!("setting {name} failed with {}", sentence(py, &error)))
}

/// Type and text of an exception, the text bounded.
pub(crate) fn describe(py: Python<'_>, error: &PyErr) -> (String, String) {
    let exception =
        error.get_type(py).name().map_or_else(|_| "exception".to_owned(), |name| name.to_string());
    // The text of an exception is Python code of its own and may fail.
    let text = error.value(py).str().map(|text| text.to_string_lossy().into_owned());
    let message = text.unwrap_or_else(|_| "(its text cannot be read)".to_owned());
    (exception, shortened(message, MAX_MESSAGE))
}

/// An exception as part of a sentence.
pub(crate) fn sentence(py: Python<'_>, error: &PyErr) -> String {
    let (exception, message) = describe(py, error);
    if message.is_empty() { exception } else { format!("{exception}: {message}") }
}

/// Such as `3.11.7`.
pub(crate) fn version(py: Python<'_>) -> String {
    let version = py.version_info();
    format!("{}.{}.{}", version.major, version.minor, version.patch)
}
