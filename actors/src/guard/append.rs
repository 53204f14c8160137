//! `AppendToTimeline`: what would be dropped without a word is refused before, and what was placed is looked at.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use resolve_api::facts::compare;
use resolve_api::wire::MethodCall;
use resolve_api::{Key, Locator, Value};

use super::{Guarded, Next, not_verified, refused, text_of, wrong};
use crate::error::CallError;

/// One placement, with the track it asks for.
struct Placement {
    /// Where it stands in the arguments.
    path: String,
    /// `video` or `audio`, and the index from 1.
    track: Option<(&'static str, i64)>,
    record_frame: Option<f64>,
}

/// Checks tracks and positions, appends, and looks whether the items stand where they were asked for.
pub(super) fn around(next: Next<'_>, call: MethodCall) -> Guarded<'_> {
    Box::pin(async move {
        let placements = placements(&call, next.holds("append.track-needs-type"))?;
        let timeline = Locator::Timeline(Key::Current);
        // Without an open timeline Resolve may make one; there is nothing to check then.
        let Some(id) = next.ask_text(timeline, "GetUniqueId", vec![]).await? else {
            return next.proceed(call).await;
        };
        check_positions(next, &placements).await?;
        check_tracks(next, &call, &placements).await?;

        let outcome = next.proceed(call.clone()).await?;
        let items = outcome.value.as_list().unwrap_or_default();
        let placed = items.iter().filter(|item| **item != Value::Null).count();
        if placed < placements.len() {
            let what = "the number of items; what overlaps another item, or an empty range, is dropped";
            return Err(not_verified(&call, what, placements.len().to_string(), placed.to_string()));
        }
        look(next, &call, &placements, items).await?;
        let now = next.ask_text(Locator::Timeline(Key::Current), "GetUniqueId", vec![]).await?;
        if now.as_ref().is_some_and(|now| *now != id) {
            return Err(not_verified(&call, "the current timeline", id, now.unwrap_or_default()));
        }
        Ok(outcome.seen("the items were found on their tracks"))
    })
}

fn placements(call: &MethodCall, needs_type: bool) -> Result<Vec<Placement>, CallError> {
    let listed = matches!(call.args.first(), Some(Value::List(_)));
    let entries = call.args.first().and_then(Value::as_list).unwrap_or(&call.args);
    let placement = |(index, entry): (usize, &Value)| {
        let path = if listed { format!("args[0][{index}]") } else { format!("args[{index}]") };
        let empty = IndexMap::new();
        let entry = entry.as_map().unwrap_or(&empty);
        let kind = match entry.get("mediaType").and_then(Value::as_int) {
            Some(2) => Some("audio"),
            Some(_) => Some("video"),
            None => None,
        };
        let index = entry.get("trackIndex").and_then(Value::as_int);
        if index.is_some() && kind.is_none() && needs_type {
            return Err(wrong(
                format!("{path}.mediaType"),
                "this version drops a clip with trackIndex and without mediaType, and answers that it was placed",
                "send mediaType 1 for the picture or 2 for the sound; two entries for both",
                vec![1.into(), 2.into()],
            ));
        }
        let track = index.map(|index| (kind.unwrap_or("video"), index));
        Ok(Placement { path, track, record_frame: entry.get("recordFrame").and_then(Value::as_f64) })
    };
    entries.iter().enumerate().map(placement).collect()
}

/// Record frames count from the start of the timeline's clock and are not clamped to it.
async fn check_positions(next: Next<'_>, placements: &[Placement]) -> Result<(), CallError> {
    if placements.iter().all(|placement| placement.record_frame.is_none()) {
        return Ok(());
    }
    let start = next.ask(Locator::Timeline(Key::Current), "GetStartFrame", vec![]).await?;
    let Some(start) = start.and_then(|start| start.as_f64()) else { return Ok(()) };
    for placement in placements {
        let Some(frame) = placement.record_frame.filter(|frame| *frame < start) else { continue };
        return Err(wrong(
            format!("{}.recordFrame", placement.path),
            format!("{frame} lies before the timeline, which starts at frame {start}"),
            "record frames are absolute: add the timeline's start frame to an offset",
            vec![Value::Float(start + frame)],
        ));
    }
    Ok(())
}

/// A clip for a track that is far out, or locked, is dropped while the answer holds items.
async fn check_tracks(next: Next<'_>, call: &MethodCall, placements: &[Placement]) -> Result<(), CallError> {
    let mut counts: BTreeMap<&str, Option<i64>> = BTreeMap::new();
    let mut locked: BTreeMap<(&str, i64), bool> = BTreeMap::new();
    for placement in placements {
        let Some((kind, index)) = placement.track else { continue };
        let timeline = Locator::Timeline(Key::Current);
        if !counts.contains_key(kind) {
            let count = next.ask(timeline.clone(), "GetTrackCount", vec![kind.into()]).await?;
            counts.insert(kind, count.and_then(|count| count.as_int()));
        }
        let Some(count) = counts[kind] else { continue };
        if index < 1 || index > count + 1 {
            return Err(wrong(
                format!("{}.trackIndex", placement.path),
                format!(
                    "there are {count} {kind} tracks, and a clip for track {index} is dropped without a word"
                ),
                "add the tracks first with Timeline.AddTrack; one past the last adds that track",
                (1..=count).map(Value::from).collect(),
            ));
        }
        if index <= count && !locked.contains_key(&(kind, index)) {
            let answer = next.ask(timeline, "GetIsTrackLocked", vec![kind.into(), index.into()]).await?;
            locked.insert((kind, index), answer == Some(Value::Bool(true)));
        }
        if locked.get(&(kind, index)) == Some(&true) {
            let reason = format!(
                "{kind} track {index} is locked, and Resolve drops clips for it without a word; unlock it with Timeline.SetTrackLock"
            );
            return Err(refused(call, reason));
        }
    }
    Ok(())
}

/// Looks for the items on the tracks that were asked for; where none was, at the last one itself.
async fn look(
    next: Next<'_>,
    call: &MethodCall,
    placements: &[Placement],
    items: &[Value],
) -> Result<(), CallError> {
    let mut wanted: BTreeMap<(&str, i64), usize> = BTreeMap::new();
    for placement in placements {
        if let Some(track) = placement.track {
            *wanted.entry(track).or_default() += 1;
        }
    }
    for ((kind, index), count) in &wanted {
        let args = vec![(*kind).into(), (*index).into()];
        let Some(listed) = next.ask(Locator::Timeline(Key::Current), "GetItemListInTrack", args).await?
        else {
            continue;
        };
        let found = items.iter().filter(|item| compare::contains(&listed, item) == Some(true)).count();
        if found < *count {
            let what = format!("the number of new items on {kind} track {index}");
            return Err(not_verified(call, what, count.to_string(), found.to_string()));
        }
    }
    let last = items.last().and_then(Value::as_object).filter(|_| wanted.is_empty());
    if let Some(last) = last {
        let length = next.ask(last.clone(), "GetDuration", vec![]).await?;
        if length == Some(Value::Null) {
            return Err(not_verified(
                call,
                format!("the length of {last}"),
                "a number",
                text_of(&Value::Null),
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::script::{Script, reason_of};
    use super::*;

    fn items(ids: &[&str]) -> Value {
        Value::List(
            ids.iter().map(|id| Value::object(Locator::TimelineItem(Key::Id((*id).into())))).collect(),
        )
    }

    /// A timeline from frame 86400 with two video tracks and one audio track; `on_track` stands on each of them.
    fn timeline(version: &'static str, on_track: &[&str]) -> Script {
        Script::version(version)
            .answers("Timeline.GetUniqueId", "t1")
            .answers("Timeline.GetStartFrame", 86400)
            .on("Timeline.GetTrackCount", |args| {
                Ok(if args[0].as_str() == Some("video") { 2 } else { 1 }.into())
            })
            .answers("Timeline.GetIsTrackLocked", false)
            .answers("Timeline.GetItemListInTrack", items(on_track))
            .answers("MediaPool.AppendToTimeline", items(&["new"]))
    }

    fn append(fields: &[(&str, Value)]) -> MethodCall {
        let clip = ("mediaPoolItem", Value::object(Locator::MediaPoolItem(Key::Id("c".into()))));
        let entry = Value::map([clip].into_iter().chain(fields.iter().cloned()));
        MethodCall::new(Locator::MediaPool, "AppendToTimeline", [Value::List(vec![entry])])
    }

    const NEWEST: &str = "21.1.0.14";

    /// `append.current-timeline`, `append.not-current`, `append.null-id`: what comes back is looked for where it was
    /// asked to be.
    #[tokio::test]
    async fn what_was_placed_is_found_on_its_track() {
        let placed = timeline(NEWEST, &["old", "new"])
            .guarded(append(&[("mediaType", 1.into()), ("trackIndex", 2.into())]))
            .await;
        assert!(matches!(placed.unwrap().proof, super::super::Proof::Seen { .. }));

        let lost = timeline(NEWEST, &["old"])
            .guarded(append(&[("mediaType", 1.into()), ("trackIndex", 2.into())]))
            .await;
        let error = lost.unwrap_err().to_string();
        assert!(error.contains("on video track 2 is 0 instead of 1"), "{error}");
    }

    /// `append.not-current`: the item lies on another timeline and has no length here.
    #[tokio::test]
    async fn an_item_without_a_length_is_not_believed() {
        let script = timeline(NEWEST, &[]).answers("TimelineItem.GetDuration", Value::Null);
        assert!(matches!(script.guarded(append(&[])).await, Err(CallError::NotVerified { .. })));

        let script = timeline(NEWEST, &[]).answers("TimelineItem.GetDuration", 47);
        assert!(script.guarded(append(&[])).await.is_ok());
    }

    /// `append.current-timeline`: when another timeline is current afterwards, the items may lie there.
    #[tokio::test]
    async fn the_current_timeline_must_stay_the_same() {
        let script = timeline(NEWEST, &["new"])
            .answers("TimelineItem.GetDuration", 47)
            .in_turn("Timeline.GetUniqueId", ["t1".into(), "t2".into()]);
        assert!(
            matches!(script.guarded(append(&[])).await, Err(CallError::NotVerified { what, .. }) if what == "the current timeline")
        );
    }

    /// `append.recordframe-absolute`: 0 lands before a timeline that starts at an hour.
    #[tokio::test]
    async fn a_record_frame_before_the_timeline_is_refused_with_the_right_one() {
        let script = timeline(NEWEST, &[]);
        let error = script.guarded(append(&[("recordFrame", 96.into())])).await.unwrap_err();

        assert!(script.arguments("MediaPool.AppendToTimeline").is_empty());
        match error {
            CallError::InvalidArgument { path, candidates, .. } => {
                assert_eq!("args.clipInfos[0].recordFrame", path);
                assert_eq!(vec![Value::Float(86496.0)], candidates);
            }
            other => panic!("{other}"),
        }
    }

    /// `append.locked-track`: Resolve answers items and places none.
    #[tokio::test]
    async fn a_locked_track_is_refused() {
        let script = timeline(NEWEST, &["new"]).answers("Timeline.GetIsTrackLocked", true);
        let reason =
            reason_of(script.guarded(append(&[("mediaType", 2.into()), ("trackIndex", 1.into())])).await);
        assert!(reason.contains("audio track 1 is locked"), "{reason}");
        assert!(script.arguments("MediaPool.AppendToTimeline").is_empty());
    }

    /// `append.track-beyond`: one past the last adds a track, further out the clip is dropped.
    #[tokio::test]
    async fn a_track_that_is_far_out_is_refused() {
        let call = |index: i64| append(&[("mediaType", 1.into()), ("trackIndex", index.into())]);
        assert!(timeline(NEWEST, &["new"]).guarded(call(3)).await.is_ok());
        let reason = reason_of(timeline(NEWEST, &["new"]).guarded(call(4)).await);
        assert!(reason.starts_with("args.clipInfos[0].trackIndex: there are 2 video tracks"), "{reason}");
    }

    /// `append.track-needs-type`: dropped behind a truthy answer on 21.0.3, placed from 21.0.4 on.
    #[tokio::test]
    async fn a_track_without_a_media_type_is_refused_where_it_is_dropped() {
        let call = || append(&[("trackIndex", 1.into())]);
        let reason = reason_of(timeline("21.0.3.7", &["new"]).guarded(call()).await);
        assert!(reason.starts_with("args.clipInfos[0].mediaType: "), "{reason}");
        assert!(timeline("21.0.4.5", &["new"]).guarded(call()).await.is_ok());
    }

    /// `append.multicam-track`: the index is ignored, and the item stands on the first picture track instead.
    #[tokio::test]
    async fn an_item_on_another_track_is_noticed() {
        let script = timeline(NEWEST, &[]).on("Timeline.GetItemListInTrack", |args| {
            Ok(if args[1] == Value::Int(1) { items(&["new"]) } else { Value::Null })
        });
        let call = append(&[("mediaType", 1.into()), ("trackIndex", 2.into())]);
        assert!(matches!(script.guarded(call).await, Err(CallError::NotVerified { .. })));
    }

    /// `append.none-list`, `append.overlap`: fewer items than entries means that something was dropped.
    #[tokio::test]
    async fn dropped_entries_are_counted() {
        for answer in [Value::List(vec![Value::Null]), items(&[])] {
            let script = timeline(NEWEST, &[]).answers("MediaPool.AppendToTimeline", answer);
            let error = script.guarded(append(&[])).await.unwrap_err().to_string();
            assert!(error.contains("is 0 instead of 1"), "{error}");
        }
    }

    /// Without an open timeline there is nothing to check, and the call is Resolve's own business.
    #[tokio::test]
    async fn without_a_timeline_the_call_is_made_as_it_is() {
        let script = Script::version(NEWEST).answers("MediaPool.AppendToTimeline", items(&["new"]));
        let outcome = script.guarded(append(&[])).await.unwrap();
        assert_eq!(items(&["new"]), outcome.value);
    }
}
