//! How a call that needs consent gets it, or what is answered instead.

use resolve_actors::What;
use resolve_api::Value;
use resolve_api::catalogue::Effect;
use rmcp::model::CallToolResponse;
use serde_json::{Map, Value as Json};
use tokio_util::sync::CancellationToken;

use super::ResolveServer;
use crate::consent::person::{Person, Reach, Said};
use crate::consent::{Needed, plan};
use crate::dry_run::DRY_RUN;
use crate::error::{Code, ToolError};
use crate::prepare::Prepared;
use crate::reply;

impl ResolveServer {
    /// Asks for consent to a call. `None` where it was given; else what is answered instead of making the call.
    ///
    /// A call that would be refused anyway is refused before anybody is asked.
    pub(super) async fn without_consent(
        &self,
        needed: Needed,
        prepared: &Prepared,
        confirmed: bool,
        person: &Person<'_>,
        cancel: &CancellationToken,
    ) -> Option<CallToolResponse> {
        let said = match person.reach() {
            Reach::Nobody if confirmed => return None,
            Reach::Rounds => person.said(),
            Reach::Nobody | Reach::Request => Said::Nothing,
        };
        match said {
            Said::Accept => return None,
            Said::No(how) => return Some(refused(&needed, how)),
            Said::Nothing => {}
        }
        let plan = match self.plan(prepared, cancel).await {
            Ok(plan) => plan,
            Err(error) => return Some(reply::failure(&error, Effect::Read).into()),
        };
        let question = plan::question(&needed, &plan);
        let said = match person.reach() {
            Reach::Rounds => match person.question(&question) {
                Some(question) => return Some(question.into()),
                None => Said::Nothing,
            },
            Reach::Request => tokio::select! {
                said = person.ask(&question) => said,
                // Whoever asked for it has left: nobody wants it any more.
                () = cancel.cancelled() => Said::No("cancel"),
            },
            Reach::Nobody => Said::Nothing,
        };
        match said {
            Said::Accept => None,
            Said::No(how) => Some(refused(&needed, how)),
            // A client that says it can ask and then cannot is like one that never could.
            Said::Nothing if confirmed => None,
            Said::Nothing => {
                let hint = "show the person what it would do, and if they agree call again with confirm true";
                let error = ToolError::new(Code::ConsentRequired, question).with_hint(hint);
                let mut body = reply::error_body(&error, Effect::Destructive);
                body.insert("plan".to_owned(), plan);
                Some(reply::failed_with(self.shared.spilled.cut(body).text).into())
            }
        }
    }

    /// What it would do, from a dry run.
    async fn plan(&self, prepared: &Prepared, cancel: &CancellationToken) -> Result<Json, ToolError> {
        let what = match prepared {
            Prepared::Batch(made) => {
                let (results, failed) = self.told(made, cancel).await?;
                return failed.map_or(Ok(Json::Object(results)), Err);
            }
            Prepared::Call { what: What::Method(call), .. } => What::DryRun(call.clone()),
            Prepared::Call { what: What::Operation(operation, args), .. } => {
                let mut args = args.clone();
                args.insert(DRY_RUN.to_owned(), Value::Bool(true));
                What::Operation(operation, args)
            }
            Prepared::CancelCall { job, .. } => {
                let told = self.cancel_call(job, true, None, cancel).await?;
                return Ok(Json::Object(told));
            }
            Prepared::Call { .. } | Prepared::Ready(_) | Prepared::Jobs(_) | Prepared::Undo(_) => {
                return Ok(Json::Object(Map::new()));
            }
        };
        Ok(reply::plain(self.answer(what, cancel).await?.value))
    }
}

/// The person was asked, and does not agree.
fn refused(needed: &Needed, how: &str) -> CallToolResponse {
    let message = format!("{} was not made: the person was asked and answered {how}", needed.call);
    let hint = "leave it as it is, and ask the person what they want instead";
    let error = ToolError::new(Code::Refused, message).with_hint(hint);
    reply::failure(&error, Effect::Destructive).into()
}
