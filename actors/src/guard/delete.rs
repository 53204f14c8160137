//! Deleting items of a timeline and timelines of a project.

use resolve_api::facts::compare;
use resolve_api::wire::MethodCall;
use resolve_api::{Key, Locator, Value};

use super::{Guarded, Next, bare_refusal, not_verified, refused};
use crate::error::CallError;

/// The kinds of track that hold items.
const KINDS: [&str; 3] = ["video", "audio", "subtitle"];

/// Deletes items, once more where Resolve refused without cause, and looks whether they are gone.
pub(super) fn clips(next: Next<'_>, call: MethodCall) -> Guarded<'_> {
    Box::pin(async move {
        let first = next.proceed(call.clone()).await;
        let retried = bare_refusal(&first);
        let outcome = if retried { next.proceed(call.clone()).await? } else { first? };
        let doomed = call.args.first().and_then(Value::as_list).unwrap_or_default();
        let left = standing(next, &call.on, doomed).await?;
        if !left.is_empty() {
            let left: Vec<String> = left.iter().map(ToString::to_string).collect();
            return Err(not_verified(&call, "what was to be deleted", "gone", left.join(", ")));
        }
        let outcome = outcome.seen("the items are on no track any more");
        Ok(if retried {
            outcome.remark("the first attempt was refused, the second was not")
        } else {
            outcome
        })
    })
}

/// Which of the items still stand on a track.
async fn standing<'a>(
    next: Next<'_>,
    timeline: &Locator,
    items: &'a [Value],
) -> Result<Vec<&'a Locator>, CallError> {
    let mut left = Vec::new();
    for kind in KINDS {
        let count = next.ask(timeline.clone(), "GetTrackCount", vec![kind.into()]).await?;
        for index in 1..=count.and_then(|count| count.as_int()).unwrap_or(0) {
            let args = vec![kind.into(), index.into()];
            let Some(listed) = next.ask(timeline.clone(), "GetItemListInTrack", args).await? else {
                continue;
            };
            let found = items.iter().filter(|item| compare::contains(&listed, item) == Some(true));
            left.extend(found.filter_map(Value::as_object));
        }
    }
    Ok(left)
}

/// Refuses a list that holds the open timeline: Resolve answers False and deletes none of them.
pub(super) fn timelines(next: Next<'_>, call: MethodCall) -> Guarded<'_> {
    Box::pin(async move {
        let open = next.ask_text(Locator::Timeline(Key::Current), "GetUniqueId", vec![]).await?;
        let doomed = call.args.first().and_then(Value::as_list).unwrap_or_default();
        for timeline in doomed.iter().filter_map(Value::as_object) {
            let id = match timeline.id() {
                Some(id) => Some(id.to_owned()),
                None => next.ask_text(timeline.clone(), "GetUniqueId", vec![]).await?,
            };
            if id.is_some() && id == open {
                let reason = "the list holds the open timeline, and Resolve would delete none; open another one with \
                              Project.SetCurrentTimeline first";
                return Err(refused(&call, reason));
            }
        }
        next.proceed(call).await
    })
}

#[cfg(test)]
mod tests {
    use resolve_api::Fault;

    use super::super::script::{Script, reason_of};
    use super::*;

    fn item(id: &str) -> Value {
        Value::object(Locator::TimelineItem(Key::Id(id.into())))
    }

    /// A timeline with one video track on which these items stand.
    fn with_items(ids: &[&str]) -> Script {
        Script::newest()
            .answers("Resolve.GetCurrentPage", "edit")
            .on("Timeline.GetTrackCount", |args| Ok(i64::from(args[0].as_str() == Some("video")).into()))
            .answers("Timeline.GetItemListInTrack", Value::List(ids.iter().map(|id| item(id)).collect()))
    }

    fn delete(ids: &[&str]) -> MethodCall {
        let items = ids.iter().map(|id| item(id)).collect();
        MethodCall::new(Locator::Timeline(Key::Current), "DeleteClips", [Value::List(items)])
    }

    /// `tl.delete-lie`: True, and the items still stand.
    #[tokio::test]
    async fn items_that_still_stand_are_named() {
        let gone = with_items(&["other"]).answers("Timeline.DeleteClips", true);
        gone.guarded(delete(&["a", "b"])).await.unwrap();

        let lying = with_items(&["b"]).answers("Timeline.DeleteClips", true);
        let error = lying.guarded(delete(&["a", "b"])).await.unwrap_err().to_string();
        assert!(error.contains("'b' timeline item instead of gone"), "{error}");
    }

    /// `tl.delete-flaky`: False once, True on the same call again; and no third time.
    #[tokio::test]
    async fn a_refusal_without_cause_is_tried_once_more() {
        let mut tries = 0;
        let flaky = with_items(&[]).on("Timeline.DeleteClips", move |_| {
            tries += 1;
            let refusal = Fault::Refused { method: "Timeline.DeleteClips".into(), reason: None };
            if tries == 1 { Err(refusal.into()) } else { Ok(true.into()) }
        });
        assert_eq!(1, flaky.guarded(delete(&["a"])).await.unwrap().remarks.len());

        let stubborn = with_items(&["a"]).refuses("Timeline.DeleteClips");
        assert!(stubborn.guarded(delete(&["a"])).await.is_err());
        assert_eq!(2, stubborn.arguments("Timeline.DeleteClips").len());
    }

    /// `pool.delete-current-timeline`: one open timeline in the list, and nothing is deleted.
    #[tokio::test]
    async fn the_open_timeline_is_not_deleted() {
        let script = Script::newest()
            .answers("Timeline.GetUniqueId", "open")
            .answers("MediaPool.DeleteTimelines", true);
        let delete = |ids: &[&str]| {
            let timelines =
                ids.iter().map(|id| Value::object(Locator::Timeline(Key::Id((*id).into())))).collect();
            MethodCall::new(Locator::MediaPool, "DeleteTimelines", [Value::List(timelines)])
        };

        assert!(
            reason_of(script.guarded(delete(&["other", "open"])).await).contains("holds the open timeline")
        );
        assert!(script.arguments("MediaPool.DeleteTimelines").is_empty());
        script.guarded(delete(&["other"])).await.unwrap();
    }
}
