//! Settings of projects and timelines: keys that depend on others, and why a value is refused.

use indexmap::IndexMap;
use resolve_api::catalogue::Method;
use resolve_api::facts::compare;
use resolve_api::wire::MethodCall;
use resolve_api::{Locator, Value};

use super::{Guarded, Next, bare_refusal, refused};

/// The switch that gives a timeline settings of its own.
const CUSTOM: &str = "useCustomSettings";

pub(super) fn sets(row: &Method, class: &str) -> bool {
    row.class == class && ["SetSetting", "SetSettings"].contains(&row.name.as_str())
}

/// Gives a timeline settings of its own first where that was asked for with others, and refuses others without.
pub(super) fn of_timeline(next: Next<'_>, call: MethodCall) -> Guarded<'_> {
    Box::pin(async move {
        let wanted = settings(&call);
        if wanted.keys().all(|key| key == CUSTOM) {
            return next.proceed(call).await;
        }
        if let Some(custom) = wanted.get(CUSTOM) {
            let first =
                MethodCall::new(call.on.clone(), "SetSettings", [Value::map([(CUSTOM, custom.clone())])]);
            next.proceed(first).await?;
            let rest = wanted
                .iter()
                .filter(|(key, _)| *key != CUSTOM)
                .map(|(key, value)| (key.as_str(), value.clone()));
            let rest = MethodCall::new(call.on.clone(), "SetSettings", [Value::map(rest)]);
            return Ok(next.proceed(rest).await?.remark(format!("{CUSTOM} was set first")));
        }
        let custom = next.ask(call.on.clone(), "GetSetting", vec![CUSTOM.into()]).await?;
        if custom.is_some_and(|custom| compare::same(&false.into(), &custom) == Some(true)) {
            return Err(refused(
                &call,
                format!(
                    "the timeline has no settings of its own, so this would change nothing; set {CUSTOM} to 1 first"
                ),
            ));
        }
        next.proceed(call).await
    })
}

/// Says why the project's frame rates are refused.
pub(super) fn of_project(next: Next<'_>, call: MethodCall) -> Guarded<'_> {
    Box::pin(async move {
        let outcome = next.proceed(call.clone()).await;
        if !bare_refusal(&outcome) {
            return outcome;
        }
        let wanted = settings(&call);
        if wanted.contains_key("timelinePlaybackFrameRate") {
            let reason = "timelinePlaybackFrameRate is refused in every form; a person sets it under Project Settings, \
                          Master Settings";
            return Err(refused(&call, reason));
        }
        if wanted.contains_key("timelineFrameRate") {
            let timelines = next.ask(Locator::Project, "GetTimelineCount", vec![]).await?;
            if timelines.and_then(|count| count.as_int()).is_some_and(|count| count > 0) {
                let reason = "the frame rate is fixed once the project has a timeline; set it in a project without one, \
                              or on an empty timeline with settings of its own";
                return Err(refused(&call, reason));
            }
        }
        outcome
    })
}

/// The settings that a call writes, in either form.
fn settings(call: &MethodCall) -> IndexMap<String, Value> {
    match (call.args.first(), call.args.get(1)) {
        (Some(Value::Map(settings)), _) => settings.clone(),
        (Some(Value::Str(key)), value) => [(key.clone(), value.cloned().unwrap_or(Value::Null))].into(),
        _ => IndexMap::new(),
    }
}

#[cfg(test)]
mod tests {
    use resolve_api::Key;

    use super::super::script::{Script, reason_of};
    use super::*;

    fn timeline(settings: &[(&str, &str)]) -> MethodCall {
        let settings = Value::map(settings.iter().map(|(key, value)| (*key, Value::from(*value))));
        MethodCall::new(Locator::Timeline(Key::Current), "SetSettings", [settings])
    }

    /// `tl.settings-need-custom`, `tl.settings-custom`: True or False, and the size unchanged either way.
    #[tokio::test]
    async fn a_timeline_without_settings_of_its_own_is_refused() {
        let width = &[("timelineResolutionWidth", "1080")];
        let script = |custom: &str| {
            Script::newest()
                .answers("Timeline.GetSetting", custom)
                .answers("Timeline.SetSettings", true)
                .answers("Timeline.GetSettings", Value::map([("timelineResolutionWidth", "1080".into())]))
        };
        let shared = script("0");
        assert!(
            reason_of(shared.guarded(timeline(width)).await).contains("set useCustomSettings to 1 first")
        );
        assert!(shared.arguments("Timeline.SetSettings").is_empty());
        script("1").guarded(timeline(width)).await.unwrap();
    }

    /// `tl.settings-need-custom`: in one dict the other keys fail; in a call of its own the switch helps them.
    #[tokio::test]
    async fn the_switch_is_set_in_a_call_of_its_own() {
        let script = Script::newest().answers("Timeline.SetSettings", true).answers(
            "Timeline.GetSettings",
            Value::map([(CUSTOM, "1".into()), ("timelineResolutionWidth", "1080".into())]),
        );

        script.guarded(timeline(&[("timelineResolutionWidth", "1080"), (CUSTOM, "1")])).await.unwrap();

        let calls: Vec<_> = script.arguments("Timeline.SetSettings").into_iter().flatten().collect();
        assert_eq!(
            vec![
                Value::map([(CUSTOM, "1".into())]),
                Value::map([("timelineResolutionWidth", "1080".into())])
            ],
            calls
        );
    }

    /// `proj.rate-locked`, `proj.playback-rate`: Resolve says False and no more.
    #[tokio::test]
    async fn a_refused_frame_rate_is_explained() {
        let call = |key: &str| MethodCall::new(Locator::Project, "SetSetting", [key.into(), "25".into()]);
        let script = |timelines: i64| {
            Script::newest()
                .refuses("Project.SetSetting")
                .answers("Project.GetTimelineCount", timelines)
                .answers("Resolve.GetCurrentPage", "edit")
        };
        assert!(reason_of(script(1).guarded(call("timelineFrameRate")).await).contains("fixed once"));
        assert!(bare_refusal(&script(0).guarded(call("timelineFrameRate")).await));
        assert!(
            reason_of(script(0).guarded(call("timelinePlaybackFrameRate")).await).contains("in every form")
        );
    }
}
