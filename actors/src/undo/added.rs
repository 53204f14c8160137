//! What a call brings into the media pool beside what it answers: the pool is looked through before it and after it.

use std::collections::HashMap;

use resolve_api::facts::watch::{Part, Watch};
use resolve_api::wire::MethodCall;
use resolve_api::{Key, Locator, Value};

use super::pool::{self, Folders};
use super::watched::{self, MOST_WATCHED};
use super::{Step, Watched, clips};
use crate::error::CallError;
use crate::session::Session;

/// What is read of a timeline that was made: somebody may have used it since.
const OF_A_TIMELINE: [&str; 3] = ["GetName", "GetEndFrame", "GetMarkers"];

/// What is read of a folder that was made.
const OF_A_FOLDER: [&str; 2] = ["GetClipList", "GetSubFolderList"];

/// The media pool, and the timeline that is shown.
pub(super) struct Before {
    pool: Pool,
    shown: Option<Locator>,
}

/// Which folders there are, and in which of them each clip lies.
struct Pool {
    folders: Folders,
    clips: HashMap<String, String>,
    /// The unique ids of the clips, in the order of the folders.
    order: Vec<String>,
}

impl Pool {
    async fn read(session: &Session) -> Result<Self, String> {
        let folders = Folders::read(session).await?;
        let (mut clips, mut order) = (HashMap::new(), Vec::new());
        for (folder, ids) in pool::clips_of(session, &folders.0).await? {
            order.extend(ids.iter().cloned());
            clips.extend(ids.into_iter().map(|id| (id, folder.id.clone())));
        }
        Ok(Self { folders, clips, order })
    }
}

/// Looks through the media pool before a call.
///
/// # Errors
/// Why it cannot be looked through, in words.
pub(super) async fn before(session: &Session) -> Result<Before, String> {
    let pool = Pool::read(session).await?;
    let shown = session.current_timeline().await.map_err(|error| error.to_string())?;
    Ok(Before { pool, shown })
}

/// What takes a call back, from what is there after it.
///
/// # Errors
/// Why nothing does, in words.
pub(super) async fn after(session: &Session, method: String, before: Before) -> Result<Step, String> {
    let now = Pool::read(session).await?;
    let was = &before.pool;
    if let Some(gone) = was.order.iter().find(|id| !now.clips.contains_key(*id)) {
        return Err(format!(
            "it took the clip {gone} out of the media pool, and no call puts the same in again"
        ));
    }
    let new: Vec<String> = now.order.iter().filter(|id| !was.clips.contains_key(*id)).cloned().collect();
    let failed = |error: CallError| format!("what it made could not be read: {error}");
    let (timelines, made) = session.timelines_among(new).await.map_err(failed)?;
    let is_new = |place: &usize| was.folders.find(&now.folders.0[*place].id).is_none();
    let folders: Vec<usize> = (0..now.folders.0.len()).filter(is_new).collect();
    let outer =
        |place: &&usize| !now.folders.0[**place].parent.is_some_and(|parent| folders.contains(&parent));
    let outer: Vec<usize> = folders.iter().filter(outer).copied().collect();
    let mut step = Step { method, ..Step::default() };
    let shown = session.current_timeline().await.map_err(failed)?;
    if let (true, Some(shown)) = (before.shown != shown, &before.shown) {
        step.back.push(MethodCall::new(
            Locator::Project,
            "SetCurrentTimeline",
            [Value::object(shown.clone())],
        ));
    }
    let objects = |all: &[Locator]| Value::List(all.iter().cloned().map(Value::object).collect());
    let mut call = |method: &str, args: Vec<Value>| {
        step.back.push(MethodCall::new(Locator::MediaPool, method, args));
    };
    if !timelines.is_empty() {
        call("DeleteTimelines", vec![objects(&timelines)]);
    }
    let made: Vec<Locator> = made.iter().map(|id| clips::locator(id)).collect();
    if !made.is_empty() {
        call("DeleteClips", vec![objects(&made)]);
    }
    let moved: Vec<(&String, &String)> =
        was.order.iter().filter_map(|id| Some((id, was.clips.get(id)?))).collect();
    let moved = moved.into_iter().filter(|(id, from)| now.clips.get(*id) != Some(*from));
    let mut watched = Vec::new();
    for (id, from) in moved {
        let from = pool::by_id(from);
        let clip = clips::locator(id);
        call("MoveClips", vec![objects(std::slice::from_ref(&clip)), Value::object(from.clone())]);
        let by = MethodCall::new(from, "GetClipList", []);
        let watch = Watch { by, part: Part::Has(Value::object(clip)) };
        watched.push(Watched { watch, before: Some(true.into()), after: None });
    }
    let outer: Vec<Locator> = outer.iter().map(|place| pool::by_id(&now.folders.0[*place].id)).collect();
    if !outer.is_empty() {
        call("DeleteFolders", vec![objects(&outer)]);
    }
    let reads = |on: &Locator, methods: &[&str]| {
        methods.iter().map(|method| MethodCall::new(on.clone(), *method, [])).collect::<Vec<_>>()
    };
    for timeline in &timelines {
        let counts = crate::track::KINDS;
        let counts = counts.map(|kind| MethodCall::new(timeline.clone(), "GetTrackCount", [kind.into()]));
        watched.extend(watched::made(reads(timeline, &OF_A_TIMELINE).into_iter().chain(counts)));
    }
    for clip in made {
        watched.extend(watched::made([MethodCall::new(clip, "GetClipProperty", ["Usage".into()])]));
    }
    for place in folders {
        let folder = Locator::Folder(Key::Id(now.folders.0[place].id.clone()));
        watched.extend(watched::made(reads(&folder, &OF_A_FOLDER)));
    }
    watched.truncate(MOST_WATCHED);
    Ok(Step { watched, ..step })
}
