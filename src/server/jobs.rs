//! Jobs as `jobs_read` tells them: calls from the journal, renders from Resolve, and the wait for their end.

use std::time::Duration;

use resolve_actors::journal::is_final;
use resolve_actors::{Args, Progress, Ticket, What, operations};
use resolve_api::Value;
use serde_json::{Map, Value as Json};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::ResolveServer;
use super::job_told::{call, live, out_of_sight, seen};
use crate::error::{Code, ToolError};
use crate::history::History;
use crate::reply;

/// How often it is looked whether a call has ended, while somebody waits for it.
const POLL: Duration = Duration::from_millis(250);

/// How long one look at a render waits for its end: then its progress is told to whoever waits.
const LOOK: Duration = Duration::from_secs(1);

/// How long Resolve may take to answer how far a render is before it is told from what was seen last: a call may hold
/// the interpreter for minutes.
const ANSWERS_WITHIN: Duration = Duration::from_secs(3);

impl ResolveServer {
    /// The answer of `jobs_read`.
    ///
    /// # Errors
    /// `not_found` where there is no such job, `internal` where the journal cannot be read.
    pub(super) async fn jobs(
        &self,
        args: &Args,
        ticket: &Ticket,
        cancel: &CancellationToken,
    ) -> Result<Map<String, Json>, ToolError> {
        let wait = args.get("wait_s").and_then(Value::as_f64).unwrap_or(0.0);
        let until = Instant::now() + Duration::from_secs_f64(wait);
        let Some(id) = args.get("job").and_then(Value::as_str) else { return self.listed(cancel).await };
        let known = self.history().and_then(|history| history.job(id));
        match known {
            Ok(Some(job)) if !job.is_render() => self.call_until(id, until, ticket, cancel).await,
            Err(error) if id.starts_with(resolve_actors::journal::CALL) => Err(error),
            // A render is known to Resolve, whatever can be noted here.
            Ok(_) | Err(_) => self.render_until(id, until, ticket, cancel).await,
        }
    }

    /// The jobs of this session, and of others those that have not ended.
    async fn listed(&self, cancel: &CancellationToken) -> Result<Map<String, Json>, ToolError> {
        let history = self.history()?;
        let mut told = Vec::new();
        for job in history.jobs()? {
            let mut body = if !job.is_render() {
                call(history, &job)
            } else if is_final(&job.state) {
                seen(&job)
            } else {
                self.render_until(&job.id, Instant::now(), &Ticket::default(), cancel).await?
            };
            body.shift_remove("result");
            told.push(Json::Object(body));
        }
        Ok(Map::from_iter([("total".to_owned(), told.len().into()), ("jobs".to_owned(), told.into())]))
    }

    async fn call_until(
        &self,
        id: &str,
        until: Instant,
        ticket: &Ticket,
        cancel: &CancellationToken,
    ) -> Result<Map<String, Json>, ToolError> {
        let history = self.history()?;
        loop {
            let Some(job) = history.job(id)? else { return Err(nothing_of(id)) };
            if let Some(running) = history.running(id) {
                let expected = || running.ticket.expected().map(|expected| expected.progress());
                if let Some(progress) = running.ticket.progress().or_else(expected) {
                    ticket.is_at(progress);
                }
            }
            let told = call(history, &job);
            if told["state"] != "running" || Instant::now() >= until || !left(POLL, until, cancel).await {
                return Ok(told);
            }
        }
    }

    async fn render_until(
        &self,
        id: &str,
        until: Instant,
        ticket: &Ticket,
        cancel: &CancellationToken,
    ) -> Result<Map<String, Json>, ToolError> {
        loop {
            let wait = LOOK.min(until.saturating_duration_since(Instant::now()));
            let looked = self.look_at_render(id, wait, cancel).await;
            // It may have been cancelled or started again meanwhile.
            let noted = self.history().ok().and_then(|history| Some((history, history.job(id).ok()??)));
            let (told, unseen) = match (looked, &noted) {
                (Ok(status), Some((history, job))) => {
                    let told = live(id, Some(job), || self.is_left(history, id), status);
                    let state = told["state"].as_str().unwrap_or_default();
                    history.is_now(id, state, is_final(state).then_some(&told));
                    (told, false)
                }
                (Ok(status), None) => (live(id, None, || false, status), false),
                (Err(error), Some((_, job))) => (out_of_sight(job, &error), true),
                (Err(error), None) if error.code == Code::InvalidArgument => return Err(nothing_of(id)),
                (Err(error), None) => return Err(error),
            };
            let state = told["state"].as_str().unwrap_or_default();
            if let Some(percent) = told.get("percent").and_then(Json::as_f64) {
                ticket.is_at(Progress { done: percent, total: 100.0 });
            }
            let over = is_final(state) || Instant::now() >= until || cancel.is_cancelled();
            if over || (unseen && !left(LOOK, until, cancel).await) {
                return Ok(told);
            }
        }
    }

    /// Whether a render waits to be started again by this server.
    fn is_left(&self, history: &History, id: &str) -> bool {
        let left = history.left_behind(self.connection()).unwrap_or_default();
        !self.shared.reads_only && left.iter().any(|render| render == id)
    }

    /// What Resolve says of a render, and of its file once it has ended.
    async fn look_at_render(
        &self,
        id: &str,
        wait: Duration,
        cancel: &CancellationToken,
    ) -> Result<Map<String, Json>, ToolError> {
        let Some(operation) = operations().iter().find(|operation| operation.name == "render_read") else {
            return Err(ToolError::new(Code::Internal, "there is no reading of renders"));
        };
        let wait_s = Value::Float(wait.as_secs_f64());
        let args = Args::from_iter([("job".to_owned(), id.into()), ("wait_s".to_owned(), wait_s)]);
        let within = wait + ANSWERS_WITHIN + resolve_actors::limits::RENDER_PROOF_WITHIN;
        let asked = cancel.child_token();
        let answer = self.answer(What::Operation(operation, args), &asked);
        match tokio::time::timeout(within, answer).await {
            Ok(answer) => match reply::plain(answer?.value) {
                Json::Object(body) => Ok(body),
                _ => Ok(Map::new()),
            },
            Err(_) => Err(ToolError::new(Code::Busy, "Resolve is busy with another call")),
        }
    }
}

/// Waits a moment; false when nobody waits any more.
async fn left(moment: Duration, until: Instant, cancel: &CancellationToken) -> bool {
    let moment = moment.min(until.saturating_duration_since(Instant::now()));
    tokio::select! {
        () = tokio::time::sleep(moment) => true,
        () = cancel.cancelled() => false,
    }
}

fn nothing_of(id: &str) -> ToolError {
    ToolError::new(Code::NotFound, format!("job: there is no job '{id}'"))
        .at("job")
        .with_hint("jobs_read without job lists them; render_read lists the whole render queue")
}
