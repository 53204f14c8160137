//! Calls that take longer than a client waits: they go on as a job, which `jobs_read` tells of.

use std::future::Future;

use resolve_actors::journal::Noted;
use resolve_actors::{Call, System, Ticket, What};
use resolve_api::Locator;
use resolve_api::catalogue::{Effect, Method, catalogue};
use resolve_api::wire::MethodCall;
use rmcp::model::CallToolResult;
use serde_json::{Map, Value as Json, json};
use tokio_util::sync::CancellationToken;

use super::ResolveServer;
use super::job_told::{estimated, whole};
use crate::advice;
use crate::api_batch::{self, Made};
use crate::error::{Code, ToolError};
use crate::history::History;
use crate::history::jobs::{self, Running};
use crate::reply::{self, Shape};

/// The task-shaped tool that has many parts, between which it can stop.
const IN_PARTS: &str = "import_media";

/// How a call ended: its body, or what failed with what was done all the same.
type Ended = Result<Map<String, Json>, (ToolError, Map<String, Json>)>;

/// What goes along with a call that may go on as a job.
pub(super) struct Long<'a> {
    /// The history that it is noted in.
    pub(super) history: &'a History,
    /// Its entry.
    pub(super) noted: Noted,
    /// The revision that it is based on.
    pub(super) based_on: Option<String>,
    /// The renders that it starts.
    pub(super) starts: Vec<String>,
    /// Of the call alone.
    pub(super) ticket: &'a Ticket,
    /// Cancelled when its caller leaves: what has not begun then never does.
    pub(super) cancel: &'a CancellationToken,
}

/// Work that was prepared, and who waits for it.
struct Waited<'a> {
    history: &'a History,
    effect: Effect,
    has_parts: bool,
    ticket: &'a Ticket,
    cancel: &'a CancellationToken,
    /// Withdraws the call itself.
    own: CancellationToken,
    starts: Vec<String>,
}

/// Whether a call has parts between which it can stop.
fn has_parts(what: &What) -> bool {
    match what {
        What::Operation(operation, _) => operation.name == IN_PARTS,
        What::Method(call) => {
            let row = catalogue().method(call.on.class(), &call.method);
            row.is_some_and(Method::can_be_stopped)
        }
        What::DryRun(_) => false,
    }
}

/// Whether a call may take longer than a client waits.
pub(super) fn may_take_long(what: &What, effect: Effect) -> bool {
    effect == Effect::LongRunning || (has_parts(what) && effect != Effect::Read)
}

/// The same of several calls.
pub(super) fn batch_may_take_long(made: &Made) -> bool {
    !made.dry_run && made.methods.iter().any(|method| method.effect == Effect::LongRunning)
}

/// What goes on as a job where it takes longer than its caller waits.
pub(super) enum Work {
    /// A call, with its effect, and how its answer is put.
    One(What, Effect, Shape),
    /// Several calls.
    Several(Made),
}

impl Work {
    fn effect(&self) -> Effect {
        match self {
            Self::One(_, effect, _) => *effect,
            Self::Several(made) => made.effect(),
        }
    }

    /// Whether it has parts between which it can stop.
    fn has_parts(&self) -> bool {
        matches!(self, Self::One(what, ..) if has_parts(what))
    }

    /// Makes it on these actors.
    async fn make(
        self,
        system: &System,
        noted: Noted,
        based_on: Option<String>,
        ticket: Ticket,
        cancel: CancellationToken,
    ) -> Ended {
        let long = system.deadlines().long_running;
        match self {
            Self::One(what, _, shape) => {
                // Others get their turn between its parts, so that it may take as long as any long work.
                let in_parts = matches!(what, What::Operation(..)) && has_parts(&what);
                let deadline = in_parts.then_some(long);
                let call = Call { what, deadline, cancel, noted: Some(noted), based_on, ticket };
                match system.call(call).await {
                    // Long work shows no picture.
                    Ok(answer) => Ok(reply::body(answer, &shape).0),
                    Err(error) => {
                        Err((advice::advised(error, system.status().version.as_deref()), Map::new()))
                    }
                }
            }
            Self::Several(made) => {
                let answers =
                    system.batch(made.batch, Some(long), cancel, Some(noted), based_on, ticket).await;
                let answers = answers.map_err(|error| (ToolError::from(error), Map::new()))?;
                match api_batch::body(&made.methods, answers, system.status().version.as_deref()) {
                    (body, None) => Ok(body),
                    (results, Some(error)) => Err((error, results)),
                }
            }
        }
    }
}

