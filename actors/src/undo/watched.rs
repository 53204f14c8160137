//! What a write changed, as it was before and as the write left it: what is something else now has been changed since.

use resolve_api::batch::{Batch, BatchStep, MAX_STEPS, StepOutcome, Target};
use resolve_api::facts::watch::{Part, Watch, unchanged};
use resolve_api::shorten::shortened;
use resolve_api::wire::MethodCall;
use resolve_api::{Fault, Key, Locator, Value};
use serde::{Deserialize, Serialize};

use super::colors::is_look;
use super::structure::{Structure, THE_TIMELINE, comparable, in_both, not_compared};
use super::{Copied, Recorder, Step};
use crate::error::CallError;
use crate::revision::differences;
use crate::session::Session;

/// Reads of one write that are kept: of more objects than this the rest is not watched, which costs as many calls.
pub(super) const MOST_WATCHED: usize = 200;

/// Characters of a value in a difference.
const LONGEST: usize = 200;

/// A read that shows what a write has changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Watched {
    /// The call, and the part of its answer.
    #[serde(flatten)]
    pub watch: Watch,
    /// What it showed before the write, where that was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// What it showed after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
}

/// Which of the two what is there now is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// As it was before the first of the writes.
    Before,
    /// As the last of them left it.
    After,
}

impl Side {
    /// The folder in which what is kept of it lies.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::After => "after",
        }
    }
}

/// What a look has shown.
#[derive(Debug, Default)]
pub(crate) struct Compared {
    /// The methods that were asked.
    pub(crate) by: Vec<String>,
    /// What is other, a sentence each.
    pub(crate) differences: Vec<String>,
    /// What nobody looked at, a phrase each.
    pub(crate) left_out: Vec<String>,
}

impl Watched {
    fn side(&self, side: Side) -> Option<&Value> {
        match side {
            Side::Before => self.before.as_ref(),
            Side::After => self.after.as_ref(),
        }
    }
}

/// What shows that an object was made, by these reads of it: it is not there before, nor once that is taken back, and what
/// it shows meanwhile is somebody else's when it changes.
pub(super) fn made(reads: impl IntoIterator<Item = MethodCall>) -> Vec<Watched> {
    let mut watched = Vec::new();
    for by in reads {
        if watched.is_empty() {
            let watch = Watch { by: by.clone(), part: Part::There };
            watched.push(Watched { watch, before: Some(false.into()), after: None });
        }
        watched.push(Watched { watch: Watch { by, part: Part::Whole }, before: None, after: None });
    }
    watched
}

/// What is compared: of what was changed several times the first state, or the last.
pub(super) fn chosen(steps: &[Step], side: Side) -> Vec<(&Watch, &Value)> {
    let all: Vec<&Watched> = match side {
        Side::Before => steps.iter().flat_map(|step| &step.watched).collect(),
        Side::After => steps.iter().rev().flat_map(|step| &step.watched).collect(),
    };
    let mut chosen: Vec<(&Watch, Option<&Value>)> = Vec::new();
    for watched in all {
        let of = watched.watch.by.on.id().unwrap_or_default();
        let is_gone = match side {
            Side::After => is_absent(steps, of),
            // But that it is gone can be seen.
            Side::Before => watched.watch.part != Part::There && is_unmade(steps, of),
        };
        if is_gone {
            continue;
        }
        if !chosen.iter().any(|(known, _)| known.overlaps(&watched.watch)) {
            chosen.push((&watched.watch, watched.side(side)));
        }
    }
    chosen.into_iter().filter_map(|(watch, value)| Some((watch, value?))).collect()
}

/// Whether an object is not there until these steps are taken back.
fn is_absent(steps: &[Step], id: &str) -> bool {
    steps.iter().any(|step| step.makes(id))
}

/// Whether an object is not there any more once these steps are taken back.
fn is_unmade(steps: &[Step], id: &str) -> bool {
    steps.iter().any(|step| step.unmakes(id))
}

