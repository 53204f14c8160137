//! What stands on a timeline, without ids: a copy that takes its place has others, and is the same in all else.

use std::collections::BTreeMap;

use resolve_api::batch::{Batch, BatchStep, MAX_STEPS, StepOutcome, Target};
use resolve_api::facts::compare::is_empty;
use resolve_api::{Key, Locator, Value};

use super::Recorder;
use super::colors::{self, COLORS, MOST_LOOKS};
use super::interchange::{EXPORTED, OF_THE_LOG};
use super::placed::{item_place, item_told, of_graph};
use crate::digest::digest;
use crate::error::CallError;
use crate::item::items_of;
use crate::listing::Listed;
use crate::session::Session;
use crate::timeline_survey::Survey;
use crate::track::Tracks;

/// The most items that are looked into: each costs a dozen calls, 500 of them some seconds with Resolve. Of more it is
/// only kept where they stand.
pub(super) const MOST_LOOKED_INTO: usize = 500;

/// What is asked of every item.
pub(super) const PLACES: [&str; 3] = ["GetStart", "GetDuration", "GetName"];

/// What is asked of each item that is looked into, and what it is called in a difference.
pub(super) const INSIDE: [(&str, &str); 7] = [
    ("GetLeftOffset", "offset"),
    ("GetProperties", "values"),
    ("GetMarkers", "markers"),
    ("GetFlagList", "flags"),
    ("GetClipColor", "color"),
    ("GetClipEnabled", "enabled"),
    ("GetCurrentVersion", "version"),
];

/// What is asked of the node graph of each video item. The CDL of its first node stands in an export of the timeline.
pub(super) const GRAPH: [(&str, &str); 2] = [("GetNumNodes", "nodes"), ("GetLUT", "LUT")];

/// Characters of a value in a part; a longer one stands as its digest.
const SHORT: usize = 12;

/// Hexadecimal digits of a digest.
const DIGITS: usize = 16;

/// Those of builds whose digests nobody can repeat.
const EARLIER_DIGITS: usize = 8;

/// The part that tells of the timeline itself: its name, rate, size and length.
pub(super) const THE_TIMELINE: &str = "the timeline";

/// The parts by what they are: a track, a marker, an item by its place.
pub(crate) type Structure = BTreeMap<String, String>;

impl Session {
    /// Reads what stands on a timeline now.
    ///
    /// # Errors
    /// Those of the calls.
    pub(crate) async fn standing(&self, timeline: &Locator) -> Result<Structure, CallError> {
        let survey = self.survey(timeline, true).await?;
        let tracks = self.tracks(&survey).await?;
        self.structure(&survey, &tracks).await
    }

    /// What stands on a timeline that was read.
    ///
    /// # Errors
    /// Those of the calls.
    pub(super) async fn structure(&self, survey: &Survey, tracks: &Tracks) -> Result<Structure, CallError> {
        let mut parts = Structure::new();
        let mut about = survey.about();
        about.shift_remove("id");
        parts.insert(THE_TIMELINE.to_owned(), json(&Value::Map(about)));
        for track in &tracks.described {
            let told = |key: &str| track.get(key).map(json).unwrap_or_default();
            // Whether a track is enabled or locked is known of the timeline that is shown alone.
            parts.insert(format!("track {} {}", told("type"), told("index")), told("name"));
        }
        for (frame, marker) in &survey.markers {
            parts.insert(format!("marker {frame}"), json(marker));
        }
        let total = tracks.total();
        let looked_into = total <= MOST_LOOKED_INTO;
        let listed = tracks.parts(0..total);
        let lists: Vec<Listed> = listed
            .iter()
            .map(|(track, part)| Listed { by: items_of(&survey.timeline, *track), part: part.clone() })
            .collect();
        let inside = INSIDE.iter().map(|(method, _)| *method).filter(|_| looked_into);
        let methods: Vec<&str> = PLACES.into_iter().chain(inside).collect();
        let columns = self.columns(&lists, "TimelineItem", &methods).await?;
        let mut deep = Vec::new();
        let graphs =
            if looked_into { self.graphs(&listed, &lists).await? } else { vec![Vec::new(); lists.len()] };
        for (number, ((((kind, index), part), columns), graph)) in
            listed.iter().zip(columns).zip(graphs).enumerate()
        {
            let names = PLACES.iter().map(|_| "").chain(INSIDE.iter().map(|(_, name)| *name));
            let named: Vec<(&str, Vec<Value>)> =
                names.zip(columns).filter_map(|(name, column)| Some((name, column?))).chain(graph).collect();
            for place in 0..part.len() {
                let told = |number: usize| named.get(number).and_then(|(_, column)| column.get(place));
                let (Some(start), Some(frames), Some(name)) = (told(0), told(1), told(2)) else { continue };
                let inside = named.iter().skip(PLACES.len());
                let inside = inside.filter_map(|(name, column)| Some((*name, column.get(place)?)));
                let is = item_told(&json(name), &json(frames), inside);
                let item = item_place(kind, index, json(start));
                let nodes = named.iter().find(|(name, _)| *name == GRAPH[0].1);
                if nodes.is_some_and(|(_, nodes)| nodes.get(place).and_then(Value::as_int) > Some(1)) {
                    deep.push((item.clone(), number, part.start + place));
                }
                parts.insert(item, is);
            }
        }
        parts.extend(self.deep_grades(&deep, &lists).await?);
        if total > 0 {
            parts.extend(self.exported(&survey.timeline, looked_into).await?);
        }
        Ok(parts)
    }

