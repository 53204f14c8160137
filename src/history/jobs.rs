//! The jobs of this and earlier runs of the server, as they lie in the journal, and the calls that run at this moment.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use resolve_actors::Ticket;
use resolve_actors::journal::{CALL, Job, is_final};
use serde_json::{Map, Value as Json};
use tokio_util::sync::CancellationToken;

use super::{History, alive, unreadable};
use crate::error::ToolError;

/// Jobs of one list.
pub const MOST_LISTED: u32 = 20;

/// A call that may go on after its caller was answered.
#[derive(Clone)]
pub struct Running {
    /// Tells how it goes on.
    pub ticket: Ticket,
    /// Withdraws it where it has not begun.
    pub cancel: CancellationToken,
    /// Whether it has parts between which it can stop.
    pub has_parts: bool,
}

/// The calls that run.
#[derive(Clone, Default)]
pub(super) struct Calls(Arc<Mutex<Vec<Running>>>);

impl Calls {
    /// Nothing panics while it is held, and a list is right in any case.
    fn lock(&self) -> MutexGuard<'_, Vec<Running>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes a call out of those that run when it is over, however it ended.
pub struct Leaving {
    calls: Calls,
    ticket: Ticket,
}

impl Drop for Leaving {
    fn drop(&mut self) {
        self.calls.lock().retain(|running| !running.ticket.is(&self.ticket));
    }
}

impl History {
    /// Counts a call among those that run, until what comes back is dropped.
    pub fn enter(&self, running: Running) -> Leaving {
        let leaving = Leaving { calls: self.calls.clone(), ticket: running.ticket.clone() };
        self.calls.lock().push(running);
        leaving
    }

    /// The call with that job id, while it runs here.
    pub fn running(&self, job: &str) -> Option<Running> {
        let entry: i64 = job.strip_prefix(CALL)?.parse().ok()?;
        self.calls.lock().iter().find(|running| running.ticket.entry_id() == Some(entry)).cloned()
    }

    /// The job of that id, where it is known.
    ///
    /// # Errors
    /// `internal` where the file cannot be read.
    pub fn job(&self, id: &str) -> Result<Option<Job>, ToolError> {
        self.journal.job(id).map_err(unreadable)
    }

    /// The jobs of this session, and those of others that have not ended as far as is known, the newest first.
    ///
    /// # Errors
    /// `internal` where the file cannot be read.
    pub fn jobs(&self) -> Result<Vec<Job>, ToolError> {
        self.journal.jobs(&self.session, MOST_LISTED).map_err(unreadable)
    }

    /// The renders that were started through this server or an earlier one and were not seen to end.
    ///
    /// # Errors
    /// `internal` where the file cannot be read.
    pub fn open_renders(&self) -> Result<Vec<String>, ToolError> {
        let is_open = |job: &Job| job.is_render() && !is_final(&job.state);
        Ok(self.jobs()?.into_iter().filter(is_open).map(|job| job.id).collect())
    }

    /// Whether a call of that session may still be running: in this server, or in another that runs.
    pub fn is_alive(&self, session: &str) -> bool {
        session == self.session || self.state().is_some_and(|state| alive::is_held(state, session))
    }

    /// Whether a job was begun by this run of the server.
    pub fn is_own(&self, job: &Job) -> bool {
        job.session == self.session
    }

    /// Notes the renders that are about to be started over the connection of that number.
    pub fn starting(&self, renders: &[String], project: &str, connection: u64) {
        self.hold_session();
        for id in renders {
            self.starts.over(id, connection);
            told(self.journal.begin_render(id, &self.session, project));
        }
    }

    /// Forgets jobs: renders that did not start, a call that was answered at once.
    pub fn forget(&self, jobs: &[String]) {
        jobs.iter().for_each(|id| told(self.journal.forget_job(id)));
    }

    /// Notes what a job was seen doing, and what it answered if it has ended.
    pub fn is_now(&self, job: &str, state: &str, result: Option<&Map<String, Json>>) {
        let result = result.map(|body| Json::Object(body.clone()));
        told(self.journal.job_is(job, state, result.as_ref()));
    }
}

/// The id of the job that is the call of an entry.
pub fn of_entry(entry: i64) -> String {
    format!("{CALL}{entry}")
}

/// The journal says itself what keeps it from being written.
fn told(written: Result<(), resolve_actors::journal::JournalError>) {
    if let Err(error) = written {
        tracing::error!("{error}");
    }
}
