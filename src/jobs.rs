//! The tools `jobs_read` and `jobs_edit`: what goes on by itself after its caller was answered.

use resolve_actors::Args;
use resolve_actors::limits::JOB_WAIT_MOST_S;
use resolve_api::Value;
use resolve_api::catalogue::Effect;
use resolve_api::kind::{Kind, Param};

use crate::{consent, dry_run};

/// What `jobs_read` says of itself to an agent.
pub const DOC_READ: &str = "Answers jobs: renders that were started, and calls that took longer than a few seconds (imports, \
archives, sync, scene cuts). Each with its state (queued, running, complete, failed, cancelled, unknown), seconds, percentage, \
frames and ETA where known, and what came of it. A finished render was looked into. Without job it lists those of this \
session and earlier ones that have not ended, also after a restart of the server.";

/// What `jobs_edit` says of itself to an agent.
pub const DOC_EDIT: &str = "Cancels a job. What has not begun never begins; an import stops after the files at hand and tells what \
it imported; a render stops, its unfinished file is lost, and those behind it go on. Any other call that has begun is \
stopped only by ending the interpreter, with consent: its outcome is unknown then.";

/// The parameters of `jobs_read`.
pub fn read_params() -> Vec<Param> {
    vec![
        Param::optional("job", Kind::Str, "this one: \"call-17\", or the id of a render job"),
        Param::optional("wait_s", Kind::Number, "seconds to wait for its end")
            .or(0)
            .at_least(0.0)
            .at_most(JOB_WAIT_MOST_S),
    ]
}

/// The parameters of `jobs_edit`.
pub fn edit_params() -> Vec<Param> {
    let own = vec![
        Param::required("job", Kind::Str, "the job: its id"),
        Param::required("action", Kind::enumeration("JobAction"), "what is done with it"),
    ];
    let beside = dry_run::param(Effect::Destructive).into_iter().chain(consent::param(Effect::Destructive));
    own.into_iter().chain(beside).collect()
}

/// The arguments of the operation that cancels a render.
pub fn cancel_args(job: &str, open_renders: Vec<String>, dry_run: bool) -> Args {
    let others: Vec<Value> = open_renders.into_iter().filter(|other| other != job).map(Value::Str).collect();
    let mut args = Args::from_iter([("job".to_owned(), job.into()), ("go_on".to_owned(), others.into())]);
    if dry_run {
        args.insert(dry_run::DRY_RUN.to_owned(), true.into());
    }
    args
}
