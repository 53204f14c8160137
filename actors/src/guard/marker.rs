//! Markers, and in and out marks.

use resolve_api::catalogue::Method;
use resolve_api::facts::compare;
use resolve_api::wire::MethodCall;
use resolve_api::{Key, Locator, Value};

use super::{Guarded, Next, bare_refusal, refused, wrong};

pub(super) fn adds_marker(row: &Method) -> bool {
    row.name == "AddMarker"
}

/// Refuses a frame outside the timeline, which Resolve stores and never shows, and explains a frame that is taken.
pub(super) fn add(next: Next<'_>, call: MethodCall) -> Guarded<'_> {
    Box::pin(async move {
        let frame = call.args.first().and_then(Value::as_f64);
        if let (Locator::Timeline(_), Some(frame)) = (&call.on, frame) {
            let start =
                next.ask(call.on.clone(), "GetStartFrame", vec![]).await?.and_then(|start| start.as_f64());
            let end = next.ask(call.on.clone(), "GetEndFrame", vec![]).await?.and_then(|end| end.as_f64());
            if let (Some(start), Some(end)) = (start, end)
                && start > 0.0
                && frame >= start
                && frame > end - start
            {
                return Err(wrong(
                    "args[0]",
                    format!(
                        "frame {frame} lies behind the timeline, which has {} frames; markers count from its first frame, \
                             not from its timecode",
                        end - start
                    ),
                    "subtract the timeline's start frame",
                    vec![Value::Float(frame - start)],
                ));
            }
        }
        let outcome = next.proceed(call.clone()).await;
        if !bare_refusal(&outcome) {
            return outcome;
        }
        let markers = next.ask(call.on.clone(), "GetMarkers", vec![]).await?;
        let taken =
            call.args.first().zip(markers).and_then(|(frame, markers)| compare::contains(&markers, frame));
        match taken {
            Some(true) => Err(refused(
                &call,
                "the frame carries a marker already; delete that one first, or choose another frame",
            )),
            _ => outcome,
        }
    })
}

/// Refuses equal marks where no render of them ever starts, and clears older marks that would be in the way.
pub(super) fn in_out(next: Next<'_>, call: MethodCall) -> Guarded<'_> {
    Box::pin(async move {
        let mark = |place: usize| call.args.get(place).and_then(Value::as_f64);
        let (Some(mark_in), Some(mark_out)) = (mark(0), mark(1)) else { return next.proceed(call).await };
        if mark_in == mark_out && next.holds("render.one-frame-mark") {
            return Err(wrong(
                "args[1]",
                "equal marks are stored, and a render of them never starts",
                "mark two frames, or set MarkIn and MarkOut with Project.SetRenderSettings",
                vec![Value::Float(mark_out + 1.0)],
            ));
        }
        let before = next.ask(call.on.clone(), "GetMarkInOut", vec![]).await?;
        let ranges = before.iter().filter_map(Value::as_map).flat_map(|ranges| ranges.values());
        let in_the_way =
            ranges.filter_map(|range| range.get("out")?.as_f64()).any(|old_out| mark_in > old_out);
        if !in_the_way {
            return next.proceed(call).await;
        }
        next.ask(call.on.clone(), "ClearMarkInOut", vec![]).await?;
        Ok(next.proceed(call).await?.remark("older marks that lay before the new ones were cleared"))
    })
}

/// Puts marks back that were gone after a call that has nothing to do with them.
pub(super) fn keep(next: Next<'_>, call: MethodCall) -> Guarded<'_> {
    Box::pin(async move {
        let timeline = Locator::Timeline(Key::Current);
        let before = next.ask(timeline.clone(), "GetMarkInOut", vec![]).await?;
        let Some(Value::Map(before)) = before.filter(|marks| !compare::is_empty(marks)) else {
            return next.proceed(call).await;
        };
        let outcome = next.proceed(call).await?;
        let after = next.ask(timeline.clone(), "GetMarkInOut", vec![]).await?;
        let gone = after.is_some_and(|after| compare::is_empty(&after));
        if !gone {
            return Ok(outcome);
        }
        let mut restored = true;
        for (kind, range) in &before {
            if let (Some(mark_in), Some(mark_out)) = (range.get("in"), range.get("out")) {
                let args = vec![mark_in.clone(), mark_out.clone(), kind.as_str().into()];
                restored &= next.ask(timeline.clone(), "SetMarkInOut", args).await?.is_some();
            }
        }
        let done = if restored { "were set again" } else { "could not be set again" };
        Ok(outcome.remark(format!("the in and out marks of the timeline were gone and {done}")))
    })
}

#[cfg(test)]
mod tests {
    use super::super::script::{Script, reason_of};
    use super::*;
    use crate::error::CallError;

    fn timeline(method: &str, args: Vec<Value>) -> MethodCall {
        MethodCall::new(Locator::Timeline(Key::Current), method, args)
    }

    fn marker(frame: i64) -> MethodCall {
        timeline("AddMarker", vec![frame.into(), "Blue".into(), "".into(), "".into(), 1.into()])
    }

    fn marks(mark_in: i64, mark_out: i64) -> Value {
        Value::map([("video", Value::map([("in", mark_in.into()), ("out", mark_out.into())]))])
    }

    /// `tl.markers-relative`: an absolute frame is stored, echoed and never shown.
    #[tokio::test]
    async fn an_absolute_frame_is_refused_with_the_relative_one() {
        let script = Script::newest()
            .answers("Timeline.GetStartFrame", 86400)
            .answers("Timeline.GetEndFrame", 86400 + 240)
            .answers("Timeline.AddMarker", true);

        let error = script.guarded(marker(86496)).await.unwrap_err();
        assert!(
            matches!(&error, CallError::InvalidArgument { candidates, .. } if *candidates == vec![Value::Float(96.0)])
        );
        assert!(script.arguments("Timeline.AddMarker").is_empty());

        script.guarded(marker(96)).await.unwrap();
    }

    /// `tl.marker-taken`: False, because the frame has a marker; any other refusal is left as it is.
    #[tokio::test]
    async fn a_taken_frame_is_explained() {
        let script = |key: &str| {
            Script::newest()
                .refuses("Timeline.AddMarker")
                .answers("Timeline.GetMarkers", Value::map([(key, Value::map([("color", "Red".into())]))]))
        };
        assert!(reason_of(script("96").guarded(marker(96)).await).contains("carries a marker already"));
        assert!(bare_refusal(&script("97").guarded(marker(96)).await));
    }

    /// `render.one-frame-mark`: from 21.1.1 a job with equal marks never starts.
    #[tokio::test]
    async fn equal_marks_are_refused_where_they_never_render() {
        let call = || timeline("SetMarkInOut", vec![10.into(), 10.into()]);
        let script = |version| {
            Script::version(version)
                .answers("Timeline.SetMarkInOut", true)
                .answers("Timeline.GetMarkInOut", marks(10, 10))
        };
        assert!(reason_of(script("21.1.1.10").guarded(call()).await).contains("never starts"));
        assert!(script("19.1.3.7").guarded(call()).await.is_ok());
    }

    /// `render.mark-leftover`: three of six jobs had one frame, because the new in lay behind the old out.
    #[tokio::test]
    async fn older_marks_before_the_new_ones_are_cleared() {
        let script = |old: Value| {
            Script::newest()
                .in_turn("Timeline.GetMarkInOut", [old, marks(100, 200)])
                .answers("Timeline.ClearMarkInOut", true)
                .answers("Timeline.SetMarkInOut", true)
        };
        let call = || timeline("SetMarkInOut", vec![100.into(), 200.into()]);

        let leftover = script(marks(0, 50));
        leftover.guarded(call()).await.unwrap();
        assert_eq!(1, leftover.arguments("Timeline.ClearMarkInOut").len());

        let overlapping = script(marks(0, 150));
        overlapping.guarded(call()).await.unwrap();
        assert!(overlapping.arguments("Timeline.ClearMarkInOut").is_empty());
    }

    /// `tl.marks-cleared`: adding a track lost the marks three times.
    #[tokio::test]
    async fn marks_that_vanish_are_set_again() {
        let script = |after: Value| {
            Script::newest()
                .in_turn("Timeline.GetMarkInOut", [marks(5, 9), after])
                .answers("Timeline.AddTrack", true)
                .answers("Timeline.SetMarkInOut", true)
        };
        let call = || timeline("AddTrack", vec!["video".into()]);

        let cleared = script(Value::map::<&str>([]));
        cleared.guarded(call()).await.unwrap();
        assert_eq!(
            vec![vec![Value::Int(5), 9.into(), "video".into()]],
            cleared.arguments("Timeline.SetMarkInOut")
        );

        let kept = script(marks(5, 9));
        assert!(kept.guarded(call()).await.unwrap().remarks.is_empty());
        assert!(kept.arguments("Timeline.SetMarkInOut").is_empty());
    }
}
