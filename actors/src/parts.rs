//! A call on a folder that is made clip by clip: others get their turn in between, it tells how far it is, and it stops
//! where somebody wants it to.

use resolve_api::catalogue::{Domain, Method, catalogue};
use resolve_api::wire::MethodCall;
use resolve_api::{Fault, Value};

use crate::clip::Clip;
use crate::error::CallError;
use crate::guard;
use crate::limits::CANDIDATES;
use crate::operation::Answer;
use crate::session::{Session, Unrecorded};
use crate::ticket::Progress;

/// The row with which a call is made on each clip, where its own row says that it may be.
pub(crate) fn part_of(call: &MethodCall) -> Option<&'static Method> {
    let row = catalogue().method(call.on.class(), &call.method)?;
    row.in_parts.as_deref().and_then(|part| catalogue().method_by_label(part))
}

/// Makes a call clip by clip, as `part` is made on one; as a whole where there are too many clips to be listed. True where
/// it was done on one of them at least, with what kept it from the others beside it.
///
/// # Errors
/// `refused` where it was done on none, and what ends a call altogether.
pub(crate) async fn guarded(
    session: &Session,
    call: MethodCall,
    part: &'static Method,
) -> Result<Answer, CallError> {
    let Some(clips) = session.clips_below(&call.on).await? else {
        return guard::guarded(session, call).await.map(Answer::from);
    };
    let clips: Vec<Clip> = clips.into_iter().filter(|clip| concerns(part, clip)).collect();
    let recorder = session.recorder();
    let before = match recorder.is_concerned(&call) {
        true => recorder.before(session, &call).await,
        false => None,
    };
    let made = on_each(session, &call, part, &clips).await;
    if let Some(before) = before {
        let answer = made.as_ref().map(|answer| answer.value.clone()).map_err(Clone::clone);
        recorder.after(session, before, &answer).await;
    }
    made
}

/// Whether the method does anything with such a clip.
fn concerns(part: &Method, clip: &Clip) -> bool {
    if part.domain == Domain::Audio { clip.has_sound() } else { clip.has_picture() }
}

async fn on_each(
    session: &Session,
    call: &MethodCall,
    part: &'static Method,
    clips: &[Clip],
) -> Result<Answer, CallError> {
    let (mut done, mut failed, mut left) = (0, Vec::new(), 0);
    let is_at = |number: usize| session.is_at(Progress { done: number as f64, total: clips.len() as f64 });
    for (number, clip) in clips.iter().enumerate() {
        is_at(number);
        if session.is_asked_to_stop() {
            left = clips.len() - number;
            break;
        }
        let one = MethodCall { on: clip.locator.clone(), method: part.name.clone(), args: call.args.clone() };
        match guard::guarded(&Unrecorded(session), one).await {
            Ok(_) => done += 1,
            Err(CallError::Fault(Fault::Refused { reason, .. })) => {
                let reason = reason.unwrap_or_else(|| "it was refused without a reason".to_owned());
                failed.push(format!("not on '{}': {reason}", clip.name));
            }
            Err(error) => return Err(error),
        }
        session.release().await;
    }
    is_at(clips.len() - left);
    if done == 0 && left == clips.len() && left > 0 {
        // Nothing was done before somebody wanted it to stop.
        return Err(CallError::Cancelled);
    }
    if done == 0 && left == 0 {
        let reason = match failed.is_empty() {
            true => "there is no clip in the folder or below that it could be done on".to_owned(),
            false => failed.iter().take(CANDIDATES).map(String::as_str).collect::<Vec<_>>().join("; "),
        };
        return Err(Fault::Refused { method: call.label(), reason: Some(reason) }.into());
    }
    let mut remarks = vec![format!("done on {done} of {} clips, one after the other", clips.len())];
    remarks.extend(failed.into_iter().take(CANDIDATES));
    let row = catalogue().method(call.on.class(), &call.method);
    let proof = row.map(guard::without_reader).unwrap_or_default();
    Ok(Answer { proof, remarks, stopped: left > 0, ..Value::from(true).into() })
}
