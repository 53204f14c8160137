//! Where a person is: the playhead, and the timeline that is open.

use resolve_api::catalogue::Effect;
use resolve_api::facts::compare;
use resolve_api::wire::MethodCall;
use resolve_api::{Key, Locator, Value};

use super::{Guarded, Next, Outcome, refused, still_there};
use crate::error::CallError;

/// Calls on a timeline that are right, or work, or can be read back, only while it is the open one.
pub(super) const OF_THE_OPEN_TIMELINE: [&str; 5] = [
    "Timeline.DeleteClips",
    "Timeline.GetIsTrackEnabled",
    "Timeline.GetIsTrackLocked",
    "Timeline.SetTrackEnable",
    "Timeline.SetTrackLock",
];

/// Puts the playhead back where a person had it.
pub(super) fn playhead(next: Next<'_>, call: MethodCall) -> Guarded<'_> {
    Box::pin(async move {
        let before = timecode(next).await?;
        let outcome = next.proceed(call).await?;
        put_back(next, before).await?;
        Ok(outcome)
    })
}

/// Opens the timeline for a write and goes back; for a read says that it has to be open, since moving a person for
/// a look is too much.
pub(super) fn open_timeline(next: Next<'_>, call: MethodCall) -> Guarded<'_> {
    Box::pin(async move {
        if matches!(&call.on, Locator::Timeline(Key::Current)) {
            return next.proceed(call).await;
        }
        let open = next.ask_text(Locator::Timeline(Key::Current), "GetUniqueId", vec![]).await?;
        let meant = match call.on.id() {
            Some(id) => Some(id.to_owned()),
            None => next.ask_text(call.on.clone(), "GetUniqueId", vec![]).await?,
        };
        let (Some(open), Some(meant)) = (open, meant) else { return next.proceed(call).await };
        if open == meant {
            return next.proceed(call).await;
        }
        let effect = resolve_api::catalogue::catalogue().method_by_label(&call.label()).map(|row| row.effect);
        if effect == Some(Effect::Read) {
            let reason = "the timeline is not the open one, and Resolve answers False for all its tracks; open it with \
                          Project.SetCurrentTimeline first";
            return Err(refused(&call, reason));
        }
        let playhead = timecode(next).await?;
        set_current(next, &call, &meant).await?;
        let outcome = next.proceed(call.clone()).await;
        if !still_there(&outcome) {
            return outcome;
        }
        let back = set_current(next, &call, &open).await;
        put_back(next, playhead).await?;
        let outcome = outcome?;
        Ok(match back {
            Ok(()) => {
                outcome.remark("the timeline was opened for it, and the one that was open before is again")
            }
            Err(_) => left_there(outcome, &open),
        })
    })
}

fn left_there(outcome: Outcome, open: &str) -> Outcome {
    outcome.remark(format!(
        "the timeline was opened for it, and '{open}', which was open before, could not be opened again"
    ))
}

/// Makes a timeline the open one, and looks whether it is: a dialog makes Resolve refuse.
async fn set_current(next: Next<'_>, call: &MethodCall, id: &str) -> Result<(), CallError> {
    let timeline = Value::object(Locator::Timeline(Key::Id(id.to_owned())));
    next.caller.call(MethodCall::new(Locator::Project, "SetCurrentTimeline", [timeline])).await?;
    let open = next.ask_text(Locator::Timeline(Key::Current), "GetUniqueId", vec![]).await?;
    if open.as_deref() == Some(id) {
        return Ok(());
    }
    Err(refused(call, format!("timeline '{id}' could not be opened; look at Resolve's window")))
}

async fn timecode(next: Next<'_>) -> Result<Option<String>, CallError> {
    next.ask_text(Locator::Timeline(Key::Current), "GetCurrentTimecode", vec![]).await
}

async fn put_back(next: Next<'_>, before: Option<String>) -> Result<(), CallError> {
    let Some(before) = before else { return Ok(()) };
    let after = timecode(next).await?;
    let moved = after
        .is_some_and(|after| compare::same_timecode(&before.as_str().into(), &after.into()) == Some(false));
    if moved {
        next.ask(Locator::Timeline(Key::Current), "SetCurrentTimecode", vec![before.into()]).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::super::script::{Script, reason_of};
    use super::*;

    fn id(id: &str) -> Locator {
        Locator::Timeline(Key::Id(id.into()))
    }

    /// A project in which timeline `a` is open, and whose playhead is a frame off after each switch.
    fn with_timelines() -> Script {
        let open = Arc::new(Mutex::new("a".to_owned()));
        let switched = open.clone();
        Script::newest()
            .answers("Resolve.GetCurrentPage", "edit")
            .on("Timeline.GetUniqueId", move |_| Ok(open.lock().unwrap().as_str().into()))
            .on("Project.SetCurrentTimeline", move |args| {
                *switched.lock().unwrap() = args[0].as_object().unwrap().id().unwrap().to_owned();
                Ok(true.into())
            })
            .in_turn("Timeline.GetCurrentTimecode", ["01:00:00:00".into(), "00:59:59:23".into()])
            .answers("Timeline.SetCurrentTimecode", true)
            .answers("Timeline.GetTrackCount", 0)
            .answers("Timeline.DeleteClips", true)
    }

    /// `tl.delete-not-current`, `proj.switch-playhead`: the timeline is opened, and the person finds the other one
    /// open again, with the playhead where it was.
    #[tokio::test]
    async fn a_write_opens_its_timeline_and_goes_back() {
        let script = with_timelines();

        script.guarded(MethodCall::new(id("b"), "DeleteClips", [Value::List(vec![])])).await.unwrap();

        let opened: Vec<_> = script.arguments("Project.SetCurrentTimeline").into_iter().flatten().collect();
        assert_eq!(vec![Value::object(id("b")), Value::object(id("a"))], opened);
        assert_eq!(vec![vec![Value::from("01:00:00:00")]], script.arguments("Timeline.SetCurrentTimecode"));
    }

    /// The open timeline by its id is not switched to.
    #[tokio::test]
    async fn the_open_timeline_is_left_alone() {
        let script = with_timelines();
        script.guarded(MethodCall::new(id("a"), "DeleteClips", [Value::List(vec![])])).await.unwrap();
        assert!(script.arguments("Project.SetCurrentTimeline").is_empty());
    }

    /// `tl.getters-current-only`: False for every track of a timeline that is not open is no answer.
    #[tokio::test]
    async fn a_read_of_another_timeline_is_refused() {
        let script = with_timelines().answers("Timeline.GetIsTrackEnabled", false);
        let call =
            |timeline: Locator| MethodCall::new(timeline, "GetIsTrackEnabled", ["video".into(), 1.into()]);

        assert!(reason_of(script.guarded(call(id("b"))).await).contains("not the open one"));
        assert!(script.guarded(call(id("a"))).await.is_ok());
        assert!(script.guarded(call(Locator::Timeline(Key::Current))).await.is_ok());
    }

    /// `tl.append-playhead`: the playhead jumps to the end of what was appended.
    #[tokio::test]
    async fn the_playhead_is_put_back_after_an_append() {
        let clip = Value::object(Locator::MediaPoolItem(Key::Id("c".into())));
        let call = MethodCall::new(Locator::MediaPool, "AppendToTimeline", [Value::List(vec![clip])]);
        let script = Script::newest()
            .answers(
                "MediaPool.AppendToTimeline",
                Value::List(vec![Value::object(Locator::TimelineItem(Key::Current))]),
            )
            .in_turn("Timeline.GetCurrentTimecode", ["01:00:00:00".into(), "01:00:04:00".into()])
            .answers("Timeline.SetCurrentTimecode", true);

        script.guarded(call).await.unwrap();

        assert_eq!(vec![vec![Value::from("01:00:00:00")]], script.arguments("Timeline.SetCurrentTimecode"));
    }
}
