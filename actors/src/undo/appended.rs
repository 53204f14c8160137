//! Items that a call puts at the end of the timeline that is shown, and tracks that it adds for them.

use resolve_api::facts::watch::{Part, Watch};
use resolve_api::wire::MethodCall;
use resolve_api::{Locator, Value};

use super::watched::{self, MOST_WATCHED};
use super::{Step, Watched};
use crate::error::CallError;
use crate::session::Session;
use crate::track::KINDS;
use crate::typed::CURRENT_TIMELINE;

/// What is read of each item that was placed: somebody may have changed it since.
const OF_AN_ITEM: [&str; 2] = ["GetStart", "GetEnd"];

/// The timeline that is shown, and how many tracks of each of [`KINDS`] it has.
pub(super) struct Before {
    timeline: Locator,
    tracks: Vec<i64>,
}

/// Looks at the timeline before a call.
///
/// # Errors
/// Why that is not possible, in words.
pub(super) async fn before(session: &Session) -> Result<Before, String> {
    let failed = |error: CallError| format!("the timeline could not be read: {error}");
    let timeline = session.by_id(&CURRENT_TIMELINE).await.map_err(failed)?;
    let tracks = counts(session, &timeline).await.map_err(failed)?;
    Ok(Before { timeline, tracks })
}

fn count_of(timeline: &Locator, kind: &'static str) -> MethodCall {
    MethodCall::new(timeline.clone(), "GetTrackCount", [kind.into()])
}

async fn counts(session: &Session, timeline: &Locator) -> Result<Vec<i64>, CallError> {
    let counts = session.all(KINDS.map(|kind| count_of(timeline, kind)).to_vec()).await?;
    Ok(counts.into_iter().map(|count| count.and_then(|count| count.as_int()).unwrap_or(0)).collect())
}

/// What takes it back: the items go, and then the tracks that are left empty.
///
/// # Errors
/// Why nothing does, in words.
pub(super) async fn after(
    session: &Session,
    method: String,
    before: Before,
    answer: &Value,
) -> Result<Step, String> {
    let Before { timeline, tracks } = before;
    let placed: Vec<Value> =
        answer.as_list().unwrap_or_default().iter().filter(|item| **item != Value::Null).cloned().collect();
    if placed.is_empty() {
        return Err("what was there before does not tell how it is put back".to_owned());
    }
    let now = counts(session, &timeline).await.map_err(|error| error.to_string())?;
    let mut step = Step { method, ..Step::default() };
    for item in placed.iter().filter_map(Value::as_object) {
        step.watched.extend(watched::made(OF_AN_ITEM.map(|read| MethodCall::new(item.clone(), read, []))));
    }
    step.watched.truncate(MOST_WATCHED);
    step.back.push(MethodCall::new(timeline.clone(), "DeleteClips", [Value::List(placed)]));
    for ((kind, was), is) in KINDS.into_iter().zip(tracks).zip(now) {
        for track in (was + 1..=is).rev() {
            step.back.push(MethodCall::new(timeline.clone(), "DeleteTrack", [kind.into(), track.into()]));
        }
        if was != is {
            let watch = Watch { by: count_of(&timeline, kind), part: Part::Whole };
            step.watched.push(Watched { watch, before: Some(was.into()), after: Some(is.into()) });
        }
    }
    Ok(step)
}
