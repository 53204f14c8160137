//! How each call that changes something is taken back.

use std::collections::HashSet;
use std::sync::LazyLock;

use indexmap::IndexMap;
use serde::Deserialize;

use crate::facts::read_back::{self, beside};
use crate::facts::template::{Places, Template, arguments};
use crate::facts::watch::{Part, Watch};
use crate::locator::{Key, Locator};
use crate::value::Value;
use crate::wire::MethodCall;

mod by_old;
mod presets;

pub use presets::Presets;

/// The table, read on first use.
///
/// # Panics
/// If a row that was compiled in is malformed; `cargo test` finds that.
pub fn table() -> &'static Table {
    static TABLE: LazyLock<Table> =
        LazyLock::new(|| match toml::from_str(include_str!("../../facts/undo.toml")) {
            Ok(table) => table,
            Err(error) => panic!("the table of what can be taken back is malformed: {error}"),
        });
    &TABLE
}

/// Every write, with the way to take it back or the reason why there is none.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    again: HashSet<String>,
    nothing: HashSet<String>,
    grade: HashSet<String>,
    timeline: HashSet<String>,
    timelines: HashSet<String>,
    moved: HashSet<String>,
    clips: HashSet<String>,
    appended: HashSet<String>,
    added: HashSet<String>,
    made_again: HashSet<String>,
    links: HashSet<String>,
    folders: HashSet<String>,
    jobs: HashSet<String>,
    render_settings: HashSet<String>,
    project_settings: HashSet<String>,
    color_groups: HashSet<String>,
    stills: HashSet<String>,
    mattes: HashSet<String>,
    analyses: HashSet<String>,
    synced: HashSet<String>,
    projects: HashSet<String>,
    presets: IndexMap<String, Presets>,
    by: IndexMap<String, Vec<Inverse>>,
    by_old: IndexMap<String, ByOld>,
    made: IndexMap<String, Vec<Inverse>>,
    cannot: IndexMap<String, Vec<String>>,
}

/// A call that takes back a part.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Inverse {
    call: String,
    #[serde(default)]
    args: Vec<Template>,
}

/// What is done with what was read before.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ByOld {
    reader: String,
    /// Made first.
    #[serde(default)]
    calls: Vec<Inverse>,
    /// Made instead of `calls` where nothing was there before.
    empty: Option<Vec<Inverse>>,
    /// Where it was there before already, nothing is made.
    unless: Option<Template>,
    /// Of the entries that were there, the one under this key.
    at: Option<Template>,
    /// Of the entries that were there, those that are this or have this in them; all of them for `All`.
    those: Option<Template>,
    /// Made for each of the entries.
    each: Option<Inverse>,
    /// Whether the reader tells what is shown rather than what the write has changed.
    #[serde(default)]
    shown: bool,
}

