//! Where clips are to stand on a timeline: worked out and checked before Resolve is asked, compared afterwards.

use std::collections::HashMap;

use resolve_api::position::Clock;
use resolve_api::{Value, rate::Rate};

use crate::arguments::{invalid, invalid_with};
use crate::clip::Clip;
use crate::error::CallError;
use crate::item::Item;
use crate::verify::not_verified;

/// How long a still stands when nothing is said.
const STILL_SECONDS: i64 = 5;

/// What of a clip is placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Media {
    /// Picture on the first video track, sound on the first audio tracks, linked by Resolve.
    Both,
    /// Picture only.
    Picture,
    /// Sound only.
    Sound,
}

/// A track by type and number.
pub(crate) type Track = (&'static str, i64);

/// One range of a clip on its way to a timeline.
#[derive(Debug, Clone)]
pub(crate) struct Placement {
    /// Which of the requested clips it is, from 0.
    pub(crate) number: usize,
    /// The clip.
    pub(crate) clip: Clip,
    /// First source frame.
    pub(crate) first: i64,
    /// The source frame after the last.
    pub(crate) after: i64,
    /// What of it.
    pub(crate) media: Media,
    /// Number of the track of its picture, or of its sound where that is all.
    pub(crate) track: i64,
    /// How many audio tracks its sound needs.
    pub(crate) sound_tracks: i64,
    /// First timeline frame, absolute.
    pub(crate) record: i64,
    /// Its length in timeline frames.
    pub(crate) length: i64,
    /// Whether Resolve is free to choose another length, as it does with a fresh still.
    pub(crate) any_length: bool,
}

impl Placement {
    /// The tracks that it needs free, picture first.
    pub(crate) fn tracks(&self) -> Vec<Track> {
        let sound = |from: i64| (from..from + self.sound_tracks).map(|track| ("audio", track));
        match self.media {
            Media::Both => [("video", 1)].into_iter().chain(sound(1)).collect(),
            Media::Picture => vec![("video", self.track)],
            Media::Sound => sound(self.track).collect(),
        }
    }

    /// The clip info for `MediaPool.AppendToTimeline`: the end is exclusive, the record frame absolute, and a track
    /// counts only beside the media type.
    pub(crate) fn clip_info(&self) -> Value {
        let mut info = vec![
            ("mediaPoolItem", Value::object(self.clip.locator.clone())),
            ("startFrame", self.first.into()),
            ("endFrame", self.after.into()),
            ("recordFrame", self.record.into()),
        ];
        let media_type = match self.media {
            Media::Both => None,
            Media::Picture => Some(1),
            Media::Sound => Some(2),
        };
        if let Some(media_type) = media_type {
            info.push(("mediaType", Value::Int(media_type)));
            info.push(("trackIndex", self.track.into()));
        }
        Value::map(info)
    }

    /// Where it would stand, as an answer shows it.
    pub(crate) fn describe(&self, clock: &Clock) -> Value {
        let tracks = self.tracks().into_iter();
        let tracks = tracks.map(|(kind, index)| Value::from(format!("{kind} {index}"))).collect::<Vec<_>>();
        Value::map([
            ("clip", Value::Int(self.number as i64)),
            ("name", self.clip.name.as_str().into()),
            ("tracks", tracks.into()),
            ("start", clock.time(self.record - clock.start).into()),
            ("end", clock.time(self.record - clock.start + self.length).into()),
            ("source", Value::map([("start", self.first.into()), ("end", self.after.into())])),
        ])
    }

    /// Whether source and timeline count alike, so that lengths must agree to the frame.
    pub(crate) fn counts_alike(&self, clock: &Clock) -> bool {
        self.clip.clock.as_ref().is_some_and(|source| equal(source.rate, clock.rate))
    }

    /// Takes the item that this placement became out of the new ones; an error says what stands there instead.
    pub(crate) fn claim(
        &self,
        track_type: &str,
        new: &mut Vec<Item>,
        clock: &Clock,
    ) -> Result<Item, CallError> {
        // Where sound lands is up to the clip's mapping of channels to tracks; its moment is not.
        let fits = |item: &Item| {
            item.track_type == track_type
                && item.start == self.record
                && (track_type == "audio" || item.track == self.tracks()[0].1)
        };
        let time = |frame: i64| clock.time(frame - clock.start).timecode;
        let asked = format!("{} to {}", time(self.record), time(self.record + self.length));
        let what =
            format!("clips[{}] ('{}') on {track_type} track {}", self.number, self.clip.name, self.track);
        let Some(at) = new.iter().position(fits) else {
            let elsewhere = new.iter().find(|item| item.track_type == track_type).map(|item| {
                let range = format!("{} to {}", time(item.start), time(item.end()));
                format!("{range} on {} track {}", item.track_type, item.track)
            });
            return Err(not_verified(METHOD, &what, &asked.into(), &elsewhere.into()));
        };
        let item = new.remove(at);
        let slack = i64::from(!self.counts_alike(clock));
        if !self.any_length && (item.duration - self.length).abs() > slack {
            let got = format!("{} to {}", time(item.start), time(item.end()));
            return Err(not_verified(METHOD, &what, &asked.into(), &got.into()));
        }
        Ok(item)
    }
}

pub(crate) const METHOD: &str = "MediaPool.AppendToTimeline";

/// The range of a clip that a request means: first frame and the one after the last, in source frames.
pub(crate) fn range(
    path: &str,
    clip: &Clip,
    start: Option<i64>,
    end: Option<i64>,
    timeline: &Clock,
) -> Result<(i64, i64), CallError> {
    let first = start.unwrap_or(0);
    let name = &clip.name;
    if clip.is_still() {
        let default = timeline.rate.frames_in(STILL_SECONDS, 1).unwrap_or(1);
        let after = end.unwrap_or(first + default);
        return if first >= 0 && first < after {
            Ok((first, after))
        } else {
            Err(invalid(format!("{path}.end"), format!("{after} is not after the start, {first}")))
        };
    }
    let frames = clip.frames.filter(|frames| *frames > 0).ok_or_else(|| {
        invalid(format!("{path}.media_pool_item"), format!("'{name}' has no length that Resolve tells"))
    })?;
    let after = end.unwrap_or(frames);
    let hint =
        || format!("the frames of '{name}' are 0 to {}; end is the frame after the last one", frames - 1);
    if !(0..frames).contains(&first) {
        let reason = format!("frame {first} is outside the clip, which has {frames} frames");
        return Err(invalid_with(format!("{path}.start"), reason, hint()));
    }
    if after > frames {
        let reason = format!("{after} is beyond the clip, which has {frames} frames");
        return Err(invalid_with(format!("{path}.end"), reason, hint()));
    }
    if after <= first {
        let reason = format!("{after} is not after the start, {first}");
        return Err(invalid_with(format!("{path}.end"), reason, hint()));
    }
    Ok((first, after))
}

/// How many timeline frames a source range fills: whole ones, rounded down, as Resolve does.
pub(crate) fn length(clip: &Clip, first: i64, after: i64, timeline: Rate) -> i64 {
    let Some(source) = clip.clock.as_ref().filter(|_| !clip.is_still()) else { return after - first };
    convert(after - first, source.rate, timeline)
}

/// So many frames of one rate in whole frames of another, rounded down.
pub(crate) fn convert(frames: i64, from: Rate, to: Rate) -> i64 {
    let above = i128::from(frames) * i128::from(from.den()) * i128::from(to.num());
    let below = i128::from(from.num()) * i128::from(to.den());
    i64::try_from(above.div_euclid(below)).unwrap_or(i64::MAX)
}

fn equal(one: Rate, other: Rate) -> bool {
    (one.num(), one.den()) == (other.num(), other.den())
}

/// What stands on the tracks that matter, and what is planned for them.
#[derive(Debug, Default)]
pub(crate) struct Occupied(HashMap<Track, Vec<(i64, i64, String)>>);

impl Occupied {
    /// Notes what stands on a track.
    pub(crate) fn stand(&mut self, track: Track, items: &[Item]) {
        let ranges = items.iter().map(|item| (item.start, item.end(), format!("the item {}", item.id())));
        self.0.insert(track, ranges.collect());
    }

    /// The first free frame behind everything on these tracks, absolute; `start` where they are empty.
    pub(crate) fn end(&self, tracks: &[Track], start: i64) -> i64 {
        let ranges = tracks.iter().filter_map(|track| self.0.get(track)).flatten();
        ranges.map(|(_, end, _)| *end).max().unwrap_or(start).max(start)
    }

    /// Takes the place of a placement, or says what is in the way.
    pub(crate) fn plan(&mut self, placement: &Placement, clock: &Clock) -> Result<(), CallError> {
        let (start, end) = (placement.record, placement.record + placement.length);
        let time = |frame: i64| clock.time(frame - clock.start).timecode;
        for track in placement.tracks() {
            let ranges = self.0.entry(track).or_default();
            if let Some((from, to, what)) = ranges.iter().find(|(from, to, _)| *from < end && start < *to) {
                let (kind, index) = track;
                let reason = format!(
                    "{} to {} on {kind} track {index} overlaps {what}, which stands at {} to {}",
                    time(start),
                    time(end),
                    time(*from),
                    time(*to)
                );
                let hint = format!(
                    "nothing is overwritten: choose another track, or a record_frame from {} on, or leave \
                     record_frame out to go behind the last item",
                    *to - clock.start
                );
                return Err(invalid_with(format!("clips[{}].record_frame", placement.number), reason, hint));
            }
            ranges.push((start, end, format!("clips[{}]", placement.number)));
        }
        Ok(())
    }
}

/// How many tracks a clip's channels are mapped to, of the answer of `GetAudioMapping`: one where Resolve says nothing.
/// `None` where it says something else than a mapping.
pub(crate) fn mapped_tracks(mapping: &str) -> Option<i64> {
    if mapping.is_empty() {
        return Some(1);
    }
    let mapping: serde_json::Value = serde_json::from_str(mapping).ok()?;
    Some(mapping.get("track_mapping")?.as_object()?.len().max(1) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(text: &str) -> Rate {
        text.parse().unwrap()
    }

    /// Lengths are floored to whole timeline frames: 435 frames of a 24 fps sound fill 543 of 29.97, as measured.
    #[test]
    fn lengths_are_converted_as_resolve_does() {
        assert_eq!(543, convert(435, rate("24"), rate("29.97")));
        assert_eq!(100, convert(100, rate("25"), rate("25")));
        assert_eq!(96, convert(100, rate("25"), rate("24")));
        assert_eq!(120, convert(48, rate("23.976"), rate("59.94")));
    }

    /// Too few tracks counted would place sound over sound; a mapping that cannot be read is no single track.
    #[test]
    fn a_mapping_is_counted_or_refused() {
        let mapping =
            |tracks: &str| format!(r#"{{"embedded_audio_channels": 4, "track_mapping": {tracks}}}"#);

        assert_eq!(Some(2), mapped_tracks(&mapping(r#"{"1": {"type": "mono"}, "2": {"type": "mono"}}"#)));
        assert_eq!(Some(1), mapped_tracks(&mapping("{}")));
        assert_eq!(Some(1), mapped_tracks(""));
        for unreadable in ["no mapping", "{}", "[]", &mapping("7")] {
            assert_eq!(None, mapped_tracks(unreadable), "{unreadable}");
        }
    }
}
