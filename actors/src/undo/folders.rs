//! Folders of the media pool that a call deletes: made anew, with the clips and timelines that lie in them.

use resolve_api::facts::watch::{Part, Watch};
use resolve_api::wire::MethodCall;
use resolve_api::{Locator, Value};

use super::clips::{self, Doomed};
use super::pool::{self, Folders};
use super::timeline_copy::Copy;
use super::{Remade, Step, Watched, folder_file};
use crate::error::CallError;
use crate::session::Session;

/// What lies in folders that are deleted.
pub(super) struct Inside {
    pub(super) folders: Folders,
    /// The places of the folders that are named.
    pub(super) tops: Vec<usize>,
    /// The places of these and of all folders in them, outer ones first.
    all: Vec<usize>,
    /// The unique ids of the clips that lie in them.
    pub(super) clips: Vec<String>,
    /// The timelines that lie in them.
    pub(super) timelines: Vec<Locator>,
}

/// Looks into folders that are about to be deleted.
///
/// # Errors
/// Why that cannot be told, in words.
pub(super) async fn inside(session: &Session, write: &MethodCall) -> Result<Inside, String> {
    let deleted = pool::ids(session, write).await?;
    let folders = Folders::read(session).await?;
    let tops: Option<Vec<usize>> = deleted.iter().map(|id| folders.find(id)).collect();
    let tops = tops.ok_or("a folder of them was not found in the media pool")?;
    let all: Vec<usize> = (0..folders.0.len()).filter(|place| folders.is_in(*place, &tops)).collect();
    let mut ids = Vec::new();
    for (_, of) in pool::clips_of(session, all.iter().map(|place| &folders.0[*place])).await? {
        ids.extend(of);
    }
    let failed = |error: CallError| format!("the clips of the folders could not be read: {error}");
    let (timelines, clips) = session.timelines_among(ids).await.map_err(failed)?;
    Ok(Inside { folders, tops, all, clips, timelines })
}

/// What a look has shown, where all of it can be restored.
struct Look {
    inside: Inside,
    how: How,
}

/// How it can be.
enum How {
    /// These clips are imported again, and the timelines copied.
    Clips(Vec<Doomed>),
    /// They cannot, for this reason: the timelines show them, or no file is behind them. A file of the folder may hold them.
    File(String),
}

/// Whether folders that are about to be deleted can be made anew with all that lies in them.
///
/// # Errors
/// Why not, in words.
async fn look(session: &Session, write: &MethodCall) -> Result<Look, String> {
    let inside = inside(session, write).await?;
    if inside.all.iter().any(|place| inside.folders.0[*place].parent.is_none()) {
        return Err("the top folder is never made anew".to_owned());
    }
    let how = clips::doomed(session, &inside.clips).await.map_or_else(How::File, How::Clips);
    Ok(Look { inside, how })
}

/// What takes the deletion of folders back: the folders and their clips are one step, and each timeline is one.
///
/// # Errors
/// Why nothing does, in words.
pub(super) async fn before_a_deletion(session: &Session, write: &MethodCall) -> Result<Vec<Step>, String> {
    let Look { inside, how } = look(session, write).await?;
    let label = write.label();
    let doomed = match how {
        How::Clips(doomed) => doomed,
        How::File(why) => {
            let kept = folder_file::before_a_deletion(session, &label, &inside).await;
            return kept.map_err(|other| neither(&why, &other));
        }
    };
    let mut steps = Vec::new();
    for copy in session.recorder().keep_deleted(session, inside.timelines.clone()).await? {
        steps.push(moved_out(session, &inside, copy).await?.step(&label));
    }
    steps.push(made_anew(label, &inside, doomed));
    Ok(steps)
}

/// Moves the copy of a timeline out of a folder that is deleted; it is moved into the new one when that is taken back.
async fn moved_out(session: &Session, inside: &Inside, mut copy: Copy) -> Result<Copy, String> {
    let lies_in = copy.watched.iter().find_map(|watched| inside.folders.find(watched.watch.by.on.id()?));
    let Some(folder) = lies_in else { return Ok(copy) };
    let top = inside.tops.iter().find(|top| inside.folders.is_in(folder, &[**top]));
    let above = top.and_then(|top| inside.folders.0[*top].parent).unwrap_or_default();
    let failed = |error: CallError| format!("the copy of a timeline could not be moved out: {error}");
    let clip = super::timeline_copy::clip_of(session, &copy.copied.copy()).await;
    let clip = clip.ok_or("it is not told where the copy of a timeline lies")?;
    let clips = Value::List(vec![Value::object(clips::locator(&clip))]);
    let into = |place: usize| Value::object(pool::by_id(&inside.folders.0[place].id));
    let out = vec![clips.clone(), into(above)];
    session.ask(Locator::MediaPool, "MoveClips", out).await.map_err(failed)?;
    copy.back.insert(0, MethodCall::new(Locator::MediaPool, "MoveClips", [clips, into(folder)]));
    Ok(copy)
}

/// Whether folders that a call deletes can be restored.
///
/// # Errors
/// Why not, in words.
pub(super) async fn can_be_kept(session: &Session, write: &MethodCall) -> Result<Vec<Locator>, String> {
    let Look { inside, how } = look(session, write).await?;
    if let How::File(why) = how {
        let kept = folder_file::can_be_kept(session, &inside).await;
        kept.map_err(|other| neither(&why, &other))?;
        return Ok(Vec::new());
    }
    Ok(inside.timelines)
}

/// Why folders can be restored in none of the two ways.
fn neither(why: &str, other: &str) -> String {
    format!("{why}; nor can its file restore it: {other}")
}

/// The step that makes folders and their clips anew.
fn made_anew(method: String, inside: &Inside, doomed: Vec<Doomed>) -> Step {
    let Inside { folders, all, .. } = inside;
    let (mut back, mut remade, mut watched) = (Vec::new(), Vec::new(), Vec::new());
    for place in all {
        let folder = &folders.0[*place];
        let Some(parent) = folder.parent else { continue };
        let above = pool::by_id(&folders.0[parent].id);
        remade.push(Remade { call: back.len(), was: folder.id.clone() });
        let args = vec![Value::object(above.clone()), folder.name.as_str().into()];
        back.push(MethodCall::new(Locator::MediaPool, "AddSubFolder", args));
        let by = MethodCall::new(above, "GetSubFolderList", []);
        let part = Part::Has(Value::object(pool::by_id(&folder.id)));
        watched.push(Watched { watch: Watch { by, part }, before: Some(true.into()), after: None });
    }
    for clip in doomed {
        watched.push(clip.watched());
        remade.push(Remade { call: back.len(), was: clip.id.clone() });
        back.push(clip.back());
    }
    Step { method, back, remade, watched, ..Step::default() }
}

/// The unique ids of all that stands for something in folders, for what must be out of the way before.
pub(super) async fn all_inside(session: &Session, write: &MethodCall) -> Vec<String> {
    let Ok(inside) = inside(session, write).await else { return Vec::new() };
    let mut all = inside.clips;
    for timeline in &inside.timelines {
        all.extend(super::timeline_copy::clip_of(session, timeline).await);
    }
    all
}
