//! Clips of the media pool that a call deletes: imported again from the same files, with all that calls tell of them.

use std::collections::HashMap;

use indexmap::IndexMap;
use resolve_api::batch::{Batch, BatchStep, MAX_STEPS, StepOutcome, Target};
use resolve_api::wire::MethodCall;
use resolve_api::{Fault, Key, Locator, Value};

use super::pool::{self, Folders};
use super::structure::short;
use super::{Remade, Step, Watched};
use crate::error::CallError;
use crate::media_files;
use crate::session::Session;

/// The most clips that are kept for an import: each has some kilobytes in the journal, and takes a dozen calls to restore.
pub(super) const MOST_CLIPS: usize = 200;

/// The call that imports. With what was told of a clip as its argument it stands for all that restores it.
pub(super) const IMPORT: &str = "ImportMedia";

/// The types of clip that are made of files and nothing else.
const OF_FILES: [&str; 5] = ["Video", "Video + Audio", "Audio", "Still", "Subtitle"];

/// What is asked of a clip, and what it is called where it is kept.
const READ: [(&str, &str); 9] = [
    ("GetName", "name"),
    ("GetClipProperty", "properties"),
    ("GetMetadata", "metadata"),
    ("GetThirdPartyMetadata", "third_party"),
    ("GetMarkers", "markers"),
    ("GetFlagList", "flags"),
    ("GetClipColor", "color"),
    ("GetMarkInOut", "marks"),
    ("GetAudioMapping", "mapping"),
];

/// What the media pool is asked of a clip, and what that is called.
pub(super) const MATTES: (&str, &str) = ("GetClipMatteList", "mattes");

/// What all of it is called.
fn names() -> impl Iterator<Item = &'static str> + Clone {
    READ.iter().chain([&MATTES]).map(|(_, name)| *name)
}

/// Attributes that tell when, how often and by whom a clip is used, and those of analyses, which are made again.
const NOT_KEPT: [&str; 8] = [
    "Date Added",
    "Date Modified",
    "Usage",
    "Cloud Sync",
    "Proxy",
    "Transcription",
    "Transcription Status",
    "Category",
];

/// A clip that is deleted.
pub(super) struct Doomed {
    /// Its unique id.
    pub(super) id: String,
    /// The unique id of the folder that it lies in.
    pub(super) folder: String,
    /// All that was told of it.
    pub(super) told: Value,
}

/// Reads all that calls tell of clips, for an import of the same files. Lists of calls that are long are made in parts.
///
/// # Errors
/// Those of the hops; what a build lacks, or a clip does not have, is left out.
pub(super) async fn read(session: &Session, clips: &[Locator]) -> Result<Vec<Value>, CallError> {
    let mut told = Vec::with_capacity(clips.len());
    let each = READ.len() + 1;
    for clips in clips.chunks(MAX_STEPS / each) {
        let steps = clips.iter().flat_map(|clip| {
            let on = |method: &str| BatchStep::new(Target::Object(clip.clone()), method, []);
            let own = READ.iter().map(move |(method, _)| on(method));
            let mattes = [Value::object(clip.clone())];
            own.chain([BatchStep::new(Target::Object(Locator::MediaPool), MATTES.0, mattes)])
        });
        let outcomes = session.batch(Batch { steps: steps.collect(), go_on: true }).await?;
        for outcomes in outcomes.chunks(each) {
            let answers = names().zip(outcomes).filter_map(|(name, outcome)| match outcome {
                StepOutcome::Value(value) => Some((name, kept(name, value))),
                _ => None,
            });
            told.push(Value::map(answers));
        }
    }
    Ok(told)
}

/// The part of an answer that is kept.
fn kept(name: &str, answer: &Value) -> Value {
    match answer {
        Value::Map(entries) if name == "properties" => {
            let filled = entries.iter().filter(|(_, value)| value.as_str() != Some(""));
            Value::map(filled.map(|(key, value)| (key.clone(), value.clone())))
        }
        other => other.clone(),
    }
}

/// One attribute of what was told of a clip, as text; empty where it has none.
pub(super) fn attribute<'v>(told: &'v Value, key: &str) -> &'v str {
    told.get("properties").and_then(|all| all.get(key)).and_then(Value::as_str).unwrap_or_default()
}

/// A text that was answered; empty where none was.
pub(super) fn word(answer: Option<&Value>) -> String {
    answer.and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The name of a clip of which this was told.
pub(super) fn name(told: &Value) -> &str {
    told.get("name").and_then(Value::as_str).unwrap_or_default()
}

/// What was told of a clip in a few characters, without what is other once the same is made again.
pub(super) fn shown(told: &Value) -> String {
    let part = |name: &'static str| {
        let mut told = told.get(name)?.clone();
        if let (Value::Map(entries), "properties" | "metadata") = (&mut told, name) {
            entries.retain(|key, _| !NOT_KEPT.contains(&key.as_str()));
        }
        Some(format!("{name} {}", short(&told)))
    };
    names().filter_map(part).collect::<Vec<_>>().join("; ")
}

