//! Whether the server that a session belongs to still runs: it keeps a lock that the system frees when it ends.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

/// The folder of the locks, beside the journal.
const FOLDER: &str = "sessions";

fn path(state: &Path, session: &str) -> PathBuf {
    state.join(FOLDER).join(format!("{session}.lock"))
}

/// Takes the lock of a session for as long as the file stays open. Without one its calls count as cut off for others.
pub(super) fn hold(state: &Path, session: &str) -> Option<File> {
    let taken = || -> std::io::Result<File> {
        std::fs::create_dir_all(state.join(FOLDER))?;
        let file = File::create(path(state, session))?;
        file.lock()?;
        Ok(file)
    };
    taken().inspect_err(|error| tracing::warn!("the lock of this session cannot be taken: {error}")).ok()
}

/// Whether somebody holds it. What an ended session left behind is removed.
pub(super) fn is_held(state: &Path, session: &str) -> bool {
    let path = path(state, session);
    let Ok(file) = File::open(&path) else { return false };
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => true,
        Err(TryLockError::Error(_)) => false,
        Ok(()) => {
            // Somebody else may have removed it first.
            drop(std::fs::remove_file(path));
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A session is alive as long as its server, and no longer.
    #[test]
    fn a_session_lives_as_long_as_its_lock() {
        let state = tempfile::tempdir().expect("a folder");
        assert!(!is_held(state.path(), "one"));
        let held = hold(state.path(), "one").expect("taken");
        assert!(is_held(state.path(), "one"));
        drop(held);
        assert!(!is_held(state.path(), "one"));
        assert!(!path(state.path(), "one").exists());
    }
}
