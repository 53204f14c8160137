//! Clips that a call syncs sound to: no call takes that from them, so they are deleted and imported again without it.

use resolve_api::facts::watch::{Part, Watch};
use resolve_api::wire::MethodCall;
use resolve_api::{Locator, Value};

use super::clips::{self, Doomed, attribute};
use super::{Remade, Step, Watched, pool};
use crate::error::CallError;
use crate::session::Session;

/// The attribute that tells the sound.
const SOUND: &str = "Synced Audio";

/// Clips with pictures before a call.
pub(super) struct Before(Vec<Doomed>);

/// Looks at the clips that may get sound, as if they were deleted.
///
/// # Errors
/// Why one of them cannot be imported again, in words: it is on a timeline, above all.
pub(super) async fn before(session: &Session, write: &MethodCall) -> Result<Before, String> {
    let ids = pool::ids(session, write).await?;
    let failed = |error: CallError| format!("the clips could not be read: {error}");
    let types = ids.iter().map(|id| MethodCall::new(clips::locator(id), "GetClipProperty", ["Type".into()]));
    let types = session.all(types.collect()).await.map_err(failed)?;
    let has_picture = |kind: &Option<Value>| !["Audio", ""].contains(&clips::word(kind.as_ref()).as_str());
    let pictures: Vec<String> =
        ids.into_iter().zip(&types).filter(|(_, kind)| has_picture(kind)).map(|(id, _)| id).collect();
    let doomed = clips::doomed(session, &pictures).await;
    let doomed = doomed.map_err(|why| format!("no call takes synced sound from a clip, and {why}"))?;
    Ok(Before(doomed))
}

/// What deletes the clips that got sound, and imports them again.
///
/// # Errors
/// Why nothing does, in words.
pub(super) async fn after(session: &Session, method: String, before: Before) -> Result<Step, String> {
    let read =
        |clip: &Doomed, key: &str| MethodCall::new(clips::locator(&clip.id), "GetClipProperty", [key.into()]);
    let now = session.all(before.0.iter().map(|clip| read(clip, SOUND)).collect()).await;
    let now = now.map_err(|error| format!("which sound was synced could not be read: {error}"))?;
    let mut step = Step { method, ..Step::default() };
    let mut again = Vec::new();
    for (clip, is) in before.0.into_iter().zip(now) {
        let (was, is) = (attribute(&clip.told, SOUND).to_owned(), clips::word(is.as_ref()));
        if was == is {
            continue;
        }
        // What shows it since would show nothing.
        for (key, was, is) in [("Usage", "0".to_owned(), "0".to_owned()), (SOUND, was, is)] {
            let watch = Watch { by: read(&clip, key), part: Part::Whole };
            step.watched.push(Watched { watch, before: Some(was.into()), after: Some(is.into()) });
        }
        step.watched.push(clip.watched());
        again.push(clip);
    }
    if again.is_empty() {
        return Ok(step);
    }
    let gone = again.iter().map(|clip| Value::object(clips::locator(&clip.id))).collect();
    step.back.push(MethodCall::new(Locator::MediaPool, "DeleteClips", [Value::List(gone)]));
    for clip in again {
        step.remade.push(Remade { call: step.back.len(), was: clip.id.clone() });
        step.back.push(clip.back());
    }
    Ok(step)
}
