//! Starts Python inside this process as if the interpreter of a virtual environment had been started.

use std::ffi::{CStr, CString};
use std::mem::MaybeUninit;
use std::path::{Path, PathBuf};

use pyo3::prelude::*;
use pyo3::{Python, ffi};

/// Why Python did not start. Nothing of Resolve has been touched then.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// `--python` names something that is not a file.
    #[error("there is no Python interpreter at {0}: give --python the bin/python of a virtual environment")]
    NoInterpreter(PathBuf),
    /// The virtual environment is one of another Python than the library this program is linked with.
    #[error(
        "the virtual environment of {python} has Python {found}, but this host is built for Python {built}: \
         make the environment with Python {built}, or build the host with PYO3_PYTHON={python}"
    )]
    OtherVersion {
        /// What `--python` named.
        python: String,
        /// Version of the environment, such as `3.12`.
        found: String,
        /// Version of the linked library.
        built: String,
    },
    /// A path that cannot be handed to C.
    #[error("the path {0:?} of the Python interpreter holds a zero byte")]
    ZeroByte(PathBuf),
    /// Python itself said no.
    #[error("python did not start: {step}: {message}")]
    Python {
        /// The failed step.
        step: &'static str,
        /// Python's own words.
        message: String,
    },
}

/// Starts Python on the calling thread, which becomes Python's main thread and must stay the one that calls
/// Resolve. It does nothing if Python already runs.
///
/// `python` is the `bin/python` of a virtual environment: `sys.executable` is that path (worker processes are
/// started with it) and its site-packages can be imported. Without it, the plain installation that the
/// linked library belongs to. Environment variables such as `PYTHONPATH` and the user's own site folder are
/// left out: they often belong to another Python.
///
/// # Errors
/// When the path does not lead to an environment of the linked version, or Python does not start.
pub fn start(python: Option<&Path>) -> Result<(), StartError> {
    if let Some(python) = python {
        check(python)?;
    }
    // SAFETY: has no preconditions.
    if unsafe { ffi::Py_IsInitialized() } != 0 {
        return Ok(());
    }
    initialize(python)?;
    // The one place where text leaves Python for a log must not fail on a lone surrogate; everything else of
    // the start is Python's own.
    Python::attach(
        |py| tracing::info!(python = Python::version_str(), executable = %executable(py), "python runs"),
    );
    Ok(())
}

/// `sys.executable`, for logs and messages.
pub fn executable(py: Python<'_>) -> String {
    py.import("sys")
        .and_then(|sys| sys.getattr("executable"))
        .map_or_else(|_| "python".to_owned(), |path| path.to_string())
}

/// The version of the linked library, such as `3.11`.
fn built_version() -> String {
    // `Py_GetVersion` may be called before Python runs.
    let full = Python::version_str();
    full.split(['.', '+']).take(2).collect::<Vec<_>>().join(".")
}

/// Refuses an interpreter that is missing or of another version, before Python aborts on it.
fn check(python: &Path) -> Result<(), StartError> {
    if !python.is_file() {
        return Err(StartError::NoInterpreter(python.to_owned()));
    }
    let built = built_version();
    match environment_version(python) {
        Some(found) if found != built => {
            Err(StartError::OtherVersion { python: python.display().to_string(), found, built })
        }
        _ => Ok(()),
    }
}

/// `3.11` from the `pyvenv.cfg` beside or above the interpreter; `None` where there is no such file or line.
fn environment_version(python: &Path) -> Option<String> {
    let folder = python.parent()?;
    let text = [folder.join("pyvenv.cfg"), folder.parent()?.join("pyvenv.cfg")]
        .iter()
        .find_map(|path| std::fs::read_to_string(path).ok())?;
    let version = text.lines().find_map(|line| {
        let (key, value) = line.split_once('=')?;
        matches!(key.trim(), "version" | "version_info").then(|| value.trim().to_owned())
    })?;
    Some(version.split('.').take(2).collect::<Vec<_>>().join("."))
}

