//! What a timeline says of itself, read in one hop to the interpreter.

use indexmap::IndexMap;
use resolve_api::batch::{Batch, BatchStep, StepOutcome, Target};
use resolve_api::position::Clock;
use resolve_api::{Fault, Locator, Value};

use crate::clock::{clock_of, is_on, rate_of};
use crate::error::CallError;
use crate::session::Session;
use crate::track::KINDS;
use crate::typed::unexpected;

/// What is read of a timeline before a look at its tracks.
pub(crate) struct Survey {
    /// The timeline by its unique id.
    pub(crate) timeline: Locator,
    /// Whether it is the one that is shown.
    pub(crate) is_current: bool,
    /// What its positions are counted by.
    pub(crate) clock: Clock,
    /// How many tracks of each of [`KINDS`] it has.
    pub(crate) track_counts: [i64; 3],
    /// Its markers, by their frame from the start of the timeline; empty where they were not asked for.
    pub(crate) markers: IndexMap<String, Value>,
    name: String,
    size: [Value; 2],
    /// The frame after the last, absolute.
    end: i64,
}

impl Survey {
    /// Id, name, rate, size, start and end, as an agent sees them.
    pub(crate) fn about(&self) -> IndexMap<String, Value> {
        let pixels = |size: &Value| match size.as_str().and_then(|text| text.parse::<i64>().ok()) {
            Some(pixels) => Value::from(pixels),
            None => size.clone(),
        };
        let [width, height] = &self.size;
        IndexMap::from_iter([
            ("id".to_owned(), self.timeline.id().unwrap_or_default().into()),
            ("name".to_owned(), self.name.as_str().into()),
            ("frame_rate".to_owned(), self.clock.rate.to_string().into()),
            ("width".to_owned(), pixels(width)),
            ("height".to_owned(), pixels(height)),
            ("start".to_owned(), self.clock.time(0).into()),
            ("end".to_owned(), self.clock.time((self.end - self.clock.start).max(0)).into()),
        ])
    }

    /// How many tracks of each kind it has, as an agent sees them.
    pub(crate) fn tracks(&self) -> Value {
        Value::map(KINDS.into_iter().zip(self.track_counts.map(Value::from)))
    }
}

impl Session {
    /// Reads what a timeline says of itself.
    ///
    /// # Errors
    /// That of the first call which failed, and `refused` for an answer that is none.
    pub(crate) async fn survey(&self, timeline: &Locator, markers: bool) -> Result<Survey, CallError> {
        let on = |method: &str, args: &[&str]| {
            let args: Vec<Value> = args.iter().map(|text| Value::from(*text)).collect();
            BatchStep::new(Target::Object(timeline.clone()), method, args)
        };
        let project = |method: &str| BatchStep::new(Target::Object(Locator::Project), method, []);
        let mut steps = vec![
            on("GetUniqueId", &[]),
            on("GetName", &[]),
            on("GetSetting", &["timelineFrameRate"]),
            on("GetSetting", &["timelineDropFrameTimecode"]),
            on("GetSetting", &["timelineResolutionWidth"]),
            on("GetSetting", &["timelineResolutionHeight"]),
            on("GetStartFrame", &[]),
            on("GetEndFrame", &[]),
        ];
        steps.extend(KINDS.map(|kind| on("GetTrackCount", &[kind])));
        steps.push(project("GetCurrentTimeline").quietly());
        steps.push(BatchStep::new(Target::earlier("Timeline", steps.len() - 1), "GetUniqueId", []));
        if markers {
            steps.push(on("GetMarkers", &[]));
        }
        let asks_project = !self.knows_project();
        if asks_project {
            steps.push(project("GetUniqueId"));
        }
        let mut outcomes = self.batch(Batch { steps, go_on: true }).await?.into_iter();
        let mut next = || match outcomes.next() {
            Some(StepOutcome::Value(value)) => Ok(value),
            Some(StepOutcome::Failed { fault, .. }) => Err(CallError::from(fault)),
            _ => Ok(Value::Null),
        };
        let number = |method: &str, value: Value| {
            value.as_int().ok_or_else(|| unexpected(timeline, method, "a whole number", &value))
        };

        let id = next()?;
        let by_id = Locator::by_id("Timeline", id.as_str().unwrap_or_default());
        let by_id = by_id.ok_or_else(|| unexpected(timeline, "GetUniqueId", "an id", &id))?;
        let name = next()?.as_str().unwrap_or_default().to_owned();
        let (rate, drop_frame, width, height) = (next()?, next()?, next()?, next()?);
        let rate = rate_of("Timeline.GetSetting", &rate)?;
        let start = number("GetStartFrame", next()?)?;
        let end = number("GetEndFrame", next()?)?;
        let mut track_counts = [0; 3];
        for count in &mut track_counts {
            *count = number("GetTrackCount", next()?)?;
        }
        next()?;
        let current = match next() {
            Ok(id) => id,
            // No timeline is shown.
            Err(CallError::Fault(Fault::BadArgument { .. })) => Value::Null,
            Err(error) => return Err(error),
        };
        let markers = match markers.then(&mut next).transpose()? {
            Some(Value::Map(markers)) => markers,
            _ => IndexMap::new(),
        };
        if asks_project && let Ok(Value::Str(id)) = next() {
            self.note_project(id);
        }
        Ok(Survey {
            is_current: current == id,
            timeline: by_id,
            clock: clock_of(rate, is_on(&drop_frame), start),
            track_counts,
            markers,
            name,
            size: [width, height],
            end,
        })
    }
}
