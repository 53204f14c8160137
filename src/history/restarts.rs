//! Renders that were started over a connection that is gone: what waits of them may be started again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use resolve_actors::journal::Job;

use super::{History, unreadable};
use crate::error::ToolError;

/// The number of the connection over which each render of this session was started.
#[derive(Clone, Default)]
pub(super) struct Starts(Arc<Mutex<HashMap<String, u64>>>);

impl Starts {
    /// Nothing panics while it is held, and a map is right in any case.
    fn lock(&self) -> MutexGuard<'_, HashMap<String, u64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that a render is started over that connection.
    pub(super) fn over(&self, render: &str, connection: u64) {
        self.lock().insert(render.to_owned(), connection);
    }
}

impl History {
    /// The renders that were started over an earlier connection than that one, by this server or by one that has ended, and
    /// may still be started again where they wait; the first that was started first.
    ///
    /// # Errors
    /// `internal` where the file cannot be read.
    pub fn left_behind(&self, connection: u64) -> Result<Vec<String>, ToolError> {
        let jobs = self.journal.restartable().map_err(unreadable)?;
        Ok(jobs.into_iter().filter(|job| self.is_left_behind(job, connection)).map(|job| job.id).collect())
    }

    fn is_left_behind(&self, job: &Job, connection: u64) -> bool {
        match self.is_own(job) {
            true => self.starts.lock().get(&job.id).is_none_or(|over| *over < connection),
            false => !self.is_alive(&job.session),
        }
    }

    /// Notes that a render is about to be started again over that connection; whether it may be.
    pub fn starts_again(&self, render: &str, connection: u64) -> bool {
        self.hold_session();
        let may = self.journal.restart_render(render, &self.session);
        let may = may.inspect_err(|error| tracing::error!("{error}")).unwrap_or(false);
        if may {
            self.starts.over(render, connection);
        }
        may
    }
}
