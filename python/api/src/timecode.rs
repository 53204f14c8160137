//! Timecode to frames and back, at every rate, with and without drop-frame.

use crate::rate::Rate;

/// A timecode that does not name a frame.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimecodeError {
    /// Not four numbers in their ranges.
    #[error("'{text}' is not a timecode at {rate}; write HH:MM:SS:FF with frames from 0 to {}", rate.nominal() - 1)]
    NotATimecode {
        /// What was given.
        text: String,
        /// The rate it was read at.
        rate: Rate,
    },
    /// One of the labels that drop-frame leaves out.
    #[error("{text} does not exist at {rate}: drop-frame leaves it out; the next frame is {next}")]
    Dropped {
        /// What was given.
        text: String,
        /// The rate it was read at.
        rate: Rate,
        /// The label that follows.
        next: String,
    },
    /// A drop-frame timecode at a rate without drop-frame.
    #[error("'{text}' is drop-frame timecode (';'), and {rate} is not drop-frame; write ':' instead")]
    NotDropFrame {
        /// What was given.
        text: String,
        /// The rate it was read at.
        rate: Rate,
    },
}

impl Rate {
    /// The timecode of a frame that is counted from `00:00:00:00`. Hours go on beyond 23; a frame before 0 has a
    /// minus sign. Drop-frame is written with `;` before the frames.
    pub fn timecode(self, frames: i64) -> String {
        let nominal = i64::from(self.nominal());
        let label = self.label(frames.unsigned_abs() as i64);
        let (seconds, frame) = (label / nominal, label % nominal);
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
        let sign = if frames < 0 { "-" } else { "" };
        let separator = if self.drop_frame() { ';' } else { ':' };
        let digits = if nominal > 100 { 3 } else { 2 };
        format!("{sign}{hours:02}:{minutes:02}:{:02}{separator}{frame:0digits$}", seconds % 60)
    }

    /// The frame, counted from `00:00:00:00`, that a timecode names. `:` is taken for drop-frame rates too.
    pub fn frames(self, timecode: &str) -> Result<i64, TimecodeError> {
        let wrong = || TimecodeError::NotATimecode { text: timecode.to_owned(), rate: self };
        let (parts, semicolon) = parts(timecode).ok_or_else(wrong)?;
        let [hours, minutes, seconds, frame] = parts.map(i64::from);
        let nominal = i64::from(self.nominal());
        if minutes > 59 || seconds > 59 || frame >= nominal {
            return Err(wrong());
        }
        if semicolon && !self.drop_frame() {
            return Err(TimecodeError::NotDropFrame { text: timecode.to_owned(), rate: self });
        }
        let minute = hours * 60 + minutes;
        let label = (minute * 60 + seconds) * nominal + frame;
        let dropped = self.dropped_per_minute();
        if seconds == 0 && frame < dropped && minute % 10 != 0 {
            let next = self.timecode((minute * 60 * nominal) - dropped * (minute - 1 - (minute - 1) / 10));
            return Err(TimecodeError::Dropped { text: timecode.to_owned(), rate: self, next });
        }
        Ok(label - dropped * (minute - minute / 10))
    }

    /// How many labels each minute leaves out, except every tenth: 2 at 29.97, 4 at 59.94.
    fn dropped_per_minute(self) -> i64 {
        if self.drop_frame() { i64::from(self.nominal() / 15) } else { 0 }
    }

    /// The place of a frame among all labels, dropped ones included.
    fn label(self, frames: i64) -> i64 {
        let dropped = self.dropped_per_minute();
        if dropped == 0 {
            return frames;
        }
        let minute = i64::from(self.nominal()) * 60 - dropped;
        let ten_minutes = minute * 10 + dropped;
        let (tens, rest) = (frames / ten_minutes, frames % ten_minutes);
        // The first minute of ten is longer: it drops nothing.
        let minutes = if rest < dropped { 0 } else { (rest - dropped) / minute };
        frames + dropped * (tens * 9 + minutes)
    }
}

/// Whether text has the form of a timecode, at some rate.
pub(crate) fn looks_like(text: &str) -> bool {
    parts(text).is_some_and(|([_, minutes, seconds, _], _)| minutes < 60 && seconds < 60)
}

