//! Which copies of timelines are kept: not too many, none that nobody can use any more, and none in the way of a deletion.

use std::collections::HashMap;
use std::pin::Pin;

use resolve_api::batch::{Batch, BatchStep, MAX_STEPS, StepOutcome, Target};
use resolve_api::wire::MethodCall;
use resolve_api::{Fault, Key, Locator, Value};

use super::pool::{self, Folders};
use super::timeline_copy::{self, Copied, Copy, Standing};
use super::watched::Watched;
use super::{Kept, MOST_COPIES, Recorder, lock};
use crate::error::CallError;
use crate::item::items_of;
use crate::listing::Listed;
use crate::session::Session;

/// Why an undo cannot be put back that changes many items, or deletes a timeline.
const NOT_FOR_AN_UNDO: &str = "no copy of the timeline is made for what an undo does";

/// Why a change cannot be taken back once what its copy shows was deleted.
const CLIPS_DELETED: &str = "the copy of the timeline is gone, since its clips were deleted";

/// Timelines that are looked through for the name of one that shows a clip.
const MOST_LOOKED_THROUGH: usize = 100;

/// A copy and the entry of the journal that keeps it.
type OfEntry = (i64, Copied);

impl Recorder {
    /// Copies the timeline, unless an earlier write of this call has.
    pub(super) async fn keep_timeline(&self, session: &Session, on: &Locator) -> Result<Kept, String> {
        if !self.copies {
            return Err(NOT_FOR_AN_UNDO.to_owned());
        }
        let timeline = timeline_copy::meant(session, on).await?;
        let covered = self.record.as_ref().is_some_and(|record| {
            let collected = lock(record);
            let copied = collected.record.steps.iter().filter_map(|step| step.copied.as_ref());
            copied.into_iter().any(|copied| timeline.id() == Some(&copied.timeline))
        });
        if covered {
            return Ok(Kept::Covered);
        }
        timeline_copy::copy(session, &timeline).await.map(|copy| Kept::Timeline(Box::new(copy)))
    }

    /// Copies the timelines that a call deletes.
    pub(super) fn keep_timelines<'a>(
        &'a self,
        session: &'a Session,
        call: &'a MethodCall,
    ) -> Pin<Box<dyn Future<Output = Result<Kept, String>> + Send + 'a>> {
        // Each of its calls looks for what takes it back, and finds that it only reads.
        Box::pin(async move {
            let timelines = pool::ids(session, call).await?;
            let timelines = timelines.into_iter().map(|id| Locator::Timeline(Key::Id(id))).collect();
            let copies = self.keep_deleted(session, timelines).await?;
            let label = call.label();
            Ok(Kept::Steps(copies.into_iter().map(|copy| copy.step(&label)).collect()))
        })
    }

    /// Copies timelines that are about to be deleted.
    ///
    /// # Errors
    /// Why they cannot be, in words.
    pub(super) async fn keep_deleted(
        &self,
        session: &Session,
        timelines: Vec<Locator>,
    ) -> Result<Vec<Copy>, String> {
        if !timelines.is_empty() && !self.copies {
            return Err(NOT_FOR_AN_UNDO.to_owned());
        }
        if timelines.is_empty() {
            return Ok(Vec::new());
        }
        let all = fit(session, &timelines).await?;
        let mut lie_in = lie_in(session, &timelines).await;
        let mut copies: Vec<Copy> = Vec::new();
        for (timeline, standing) in timelines.iter().zip(all) {
            let lies_in = timeline.id().and_then(|id| lie_in.remove(id));
            match timeline_copy::before_a_deletion(session, standing, lies_in).await {
                Ok(copy) => copies.push(copy),
                Err(why) => {
                    for copy in copies {
                        timeline_copy::delete(session, &copy.copied).await;
                    }
                    return Err(why);
                }
            }
        }
        Ok(copies)
    }

    /// Deletes the copies of the oldest changes of this project, so that so many more may be kept.
    pub(super) async fn drop_old_copies(&self, session: &Session, more: usize) {
        let of_this_call = self.record.as_ref().map_or(0, |record| {
            lock(record).record.steps.iter().filter(|step| step.copied.is_some()).count()
        });
        let mut kept = of_this_call + more;
        let mut over = Vec::new();
        for (entry, copies) in by_entry(session.kept_copies().await) {
            kept += copies.len();
            if kept > MOST_COPIES {
                over.push((entry, copies));
            }
        }
        let why = format!("the copy of the timeline is gone: the {MOST_COPIES} latest are kept");
        self.drop_copies(session, over, &why).await;
    }

    /// Deletes what an undo has replaced once something else was changed since: nobody can put it back any more.
    pub(super) async fn drop_spent_copies(&self, session: &Session) {
        let Some(journal) = session.journal().filter(|_| self.copies) else { return };
        let Some(project) = session.project_id().await else { return };
        let spent = journal.spent_copies(&project).unwrap_or_else(|error| {
            tracing::warn!(%error, "which copies of timelines nobody needs cannot be read");
            Vec::new()
        });
        let why = "something else was changed since it was taken back";
        self.drop_copies(session, by_entry(spent), why).await;
    }

    async fn drop_copies(&self, session: &Session, of: Vec<(i64, Vec<Copied>)>, why: &str) {
        let Some(journal) = session.journal() else { return };
        for (entry, copies) in of {
            for copied in &copies {
                timeline_copy::delete(session, copied).await;
            }
            if let Err(error) = journal.drop_copies(entry, why) {
                tracing::warn!(%error, "that a copy of a timeline is gone cannot be noted");
            }
        }
    }

    /// Deletes the copies that show the clips or timelines which a call is about to delete, or lie in a folder of those:
    /// what a timeline shows is not deleted, and nobody else shows it who has a say.
    pub(super) fn free_of_copies<'a>(
        &'a self,
        session: &'a Session,
        call: &'a MethodCall,
    ) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>> {
        Box::pin(async move {
            let kept = by_entry(session.kept_copies().await);
            if kept.is_empty() {
                return;
            }
            let clips = session.doomed_by(call).await;
            let used = session.used(&clips).await.unwrap_or_else(|_| clips.clone());
            let mut of = Vec::new();
            for (entry, copies) in kept {
                let mut is_in_the_way = false;
                for copied in &copies {
                    let own = timeline_copy::clip_of(session, &copied.copy()).await;
                    let shown = match used.is_empty() {
                        true => Vec::new(),
                        false => session.shown_on(&copied.copy()).await.unwrap_or_default(),
                    };
                    is_in_the_way |= own.iter().any(|clip| clips.contains(clip));
                    is_in_the_way |= shown.iter().any(|clip| used.contains(clip));
                }
                if is_in_the_way {
                    of.push((entry, copies));
                }
            }
            self.drop_copies(session, of, CLIPS_DELETED).await;
        })
    }
}