/// Whether a clip can be imported again.
fn restorable(told: &Value) -> Result<(), String> {
    let (name, kind, path) = (name(told), attribute(told, "Type"), attribute(told, "File Path"));
    if !OF_FILES.contains(&kind) || path.is_empty() {
        return Err(format!("'{name}' is no clip of a file alone ({kind}), so it cannot be imported again"));
    }
    if !attribute(told, "Synced Audio").is_empty() {
        return Err(format!("sound is synced to '{name}', and no call syncs the same again"));
    }
    there(path).map_err(|why| format!("'{name}' cannot be imported again from {path}: {why}"))
}

/// Whether the files are there that a path or the label of a sequence names.
pub(super) fn there(path: &str) -> Result<(), String> {
    let Some(sequence) = Sequence::of(path) else { return media_files::check(path).map(drop) };
    for number in [sequence.first, sequence.last] {
        media_files::check(&sequence.file(number))?;
    }
    Ok(())
}

/// Looks at clips that are about to be deleted.
///
/// # Errors
/// Why one of them cannot be imported again, in words.
async fn look(
    session: &Session,
    ids: &[String],
    lies_in: impl Fn(&str) -> Option<String>,
) -> Result<Vec<Doomed>, String> {
    let clips: Vec<Locator> = ids.iter().map(|id| locator(id)).collect();
    let failed = |error: CallError| format!("the clips could not be read: {error}");
    let all = read(session, &clips).await.map_err(failed)?;
    let uses = |told: &Value| attribute(told, "Usage").parse::<i64>().unwrap_or(0);
    let on_copies = match all.iter().any(|told| uses(told) > 0) {
        true => session.uses_on_copies().await.map_err(failed)?,
        false => HashMap::new(),
    };
    let mut doomed = Vec::with_capacity(ids.len());
    for (id, told) in ids.iter().zip(all) {
        restorable(&told)?;
        if uses(&told) > *on_copies.get(id).unwrap_or(&0) {
            let on = session.timelines_that_show(id).await.map_err(failed)?.join("', '");
            let name = name(&told);
            return Err(format!("'{name}' is used on the timeline '{on}', which would not show it again"));
        }
        let folder = lies_in(id).ok_or_else(|| format!("it was not found where '{}' lies", name(&told)))?;
        doomed.push(Doomed { id: id.clone(), folder, told });
    }
    Ok(doomed)
}

impl Doomed {
    /// What shows that it lies in its folder.
    pub(super) fn watched(&self) -> Watched {
        pool::lies_in(&self.folder, &self.id)
    }

    /// The call that stands for all that restores it.
    pub(super) fn back(self) -> MethodCall {
        let mut told = match self.told {
            Value::Map(told) => told,
            _ => IndexMap::new(),
        };
        if let Some(Value::Map(properties)) = told.get_mut("properties") {
            properties.retain(|key, _| !["Date Added", "Usage"].contains(&key.as_str()));
        }
        told.insert("folder".to_owned(), Value::object(Locator::Folder(Key::Id(self.folder))));
        MethodCall::new(Locator::MediaPool, IMPORT, [Value::Map(told)])
    }
}

/// What takes the deletion of clips back.
///
/// # Errors
/// Why nothing does, in words.
pub(super) async fn before_a_deletion(session: &Session, write: &MethodCall) -> Result<Vec<Step>, String> {
    let ids = pool::ids(session, write).await?;
    let (timelines, ids) = session.timelines_among(ids).await.map_err(|error| error.to_string())?;
    let doomed = doomed(session, &ids).await?;
    let copies = session.recorder().keep_deleted(session, timelines).await?;
    let label = write.label();
    let mut steps: Vec<Step> = copies.into_iter().map(|copy| copy.step(&label)).collect();
    if !doomed.is_empty() {
        steps.push(step(label, doomed));
    }
    Ok(steps)
}

/// Clips with the folders that they lie in.
pub(super) async fn doomed(session: &Session, ids: &[String]) -> Result<Vec<Doomed>, String> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    if ids.len() > MOST_CLIPS {
        return Err(format!("{} clips are deleted, and {MOST_CLIPS} are kept for an import", ids.len()));
    }
    let folders = Folders::read(session).await?;
    let lies_in = pool::clips(session, &folders, ids).await?;
    look(session, ids, |id| lies_in.get(id).cloned()).await
}

/// The step that restores clips.
fn step(method: String, doomed: Vec<Doomed>) -> Step {
    let watched = doomed.iter().map(Doomed::watched).collect();
    let remade =
        doomed.iter().enumerate().map(|(call, clip)| Remade { call, was: clip.id.clone() }).collect();
    let back = doomed.into_iter().map(Doomed::back).collect();
    Step { method, back, remade, watched, ..Step::default() }
}

/// What was told of the clip that a call of an undo stands for.
pub(crate) fn imported_again(call: &MethodCall) -> Option<&Value> {
    let is = call.on == Locator::MediaPool && call.method == IMPORT;
    call.args.first().filter(|told| is && told.get("folder").is_some())
}

