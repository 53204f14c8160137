//! Jobs as `jobs_read` tells them: calls from the journal, renders from Resolve, and the wait for their end.

use std::time::Duration;

use resolve_actors::journal::{Job, Outcome, is_final};
use resolve_actors::{Args, Progress, Ticket, What, operations};
use resolve_api::Value;
use serde_json::{Map, Value as Json, json};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::ResolveServer;
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
            Ok(known) => self.render_until(id, known.as_ref(), until, ticket, cancel).await,
            // A render is known to Resolve, whatever can be noted here.
            Err(_) => self.render_until(id, None, until, ticket, cancel).await,
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
                self.render_until(&job.id, Some(&job), Instant::now(), &Ticket::default(), cancel).await?
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
            if let Some(progress) = history.running(id).and_then(|running| running.ticket.progress()) {
                ticket.is_at(progress);
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
        known: Option<&Job>,
        until: Instant,
        ticket: &Ticket,
        cancel: &CancellationToken,
    ) -> Result<Map<String, Json>, ToolError> {
        loop {
            let wait = LOOK.min(until.saturating_duration_since(Instant::now()));
            let (told, unseen) = match self.look_at_render(id, wait, cancel).await {
                Ok(status) => (live(id, known, status), false),
                Err(error) if known.is_none() && error.code == Code::InvalidArgument => {
                    return Err(nothing_of(id));
                }
                Err(error) if known.is_none() => return Err(error),
                Err(error) => (known.map(|job| out_of_sight(job, &error)).unwrap_or_default(), true),
            };
            let state = told["state"].as_str().unwrap_or_default();
            if let (Ok(history), Some(_), false) = (self.history(), known, unseen) {
                history.is_now(id, state, is_final(state).then_some(&told));
            }
            if let Some(percent) = told.get("percent").and_then(Json::as_f64) {
                ticket.is_at(Progress { done: percent, total: 100.0 });
            }
            let over = is_final(state) || Instant::now() >= until || cancel.is_cancelled();
            if over || (unseen && !left(LOOK, until, cancel).await) {
                return Ok(told);
            }
        }
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

/// What every job says of itself.
fn head(job: &Job, kind: &str, state: &str) -> Map<String, Json> {
    let name = if job.is_render() { "project" } else { "tool" };
    Map::from_iter([
        ("job".to_owned(), job.id.as_str().into()),
        ("kind".to_owned(), kind.into()),
        (name.to_owned(), job.name.as_str().into()),
        ("state".to_owned(), state.into()),
        ("began".to_owned(), job.began.as_str().into()),
    ])
}

/// A call as it runs, or as it ended.
pub(super) fn call(history: &History, job: &Job) -> Map<String, Json> {
    let running = history.running(&job.id);
    // Until its result can be read it counts as running here; of a session that is gone nobody will ever tell.
    let runs = running.is_some() || (job.ended.is_none() && history.is_alive(&job.session));
    let result = job.result.clone();
    let (state, took_s) = match &job.ended {
        _ if runs => ("running", None),
        None => ("unknown", None),
        Some((outcome, took_ms, ..)) => (ended_as(*outcome, result.as_ref()), took_ms.map(|ms| ms / 1000.0)),
    };
    let mut body = head(job, "call", state);
    if runs || took_s.is_some() {
        body.insert("elapsed_s".to_owned(), json!(rounded(took_s.unwrap_or(job.age_s))));
    }
    let progress = running.and_then(|running| running.ticket.progress()).or(job.progress);
    match progress {
        Some(progress) => parts(progress, job.age_s, runs, &mut body),
        None if runs => {
            let only = "Resolve tells none for this call: only its time is known";
            body.insert("progress".to_owned(), only.into());
        }
        None => {}
    }
    if runs {
        return body;
    }
    let observed = job.ended.as_ref().map(|(.., code, observed)| (code.clone(), observed.clone()));
    let observed = observed.filter(|(_, observed)| !observed.is_null());
    match (state, result) {
        ("complete" | "cancelled", Some(result)) => drop(body.insert("result".to_owned(), result)),
        (_, Some(result)) => drop(body.insert("error".to_owned(), result)),
        (state, None) => {
            if let Some((code, observed)) = observed {
                let done = state == "complete";
                let told = if done { observed } else { json!({"code": code, "message": observed}) };
                body.insert(if done { "result" } else { "error" }.to_owned(), told);
            }
        }
    }
    if state == "unknown" {
        body.insert("next_step".to_owned(), look_at(&job.name).into());
    }
    body
}

/// The state of a call that ended so. One that was stopped between its parts has done what it tells.
fn ended_as(outcome: Outcome, result: Option<&Json>) -> &'static str {
    match outcome {
        Outcome::Done if result.is_some_and(|result| result["cancelled"] == true) => "cancelled",
        Outcome::Done => "complete",
        Outcome::Failed => "failed",
        Outcome::NotStarted => "cancelled",
        Outcome::Unknown | Outcome::Open => "unknown",
    }
}

