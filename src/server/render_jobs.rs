//! Render jobs that a call would start: those of others are left alone.

use resolve_actors::{What, cancel_render};
use resolve_api::Value;
use resolve_api::catalogue::Effect;

use super::ResolveServer;
use crate::consent::Needed;
use crate::error::ToolError;
use crate::prepare::Prepared;

/// The method that starts them.
const START: &str = "Project.StartRendering";

impl ResolveServer {
    /// Refuses what would start jobs that were not queued through this server.
    ///
    /// # Errors
    /// `invalid_argument` with the first of them.
    pub(super) fn only_own_jobs(&self, prepared: &Prepared) -> Result<(), ToolError> {
        let jobs = starts(prepared);
        match &self.shared.history {
            Some(history) if !jobs.is_empty() => history.only_own(&jobs),
            _ => Ok(()),
        }
    }

    /// The consent that a call needs because it cancels a job that somebody else queued.
    pub(super) fn cancels_of_others(&self, prepared: &Prepared) -> Option<Needed> {
        let Prepared::Call { what: What::Operation(operation, args), effect: Effect::Destructive, .. } =
            prepared
        else {
            return None;
        };
        let jobs = Vec::from_iter(args.get("job").and_then(Value::as_str).map(str::to_owned));
        let (_, job) = self.shared.history.as_ref()?.first_of_others(&jobs)?;
        let why = format!("the render job '{job}' was not queued through this server");
        Some(Needed { call: operation.name.to_owned(), why })
    }
}

/// The render that a call cancels.
pub(super) fn cancels(what: &What, effect: Effect) -> Option<String> {
    match what {
        What::Operation(operation, args)
            if operation.name == cancel_render().name && effect != Effect::Read =>
        {
            args.get("job").and_then(Value::as_str).map(str::to_owned)
        }
        _ => None,
    }
}

/// The render jobs that a call would start.
pub(super) fn starts(prepared: &Prepared) -> Vec<String> {
    let mut jobs = Vec::new();
    match prepared {
        Prepared::Call { what: What::Operation(operation, args), .. } if operation.name == "start_render" => {
            args.get("jobs").into_iter().for_each(|value| texts(value, &mut jobs));
        }
        Prepared::Call { what: What::Method(call) | What::DryRun(call), .. } if call.label() == START => {
            call.args.iter().for_each(|value| texts(value, &mut jobs));
        }
        Prepared::Batch(made) => {
            let starts = made.batch.steps.iter().filter(|step| step.label() == START);
            starts.flat_map(|step| &step.args).for_each(|value| texts(value, &mut jobs));
        }
        Prepared::Call { .. }
        | Prepared::Ready(_)
        | Prepared::Jobs(_)
        | Prepared::CancelCall { .. }
        | Prepared::Undo(_) => {}
    }
    jobs
}

fn texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Str(text) => found.push(text.clone()),
        Value::List(items) => items.iter().for_each(|item| texts(item, found)),
        _ => {}
    }
}