impl Session {
    /// The copies that are kept in the open project with the entries of the journal that keep them, the newest first.
    pub(super) async fn kept_copies(&self) -> Vec<OfEntry> {
        let (Some(journal), Some(project)) = (self.journal(), self.project_id().await) else {
            return Vec::new();
        };
        journal.copies(&project).unwrap_or_else(|error| {
            tracing::warn!(%error, "which copies of timelines are kept cannot be read");
            Vec::new()
        })
    }

    /// How often the copies that are kept show each clip: nobody's use, though Resolve counts it.
    ///
    /// # Errors
    /// Those of the calls.
    pub(super) async fn uses_on_copies(&self) -> Result<HashMap<String, i64>, CallError> {
        let mut uses = HashMap::new();
        for (_, copied) in self.kept_copies().await {
            for clip in self.shown_on(&copied.copy()).await? {
                *uses.entry(clip).or_insert(0) += 1;
            }
        }
        Ok(uses)
    }

    /// The names of the timelines that show a clip, copies that are kept aside.
    ///
    /// # Errors
    /// Those of the calls.
    pub(super) async fn timelines_that_show(&self, clip: &str) -> Result<Vec<String>, CallError> {
        let copies = self.kept_copies().await;
        let mut names = Vec::new();
        for (_, timeline) in self.timelines(MOST_LOOKED_THROUGH).await?.1 {
            let is_copy = copies.iter().any(|(_, copied)| timeline.id() == Some(&copied.copy));
            if !is_copy && self.shown_on(&timeline).await?.iter().any(|shown| shown == clip) {
                let name = self.ask(timeline, "GetName", vec![]).await?;
                names.push(name.as_str().unwrap_or_default().to_owned());
            }
        }
        Ok(names)
    }

    /// The timelines among clips of the media pool, and the clips that are none.
    ///
    /// # Errors
    /// Those of the hops.
    pub(super) async fn timelines_among(
        &self,
        clips: Vec<String>,
    ) -> Result<(Vec<Locator>, Vec<String>), CallError> {
        let (mut timelines, mut others) = (Vec::new(), Vec::new());
        for clips in clips.chunks(MAX_STEPS) {
            let step = |id: &String| {
                let clip = Locator::MediaPoolItem(Key::Id(id.clone()));
                BatchStep::new(Target::Object(clip), "GetTimeline", [])
            };
            let batch = Batch { steps: clips.iter().map(step).collect(), go_on: true };
            for (clip, outcome) in clips.iter().zip(self.batch(batch).await?) {
                match outcome {
                    StepOutcome::Value(Value::Object(timeline)) => {
                        timelines.push(self.by_id(&timeline.locator).await?);
                    }
                    _ => others.push(clip.clone()),
                }
            }
        }
        Ok((timelines, others))
    }

    /// Those of clips that some timeline shows, or of which that is not told.
    async fn used(&self, clips: &[String]) -> Result<Vec<String>, CallError> {
        let call = |id: &String| {
            let clip = Locator::MediaPoolItem(Key::Id(id.clone()));
            MethodCall::new(clip, "GetClipProperty", ["Usage".into()])
        };
        let uses = self.all(clips.iter().map(call).collect()).await?;
        let is_used = |uses: &Option<Value>| {
            !matches!(uses, Some(Value::Str(text)) if text == "0") && *uses != Some(Value::Int(0))
        };
        let used = clips.iter().zip(&uses).filter(|(_, uses)| is_used(uses));
        Ok(used.map(|(clip, _)| clip.clone()).collect())
    }

