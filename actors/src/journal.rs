//! The journal: every call that changed something, by whom, with what it was asked and what was observed.
//!
//! A row is written before the call starts and completed when its answer is known, so that a kill at any moment
//! leaves at most a row that says it does not know. The rows lie in SQLite, in the folder of this server's own state,
//! and several servers may write to one file.

mod entry;
mod jobs;
mod note;
mod pace;
mod queued;
mod store;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;
use serde_json::Value as Json;

use crate::error::CallError;
use crate::undo::Copied;

pub use entry::{Asked, Ending, Entry, Outcome, Undoable, Which};
pub use jobs::{CALL, Job, is_final};
pub use note::Noted;
pub(crate) use note::{Correction, Note, Seen};

/// Entries that are kept; the oldest go first. A day of steady work makes some thousand.
pub const MOST_ENTRIES: u32 = 20_000;

/// Bytes of the arguments, and of what was observed, that an entry holds; a larger one is kept as its size alone.
/// With [`MOST_ENTRIES`] it bounds the file at 640 MB, which no real use comes near: an edit has some hundred bytes.
pub const MOST_BYTES: usize = 16 << 10;

/// Bytes of what takes a call back: the copy of a timeline of 2,000 items, with what stood on it before and after, has three
/// quarters of it. With [`crate::undo::MOST_COPIES`] kept, those of a project stay below 20 MB.
pub const MOST_STEP_BYTES: usize = 1 << 20;

/// Entries that are read at once.
pub const MOST_LISTED: u32 = 200;

/// Why the journal could not be read or written; its text is one lowercase sentence.
#[derive(Debug, thiserror::Error)]
#[error("the journal {path} cannot be {verb}: {reason}")]
pub struct JournalError {
    path: String,
    verb: &'static str,
    reason: String,
}

/// The journal of this server, which is opened with its first use.
pub struct Journal {
    path: PathBuf,
    /// The stable name of a way to fail; the surface has the one table of them.
    code: fn(&CallError) -> &'static str,
    open: Mutex<Option<Connection>>,
    /// Why the last write failed; none after one that went well.
    failure: Mutex<Option<String>>,
    /// Whether an undo has kept a copy of a timeline since [`Journal::spent_copies`] was asked.
    has_new_copies: AtomicBool,
}

impl Journal {
    /// A journal in a file, which is made when something is to be written. `code` names each way to fail.
    pub fn at(path: impl Into<PathBuf>, code: fn(&CallError) -> &'static str) -> Self {
        Self {
            path: path.into(),
            code,
            open: Mutex::default(),
            failure: Mutex::default(),
            has_new_copies: AtomicBool::new(false),
        }
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Why the last write failed, if it did: calls go on without their entry, and this says so.
    pub fn failure(&self) -> Option<String> {
        lock(&self.failure).clone()
    }

    /// Notes a call before it starts; the number of its entry.
    ///
    /// # Errors
    /// The file cannot be written; [`Journal::failure`] says so from then on.
    pub fn begin(&self, asked: &Asked) -> Result<i64, JournalError> {
        self.noted(self.with("written", |file| store::begin(file, asked)))
    }

    /// Notes how a call ended.
    ///
    /// # Errors
    /// As [`Journal::begin`].
    pub fn end(&self, id: i64, ending: &Ending) -> Result<(), JournalError> {
        if ending.record.steps.iter().any(|step| step.copied.is_some()) {
            self.has_new_copies.store(true, Ordering::Relaxed);
        }
        self.noted(self.with("written", |file| store::end(file, id, ending)))
    }

    /// Notes what became known of a call after its caller was answered; an entry that says how it ended stays.
    ///
    /// # Errors
    /// As [`Journal::begin`].
    pub fn correct(&self, id: i64, ending: &Ending) -> Result<(), JournalError> {
        self.noted(self.with("written", |file| store::correct(file, id, ending)))
    }

    /// Entries, the newest first; empty where nothing was written yet.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn list(&self, which: &Which) -> Result<Vec<Entry>, JournalError> {
        self.read(|file| store::list(file, which))
    }

