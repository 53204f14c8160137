//! Items that a call puts at the end of the timeline that is shown, and tracks that it adds for them.

use std::collections::HashSet;

use resolve_api::facts::watch::{Part, Watch};
use resolve_api::wire::MethodCall;
use resolve_api::{Key, Locator, Value};

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
    pub(super) timeline: Locator,
    tracks: Vec<i64>,
    /// The unique ids of the subtitles on it.
    subtitles: HashSet<String>,
}

/// Looks at the timeline before a call.
///
/// # Errors
/// Why that is not possible, in words.
pub(super) async fn before(session: &Session) -> Result<Before, String> {
    let failed = |error: CallError| format!("the timeline could not be read: {error}");
    let timeline = session.by_id(&CURRENT_TIMELINE).await.map_err(failed)?;
    let tracks = counts(session, &timeline).await.map_err(failed)?;
    let subtitles = subtitles(session, &timeline, &tracks).await.map_err(failed)?;
    Ok(Before { timeline, tracks, subtitles })
}

fn count_of(timeline: &Locator, kind: &'static str) -> MethodCall {
    MethodCall::new(timeline.clone(), "GetTrackCount", [kind.into()])
}

/// How many tracks of each of [`KINDS`] a timeline has.
///
/// # Errors
/// Those of the hops.
pub(super) async fn counts(session: &Session, timeline: &Locator) -> Result<Vec<i64>, CallError> {
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
    let Before { timeline, tracks, subtitles } = before;
    let answered = answer.as_list().unwrap_or_default().iter();
    let mut placed: Vec<String> = answered.filter_map(id).collect();
    if placed.is_empty() {
        return Err("what was there before does not tell how it is put back".to_owned());
    }
    let failed = |error: CallError| format!("what it placed could not be read: {error}");
    let watched = placed.iter().flat_map(|id| {
        let item = Locator::TimelineItem(Key::Id(id.clone()));
        watched::made(OF_AN_ITEM.map(|read| MethodCall::new(item.clone(), read, [])))
    });
    let mut watched: Vec<Watched> = watched.take(MOST_WATCHED).collect();
    let now = counts(session, &timeline).await.map_err(failed)?;
    // Of picture and sound it answers the picture alone, and of many subtitles the first.
    let linked = placed
        .iter()
        .map(|id| MethodCall::new(Locator::TimelineItem(Key::Id(id.clone())), "GetLinkedItems", []));
    let linked = session.all(linked.collect()).await.map_err(failed)?;
    let linked = linked.iter().flatten().filter_map(Value::as_list).flatten().filter_map(id);
    let others = self::subtitles(session, &timeline, &now).await.map_err(failed)?;
    let others = others.into_iter().filter(|id| !subtitles.contains(id));
    for id in linked.chain(others).collect::<Vec<_>>() {
        if !placed.contains(&id) {
            placed.push(id);
        }
    }
    for ((kind, was), is) in KINDS.into_iter().zip(&tracks).zip(&now).filter(|((_, was), is)| was != is) {
        let watch = Watch { by: count_of(&timeline, kind), part: Part::Whole };
        watched.push(Watched { watch, before: Some((*was).into()), after: Some((*is).into()) });
    }
    Ok(Step { back: back(&timeline, &placed, &tracks, &now), watched, ..Step::of(method) })
}

/// The calls that delete items, and the tracks that a timeline has more than before.
pub(super) fn back(timeline: &Locator, placed: &[String], was: &[i64], is: &[i64]) -> Vec<MethodCall> {
    let mut calls = Vec::new();
    if !placed.is_empty() {
        let items = placed.iter().map(|id| Value::object(Locator::TimelineItem(Key::Id(id.clone()))));
        calls.push(MethodCall::new(timeline.clone(), "DeleteClips", [Value::List(items.collect())]));
    }
    for ((kind, was), is) in KINDS.into_iter().zip(was).zip(is) {
        let tracks = (was + 1..=*is).rev();
        calls.extend(
            tracks.map(|track| MethodCall::new(timeline.clone(), "DeleteTrack", [kind.into(), track.into()])),
        );
    }
    calls
}

/// The unique ids of the subtitles on a timeline with so many tracks.
async fn subtitles(
    session: &Session,
    timeline: &Locator,
    tracks: &[i64],
) -> Result<HashSet<String>, CallError> {
    let mut ids = HashSet::new();
    for track in 1..=tracks.last().copied().unwrap_or(0) {
        let items = session.track_items(timeline, KINDS[2], track).await?;
        ids.extend(items.iter().map(|item| item.id().to_owned()));
    }
    Ok(ids)
}

fn id(item: &Value) -> Option<String> {
    item.as_object()?.id().map(str::to_owned)
}
