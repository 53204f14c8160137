//! The operation that grades an item: a LUT, an ASC CDL, or both, on one node.

use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use resolve_api::catalogue::{Domain, Effect};
use resolve_api::kind::{Kind, Param};
use resolve_api::{Locator, Value};

use crate::arguments::{Arguments, invalid, invalid_with};
use crate::contact_sheet;
use crate::dry_run;
use crate::error::CallError;
use crate::lut::{self, Lut};
use crate::operation::{Answer, Args, Operation};
use crate::session::Session;
use crate::still::picture_folder;
use crate::typed::CURRENT_TIMELINE;
use crate::verify::{Observed, not_verified};

/// Grades an item.
pub(crate) const APPLY_GRADE: Operation = Operation {
    name: "apply_grade",
    title: "Apply grade",
    domain: Domain::Color,
    effect: Effect::Write,
    doc: "Sets a LUT, an ASC CDL or both on a node of an item of the current timeline; what the node held of these is \
          replaced. A LUT is read back. Resolve has no call that reads a CDL back, so that is seen by comparing \
          frames of the item before and after: a CDL that changes no pixel is reported as not verified.",
    params: || {
        let node = "number of the node, from 1";
        let lut = "LUT file, such as \"/luts/a.cube\", or its path below the LUT folder; a real Resolve takes only \
                   files that are there, the engine's folder gets a copy";
        let cdl =
            "the CDL, such as {\"slope\": [1.1, 1, 0.9], \"saturation\": 0.8}; what is left out is neutral";
        vec![
            Param::required("item", Kind::object("TimelineItem"), "the item: its id, from timeline_read"),
            Param::optional("node", Kind::Int, node).or(1).at_least(1.0),
            Param::optional("lut", Kind::Str, lut),
            Param::optional("cdl", Kind::dict("Grade"), cdl),
        ]
    },
    run: |session, args| Box::pin(apply_grade(session, args)),
};

async fn apply_grade(session: &Session, args: Args) -> Result<Answer, CallError> {
    let item = args.maybe_object("item").ok_or_else(|| invalid("item", "must be a timeline item"))?;
    let node = args.maybe_int("node").unwrap_or(1);
    let cdl = args.get("cdl").map(Cdl::read).transpose()?;
    let given = args.maybe_text("lut");
    if cdl.is_none() && given.is_none() {
        return Err(invalid_with("lut", "there is nothing to set", "give a lut, a cdl or both"));
    }
    let item = session.by_id(item).await?;
    let graph = Locator::Graph { of: Box::new(item.clone()), layer: None };
    let nodes = session.int(&graph, "GetNumNodes", []).await?;
    if node > nodes {
        let reason = format!("there is no node {node}: the item has {nodes}");
        return Err(invalid_with(
            "node",
            reason,
            "nodes are added on the Color page, or by applying a still",
        ));
    }
    if session.is_dry_run() {
        let lut = match given {
            Some(given) => Some(named(given, session.lut_folder(), lut::planned).await?),
            None => None,
        };
        let now = session.text(&graph, "GetLUT", [node.into()]).await?;
        let plan = [
            ("item", Value::Map(session.id_and_name(&item).await?)),
            ("node", node.into()),
            ("lut", lut.as_ref().map(|lut| lut.name.clone()).into()),
            ("lut_now", now.into()),
            (
                "copies_lut_to",
                lut.and_then(|lut| lut.copy).map(|path| path.to_string_lossy().into_owned()).into(),
            ),
            ("cdl", args.get("cdl").cloned().unwrap_or(Value::Null)),
        ];
        return Ok(dry_run::plan("grade the node", plan));
    }
    let mut observed = Observed::default();
    let mut copy = None;
    if let Some(given) = given {
        let lut = named(given, session.lut_folder(), lut::named).await?;
        let read = session.set_lut(&graph, node, &lut.name).await?;
        observed.note("lut", given.into(), read.into());
        copy = lut.copy.map(|path| path.to_string_lossy().into_owned());
    }
    if let Some(cdl) = &cdl {
        session.set_cdl(&item, node, cdl, &mut observed).await?;
    }
    Ok(observed
        .into_answer(IndexMap::from_iter([
            ("item".to_owned(), Value::Map(session.id_and_name(&item).await?)),
            ("node".to_owned(), node.into()),
            ("lut_copied_to".to_owned(), copy.into()),
        ]))
        .into())
}

