//! Objects that are current now, by their unique ids: another moment does not know which were meant.

use resolve_api::facts::undo::Plan;
use resolve_api::facts::watch::Watch;
use resolve_api::wire::MethodCall;
use resolve_api::{Locator, Value};

use super::watched::{self, Watched};
use crate::error::CallError;
use crate::session::Session;

/// The reads that show what a write has left, on objects that are named by their unique ids.
pub(super) async fn watches(session: &Session, plan: &Plan, answer: &Value, old: &Value) -> Vec<Watched> {
    let mut watched = Vec::new();
    for (watch, before) in plan.watches(answer, old).into_iter().take(watched::MOST_WATCHED) {
        match pinned_call(session, &watch.by).await {
            Ok(by) => watched.push(Watched { watch: Watch { by, ..watch }, before, after: None }),
            Err(error) => tracing::debug!(%error, "what a change left cannot be watched"),
        }
    }
    watched
}

/// The same calls on objects that are named by their unique ids.
pub(super) async fn pinned(session: &Session, calls: Vec<MethodCall>) -> Result<Vec<MethodCall>, CallError> {
    let mut made = Vec::with_capacity(calls.len());
    for call in calls {
        made.push(pinned_call(session, &call).await?);
    }
    Ok(made)
}

pub(super) async fn pinned_call(session: &Session, call: &MethodCall) -> Result<MethodCall, CallError> {
    let on = match &call.on {
        Locator::Graph { of, layer } => {
            Locator::Graph { of: Box::new(by_id(session, of).await?), layer: *layer }
        }
        other => by_id(session, other).await?,
    };
    Ok(MethodCall { on, ..call.clone() })
}

/// The same object by its unique id, where its class has those.
async fn by_id(session: &Session, locator: &Locator) -> Result<Locator, CallError> {
    match Locator::by_id(locator.class(), "") {
        Some(_) => session.by_id(locator).await,
        None => Ok(locator.clone()),
    }
}

/// The same call with its object and the objects among its arguments by their unique ids.
pub(super) async fn with_arguments(session: &Session, call: &MethodCall) -> Result<MethodCall, CallError> {
    let mut call = pinned_call(session, call).await?;
    let mut objects: Vec<&mut Locator> = Vec::new();
    call.args.iter_mut().for_each(|arg| objects_in(arg, &mut objects));
    for object in objects {
        *object = by_id(session, object).await?;
    }
    Ok(call)
}

fn objects_in<'v>(value: &'v mut Value, objects: &mut Vec<&'v mut Locator>) {
    match value {
        Value::Object(object) => objects.push(&mut object.locator),
        Value::List(values) => values.iter_mut().for_each(|value| objects_in(value, objects)),
        Value::Map(entries) => entries.values_mut().for_each(|value| objects_in(value, objects)),
        _ => {}
    }
}
