//! An undo that deletes the timeline that is shown: Resolve deletes none that is, so another one is shown before.

use resolve_api::wire::MethodCall;
use resolve_api::{Fault, Locator, Value};

use super::exchange;
use crate::error::CallError;
use crate::session::Session;

/// The call that deletes timelines.
const DELETE: &str = "DeleteTimelines";

/// Shows another timeline, where these calls delete the one that is shown and show no other themselves.
///
/// # Errors
/// [`Fault::Refused`] where there is no other, before any of the calls is made; those of the hops.
pub(crate) async fn leave(session: &Session, calls: &[&MethodCall]) -> Result<(), CallError> {
    let deleted: Vec<&Locator> = calls
        .iter()
        .filter(|call| call.method == DELETE)
        .filter_map(|call| call.args.first()?.as_list())
        .flatten()
        .filter_map(Value::as_object)
        .collect();
    if deleted.is_empty() || calls.iter().any(|call| call.method == "SetCurrentTimeline") {
        return Ok(());
    }
    if !session.current_timeline().await?.is_some_and(|shown| deleted.contains(&&shown)) {
        return Ok(());
    }
    let copies = session.kept_copies().await;
    for (_, other) in session.timelines(usize::MAX).await?.1 {
        let other = session.by_id(&other).await?;
        let is_copy = copies.iter().any(|(_, copied)| Some(copied.copy.as_str()) == other.id());
        if !is_copy && !deleted.contains(&&other) {
            return exchange::show(session, &other).await;
        }
    }
    let reason =
        "it is the only timeline, and Resolve deletes none that is open; create another one, then undo again";
    Err(Fault::Refused { method: format!("MediaPool.{DELETE}"), reason: Some(reason.to_owned()) }.into())
}