    /// What grades of several nodes do to colors, by item: of the first of them, and that there are others.
    async fn deep_grades(
        &self,
        deep: &[(String, usize, usize)],
        lists: &[Listed],
    ) -> Result<Structure, CallError> {
        let mut looks = Vec::new();
        for (_, list, place) in deep.iter().take(MOST_LOOKS) {
            let one = Listed { by: lists[*list].by.clone(), part: *place..*place + 1 };
            let ids = self.columns(&[one], "TimelineItem", &["GetUniqueId"]).await?;
            let id = ids.into_iter().flatten().flatten().flatten().next();
            let id = id.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned();
            looks.push(colors::look(&Locator::TimelineItem(Key::Id(id))));
        }
        let seen = self.colors(&looks.iter().collect::<Vec<_>>()).await?;
        let told = deep
            .iter()
            .zip(seen)
            .filter_map(|((item, ..), seen)| Some((format!("{COLORS}the {item}"), json(&seen?))));
        let mut parts: Structure = told.collect();
        if deep.len() > MOST_LOOKS && !parts.is_empty() {
            let others = (deep.len() - MOST_LOOKS).to_string();
            parts.insert(format!("{COLORS}others"), others);
        }
        Ok(parts)
    }

    /// What the node graphs of the video items tell, track by track.
    async fn graphs(
        &self,
        listed: &[(crate::placement::Track, std::ops::Range<usize>)],
        lists: &[Listed],
    ) -> Result<Vec<Vec<(&'static str, Vec<Value>)>>, CallError> {
        let mut told = vec![Vec::new(); lists.len()];
        let videos: Vec<usize> = (0..lists.len()).filter(|place| listed[*place].0.0 == "video").collect();
        for places in videos.chunks(MAX_STEPS / (GRAPH.len() + 2)) {
            let mut steps = Vec::new();
            for place in places {
                let Listed { by, part } = &lists[*place];
                let list = steps.len();
                let each = |step: BatchStep| step.on_each(part.start, part.len());
                let on = Target::Object(by.on.clone());
                steps.push(BatchStep::new(on, &by.method, by.args.clone()).quietly());
                let graphs = BatchStep::new(Target::earlier("TimelineItem", list), "GetNodeGraph", []);
                steps.push(each(graphs).quietly());
                for (method, _) in GRAPH {
                    let step = of_graph(Target::earlier("Graph", list + 1), method);
                    steps.push(step.on_each(0, part.len()));
                }
            }
            let outcomes = self.batch(Batch { steps, go_on: true }).await?;
            for (place, outcomes) in places.iter().zip(outcomes.chunks(GRAPH.len() + 2)) {
                for ((_, name), outcome) in GRAPH.iter().zip(&outcomes[2..]) {
                    // An older build may lack it; then nothing is told of it before or after.
                    if let StepOutcome::Value(Value::List(column)) = outcome {
                        told[*place].push((*name, column.clone()));
                    }
                }
            }
        }
        Ok(told)
    }

