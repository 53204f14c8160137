//! How long calls of each long method took, so that the next one can tell how far it is.

use rusqlite::params;

use super::{Journal, JournalError};
use crate::config::Backend;
use crate::limits::PACE_CALLS;
use crate::pace::Took;

/// `answerer` is the backend: what the engine takes for something says nothing of Resolve.
pub(super) const TABLE: &str = "
CREATE TABLE IF NOT EXISTS pace (
    id       INTEGER PRIMARY KEY,
    method   TEXT NOT NULL,
    answerer TEXT NOT NULL,
    took_s   REAL NOT NULL,
    extent   REAL
);
CREATE INDEX IF NOT EXISTS pace_of_method ON pace (method, answerer, id);
";

impl Journal {
    /// Keeps what a call of a method took, in the place of the oldest of [`PACE_CALLS`].
    ///
    /// # Errors
    /// The file cannot be written.
    pub(super) fn took(&self, method: &str, by: Backend, took: Took) -> Result<(), JournalError> {
        let by = by.as_str();
        self.noted(self.with("written", |file| {
            file.execute(
                "INSERT INTO pace (method, answerer, took_s, extent) VALUES (?1, ?2, ?3, ?4)",
                params![method, by, took.seconds, took.extent],
            )?;
            let oldest = "DELETE FROM pace WHERE method = ?1 AND answerer = ?2 AND id <= \
                          (SELECT id FROM pace WHERE method = ?1 AND answerer = ?2 ORDER BY id DESC LIMIT 1 OFFSET ?3)";
            file.execute(oldest, params![method, by, PACE_CALLS])
        }))
        .map(drop)
    }

    /// What the latest calls of a method took, the newest first.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(super) fn earlier(&self, method: &str, by: Backend) -> Result<Vec<Took>, JournalError> {
        self.read(|file| {
            let mut select = file.prepare(
                "SELECT took_s, extent FROM pace WHERE method = ?1 AND answerer = ?2 ORDER BY id DESC",
            )?;
            let rows = select.query_map(params![method, by.as_str()], |row| {
                Ok(Took { seconds: row.get(0)?, extent: row.get(1)? })
            })?;
            rows.collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Only the latest calls count, and those of another backend or method not at all.
    #[test]
    fn the_latest_calls_of_a_method_are_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let journal = Journal::at(folder.path().join("journal.db"), |_| "other");
        let took = |seconds: f64| Took { seconds, extent: Some(1.0) };

        for number in 0..PACE_CALLS + 3 {
            journal
                .took("Timeline.DetectSceneCuts", Backend::Engine, took(f64::from(number)))
                .expect("written");
        }
        journal.took("Timeline.DetectSceneCuts", Backend::Resolve, took(100.0)).expect("written");

        let kept = journal.earlier("Timeline.DetectSceneCuts", Backend::Engine).expect("read");
        let expected: Vec<Took> = (3..PACE_CALLS + 3).rev().map(|number| took(f64::from(number))).collect();
        assert_eq!(expected, kept);
        assert_eq!(
            Vec::<Took>::new(),
            journal.earlier("TimelineItem.Stabilize", Backend::Engine).expect("read")
        );
    }
}
