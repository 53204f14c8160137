//! What stands on the tracks of a timeline, as read.

use std::collections::HashMap;

use indexmap::IndexMap;
use resolve_api::position::Clock;
use resolve_api::{Fault, Locator, Value};

use crate::error::CallError;
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

impl Session {
    /// The items of a track, in the order of Resolve.
    pub(crate) async fn track_items(
        &self,
        timeline: &Locator,
        track_type: &'static str,
        track: i64,
    ) -> Result<Vec<Item>, CallError> {
        let objects = self.objects(timeline, "GetItemListInTrack", [track_type.into(), track.into()]).await?;
        let mut items = Vec::with_capacity(objects.len());
        for object in objects {
            let locator = self.by_id(&object).await?;
            let start = self.int(&locator, "GetStart", []).await?;
            let duration = self.int(&locator, "GetDuration", []).await?;
            items.push(Item { locator, track_type, track, start, duration });
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
        let source = match sources.0.get(&clip) {
            Some(source) => source.clone(),
            None => sources.0.entry(clip.clone()).or_insert(self.source_clock(&clip).await?).clone(),
        };
        if let Some(source) = source
            && let Some((first, after)) = self.source_range(&item.locator, &source).await?
        {
            let range =
                Value::map([("start", source.time(first).into()), ("end", source.time(after).into())]);
            entry.insert("source".to_owned(), range);
        }
        Ok(entry)
    }

    /// The source frames that an item shows, the end exclusive. The getters that answer frames floor them; those that
    /// answer seconds are exact. `None` where Resolve does not tell.
    async fn source_range(&self, item: &Locator, source: &Clock) -> Result<Option<(i64, i64)>, CallError> {
        let mut frames = [0.0; 2];
        for (frame, method) in frames.iter_mut().zip(["GetSourceStartTime", "GetSourceEndTime"]) {
            match self.call(item.clone(), method, []).await {
                Ok(seconds) => match seconds.as_f64() {
                    Some(seconds) => *frame = seconds * source.rate.as_f64(),
                    None => return Ok(None),
                },
                Err(CallError::Fault(Fault::NoSuchMethod { .. })) => return Ok(None),
                Err(error) => return Err(error),
            }
        }
        let [first, after] = frames.map(|frame| frame.round() as i64 - source.start);
        Ok(Some((first, after)).filter(|(first, after)| first != after))
    }
}

/// The clocks of the clips that were met, so that each is read once per operation.
#[derive(Debug, Default)]
pub(crate) struct Sources(HashMap<Locator, Option<Clock>>);