/// Finds or copies a LUT, away from the threads that run the actors.
async fn named(
    given: &str,
    writable: Option<&Path>,
    how: fn(&str, Option<&Path>) -> Result<Lut, CallError>,
) -> Result<Lut, CallError> {
    let (given, writable) = (given.to_owned(), writable.map(Path::to_owned));
    let find = move || how(&given, writable.as_deref());
    let joined = tokio::task::spawn_blocking(find).await;
    joined.map_err(|error| CallError::Internal {
        method: "apply_grade".to_owned(),
        reason: error.to_string(),
    })?
}

/// The values of an ASC CDL.
#[derive(Debug, Clone, PartialEq)]
struct Cdl {
    slope: [f64; 3],
    offset: [f64; 3],
    power: [f64; 3],
    saturation: f64,
}

impl Cdl {
    /// One that changes nothing.
    const NEUTRAL: Self = Self { slope: [1.0; 3], offset: [0.0; 3], power: [1.0; 3], saturation: 1.0 };

    fn read(given: &Value) -> Result<Self, CallError> {
        let triple = |name: &str, neutral: [f64; 3]| match given.get(name).and_then(Value::as_list) {
            None => Ok(neutral),
            Some(numbers) => {
                let numbers: Vec<f64> = numbers.iter().filter_map(Value::as_f64).collect();
                let wrong = |_| invalid(format!("cdl.{name}"), "must be three numbers: red, green, blue");
                <[f64; 3]>::try_from(numbers).map_err(wrong)
            }
        };
        let cdl = Self {
            slope: triple("slope", Self::NEUTRAL.slope)?,
            offset: triple("offset", Self::NEUTRAL.offset)?,
            power: triple("power", Self::NEUTRAL.power)?,
            saturation: given.get("saturation").and_then(Value::as_f64).unwrap_or(1.0),
        };
        if cdl.power.iter().any(|power| *power <= 0.0) {
            return Err(invalid("cdl.power", "must be above 0"));
        }
        if cdl.slope.iter().any(|slope| *slope < 0.0) {
            return Err(invalid("cdl.slope", "must not be below 0"));
        }
        Ok(cdl)
    }

    /// As `TimelineItem.SetCDL` takes it: everything as text.
    fn argument(&self, node: i64) -> Value {
        let triple = |numbers: [f64; 3]| numbers.map(|number| number.to_string()).join(" ");
        Value::map([
            ("NodeIndex", node.to_string().into()),
            ("Slope", triple(self.slope).into()),
            ("Offset", triple(self.offset).into()),
            ("Power", triple(self.power).into()),
            ("Saturation", self.saturation.to_string().into()),
        ])
    }
}

impl Session {
    /// Sets a LUT and answers it as the node reads it back.
    async fn set_lut(&self, graph: &Locator, node: i64, lut: &str) -> Result<String, CallError> {
        // Resolve knows a new file only after it has looked.
        self.call(Locator::Project, "RefreshLUTList", []).await?;
        self.call(graph.clone(), "SetLUT", [node.into(), lut.into()]).await?;
        let read = self.text(graph, "GetLUT", [node.into()]).await?;
        if !lut::is_same(lut, &read) {
            return Err(not_verified("Graph.SetLUT", "the LUT of the node", &lut.into(), &read.into()));
        }
        Ok(read)
    }

