//! Calls that take longer than a client waits: they go on as a job, whose end the history tells.

use resolve_actors::journal::Noted;
use resolve_actors::{Answer, Call, CallError, What};
use resolve_api::catalogue::Effect;
use serde_json::{Map, Value as Json, json};
use tokio_util::sync::CancellationToken;

use super::ResolveServer;
use crate::advice;
use crate::error::{Code, ToolError};

/// What came of a call while its caller waited.
pub(super) enum Came {
    /// Its answer.
    Answer(Box<Answer>),
    /// It goes on; where its end is told.
    Job(Map<String, Json>),
}

/// Whether a call may take longer than a client waits.
pub(super) fn may_take_long(what: &What, effect: Effect) -> bool {
    let imports = matches!(what, What::Operation(operation, _) if operation.name == "import_media");
    effect == Effect::LongRunning || (imports && effect != Effect::Read)
}

impl ResolveServer {
    /// Makes a call, and answers after a while that it goes on as a job. What has not begun by then begins all the same.
    ///
    /// # Errors
    /// Why there is no answer.
    pub(super) async fn call_or_job(
        &self,
        what: What,
        noted: Noted,
        based_on: Option<String>,
        cancel: &CancellationToken,
    ) -> Result<Came, ToolError> {
        let (system, _one_of_them) = self.begin_shared()?;
        let (asked, own) = (noted.asked.clone(), CancellationToken::new());
        let after = system.deadlines().job;
        let call = Call {
            what,
            deadline: None,
            cancel: own.clone(),
            noted: Some(noted),
            based_on,
            client: Some(self.told.clone()),
        };
        let working = system.clone();
        let mut running = tokio::spawn(async move { working.call(call).await });
        let answered = tokio::select! {
            biased;
            answered = &mut running => Some(answered),
            () = tokio::time::sleep(after) => None,
            // What has begun goes on, and is told; what has not never does.
            () = cancel.cancelled() => {
                own.cancel();
                Some(running.await)
            }
        };
        let advised = |error: CallError| advice::advised(error, system.status().version.as_deref());
        match answered {
            Some(Ok(answer)) => answer.map(|answer| Came::Answer(Box::new(answer))).map_err(advised),
            Some(Err(error)) => {
                Err(ToolError::new(Code::Internal, format!("the call ended without an answer: {error}")))
            }
            None => {
                let job = self.history()?.running(&asked);
                let next = "history with this number as entry waits for its end and tells what was observed";
                Ok(Came::Job(Map::from_iter([
                    ("job".to_owned(), json!(job)),
                    ("state".to_owned(), "running".into()),
                    ("running_s".to_owned(), json!(after.as_secs_f64())),
                    ("next_step".to_owned(), next.into()),
                ])))
            }
        }
    }
}
