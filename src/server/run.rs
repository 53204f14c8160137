//! How a tool is run: its arguments are checked, its calls are made and noted, and the answer is put.

use std::sync::Arc;

use resolve_actors::journal::{Asked, Noted};
use resolve_actors::limits::CALLS_AT_ONCE;
use resolve_actors::{Answer, Call, StepAnswer, System, TakenBack, Taking, Ticket, What};
use resolve_api::batch::Batch;
use resolve_api::catalogue::Effect;
use rmcp::model::{CallToolResponse, CallToolResult, Implementation, JsonObject};
use serde_json::{Map, Value as Json};
use tokio::sync::SemaphorePermit;
use tokio_util::sync::CancellationToken;

use super::job::{Long, Work, batch_may_take_long, may_take_long};
use super::render_jobs::{cancels, starts};
use super::{Caller, ResolveServer};
use crate::error::{Code, ToolError};
use crate::prepare::{Prepared, prepare};
use crate::tools::{Entry, Runs};
use crate::{advice, api_batch, api_call, consent, reply, undo};

impl ResolveServer {
    /// Runs one tool for a client, with the consent that it needs. Never fails: what goes wrong is in the result.
    pub(super) async fn run_for(
        &self,
        entry: &Entry,
        arguments: JsonObject,
        caller: Caller<'_>,
        cancel: &CancellationToken,
        ticket: &Ticket,
    ) -> CallToolResponse {
        let confirmed = arguments.get(consent::CONFIRM) == Some(&Json::Bool(true));
        let asked = self.asked(entry, caller.client, &arguments);
        let prepared = match prepare(entry, arguments, self) {
            Ok(prepared) => prepared,
            Err(error) => return reply::failure(&error, Effect::Read).into(),
        };
        if let Err(error) = self.only_own_jobs(&prepared) {
            return reply::failure(&error, Effect::Read).into();
        }
        let needed = consent::needed(&prepared, self.shared.history.is_some());
        if let Some(needed) =
            needed.or_else(|| self.cancels_of_others(&prepared)).or_else(|| self.cuts_off(&prepared))
            && let Some(instead) =
                self.without_consent(needed, &prepared, confirmed, caller.person, cancel).await
        {
            return instead;
        }
        self.make(prepared, asked, caller.client, cancel, ticket).await.into()
    }

    /// Runs one tool for somebody who has agreed to what it does. Never fails: what goes wrong is in the result.
    pub(super) async fn run(
        &self,
        entry: &Entry,
        arguments: JsonObject,
        client: Option<&Implementation>,
        cancel: &CancellationToken,
    ) -> CallToolResult {
        let asked = self.asked(entry, client, &arguments);
        match prepare(entry, arguments, self) {
            Ok(prepared) => {
                let ticket = Ticket::of(Some(self.told.clone()));
                self.make(prepared, asked, client, cancel, &ticket).await
            }
            Err(error) => reply::failure(&error, Effect::Read),
        }
    }

    /// A call of a tool that may change something, as the journal keeps it.
    fn asked(&self, entry: &Entry, client: Option<&Implementation>, arguments: &JsonObject) -> Option<Asked> {
        let reads = match entry.runs {
            Runs::ApiCall => api_call::only_reads(arguments),
            _ => entry.effect == Effect::Read,
        };
        let history = self.shared.history.as_ref().filter(|_| !reads);
        history.map(|history| history.asked(client, &entry.tool.name, arguments))
    }

    /// Does what was prepared.
    async fn make(
        &self,
        prepared: Prepared,
        asked: Option<Asked>,
        client: Option<&Implementation>,
        cancel: &CancellationToken,
        ticket: &Ticket,
    ) -> CallToolResult {
        let history = self.shared.history.as_ref();
        let noted = |asked: Option<Asked>, effect, long| {
            history.zip(asked).and_then(|(history, asked)| history.noted(asked, effect, long))
        };
        let starts = starts(&prepared);
        let put = |body: Result<Map<String, Json>, ToolError>| match body {
            Ok(body) => reply::structured(body, &self.shared.spilled),
            Err(error) => reply::failure(&error, Effect::Read),
        };
        match prepared {
            Prepared::Ready(body) => reply::structured(body, &self.shared.spilled),
            Prepared::Jobs(args) => put(self.jobs(&args, ticket, cancel).await),
            Prepared::CancelCall { job, dry_run } => {
                put(self.cancel_call(&job, dry_run, asked, cancel).await)
            }
            Prepared::Call { what, effect, shape, based_on } => {
                let lists_jobs =
                    matches!(&what, What::Operation(operation, _) if operation.name == "render_read");
                let cancelled = cancels(&what, effect);
                let long = may_take_long(&what, effect);
                let called = match (noted(asked, effect, long), history) {
                    (Some(noted), Some(history)) if long => {
                        let long = Long { history, noted, based_on, starts, ticket, cancel };
                        return self.long(Work::One(what, effect, shape), long).await;
                    }
                    (noted, _) => self.call(what, noted, based_on, cancel, ticket).await,
                };
                match called {
                    Ok(mut answer) => {
                        if let Some((history, job)) = history.zip(cancelled) {
                            // One that waited is in no queue any more that could tell so.
                            history.is_now(&job, "cancelled", None);
                        }
                        if let Some(history) = history.filter(|_| lists_jobs) {
                            history.mark_own(&mut answer.value);
                        }
                        reply::success(answer, &shape, &self.shared.spilled)
                    }
                    Err(error) => reply::failure(&error, effect),
                }
            }
            Prepared::Undo(args) => match undo::undo(self, &args, client, cancel).await {
                Ok(undone) => reply::structured(undone.body(), &self.shared.spilled),
                Err((error, undone)) => self.failed_beside(&error, Effect::Destructive, undone.body()),
            },
            Prepared::Batch(made) if made.dry_run => self.dry_run(made, cancel).await,
            Prepared::Batch(mut made) => {
                let long = batch_may_take_long(&made);
                match (noted(asked, made.effect(), long), history) {
                    (Some(noted), Some(history)) if long => {
                        let based_on = made.based_on.take();
                        let long = Long { history, noted, based_on, starts, ticket, cancel };
                        self.long(Work::Several(made), long).await
                    }
                    (noted, _) => self.batch(made, noted, cancel).await,
                }
            }
        }
    }

