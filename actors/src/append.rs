//! The operation that puts ranges of clips on a timeline.

use std::collections::HashSet;

use indexmap::IndexMap;
use resolve_api::catalogue::{Domain, Effect};
use resolve_api::kind::{Kind, Param};
use resolve_api::position::{Clock, Position};
use resolve_api::{Fault, Locator, Value};

use crate::arguments::{Arguments, invalid, invalid_with};
use crate::clock::frames;
use crate::dry_run;
use crate::error::CallError;
use crate::item::{Item, Sources};
use crate::limits::APPEND_CLIPS;
use crate::operation::{Answer, Args, Operation};
use crate::placement::{self, METHOD, Media, Occupied, Placement, Track};
use crate::session::Session;
use crate::subtitles::Subtitles;
use crate::timeline::timeline_param;
use crate::typed::{CURRENT_TIMELINE, unexpected};
use crate::verify::not_verified;

/// Puts clips on a timeline.
pub(crate) const APPEND_TO_TIMELINE: Operation = Operation {
    name: "append_to_timeline",
    title: "Append to timeline",
    domain: Domain::Timeline,
    effect: Effect::Write,
    doc: "Puts ranges of clips of the media pool on a timeline, which becomes the current one: each after the last \
          item of its tracks, or at record_frame. Ranges are half-open: [{\"media_pool_item\": \"<id>\", \"start\": \
          24, \"end\": 96}] places 72 source frames. Nothing is ever overwritten: an overlap is refused before \
          anything is placed. Answers the placed items as read back: id, track, start and end on the timeline, and \
          the source range.",
    params: || {
        let clips = Kind::list(Kind::dict("AppendClip"));
        vec![Param::required("clips", clips, "the clips in order, at most 100"), timeline_param()]
    },
    run: |session, args| Box::pin(append_to_timeline(session, args)),
};

async fn append_to_timeline(session: &Session, args: Args) -> Result<Answer, CallError> {
    let clips = args.list("clips");
    if clips.is_empty() || clips.len() > APPEND_CLIPS {
        let reason = format!("must be 1 to {APPEND_CLIPS} clips; got {}", clips.len());
        return Err(invalid_with("clips", reason, "append in several calls"));
    }
    let timeline = session.to_work_on(args.maybe_object("timeline").unwrap_or(&CURRENT_TIMELINE)).await?;
    let clock = session.timeline_clock(&timeline).await?;
    let plan = Plan::make(session, &timeline, &clock, clips).await?;
    if session.is_dry_run() {
        let places = plan.placements.iter().map(|placement| placement.describe(&clock));
        let places = places.chain(plan.subtitles.iter().map(|subtitles| subtitles.describe(&clock)));
        let told = [
            ("timeline", Value::Map(session.id_and_name(&timeline).await?)),
            ("count", Value::Int((plan.placements.len() + plan.subtitles.len()) as i64)),
            ("places", places.collect::<Vec<_>>().into()),
        ];
        return Ok(dry_run::plan("place the clips on the timeline and make it the current one", told));
    }
    let before: HashSet<String> = plan.standing.iter().map(|item| item.id().to_owned()).collect();
    let playhead = session.text(&timeline, "GetCurrentTimecode", []).await?;
    let infos: Vec<Value> = plan.placements.iter().map(Placement::clip_info).collect();
    let appended = match infos.is_empty() {
        true => Ok(Value::Null),
        false => session.call(Locator::MediaPool, "AppendToTimeline", [infos.into()]).await,
    };
    let mut new = session.all_items(&timeline).await?;
    new.retain(|item| !before.contains(item.id()));
    if let Err(error) = appended {
        return Err(with_what_was_placed(error, &new));
    }
    let (mut placed, mut sources) = (Vec::new(), Sources::default());
    for placement in &plan.placements {
        placed.extend(session.verify_placement(placement, &mut new, &clock, &mut sources).await?);
    }
    for subtitles in &plan.subtitles {
        let found = session.append_subtitles(&timeline, subtitles, &clock, placed.len()).await?;
        placed.push(found);
    }
    let playhead = session.restore_playhead(&timeline, &playhead).await?;
    Ok(Value::Map(IndexMap::from_iter([
        ("timeline".to_owned(), Value::Map(session.id_and_name(&timeline).await?)),
        ("requested".to_owned(), Value::Int(clips.len() as i64)),
        ("placed".to_owned(), placed.into()),
        ("playhead".to_owned(), playhead.into()),
        ("verified".to_owned(), true.into()),
    ]))
    .into())
}

