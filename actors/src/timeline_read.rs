//! The operation that reads a timeline: its tracks, items and markers.

use indexmap::IndexMap;
use resolve_api::catalogue::{Domain, Effect};
use resolve_api::position::Clock;
use resolve_api::{Locator, Value};

use crate::arguments::Arguments;
use crate::cursor::{self, Part};
use crate::error::CallError;
use crate::item::{Item, Sources};
use crate::limits::BESIDE;
use crate::operation::{Answer, Args, Operation};
use crate::session::Session;
use crate::timeline::timeline_param;
use crate::typed::CURRENT_TIMELINE;

/// Reads a timeline.
pub(crate) const TIMELINE_READ: Operation = Operation {
    name: "timeline_read",
    title: "Read timeline",
    domain: Domain::Timeline,
    effect: Effect::Read,
    doc: "Reads a timeline: rate, size, start and end, its tracks, its items (id, name, track, start and end on the \
          timeline, the clip they come from and its source range) and its markers. Positions count from the first \
          frame of the timeline or the clip; ends are exclusive.",
    params: || [timeline_param()].into_iter().chain(cursor::params()).collect(),
    run: |session, args| Box::pin(timeline_read(session, args)),
};

async fn timeline_read(session: &Session, args: Args) -> Result<Answer, CallError> {
    let part = Part::of(&args)?;
    let timeline = session.by_id(args.maybe_object("timeline").unwrap_or(&CURRENT_TIMELINE)).await?;
    let is_current = session.current_timeline().await?.as_ref() == Some(&timeline);
    let clock = session.timeline_clock(&timeline).await?;
    let mut tracks = Vec::new();
    let mut all: Vec<Item> = Vec::new();
    for track_type in ["video", "audio", "subtitle"] {
        let count = session.int(&timeline, "GetTrackCount", [track_type.into()]).await?;
        for index in 1..=count {
            let items = session.track_items(&timeline, track_type, index).await?;
            let entry = session.describe_track(&timeline, is_current, (track_type, index), items.len());
            tracks.push(Value::Map(entry.await?));
            all.extend(items);
        }
    }
    let (mut items, mut sources) = (Vec::new(), Sources::default());
    for item in part.take(&all) {
        items.push(Value::Map(session.describe_item(item, &clock, &mut sources).await?));
    }
    let markers = session.map(&timeline, "GetMarkers", []).await?;
    let mut about = session.about_timeline(&timeline).await?;
    about.insert("current".to_owned(), is_current.into());
    about.insert("tracks".to_owned(), tracks.into());
    Ok(Value::Map(IndexMap::from_iter([
        ("timeline".to_owned(), Value::Map(about)),
        ("items".to_owned(), items.into()),
        ("total".to_owned(), Value::Int(all.len() as i64)),
        ("next_cursor".to_owned(), part.next(all.len())),
        ("markers".to_owned(), described(&markers, &clock).into()),
        ("markers_total".to_owned(), Value::Int(markers.len() as i64)),
    ]))
    .into())
}

/// The first markers with their positions, in the order of the timeline.
fn described(markers: &IndexMap<String, Value>, clock: &Clock) -> Vec<Value> {
    let mut markers: Vec<(i64, &Value)> = markers
        .iter()
        .filter_map(|(frame, marker)| Some((frame.parse::<f64>().ok()?.round() as i64, marker)))
        .collect();
    markers.sort_by_key(|(frame, _)| *frame);
    markers.iter().take(BESIDE).map(|(frame, marker)| describe_marker(*frame, marker, clock)).collect()
}

/// A marker as an agent sees it.
pub(crate) fn describe_marker(frame: i64, marker: &Value, clock: &Clock) -> Value {
    let field = |key: &str| marker.get(key).cloned().unwrap_or(Value::Null);
    Value::map([
        ("position", clock.time(frame).into()),
        ("color", field("color")),
        ("name", field("name")),
        ("note", field("note")),
        ("duration", field("duration").as_int().map_or(Value::Null, Value::Int)),
        ("custom_data", field("customData")),
    ])
}

impl Session {
    async fn describe_track(
        &self,
        timeline: &Locator,
        is_current: bool,
        (track_type, index): (&'static str, i64),
        items: usize,
    ) -> Result<IndexMap<String, Value>, CallError> {
        let args = || [Value::from(track_type), index.into()];
        let name = self.text(timeline, "GetTrackName", args()).await?;
        let mut entry = IndexMap::from_iter([
            ("type".to_owned(), track_type.into()),
            ("index".to_owned(), index.into()),
            ("name".to_owned(), name.into()),
            ("items".to_owned(), Value::Int(items as i64)),
        ]);
        // Of a timeline that is not current, Resolve answers False for every track.
        if is_current {
            for (key, method) in [("enabled", "GetIsTrackEnabled"), ("locked", "GetIsTrackLocked")] {
                entry.insert(key.to_owned(), self.bool(timeline, method, args()).await?.into());
            }
        }
        Ok(entry)
    }
}