    /// Makes several calls. If one of them failed, so has the batch; what the others answered is told all the same.
    async fn batch(
        &self,
        made: api_batch::Made,
        noted: Option<Noted>,
        cancel: &CancellationToken,
    ) -> CallToolResult {
        let effect = made.effect();
        match self.steps(made.batch, noted, made.based_on, cancel).await {
            Err(error) => reply::failure(&error, effect),
            Ok(answers) => {
                let version = self.shared.system.as_ref().ok().and_then(|system| system.status().version);
                match api_batch::body(&made.methods, answers, version.as_deref()) {
                    (body, None) => reply::structured(body, &self.shared.spilled),
                    (results, Some(error)) => self.failed_beside(&error, effect, results),
                }
            }
        }
    }

    /// What the calls of a batch would change.
    async fn dry_run(&self, made: api_batch::Made, cancel: &CancellationToken) -> CallToolResult {
        match self.told(&made, cancel).await {
            Err(error) => reply::failure(&error, Effect::Read),
            Ok((body, None)) => reply::structured(body, &self.shared.spilled),
            Ok((results, Some(error))) => self.failed_beside(&error, Effect::Read, results),
        }
    }

    /// What the calls of a batch would change, as a body, and the first that would be refused.
    ///
    /// # Errors
    /// Why nothing can be told.
    pub(super) async fn told(
        &self,
        made: &api_batch::Made,
        cancel: &CancellationToken,
    ) -> Result<(Map<String, Json>, Option<ToolError>), ToolError> {
        let (system, _one_of_them) = self.begin()?;
        let answers = system.dry_run(made.batch.clone(), cancel.clone(), made.based_on.clone()).await?;
        Ok(api_batch::body(&made.methods, answers, system.status().version.as_deref()))
    }

    /// A failure with what was done all the same beside it.
    pub(super) fn failed_beside(
        &self,
        error: &ToolError,
        effect: Effect,
        done: Map<String, Json>,
    ) -> CallToolResult {
        reply::failed_with(self.shared.spilled.cut(reply::error_beside(error, effect, done)).text)
    }

    /// Takes back an entry of the journal, or a part of it.
    ///
    /// # Errors
    /// Why nothing of it was taken back.
    pub(crate) async fn take_back(
        &self,
        taking: Taking,
        noted: Noted,
        cancel: &CancellationToken,
    ) -> Result<TakenBack, ToolError> {
        let (system, _one_of_them) = self.begin()?;
        let client = Some(self.told.clone());
        system.take_back(taking, cancel.clone(), noted, client).await.map_err(ToolError::from)
    }

    /// Makes the calls of a batch.
    ///
    /// # Errors
    /// Why none of them was made.
    async fn steps(
        &self,
        batch: Batch,
        noted: Option<Noted>,
        based_on: Option<String>,
        cancel: &CancellationToken,
    ) -> Result<Vec<StepAnswer>, ToolError> {
        let (system, _one_of_them) = self.begin()?;
        system
            .batch(batch, None, cancel.clone(), noted, based_on, Ticket::of(Some(self.told.clone())))
            .await
            .map_err(ToolError::from)
    }

    /// Runs a call of the actors that changes nothing.
    ///
    /// # Errors
    /// Why there is no answer.
    pub(crate) async fn answer(&self, what: What, cancel: &CancellationToken) -> Result<Answer, ToolError> {
        self.call(what, None, None, cancel, &Ticket::of(Some(self.told.clone()))).await
    }

    async fn call(
        &self,
        what: What,
        noted: Option<Noted>,
        based_on: Option<String>,
        cancel: &CancellationToken,
        ticket: &Ticket,
    ) -> Result<Answer, ToolError> {
        let (system, _one_of_them) = self.begin()?;
        let (cancel, ticket) = (cancel.clone(), ticket.clone());
        let call = Call { what, deadline: None, cancel, noted, based_on, ticket };
        let called = system.call(call).await;
        called.map_err(|error| advice::advised(error, system.status().version.as_deref()))
    }

    /// [`Self::begin`], with actors that a call may outlive its caller with.
    ///
    /// # Errors
    /// As there.
    pub(super) fn begin_shared(&self) -> Result<(Arc<System>, SemaphorePermit<'_>), ToolError> {
        let (_, one_of_them) = self.begin()?;
        let system = self.shared.system.as_ref().map_err(|missing| {
            ToolError::new(Code::Unavailable, missing.reason.clone()).with_hint(missing.hint.clone())
        })?;
        Ok((system.clone(), one_of_them))
    }

    /// The actors, and the place of one call among those that run.
    fn begin(&self) -> Result<(&System, SemaphorePermit<'_>), ToolError> {
        let system = self.shared.system.as_ref().map_err(|missing| {
            ToolError::new(Code::Unavailable, missing.reason.clone()).with_hint(missing.hint.clone())
        })?;
        let one_of_them = self.shared.calls.try_acquire();
        let one_of_them = one_of_them.map_err(|_| {
            system.refused_before();
            ToolError::new(Code::Busy, format!("{CALLS_AT_ONCE} calls are already in flight"))
        })?;
        Ok((system.as_ref(), one_of_them))
    }
}
