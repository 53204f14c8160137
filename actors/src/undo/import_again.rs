//! Imports a deleted clip again, and gives it all that it had: read back, and deleted again where it is not the same.

use indexmap::IndexMap;
use resolve_api::facts::watch::{Part, Watch, unchanged};
use resolve_api::wire::MethodCall;
use resolve_api::{Fault, Locator, Value};

use super::clips::{IMPORT, Sequence, attribute, difference, read};
use super::{Step, Watched, pool};
use crate::clip::Clip;
use crate::error::CallError;
use crate::guard::Proof;
use crate::operation::Answer;
use crate::session::Session;
use crate::verify::not_verified;

/// Metadata that has calls of its own.
const OWN_CALLS: [&str; 3] = ["Clip Name", "Clip Color", "Flags"];

/// Attributes that only an analysis sets.
const OF_ANALYSES: [&str; 3] = ["Transcription", "Transcription Status", "Category"];

/// What no call tells of a clip, or none sets.
const BEWARE: &str = "a clip that is imported again has another id, and no remote grades";

/// Imports a clip again into the folder where it lay, as it was told before.
///
/// # Errors
/// [`CallError::NotVerified`] with what is other; then it is deleted again. Those of the calls.
pub(crate) async fn import_again(session: &Session, told: &Value) -> Result<Answer, CallError> {
    let folder = match told.get("folder").and_then(Value::as_object) {
        Some(folder) => folder.clone(),
        None => session.shown_folder().await?,
    };
    let (clip, observed) = pool::in_folder(session, &folder, make(session, told)).await??;
    session.recorder().keep(session, step(&clip, &folder)).await;
    let mut remarks = vec![BEWARE.to_owned()];
    if OF_ANALYSES.iter().any(|key| !attribute(told, key).is_empty()) {
        remarks.push(
            "what an analysis found (transcription, category) is not restored: make it again".to_owned(),
        );
    }
    let reader = "MediaPoolItem.GetClipProperty".to_owned();
    let proof = Proof::ReadBack { reader, requested: told.clone(), observed };
    Ok(Answer { proof, remarks, ..Value::object(clip).into() })
}

/// What takes the import back, as long as nobody uses the clip.
fn step(clip: &Locator, folder: &Locator) -> Step {
    let object = Value::object(clip.clone());
    let usage = MethodCall::new(clip.clone(), "GetClipProperty", ["Usage".into()]);
    let list = MethodCall::new(folder.clone(), "GetClipList", []);
    let watched = |by, part, before, after| Watched { watch: Watch { by, part }, before, after: Some(after) };
    let back = MethodCall::new(Locator::MediaPool, "DeleteClips", [Value::List(vec![object.clone()])]);
    Step {
        method: format!("MediaPool.{IMPORT}"),
        back: vec![back],
        watched: vec![
            watched(usage, Part::Whole, None, "0".into()),
            watched(list, Part::Has(object), Some(false.into()), true.into()),
        ],
        ..Step::default()
    }
}

async fn make(session: &Session, told: &Value) -> Result<(Locator, Value), CallError> {
    let clip = import(session, told).await?;
    match complete(session, told, &clip).await {
        Ok(observed) => Ok((clip, observed)),
        Err(error) => {
            // A clip that is not as before must not be left for somebody to use.
            delete(session, &clip).await?;
            Err(error)
        }
    }
}

async fn delete(session: &Session, clip: &Locator) -> Result<(), CallError> {
    let clips = vec![Value::List(vec![Value::object(clip.clone())])];
    session.ask(Locator::MediaPool, "DeleteClips", clips).await.map(drop)
}

/// Imports the file, or the stretch of it that a subclip shows.
async fn import(session: &Session, told: &Value) -> Result<Locator, CallError> {
    let path = attribute(told, "File Path");
    let argument = Sequence::of(path).map_or_else(|| path.into(), |sequence| sequence.argument());
    let whole = one(session, Locator::MediaPool, IMPORT, Value::List(vec![argument])).await?;
    let rate = told.get("properties").and_then(|all| all.get("FPS")).cloned();
    if let Some(rate) = rate.filter(|_| Sequence::of(path).is_some()) {
        // A sequence comes in at a rate of its own, by which its length counts.
        set(session, &whole, "SetClipProperty", vec!["FPS".into(), rate]).await?;
    }
    let now = session.clip(&whole).await?;
    let properties = told.get("properties").and_then(Value::as_map).cloned().unwrap_or_default();
    let before = Clip::read(whole.clone(), String::new(), properties)?;
    let (Some(frames), Some(all)) = (before.frames, now.frames) else { return Ok(whole) };
    let (Some(was), Some(is)) = (&before.clock, &now.clock) else { return Ok(whole) };
    if frames >= all {
        return Ok(whole);
    }
    // No call tells which stretch of its file a subclip shows, but its timecode does.
    delete(session, &whole).await?;
    let first = was.start - is.start;
    let stretch =
        [("media", path.into()), ("startFrame", first.into()), ("endFrame", (first + frames - 1).into())];
    if !(0..=all - frames).contains(&first) {
        let (was, is) = (Value::from(frames), Value::from(all));
        return Err(not_verified("MediaPool.ImportMedia", "Frames", &was, &is));
    }
    one(session, Locator::MediaStorage, "AddItemListToMediaPool", Value::List(vec![Value::map(stretch)]))
        .await
}