/// Where to look whether a call took effect of which nobody knows.
fn look_at(tool: &str) -> String {
    let where_ = match tool {
        "import_media" => "media_pool_read: files whose clips are there need not be imported again",
        tool if tool.starts_with("media_pool") => "media_pool_read, and the files that it was to write",
        tool if tool.starts_with("timeline") => "timeline_read, and the files that it was to write",
        tool if tool.starts_with("render") || tool == "start_render" => "render_read, which lists the queue",
        tool if tool.starts_with("project") => "project_read, and the archive or file that it was to write",
        _ => {
            "what it was to change, and the files that it was to write (history with details has its arguments)"
        }
    };
    format!("nobody knows whether it took effect; look at {where_}")
}

/// Done, total, percentage, and the time that is left if it goes on as it went so far.
fn parts(progress: Progress, age_s: f64, runs: bool, body: &mut Map<String, Json>) {
    let Progress { done, total } = progress;
    body.insert("done".to_owned(), whole(done));
    body.insert("total".to_owned(), whole(total));
    if total > 0.0 {
        body.insert("percent".to_owned(), json!(rounded(100.0 * done / total)));
    }
    if runs && done > 0.0 {
        body.insert("eta_s".to_owned(), json!(rounded(age_s / done * (total - done))));
    }
}

/// A render as it was seen last, after it had ended.
fn seen(job: &Job) -> Map<String, Json> {
    match &job.result {
        Some(Json::Object(body)) => body.clone(),
        _ => head(job, "render", &job.state),
    }
}

/// A render of which Resolve tells nothing now: as it was seen when it ended, or as what nobody knows.
fn out_of_sight(job: &Job, error: &ToolError) -> Map<String, Json> {
    if is_final(&job.state) {
        return seen(job);
    }
    let mut body = head(job, "render", "unknown");
    body.insert("last_seen".to_owned(), job.state.as_str().into());
    body.insert("why".to_owned(), error.message.as_str().into());
    let next = match error.code {
        Code::InvalidArgument => format!(
            "it is not in the render queue of the open project: open the project '{}' with open_project and read again, or look \
             for its file",
            job.name
        ),
        _ => error.hint.clone(),
    };
    body.insert("next_step".to_owned(), next.into());
    body
}

/// A render as Resolve and its file tell it.
fn live(id: &str, known: Option<&Job>, mut status: Map<String, Json>) -> Map<String, Json> {
    // What waits for its turn has not begun; Resolve's own word stays beside ours.
    let state = match status.get("state").and_then(Json::as_str) {
        Some("rendering") => "running".to_owned(),
        Some(state) => state.to_owned(),
        None => "unknown".to_owned(),
    };
    let mut body = match known {
        Some(job) => head(job, "render", &state),
        None => {
            let (kind, state) = (Json::from("render"), Json::from(state.as_str()));
            Map::from_iter([
                ("job".to_owned(), id.into()),
                ("kind".to_owned(), kind),
                ("state".to_owned(), state),
            ])
        }
    };
    let took = status.get("took_s").cloned();
    match (took, known) {
        (Some(took), _) => drop(body.insert("elapsed_s".to_owned(), took)),
        (None, Some(job)) if !is_final(&state) => {
            drop(body.insert("elapsed_s".to_owned(), json!(rounded(job.age_s))))
        }
        (None, _) => {}
    }
    for key in ["percent", "frames_done", "frames_total", "eta_s", "error", "resolve_says"] {
        body.extend(status.shift_remove(key).map(|value| (key.to_owned(), value)));
    }
    let told = ["job", "state", "done", "took_s"];
    status.retain(|key, _| !told.contains(&key.as_str()));
    if !status.is_empty() {
        body.insert("result".to_owned(), Json::Object(status));
    }
    if state == "queued" {
        body.insert(
            "next_step".to_owned(),
            "start_render starts it, unless it waits for its turn behind another".into(),
        );
    }
    body
}

/// A count as a whole number, where it is one.
pub(super) fn whole(count: f64) -> Json {
    if count.fract() == 0.0 { json!(count as i64) } else { json!(count) }
}

fn rounded(seconds: f64) -> f64 {
    (seconds * 10.0).round() / 10.0
}
