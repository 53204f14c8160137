//! The objects that a dry run names: that they are there, what they are called, and what is in them.

use indexmap::IndexMap;
use resolve_api::batch::{Batch, BatchStep, MAX_STEPS, StepOutcome, Target};
use resolve_api::catalogue::{Effect, catalogue};
use resolve_api::wire::MethodCall;
use resolve_api::{Fault, Locator, Value};

use super::{locators, maybe};
use crate::error::CallError;
use crate::limits::BESIDE;
use crate::session::Session;

/// Folders that are looked into below one that would be deleted; a count beyond says that it is more.
const FOLDERS: usize = 500;

/// The kinds of track.
const KINDS: [&str; 3] = ["video", "audio", "subtitle"];

/// An object that was found, and its name; empty for a class without names.
pub(super) struct Named {
    locator: Locator,
    name: String,
}

/// Class, id and name of the object of a call.
///
/// # Errors
/// It is not there.
pub(super) async fn described(session: &Session, locator: &Locator) -> Result<Value, CallError> {
    let has = |method: &str| catalogue().method(locator.class(), method).is_some();
    let mut about = IndexMap::from_iter([("class".to_owned(), Value::from(locator.class()))]);
    if let Locator::Graph { of, .. } = locator {
        about.insert("of".to_owned(), Box::pin(described(session, of)).await?);
        session.ask(locator.clone(), "GetNumNodes", Vec::new()).await?;
    } else if has("GetUniqueId") && has("GetName") {
        about.extend(session.id_and_name(locator).await?);
    } else if has("GetName") {
        about.insert("name".to_owned(), session.text(locator, "GetName", []).await?.into());
    } else if let Locator::Held { class, token } = locator {
        about.insert("id".to_owned(), token.as_str().into());
        let reader = catalogue().class(class).and_then(|class| {
            class.methods.values().find(|row| row.effect == Effect::Read && row.params.is_empty())
        });
        if let Some(reader) = reader {
            session.ask(locator.clone(), &reader.name, Vec::new()).await?;
        }
    }
    Ok(Value::Map(about))
}

/// The objects among arguments, with their names.
///
/// # Errors
/// One is not there.
pub(super) async fn named(session: &Session, args: &[Value]) -> Result<Vec<Named>, CallError> {
    let mut found = Vec::new();
    locators(args, &mut found);
    let mut named = Vec::with_capacity(found.len());
    for part in found.chunks(MAX_STEPS) {
        let (with, without): (Vec<_>, Vec<_>) =
            part.iter().partition(|locator| catalogue().method(locator.class(), "GetName").is_some());
        for locator in without {
            described(session, locator).await?;
            named.push(Named { locator: (*locator).clone(), name: String::new() });
        }
        let step = |locator: &Locator| BatchStep::new(Target::Object(locator.clone()), "GetName", []);
        let steps: Vec<BatchStep> = with.iter().copied().map(step).collect();
        if steps.is_empty() {
            continue;
        }
        let outcomes = session.batch(Batch { steps, go_on: true }).await?;
        for (locator, outcome) in with.into_iter().zip(outcomes) {
            let name = match outcome {
                StepOutcome::Value(name) => name.as_str().unwrap_or_default().to_owned(),
                StepOutcome::Failed { fault, .. } => return Err(fault.into()),
                StepOutcome::Quiet { .. } | StepOutcome::Skipped => String::new(),
            };
            named.push(Named { locator: locator.clone(), name });
        }
    }
    Ok(named)
}

/// The first of the objects as an answer shows them; of those in `inside` also how much is in them.
pub(super) async fn shown(
    session: &Session,
    objects: &[Named],
    inside: &[Named],
) -> Result<Value, CallError> {
    let mut all = Vec::new();
    for (number, object) in objects.iter().take(BESIDE).enumerate() {
        let mut about = IndexMap::from_iter([("object".to_owned(), Value::object(object.locator.clone()))]);
        if !object.name.is_empty() {
            about.insert("name".to_owned(), object.name.as_str().into());
        }
        if number < inside.len() {
            about.extend(within(session, &object.locator).await?);
        }
        all.push(Value::Map(about));
    }
    Ok(all.into())
}

/// How much is in an object, and would go with it.
async fn within(session: &Session, locator: &Locator) -> Result<IndexMap<String, Value>, CallError> {
    let counted = |name: &str, count: usize| (name.to_owned(), Value::Int(count as i64));
    Ok(match locator {
        Locator::Folder(_) => {
            let (clips, folders) = in_folder(session, locator).await?;
            IndexMap::from_iter([counted("clips", clips), counted("folders", folders)])
        }
        Locator::Timeline(_) => {
            let mut items = 0;
            for kind in KINDS {
                let tracks = session.int(locator, "GetTrackCount", [kind.into()]).await?;
                for track in 1..=tracks {
                    let args = [kind.into(), track.into()];
                    items += session.list(locator, "GetItemListInTrack", args).await?.len();
                }
            }
            IndexMap::from_iter([counted("items", items)])
        }
        Locator::MediaPoolItem(_) => {
            let call = MethodCall::new(locator.clone(), "GetClipProperty", ["Usage".into()]);
            let uses = maybe(session, call).await?.filter(|uses| *uses != Value::Null);
            uses.into_iter().map(|uses| ("used_on_timelines".to_owned(), uses)).collect()
        }
        _ => IndexMap::new(),
    })
}

/// Clips and folders below a folder.
async fn in_folder(session: &Session, folder: &Locator) -> Result<(usize, usize), CallError> {
    let (mut clips, mut folders) = (0, 0);
    let mut open = vec![folder.clone()];
    while let Some(folder) = open.pop() {
        clips += session.list(&folder, "GetClipList", []).await?.len();
        let below = session.objects(&folder, "GetSubFolderList", []).await?;
        folders += below.len();
        if folders <= FOLDERS {
            open.extend(below);
        }
    }
    Ok((clips, folders))
}

/// The items of the track that a call takes away; `None` for any other call.
///
/// # Errors
/// There is no such track.
pub(super) async fn on_its_track(session: &Session, call: &MethodCall) -> Result<Option<Value>, CallError> {
    if call.label() != "Timeline.DeleteTrack" {
        return Ok(None);
    }
    let (Some(kind), Some(index)) = (call.args.first(), call.args.get(1).and_then(Value::as_int)) else {
        return Ok(None);
    };
    let count = session.int(&call.on, "GetTrackCount", [kind.clone()]).await?;
    if !(1..=count).contains(&index) {
        let reason = format!("there is no track {index} of this kind: the timeline has {count}");
        return Err(Fault::Refused { method: call.label(), reason: Some(reason) }.into());
    }
    let items = session.list(&call.on, "GetItemListInTrack", [kind.clone(), index.into()]).await?;
    Ok(Some(Value::Int(items.len() as i64)))
}