impl Session {
    /// Compares what is there now with what these writes left, or found.
    ///
    /// # Errors
    /// Those of the hops; what a single read meets is a difference.
    pub(crate) async fn compare(&self, steps: &[Step], side: Side) -> Result<Compared, CallError> {
        let mut compared = self.compare_timelines(steps, side).await?;
        self.compare_render_settings(steps, side, &mut compared).await?;
        self.compare_presets(steps, side, &mut compared).await?;
        compared.left_out.extend(steps.iter().flat_map(|step| step.unseen.clone()));
        let chosen = chosen(steps, side);
        let watches: Vec<&Watch> = chosen.iter().map(|(watch, _)| *watch).collect();
        for ((watch, expected), now) in chosen.iter().zip(self.looked(&watches).await?) {
            let label = watch.by.label();
            // This build cannot tell.
            let Some(now) = now else { continue };
            if !unchanged(expected, &now) && !self.is_use_by_copies(watch, expected, &now).await? {
                compared.differences.push(difference(watch, expected, &now));
            }
            if !compared.by.contains(&label) {
                compared.by.push(label);
            }
        }
        Ok(compared)
    }

    /// Whether the uses of a clip differ by those on the copies of timelines that are kept: they are nobody's.
    async fn is_use_by_copies(&self, watch: &Watch, was: &Value, is: &Value) -> Result<bool, CallError> {
        let number = |value: &Value| value.as_int().or_else(|| value.as_str()?.parse().ok());
        let is_usage = watch.by.method == "GetClipProperty" && watch.by.args == [Value::from("Usage")];
        let (true, Some(was), Some(is), Some(clip)) = (is_usage, number(was), number(is), watch.by.on.id())
        else {
            return Ok(false);
        };
        Ok(is - self.uses_on_copies().await?.get(clip).unwrap_or(&0) == was)
    }

    /// Compares what stands now on the timelines that were copied before these writes.
    async fn compare_timelines(&self, steps: &[Step], side: Side) -> Result<Compared, CallError> {
        let mut compared = Compared::default();
        let is_there = |copied: &&Copied| match side {
            Side::After => !is_absent(steps, &copied.timeline),
            Side::Before => !is_unmade(steps, &copied.copy),
        };
        for copied in steps.iter().filter_map(|step| step.copied.as_ref()).filter(is_there) {
            // Once it is taken back the copy stands in its place; of what was deleted there is nothing else to look at.
            let (of, mut expected) = match side {
                Side::After if !copied.deleted => (copied.timeline(), copied.after.clone()),
                _ => (copied.copy(), copied.before.clone()),
            };
            if expected.is_empty() {
                continue;
            }
            let mut now = match self.standing(&of).await {
                Ok(now) => now,
                Err(CallError::Fault(Fault::NotFound { .. } | Fault::Stale { .. })) => Structure::new(),
                Err(error) => return Err(error),
            };
            if side == Side::After && copied.deleted && !now.is_empty() {
                // It has another name until then.
                expected.remove(THE_TIMELINE);
                now.remove(THE_TIMELINE);
            }
            let (expected, now) = in_both(&comparable(&expected, &now), &now);
            compared.differences.extend(differences(&expected, &now));
            let by = super::structure::compared(&expected);
            let new: Vec<String> = by.into_iter().filter(|by| !compared.by.contains(by)).collect();
            compared.by.extend(new);
            compared.left_out.extend(not_compared(&expected));
        }
        Ok(compared)
    }

    /// What these reads show now: `Null` of an object that is gone, nothing where this build lacks the method.
    pub(super) async fn looked(&self, watches: &[&Watch]) -> Result<Vec<Option<Value>>, CallError> {
        let mut calls: Vec<&MethodCall> = Vec::new();
        let mut looks: Vec<&MethodCall> = Vec::new();
        for watch in watches {
            let known = if is_look(&watch.by) { &mut looks } else { &mut calls };
            if !known.contains(&&watch.by) {
                known.push(&watch.by);
            }
        }
        let mut answers = Vec::with_capacity(calls.len());
        for part in calls.chunks(MAX_STEPS) {
            let step = |call: &&MethodCall| {
                let MethodCall { on, method, args } = (*call).clone();
                BatchStep::new(Target::Object(on), method, args)
            };
            let batch = Batch { steps: part.iter().map(step).collect(), go_on: true };
            for outcome in self.batch(batch).await? {
                answers.push(match outcome {
                    StepOutcome::Value(value) => Some(value),
                    StepOutcome::Failed { fault: Fault::NoSuchMethod { .. }, .. } => None,
                    StepOutcome::Failed { fault: Fault::Unsupported { .. }, .. } => None,
                    StepOutcome::Failed { fault: fault @ Fault::NotConnected { .. }, .. } => {
                        return Err(fault.into());
                    }
                    _ => Some(Value::Null),
                });
            }
        }
        let colors = if looks.is_empty() { Vec::new() } else { self.colors(&looks).await? };
        calls.extend(looks);
        answers.extend(colors);
        let answer = |watch: &&Watch| {
            let place = calls.iter().position(|call| **call == watch.by)?;
            answers.get(place)?.as_ref().map(|answer| watch.part.of(answer))
        };
        Ok(watches.iter().map(answer).collect())
    }