    /// The unique ids of the clips that a call deletes, those that stand for timelines among them.
    async fn doomed_by(&self, call: &MethodCall) -> Vec<String> {
        if call.method == "DeleteFolders" {
            return super::folders::all_inside(self, call).await;
        }
        let ids = pool::ids(self, call).await.unwrap_or_default();
        if call.method == "DeleteClips" {
            return ids;
        }
        let mut clips = Vec::new();
        for id in ids {
            clips.extend(timeline_copy::clip_of(self, &Locator::Timeline(Key::Id(id))).await);
        }
        clips
    }

    /// The unique ids of the clips that stand on a timeline, one for each item; none of one that is gone.
    async fn shown_on(&self, timeline: &Locator) -> Result<Vec<String>, CallError> {
        let survey = match self.survey(timeline, false).await {
            Ok(survey) => survey,
            Err(CallError::Fault(fault)) if !matches!(fault, Fault::NotConnected { .. }) => {
                return Ok(Vec::new());
            }
            Err(error) => return Err(error),
        };
        let tracks = self.tracks(&survey).await?;
        let listed = |(track, part)| Listed { by: items_of(&survey.timeline, track), part };
        let lists: Vec<Listed> = tracks.parts(0..tracks.total()).into_iter().map(listed).collect();
        let columns = self.columns(&lists, "TimelineItem", &["GetMediaPoolItem"]).await?;
        let clips = columns.into_iter().flatten().flatten().flatten();
        Ok(clips.filter_map(|clip: Value| clip.as_object()?.id().map(str::to_owned)).collect())
    }
}

/// Whether the timelines that a call deletes can be copied before.
///
/// # Errors
/// Why not, in words.
pub(crate) async fn timelines_can_be_kept(session: &Session, call: &MethodCall) -> Result<(), String> {
    let ids = pool::ids(session, call).await?;
    let timelines: Vec<Locator> = ids.into_iter().map(|id| Locator::Timeline(Key::Id(id))).collect();
    fit(session, &timelines).await.map(drop)
}

/// Whether the clips that a call deletes can be imported again, and the timelines among them copied.
///
/// # Errors
/// Why not, in words.
pub(crate) async fn clips_can_be_kept(session: &Session, call: &MethodCall) -> Result<(), String> {
    let ids = pool::ids(session, call).await?;
    let (timelines, ids) = session.timelines_among(ids).await.map_err(|error| error.to_string())?;
    fit(session, &timelines).await?;
    super::clips::doomed(session, &ids).await.map(drop)
}

/// Whether the folders that a call deletes can be made anew.
///
/// # Errors
/// Why not, in words.
pub(crate) async fn folders_can_be_kept(session: &Session, call: &MethodCall) -> Result<(), String> {
    let timelines = super::folders::can_be_kept(session, call).await?;
    fit(session, &timelines).await.map(drop)
}

/// What shows in which folders timelines lie, by their unique ids; nothing of one of which that cannot be told.
async fn lie_in(session: &Session, timelines: &[Locator]) -> HashMap<String, Watched> {
    let mut clips = Vec::new();
    for timeline in timelines {
        clips.extend(timeline.id().map(str::to_owned).zip(timeline_copy::clip_of(session, timeline).await));
    }
    let wanted: Vec<String> = clips.iter().map(|(_, clip)| clip.clone()).collect();
    let Ok(folders) = Folders::read(session).await else { return HashMap::new() };
    let found = pool::clips(session, &folders, &wanted).await.unwrap_or_default();
    let watched = |(id, clip): (String, String)| Some((id, pool::lies_in(found.get(&clip)?, &clip)));
    clips.into_iter().filter_map(watched).collect()
}

/// What stands on timelines, if they are neither too many nor too large to be copied for one call.
async fn fit(session: &Session, timelines: &[Locator]) -> Result<Vec<Standing>, String> {
    if timelines.len() > MOST_COPIES {
        return Err(format!("{} timelines are deleted, and {MOST_COPIES} copies are kept", timelines.len()));
    }
    let (mut all, mut items) = (Vec::new(), 0);
    for timeline in timelines {
        let failed = |error: CallError| format!("the timeline could not be read: {error}");
        let standing = timeline_copy::standing(session, timeline).await.map_err(failed)?;
        items += standing.tracks.total();
        timeline_copy::at_most(items)?;
        all.push(standing);
    }
    Ok(all)
}

/// The copies of each entry, in their order.
fn by_entry(copies: Vec<OfEntry>) -> Vec<(i64, Vec<Copied>)> {
    let mut entries: Vec<(i64, Vec<Copied>)> = Vec::new();
    for (entry, copied) in copies {
        match entries.last_mut().filter(|(last, _)| *last == entry) {
            Some((_, of)) => of.push(copied),
            None => entries.push((entry, vec![copied])),
        }
    }
    entries
}
