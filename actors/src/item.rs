//! What stands on the tracks of a timeline, as read.

use indexmap::IndexMap;
use resolve_api::position::Clock;
use resolve_api::{Locator, Value};

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
    ) -> Result<IndexMap<String, Value>, CallError> {
        let mut entry = self.id_and_name(&item.locator).await?;
        let track = Value::map([("type", item.track_type.into()), ("index", item.track.into())]);
        entry.insert("track".to_owned(), track);
        entry.insert("start".to_owned(), clock.time(item.start - clock.start).into());
        entry.insert("end".to_owned(), clock.time(item.end() - clock.start).into());
        entry.insert("duration".to_owned(), item.duration.into());
        if let Some(clip) = self.maybe_object(&item.locator, "GetMediaPoolItem", []).await? {
            let clip = self.by_id(&clip).await?;
            entry.insert("media_pool_item".to_owned(), clip.id().map(str::to_owned).into());
            let first = self.call(item.locator.clone(), "GetSourceStartFrame", []).await?;
            if let Some(first) = first.as_int() {
                entry.insert("source_start".to_owned(), first.into());
            }
        }
        Ok(entry)
    }
}
