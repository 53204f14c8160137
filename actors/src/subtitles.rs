//! Putting the subtitles of clips on a timeline, which is a part of appending.

use resolve_api::position::{Clock, Position};
use resolve_api::{Fault, Locator, Value};

use crate::arguments::invalid;
use crate::clip::Clip;
use crate::clock::frames;
use crate::error::CallError;
use crate::item::Item;
use crate::placement::METHOD;
use crate::session::Session;
use crate::verify::not_verified;

/// The subtitles of one clip on their way to a subtitle track.
pub(crate) struct Subtitles {
    /// Which of the requested clips it is, from 0.
    number: usize,
    clip: Clip,
    /// First source frame, and the one after the last; all of them where neither is given.
    range: (Option<i64>, Option<i64>),
    track: i64,
    /// Where the file's zero stands, in absolute frames.
    record: i64,
}

impl Subtitles {
    /// Reads a request for a clip of subtitles. Their times count from the timeline's start unless a place is named.
    pub(crate) fn read(
        number: usize,
        clip: &Clip,
        given: &Value,
        record: Option<i64>,
        clock: &Clock,
    ) -> Result<Self, CallError> {
        let path = |name: &str| format!("clips[{number}].{name}");
        if given.get("media_type").and_then(Value::as_str).is_some() {
            let reason = format!("'{}' holds subtitles, which are neither picture nor sound", clip.name);
            return Err(invalid(path("media_type"), reason));
        }
        let source = clip.clock.as_ref().unwrap_or(clock);
        let frame = |name: &str| match given.get(name).and_then(Position::from_value) {
            Some(position) => frames(source, &path(name), &position).map(Some),
            None => Ok(None),
        };
        Ok(Self {
            number,
            clip: clip.clone(),
            range: (frame("start")?, frame("end")?),
            track: given.get("track").and_then(Value::as_int).unwrap_or(1),
            record: record.unwrap_or(clock.start),
        })
    }

    /// Where they would stand, as an answer shows it.
    pub(crate) fn describe(&self, clock: &Clock) -> Value {
        Value::map([
            ("clip", Value::Int(self.number as i64)),
            ("name", self.clip.name.as_str().into()),
            ("tracks", vec![Value::from(format!("subtitle {}", self.track))].into()),
            ("start", clock.time(self.record - clock.start).into()),
        ])
    }

    fn clip_info(&self) -> Value {
        let mut info = vec![
            ("mediaPoolItem", Value::object(self.clip.locator.clone())),
            ("recordFrame", self.record.into()),
            ("trackIndex", self.track.into()),
        ];
        for (name, frame) in [("startFrame", self.range.0), ("endFrame", self.range.1)] {
            info.extend(frame.map(|frame| (name, frame.into())));
        }
        Value::map(info)
    }
}

impl Session {
    /// Places the subtitles of a clip, and answers how many stand there that did not before, from where to where.
    /// `placed` is how many entries of the same call stand on the timeline already, for a refusal to say.
    pub(crate) async fn append_subtitles(
        &self,
        timeline: &Locator,
        subtitles: &Subtitles,
        clock: &Clock,
        placed: usize,
    ) -> Result<Value, CallError> {
        let before = self.subtitles_on(timeline, subtitles.track).await?;
        let appended =
            self.call(Locator::MediaPool, "AppendToTimeline", [vec![subtitles.clip_info()].into()]).await;
        appended.map_err(|error| match error {
            CallError::Fault(Fault::Refused { method, reason }) if placed > 0 => {
                let reason = reason.unwrap_or_else(|| "the subtitles were not taken".to_owned());
                let reason = Some(format!("{reason}; {placed} items of this call were placed before"));
                Fault::Refused { method, reason }.into()
            }
            error => error,
        })?;
        let mut new = self.subtitles_on(timeline, subtitles.track).await?;
        new.retain(|item| !before.iter().any(|old| old.id() == item.id()));
        let (Some(first), Some(last)) = (new.first(), new.last()) else {
            let what = format!("clips[{}] ('{}') on subtitle track", subtitles.number, subtitles.clip.name);
            return Err(not_verified(METHOD, &what, &subtitles.track.into(), &Value::Null));
        };
        Ok(Value::map([
            ("clip", Value::Int(subtitles.number as i64)),
            ("name", subtitles.clip.name.as_str().into()),
            ("track_type", "subtitle".into()),
            ("track", subtitles.track.into()),
            ("subtitles", Value::Int(new.len() as i64)),
            ("start", clock.time(first.start - clock.start).into()),
            ("end", clock.time(last.end() - clock.start).into()),
        ]))
    }

    /// The items of a subtitle track; none of one that is not there yet.
    async fn subtitles_on(&self, timeline: &Locator, track: i64) -> Result<Vec<Item>, CallError> {
        let count = self.int(timeline, "GetTrackCount", ["subtitle".into()]).await?;
        if track > count { Ok(Vec::new()) } else { self.track_items(timeline, "subtitle", track).await }
    }
}
