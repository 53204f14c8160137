//! Copies of timelines, made before a change that nothing else takes back.

use std::pin::Pin;

use resolve_api::wire::MethodCall;
use resolve_api::{Fault, Key, Locator, Value};
use serde::{Deserialize, Serialize};

use super::structure::Structure;
use crate::error::CallError;
use crate::item::Item;
use crate::session::Session;
use crate::timeline_survey::Survey;
use crate::track::Tracks;
use crate::typed::CURRENT_TIMELINE;

/// The most items of a timeline that is copied: more take longer than a call may wait for, and are copied by hand.
const MOST_ITEMS: usize = 2_000;

/// Names that are tried for a copy. [`super::MOST_COPIES`] are kept; as many again may stay behind of other projects' ways.
const NAMES: usize = 50;

/// A copy of a timeline that is kept for an undo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copied {
    /// The unique id of the timeline.
    pub timeline: String,
    /// The unique id of the copy.
    pub copy: String,
    /// The unique ids of the items and of their copies.
    pub items: Vec<(String, String)>,
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
}

/// A copy, and the calls with which it takes the place of the timeline.
pub(super) struct Copy {
    pub(super) copied: Copied,
    pub(super) back: Vec<MethodCall>,
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
    Box::pin(copied(session, on))
}

async fn copied(session: &Session, on: &Locator) -> Result<Copy, String> {
    let failed = |error: CallError| format!("the timeline could not be copied before: {error}");
    let Standing { survey, tracks, items } = standing(session, on).await.map_err(failed)?;
    let items = items?;
    let before = session.structure(&survey, &tracks).await.map_err(failed)?;
    let timeline = survey.timeline.clone();
    let name = session.text(&timeline, "GetName", []).await.map_err(failed)?;
    let copy = duplicate(session, &timeline, &name).await?;
    let shown = session.current_timeline().await.map_err(failed)?;
    if survey.is_current && shown.as_ref() != Some(&timeline) {
        let show = vec![Value::object(timeline.clone())];
        session.ask(Locator::Project, "SetCurrentTimeline", show).await.map_err(failed)?;
    }
    let copies = standing(session, &copy).await.map_err(failed)?.items?;
    let places = |items: &[Item]| -> Vec<(&'static str, i64, i64, i64)> {
        items.iter().map(|item| (item.track_type, item.track, item.start, item.duration)).collect()
    };
    if places(&items) != places(&copies) {
        delete(session, &copy).await;
        return Err("its copy came out different, so it was not kept".to_owned());
    }
    let id = |locator: &Locator| locator.id().unwrap_or_default().to_owned();
    let pair = |(item, copy): (&Item, &Item)| (item.id().to_owned(), copy.id().to_owned());
    let copied = Copied {
        timeline: id(&timeline),
        copy: id(&copy),
        items: items.iter().zip(&copies).map(pair).collect(),
        before,
        after: Structure::new(),
    };
    let on_project = |method: &str, of: &Locator| {
        MethodCall::new(Locator::Project, method, vec![Value::object(of.clone())])
    };
    let renamed = |of: &Locator, name: String| MethodCall::new(of.clone(), "SetName", vec![name.into()]);
    let back = vec![
        // A timeline that is shown is not deleted.
        on_project("SetCurrentTimeline", &copy),
        renamed(&timeline, format!("{name} - taken back {}", &copied.copy.get(..8).unwrap_or("now"))),
        renamed(&copy, name),
        MethodCall::new(
            Locator::MediaPool,
            "DeleteTimelines",
            vec![Value::List(vec![Value::object(timeline.clone())])],
        ),
    ];
    Ok(Copy { copied, back })
}

/// Deletes a copy that is not needed any more; one that is gone already is as well.
pub(super) async fn delete(session: &Session, copy: &Locator) {
    let copies = vec![Value::List(vec![Value::object(copy.clone())])];
    if let Err(error) = session.ask(Locator::MediaPool, "DeleteTimelines", copies).await {
        tracing::debug!(%error, "a copy of a timeline could not be deleted");
    }
}

/// What a timeline says of itself and what stands on it; the inner error where that is too much.
struct Standing {
    survey: Survey,
    tracks: Tracks,
    items: Result<Vec<Item>, String>,
}

async fn standing(session: &Session, on: &Locator) -> Result<Standing, CallError> {
    let survey = session.survey(on, true).await?;
    let tracks = session.tracks(&survey).await?;
    let total = tracks.total();
    let items = if total > MOST_ITEMS {
        Err(format!("it has {total} items, and {MOST_ITEMS} at most are copied; duplicate it before by hand"))
    } else {
        Ok(session.items(&survey.timeline, &tracks.parts(0..total)).await?)
    };
    Ok(Standing { survey, tracks, items })
}

/// A duplicate under the first name that is free.
async fn duplicate(session: &Session, timeline: &Locator, name: &str) -> Result<Locator, String> {
    for number in 1..=NAMES {
        let name = format!("{name} - before {number}");
        match session.ask(timeline.clone(), "DuplicateTimeline", vec![name.into()]).await {
            Ok(Value::Object(copy)) => {
                return session.by_id(&copy.locator).await.map_err(|error| error.to_string());
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
