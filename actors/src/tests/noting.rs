//! A journal for the tests of the actors, and what it says of the one call in it.

use std::sync::Arc;

use serde_json::json;

use crate::journal::{Asked, Entry, Journal, Noted, Outcome, Which};
use crate::{Call, CallError};

/// A journal in a folder of its own.
pub(crate) struct Noting {
    pub(crate) journal: Arc<Journal>,
    _folder: tempfile::TempDir,
}

impl Noting {
    /// An empty one.
    pub(crate) fn fresh() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let journal = Arc::new(Journal::at(folder.path().join("journal.db"), code));
        Self { journal, _folder: folder }
    }

    /// The same call, noted there.
    pub(crate) fn noted(&self, call: Call) -> Call {
        let (session, client) = ("one".to_owned(), "tester 1".to_owned());
        let asked = Asked { session, client, tool: "tool".to_owned(), arguments: json!({}) };
        Call {
            noted: Some(Noted {
                journal: self.journal.clone(),
                asked,
                may_be_undone: true,
                copies_timelines: false,
                may_take_long: false,
            }),
            ..call
        }
    }

    /// How the one call in it ended, and with which code.
    pub(crate) fn outcome(&self) -> (Outcome, Option<&'static str>) {
        let entry = only(&self.journal);
        (entry.outcome, entry.code.map(|code| CODES.into_iter().find(|known| *known == code).expect("known")))
    }
}

/// The one entry of a journal.
pub(crate) fn only(journal: &Journal) -> Entry {
    let mut entries = journal.list(&Which::default()).expect("it can be read");
    assert_eq!(1, entries.len(), "{entries:?}");
    entries.remove(0)
}

const CODES: [&str; 5] = ["cancelled", "timed_out", "interrupted", "fault", "other"];

fn code(error: &CallError) -> &'static str {
    match error {
        CallError::Cancelled | CallError::Abandoned { .. } => "cancelled",
        CallError::TimedOut { .. } => "timed_out",
        CallError::Interrupted { .. } => "interrupted",
        CallError::Fault(_) => "fault",
        _ => "other",
    }
}
