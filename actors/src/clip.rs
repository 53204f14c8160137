//! What a clip of the media pool says about itself, in numbers.

use indexmap::IndexMap;
use resolve_api::position::Clock;
use resolve_api::rate::Rate;
use resolve_api::wire::MethodCall;
use resolve_api::{Key, Locator, Value};

use crate::clock::{is_on, rate_of};
use crate::error::CallError;
use crate::listing::Listed;
use crate::session::Session;

/// A clip of the media pool.
#[derive(Debug, Clone)]
pub(crate) struct Clip {
    /// Where it is found, by its unique id.
    pub(crate) locator: Locator,
    /// Its name.
    pub(crate) name: String,
    /// Resolve's word for its type, such as `Video + Audio`.
    pub(crate) kind: String,
    /// The clock of its source; frame 0 is its first frame. `None` where Resolve gives no rate.
    pub(crate) clock: Option<Clock>,
    /// Its length in source frames, where it has one: a still has none.
    pub(crate) frames: Option<i64>,
    properties: IndexMap<String, Value>,
}

impl Clip {
    /// Its unique id.
    pub(crate) fn id(&self) -> &str {
        self.locator.id().unwrap_or_default()
    }

    /// Its length in seconds, where it has one.
    pub(crate) fn seconds(&self) -> Option<f64> {
        Some(self.clock.as_ref()?.rate.seconds(self.frames?))
    }

    /// Whether it has pictures. A type that is not known may have them.
    pub(crate) fn has_picture(&self) -> bool {
        self.kind != "Audio"
    }

    /// Whether it has sound. A type that is not known may have it.
    pub(crate) fn has_sound(&self) -> bool {
        !matches!(self.kind.as_str(), "Video" | "Still")
    }

    /// Whether it holds subtitles and nothing else.
    pub(crate) fn has_subtitles(&self) -> bool {
        self.kind == "Subtitle"
    }

    /// Whether it stands for any length.
    pub(crate) fn is_still(&self) -> bool {
        self.kind == "Still"
    }

    /// One attribute as text; empty when there is none.
    pub(crate) fn attribute(&self, key: &str) -> &str {
        self.properties.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    /// A clip from what it said.
    ///
    /// # Errors
    /// Its rate is none.
    pub(crate) fn read(
        locator: Locator,
        name: String,
        properties: IndexMap<String, Value>,
    ) -> Result<Self, CallError> {
        let property = |key: &str| properties.get(key).unwrap_or(&Value::Null);
        let clock = clock_of(property("FPS"), property("Drop frame"), property("Start TC"))?;
        let kind = property("Type").as_str().unwrap_or_default().to_owned();
        // Sound alone has no frame count, only a duration.
        let counted = match property("Frames") {
            Value::Str(text) => text.parse().ok(),
            other => other.as_int(),
        };
        let duration = || label(clock.as_ref()?.rate, property("Duration"));
        let frames = if kind == "Still" { None } else { counted.or_else(duration) };
        Ok(Self { locator, name, kind, clock, frames, properties })
    }

    /// The clip as an agent sees it.
    pub(crate) fn describe(&self) -> Value {
        let text = |key| Value::from(Some(self.attribute(key)).filter(|text| !text.is_empty()));
        let mut entry = IndexMap::from_iter([
            ("id".to_owned(), self.id().into()),
            ("name".to_owned(), self.name.as_str().into()),
            ("type".to_owned(), self.kind.as_str().into()),
            ("path".to_owned(), text("File Path")),
        ]);
        if let Some(clock) = &self.clock {
            entry.insert("frame_rate".to_owned(), clock.rate.to_string().into());
            entry.insert("start_timecode".to_owned(), clock.rate.timecode(clock.start).into());
            if let Some(frames) = self.frames {
                entry.insert("frames".to_owned(), frames.into());
                entry.insert("seconds".to_owned(), clock.rate.seconds(frames).into());
            }
        }
        for (name, key) in [
            ("resolution", "Resolution"),
            ("video_codec", "Video Codec"),
            ("audio_codec", "Audio Codec"),
            ("audio_channels", "Audio Ch"),
        ] {
            entry.insert(name.to_owned(), text(key));
        }
        entry.retain(|_, value| *value != Value::Null);
        Value::Map(entry)
    }
}

impl Session {
    /// Reads a clip.
    pub(crate) async fn clip(&self, clip: &Locator) -> Result<Clip, CallError> {
        let locator = self.by_id(clip).await?;
        let name = self.text(&locator, "GetName", []).await?;
        let properties = self.map(&locator, "GetClipProperty", []).await?;
        Clip::read(locator, name, properties)
    }

    /// Reads the clips of a part of a list, in one hop.
    pub(crate) async fn clips(&self, listed: Listed) -> Result<Vec<Clip>, CallError> {
        let methods = ["GetUniqueId", "GetName", "GetClipProperty"];
        let columns = self.columns(&[listed], "MediaPoolItem", &methods).await?;
        let mut columns = columns.into_iter().flatten().map(Option::unwrap_or_default);
        let mut column = || columns.next().unwrap_or_default();
        let (ids, names, properties) = (column(), column(), column());
        let mut clips = Vec::with_capacity(ids.len());
        for ((id, name), properties) in ids.into_iter().zip(names).zip(properties) {
            // A clip that vanished while it was listed answers nothing.
            if let (Value::Str(id), Value::Str(name), Value::Map(properties)) = (id, name, properties) {
                clips.push(Clip::read(Locator::MediaPoolItem(Key::Id(id)), name, properties)?);
            }
        }
        Ok(clips)
    }

    /// The clock of a clip's source alone.
    pub(crate) async fn source_clock(&self, clip: &Locator) -> Result<Option<Clock>, CallError> {
        let calls = ["FPS", "Drop frame", "Start TC"]
            .map(|key| MethodCall::new(clip.clone(), "GetClipProperty", [key.into()]));
        let properties = self.all(calls.to_vec()).await?;
        let properties: Vec<Value> =
            properties.into_iter().map(|value| value.unwrap_or(Value::Null)).collect();
        clock_of(&properties[0], &properties[1], &properties[2])
    }
}

/// The clock that these attributes of a clip stand for; `None` for a clip without a rate.
fn clock_of(rate: &Value, drop_frame: &Value, start: &Value) -> Result<Option<Clock>, CallError> {
    let rate = match rate {
        Value::Null => return Ok(None),
        Value::Str(text) if text.is_empty() => return Ok(None),
        rate => rate_of("MediaPoolItem.GetClipProperty", rate)?,
    };
    let rate = rate.with_drop_frame(rate.drop_frame() || is_on(drop_frame)).unwrap_or(rate);
    let start = label(rate, start).unwrap_or(0);
    Ok(Some(Clock { rate, start, origin: "source start".to_owned() }))
}

/// The frames of a timecode that Resolve has answered; `None` for an empty one.
fn label(rate: Rate, timecode: &Value) -> Option<i64> {
    let text = timecode.as_str()?;
    // Some builds write drop-frame labels for clips whose switch says otherwise.
    rate.frames(text).or_else(|_| rate.frames(&text.replace(';', ":"))).ok()
}
