//! What an analysis found in clips that had none before: it is cleared again. No call writes what one had found.

use resolve_api::Locator;
use resolve_api::facts::watch::{Part, Watch};
use resolve_api::wire::MethodCall;

use super::{Step, Watched, clips};
use crate::error::CallError;
use crate::session::Session;

/// The most clips of a folder that are looked at, each of which is a call of the undo.
const MOST_CLIPS: usize = 200;

/// An analysis: the call that makes it, the one that clears it, the attribute that shows it, and what it is called.
struct Analysis {
    make: &'static str,
    clear: &'static str,
    shown: &'static str,
    what: &'static str,
    /// The value of the attribute that means none, beside an empty one.
    none: &'static str,
}

const ANALYSES: [Analysis; 2] = [
    Analysis {
        make: "TranscribeAudio",
        clear: "ClearTranscription",
        shown: "Transcription",
        what: "transcript",
        none: "",
    },
    Analysis {
        make: "PerformAudioClassification",
        clear: "ClearAudioClassification",
        shown: "Category",
        what: "audio category",
        none: "Uncategorized",
    },
];

/// Clips before a call, and what the attribute showed of each.
pub(super) struct Before {
    analysis: &'static Analysis,
    clips: Vec<(Locator, String)>,
}

/// Looks at the clips that a call is about.
///
/// # Errors
/// Why nothing takes it back, in words: what it clears, or makes anew, is gone.
pub(super) async fn before(session: &Session, write: &MethodCall) -> Result<Before, String> {
    let method = write.method.as_str();
    let analysis = ANALYSES.iter().find(|analysis| [analysis.make, analysis.clear].contains(&method));
    let analysis = analysis.ok_or("it is no analysis that is known")?;
    let failed = |error: CallError| format!("the clips could not be read: {error}");
    let clips: Vec<Locator> = match &write.on {
        clip @ Locator::MediaPoolItem(_) => vec![session.by_id(clip).await.map_err(failed)?],
        folder => {
            let below = session.clips_below(folder).await.map_err(failed)?;
            below
                .ok_or("it is about more clips than are looked at")?
                .into_iter()
                .map(|clip| clip.locator)
                .collect()
        }
    };
    if clips.len() > MOST_CLIPS {
        return Err(format!("it is about {} clips, and {MOST_CLIPS} at most are looked at", clips.len()));
    }
    let shown = read(session, analysis, &clips).await.map_err(failed)?;
    let clips: Vec<(Locator, String)> = clips.into_iter().zip(shown).collect();
    if let Some((clip, _)) = clips.iter().find(|(_, shown)| !analysis.is_none(shown)) {
        let name = session.text(clip, "GetName", []).await.map_err(failed)?;
        let Analysis { make, what, .. } = analysis;
        return Err(format!(
            "'{name}' has a {what} already, and Resolve's API has no call that writes one; {make} makes one again, which \
             may be other"
        ));
    }
    Ok(Before { analysis, clips })
}

impl Analysis {
    fn is_none(&self, shown: &str) -> bool {
        shown.is_empty() || shown == self.none
    }

    fn read(&self, clip: &Locator) -> MethodCall {
        MethodCall::new(clip.clone(), "GetClipProperty", [self.shown.into()])
    }
}

async fn read(session: &Session, analysis: &Analysis, clips: &[Locator]) -> Result<Vec<String>, CallError> {
    let shown = session.all(clips.iter().map(|clip| analysis.read(clip)).collect()).await?;
    Ok(shown.iter().map(|shown| clips::word(shown.as_ref())).collect())
}

/// What clears what was found.
///
/// # Errors
/// Why nothing does, in words.
pub(super) async fn after(session: &Session, method: String, before: Before) -> Result<Step, String> {
    let Before { analysis, clips } = before;
    let on: Vec<Locator> = clips.iter().map(|(clip, _)| clip.clone()).collect();
    let now = read(session, analysis, &on).await;
    let now = now.map_err(|error| format!("what it found could not be read: {error}"))?;
    let mut step = Step { method, ..Step::default() };
    for ((clip, was), is) in clips.into_iter().zip(now).filter(|(_, is)| !analysis.is_none(is)) {
        step.back.push(MethodCall::new(clip.clone(), analysis.clear, []));
        let watch = Watch { by: analysis.read(&clip), part: Part::Whole };
        step.watched.push(Watched { watch, before: Some(was.into()), after: Some(is.into()) });
    }
    Ok(step)
}
