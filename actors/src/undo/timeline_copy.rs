//! Copies of timelines, made before a change that nothing else takes back.

use std::pin::Pin;

use resolve_api::wire::MethodCall;
use resolve_api::{Fault, Key, Locator, Value};
use serde::{Deserialize, Serialize};

use super::structure::Structure;
use super::{Step, Watched};
use crate::error::CallError;
use crate::item::Item;
use crate::session::Session;
use crate::timeline_survey::Survey;
use crate::track::Tracks;
use crate::typed::CURRENT_TIMELINE;

/// The most items of the timelines that are copied for one call: more take longer than a call may wait for, and are copied by hand.
const MOST_ITEMS: usize = 2_000;

/// Names that are tried for a copy. [`super::MOST_COPIES`] are kept; as many again may stay behind of other projects' ways.
pub(super) const NAMES: usize = 50;

/// A copy of a timeline that is kept for an undo.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copied {
    /// The unique id of the timeline.
    pub timeline: String,
    /// The unique id of the copy.
    pub copy: String,
    /// The unique ids of the items and of their copies, and those of the clips that stand for the two in the media pool.
    pub items: Vec<(String, String)>,
    /// The name under which the copy is kept: with another one it is somebody's own timeline, and is not deleted.
    #[serde(default)]
    pub name: String,
    /// The name that the timeline gets when the copy takes its place; one that is free where none is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aside: Option<String>,
    /// Whether the call has deleted the timeline, so that there is none whose place the copy takes.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
    /// What stood on the timeline before the write; empty where it could not be read.
    #[serde(default, skip_serializing_if = "Structure::is_empty")]
    pub before: Structure,
    /// What the call left of it; empty where it could not be read.
    #[serde(default, skip_serializing_if = "Structure::is_empty")]
    pub after: Structure,
}

impl Copied {
    /// Every unique id that is another one once the copy has taken the place of the timeline.
    pub fn renamed(&self) -> impl Iterator<Item = (&str, &str)> {
        let items = self.items.iter().map(|(was, is)| (was.as_str(), is.as_str()));
        [(self.timeline.as_str(), self.copy.as_str())].into_iter().chain(items)
    }

    /// The timeline.
    pub(crate) fn timeline(&self) -> Locator {
        Locator::Timeline(Key::Id(self.timeline.clone()))
    }

    /// Its copy.
    pub(crate) fn copy(&self) -> Locator {
        Locator::Timeline(Key::Id(self.copy.clone()))
    }
}

/// A copy, and the calls with which it takes the place of the timeline.
pub(super) struct Copy {
    pub(super) copied: Copied,
    pub(super) back: Vec<MethodCall>,
    pub(super) watched: Vec<Watched>,
}

impl Copy {
    /// The step of a write of this name.
    pub(super) fn step(self, method: &str) -> Step {
        let Self { copied, back, watched } = self;
        Step { method: method.to_owned(), back, copied: Some(copied), watched, ..Step::default() }
    }
}

/// Copies a timeline and sees that the copy is like it. The timeline that is shown stays so.
///
/// # Errors
/// Why it cannot be copied, in words.
pub(super) fn copy<'a>(
    session: &'a Session,
    on: &'a Locator,
) -> Pin<Box<dyn Future<Output = Result<Copy, String>> + Send + 'a>> {
    // Each of its calls looks for what takes it back, and finds that it only reads.
    Box::pin(async move {
        let standing = standing(session, on).await.map_err(failed)?;
        copied(session, standing).await
    })
}

fn failed(error: CallError) -> String {
    format!("the timeline could not be copied before: {error}")
}

async fn copied(session: &Session, standing: Standing) -> Result<Copy, String> {
    let Standing { survey, tracks, items } = standing;
    let items = items?;
    let before = session.structure(&survey, &tracks).await.map_err(failed)?;
    let timeline = survey.timeline.clone();
    let name = session.text(&timeline, "GetName", []).await.map_err(failed)?;
    let (copy, kept_as) = duplicate(session, &timeline, &name).await?;
    let shown = session.current_timeline().await.map_err(failed)?;
    if survey.is_current && shown.as_ref() != Some(&timeline) {
        let show = vec![Value::object(timeline.clone())];
        session.ask(Locator::Project, "SetCurrentTimeline", show).await.map_err(failed)?;
    }
    let id = |locator: &Locator| locator.id().unwrap_or_default().to_owned();
    let copied =
        Copied { timeline: id(&timeline), copy: id(&copy), name: kept_as, before, ..Copied::default() };
    let copies = self::standing(session, &copy).await.map_err(failed)?.items?;
    let places = |items: &[Item]| -> Vec<(&'static str, i64, i64, i64)> {
        items.iter().map(|item| (item.track_type, item.track, item.start, item.duration)).collect()
    };
    if places(&items) != places(&copies) {
        delete(session, &copied).await;
        return Err("its copy came out different, so it was not kept".to_owned());
    }
    let pair = |(item, copy): (&Item, &Item)| (item.id().to_owned(), copy.id().to_owned());
    let mut pairs: Vec<(String, String)> = items.iter().zip(&copies).map(pair).collect();
    pairs.extend(clip_of(session, &timeline).await.zip(clip_of(session, &copy).await));
    // One call stands for all that puts the copy in its place.
    let back = vec![MethodCall::new(Locator::Project, "SetCurrentTimeline", [Value::object(copy)])];
    Ok(Copy { copied: Copied { items: pairs, ..copied }, back, watched: Vec::new() })
}

