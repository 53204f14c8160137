//! Reads a write back and compares: Resolve answers True for things that did not happen.

use resolve_api::catalogue::Method;
use resolve_api::facts::read_back::{Verdict, table};
use resolve_api::wire::MethodCall;

use super::{Guarded, Next, Proof, not_verified, text_of};

/// The name of this guard.
pub(super) const NAME: &str = "read_back";

pub(super) fn concerns(row: &Method) -> bool {
    !table().rows(&row.label()).is_empty()
}

/// Reads back what the write should have changed. The innermost layer, so that the page and the timeline of the
/// write are still there.
pub(super) fn around(next: Next<'_>, call: MethodCall) -> Guarded<'_> {
    Box::pin(async move {
        let Some(row) = table().for_write(&call) else { return next.proceed(call).await };
        let mut outcome = next.proceed(call.clone()).await?;
        let unverified = |reason: &str| Proof::Unverified { reason: reason.to_owned() };
        let Some(reader) = row.call(&call, &outcome.value) else {
            outcome.proof = unverified("the arguments do not tell what to look at");
            return Ok(outcome);
        };
        let label = reader.label();
        let Some(read) = next.ask(reader.on, &reader.method, reader.args).await? else {
            outcome.proof = unverified(&format!("{label} did not answer"));
            return Ok(outcome);
        };
        outcome.proof = match row.judge(&call, &outcome.value, &read) {
            Verdict::Verified { requested, observed } => {
                Proof::ReadBack { reader: label, requested, observed }
            }
            Verdict::CannotTell => unverified("nothing in the answer can be compared with the arguments"),
            Verdict::Differs { requested, observed } => {
                return Err(not_verified(&call, label, text_of(&requested), text_of(&observed)));
            }
        };
        Ok(outcome)
    })
}

#[cfg(test)]
mod tests {
    use resolve_api::{Key, Locator, Value};

    use super::super::script::Script;
    use super::*;
    use crate::error::CallError;

    fn item(method: &str, args: Vec<Value>) -> MethodCall {
        MethodCall::new(Locator::TimelineItem(Key::Id("i".into())), method, args)
    }

    fn clip(method: &str, args: Vec<Value>) -> MethodCall {
        MethodCall::new(Locator::MediaPoolItem(Key::Id("c".into())), method, args)
    }

    /// Each write with what Resolve was seen to answer when it had done it, and when it had not: `item.color-generator`,
    /// `item.color-unknown-21`, `pool.reel-name`, `pool.replace-name-21`, `item.fades`, `item.speed`,
    /// `item.props-atomic`, `io.crop-rounding`, `gallery.label`, `fusion.setinput-none`, `proj.cache-location`,
    /// `proj.color-science`, `proj.proxy-settings`, `proj.rate-float`, `proj.switch-refused`, `tl.blanking-fill`,
    /// `tl.setname-open`, `tl.track-names`, `tl.voice-isolation-21`, `app.keyframe-mode-same-21`.
    #[tokio::test]
    async fn a_write_that_did_not_happen_is_found() {
        let map =
            |pairs: &[(&str, Value)]| Value::map(pairs.iter().map(|(key, value)| (*key, value.clone())));
        let timeline = || Locator::Timeline(Key::Current);
        let still =
            || Value::object(Locator::Held { class: "GalleryStill".into(), token: "held-1-1".into() });
        let tool = || Locator::Held { class: "FusionTool".into(), token: "held-1-2".into() };
        let album = || Locator::GalleryStillAlbum(Key::Current);
        let fades = map(&[("FadeIn", 6.into()), ("FadeOut", 6.into())]);
        let isolation = map(&[("isEnabled", true.into()), ("amount", 40.into())]);
        let other = Value::object(Locator::Timeline(Key::Id("t".into())));
        let blanking = map(&[("Top", 20.into()), ("Bottom", 20.into())]);
        let filled = map(&[
            ("Top", Value::Float(20.0)),
            ("Bottom", Value::Float(20.0)),
            ("Right", Value::Float(1920.0)),
        ]);
        let project = |key: &str, value: &str| {
            MethodCall::new(Locator::Project, "SetSetting", [key.into(), value.into()])
        };
        let cases: Vec<(MethodCall, &str, Value, Value)> = vec![
            (
                item("SetClipColor", vec!["Orange".into()]),
                "TimelineItem.GetClipColor",
                "Orange".into(),
                "".into(),
            ),
            (
                clip("SetClipProperty", vec!["Reel Name".into(), "A1".into()]),
                "MediaPoolItem.GetClipProperty",
                "A1".into(),
                "B".into(),
            ),
            (
                clip("ReplaceClip", vec![file!().into()]),
                "MediaPoolItem.GetClipProperty",
                file!().into(),
                "/a.mov".into(),
            ),
            (
                item("SetFades", vec![fades]),
                "TimelineItem.GetFades",
                map(&[("FadeIn", Value::Float(6.0)), ("FadeOut", Value::Float(6.0))]),
                map(&[("FadeIn", 0.into()), ("FadeOut", 0.into())]),
            ),
            (
                item("SetSpeed", vec![map(&[("Percentage", 50.into())])]),
                "TimelineItem.GetSpeed",
                map(&[("Percentage", Value::Float(50.0))]),
                map(&[("Percentage", 100.into())]),
            ),
            (
                item("SetProperties", vec![map(&[("ZoomX", 2.into())])]),
                "TimelineItem.GetProperties",
                map(&[("ZoomX", Value::Float(2.0)), ("Pan", 0.into())]),
                map(&[("ZoomX", Value::Float(1.0))]),
            ),
            (
                item("SetProperty", vec!["CropLeft".into(), 40.into()]),
                "TimelineItem.GetProperty",
                Value::Float(39.99996),
                Value::Float(0.0),
            ),
            (
                MethodCall::new(album(), "SetLabel", [still(), "hero".into()]),
                "GalleryStillAlbum.GetLabel",
                "hero".into(),
                "".into(),
            ),
            (
                MethodCall::new(tool(), "SetInput", ["Size".into(), Value::Float(0.5)]),
                "FusionTool.GetInput",
                Value::Float(0.5),
                Value::Float(0.08),
            ),
            (project("perfCacheClipsLocation", "/cache"), "Project.GetSetting", "/cache".into(), "".into()),
            (
                project("colorScienceMode", "davinciYRGB"),
                "Project.GetSetting",
                "davinciYRGB".into(),
                "acescct".into(),
            ),
            (project("perfProxyMediaMode", "2"), "Project.GetSetting", 2.into(), "0".into()),
            (
                project("timelineFrameRate", "24"),
                "Project.GetSetting",
                Value::Float(24.0),
                Value::Float(25.0),
            ),
            (
                MethodCall::new(Locator::Project, "SetCurrentTimeline", [other]),
                "Timeline.GetUniqueId",
                "t".into(),
                "u".into(),
            ),
            (
                MethodCall::new(timeline(), "SetOutputBlanking", [blanking]),
                "Timeline.GetOutputBlanking",
                filled,
                map(&[("Top", 0.into())]),
            ),
            (
                MethodCall::new(timeline(), "SetName", ["cut".into()]),
                "Timeline.GetName",
                "cut".into(),
                "Timeline 1".into(),
            ),
            (
                MethodCall::new(timeline(), "SetTrackName", ["video".into(), 1.into(), "B".into()]),
                "Timeline.GetTrackName",
                "B".into(),
                "Video 1".into(),
            ),
            (
                MethodCall::new(timeline(), "SetVoiceIsolationState", [1.into(), isolation.clone()]),
                "Timeline.GetVoiceIsolationState",
                isolation,
                map(&[("isEnabled", false.into()), ("amount", 0.into())]),
            ),
            (
                MethodCall::new(Locator::Resolve, "SetKeyframeMode", [1.into()]),
                "Resolve.GetKeyframeMode",
                Value::Float(1.0),
                0.into(),
            ),
        ];
        for (write, reader, done, not_done) in cases {
            let script = |read: Value| Script::newest().answers(&write.label(), true).answers(reader, read);

            let proof = script(done).guarded(write.clone()).await.unwrap().proof;
            assert!(
                matches!(&proof, Proof::ReadBack { reader: by, .. } if by == reader),
                "{}: {proof:?}",
                write.label()
            );

            let error = script(not_done).guarded(write.clone()).await.unwrap_err();
            assert!(
                matches!(&error, CallError::NotVerified { what, .. } if what == reader),
                "{}: {error}",
                write.label()
            );
        }
    }

    /// A reader that this build lacks leaves the write standing, and says that it was not verified.
    #[tokio::test]
    async fn a_write_without_its_reader_is_unverified_and_no_error() {
        let script = Script::newest().answers("TimelineItem.SetClipColor", true);
        let outcome = script.guarded(item("SetClipColor", vec!["Orange".into()])).await.unwrap();
        assert_eq!(
            Proof::Unverified { reason: "TimelineItem.GetClipColor did not answer".into() },
            outcome.proof
        );
    }
}
