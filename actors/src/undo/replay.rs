//! Puts back what an undo took back by deleting what a call had made: the same call makes it again, and it is compared
//! with what was there.

use std::collections::HashSet;
use std::pin::Pin;

use resolve_api::facts::undo::table;
use resolve_api::wire::MethodCall;
use resolve_api::{Fault, Locator};
use serde::{Deserialize, Serialize};

use super::found::{self, Found, Objects, Standing};
use super::regraded::Graded;
use super::watched::Compared;
use super::{Kept, Recorder, Step, appended, exchange, pinned, placed};
use crate::error::CallError;
use crate::guard::{self, Outcome, Proof};
use crate::operation::Answer;
use crate::session::{Session, Unrecorded};

/// Why half of an undo is not put back.
const ENDED_IN_THE_MIDDLE: &str = "what took it back ended in the middle";

/// The call that made what an undo deletes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Forth {
    /// With its objects by their unique ids.
    pub call: MethodCall,
    /// The timeline that it placed items on, the item whose grade it changed, or the folder that was shown.
    pub place: Locator,
}

/// How it is made again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Replay {
    place: Locator,
    /// What it had made, as the undo found it.
    #[serde(default)]
    found: Found,
    /// What it had changed of a grade instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    graded: Option<Graded>,
    /// A number for all that the undo left of the timeline; empty of a call that places nothing on one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    left: String,
}

impl Replay {
    fn at(place: Locator) -> Self {
        Self { place, found: Found::default(), graded: None, left: String::new() }
    }

    /// Whether it makes an object anew that had this unique id.
    pub(crate) fn makes(&self, id: &str) -> bool {
        self.found.has(id)
    }
}

/// Looks up what makes a call again, if that is a way to put it back.
pub(super) fn forth<'a>(
    session: &'a Session,
    call: &'a MethodCall,
    how: &'a Result<Kept, String>,
) -> Pin<Box<dyn Future<Output = Option<Forth>> + Send + 'a>> {
    // Each of its calls looks for what takes it back, and finds that it only reads.
    Box::pin(async move {
        if !table().is_made_again(&call.label()) {
            return None;
        }
        let place = match (how.as_ref().ok()?, &call.on) {
            (Kept::Appended(before), _) => Ok(before.timeline.clone()),
            (_, item @ Locator::TimelineItem(_)) => Ok(item.clone()),
            (_, Locator::Graph { of, .. }) => Ok((**of).clone()),
            _ => session.shown_folder().await,
        };
        let call = pinned::with_arguments(session, call).await;
        match (call, place) {
            (Ok(call), Ok(place)) => Some(Forth { call, place }),
            (Err(error), _) | (_, Err(error)) => {
                tracing::debug!(%error, "what makes a call again could not be looked up");
                None
            }
        }
    })
}

/// The undo of a step whose call is made again to put it back.
pub(crate) struct Unmaking {
    method: String,
    forth: Forth,
    look: Result<Look, String>,
    /// What nobody compares of it.
    unseen: Vec<String>,
}

/// What was there before it was taken back.
enum Look {
    /// What the call made; and the timeline, where all of that is compared.
    Made(Found, Option<Locator>),
    /// What it did to a grade.
    Graded(Graded),
}

impl Unmaking {
    /// Looks at what the call made, before the first call that deletes it. `None` where nobody wants to put it back, or
    /// nothing makes it again.
    pub(crate) async fn before(session: &Session, step: &Step) -> Option<Self> {
        let forth = step.forth.clone().filter(|_| session.recorder().collects())?;
        let objects = Objects::deleted_by(&step.back);
        let deleting = step.back.iter().find(|call| call.method.starts_with("Delete"));
        let method = deleting.map_or_else(|| step.method.clone(), MethodCall::label);
        let look = async {
            if let item @ Locator::TimelineItem(_) = &forth.place {
                let failed = |error: CallError| format!("what it changed could not be read: {error}");
                return Graded::of(session, step, item).await.map(Look::Graded).map_err(failed);
            }
            let Some((timeline, ids)) = &objects.items else {
                return Ok(Look::Made(Found::of(session, &objects).await?, None));
            };
            if found::is_compared_whole(session, timeline).await? {
                let found = Found::placed(Standing::read(session, timeline).await?, ids);
                return Ok(Look::Made(found, Some(timeline.clone())));
            }
            Ok(Look::Made(Found::alone(session, timeline, ids).await?, None))
        };
        let look = look.await;
        Some(Self { method, forth, look, unseen: step.unseen.clone() })
    }

