//! Frame rates as exact fractions, read from and written as Resolve's own text (`23.976`, `29.97 DF`).

use std::fmt;
use std::str::FromStr;

use crate::value::Value;

/// A frame rate: `num / den` frames per second, exactly, and how its frames are labelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rate {
    num: u32,
    den: u32,
    drop_frame: bool,
}

/// A frame rate that makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RateError {
    /// Not a number above 0 and at most 1000.
    #[error("'{0}' is not a frame rate; write one such as 24, 23.976 or 29.97 DF")]
    NotARate(String),
    /// Drop-frame labels exist only for the rates that run behind the clock by 1000/1001 of 30, 60 or 120.
    #[error("{0} has no drop-frame timecode; only 29.97, 59.94 and 119.88 have")]
    NoDropFrame(String),
}

/// No camera or timeline of Resolve's goes above; it keeps every product below in an `i64` for a thousand years.
const FASTEST: f64 = 1000.0;

/// How far text may be from n × 1000/1001 and still mean it: `23.98` is 0.004 off, `24` is 0.024 off.
const NEAR: f64 = 0.005;

impl Rate {
    /// `num / den` frames per second without drop-frame; `None` if that is not above 0 and at most 1000.
    pub fn new(num: u32, den: u32) -> Option<Self> {
        let (mut a, mut b) = (num, den);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        let sensible = num > 0 && den > 0 && f64::from(num) / f64::from(den) <= FASTEST;
        sensible.then(|| Self { num: num / a, den: den / a, drop_frame: false })
    }

    /// The same rate with or without drop-frame labels.
    pub fn with_drop_frame(self, drop_frame: bool) -> Result<Self, RateError> {
        if drop_frame && (self.den != 1001 || !self.nominal().is_multiple_of(30)) {
            return Err(RateError::NoDropFrame(self.to_string()));
        }
        Ok(Self { drop_frame, ..self })
    }

    /// The rate that Resolve means by a number: 23.976 is 24000/1001.
    pub fn from_f64(number: f64) -> Result<Self, RateError> {
        let not_a_rate = || RateError::NotARate(number.to_string());
        if !(number > 0.0 && number <= FASTEST) {
            return Err(not_a_rate());
        }
        let whole = number.round();
        let ntsc = number.ceil() * 1000.0 / 1001.0;
        let rate = if (number - whole).abs() < 0.0005 {
            Self::new(whole as u32, 1)
        } else if (number - ntsc).abs() < NEAR {
            Self::new(number.ceil() as u32 * 1000, 1001)
        } else {
            Self::new((number * 1000.0).round() as u32, 1000)
        };
        rate.ok_or_else(not_a_rate)
    }

    /// The rate that a reply of Resolve's holds: text or a number.
    pub fn from_value(value: &Value) -> Result<Self, RateError> {
        match value {
            Value::Str(text) => text.parse(),
            Value::Int(number) => Self::from_f64(*number as f64),
            Value::Float(number) => Self::from_f64(*number),
            other => Err(RateError::NotARate(format!("{other:?}"))),
        }
    }

    /// The numerator of frames per second.
    pub fn num(self) -> u32 {
        self.num
    }

    /// The denominator of frames per second.
    pub fn den(self) -> u32 {
        self.den
    }

    /// Whether labels are dropped so that timecode follows the clock.
    pub fn drop_frame(self) -> bool {
        self.drop_frame
    }

    /// How many frame labels a second of timecode has: 24 for 23.976, 30 for 29.97.
    pub fn nominal(self) -> u32 {
        self.num.div_ceil(self.den)
    }

    /// Frames per second as a float; for display, never for counting.
    pub fn as_f64(self) -> f64 {
        f64::from(self.num) / f64::from(self.den)
    }

    /// How many seconds of the clock that many frames last.
    pub fn seconds(self, frames: i64) -> f64 {
        frames as f64 * f64::from(self.den) / f64::from(self.num)
    }

    /// The frame that is nearest to `numerator / denominator` seconds of the clock (half-way: the later one).
    /// `None` if it does not fit, or if the denominator is 0.
    pub fn frames_in(self, numerator: i64, denominator: u64) -> Option<i64> {
        let above = i128::from(numerator) * i128::from(self.num) * 2;
        let below = i128::from(denominator) * i128::from(self.den);
        (below != 0).then(|| (above + below).div_euclid(below * 2)).and_then(|frames| frames.try_into().ok())
    }
}

impl FromStr for Rate {
    type Err = RateError;

