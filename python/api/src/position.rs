//! Positions: what an argument may say (frames, timecode or seconds), and what a reply says (all of them).

use serde_json::Value as Json;

use crate::rate::Rate;
use crate::timecode::{self, TimecodeError};
use crate::value::Value;

/// A moment as an argument gives it; [`Clock::frames`] makes frames of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Position {
    /// Frames from the origin.
    Frames(i64),
    /// A label of the clock, from `00:00:00:00`.
    Timecode(String),
    /// `digits / 10^places` seconds from the origin.
    Seconds {
        /// All digits, the point left out.
        digits: i64,
        /// How many of them stand behind the point, at most 9: a billionth of a second is no frame's length.
        places: u32,
    },
}

/// Why a moment is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PositionError {
    /// Neither frames nor timecode nor seconds.
    #[error("got {0}")]
    NotAPosition(String),
    /// A timecode that names no frame.
    #[error(transparent)]
    Timecode(#[from] TimecodeError),
    /// A timecode before the origin.
    #[error("{timecode} lies before the {origin}, which is {start}")]
    BeforeOrigin {
        /// What was given.
        timecode: String,
        /// The name of the origin.
        origin: String,
        /// The timecode of the origin.
        start: String,
    },
    /// More frames than a number holds.
    #[error("{0} is too far away")]
    TooFar(String),
}

/// What positions are counted by: a rate, and where frame 0 lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    /// The rate of the frames.
    pub rate: Rate,
    /// The timecode of frame 0, in frames from `00:00:00:00`. 0 for frames that are absolute already.
    pub start: i64,
    /// What frame 0 is, in words: `timeline start`, `source start`, `00:00:00:00`.
    pub origin: String,
}

/// A moment as a reply gives it.
#[derive(Debug, Clone, PartialEq)]
pub struct Time {
    /// Frames from the origin.
    pub frames: i64,
    /// The label of that frame.
    pub timecode: String,
    /// Seconds from the origin.
    pub seconds: f64,
    /// The rate of the frames.
    pub rate: Rate,
    /// What frame 0 is, in words.
    pub origin: String,
}

impl Position {
    /// Reads `96`, `"96"`, `"01:00:04:00"`, `"4s"`, `"4.5s"`, or an object with one of `frames`, `timecode` and
    /// `seconds`, such as a [`Time`] of an earlier reply (whose frames count).
    pub fn from_json(given: &Json) -> Result<Self, PositionError> {
        let wrong = || PositionError::NotAPosition(crate::check_value::got(given));
        match given {
            Json::Number(_) => whole(given).map(Self::Frames).ok_or_else(wrong),
            Json::String(text) => Self::from_text(text).ok_or_else(wrong),
            Json::Object(entries) => {
                if let Some(frames) = entries.get("frames") {
                    whole(frames).map(Self::Frames).ok_or_else(wrong)
                } else if let Some(text) = entries.get("timecode") {
                    let text = text.as_str().filter(|text| timecode::looks_like(text)).ok_or_else(wrong)?;
                    Ok(Self::Timecode(text.to_owned()))
                } else {
                    let seconds =
                        entries.get("seconds").filter(|seconds| seconds.is_number()).ok_or_else(wrong)?;
                    seconds_of(&seconds.to_string()).ok_or_else(wrong)
                }
            }
            _ => Err(wrong()),
        }
    }

    /// Reads the text forms.
    pub fn from_text(text: &str) -> Option<Self> {
        let text = text.trim();
        if timecode::looks_like(text) {
            return Some(Self::Timecode(text.to_owned()));
        }
        match text.strip_suffix(['s', 'S']) {
            Some(seconds) => seconds_of(seconds.trim_end()),
            None => text.parse().ok().map(Self::Frames),
        }
    }

    /// The position that a checked argument holds.
    pub fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Str(text) => Self::from_text(text),
            other => other.as_int().map(Self::Frames),
        }
    }

    /// The position as a checked argument: a whole number, or text.
    pub fn to_value(&self) -> Value {
        match self {
            Self::Frames(frames) => Value::Int(*frames),
            Self::Timecode(text) => text.as_str().into(),
            Self::Seconds { .. } => self.to_string().into(),
        }
    }
}

impl std::fmt::Display for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Frames(frames) => write!(f, "{frames}"),
            Self::Timecode(text) => f.write_str(text),
            Self::Seconds { digits, places: 0 } => write!(f, "{digits}s"),
            Self::Seconds { digits, places } => {
                let scale = 10u64.pow(*places);
                let sign = if *digits < 0 { "-" } else { "" };
                let (whole, rest) = (digits.unsigned_abs() / scale, digits.unsigned_abs() % scale);
                write!(f, "{sign}{whole}.{rest:0width$}s", width = *places as usize)
            }
        }
    }
}

