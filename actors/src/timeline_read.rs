//! The operation that reads a timeline: its tracks, items and markers.

use indexmap::IndexMap;
use resolve_api::catalogue::{Domain, Effect};
use resolve_api::kind::{Kind, Param};
use resolve_api::position::Clock;
use resolve_api::{Key, Locator, Value};

use crate::arguments::{Arguments, invalid_among};
use crate::cursor::{self, Part};
use crate::error::CallError;
use crate::item::Item;
use crate::item_fields::FIELDS;
use crate::limits::{BESIDE, STRUCTURE_ITEMS};
use crate::operation::{Answer, Args, Operation};
use crate::revision::Seen;
use crate::session::Session;
use crate::timeline::timeline_param;
use crate::track::KINDS;
use crate::typed::CURRENT_TIMELINE;

/// Reads a timeline.
pub(crate) const TIMELINE_READ: Operation = Operation {
    name: "timeline_read",
    title: "Read timeline",
    domain: Domain::Timeline,
    effect: Effect::Read,
    doc: "Reads a timeline: rate, size, start and end, its tracks, its items (id, name, track, start and end on the \
          timeline, the clip they come from and its source range) and its markers. Positions count from the first \
          frame of the timeline or the clip; ends are exclusive. For a long timeline read its structure first.",
    params: || {
        let fields = Param::optional(
            "fields",
            Kind::List(Box::new(Kind::Str)),
            "of the items only these, beside the id: name, track, start, end, duration, media_pool_item, source; all \
             when absent",
        );
        let structure = Param::optional(
            "structure",
            Kind::Bool,
            "only where items stand: on each track rows of [id, start, end] in frames, up to 1,000 at once",
        );
        [timeline_param(), fields, structure].into_iter().chain(cursor::params()).collect()
    },
    run: |session, args| Box::pin(timeline_read(session, args)),
};

async fn timeline_read(session: &Session, args: Args) -> Result<Answer, CallError> {
    let structure = args.flag("structure");
    let part = if structure { Part::of(&args)?.at_once(STRUCTURE_ITEMS) } else { Part::of(&args)? };
    let fields = fields(&args)?;
    let timeline = args.maybe_object("timeline").unwrap_or(&CURRENT_TIMELINE);
    let survey = session.survey(timeline, true).await?;
    let (timeline, clock) = (&survey.timeline, &survey.clock);
    let all = session.tracks(&survey).await?;
    let total = all.total();
    let parts = all.parts(part.range(total));
    let mut seen = Seen::timeline(&survey, &all);
    let complete = part.range(total) == (0..total);
    let mut tracks = all.described;
    let mut about = survey.about();
    about.insert("current".to_owned(), survey.is_current.into());
    let mut answer = IndexMap::new();
    if structure {
        let items = session.items(timeline, &parts).await?;
        if complete {
            seen = seen.with_items(&items, clock.start);
        }
        for track in &mut tracks {
            track.insert("rows".to_owned(), rows(track, &items, clock).into());
        }
    } else {
        let items = session.read_items(timeline, &parts, &fields, clock).await?;
        if complete && let Some(placed) = placed(&items, clock) {
            seen = seen.with_items(&placed, clock.start);
        }
        let markers = &survey.markers;
        answer.insert("items".to_owned(), items.into());
        answer.insert("markers".to_owned(), described(markers, clock).into());
        answer.insert("markers_total".to_owned(), Value::Int(markers.len() as i64));
    }
    about.insert("tracks".to_owned(), tracks.into_iter().map(Value::Map).collect::<Vec<_>>().into());
    answer.insert("total".to_owned(), Value::Int(total as i64));
    answer.insert("next_cursor".to_owned(), part.next(total));
    answer.insert("revision".to_owned(), session.revision_of(seen));
    answer.shift_insert(0, "timeline".to_owned(), Value::Map(about));
    Ok(Value::Map(answer).into())
}

/// Where the items of a listing stand; nothing where it does not say so of each.
fn placed(items: &[Value], clock: &Clock) -> Option<Vec<Item>> {
    let item = |entry: &Value| {
        let track = entry.get("track")?;
        let kind = track.get("type")?.as_str()?;
        Some(Item {
            locator: Locator::TimelineItem(Key::Id(entry.get("id")?.as_str()?.to_owned())),
            track_type: KINDS.into_iter().find(|known| *known == kind)?,
            track: track.get("index")?.as_int()?,
            start: entry.get("start")?.get("frames")?.as_int()? + clock.start,
            duration: entry.get("duration")?.as_int()?,
        })
    };
    items.iter().map(item).collect()
}

/// The fields of items that are asked for; all where none is named.
fn fields(args: &Args) -> Result<Vec<&'static str>, CallError> {
    let named = args.list("fields");
    if named.is_empty() {
        return Ok(FIELDS.to_vec());
    }
    let field = |(index, name): (usize, &Value)| {
        let name = name.as_str().unwrap_or_default();
        FIELDS.into_iter().find(|field| *field == name).ok_or_else(|| {
            invalid_among(format!("fields[{index}]"), format!("items have no field '{name}'"), FIELDS)
        })
    };
    named.iter().enumerate().filter(|(_, name)| name.as_str() != Some("id")).map(field).collect()
}

/// The items of a track as `[id, start, end]`, counted from the first frame of the timeline.
fn rows(track: &IndexMap<String, Value>, items: &[Item], clock: &Clock) -> Vec<Value> {
    let (kind, index) = (track["type"].as_str(), track["index"].as_int());
    let here = items.iter().filter(|item| (Some(item.track_type), Some(item.track)) == (kind, index));
    let row = |item: &Item| {
        let (start, end) = (item.start - clock.start, item.end() - clock.start);
        Value::List(vec![item.id().into(), start.into(), end.into()])
    };
    here.map(row).collect()
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