    /// Reads what the last write has left, as far as nobody has read it since.
    pub(crate) async fn settle(&self) {
        let Some((step, watches)) = self.recorder().unread() else { return };
        let watches: Vec<&Watch> = watches.iter().collect();
        match self.looked(&watches).await {
            Ok(now) => {
                for (watch, now) in watches.into_iter().zip(now) {
                    self.recorder().read(step, now, |known| known == watch);
                }
            }
            Err(error) => tracing::debug!(%error, "what a change left could not be read"),
        }
        self.recorder().settled();
    }

    /// Reads again what the writes before the last have made: the later ones may have changed it, which is nobody else's doing.
    pub(super) async fn settle_made(&self) {
        let made = self.recorder().made_before_the_last();
        let watches: Vec<&Watch> = made.iter().map(|(_, watch)| watch).collect();
        if watches.is_empty() {
            return;
        }
        match self.looked(&watches).await {
            Ok(now) => {
                for ((step, watch), now) in made.iter().zip(now) {
                    self.recorder().read(*step, now, |known| known == watch);
                }
            }
            Err(error) => tracing::debug!(%error, "what a change left of what it made could not be read"),
        }
    }
}

impl Recorder {
    /// The reads of what was made by all writes but the last, and which of these it was.
    fn made_before_the_last(&self) -> Vec<(usize, Watch)> {
        let Some(record) = &self.record else { return Vec::new() };
        let collected = super::lock(record);
        let steps = &collected.record.steps;
        // What grades do to colors is changed by other calls, too.
        let is_made = |watched: &&Watched| {
            watched.before.is_none() && watched.watch.part == Part::Whole || is_look(&watched.watch.by)
        };
        let before = steps.iter().take(steps.len().saturating_sub(1)).enumerate();
        before
            .flat_map(|(number, step)| {
                step.watched.iter().filter(is_made).map(move |watched| (number, watched.watch.clone()))
            })
            .collect()
    }

    /// Notes an answer that may show what the last write has left.
    pub(crate) fn saw(&self, call: &MethodCall, answer: &Value) {
        let Some((step, watches)) = self.unread() else { return };
        for watch in watches.iter().filter(|watch| is_same(call, &watch.by)) {
            self.read(step, Some(watch.part.of(answer)), |known| known == watch);
        }
    }
}

/// Whether a call is this one, whose object is named by its id. It is the next call after the write: what is current is
/// the same.
fn is_same(call: &MethodCall, by: &MethodCall) -> bool {
    let is_current = matches!(call.on, Locator::Timeline(Key::Current) | Locator::Folder(Key::Current));
    call.method == by.method
        && call.args == by.args
        && (call.on == by.on || is_current && call.on.class() == by.on.class())
}

/// That a read shows something else now, as a sentence.
pub(super) fn difference(watch: &Watch, expected: &Value, now: &Value) -> String {
    let (label, of, part) = (watch.by.label(), watch.by.on.id().unwrap_or_default(), &watch.part);
    format!("{label}{}{part} was {} and is {}", named(of), text(expected), text(now))
}

fn named(id: &str) -> String {
    if id.is_empty() { String::new() } else { format!(" of {id}") }
}

/// A value in a few words.
fn text(value: &Value) -> String {
    match value {
        Value::Null => "not there".to_owned(),
        value => cut(&serde_json::to_string(value).unwrap_or_default()),
    }
}

/// The beginning of a text.
pub(super) fn cut(text: &str) -> String {
    shortened(text.to_owned(), LONGEST)
}