/// Looks for the files of clips that are about to be imported again, so that none of them is if one is gone.
///
/// # Errors
/// [`Fault::Refused`] with the file that is gone.
pub(crate) async fn all_there(calls: &[&MethodCall]) -> Result<(), CallError> {
    let paths: Vec<String> = calls
        .iter()
        .filter_map(|call| imported_again(call))
        .map(|told| attribute(told, "File Path").to_owned())
        .collect();
    // A slow disk holds up nobody else.
    let look = move || paths.into_iter().find_map(|path| there(&path).err().map(|why| (path, why)));
    let gone = tokio::task::spawn_blocking(look).await;
    let method = format!("MediaPool.{IMPORT}");
    match gone {
        Ok(None) => Ok(()),
        Ok(Some((path, why))) => {
            let reason =
                format!("{path} is needed to import its clip again: {why}; put it back, then undo again");
            Err(Fault::Refused { method, reason: Some(reason) }.into())
        }
        Err(error) => Err(CallError::Internal { method, reason: error.to_string() }),
    }
}

pub(super) fn locator(id: &str) -> Locator {
    Locator::MediaPoolItem(Key::Id(id.to_owned()))
}

/// An image sequence by the label that Resolve gives it as a path: `/shots/a_[0001-0024].png`.
pub(super) struct Sequence {
    before: String,
    after: String,
    digits: usize,
    first: i64,
    last: i64,
}

impl Sequence {
    /// The sequence of a label; none where a file has that name.
    pub(super) fn of(path: &str) -> Option<Self> {
        let (before, rest) = path.rsplit_once('[')?;
        let (numbers, after) = rest.split_once(']')?;
        let (first, last) = numbers.split_once('-')?;
        let digits = if first.starts_with('0') || first.len() == last.len() { first.len() } else { 0 };
        let is_file = after.starts_with('.') && std::path::Path::new(path).exists();
        let (first, last) = (first.parse().ok()?, last.parse().ok()?);
        (!is_file).then(|| Self { before: before.to_owned(), after: after.to_owned(), digits, first, last })
    }

    fn file(&self, number: i64) -> String {
        format!("{}{number:0digits$}{}", self.before, self.after, digits = self.digits)
    }

    /// The argument of an import.
    pub(super) fn argument(&self) -> Value {
        let number = if self.digits == 0 { "%d".to_owned() } else { format!("%0{}d", self.digits) };
        Value::map([
            ("FilePath", format!("{}{number}{}", self.before, self.after).into()),
            ("StartIndex", self.first.into()),
            ("EndIndex", self.last.into()),
        ])
    }
}

/// What is other of a clip that was imported again, by the name of what was told and its key.
pub(super) fn difference(was: &Value, is: &Value) -> Option<(String, Value, Value)> {
    let null = Value::Null;
    for name in names() {
        let (was, is) = (was.get(name).unwrap_or(&null), is.get(name).unwrap_or(&null));
        let (Value::Map(before), Value::Map(now), "properties" | "metadata") = (was, is, name) else {
            if !resolve_api::facts::watch::unchanged(was, is) {
                return Some((name.to_owned(), was.clone(), is.clone()));
            }
            continue;
        };
        for key in before.keys().chain(now.keys()).filter(|key| !NOT_KEPT.contains(&key.as_str())) {
            let (was, is) = (before.get(key).unwrap_or(&null), now.get(key).unwrap_or(&null));
            if !resolve_api::facts::watch::unchanged(was, is) {
                return Some((key.clone(), was.clone(), is.clone()));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The label of a sequence names its files, and the pattern that imports them.
    #[test]
    fn a_label_names_the_files_of_its_sequence() {
        let sequence = Sequence::of("/shots/a_[0001-0024].png").expect("a label");
        assert_eq!("/shots/a_0024.png", sequence.file(24));
        let expected =
            [("FilePath", "/shots/a_%04d.png".into()), ("StartIndex", 1.into()), ("EndIndex", 24.into())];
        assert_eq!(Value::map(expected), sequence.argument());
        assert_eq!("a_998.png", Sequence::of("a_[998-1002].png").expect("a label").file(998));
        assert!(Sequence::of("/media/take [final].mov").is_none());
    }

    /// What is only known once a clip is used, or analysed, is no difference; a key that came or went is one.
    #[test]
    fn what_is_other_of_a_clip_is_found() {
        let told =
            |key: &str, value: &str| Value::map([("properties", Value::map([(key, Value::from(value))]))]);
        assert_eq!(None, difference(&told("Usage", "1"), &told("Usage", "0")));
        let other = difference(&told("FPS", "24"), &told("FPS", "25"));
        assert_eq!(Some(("FPS".to_owned(), "24".into(), "25".into())), other);
        assert!(difference(&told("Input Gamma", "Linear"), &told("FPS", "24")).is_some());
    }
}