/// A whole number, also one that is written with `.0`.
fn whole(given: &Json) -> Option<i64> {
    let float = || given.as_f64().filter(|number| number.fract() == 0.0 && number.abs() < 9e15);
    given.as_i64().or_else(|| float().map(|number| number as i64))
}

fn seconds_of(text: &str) -> Option<Position> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let part = part.trim_end_matches('0');
    let digits_only = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    let unsigned = whole.strip_prefix('-').unwrap_or(whole);
    if unsigned.is_empty() || !digits_only(unsigned) || !digits_only(part) || part.len() > 9 {
        return None;
    }
    let digits = format!("{whole}{part}").parse().ok()?;
    Some(Position::Seconds { digits, places: part.len() as u32 })
}

impl Clock {
    /// The frame, counted from the origin, that a position means. Seconds give the nearest frame.
    pub fn frames(&self, position: &Position) -> Result<i64, PositionError> {
        match position {
            Position::Frames(frames) => Ok(*frames),
            Position::Seconds { digits, places } => self
                .rate
                .frames_in(*digits, 10u64.pow(*places))
                .ok_or_else(|| PositionError::TooFar(position.to_string())),
            Position::Timecode(timecode) => match self.rate.frames(timecode)? - self.start {
                frames if frames < 0 => Err(PositionError::BeforeOrigin {
                    timecode: timecode.clone(),
                    origin: self.origin.clone(),
                    start: self.rate.timecode(self.start),
                }),
                frames => Ok(frames),
            },
        }
    }

    /// The moment of a frame that is counted from the origin.
    pub fn time(&self, frames: i64) -> Time {
        Time {
            frames,
            timecode: self.rate.timecode(frames.saturating_add(self.start)),
            seconds: self.rate.seconds(frames),
            rate: self.rate,
            origin: self.origin.clone(),
        }
    }
}

impl From<Time> for Value {
    fn from(time: Time) -> Self {
        Self::map([
            ("frames", Self::Int(time.frames)),
            ("timecode", time.timecode.into()),
            ("seconds", Self::Float(time.seconds)),
            ("rate", time.rate.to_string().into()),
            ("origin", time.origin.into()),
        ])
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn clock() -> Clock {
        Clock { rate: Rate::new(24, 1).unwrap(), start: 86400, origin: "timeline start".into() }
    }

    /// All forms of one moment mean the same frame.
    #[test]
    fn every_form_means_the_same_frame() {
        for given in [
            json!(96),
            json!(96.0),
            json!("96"),
            json!("01:00:04:00"),
            json!("4s"),
            json!("4.0 s"),
            json!({"frames": 96, "timecode": "00:00:00:00"}),
            json!({"timecode": "01:00:04:00"}),
            json!({"seconds": 4}),
            json!({"seconds": 4.0}),
        ] {
            let position = Position::from_json(&given).unwrap();
            assert_eq!(clock().frames(&position), Ok(96), "{given}");
            assert_eq!(Position::from_value(&position.to_value()), Some(position), "{given}");
        }
    }

    /// What is no moment is refused instead of being taken for frame 0.
    #[test]
    fn refuses_what_is_no_moment() {
        for given in [
            json!("4.5"),
            json!("four"),
            json!(""),
            json!("s"),
            json!("-s"),
            json!(4.5),
            json!(null),
            json!({}),
            json!("1:2"),
            json!("4.0000000001s"),
            json!("99999999999999999999s"),
        ] {
            assert!(Position::from_json(&given).is_err(), "{given}");
        }
        let before = clock().frames(&Position::Timecode("00:00:04:00".into())).unwrap_err();
        assert_eq!(before.to_string(), "00:00:04:00 lies before the timeline start, which is 01:00:00:00");
        let far = Position::Seconds { digits: i64::MAX, places: 0 };
        assert_eq!(clock().frames(&far), Err(PositionError::TooFar("9223372036854775807s".into())));
    }

    /// A reply names the moment in all three ways, and where it is counted from.
    #[test]
    fn a_reply_says_it_all() {
        let expected = Value::map([
            ("frames", Value::Int(96)),
            ("timecode", "01:00:04:00".into()),
            ("seconds", Value::Float(4.0)),
            ("rate", "24".into()),
            ("origin", "timeline start".into()),
        ]);
        assert_eq!(Value::from(clock().time(96)), expected);
    }

    proptest! {
        /// Any decimal survives as text, so that no part of a second is lost between checking and use.
        #[test]
        fn seconds_survive_as_text(digits in -1_000_000_000_000i64..1_000_000_000_000, places in 0u32..=9) {
            let text = Position::Seconds { digits, places }.to_string();
            let read = Position::from_text(&text).unwrap();
            let Position::Seconds { digits: again, places: fewer } = read else { panic!("{text}") };
            prop_assert_eq!(i128::from(again) * 10i128.pow(places - fewer), i128::from(digits));
        }
    }
}
