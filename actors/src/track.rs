//! The tracks of a timeline as read, and which of their items a part of a listing covers.

use std::ops::Range;

use indexmap::IndexMap;
use resolve_api::wire::MethodCall;
use resolve_api::{Locator, Value};

use crate::error::CallError;
use crate::item::items_of;
use crate::placement::Track;
use crate::session::Session;

/// The kinds of track, in the order of a listing.
const KINDS: [&str; 3] = ["video", "audio", "subtitle"];

/// The tracks of a timeline, each with the number of its items.
#[derive(Debug)]
pub(crate) struct Tracks {
    tracks: Vec<(Track, usize)>,
}

impl Tracks {
    /// How many items stand on all of them.
    pub(crate) fn total(&self) -> usize {
        self.tracks.iter().map(|(_, items)| items).sum()
    }

    /// Which items of which tracks a part of all items is: track after track, each from its first item on.
    pub(crate) fn parts(&self, wanted: Range<usize>) -> Vec<(Track, Range<usize>)> {
        let mut before = 0;
        let mut parts = Vec::new();
        for (track, items) in &self.tracks {
            let here = before..before + items;
            let (from, to) = (wanted.start.max(here.start), wanted.end.min(here.end));
            if from < to {
                parts.push((*track, from - before..to - before));
            }
            before = here.end;
        }
        parts
    }
}

impl Session {
    /// The tracks of a timeline, without a look at their items.
    pub(crate) async fn tracks(&self, timeline: &Locator) -> Result<Tracks, CallError> {
        let count = |kind: &&str| MethodCall::new(timeline.clone(), "GetTrackCount", [(*kind).into()]);
        let counts = self.all(KINDS.iter().map(count).collect()).await?;
        let tracks: Vec<Track> = KINDS
            .into_iter()
            .zip(counts)
            .flat_map(|(kind, count)| {
                (1..=count.and_then(|count| count.as_int()).unwrap_or(0)).map(move |index| (kind, index))
            })
            .collect();
        let lists = tracks.iter().map(|track| items_of(timeline, *track)).collect();
        let lengths = self.lengths(lists).await?;
        Ok(Tracks { tracks: tracks.into_iter().zip(lengths).collect() })
    }

    /// Type, number, name and number of items of each track, and of an open timeline whether it is enabled and locked:
    /// of another, Resolve answers False for every track.
    pub(crate) async fn describe_tracks(
        &self,
        timeline: &Locator,
        is_current: bool,
        tracks: &Tracks,
    ) -> Result<Vec<IndexMap<String, Value>>, CallError> {
        let fields: &[(&str, &str)] = match is_current {
            true => {
                &[("name", "GetTrackName"), ("enabled", "GetIsTrackEnabled"), ("locked", "GetIsTrackLocked")]
            }
            false => &[("name", "GetTrackName")],
        };
        let call = |((kind, index), method): (Track, &str)| {
            MethodCall::new(timeline.clone(), method, [kind.into(), index.into()])
        };
        let asked =
            tracks.tracks.iter().flat_map(|(track, _)| fields.iter().map(|(_, method)| (*track, *method)));
        let mut answers = self.all(asked.map(call).collect()).await?.into_iter();
        let describe = |((kind, index), items): &(Track, usize)| {
            let mut entry = IndexMap::from_iter([
                ("type".to_owned(), Value::from(*kind)),
                ("index".to_owned(), (*index).into()),
                ("items".to_owned(), Value::Int(*items as i64)),
            ]);
            for (name, _) in fields {
                entry.insert((*name).to_owned(), answers.next().flatten().unwrap_or(Value::Null));
            }
            entry
        };
        Ok(tracks.tracks.iter().map(describe).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page of a listing may end in the middle of a track and go on there; no item is left out or told twice.
    #[test]
    fn a_part_of_all_items_is_found_on_their_tracks() {
        let tracks = Tracks { tracks: vec![(("video", 1), 3), (("video", 2), 0), (("audio", 1), 4)] };

        assert_eq!(7, tracks.total());
        assert_eq!(vec![(("video", 1), 0..3), (("audio", 1), 0..2)], tracks.parts(0..5));
        assert_eq!(vec![(("audio", 1), 2..4)], tracks.parts(5..10));
        assert!(tracks.parts(7..50).is_empty());
    }
}
