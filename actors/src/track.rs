//! The tracks of a timeline as read, and which of their items a part of a listing covers.

use std::ops::Range;

use indexmap::IndexMap;
use resolve_api::Value;
use resolve_api::batch::{Batch, BatchStep, MAX_STEPS, Target};

use crate::error::CallError;
use crate::listing::{answered, length};
use crate::placement::Track;
use crate::session::Session;
use crate::timeline_survey::Survey;

/// The kinds of track, in the order of a listing.
pub(crate) const KINDS: [&str; 3] = ["video", "audio", "subtitle"];

/// The tracks of a timeline, each with the number of its items.
#[derive(Debug)]
pub(crate) struct Tracks {
    tracks: Vec<(Track, usize)>,
    /// Type, number, number of items and name of each, and of the timeline that is shown whether it is enabled and
    /// locked.
    pub(crate) described: Vec<IndexMap<String, Value>>,
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

/// What is read of each track of the timeline that is shown. Of another, Resolve answers False for every track.
const SHOWN: [(&str, &str); 3] =
    [("name", "GetTrackName"), ("enabled", "GetIsTrackEnabled"), ("locked", "GetIsTrackLocked")];

impl Session {
    /// The tracks of a timeline with the numbers of their items, in as many hops as they fill batches. The items are
    /// not looked at.
    pub(crate) async fn tracks(&self, survey: &Survey) -> Result<Tracks, CallError> {
        let fields = if survey.is_current { &SHOWN[..] } else { &SHOWN[..1] };
        let numbered = |(kind, count): (&'static str, i64)| (1..=count).map(move |index| (kind, index));
        let tracks: Vec<Track> = KINDS.into_iter().zip(survey.track_counts).flat_map(numbered).collect();
        let mut read = Tracks { tracks: Vec::new(), described: Vec::new() };
        for tracks in tracks.chunks(MAX_STEPS / (SHOWN.len() + 1)) {
            let steps = tracks.iter().flat_map(|track| {
                let call = |method: &str| {
                    let on = Target::Object(survey.timeline.clone());
                    BatchStep::new(on, method, [track.0.into(), track.1.into()])
                };
                let field = move |(_, method): &(&str, &str)| call(method);
                [call("GetItemListInTrack").quietly()].into_iter().chain(fields.iter().map(field))
            });
            let mut outcomes = self.batch(Batch { steps: steps.collect(), go_on: true }).await?.into_iter();
            for track in tracks {
                let items = length(outcomes.next())?;
                let mut described = IndexMap::from_iter([
                    ("type".to_owned(), Value::from(track.0)),
                    ("index".to_owned(), track.1.into()),
                    ("items".to_owned(), Value::Int(items as i64)),
                ]);
                for (name, _) in fields {
                    let answer = answered(outcomes.next())?.unwrap_or(Value::Null);
                    described.insert((*name).to_owned(), answer);
                }
                read.tracks.push((*track, items));
                read.described.push(described);
            }
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page of a listing may end in the middle of a track and go on there; no item is left out or told twice.
    #[test]
    fn a_part_of_all_items_is_found_on_their_tracks() {
        let tracks = Tracks {
            tracks: vec![(("video", 1), 3), (("video", 2), 0), (("audio", 1), 4)],
            described: Vec::new(),
        };

        assert_eq!(7, tracks.total());
        assert_eq!(vec![(("video", 1), 0..3), (("audio", 1), 0..2)], tracks.parts(0..5));
        assert_eq!(vec![(("audio", 1), 2..4)], tracks.parts(5..10));
        assert!(tracks.parts(7..50).is_empty());
    }
}