/// The way to take a call back.
#[derive(Debug)]
pub enum Way {
    /// It leaves nothing behind that would have to be taken back.
    Nothing,
    /// Calls, after a look at what is there before.
    Calls(Plan),
    /// The version of this item's grade that was in use takes its place again.
    Grade(Locator),
    /// A copy of this timeline that is made before takes its place.
    Timeline(Locator),
    /// Copies of the timelines that it deletes, which are made before, get their names.
    Timelines,
    /// What it moves in the media pool is moved back to where it was found before.
    Moved,
    /// The clips that it deletes are imported again, where files are behind them.
    Clips,
    /// The items that it placed are deleted, and the tracks that it added for them.
    Appended,
    /// What it brought into the media pool is deleted: what is new after a look before and one after.
    Added,
    /// The clips are linked with the files again that were behind them before.
    Links,
    /// The folders that it deletes are made anew, with what lies in them.
    Folders,
    /// The render jobs that it deletes are queued again, with all that the queue told of them before.
    Jobs,
    /// The settings of the Deliver page are kept as a render preset in a file, and loaded again.
    RenderSettings,
    /// All settings of the project are read, and those that differ are set back.
    ProjectSettings,
    /// The color group is made anew with its items, or gets its name again.
    ColorGroup,
    /// The stills that it deletes are exported before and imported again; those that it brings in are deleted.
    Stills,
    /// The clip has the mattes again that it had, by their paths.
    Mattes,
    /// What it found in clips that had none before is cleared.
    Analysis,
    /// The clips that it syncs sound to are deleted and imported again without it.
    Synced,
    /// The project is exported before, and imported again.
    Project,
    /// The preset of this kind is written to a file, and read from it.
    Preset(&'static str),
    /// None, for this reason.
    Cannot(String),
}

/// What is to be read before a write, and what takes it back then.
#[derive(Debug)]
pub struct Plan {
    write: MethodCall,
    reader: Option<MethodCall>,
    how: How,
    /// What is read of each object that it makes.
    made: &'static [Inverse],
}

#[derive(Debug)]
enum How {
    Again(&'static read_back::ReadBack),
    By(&'static [Inverse]),
    ByOld(&'static ByOld),
}

impl Table {
    /// How a write is taken back.
    pub fn way(&'static self, write: &MethodCall) -> Way {
        let label = write.label();
        let made = self.made.get(&label).map_or(&[][..], Vec::as_slice);
        let plan = |reader, how| Way::Calls(Plan { write: write.clone(), reader, how, made });
        if self.nothing.contains(&label) {
            return Way::Nothing;
        }
        if self.grade.contains(&label) {
            return match graded(&write.on) {
                Some(item) => Way::Grade(item),
                None => Way::Cannot("only the grade of an item has versions that could be kept".to_owned()),
            };
        }
        if self.timeline.contains(&label) {
            // An item does not tell its timeline; what changes one works on the current timeline.
            return Way::Timeline(match &write.on {
                timeline @ Locator::Timeline(_) => timeline.clone(),
                _ => Locator::Timeline(Key::Current),
            });
        }
        if let Some((_, way)) = self.looked_up().into_iter().find(|(set, _)| set.contains(&label)) {
            return way;
        }
        let of_it = |presets: &Presets| presets.writes().any(|write| write == label);
        if let Some((kind, _)) = self.presets.iter().find(|(_, presets)| of_it(presets)) {
            return Way::Preset(kind);
        }
        if let Some(calls) = self.by.get(&label) {
            return plan(None, How::By(calls));
        }
        if let Some(row) = self.by_old.get(&label) {
            let reader = reader_of(&row.reader, write);
            return reader.map_or_else(|| unclear(&label), |reader| plan(Some(reader), How::ByOld(row)));
        }
        if self.again.contains(&label) {
            let row = read_back::table().for_write(write);
            let reader = row.and_then(|row| Some((row, row.call(write, &Value::Null)?)));
            return match reader {
                Some((row, reader)) => plan(Some(reader), How::Again(row)),
                None => unclear(&label),
            };
        }
        let why = self.cannot.iter().find(|(_, labels)| labels.contains(&label));
        Way::Cannot(
            why.map_or_else(|| format!("nobody has said how {label} is taken back"), |(why, _)| why.clone()),
        )
    }

    /// Calls before which more is looked up than one reader tells, and how each is taken back.
    fn looked_up(&self) -> [(&HashSet<String>, Way); 16] {
        [
            (&self.timelines, Way::Timelines),
            (&self.moved, Way::Moved),
            (&self.clips, Way::Clips),
            (&self.appended, Way::Appended),
            (&self.added, Way::Added),
            (&self.links, Way::Links),
            (&self.folders, Way::Folders),
            (&self.jobs, Way::Jobs),
            (&self.render_settings, Way::RenderSettings),
            (&self.project_settings, Way::ProjectSettings),
            (&self.color_groups, Way::ColorGroup),
            (&self.stills, Way::Stills),
            (&self.mattes, Way::Mattes),
            (&self.analyses, Way::Analysis),
            (&self.synced, Way::Synced),
            (&self.projects, Way::Project),
        ]
    }

    /// Whether a call is made once more where an undo has deleted what it had made, and that is put back.
    pub fn is_made_again(&self, label: &str) -> bool {
        self.made_again.contains(label)
    }

    /// The calls about presets of a kind.
    pub fn presets(&self, kind: &str) -> Option<&Presets> {
        self.presets.get(kind)
    }

    /// Every call that the table speaks of, as often as it does.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        let looked_up = self.looked_up().map(|(set, _)| set);
        let sets = [&self.again, &self.nothing, &self.grade, &self.timeline].into_iter().chain(looked_up);
        let lists = self.by.keys().chain(self.by_old.keys()).chain(self.cannot.values().flatten());
        let presets = self.presets.values().flat_map(Presets::writes);
        sets.flatten().chain(lists).map(String::as_str).chain(presets)
    }

    /// Every method that the table calls: readers, and what takes back.
    pub fn called(&self) -> impl Iterator<Item = &str> {
        let by = self.by.values().flatten();
        let old = self
            .by_old
            .values()
            .flat_map(|row| row.calls.iter().chain(row.empty.iter().flatten()).chain(&row.each));
        let readers = self.by_old.values().map(|row| row.reader.as_str());
        let made = self.made.values().flatten();
        let presets = self.presets.values().flat_map(Presets::called);
        by.chain(old).chain(made).map(|inverse| inverse.call.as_str()).chain(readers).chain(presets)
    }
}

impl Plan {
    /// The call that reads what is there before the write, where that is needed.
    pub fn reader(&self) -> Option<&MethodCall> {
        self.reader.as_ref()
    }

    /// The calls that take the write back, in their order, from its answer and what was read before it. `None` where
    /// these do not tell. Their objects may be current ones, which another moment does not know.
    pub fn calls(&self, answer: &Value, old: &Value) -> Option<Vec<MethodCall>> {
        let places = Places { old, ..Places::of(&self.write, answer) };
        match self.how {
            How::Again(row) => Some(vec![row.again(&self.write, old)?]),
            How::By(calls) => calls.iter().map(|call| call.made(&places)).collect(),
            How::ByOld(row) => row.made(&places),
        }
    }

    /// The reads that show whether something else has changed since what the write left, from its answer and what was
    /// read before it. Each with what it showed before the write, where the reader of the plan told that.
    pub fn watches(&self, answer: &Value, old: &Value) -> Vec<(Watch, Option<Value>)> {
        let before = |watch: Watch| {
            let before = match &watch.part {
                // It was not there before it was made.
                Part::Has(made) if made == answer => Some(false.into()),
                part => (Some(&watch.by) == self.reader()).then(|| part.of(old)),
            };
            (watch, before)
        };
        let changed = match self.how {
            How::Again(row) => row.watches(&self.write, answer),
            How::By(_) => {
                let row = read_back::table().for_write(&self.write);
                row.map(|row| row.watches(&self.write, answer)).unwrap_or_default()
            }
            How::ByOld(row) => match self.reader() {
                Some(by) if !row.shown => {
                    let places = Places { old, ..Places::of(&self.write, answer) };
                    let watch = |part| Watch { by: by.clone(), part };
                    row.parts(&places).into_iter().map(watch).collect()
                }
                _ => Vec::new(),
            },
        };
        let objects = match answer {
            Value::List(items) => items.iter().filter_map(Value::as_object).collect(),
            answer => answer.as_object().into_iter().collect::<Vec<_>>(),
        };
        let of_made = |on: &Locator| {
            let reads: Vec<MethodCall> = self.made.iter().filter_map(|read| read.read(on)).collect();
            // It is not there before, nor once it is taken back: that is looked at first then.
            let there = reads.first().cloned();
            let there = there.map(|by| (Watch { by, part: Part::There }, Some(Value::Bool(false))));
            let whole = reads.into_iter().map(|by| (Watch { by, part: Part::Whole }, None));
            there.into_iter().chain(whole).collect::<Vec<_>>()
        };
        changed.into_iter().map(before).chain(objects.into_iter().flat_map(of_made)).collect()
    }
}

impl Inverse {
    /// The call as a read of an object that was made.
    fn read(&self, on: &Locator) -> Option<MethodCall> {
        let (class, method) = self.call.split_once('.')?;
        let call = MethodCall::new(on.clone(), method, Vec::new());
        let args = arguments(&self.args, &Places::of(&call, &Value::Null))?;
        (on.class() == class).then(|| MethodCall { args, ..call.clone() })
    }

    fn made(&self, places: &Places<'_>) -> Option<MethodCall> {
        let (class, method) = self.call.split_once('.')?;
        let on = beside(places.write, class)?;
        // All that was there before is needed; only what the write itself left out may be left out.
        let of_old =
            self.args.iter().filter(|arg| matches!(arg, Template::Text(text) if text.starts_with("$old")));
        if of_old.into_iter().any(|arg| arg.fill(places).is_none()) {
            return None;
        }
        Some(MethodCall::new(on, method, arguments(&self.args, places)?))
    }
}

fn reader_of(label: &str, write: &MethodCall) -> Option<MethodCall> {
    let (class, method) = label.split_once('.')?;
    Some(MethodCall::new(beside(write, class)?, method, Vec::new()))
}

/// The item whose grade a call on this object changes.
fn graded(on: &Locator) -> Option<Locator> {
    match on {
        Locator::TimelineItem(_) => Some(on.clone()),
        Locator::Graph { of, .. } if matches!(**of, Locator::TimelineItem(_)) => Some((**of).clone()),
        _ => None,
    }
}

fn unclear(label: &str) -> Way {
    Way::Cannot(format!("this form of {label} is shown by no other call"))
}