    /// Sets a CDL between two looks at the item.
    async fn set_cdl(
        &self,
        item: &Locator,
        node: i64,
        cdl: &Cdl,
        observed: &mut Observed,
    ) -> Result<(), CallError> {
        let timeline = self.by_id(&CURRENT_TIMELINE).await?;
        let clock = self.timeline_clock(&timeline).await?;
        let start = self.int(item, "GetStart", []).await? - clock.start;
        let duration = self.int(item, "GetDuration", []).await?;
        let frames = self.telling_frames(&timeline, item, (start, duration), clock.start).await?;
        let folder = picture_folder()?;
        let before = self.before_stills(&timeline).await?;
        let changed = async {
            let path = |when: &str, frame: &i64| folder.join(format!("{when}-{frame}.png"));
            for frame in &frames {
                self.still(&timeline, &clock, *frame, &path("before", frame)).await?;
            }
            self.call(item.clone(), "SetCDL", [cdl.argument(node)]).await?;
            for frame in &frames {
                let after = path("after", frame);
                self.still(&timeline, &clock, *frame, &after).await?;
                if differ(path("before", frame), after).await? {
                    return Ok(Some(*frame));
                }
            }
            Ok(None)
        };
        let changed: Result<Option<i64>, CallError> = changed.await;
        self.after_stills(&timeline, before).await?;
        if let Err(error) = std::fs::remove_dir_all(&folder) {
            tracing::debug!(%error, "stills stay");
        }
        let Some(frame) = changed? else {
            let places: Vec<String> = frames.iter().map(|frame| clock.time(*frame).timecode).collect();
            let what = format!("the picture at {} (black, covered, or graded so before?)", places.join(", "));
            let (requested, observed) = ("changed by the CDL".into(), "unchanged".into());
            return Err(not_verified("TimelineItem.SetCDL", &what, &requested, &observed));
        };
        let at = Value::map([("picture_changed_at", clock.time(frame).into())]);
        observed.note("cdl", cdl.argument(node), at);
        Ok(())
    }
}

impl Session {
    /// Up to three frames of an item, from the timeline start, at which a change of it is likely to show: not
    /// covered by an item of a track above it, where there are such frames. Three, because one may be black.
    async fn telling_frames(
        &self,
        timeline: &Locator,
        item: &Locator,
        (start, duration): (i64, i64),
        timeline_start: i64,
    ) -> Result<Vec<i64>, CallError> {
        let place = self.list(item, "GetTrackTypeAndIndex", []).await?;
        let track = place.get(1).and_then(Value::as_int).unwrap_or(1);
        let tracks = self.int(timeline, "GetTrackCount", ["video".into()]).await?;
        let mut above = Vec::new();
        for index in track + 1..=tracks {
            above.extend(self.track_items(timeline, "video", index).await?);
        }
        let is_covered = |frame: &i64| {
            let frame = frame + timeline_start;
            above.iter().any(|item| item.start <= frame && frame < item.end())
        };
        let frames = (0..9).map(|part| start + duration * (2 * part + 1) / 18);
        let (covered, free): (Vec<i64>, Vec<i64>) = frames.partition(is_covered);
        let from = if free.is_empty() { covered } else { free };
        let mut chosen = vec![from[0], from[from.len() / 2], from[from.len() - 1]];
        chosen.dedup();
        Ok(chosen)
    }
}

/// Whether two pictures differ in a pixel.
async fn differ(one: PathBuf, other: PathBuf) -> Result<bool, CallError> {
    let compare = move || Ok::<_, String>(contact_sheet::read(&one)? != contact_sheet::read(&other)?);
    let failed = |reason| CallError::Internal { method: "apply_grade".to_owned(), reason };
    tokio::task::spawn_blocking(compare).await.map_err(|error| failed(error.to_string()))?.map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Everything of a CDL travels as text, with what is left out neutral.
    #[test]
    fn a_cdl_goes_to_resolve_as_text() {
        let given = Value::map([
            ("slope", Value::List(vec![1.1.into(), 1.into(), 0.9.into()])),
            ("saturation", 0.5.into()),
        ]);

        let expected = Value::map([
            ("NodeIndex", "2".into()),
            ("Slope", "1.1 1 0.9".into()),
            ("Offset", "0 0 0".into()),
            ("Power", "1 1 1".into()),
            ("Saturation", "0.5".into()),
        ]);
        assert_eq!(expected, Cdl::read(&given).unwrap().argument(2));
        let bad = Value::map([("power", Value::List(vec![0.into(), 1.into(), 1.into()]))]);
        assert!(Cdl::read(&bad).is_err());
    }
}
