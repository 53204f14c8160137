//! What positions are counted by: the clock of a timeline and of a clip.

use resolve_api::position::{Clock, Position};
use resolve_api::rate::Rate;
use resolve_api::{Fault, Locator, Value};

use crate::arguments::invalid;
use crate::error::CallError;
use crate::session::Session;

impl Session {
    /// The clock of a timeline; frame 0 is its first frame.
    pub(crate) async fn timeline_clock(&self, timeline: &Locator) -> Result<Clock, CallError> {
        let rate = self.call(timeline.clone(), "GetSetting", ["timelineFrameRate".into()]).await?;
        let drop_frame =
            self.call(timeline.clone(), "GetSetting", ["timelineDropFrameTimecode".into()]).await?;
        let rate = rate_of("Timeline.GetSetting", &rate)?;
        let start = self.int(timeline, "GetStartFrame", []).await?;
        Ok(clock_of(rate, is_on(&drop_frame), start))
    }
}

/// The clock of a timeline of this rate; `start` is its first frame, absolute.
pub(crate) fn clock_of(rate: Rate, drop_frame: bool, start: i64) -> Clock {
    // A rate that cannot drop frames ignores the switch, as Resolve does.
    let rate = rate.with_drop_frame(rate.drop_frame() || drop_frame).unwrap_or(rate);
    Clock { rate, start, origin: "timeline start".to_owned() }
}

/// A rate that Resolve has answered.
pub(crate) fn rate_of(method: &str, answer: &Value) -> Result<Rate, CallError> {
    Rate::from_value(answer)
        .map_err(|error| Fault::Refused { method: method.to_owned(), reason: Some(error.to_string()) }.into())
}

/// A switch that Resolve keeps as text, number or truth value.
pub(crate) fn is_on(value: &Value) -> bool {
    match value {
        Value::Str(text) => text == "1",
        Value::Bool(truth) => *truth,
        other => other.as_int() == Some(1),
    }
}

/// The frame that an argument means.
pub(crate) fn frames(clock: &Clock, path: &str, position: &Position) -> Result<i64, CallError> {
    clock.frames(position).map_err(|error| invalid(path, error.to_string()))
}