    /// Reads what the writes of this call have left: of each alone, and of the timelines that were copied before them.
    pub(crate) async fn finish(&self) {
        self.settle().await;
        self.settle_made().await;
        self.settle_render_settings().await;
        for timeline in self.recorder().copied_timelines() {
            match self.standing(&timeline).await {
                Ok(after) => self.recorder().left(&timeline, after),
                Err(error) => tracing::debug!(%error, "what a change left of a timeline could not be read"),
            }
        }
    }
}

impl Recorder {
    /// The timelines that were copied before the writes that were collected.
    fn copied_timelines(&self) -> Vec<Locator> {
        let Some(record) = &self.record else { return Vec::new() };
        let collected = super::lock(record);
        let copied = collected.record.steps.iter().filter_map(|step| step.copied.as_ref());
        // Of what an undo exchanges it is known already.
        let unread = copied.filter(|copied| !copied.deleted && copied.after.is_empty());
        unread.map(|copied| copied.timeline()).collect()
    }

    /// Notes what the writes have left of one of them.
    fn left(&self, timeline: &Locator, after: Structure) {
        let Some(record) = &self.record else { return };
        let mut collected = super::lock(record);
        let copied = collected.record.steps.iter_mut().filter_map(|step| step.copied.as_mut());
        for copied in copied.filter(|copied| Some(copied.timeline.as_str()) == timeline.id()) {
            copied.after.clone_from(&after);
        }
    }
}

/// What of a structure another one of the same timeline may lack as a whole: a build, a page or a timeline without items
/// has no export, and no colors.
const MAY_LACK: [&str; 3] = [OF_THE_LOG, EXPORTED, COLORS];

/// The same two without what only one of them shows at all.
pub(super) fn in_both(expected: &Structure, now: &Structure) -> (Structure, Structure) {
    let (mut expected, mut now) = (expected.clone(), now.clone());
    for kind in MAY_LACK {
        let of_it = |part: &String| kind_of(part) == Some(kind);
        if !expected.keys().any(of_it) || !now.keys().any(of_it) {
            expected.retain(|part, _| !of_it(part));
            now.retain(|part, _| !of_it(part));
        }
    }
    (expected, now)
}

fn kind_of(part: &str) -> Option<&'static str> {
    MAY_LACK.into_iter().find(|kind| part.starts_with(kind))
}

/// What of a timeline is not compared in two structures that are, and why.
pub(super) fn not_compared(expected: &Structure) -> Vec<String> {
    let mut told = Vec::new();
    let has = |kind: &str| expected.keys().any(|part| kind_of(part) == Some(kind));
    let items = expected.keys().filter(|part| part.starts_with("item on ")).count();
    if items > MOST_LOOKED_INTO {
        told.push(format!(
            "the values, markers and grades of its {items} items, of which {MOST_LOOKED_INTO} are read"
        ));
    }
    if items > 0 && !has(EXPORTED) {
        told.push("transitions, speeds and links, as no OTIO was exported".to_owned());
    }
    if items > 0 && !has(OF_THE_LOG) {
        told.push("the CDLs of grades, as no ALE was exported".to_owned());
    }
    if let Some(others) = expected.get(&format!("{COLORS}others")) {
        told.push(format!("{others} grades of several nodes: {}", colors::too_many()));
    }
    told
}

/// The methods that a structure was read with.
pub(super) fn compared(structure: &Structure) -> Vec<String> {
    let of_items = |methods: &[&str]| methods.iter().map(|method| format!("TimelineItem.{method}")).collect();
    let mut by: Vec<String> =
        vec!["Timeline.GetItemListInTrack".to_owned(), "Timeline.GetMarkers".to_owned()];
    by.extend::<Vec<String>>(of_items(&PLACES));
    if structure.values().any(|is| is.contains("; ")) {
        by.extend::<Vec<String>>(of_items(&INSIDE.map(|(method, _)| method)));
        by.extend(GRAPH.iter().map(|(method, _)| format!("Graph.{method}")));
    }
    if structure.keys().any(|part| part.starts_with(EXPORTED)) {
        by.push("Timeline.Export".to_owned());
    }
    if structure.keys().any(|part| part.starts_with(COLORS)) {
        by.push("TimelineItem.ExportLUT".to_owned());
    }
    by
}