/// The one clip that an import answers.
async fn one(session: &Session, on: Locator, method: &str, argument: Value) -> Result<Locator, CallError> {
    let label = format!("{}.{method}", on.class());
    let answer = session.ask(on, method, vec![argument]).await?;
    let clip = answer.as_list().and_then(|clips| clips.first()).and_then(Value::as_object);
    let Some(clip) = clip else {
        let reason = Some("no clip came of the file: it cannot be read any more".to_owned());
        return Err(Fault::Refused { method: label, reason }.into());
    };
    session.by_id(clip).await
}

/// Makes a call that may be refused: what it should have set is compared afterwards.
async fn set(session: &Session, on: &Locator, method: &str, args: Vec<Value>) -> Result<(), CallError> {
    match session.ask(on.clone(), method, args).await {
        Ok(_) => Ok(()),
        Err(CallError::Fault(fault)) if !fault.ends_the_connection() => Ok(()),
        Err(error) => Err(error),
    }
}

/// Gives a clip what it does not have by its file, and compares all of it.
async fn complete(session: &Session, told: &Value, clip: &Locator) -> Result<Value, CallError> {
    let now = one_read(session, clip).await?;
    let null = Value::Null;
    let part = |of: &Value, name: &str| of.get(name).cloned().unwrap_or(Value::Null);
    let other = |name: &str| !unchanged(told.get(name).unwrap_or(&null), now.get(name).unwrap_or(&null));
    let fields = other_entries(told, &now, "metadata", &OWN_CALLS);
    if !fields.is_empty() {
        set(session, clip, "SetMetadata", vec![Value::Map(fields)]).await?;
    }
    if other("third_party") {
        set(session, clip, "SetThirdPartyMetadata", vec![part(told, "third_party")]).await?;
    }
    if other("name") {
        set(session, clip, "SetName", vec![part(told, "name")]).await?;
    }
    for (frame, marker) in told.get("markers").and_then(Value::as_map).into_iter().flatten() {
        let frame = frame.parse::<f64>().unwrap_or_default();
        let told = ["color", "name", "note", "duration", "customData"].map(|key| part(marker, key));
        let args = [Value::Float(frame)].into_iter().chain(told).collect();
        set(session, clip, "AddMarker", args).await?;
    }
    for flag in told.get("flags").and_then(Value::as_list).into_iter().flatten() {
        set(session, clip, "AddFlag", vec![flag.clone()]).await?;
    }
    if other("color") {
        set(session, clip, "SetClipColor", vec![part(told, "color")]).await?;
    }
    for (kind, marks) in told.get("marks").and_then(Value::as_map).into_iter().flatten() {
        let args = vec![part(marks, "in"), part(marks, "out"), kind.as_str().into()];
        set(session, clip, "SetMarkInOut", args).await?;
    }
    if other("mapping") {
        set(session, clip, "SetAudioMapping", vec![part(told, "mapping")]).await?;
    }
    if other("mattes") {
        let args = vec![Value::object(clip.clone()), part(told, "mattes")];
        set(session, &Locator::MediaStorage, "AddClipMattesToMediaPool", args).await?;
    }
    let proxy = attribute(told, "Proxy Media Path");
    if !proxy.is_empty() {
        set(session, clip, "LinkProxyMedia", vec![proxy.into()]).await?;
    }
    if attribute(told, "Online Status") == "Offline" {
        let clips = vec![Value::List(vec![Value::object(clip.clone())])];
        set(session, &Locator::MediaPool, "UnlinkClips", clips).await?;
    }
    // What is left of its attributes is set by name, where it can be.
    let now = one_read(session, clip).await?;
    for (key, value) in other_entries(told, &now, "properties", &OF_ANALYSES) {
        set(session, clip, "SetClipProperty", vec![key.into(), value]).await?;
    }
    let observed = one_read(session, clip).await?;
    match difference(told, &observed) {
        None => Ok(observed),
        Some((key, was, is)) => Err(not_verified("MediaPool.ImportMedia", &key, &was, &is)),
    }
}

async fn one_read(session: &Session, clip: &Locator) -> Result<Value, CallError> {
    Ok(read(session, std::slice::from_ref(clip)).await?.pop().unwrap_or(Value::Null))
}

/// The entries of a dict that are other now, without some.
fn other_entries(told: &Value, now: &Value, name: &str, without: &[&str]) -> IndexMap<String, Value> {
    let of = |of: &Value| of.get(name).and_then(Value::as_map).cloned().unwrap_or_default();
    let (told, now) = (of(told), of(now));
    let null = Value::Null;
    let other = |(key, value): &(String, Value)| {
        !without.contains(&key.as_str()) && !unchanged(value, now.get(key).unwrap_or(&null))
    };
    told.into_iter().filter(other).collect()
}
