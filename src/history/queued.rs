//! Render jobs of others: only those that were queued through this server are started by it.

use resolve_api::Value;

use super::History;
use crate::error::{Code, ToolError};

impl History {
    /// Refuses to start jobs that somebody else queued, in Resolve's window or with another program. Where the journal
    /// cannot be written or read nobody knows whose they are, and they pass.
    ///
    /// # Errors
    /// `invalid_argument` with the first of them.
    pub fn only_own(&self, jobs: &[String]) -> Result<(), ToolError> {
        let Some((number, job)) = self.first_of_others(jobs) else { return Ok(()) };
        let path = format!("jobs[{number}]");
        let message =
            format!("{path}: the render job '{job}' was not queued through this server, and is left alone");
        let hint = "queue it with queue_render, or ask the person to start theirs in Resolve";
        Err(ToolError::new(Code::InvalidArgument, message).at(path).with_hint(hint))
    }

    /// The first job that somebody else queued, as far as that is known, with its place.
    pub fn first_of_others<'j>(&self, jobs: &'j [String]) -> Option<(usize, &'j String)> {
        jobs.iter().enumerate().find(|(_, job)| self.queued(job) == Some(false))
    }

    /// Says of each job in an answer whether it was queued through this server.
    pub fn mark_own(&self, answer: &mut Value) {
        let Value::Map(entries) = answer else { return };
        let Some(Value::List(jobs)) = entries.get_mut("jobs") else { return };
        for job in jobs {
            let own = job.get("job").and_then(Value::as_str).and_then(|id| self.queued(id));
            if let (Value::Map(job), Some(own)) = (job, own) {
                job.insert("queued_here".to_owned(), own.into());
            }
        }
    }

    /// Whether a job was queued through this server; `None` where that is not known.
    fn queued(&self, job: &str) -> Option<bool> {
        if self.journal.failure().is_some() {
            return None;
        }
        self.journal.has_queued(job).inspect_err(|error| tracing::error!("{error}")).ok()
    }
}