    /// Keeps what puts it back, once it is deleted.
    pub(crate) async fn after(self, session: &Session) {
        let Self { method, forth, look, unseen } = self;
        let replay = async {
            let mut replay = Replay::at(forth.place);
            match look? {
                Look::Graded(graded) => replay.graded = Some(graded),
                Look::Made(mut found, whole) => {
                    if let Some(timeline) = whole {
                        let standing = Standing::read(session, &timeline).await?;
                        replay.left = standing.digest();
                        found.only_other_than(&standing.structure);
                    }
                    replay.found = found;
                }
            }
            Ok(replay)
        };
        let step = match replay.await {
            Ok(replay) => {
                let watched = replay.graded.as_ref().map(Graded::left).unwrap_or_default();
                let back = vec![forth.call];
                Step { back, replay: Some(replay), watched, unseen, ..Step::of(method) }
            }
            Err(why) => Step::impossible(method, why),
        };
        session.recorder().keep(session, step).await;
    }

    /// Keeps that it is not put back, since it was deleted in part.
    pub(crate) async fn failed(self, session: &Session) {
        let step = Step::impossible(self.method, ENDED_IN_THE_MIDDLE.to_owned());
        session.recorder().keep(session, step).await;
    }
}

/// What a call has made again.
pub(crate) struct Again {
    /// The answer of the call.
    pub(crate) answer: Answer,
    /// The unique ids of its parts, before and now.
    pub(crate) ids: Vec<(String, String)>,
    /// The methods by which it was compared.
    pub(crate) by: Vec<String>,
    /// What was not compared, a phrase each.
    pub(crate) left_out: Vec<String>,
    /// What is other than before, a sentence each: then it was deleted again.
    pub(crate) differences: Vec<String>,
    /// The calls that delete it.
    pub(crate) back: Vec<MethodCall>,
}

/// Makes a call again. Where it fails, or makes something else than it had made, nothing of it stays.
///
/// # Errors
/// Those of the call, and [`Fault::Refused`] where it cannot be seen what it made.
pub(crate) async fn again(session: &Session, call: &MethodCall, replay: &Replay) -> Result<Again, CallError> {
    if let Some(graded) = &replay.graded {
        return graded.again(session, call).await;
    }
    match &replay.place {
        timeline @ Locator::Timeline(_) => placed_again(session, call, replay, timeline).await,
        folder => made_again(session, call, replay, folder).await,
    }
}

/// Places items on a timeline again, which is shown from then on as it was with the first call.
async fn placed_again(
    session: &Session,
    call: &MethodCall,
    replay: &Replay,
    timeline: &Locator,
) -> Result<Again, CallError> {
    let unseen = |why: String| refused(call, why);
    let shown = session.current_timeline().await?;
    if shown.as_ref() != Some(timeline) {
        exchange::show(session, timeline).await?;
    }
    let playhead = session.text(timeline, "GetCurrentTimecode", []).await?;
    let tracks = appended::counts(session, timeline).await?;
    let before = placed::all_ids(session, timeline).await?;
    // Of what somebody else has changed since the undo the items alone can be compared.
    let standing = match replay.left.as_str() {
        "" => None,
        left => {
            let standing = Standing::read(session, timeline).await.map_err(unseen)?;
            Some(standing).filter(|standing| standing.digest() == left)
        }
    };
    // The guards take what names no kind of track for picture.
    let answer = match replay.found.is_subtitles() {
        true => session.ask(call.on.clone(), &call.method, call.args.clone()).await.map(Outcome::from),
        false => guard::guarded(&Unrecorded(session), call.clone()).await,
    };
    let before: HashSet<String> = before.into_iter().collect();
    let mut new = placed::all_ids(session, timeline).await?;
    new.retain(|id| !before.contains(id));
    let back = appended::back(timeline, &new, &tracks, &appended::counts(session, timeline).await?);
    session.restore_playhead(timeline, &playhead).await?;
    let mut was = replay.found.clone();
    let found = match standing {
        Some(standing) => {
            let now = Standing::read(session, timeline).await.map_err(unseen)?;
            let mut found = Found::placed(now, &new);
            found.only_other_than(&standing.structure);
            found
        }
        None => {
            was.only_items();
            Found::alone(session, timeline, &new).await.map_err(unseen)?
        }
    };
    let again = finished(session, answer, &was, found, back).await;
    if let (Some(shown), false) = (shown.filter(|shown| shown != timeline), is_well(&again)) {
        exchange::show(session, &shown).await?;
    }
    again
}

