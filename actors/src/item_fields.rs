//! The fields of timeline items that a listing is asked for, each read of all items at once.

use std::collections::HashMap;
use std::ops::Range;

use indexmap::IndexMap;
use resolve_api::position::Clock;
use resolve_api::{Locator, Value};

use crate::error::CallError;
use crate::item::{Sources, items_of, source_range};
use crate::listing::Listed;
use crate::placement::Track;
use crate::session::Session;

/// What can be asked for beside the id, in the order of the answer.
pub(crate) const FIELDS: [&str; 7] =
    ["name", "track", "start", "end", "duration", "media_pool_item", "source"];

/// The methods that a field is read with.
fn methods(field: &str) -> &'static [&'static str] {
    match field {
        "name" => &["GetName"],
        "start" => &["GetStart"],
        "end" => &["GetStart", "GetDuration"],
        "duration" => &["GetDuration"],
        "media_pool_item" => &["GetMediaPoolItem"],
        "source" => &["GetMediaPoolItem", "GetSourceStartTime", "GetSourceEndTime"],
        _ => &[],
    }
}

/// What one item answered, by method.
type Answers<'a> = HashMap<&'a str, Value>;

impl Session {
    /// The items of parts of tracks with the fields that are asked for, and their ids.
    pub(crate) async fn read_items(
        &self,
        timeline: &Locator,
        parts: &[(Track, Range<usize>)],
        fields: &[&str],
        clock: &Clock,
    ) -> Result<Vec<Value>, CallError> {
        let mut asked = vec!["GetUniqueId"];
        for method in fields.iter().flat_map(|field| methods(field)) {
            if !asked.contains(method) {
                asked.push(method);
            }
        }
        let listed = |(track, part): &(Track, Range<usize>)| {
            let by = items_of(timeline, *track);
            Listed { by, part: part.clone() }
        };
        let lists: Vec<Listed> = parts.iter().map(listed).collect();
        let columns = self.columns(&lists, "TimelineItem", &asked).await?;
        let (mut items, mut sources) = (Vec::new(), Sources::default());
        for ((track, part), columns) in parts.iter().zip(columns) {
            for place in 0..part.len() {
                let answer = |(method, column): (&&'static str, &Option<Vec<Value>>)| {
                    Some((*method, column.as_ref()?.get(place)?.clone()))
                };
                let answers: Answers<'_> = asked.iter().zip(&columns).filter_map(answer).collect();
                // The list may have become shorter since it was counted.
                let Some(id) = answers.get("GetUniqueId").and_then(Value::as_str) else { continue };
                let mut entry = IndexMap::from_iter([("id".to_owned(), id.into())]);
                for field in fields {
                    if let Some(value) = self.field(field, *track, &answers, clock, &mut sources).await? {
                        entry.insert((*field).to_owned(), value);
                    }
                }
                items.push(Value::Map(entry));
            }
        }
        Ok(items)
    }

    /// One field of one item; nothing where it has none, as a title has no clip.
    async fn field(
        &self,
        field: &str,
        (track_type, index): Track,
        answers: &Answers<'_>,
        clock: &Clock,
        sources: &mut Sources,
    ) -> Result<Option<Value>, CallError> {
        let frames = |method: &str| answers.get(method).and_then(Value::as_int);
        let clip = || answers.get("GetMediaPoolItem").and_then(Value::as_object);
        Ok(match field {
            "name" => answers.get("GetName").cloned(),
            "track" => Some(Value::map([("type", track_type.into()), ("index", index.into())])),
            "start" => frames("GetStart").map(|start| clock.time(start - clock.start).into()),
            "end" => frames("GetStart")
                .zip(frames("GetDuration"))
                .map(|(start, duration)| clock.time(start + duration - clock.start).into()),
            "duration" => frames("GetDuration").map(Value::Int),
            "media_pool_item" => clip().and_then(Locator::id).map(Value::from),
            "source" => {
                let Some(clip) = clip() else { return Ok(None) };
                let Some(source) = self.source_of(clip, sources).await? else { return Ok(None) };
                let seconds = |method: &str| answers.get(method).and_then(Value::as_f64);
                let range = seconds("GetSourceStartTime").zip(seconds("GetSourceEndTime"));
                range.and_then(|(start, end)| source_range(start, end, &source))
            }
            _ => None,
        })
    }
}
