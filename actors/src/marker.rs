//! The operation that adds a marker to a timeline.

use indexmap::IndexMap;
use resolve_api::catalogue::{Domain, Effect};
use resolve_api::kind::{Kind, Param};
use resolve_api::position::Clock;
use resolve_api::{Locator, Value};

use crate::arguments::{Arguments, invalid, invalid_with};
use crate::clock::frames;
use crate::dry_run;
use crate::error::CallError;
use crate::operation::{Answer, Args, Operation};
use crate::session::Session;
use crate::timeline::timeline_param;
use crate::timeline_read::describe_marker;
use crate::typed::CURRENT_TIMELINE;
use crate::verify::{Observed, not_verified};

const METHOD: &str = "Timeline.AddMarker";

/// Adds a marker.
pub(crate) const ADD_MARKER: Operation = Operation {
    name: "add_marker",
    title: "Add marker",
    domain: Domain::Timeline,
    effect: Effect::Write,
    doc: "Adds a marker to a timeline. One frame carries one marker. Answers the marker as read back, with its \
          position as frames from the timeline start, timecode and seconds.",
    params: || {
        vec![
            Param::required(
                "position",
                Kind::Position,
                "where, at the timeline's rate: frames or seconds from the timeline start, or a timecode of the \
                 timeline",
            ),
            Param::required("color", Kind::enumeration("MarkerColor"), "its color, such as \"Blue\""),
            Param::optional("name", Kind::Str, "its name").or(""),
            Param::optional("note", Kind::Str, "its note").or(""),
            Param::optional("duration", Kind::Int, "its length in timeline frames").or(1).at_least(1.0),
            Param::optional("custom_data", Kind::Str, "text for programs, never shown in Resolve").or(""),
            timeline_param(),
        ]
    },
    run: |session, args| Box::pin(add_marker(session, args)),
};

async fn add_marker(session: &Session, args: Args) -> Result<Answer, CallError> {
    let position =
        args.maybe_position("position").ok_or_else(|| invalid("position", "must be a position"))?;
    let timeline = session.by_id(args.maybe_object("timeline").unwrap_or(&CURRENT_TIMELINE)).await?;
    let clock = session.timeline_clock(&timeline).await?;
    let frame = frames(&clock, "position", &position)?;
    let length = session.int(&timeline, "GetEndFrame", []).await? - clock.start;
    check_range(&clock, frame, length)?;
    if let Some(there) = session.marker_at(&timeline, frame).await? {
        let name = there.get("name").and_then(Value::as_str).unwrap_or_default();
        let color = there.get("color").and_then(Value::as_str).unwrap_or_default();
        let reason = format!("frame {frame} already carries a {color} marker '{name}'");
        return Err(invalid_with("position", reason, "choose another frame, or delete that marker first"));
    }
    let text = |name| Value::from(args.maybe_text(name).unwrap_or_default());
    let duration = Value::from(args.maybe_int("duration").unwrap_or(1));
    let color = args.text("color")?;
    if session.is_dry_run() {
        let plan = [
            ("timeline", Value::Map(session.id_and_name(&timeline).await?)),
            ("position", clock.time(frame).into()),
            ("color", color.into()),
            ("name", text("name")),
            ("duration", duration),
        ];
        return Ok(dry_run::plan("add a marker", plan));
    }
    let call: [Value; 6] =
        [frame.into(), color.into(), text("name"), text("note"), duration.clone(), text("custom_data")];
    session.call(timeline.clone(), "AddMarker", call).await?;
    let Some(marker) = session.marker_at(&timeline, frame).await? else {
        let what = format!("the marker at frame {frame}");
        return Err(not_verified(METHOD, &what, &color.into(), &Value::Null));
    };
    let mut observed = Observed::default();
    let requested = [
        ("color", "color", color.into()),
        ("name", "name", text("name")),
        ("note", "note", text("note")),
        ("duration", "duration", duration),
        ("custom_data", "customData", text("custom_data")),
    ];
    for (name, field, value) in requested {
        let read = marker.get(field).cloned().unwrap_or(Value::Null);
        observed.check(METHOD, name, value, read)?;
    }
    Ok(observed
        .into_answer(IndexMap::from_iter([
            ("timeline".to_owned(), Value::Map(session.id_and_name(&timeline).await?)),
            ("marker".to_owned(), describe_marker(frame, &marker, &clock)),
        ]))
        .into())
}

/// A marker outside is kept by Resolve and never shown. An empty timeline takes one anywhere.
fn check_range(clock: &Clock, frame: i64, length: i64) -> Result<(), CallError> {
    if frame >= 0 && (frame < length || length <= 0) {
        return Ok(());
    }
    let reason = format!("frame {frame} is outside the timeline, whose frames are 0 to {}", length - 1);
    let from_start = frame - clock.start;
    let hint = if (0..length).contains(&from_start) {
        format!("frames count from the timeline start: pass {from_start}, or the timecode")
    } else {
        format!("the timeline ends at {}", clock.time(length).timecode)
    };
    Err(invalid_with("position", reason, hint))
}

impl Session {
    async fn marker_at(&self, timeline: &Locator, frame: i64) -> Result<Option<Value>, CallError> {
        let markers = self.map(timeline, "GetMarkers", []).await?;
        let at = |key: &String| key.parse::<f64>().is_ok_and(|key| key == frame as f64);
        Ok(markers.into_iter().find(|(key, _)| at(key)).map(|(_, marker)| marker))
    }
}