/// Makes timelines, clips or folders again, with the folder shown that was shown before.
async fn made_again(
    session: &Session,
    call: &MethodCall,
    replay: &Replay,
    folder: &Locator,
) -> Result<Again, CallError> {
    let shown = session.shown_folder().await?;
    if shown != *folder {
        session.show_folder(folder).await?;
    }
    let local = Recorder::collecting(false);
    let before = local.before(session, call).await;
    let answer = guard::guarded(&Unrecorded(session), call.clone()).await;
    if let Some(before) = before {
        let answer = answer.as_ref().map(|outcome| outcome.value.clone()).map_err(CallError::clone);
        local.after(session, before, &answer).await;
    }
    let steps = local.take().unwrap_or_default().steps;
    let unseen = steps.iter().find_map(|step| step.why_not.clone());
    let back: Vec<MethodCall> = steps.into_iter().rev().flat_map(|step| step.back).collect();
    let found = match (&answer, unseen) {
        (Ok(_), None) => Found::of(session, &Objects::deleted_by(&back)).await,
        (Ok(_), Some(why)) => Err(why),
        (Err(_), _) => Ok(Found::default()),
    };
    let again = match found {
        Ok(found) => finished(session, answer, &replay.found, found, back).await,
        Err(why) => {
            delete(session, &back).await?;
            Err(refused(call, format!("it cannot be seen what it made again: {why}")))
        }
    };
    if shown != *folder {
        session.show_folder(&shown).await?;
    }
    again
}

/// Compares what was made with what was there; what is not the same is deleted again.
async fn finished(
    session: &Session,
    answer: Result<Outcome, CallError>,
    was: &Found,
    found: Found,
    back: Vec<MethodCall>,
) -> Result<Again, CallError> {
    let outcome = match answer {
        Ok(outcome) => outcome,
        Err(error) => return Err(without(session, &back, error).await),
    };
    let Compared { mut differences, by, left_out } = was.compare(&found);
    clear(session, &back, &mut differences).await;
    let how = "what it made is compared with what was there before it was taken back".to_owned();
    let answer = Answer { proof: Proof::Seen { how }, ..Answer::from(outcome) };
    Ok(Again { answer, ids: was.renamed(&found), by, left_out, differences, back })
}

/// Deletes what was made again.
///
/// # Errors
/// Those of the calls.
async fn delete(session: &Session, back: &[MethodCall]) -> Result<(), CallError> {
    for call in back {
        guard::guarded(&Unrecorded(session), call.clone()).await?;
    }
    Ok(())
}

/// Deletes what is other than before, and tells if that cannot be deleted.
pub(crate) async fn clear(session: &Session, back: &[MethodCall], differences: &mut Vec<String>) {
    if differences.is_empty() {
        return;
    }
    if let Err(error) = delete(session, back).await {
        differences.push(format!("what was made again could not be deleted: {error}"));
    }
}

/// Deletes what a call has made before it failed; its error, with that of the deletion where there is one.
pub(crate) async fn without(session: &Session, back: &[MethodCall], error: CallError) -> CallError {
    // Without a connection nobody can be asked.
    if !error.can_go_on() {
        return error;
    }
    match delete(session, back).await {
        Ok(()) => error,
        Err(left) => {
            let method = back.first().map(MethodCall::label).unwrap_or_default();
            let reason = format!("{error}; and what was made until then could not be deleted again: {left}");
            Fault::Refused { method, reason: Some(reason) }.into()
        }
    }
}

fn is_well(again: &Result<Again, CallError>) -> bool {
    again.as_ref().is_ok_and(|again| again.differences.is_empty())
}

fn refused(call: &MethodCall, reason: String) -> CallError {
    Fault::Refused { method: call.label(), reason: Some(reason) }.into()
}
