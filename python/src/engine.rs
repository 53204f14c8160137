//! What the headless engine says beside Resolve's API: why a call failed, and what it does not do.

use pyo3::call::PyCallArgs;
use pyo3::exceptions::PyModuleNotFoundError;
use pyo3::prelude::*;
use resolve_api::Fault;

use crate::connect::describe;

/// Why the engine does not do this method, where it does not.
pub(crate) fn unsupported(py: Python<'_>, class: &str, method: &str) -> Result<Option<String>, Fault> {
    ask(py, "resolve_engine.unsupported", "reason", (class, method))
}

/// Why the last call of the engine's API failed, where it did. The next call clears it.
pub(crate) fn last_failure(py: Python<'_>) -> Result<Option<String>, Fault> {
    ask(py, "resolve_engine.failure", "last", ())
}

/// Calls a function of the engine's. A scripting module that is not our engine's has none.
fn ask<'py>(
    py: Python<'py>,
    module: &str,
    function: &str,
    args: impl PyCallArgs<'py>,
) -> Result<Option<String>, Fault> {
    let answer = match py.import(module) {
        Ok(module) => module.getattr(function).and_then(|function| function.call1(args)),
        Err(error) if error.is_instance_of::<PyModuleNotFoundError>(py) => return Ok(None),
        Err(error) => Err(error),
    };
    answer.and_then(|answer| answer.extract::<Option<String>>()).map_err(|error| {
        let (exception, message) = describe(py, &error);
        Fault::Raised { method: format!("{module}.{function}"), exception, message }
    })
}