/// A value as text.
pub(super) fn json(value: &Value) -> String {
    match value {
        Value::Str(text) => text.clone(),
        // A value is made of what JSON has.
        other => serde_json::to_string(other).unwrap_or_default(),
    }
}

/// A value in a few characters: itself, or a digest of it.
pub(super) fn short(value: &Value) -> String {
    let text = canonical(value);
    if text.len() <= SHORT {
        return text;
    }
    format!("#{:0DIGITS$x}", digest([text.as_bytes()]))
}

/// What was kept, without the digests that this build cannot make: those of builds that made them in another way have
/// fewer digits. What they stand for is not known to have changed.
pub(super) fn comparable(kept: &Structure, now: &Structure) -> Structure {
    let same = |(part, was): (&String, &String)| {
        let is = now.get(part).map(String::as_str).unwrap_or_default();
        let fields = was.split("; ").zip(is.split("; ").map(Some).chain(std::iter::repeat(None)));
        let fields = fields.map(|(was, is)| is.filter(|is| is_same_field(was, is)).unwrap_or(was));
        (part.clone(), fields.collect::<Vec<_>>().join("; "))
    };
    kept.iter().map(same).collect()
}

/// Whether a field `name #digest` has a digest of another build, and is the field of this name.
fn is_same_field(was: &str, is: &str) -> bool {
    let Some((name, digest)) = was.rsplit_once(" #") else { return false };
    let is_foreign = digest.len() == EARLIER_DIGITS && digest.bytes().all(|digit| digit.is_ascii_hexdigit());
    is_foreign && is.strip_prefix(name).is_some_and(|value| value.starts_with(' '))
}

/// A value in the one form that a value has which was changed and put back: Resolve gives 1 as 1.0 then and 40 as 39.99996,
/// nothing as an empty list, and flags in another order.
fn canonical(value: &Value) -> String {
    match value {
        value if is_empty(value) => String::new(),
        Value::Int(_) | Value::Float(_) => {
            let number = value.as_f64().unwrap_or(f64::NAN);
            // Without the sign of a zero.
            let rounded = (number * 1e3).round() / 1e3 + 0.0;
            rounded.to_string()
        }
        Value::List(items) => {
            let mut items: Vec<String> = items.iter().map(canonical).collect();
            items.sort();
            items.join(",")
        }
        Value::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| format!("{key}={}", canonical(value)));
            let mut entries: Vec<String> = entries.collect();
            entries.sort();
            entries.join(",")
        }
        other => json(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What was changed and put back reads as before; what was only changed does not.
    #[test]
    fn what_is_put_back_has_the_same_digest() {
        let values = |zoom: Value, crop: f64, flags: Value| {
            short(&Value::map([("ZoomX", zoom), ("CropLeft", crop.into()), ("Flags", flags)]))
        };
        let flags = |names: &[&str]| Value::List(names.iter().map(|name| Value::from(*name)).collect());
        let before = values(1.into(), 40.0, flags(&["Red", "Blue"]));
        assert_eq!(before, values(Value::Float(1.0), 39.999_96, flags(&["Blue", "Red"])));
        assert_ne!(before, values(Value::Float(1.01), 40.0, flags(&["Red", "Blue"])));
        assert_eq!(short(&Value::Null), short(&Value::List(Vec::new())));
        assert_eq!(short(&Value::Float(-0.0)), short(&Value::Int(0)));
    }

    /// Earlier builds made digests of eight digits in a way that nobody can repeat: such a value is not told as
    /// changed, and what stands beside it is compared as ever.
    #[test]
    fn a_digest_of_an_earlier_build_is_unknown() {
        let item = |values: &str, color: &str| {
            let is = format!("a.mov for 24 frames; values {values}; flags ; color {color}");
            Structure::from([("item on video 1 at 0".to_owned(), is)])
        };
        let now = item("#0123456789abcdef", "Teal");

        assert_eq!(now, comparable(&item("#89abcdef", "Teal"), &now));
        assert_eq!(item("#0123456789abcdef", "Blue"), comparable(&item("#89abcdef", "Blue"), &now));
        let other = item("#fedcba9876543210", "Teal");
        assert_eq!(other, comparable(&other, &now));
        assert_eq!(item("#89abcdef", "Teal"), comparable(&item("#89abcdef", "Teal"), &Structure::new()));
    }
}
