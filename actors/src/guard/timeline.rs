//! The name of a timeline and its clock.

use resolve_api::wire::MethodCall;
use resolve_api::{Locator, Value};

use super::{Guarded, Next, bare_refusal, wrong};

/// Letters that make Resolve drop a new name without a word.
const NOT_IN_A_NAME: [char; 2] = [':', '/'];

/// Refuses a name that would not be taken.
pub(super) fn name(next: Next<'_>, call: MethodCall) -> Guarded<'_> {
    Box::pin(async move {
        let name = call.args.first().and_then(Value::as_str).unwrap_or_default();
        if name.contains(NOT_IN_A_NAME) {
            let plain = name.replace(NOT_IN_A_NAME, "-");
            let reason = "a colon or a slash in the name makes Resolve keep the old one without a word";
            return Err(wrong("args[0]", reason, "leave both out", vec![plain.into()]));
        }
        next.proceed(call).await
    })
}

/// Explains a timecode that lies before the timeline.
pub(super) fn timecode(next: Next<'_>, call: MethodCall) -> Guarded<'_> {
    Box::pin(async move {
        let outcome = next.proceed(call.clone()).await;
        let wanted = call.args.first().and_then(Value::as_str).unwrap_or_default().to_owned();
        let start = match &call.on {
            on @ Locator::Timeline(_) if bare_refusal(&outcome) => {
                next.ask_text(on.clone(), "GetStartTimecode", vec![]).await?
            }
            _ => None,
        };
        // Two timecodes of one clock stand in the order of their digits.
        let digits = |timecode: &str| timecode.replace(|letter: char| !letter.is_ascii_digit(), "");
        match start {
            Some(start) if digits(&wanted) < digits(&start) => Err(wrong(
                "args[0]",
                format!("{wanted} lies before the timeline, which starts at {start}"),
                "add the start to a time that counts from zero",
                vec![start.as_str().into()],
            )),
            _ => outcome,
        }
    })
}

#[cfg(test)]
mod tests {
    use resolve_api::Key;

    use super::super::script::{Script, reason_of};
    use super::*;

    fn timeline(method: &str, arg: &str) -> MethodCall {
        MethodCall::new(Locator::Timeline(Key::Current), method, [arg.into()])
    }

    /// `tl.name-characters`: nothing happens, and no error says so.
    #[tokio::test]
    async fn a_name_that_would_be_dropped_is_refused() {
        let script =
            Script::newest().answers("Timeline.SetName", true).answers("Timeline.GetName", "cut 2-3");
        assert!(
            reason_of(script.guarded(timeline("SetName", "cut 2/3")).await).contains("a colon or a slash")
        );
        assert!(script.called().is_empty());
        script.guarded(timeline("SetName", "cut 2-3")).await.unwrap();
    }

    /// `tl.current-timecode`: 00:00:21:03 fails without a reason where the timeline starts at 00:59:50:00.
    #[tokio::test]
    async fn a_timecode_before_the_timeline_is_explained() {
        let script = Script::newest()
            .refuses("Timeline.SetCurrentTimecode")
            .answers("Timeline.GetStartTimecode", "00:59:50:00")
            .answers("Resolve.GetCurrentPage", "edit");
        let reason = reason_of(script.guarded(timeline("SetCurrentTimecode", "00:00:21:03")).await);
        assert_eq!(
            "args.timecode: 00:00:21:03 lies before the timeline, which starts at 00:59:50:00",
            reason
        );
        assert!(bare_refusal(&script.guarded(timeline("SetCurrentTimecode", "01:00:11:03")).await));
    }
}