    /// Reads `24`, `23.976`, `29.97 DF`, `30000/1001`.
    fn from_str(text: &str) -> Result<Self, RateError> {
        let not_a_rate = || RateError::NotARate(text.to_owned());
        let trimmed = text.trim();
        let (number, drop_frame) =
            match trimmed.len().checked_sub(2).and_then(|at| trimmed.split_at_checked(at)) {
                Some((number, suffix)) if suffix.eq_ignore_ascii_case("df") => (number.trim_end(), true),
                _ => (trimmed, false),
            };
        let rate = match number.split_once('/') {
            Some((num, den)) => {
                let (num, den) = (num.trim().parse().ok(), den.trim().parse().ok());
                num.zip(den).and_then(|(num, den)| Self::new(num, den)).ok_or_else(not_a_rate)?
            }
            None => Self::from_f64(number.parse().map_err(|_| not_a_rate())?).map_err(|_| not_a_rate())?,
        };
        rate.with_drop_frame(drop_frame)
    }
}

impl fmt::Display for Rate {
    /// As Resolve writes it: `23.976`, `29.97 DF`, `24`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{:.3}", self.as_f64());
        let text = text.trim_end_matches('0').trim_end_matches('.');
        write!(f, "{text}{}", if self.drop_frame { " DF" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The texts and numbers that Resolve uses are exact fractions, or every later sum drifts.
    #[test]
    fn reads_resolves_rates_exactly() {
        for (text, num, den, drop_frame) in [
            ("23.976", 24000, 1001, false),
            ("23.98", 24000, 1001, false),
            ("24", 24, 1, false),
            ("24.0", 24, 1, false),
            ("25", 25, 1, false),
            ("29.97", 30000, 1001, false),
            ("29.97 DF", 30000, 1001, true),
            ("29.97df", 30000, 1001, true),
            ("30000/1001", 30000, 1001, false),
            ("47.952", 48000, 1001, false),
            ("59.94 DF", 60000, 1001, true),
            ("95.904", 96000, 1001, false),
            ("119.88", 120000, 1001, false),
            ("12.5", 25, 2, false),
        ] {
            let rate: Rate = text.parse().unwrap();
            assert_eq!((rate.num, rate.den, rate.drop_frame), (num, den, drop_frame), "{text}");
        }
        assert_eq!(Rate::from_value(&Value::Float(23.976)).unwrap(), Rate::new(24000, 1001).unwrap());
        assert_eq!(Rate::from_value(&Value::Float(24.0)).unwrap(), Rate::new(24, 1).unwrap());
        assert_eq!(Rate::from_value(&Value::Int(50)).unwrap(), Rate::new(50, 1).unwrap());
    }

    /// A rate is written as Resolve would read it back.
    #[test]
    fn writes_resolves_text() {
        for text in [
            "16",
            "23.976",
            "24",
            "25",
            "29.97",
            "29.97 DF",
            "47.952",
            "59.94 DF",
            "95.904",
            "119.88 DF",
            "120",
        ] {
            assert_eq!(text.parse::<Rate>().unwrap().to_string(), text);
        }
    }

    /// What is no rate is refused with words, not turned into some other rate.
    #[test]
    fn refuses_what_is_no_rate() {
        for text in ["", "DF", "abc", "0", "-24", "1e9", "NaN", "24/0", "é"] {
            assert_eq!(text.parse::<Rate>(), Err(RateError::NotARate(text.to_owned())), "{text}");
        }
        assert_eq!("24 DF".parse::<Rate>(), Err(RateError::NoDropFrame("24".into())));
        assert_eq!("30 DF".parse::<Rate>(), Err(RateError::NoDropFrame("30".into())));
        assert_eq!("23.976 DF".parse::<Rate>(), Err(RateError::NoDropFrame("23.976".into())));
    }

    /// Seconds become the nearest frame by exact arithmetic: 1001 s at 29.97 are exactly 30,000 frames.
    #[test]
    fn counts_frames_in_seconds() {
        let ntsc: Rate = "29.97".parse().unwrap();
        assert_eq!(ntsc.frames_in(1001, 1), Some(30000));
        assert_eq!(ntsc.frames_in(4, 1), Some(120));
        assert_eq!(Rate::new(24, 1).unwrap().frames_in(45, 10), Some(108));
        assert_eq!(Rate::new(25, 1).unwrap().frames_in(1, 50), Some(1), "half a frame is the later one");
        assert_eq!(Rate::new(25, 1).unwrap().frames_in(1, 0), None);
        assert_eq!(ntsc.seconds(30000), 1001.0);
    }
}
