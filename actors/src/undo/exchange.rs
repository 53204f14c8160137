//! Puts the copy of a timeline in its place, and keeps what it replaces as a copy: so this can be taken back too.

use resolve_api::facts::watch::{Part, Watch};
use resolve_api::wire::MethodCall;
use resolve_api::{Fault, Locator, Value};

use super::timeline_copy::{Copied, NAMES};
use super::{Step, Watched};
use crate::error::CallError;
use crate::guard::{self, Proof};
use crate::operation::Answer;
use crate::session::{Session, Unrecorded};
use crate::verify::not_verified;

/// Gives the copy of a timeline the name of that, and shows it where that is shown. The timeline is kept aside, as the
/// copy was before.
///
/// # Errors
/// Those of the calls; then both have the names that they had.
pub(crate) async fn exchange(session: &Session, step: &Step, copied: &Copied) -> Result<Answer, CallError> {
    let (timeline, copy) = (copied.timeline(), copied.copy());
    let name = session.text(&timeline, "GetName", []).await?;
    let is_shown = session.current_timeline().await?.as_ref() == Some(&timeline);
    if is_shown {
        show(session, &copy).await?;
    }
    let aside = match renamed(session, copied, &name).await {
        Ok(aside) => aside,
        Err(error) => {
            if is_shown {
                show(session, &timeline).await?;
            }
            return Err(error);
        }
    };
    let remark = format!("what it replaces is kept as '{aside}', whose items have the earlier ids");
    let swapped = |(was, is): &(String, String)| (is.clone(), was.clone());
    let back =
        vec![MethodCall::new(Locator::Project, "SetCurrentTimeline", [Value::object(timeline.clone())])];
    let kept = Copied {
        timeline: copied.copy.clone(),
        copy: copied.timeline.clone(),
        items: copied.items.iter().map(swapped).collect(),
        name: aside,
        aside: Some(copied.name.clone()).filter(|name| !name.is_empty()),
        before: copied.after.clone(),
        after: copied.before.clone(),
        deleted: false,
    };
    let watched = Watched {
        watch: Watch { by: MethodCall::new(timeline, "GetName", []), part: Part::Whole },
        before: Some(name.into()),
        after: Some(kept.name.as_str().into()),
    };
    let step = Step {
        method: step.method.clone(),
        back,
        copied: Some(kept),
        watched: vec![watched],
        ..Step::default()
    };
    session.recorder().keep(session, step).await;
    let how = "the copy has its name, and what stands on it is compared".to_owned();
    Ok(Answer { proof: Proof::Seen { how }, remarks: vec![remark], ..Value::object(copy).into() })
}

/// Gives the timeline another name, which it answers, and the copy that of the timeline: both or none.
async fn renamed(session: &Session, copied: &Copied, name: &str) -> Result<String, CallError> {
    let (timeline, copy) = (copied.timeline(), copied.copy());
    let aside = rename_aside(session, &timeline, name, copied.aside.as_deref()).await?;
    if let Err(error) = rename(session, &copy, name).await {
        rename(session, &timeline, name).await?;
        return Err(error);
    }
    Ok(aside)
}

/// Shows a timeline, and sees that it is shown.
pub(super) async fn show(session: &Session, timeline: &Locator) -> Result<(), CallError> {
    let call = MethodCall::new(Locator::Project, "SetCurrentTimeline", [Value::object(timeline.clone())]);
    guard::guarded(&Unrecorded(session), call).await?;
    let shown = session.current_timeline().await?;
    if shown.as_ref() != Some(timeline) {
        let id = |timeline: Option<&Locator>| Value::from(timeline.and_then(Locator::id).map(str::to_owned));
        let (wanted, is) = (id(Some(timeline)), id(shown.as_ref()));
        return Err(not_verified("Project.SetCurrentTimeline", "the current timeline", &wanted, &is));
    }
    Ok(())
}

async fn rename(session: &Session, timeline: &Locator, name: &str) -> Result<(), CallError> {
    let call = MethodCall::new(timeline.clone(), "SetName", [name.into()]);
    guard::guarded(&Unrecorded(session), call).await.map(drop)
}

/// Gives a timeline the name that is wanted, or the first one that is free.
async fn rename_aside(
    session: &Session,
    timeline: &Locator,
    name: &str,
    wanted: Option<&str>,
) -> Result<String, CallError> {
    let free = (1..=NAMES).map(|number| format!("{name} - taken back {number}"));
    let mut refused = None;
    for aside in wanted.map(str::to_owned).into_iter().chain(free) {
        match rename(session, timeline, &aside).await {
            Ok(()) => return Ok(aside),
            // The name is taken, most likely.
            Err(error @ CallError::Fault(Fault::Refused { .. })) => refused = Some(error),
            Err(error) => return Err(error),
        }
    }
    Err(refused.unwrap_or(CallError::Cancelled))
}