/// Some clips of a call may be on the timeline although the call as a whole failed.
fn with_what_was_placed(error: CallError, new: &[Item]) -> CallError {
    match error {
        CallError::Fault(Fault::Refused { method, reason }) if !new.is_empty() => {
            let ids: Vec<&str> = new.iter().map(Item::id).take(crate::limits::CANDIDATES).collect();
            let reason = format!(
                "{}; {} items were placed all the same: {}",
                reason.unwrap_or_else(|| "some clips were not taken".to_owned()),
                new.len(),
                ids.join(", ")
            );
            Fault::Refused { method, reason: Some(reason) }.into()
        }
        error => error,
    }
}

/// What is to be placed, and what stands on the timeline before.
struct Plan {
    placements: Vec<Placement>,
    subtitles: Vec<Subtitles>,
    standing: Vec<Item>,
}

impl Plan {
    async fn make(
        session: &Session,
        timeline: &Locator,
        clock: &Clock,
        clips: &[Value],
    ) -> Result<Self, CallError> {
        let standing = session.all_items(timeline).await?;
        let mut occupied = Occupied::default();
        let mut counts = [("video", 0), ("audio", 0)];
        for (kind, count) in &mut counts {
            *count = session.int(timeline, "GetTrackCount", [Value::from(*kind)]).await?;
            for index in 1..=*count {
                let on_it = |item: &&Item| (item.track_type, item.track) == (*kind, index);
                let items: Vec<Item> = standing.iter().filter(on_it).cloned().collect();
                occupied.stand((*kind, index), &items);
            }
        }
        let (mut placements, mut subtitles): (Vec<Placement>, _) = (Vec::new(), Vec::new());
        for (number, given) in clips.iter().enumerate() {
            let request = Request::read(session, number, given).await?;
            if request.clip.has_subtitles() {
                let record = request.record(clock)?;
                subtitles.push(Subtitles::read(number, &request.clip, given, record, clock)?);
                continue;
            }
            for mut placement in request.placements(clock)? {
                let wanted = placement.tracks()[0];
                check_track(session, timeline, &mut counts, wanted, number).await?;
                placement.record = match request.record(clock)? {
                    Some(record) => record,
                    // Picture and sound that go together start together.
                    None => match placements.last().filter(|last| last.number == number) {
                        Some(picture) => picture.record,
                        None => occupied.end(&request.tracks(clock)?, clock.start),
                    },
                };
                occupied.plan(&placement, clock)?;
                placements.push(placement);
            }
        }
        Ok(Self { placements, subtitles, standing })
    }
}