/// The unique id of the clip that stands for a timeline in the media pool; none where this build does not tell.
pub(super) async fn clip_of(session: &Session, timeline: &Locator) -> Option<String> {
    let clip = session.ask(timeline.clone(), "GetMediaPoolItem", vec![]).await.ok()?;
    let clip = session.by_id(clip.as_object()?).await.ok()?;
    clip.id().map(str::to_owned)
}

/// Copies a timeline that is about to be deleted: the copy gets its name when that is taken back, and lies in the same
/// folder, as `lies_in` shows where that is known.
///
/// # Errors
/// Why it cannot be copied, in words.
pub(super) async fn before_a_deletion(
    session: &Session,
    standing: Standing,
    lies_in: Option<Watched>,
) -> Result<Copy, String> {
    let timeline = standing.survey.timeline.clone();
    let Copy { mut copied, .. } = Box::pin(self::copied(session, standing)).await?;
    let name = session.text(&timeline, "GetName", []).await.map_err(|error| error.to_string())?;
    let back = vec![MethodCall::new(copied.copy(), "SetName", [name.into()])];
    copied.deleted = true;
    Ok(Copy { copied, back, watched: lies_in.into_iter().collect() })
}

/// How many items stand on a timeline.
///
/// # Errors
/// Why it cannot be read, in words.
pub(super) async fn items_on(session: &Session, timeline: &Locator) -> Result<usize, String> {
    let failed = |error: CallError| format!("the timeline could not be read: {error}");
    let survey = session.survey(timeline, false).await.map_err(failed)?;
    Ok(session.tracks(&survey).await.map_err(failed)?.total())
}

/// Whether the timelines of one call have so few items that they are copied.
///
/// # Errors
/// Why they are not, in words.
pub(super) fn at_most(total: usize) -> Result<(), String> {
    if total <= MOST_ITEMS {
        return Ok(());
    }
    Err(format!("it has {total} items, and {MOST_ITEMS} at most are copied; duplicate it before by hand"))
}

/// Deletes a copy that is not needed any more, unless somebody has given it another name; one that is gone already is as
/// well.
pub(super) async fn delete(session: &Session, copied: &Copied) {
    let copy = copied.copy();
    let name = session.ask(copy.clone(), "GetName", vec![]).await;
    if name.is_ok_and(|name| !copied.name.is_empty() && name.as_str() != Some(&copied.name)) {
        return;
    }
    let copies = vec![Value::List(vec![Value::object(copy)])];
    if let Err(error) = session.ask(Locator::MediaPool, "DeleteTimelines", copies).await {
        tracing::debug!(%error, "a copy of a timeline could not be deleted");
    }
}

/// What a timeline says of itself and what stands on it; the inner error where that is too much.
pub(super) struct Standing {
    pub(super) survey: Survey,
    pub(super) tracks: Tracks,
    pub(super) items: Result<Vec<Item>, String>,
}

/// Reads a timeline.
///
/// # Errors
/// Those of the calls.
pub(super) async fn standing(session: &Session, on: &Locator) -> Result<Standing, CallError> {
    let survey = session.survey(on, true).await?;
    let tracks = session.tracks(&survey).await?;
    let total = tracks.total();
    let items = match at_most(total) {
        Ok(()) => Ok(session.items(&survey.timeline, &tracks.parts(0..total)).await?),
        Err(why) => Err(why),
    };
    Ok(Standing { survey, tracks, items })
}

/// A duplicate under the first name that is free, and that name.
async fn duplicate(session: &Session, timeline: &Locator, name: &str) -> Result<(Locator, String), String> {
    for number in 1..=NAMES {
        let name = format!("{name} - before {number}");
        match session.ask(timeline.clone(), "DuplicateTimeline", vec![name.as_str().into()]).await {
            Ok(Value::Object(copy)) => {
                let copy = session.by_id(&copy.locator).await.map_err(|error| error.to_string())?;
                return Ok((copy, name));
            }
            // The name is taken, most likely.
            Ok(_) | Err(CallError::Fault(Fault::Refused { .. })) => {}
            Err(error) => return Err(format!("the timeline could not be copied before: {error}")),
        }
    }
    Err("the timeline could not be copied before: Resolve refuses a duplicate".to_owned())
}

/// The timeline that a change works on, by its id.
pub(super) async fn meant(session: &Session, on: &Locator) -> Result<Locator, String> {
    match on {
        Locator::Timeline(Key::Id(_)) => Ok(on.clone()),
        _ => session.by_id(&CURRENT_TIMELINE).await.map_err(|error| error.to_string()),
    }
}
