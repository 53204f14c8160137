//! What stands on the tracks of a timeline, as read.

use std::collections::HashMap;
use std::ops::Range;

use indexmap::IndexMap;
use resolve_api::position::Clock;
use resolve_api::wire::MethodCall;
use resolve_api::{Fault, Key, Locator, Value};

use crate::error::CallError;
use crate::listing::Listed;
use crate::placement::Track;
use crate::session::Session;

/// One item of a track.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Item {
    /// Where it is found, by its unique id.
    pub(crate) locator: Locator,
    /// `video`, `audio` or `subtitle`.
    pub(crate) track_type: &'static str,
    /// Number of the track, from 1.
    pub(crate) track: i64,
    /// First frame, absolute (counted from `00:00:00:00`).
    pub(crate) start: i64,
    /// Length in timeline frames.
    pub(crate) duration: i64,
}

impl Item {
    /// Its unique id.
    pub(crate) fn id(&self) -> &str {
        self.locator.id().unwrap_or_default()
    }

    /// The frame after its last, absolute.
    pub(crate) fn end(&self) -> i64 {
        self.start + self.duration
    }
}

/// The call that lists the items of a track.
pub(crate) fn items_of(timeline: &Locator, (track_type, track): Track) -> MethodCall {
    MethodCall::new(timeline.clone(), "GetItemListInTrack", [track_type.into(), track.into()])
}

impl Session {
    /// The items of a track, in the order of Resolve.
    pub(crate) async fn track_items(
        &self,
        timeline: &Locator,
        track_type: &'static str,
        track: i64,
    ) -> Result<Vec<Item>, CallError> {
        let length = self.lengths(vec![items_of(timeline, (track_type, track))]).await?[0];
        self.items(timeline, &[((track_type, track), 0..length)]).await
    }

    /// The items of parts of tracks, in the order of Resolve.
    pub(crate) async fn items(
        &self,
        timeline: &Locator,
        parts: &[(Track, Range<usize>)],
    ) -> Result<Vec<Item>, CallError> {
        let listed = |(track, part): &(Track, Range<usize>)| Listed {
            by: items_of(timeline, *track),
            part: part.clone(),
        };
        let parts_listed: Vec<Listed> = parts.iter().map(listed).collect();
        let methods = ["GetUniqueId", "GetStart", "GetDuration"];
        let columns = self.columns(&parts_listed, "TimelineItem", &methods).await?;
        let mut items = Vec::new();
        for (((track_type, track), _), columns) in parts.iter().zip(columns) {
            let Ok([ids, starts, durations]) = <[Vec<Value>; 3]>::try_from(
                columns.into_iter().map(Option::unwrap_or_default).collect::<Vec<_>>(),
            ) else {
                continue;
            };
            for ((id, start), duration) in ids.into_iter().zip(starts).zip(durations) {
                let id = id.as_str().map(|id| Locator::TimelineItem(Key::Id(id.to_owned())));
                let (Some(locator), Some(start), Some(duration)) = (id, start.as_int(), duration.as_int())
                else {
                    let reason = format!("an item of {track_type} track {track} told no id, start or length");
                    let method = "Timeline.GetItemListInTrack".to_owned();
                    return Err(Fault::Refused { method, reason: Some(reason) }.into());
                };
                items.push(Item { locator, track_type, track: *track, start, duration });
            }
        }
        Ok(items)
    }

    /// An item as an agent sees it: id, name, track, where it stands, and which frames of which clip it shows.
    pub(crate) async fn describe_item(
        &self,
        item: &Item,
        clock: &Clock,
        sources: &mut Sources,
    ) -> Result<IndexMap<String, Value>, CallError> {
        let mut entry = self.id_and_name(&item.locator).await?;
        let track = Value::map([("type", item.track_type.into()), ("index", item.track.into())]);
        entry.insert("track".to_owned(), track);
        entry.insert("start".to_owned(), clock.time(item.start - clock.start).into());
        entry.insert("end".to_owned(), clock.time(item.end() - clock.start).into());
        entry.insert("duration".to_owned(), item.duration.into());
        let Some(clip) = self.maybe_object(&item.locator, "GetMediaPoolItem", []).await? else {
            return Ok(entry);
        };
        let clip = self.by_id(&clip).await?;
        entry.insert("media_pool_item".to_owned(), clip.id().map(str::to_owned).into());
        if let Some(source) = self.source_of(&clip, sources).await? {
            let times = ["GetSourceStartTime", "GetSourceEndTime"];
            let times = times.map(|method| MethodCall::new(item.locator.clone(), method, []));
            let times = self.all(times.to_vec()).await?;
            let seconds = |place: usize| times.get(place).and_then(Option::as_ref).and_then(Value::as_f64);
            if let Some(range) =
                seconds(0).zip(seconds(1)).and_then(|(start, end)| source_range(start, end, &source))
            {
                entry.insert("source".to_owned(), range);
            }
        }
        Ok(entry)
    }

    /// The clock of the source of a clip; each clip is asked once.
    pub(crate) async fn source_of(
        &self,
        clip: &Locator,
        sources: &mut Sources,
    ) -> Result<Option<Clock>, CallError> {
        if let Some(source) = sources.0.get(clip) {
            return Ok(source.clone());
        }
        let source = self.source_clock(clip).await?;
        sources.0.insert(clip.clone(), source.clone());
        Ok(source)
    }
}

/// The source frames that an item shows, as times of its source, the end exclusive. The getters that answer frames
/// floor them; those that answer seconds are exact. `None` where there is no range.
pub(crate) fn source_range(start: f64, end: f64, source: &Clock) -> Option<Value> {
    let [first, after] =
        [start, end].map(|seconds| (seconds * source.rate.as_f64()).round() as i64 - source.start);
    (first != after)
        .then(|| Value::map([("start", source.time(first).into()), ("end", source.time(after).into())]))
}

/// The clocks of the clips that were met, so that each is read once per operation.
#[derive(Debug, Default)]
pub(crate) struct Sources(HashMap<Locator, Option<Clock>>);