/// A track must be there, or be the next one, and must not be locked: Resolve answers success for a locked one.
async fn check_track(
    session: &Session,
    timeline: &Locator,
    counts: &mut [(&'static str, i64); 2],
    (kind, index): Track,
    number: usize,
) -> Result<(), CallError> {
    let path = || format!("clips[{number}].track");
    let Some((_, count)) = counts.iter_mut().find(|(other, _)| *other == kind) else { return Ok(()) };
    if index > *count + 1 {
        let reason = format!("there is no {kind} track {index}: the timeline has {count}");
        return Err(invalid_with(path(), reason, format!("use {} to add one", *count + 1)));
    }
    if index > *count {
        *count = index;
        return Ok(());
    }
    if session.bool(timeline, "GetIsTrackLocked", [kind.into(), index.into()]).await? {
        let reason = format!("{kind} track {index} is locked");
        return Err(invalid_with(path(), reason, "unlock it with Timeline.SetTrackLock, or use another"));
    }
    Ok(())
}

/// One entry of `clips`.
struct Request {
    number: usize,
    clip: crate::clip::Clip,
    start: Option<Position>,
    end: Option<Position>,
    record_frame: Option<Position>,
    track: i64,
    media: Media,
    sound_tracks: i64,
}

impl Request {
    async fn read(session: &Session, number: usize, given: &Value) -> Result<Self, CallError> {
        let path = |name: &str| format!("clips[{number}].{name}");
        let locator = given.get("media_pool_item").and_then(Value::as_object);
        let locator =
            locator.ok_or_else(|| invalid(path("media_pool_item"), "must be a clip of the media pool"))?;
        let clip = session.clip(locator).await?;
        let (picture, sound) = (clip.has_picture(), clip.has_sound());
        let media = match given.get("media_type").and_then(Value::as_str) {
            Some("video") if !picture => {
                return Err(invalid(path("media_type"), format!("'{}' has no picture", clip.name)));
            }
            Some("audio") if !sound => {
                return Err(invalid(path("media_type"), format!("'{}' has no sound", clip.name)));
            }
            Some("video") => Media::Picture,
            Some("audio") => Media::Sound,
            _ if !sound => Media::Picture,
            _ if !picture => Media::Sound,
            _ => Media::Both,
        };
        let sound_tracks =
            if sound && !clip.has_subtitles() { session.sound_tracks(&clip.locator).await? } else { 0 };
        let position = |name: &str| given.get(name).and_then(Position::from_value);
        Ok(Self {
            number,
            clip,
            start: position("start"),
            end: position("end"),
            record_frame: position("record_frame"),
            track: given.get("track").and_then(Value::as_int).unwrap_or(1),
            media,
            sound_tracks,
        })
    }

    /// What goes to Resolve for it. Picture and sound on another track than the first are placed apart: with a track
    /// Resolve takes one of the two.
    fn placements(&self, clock: &Clock) -> Result<Vec<Placement>, CallError> {
        let path = format!("clips[{}]", self.number);
        // A still is counted by the timeline.
        let source = self.clip.clock.as_ref().filter(|_| !self.clip.is_still()).unwrap_or(clock);
        let frame = |name: &str, position: &Option<Position>| match position {
            Some(position) => frames(source, &format!("{path}.{name}"), position).map(Some),
            None => Ok(None),
        };
        let (start, end) = (frame("start", &self.start)?, frame("end", &self.end)?);
        let (first, after) = placement::range(&path, &self.clip, start, end, clock)?;
        let length = placement::length(&self.clip, first, after, clock.rate);
        if length < 1 {
            let reason = format!("{first} to {after} is less than one frame of the timeline");
            return Err(invalid(format!("{path}.end"), reason));
        }
        let media = match self.media {
            Media::Both if self.track > 1 => vec![Media::Picture, Media::Sound],
            media => vec![media],
        };
        let placement = |media| Placement {
            number: self.number,
            clip: self.clip.clone(),
            first,
            after,
            media,
            track: self.track,
            sound_tracks: self.sound_tracks,
            record: clock.start,
            length,
            any_length: self.clip.is_still() && self.end.is_none(),
        };
        Ok(media.into_iter().map(placement).collect())
    }

    fn tracks(&self, clock: &Clock) -> Result<Vec<Track>, CallError> {
        Ok(self.placements(clock)?.iter().flat_map(Placement::tracks).collect())
    }

    fn record(&self, clock: &Clock) -> Result<Option<i64>, CallError> {
        let path = format!("clips[{}].record_frame", self.number);
        let Some(position) = &self.record_frame else { return Ok(None) };
        let frame = frames(clock, &path, position)?;
        if frame < 0 {
            return Err(invalid(path, format!("{frame} lies before the timeline start")));
        }
        Ok(Some(clock.start + frame))
    }
}

impl Session {
    /// Every item on the video and audio tracks.
    pub(crate) async fn all_items(&self, timeline: &Locator) -> Result<Vec<Item>, CallError> {
        let mut all = Vec::new();
        for kind in ["video", "audio"] {
            let count = self.int(timeline, "GetTrackCount", [Value::from(kind)]).await?;
            for index in 1..=count {
                all.extend(self.track_items(timeline, kind, index).await?);
            }
        }
        Ok(all)
    }

    /// How many audio tracks the sound of a clip needs, by its own mapping of channels to tracks.
    async fn sound_tracks(&self, clip: &Locator) -> Result<i64, CallError> {
        let mapping = self.text(clip, "GetAudioMapping", []).await?;
        placement::mapped_tracks(&mapping).ok_or_else(|| {
            unexpected(clip, "GetAudioMapping", "a mapping of channels to tracks", &mapping.into())
        })
    }

    /// Finds what a placement became, compares it with the request and describes it.
    async fn verify_placement(
        &self,
        placement: &Placement,
        new: &mut Vec<Item>,
        clock: &Clock,
        sources: &mut Sources,
    ) -> Result<Vec<Value>, CallError> {
        let kinds: &[&str] = match placement.media {
            Media::Both => &["video", "audio"],
            Media::Picture => &["video"],
            Media::Sound => &["audio"],
        };
        let mut placed = Vec::new();
        for kind in kinds {
            let item = placement.claim(kind, new, clock)?;
            placed.push(self.placed(placement, &item, clock, sources).await?);
        }
        // The other audio tracks of the same sound.
        let more = |item: &Item| item.track_type == "audio" && item.start == placement.record;
        while placement.media != Media::Picture
            && placed.len() < kinds.len() + placement.sound_tracks as usize - 1
            && let Some(at) = new.iter().position(more)
        {
            let item = new.remove(at);
            placed.push(self.placed(placement, &item, clock, sources).await?);
        }
        Ok(placed)
    }

    async fn placed(
        &self,
        placement: &Placement,
        item: &Item,
        clock: &Clock,
        sources: &mut Sources,
    ) -> Result<Value, CallError> {
        let mut entry = self.describe_item(item, clock, sources).await?;
        entry.insert("clip".to_owned(), Value::Int(placement.number as i64));
        let first = entry.get("source").and_then(|source| source.get("start")?.get("frames")?.as_int());
        let Some(first) = first.filter(|_| !placement.clip.is_still()) else { return Ok(Value::Map(entry)) };
        let slack = i64::from(!(placement.counts_alike(clock) && item.track_type == "video"));
        if (first - placement.first).abs() > slack {
            let what = format!("the first source frame of clips[{}]", placement.number);
            return Err(not_verified(METHOD, &what, &placement.first.into(), &first.into()));
        }
        Ok(Value::Map(entry))
    }

    /// Puts the playhead back, and answers where it stands then. Pages without a playhead are left alone.
    pub(crate) async fn restore_playhead(
        &self,
        timeline: &Locator,
        timecode: &str,
    ) -> Result<String, CallError> {
        let now = self.text(timeline, "GetCurrentTimecode", []).await?;
        if timecode.is_empty() || now == timecode {
            return Ok(now);
        }
        match self.call(timeline.clone(), "SetCurrentTimecode", [timecode.into()]).await {
            // What was placed is on the timeline; that the playhead stays elsewhere is told, not raised.
            Ok(_) | Err(CallError::Fault(Fault::Refused { .. })) => {}
            Err(error) => return Err(error),
        }
        self.text(timeline, "GetCurrentTimecode", []).await
    }
}
