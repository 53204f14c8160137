//! Makes the scripting module of an installed Resolve importable, in front of any other of that name.

use std::path::Path;

use pyo3::prelude::*;
use resolve_api::installation::find_here;

use crate::connect::{sentence, set_environment};

/// Finds the installation (`install` where one is named) and prepares Python for it: `RESOLVE_SCRIPT_API` and
/// `RESOLVE_SCRIPT_LIB` name its parts, and its modules come first on `sys.path`. An engine in the same
/// environment brings a module of the same name, which must never answer for Resolve.
///
/// # Errors
/// A sentence that names the step that failed, where was looked, and what to do.
pub(crate) fn prepare(py: Python<'_>, install: Option<&Path>) -> Result<(), String> {
    let found = find_here(install).map_err(|error| {
        let places =
            error.looked_at.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ");
        format!("{error} (looked at {places}); {}", error.fix)
    })?;
    tracing::info!(
        modules = %found.modules_dir.display(),
        module_by = found.found_by.module,
        library = %found.library.display(),
        library_by = found.found_by.library,
        "an installation was found"
    );
    if let Some(api) = found.modules_dir.parent() {
        set_environment(py, "RESOLVE_SCRIPT_API", api)?;
    }
    set_environment(py, "RESOLVE_SCRIPT_LIB", &found.library)?;
    put_first(py, &found.modules_dir).map_err(|error| {
        format!("putting {} on sys.path failed with {}", found.modules_dir.display(), sentence(py, &error))
    })
}

fn put_first(py: Python<'_>, folder: &Path) -> PyResult<()> {
    let path = py.import("sys")?.getattr("path")?;
    let folder = folder.as_os_str();
    if path.contains(folder)? {
        path.call_method1("remove", (folder,))?;
    }
    path.call_method1("insert", (0, folder))?;
    Ok(())
}