/// The start itself, through Python's own configuration, so that its path search finds `pyvenv.cfg`.
fn initialize(python: Option<&Path>) -> Result<(), StartError> {
    let program = match python {
        Some(path) => Some(
            CString::new(path.as_os_str().as_encoded_bytes())
                .map_err(|_| StartError::ZeroByte(path.to_owned()))?,
        ),
        None => None,
    };

    let mut preconfig = MaybeUninit::<ffi::PyPreConfig>::uninit();
    // SAFETY: the call fills in the whole struct that it is given.
    let preconfig = unsafe {
        ffi::PyPreConfig_InitIsolatedConfig(preconfig.as_mut_ptr());
        preconfig.assume_init_mut()
    };
    // File names and text are UTF-8 whatever the locale of the program that started the server.
    preconfig.utf8_mode = 1;
    // SAFETY: the struct is initialised and outlives the call; Python does not run yet.
    status("preparing", unsafe { ffi::Py_PreInitialize(preconfig) })?;

    let mut config = MaybeUninit::<ffi::PyConfig>::uninit();
    // SAFETY: the call fills in the whole struct that it is given.
    let config = unsafe {
        ffi::PyConfig_InitIsolatedConfig(config.as_mut_ptr());
        config.assume_init_mut()
    };
    // What scripts print must reach the log even if the process dies a moment later.
    config.buffered_stdio = 0;
    // A crash inside a native module then names the Python line on standard error.
    config.faulthandler = 1;
    let result = configure(config, program.as_deref()).and_then(|()| {
        // SAFETY: the struct is initialised and outlives the call.
        status("starting", unsafe { ffi::Py_InitializeFromConfig(config) })
    });
    // SAFETY: the struct was initialised by Python and is not used again.
    unsafe { ffi::PyConfig_Clear(config) };
    result?;
    // SAFETY: this thread holds the interpreter since the start; it is given back, and `Python::attach`
    // takes it again. The saved state belongs to this thread, where Python finds it by itself.
    unsafe { ffi::PyEval_SaveThread() };
    Ok(())
}

/// The program's name and arguments as Python sees them.
fn configure(config: &mut ffi::PyConfig, program: Option<&CStr>) -> Result<(), StartError> {
    let name = c"resolve-python";
    let mut arguments = [name.as_ptr()];
    // SAFETY: the array holds one C string with the life of the program; Python copies it.
    status("arguments", unsafe { ffi::PyConfig_SetBytesArgv(config, 1, arguments.as_mut_ptr()) })?;
    let Some(program) = program else { return Ok(()) };
    let place = &raw mut config.program_name;
    // SAFETY: the place is a field of `config`, and Python copies the string.
    status("interpreter path", unsafe { ffi::PyConfig_SetBytesString(config, place, program.as_ptr()) })?;
    let place = &raw mut config.executable;
    // SAFETY: as above.
    status("executable path", unsafe { ffi::PyConfig_SetBytesString(config, place, program.as_ptr()) })
}

/// A failed step of Python's start as an error.
fn status(step: &'static str, status: ffi::PyStatus) -> Result<(), StartError> {
    // SAFETY: the status was returned by Python.
    if unsafe { ffi::PyStatus_Exception(status) } == 0 {
        return Ok(());
    }
    let message = if status.err_msg.is_null() {
        format!("it asked to exit with status {}", status.exitcode)
    } else {
        // SAFETY: Python's message is a C string with the life of the program.
        unsafe { CStr::from_ptr(status.err_msg) }.to_string_lossy().into_owned()
    };
    Err(StartError::Python { step, message })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A path without a file is refused with the path in the sentence, before Python aborts the process on it.
    #[test]
    fn a_missing_interpreter_is_named() {
        let error = check(Path::new("/nowhere/bin/python")).unwrap_err();

        assert!(error.to_string().contains("/nowhere/bin/python"), "{error}");
    }

    /// An environment of another Python is refused with both versions: its native modules could not load.
    #[test]
    fn an_environment_of_another_version_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let python = folder.path().join("bin/python");
        std::fs::create_dir(folder.path().join("bin")).unwrap();
        std::fs::write(&python, "").unwrap();
        std::fs::write(folder.path().join("pyvenv.cfg"), "home = /usr/bin\nversion = 2.7.18\n").unwrap();

        let error = check(&python).unwrap_err().to_string();

        assert!(error.contains("has Python 2.7"), "{error}");
        assert!(error.contains(&built_version()), "{error}");
    }
}
