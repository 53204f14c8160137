//! Items of a timeline by their unique ids: where each stands, and what calls tell of it.

use std::fmt::Display;

use resolve_api::batch::{Batch, BatchStep, MAX_STEPS, StepOutcome, Target};
use resolve_api::{Fault, Key, Locator, Value};

use super::structure::{GRAPH, INSIDE, MOST_LOOKED_INTO, PLACES, json, short};
use crate::error::CallError;
use crate::listing::Listed;
use crate::session::Session;

/// The call that tells on which track an item stands.
const TRACK: &str = "GetTrackTypeAndIndex";

/// An item that was read.
pub(super) struct Placed {
    /// Where it stands, as a structure names it.
    pub(super) place: String,
    pub(super) id: String,
    /// What is told of it, as a structure has it.
    pub(super) is: String,
}

/// Reads items; of many only where they stand.
///
/// # Errors
/// Those of the hops, and [`Fault::Refused`] for an item that does not tell where it stands.
pub(super) async fn read(session: &Session, ids: &[String]) -> Result<Vec<Placed>, CallError> {
    let (inside, graph) = match ids.len() <= MOST_LOOKED_INTO {
        true => (&INSIDE[..], &GRAPH[..]),
        false => (&[][..], &[][..]),
    };
    let each = 1 + PLACES.len() + inside.len() + graph.len();
    let mut placed = Vec::with_capacity(ids.len());
    for ids in ids.chunks(MAX_STEPS / each) {
        let steps = ids.iter().flat_map(|id| {
            let item = Locator::TimelineItem(Key::Id(id.clone()));
            let nodes = Locator::Graph { of: Box::new(item.clone()), layer: None };
            let own = [TRACK].into_iter().chain(PLACES).chain(inside.iter().map(|(method, _)| *method));
            let own = own.map(move |method| BatchStep::new(Target::Object(item.clone()), method, []));
            own.chain(graph.iter().map(move |(method, _)| of_graph(Target::Object(nodes.clone()), method)))
        });
        let outcomes = session.batch(Batch { steps: steps.collect(), go_on: true }).await?;
        for (id, outcomes) in ids.iter().zip(outcomes.chunks(each)) {
            let told = |number: usize| match outcomes.get(number) {
                Some(StepOutcome::Value(value)) => Some(value),
                _ => None,
            };
            let track = told(0).and_then(Value::as_list).unwrap_or_default();
            let (Some(kind), Some(index)) = (track.first(), track.get(1)) else {
                let reason = Some(format!("the item {id} does not tell on which track it stands"));
                return Err(Fault::Refused { method: format!("TimelineItem.{TRACK}"), reason }.into());
            };
            let part = |number: usize| told(number).map(json).unwrap_or_default();
            let names = inside.iter().chain(graph).map(|(_, name)| *name).enumerate();
            // What a build lacks, or an item does not have, is told of neither side.
            let inside = names.filter_map(|(number, name)| Some((name, told(number + 4)?)));
            let is = item_told(&part(3), &part(2), inside);
            let place = item_place(json(kind), json(index), part(1));
            placed.push(Placed { place, id: id.clone(), is });
        }
    }
    Ok(placed)
}

/// The unique ids of all items of a timeline.
///
/// # Errors
/// Those of the hops.
pub(super) async fn all_ids(session: &Session, timeline: &Locator) -> Result<Vec<String>, CallError> {
    let survey = session.survey(timeline, false).await?;
    let tracks = session.tracks(&survey).await?;
    let parts = tracks.parts(0..tracks.total());
    let listed = |(track, part)| Listed { by: crate::item::items_of(&survey.timeline, track), part };
    let lists: Vec<Listed> = parts.into_iter().map(listed).collect();
    let ids = session.columns(&lists, "TimelineItem", &["GetUniqueId"]).await?;
    let ids = ids.into_iter().flatten().flatten().flatten();
    Ok(ids.filter_map(|id| id.as_str().map(str::to_owned)).collect())
}

/// The name of an item among the parts of a structure.
pub(super) fn item_place(kind: impl Display, track: impl Display, start: impl Display) -> String {
    format!("item on {kind} {track} at {start}")
}

/// What is told of an item: its name, its length, and what calls tell that look into it.
pub(super) fn item_told<'v>(
    name: &str,
    frames: &str,
    inside: impl Iterator<Item = (&'v str, &'v Value)>,
) -> String {
    let told = format!("{name} for {frames} frames");
    inside.fold(told, |told, (name, value)| format!("{told}; {name} {}", short(value)))
}

/// The step that asks a node graph one of [`GRAPH`].
pub(super) fn of_graph(on: Target, method: &str) -> BatchStep {
    let args = if method == "GetLUT" { vec![1.into()] } else { vec![] };
    BatchStep::new(on, method, args)
}
