//! Cancelling a job that is a call: withdrawn before it begins, stopped between its parts, or cut off with its host.

use std::time::Duration;

use resolve_actors::journal::Asked;
use serde_json::{Map, Value as Json, json};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::ResolveServer;
use super::job_told::call;
use crate::consent::Needed;
use crate::error::{Code, ToolError};
use crate::history::jobs::Running;
use crate::prepare::Prepared;

/// How long the end of a call is waited for that was told to stop: a chunk of an import takes a second, a host that is
/// ended a moment. A client that is impatient gives up after 10 s.
const ENDS_WITHIN: Duration = Duration::from_secs(8);

/// How often it is looked whether it has.
const POLL: Duration = Duration::from_millis(20);

/// What is told of a call that is cut off.
const CUT_OFF: &str = "it was cancelled with jobs_edit, which ended the interpreter";

/// How a call can be stopped.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Withdraw,
    BetweenParts,
    EndHost,
}

fn way(running: &Running) -> Way {
    match (running.ticket.is_started(), running.has_parts) {
        (false, _) => Way::Withdraw,
        (true, true) => Way::BetweenParts,
        (true, false) => Way::EndHost,
    }
}

impl ResolveServer {
    /// The consent that cancelling a call needs: one that runs is stopped only by ending the interpreter in its middle.
    pub(super) fn cuts_off(&self, prepared: &Prepared) -> Option<Needed> {
        let Prepared::CancelCall { job, dry_run: false } = prepared else { return None };
        let running = self.shared.history.as_ref()?.running(job)?;
        (way(&running) == Way::EndHost).then(|| {
            let why = format!(
                "{job} runs, and only ending the interpreter stops it: what it has done by then nobody knows"
            );
            Needed { call: "jobs_edit".to_owned(), why }
        })
    }

    /// Cancels a call, and notes that.
    ///
    /// # Errors
    /// `not_found`, `invalid_argument` where it has ended or runs in another server, `not_verified` where it goes on.
    pub(super) async fn cancel_call(
        &self,
        job: &str,
        dry_run: bool,
        asked: Option<Asked>,
        cancel: &CancellationToken,
    ) -> Result<Map<String, Json>, ToolError> {
        let history = self.history()?;
        let Some(running) = history.running(job) else { return Err(self.not_running(job)?) };
        if dry_run {
            let would = match way(&running) {
                Way::Withdraw => "withdraw the call, which has not begun",
                Way::BetweenParts => "stop it after the parts at hand; what it did stays",
                Way::EndHost => {
                    "end the interpreter in the middle of the call; what it did by then nobody knows"
                }
            };
            return Ok(Map::from_iter([
                ("dry_run".to_owned(), true.into()),
                ("would".to_owned(), would.into()),
                ("job".to_owned(), job.into()),
            ]));
        }
        let began = Instant::now();
        let entry = asked.as_ref().map(|asked| history.begin_own(asked)).transpose()?;
        let ended = self.stop(job, &running, cancel).await;
        if let Some(entry) = entry {
            history.end_own(entry, &ended, began.elapsed());
        }
        ended
    }

    async fn stop(
        &self,
        job: &str,
        running: &Running,
        cancel: &CancellationToken,
    ) -> Result<Map<String, Json>, ToolError> {
        let history = self.history()?;
        let mut how = "stopped between its parts";
        // Decided by the ticket alone: a call that begins in this moment is no longer withdrawn.
        if running.ticket.withdraw() {
            running.cancel.cancel();
            how = "it never began";
        } else if running.has_parts {
            running.ticket.ask_to_stop();
        } else {
            let (system, _one_of_them) = self.begin_shared()?;
            if system.interrupt(&running.ticket, CUT_OFF).await {
                how = "the interpreter was ended in its middle, and starts again";
            } else if history.running(job).is_some() {
                let message = format!("{job} is between two calls of Resolve, and was not stopped");
                return Err(ToolError::new(Code::Busy, message).with_hint("call again in a moment"));
            }
        }
        let until = Instant::now() + ENDS_WITHIN;
        while history.running(job).is_some() && Instant::now() < until && !cancel.is_cancelled() {
            tokio::time::sleep(POLL).await;
        }
        let Some(known) = history.job(job)? else {
            return Err(ToolError::new(Code::Internal, format!("the job {job} is not noted any more")));
        };
        let mut body = call(history, &known);
        if body["state"] == "running" {
            let message = format!("{job} was asked to stop and has not stopped yet");
            return Err(ToolError::new(Code::NotVerified, message).with_hint("jobs_read tells when it has"));
        }
        body.insert("cancelled".to_owned(), json!(how));
        Ok(body)
    }

    /// Why a call cannot be cancelled that does not run here.
    fn not_running(&self, job: &str) -> Result<ToolError, ToolError> {
        let history = self.history()?;
        let at = |code, message: String| ToolError::new(code, message).at("job");
        Ok(match history.job(job)? {
            None => at(Code::NotFound, format!("job: there is no job '{job}'"))
                .with_hint("jobs_read without job lists them"),
            Some(known) if known.ended.is_none() && history.is_alive(&known.session) => at(
                Code::InvalidArgument,
                format!("job: '{job}' runs in another server, of session {}", known.session),
            )
            .with_hint("cancel it there"),
            Some(known) => {
                let state = call(history, &known)["state"].as_str().unwrap_or_default().to_owned();
                at(Code::InvalidArgument, format!("job: '{job}' has ended: it is {state}"))
                    .with_hint("jobs_read tells what came of it")
            }
        })
    }
}
