//! Renders that wait in the queue when the interpreter, Resolve or the server ends: nobody else would start them any more.

use std::collections::HashSet;

use resolve_actors::limits::RENDER_RESTART_LOOK;
use resolve_actors::{Args, Call, Noticed, Ticket, What, operations};
use resolve_api::wire::MethodCall;
use resolve_api::{Locator, Value};
use serde_json::{Value as Json, json};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::ResolveServer;
use crate::error::{Code, ToolError};
use crate::history::History;

/// The tool that starts renders, which also notes in the history that this server did.
const START: &str = "start_render";

impl ResolveServer {
    /// Starts renders again, whenever there are some that were left behind: once each, and none that was cancelled or that
    /// somebody else queued. Ends with the server.
    pub fn start_left_renders(&self) {
        let Ok(system) = &self.shared.system else { return };
        if self.shared.reads_only {
            return;
        }
        let server = Self { shared: self.shared.clone(), told: self.shared.newcomer() };
        let noticed = system.noticed();
        tokio::spawn(async move {
            let end = server.shared.end.clone();
            tokio::select! {
                () = server.watch(noticed) => {}
                () = end.cancelled() => {}
            }
        });
    }

    /// The number of the connection to Resolve that there is now.
    pub(super) fn connection(&self) -> u64 {
        self.shared.system.as_ref().map_or(0, |system| system.noticed().borrow().connections)
    }

    /// Looks after each new connection and each project that is opened, and then until nothing is left to start.
    async fn watch(&self, mut noticed: watch::Receiver<Noticed>) {
        let Ok(history) = self.history() else { return };
        while noticed.changed().await.is_ok() {
            let mut idle = HashSet::new();
            loop {
                let connection = noticed.borrow_and_update().connections;
                match self.look(history, connection, &mut idle).await {
                    Ok(true) => tokio::time::sleep(RENDER_RESTART_LOOK).await,
                    Ok(false) => break,
                    Err(error) => {
                        // The next connection is looked at again.
                        tracing::debug!("renders were not looked at: {}", error.message);
                        break;
                    }
                }
            }
        }
    }

    /// Looks once, and starts what two looks in a row have seen waiting while nothing rendered; whether something is left.
    async fn look(
        &self,
        history: &History,
        connection: u64,
        idle: &mut HashSet<String>,
    ) -> Result<bool, ToolError> {
        let left = history.left_behind(connection)?;
        if left.is_empty() {
            return Ok(false);
        }
        let states = self.render_states().await?;
        let waiting: Vec<String> = left
            .into_iter()
            .filter(|id| states.iter().any(|(job, state)| job == id && state == "queued"))
            .collect();
        if waiting.is_empty() {
            return Ok(false);
        }
        let cancel = CancellationToken::new();
        let asked = What::Method(MethodCall::new(Locator::Project, "IsRenderingInProgress", []));
        if self.answer(asked, &cancel).await?.value == Value::Bool(true) {
            idle.clear();
            return Ok(true);
        }
        let before = std::mem::replace(idle, waiting.iter().cloned().collect());
        if !waiting.iter().all(|id| before.contains(id)) {
            return Ok(true);
        }
        let again: Vec<String> =
            waiting.into_iter().filter(|id| history.starts_again(id, connection)).collect();
        if !again.is_empty() {
            tracing::info!(?again, "renders that waited when the interpreter ended are started again");
            self.start_again(history, &again).await?;
        }
        Ok(false)
    }

    /// The jobs of the queue with their states.
    async fn render_states(&self) -> Result<Vec<(String, String)>, ToolError> {
        let What::Operation(read, args) = operation("render_read", Args::new())? else {
            return Ok(Vec::new());
        };
        let answer = self.answer(What::Operation(read, args), &CancellationToken::new()).await?;
        let jobs = answer.value.get("jobs").and_then(Value::as_list).unwrap_or_default();
        let text = |job: &Value, key: &str| job.get(key).and_then(Value::as_str).map(str::to_owned);
        Ok(jobs.iter().filter_map(|job| Some((text(job, "job")?, text(job, "state")?))).collect())
    }

    async fn start_again(&self, history: &History, jobs: &[String]) -> Result<(), ToolError> {
        let Ok(system) = &self.shared.system else { return Ok(()) };
        let list: Vec<Value> = jobs.iter().map(|job| job.as_str().into()).collect();
        let Json::Object(told) = json!({"jobs": jobs, "restarted": true}) else { return Ok(()) };
        let what = operation(START, Args::from_iter([("jobs".to_owned(), list.into())]))?;
        let noted = history.noted(
            history.asked(None, START, &told),
            resolve_api::catalogue::Effect::LongRunning,
            false,
        );
        let (cancel, ticket) = (CancellationToken::new(), Ticket::default());
        let call = Call { what, deadline: None, cancel, noted, based_on: None, ticket };
        system.call(call).await.map(drop).map_err(ToolError::from)
    }
}

fn operation(name: &str, args: Args) -> Result<What, ToolError> {
    let known = operations().iter().find(|operation| operation.name == name);
    let known =
        known.ok_or_else(|| ToolError::new(Code::Internal, format!("there is no operation {name}")))?;
    Ok(What::Operation(known, args))
}