/// The four numbers, and whether the last separator is `;`. Hours up to 4 digits keep all sums in an `i64`.
fn parts(text: &str) -> Option<([u32; 4], bool)> {
    let mut numbers = [0; 4];
    let mut rest = text;
    let mut semicolon = false;
    for (place, number) in numbers.iter_mut().enumerate() {
        let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let most = if place == 0 || place == 3 { 4 } else { 2 };
        if end == 0 || end > most {
            return None;
        }
        *number = rest[..end].parse().ok()?;
        rest = &rest[end..];
        if place < 3 {
            // Only the frames may stand behind ';', and that means drop-frame.
            let separator = rest.chars().next().filter(|c| *c == ':' || (place == 2 && *c == ';'))?;
            semicolon = separator == ';';
            rest = &rest[1..];
        }
    }
    rest.is_empty().then_some((numbers, semicolon))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const RATES: &[&str] = &[
        "16",
        "18",
        "23.976",
        "24",
        "25",
        "29.97",
        "29.97 DF",
        "30",
        "47.952",
        "48",
        "50",
        "59.94",
        "59.94 DF",
        "60",
        "72",
        "95.904",
        "96",
        "100",
        "119.88",
        "119.88 DF",
        "120",
    ];

    fn rate(text: &str) -> Rate {
        text.parse().unwrap()
    }

    /// Points of the standard that every other program agrees on.
    #[test]
    fn meets_the_known_points() {
        for (text, frames, timecode) in [
            ("24", 86400, "01:00:00:00"),
            ("23.976", 86400, "01:00:00:00"),
            ("25", 99, "00:00:03:24"),
            ("29.97", 107892, "00:59:56:12"),
            ("29.97 DF", 107892, "01:00:00;00"),
            ("29.97 DF", 1799, "00:00:59;29"),
            ("29.97 DF", 1800, "00:01:00;02"),
            ("29.97 DF", 17981, "00:09:59;29"),
            ("29.97 DF", 17982, "00:10:00;00"),
            ("59.94 DF", 3599, "00:00:59;59"),
            ("59.94 DF", 3600, "00:01:00;04"),
            ("59.94 DF", 35964, "00:10:00;00"),
            ("119.88 DF", 7200, "00:01:00;008"),
            ("24", -1, "-00:00:00:01"),
        ] {
            assert_eq!(rate(text).timecode(frames), timecode, "{text}");
            if frames >= 0 {
                assert_eq!(rate(text).frames(timecode), Ok(frames), "{text}");
            }
        }
    }

    /// What names no frame is refused, with the label that does.
    #[test]
    fn refuses_what_names_no_frame() {
        let dropped = rate("29.97 DF").frames("00:01:00;01").unwrap_err();
        assert_eq!(
            dropped.to_string(),
            "00:01:00;01 does not exist at 29.97 DF: drop-frame leaves it out; the next frame is 00:01:00;02"
        );
        assert_eq!(rate("29.97 DF").frames("00:10:00:00"), Ok(17982), "':' is taken at drop-frame rates");
        assert!(matches!(rate("25").frames("00:00:00;10"), Err(TimecodeError::NotDropFrame { .. })));
        for text in
            ["", "1", "00:00:00", "00:60:00:00", "00:00:60:00", "00:00:00:25", "00:00:00:-1", "0é:00:00:00"]
        {
            assert!(matches!(rate("25").frames(text), Err(TimecodeError::NotATimecode { .. })), "{text}");
        }
    }

    /// A whole day at every drop-frame rate, frame by frame in ten-minute steps around the minutes: no frame
    /// gets a label that the standard leaves out, and each label names its frame.
    #[test]
    fn never_writes_a_dropped_label() {
        for text in ["29.97 DF", "59.94 DF", "119.88 DF"] {
            let rate = rate(text);
            for minute in 1..24 * 60 {
                let near = rate.frames_in(minute * 60, 1).unwrap();
                for frames in near - 12..near + 12 {
                    assert_eq!(rate.frames(&rate.timecode(frames)), Ok(frames), "{text} {frames}");
                }
            }
        }
    }

    proptest! {
        /// Every frame of a day survives the way to timecode and back, at every rate that Resolve has.
        #[test]
        fn round_trips_over_a_day(at in 0..RATES.len(), part in 0.0..1.0f64) {
            let rate = rate(RATES[at]);
            let day = i64::from(rate.nominal()) * 86_400;
            let frames = (day as f64 * part) as i64;
            prop_assert_eq!(rate.frames(&rate.timecode(frames)), Ok(frames));
            prop_assert!(looks_like(&rate.timecode(frames)));
        }

        /// No text whatever makes the reader panic.
        #[test]
        fn survives_any_text(text in "\\PC*") {
            let _ = rate("29.97 DF").frames(&text);
            let _ = text.parse::<Rate>();
        }
    }
}
