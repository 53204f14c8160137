//! What a call of a tool comes to: its arguments are checked, and what is to be done with them is known.

use resolve_actors::journal::CALL;
use resolve_actors::{Args, What, cancel_render};
use resolve_api::catalogue::{Effect, Method};
use rmcp::model::JsonObject;
use serde_json::{Map, Value as Json};

use crate::api_batch;
use crate::api_call::{self, Made};
use crate::domain_tool::Chosen;
use crate::error::{Code, ToolError};
use crate::reply::Shape;
use crate::server::ResolveServer;
use crate::tools::{Entry, Runs};
use crate::{api_describe, api_search, arguments, based_on, dry_run, jobs, method_tool};

/// What is to be done.
pub enum Prepared {
    /// Nothing more: this is the answer.
    Ready(Map<String, Json>),
    /// A call of the actors.
    Call {
        /// What is called.
        what: What,
        /// What it does.
        effect: Effect,
        /// How its answer is put.
        shape: Shape,
        /// The revision that it is based on.
        based_on: Option<String>,
    },
    /// Several.
    Batch(api_batch::Made),
    /// Jobs, and a wait for the end of one.
    Jobs(Args),
    /// The end of a job that is a call.
    CancelCall {
        /// Its id.
        job: String,
        /// Whether only what would be done is told.
        dry_run: bool,
    },
    /// Taking back what was changed.
    Undo(Args),
}

/// Checks the arguments of a call.
///
/// # Errors
/// What is wrong with them, with its path and what would be right.
pub fn prepare(entry: &Entry, arguments: JsonObject, server: &ResolveServer) -> Result<Prepared, ToolError> {
    let checked = |arguments| arguments::check(&entry.params, arguments);
    match entry.runs {
        Runs::Status => checked(arguments).map(|_| Prepared::Ready(server.status())),
        Runs::History => {
            let args = checked(arguments)?;
            server.history()?.answer(&args).map(Prepared::Ready)
        }
        Runs::JobsRead => checked(arguments).map(Prepared::Jobs),
        Runs::JobsEdit => cancelling(&checked(arguments)?, server),
        Runs::Undo => checked(arguments).map(Prepared::Undo),
        Runs::ApiSearch => {
            let tools =
                server.tools().entries().iter().filter(|entry| matches!(entry.runs, Runs::Operation(_)));
            let tools: Vec<(&str, &str)> = tools
                .map(|entry| (&*entry.tool.name, entry.tool.description.as_deref().unwrap_or_default()))
                .collect();
            ready(api_search::answer(&checked(arguments)?, &tools)?)
        }
        Runs::ApiDescribe => ready(api_describe::answer(&checked(arguments)?, &server.answering())?),
        Runs::ApiCall => {
            let made = api_call::made(&entry.params, arguments)?;
            allowed(made.method, server)?;
            Ok(method(made))
        }
        Runs::ApiBatch => {
            let made = api_batch::made(arguments)?;
            made.methods.iter().try_for_each(|method| allowed(method, server))?;
            Ok(Prepared::Batch(made))
        }
        Runs::Operation(operation) => {
            let args = checked(arguments)?;
            let effect = if dry_run::asked(&args) { Effect::Read } else { entry.effect };
            let based_on = based_on::named(&args);
            let what = What::Operation(operation, args);
            Ok(Prepared::Call { what, effect, shape: Shape::Whole(Vec::new()), based_on })
        }
        Runs::Domain(tool) => Ok(match tool.choose(arguments)? {
            Chosen::Method(made) => method(made),
            Chosen::Overview(operation, args, fields) => {
                let what = What::Operation(operation, args);
                Prepared::Call { what, effect: operation.effect, shape: Shape::Whole(fields), based_on: None }
            }
        }),
        Runs::Method(row) => Ok(method(method_tool::made(row, arguments)?)),
    }
}

/// The end of a job: of a render by Resolve, of a call by this server.
fn cancelling(args: &Args, server: &ResolveServer) -> Result<Prepared, ToolError> {
    let job = args.get("job").and_then(resolve_api::Value::as_str).unwrap_or_default().to_owned();
    let dry_run = dry_run::asked(args);
    if job.starts_with(CALL) {
        return Ok(Prepared::CancelCall { job, dry_run });
    }
    // Where nothing is noted, nothing is known of what waits behind it.
    let behind = server.history().map_or_else(|_| Ok(Vec::new()), |history| history.open_renders())?;
    let effect = if dry_run { Effect::Read } else { Effect::Destructive };
    let what = What::Operation(cancel_render(), jobs::cancel_args(&job, behind, dry_run));
    Ok(Prepared::Call { what, effect, shape: Shape::Whole(Vec::new()), based_on: None })
}

fn ready(body: Json) -> Result<Prepared, ToolError> {
    Ok(Prepared::Ready(match body {
        Json::Object(entries) => entries,
        other => Map::from_iter([("value".to_owned(), other)]),
    }))
}

fn method(made: Made) -> Prepared {
    let Made { call, method, page, dry_run, based_on } = made;
    if dry_run && method.effect != Effect::Read {
        let (what, shape) = (What::DryRun(call), Shape::Whole(Vec::new()));
        return Prepared::Call { what, effect: Effect::Read, shape, based_on };
    }
    Prepared::Call { what: What::Method(call), effect: method.effect, shape: Shape::Part(page), based_on }
}

/// A server that was started to read only lets no other method through, whatever door it comes to.
fn allowed(method: &Method, server: &ResolveServer) -> Result<(), ToolError> {
    if method.effect == Effect::Read || !server.reads_only() {
        return Ok(());
    }
    let label = method.label();
    let message = format!("method: {label} changes something, and this server was started to read only");
    let hint = "ask the person to start the server without --toolset read-only";
    Err(ToolError::new(Code::InvalidArgument, message).at("method").with_hint(hint))
}