impl ResolveServer {
    /// Does what goes on as a job where it takes longer than its caller waits.
    pub(super) async fn long(&self, work: Work, long: Long<'_>) -> CallToolResult {
        let (effect, has_parts) = (work.effect(), work.has_parts());
        let Long { history, noted, based_on, starts, ticket, cancel } = long;
        let (system, _one_of_them) = match self.begin_shared() {
            Ok(begun) => begun,
            Err(error) => return reply::failure(&error, effect),
        };
        self.starting(history, &starts, cancel).await;
        let own = CancellationToken::new();
        let (working, its, withdrawn) = (system.clone(), ticket.clone(), own.clone());
        let call = async move { work.make(&working, noted, based_on, its, withdrawn).await };
        self.or_job(Waited { history, effect, has_parts, ticket, cancel, own, starts }, &system, call).await
    }

    /// Notes renders before they are started, so that whatever happens then the next server knows of them.
    async fn starting(&self, history: &History, renders: &[String], cancel: &CancellationToken) {
        if renders.is_empty() {
            return;
        }
        let name = What::Method(MethodCall::new(Locator::Project, "GetName", []));
        let name =
            self.answer(name, cancel).await.ok().and_then(|answer| answer.value.as_str().map(str::to_owned));
        history.starting(renders, &name.unwrap_or_default(), self.connection());
    }

    /// Waits for a call, and answers after a while that it goes on as a job. What has not begun by then begins all the
    /// same.
    async fn or_job(
        &self,
        waited: Waited<'_>,
        system: &System,
        call: impl Future<Output = Ended> + Send + 'static,
    ) -> CallToolResult {
        let Waited { history, effect, has_parts, ticket, cancel, own, starts } = waited;
        let running = Running { ticket: ticket.clone(), cancel: own.clone(), has_parts };
        let leaving = history.enter(running);
        let after = system.deadlines().job;
        let (noting, of) = (history.clone(), ticket.clone());
        let mut running = tokio::spawn(async move {
            let ended = call.await;
            if ended.is_err() {
                noting.forget(&starts);
            }
            if let Some(job) = of.entry_id().map(jobs::of_entry) {
                let (state, body) = match &ended {
                    Ok(body) => ("complete", body.clone()),
                    Err((error, done)) => ("failed", reply::error_beside(error, effect, done.clone())),
                };
                noting.is_now(&job, state, Some(&body));
            }
            // It counts as running until what it came to can be read.
            drop(leaving);
            ended
        });
        let answered = tokio::select! {
            biased;
            answered = &mut running => answered,
            () = tokio::time::sleep(after) => match ticket.entry_id() {
                Some(entry) => return reply::structured(goes_on(entry, ticket, after.as_secs_f64()), &self.shared.spilled),
                // Where nothing is noted nobody could ask for it later.
                None => running.await,
            },
            // What has begun goes on, and is told; what has not never does.
            () = cancel.cancelled() => {
                own.cancel();
                running.await
            }
        };
        if let Some(entry) = ticket.entry_id() {
            history.forget(&[jobs::of_entry(entry)]);
        }
        match answered {
            Ok(Ok(body)) => reply::structured(body, &self.shared.spilled),
            Ok(Err((error, done))) => self.failed_beside(&error, effect, done),
            Err(error) => {
                let error =
                    ToolError::new(Code::Internal, format!("the call ended without an answer: {error}"));
                reply::failure(&error, effect)
            }
        }
    }
}

/// What the caller of a job is told of it.
fn goes_on(entry: i64, ticket: &Ticket, after_s: f64) -> Map<String, Json> {
    let next =
        "jobs_read with this job, and wait_s, tells how far it is and what came of it; jobs_edit cancels it";
    let mut body = Map::from_iter([
        ("job".to_owned(), json!(jobs::of_entry(entry))),
        ("state".to_owned(), "running".into()),
        ("elapsed_s".to_owned(), json!(after_s)),
    ]);
    match (ticket.progress(), ticket.expected()) {
        (Some(progress), _) => {
            body.insert("done".to_owned(), whole(progress.done));
            body.insert("total".to_owned(), whole(progress.total));
        }
        (None, Some(expected)) => estimated(&expected, &mut body),
        (None, None) => {}
    }
    body.insert("next_step".to_owned(), next.into());
    body
}
