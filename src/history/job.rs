//! Entries as jobs: a change that goes on after its caller was told its number, and how it ends.

use std::time::Duration;

use resolve_actors::journal::{Asked, Entry, Outcome, Which};
use serde_json::Value as Json;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{History, shown, unreadable};
use crate::error::{Code, ToolError};

/// How long one look at an entry waits for its end: the most impatient client gives up after that or later.
const WAIT: Duration = Duration::from_secs(20);

/// How often the journal is looked at meanwhile.
const POLL: Duration = Duration::from_millis(250);

/// Newest entries among which a call that has just begun is found.
const NEWEST: u32 = 100;

impl History {
    /// The number of the entry of a call that still runs.
    pub fn running(&self, asked: &Asked) -> Option<i64> {
        let which = Which { session: Some(asked.session.clone()), limit: Some(NEWEST), ..Which::default() };
        let entries = self.journal.list(&which).inspect_err(|error| tracing::error!("{error}")).ok()?;
        let open = |entry: &&Entry| entry.outcome == Outcome::Open && entry.tool == asked.tool;
        let same = entries.iter().filter(open).find(|entry| entry.arguments == asked.arguments);
        // Arguments that were too large to keep are known by their tool alone.
        same.or_else(|| entries.iter().find(open)).map(|entry| entry.id)
    }

    /// One entry with all that is known of it; waits some time for the end of one that is open.
    ///
    /// # Errors
    /// `not_found` where there is no such entry, `internal` where the file cannot be read.
    pub async fn entry(&self, id: i64, cancel: &CancellationToken) -> Result<Json, ToolError> {
        let until = Instant::now() + WAIT;
        loop {
            let which = Which { session: None, before: id.checked_add(1), limit: Some(1) };
            let found = self.journal.list(&which).map_err(unreadable)?.pop();
            let Some(entry) = found.filter(|entry| entry.id == id) else {
                let error = ToolError::new(Code::NotFound, format!("entry: the history has no entry {id}"));
                return Err(error.at("entry").with_hint("history without entry lists them"));
            };
            // Of another session that has ended, an open entry never ends.
            let ends = entry.outcome == Outcome::Open && entry.session == self.session;
            if !ends || Instant::now() >= until {
                return Ok(shown(&entry, true));
            }
            tokio::select! {
                () = tokio::time::sleep(POLL) => {}
                () = cancel.cancelled() => return Ok(shown(&entry, true)),
            }
        }
    }
}