    /// How many entries there are of those that `which` means, whatever its limit.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn count(&self, which: &Which) -> Result<i64, JournalError> {
        self.read(|file| store::count(file, which))
    }

    /// Gives `take` every entry that is meant, the oldest first and whatever the limit, until it answers false.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn each(&self, which: &Which, take: &mut dyn FnMut(Entry) -> bool) -> Result<(), JournalError> {
        self.read(|file| store::each(file, which, take))
    }

    /// The newest entries of a session that left something behind and were not taken back, at most `most`.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn undoable(&self, session: &str, most: u32) -> Result<Vec<Undoable>, JournalError> {
        self.read(|file| store::undoable(file, session, most))
    }

    /// The newest entries of a session that took others back and can be put back themselves, at most `most`: none once
    /// something else was changed after them.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn redoable(&self, session: &str, most: u32) -> Result<Vec<Undoable>, JournalError> {
        self.read(|file| store::redoable(file, session, most))
    }

    /// The copies of timelines that entries of a project keep, with the entry, the newest first.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn copies(&self, project: &str) -> Result<Vec<(i64, Copied)>, JournalError> {
        self.read(|file| store::copies(file, project))
    }

    /// Those of entries that took others back and that nothing can put back any more: something else was changed since.
    /// Asked again without a new one in between, it answers none.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn spent_copies(&self, project: &str) -> Result<Vec<(i64, Copied)>, JournalError> {
        if !self.has_new_copies.swap(false, Ordering::Relaxed) {
            return Ok(Vec::new());
        }
        self.read(|file| store::spent_copies(file, project))
    }

    /// Notes that the copies of timelines of an entry are gone, and why, so that nothing takes back what they stood for.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn drop_copies(&self, id: i64, why: &str) -> Result<(), JournalError> {
        self.noted(self.with("written", |file| store::drop_copies(file, id, why)))
    }

    /// Puts the present ids of objects in place of earlier ones in what takes the entries of a session before this one back.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn renamed(&self, session: &str, before: i64, ids: &[(&str, &str)]) -> Result<(), JournalError> {
        self.noted(self.with("written", |file| store::renamed(file, session, before, ids)))
    }

    /// Notes whether an entry is taken back.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn undone(&self, id: i64, is: bool) -> Result<(), JournalError> {
        self.noted(self.with("written", |file| store::undone(file, id, is)))
    }

    /// What a look at the file tells; nothing where there is none yet.
    fn read<T: Default>(
        &self,
        look: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, JournalError> {
        if self.path.exists() { self.with("read", look) } else { Ok(T::default()) }
    }

    fn noted<T>(&self, written: Result<T, JournalError>) -> Result<T, JournalError> {
        *lock(&self.failure) = written.as_ref().err().map(ToString::to_string);
        written
    }

    fn with<T>(
        &self,
        verb: &'static str,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, JournalError> {
        let failed = |reason: String| JournalError { path: self.path.display().to_string(), verb, reason };
        let mut open = lock(&self.open);
        let file = match open.take() {
            Some(file) => file,
            None => {
                if let Some(folder) = self.path.parent() {
                    make_private(folder).map_err(|error| failed(error.to_string()))?;
                }
                store::open(&self.path).map_err(|error| failed(error.to_string()))?
            }
        };
        // After a failure it is opened anew: a disk that was full, or a file that was removed, may be well again.
        let done = work(&file).map_err(|error| failed(error.to_string()))?;
        *open = Some(file);
        Ok(done)
    }
}

/// Makes a folder for this user alone: arguments name people's files and projects.
fn make_private(folder: &Path) -> std::io::Result<()> {
    let mut maker = std::fs::DirBuilder::new();
    maker.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut maker, 0o700);
    maker.create(folder)
}

/// JSON as an entry keeps it: whole, or its size where it is too large.
fn kept(json: &Json) -> String {
    let text = json.to_string();
    if text.len() <= MOST_BYTES { text } else { format!("{{\"bytes\":{}}}", text.len()) }
}

/// A lock whose last holder panicked guards data that are whole all the same.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
