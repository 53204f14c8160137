//! What Resolve really does beyond or against its text, read from the files in `facts/` on first use.

use std::collections::HashMap;
use std::fmt;
use std::sync::LazyLock;

use indexmap::IndexMap;
use serde::Deserialize;

use self::version::Version;

pub mod compare;
pub mod read_back;
#[cfg(test)]
mod read_back_tests;
mod template;
#[cfg(test)]
mod tests;
pub mod undo;
#[cfg(test)]
mod undo_tests;
pub mod version;
pub mod watch;

/// The files of `facts/`, by topic.
const FILES: &[(&str, &str)] = &[
    ("connection.toml", include_str!("../facts/connection.toml")),
    ("application.toml", include_str!("../facts/application.toml")),
    ("project_manager.toml", include_str!("../facts/project_manager.toml")),
    ("project.toml", include_str!("../facts/project.toml")),
    ("media_pool.toml", include_str!("../facts/media_pool.toml")),
    ("media_pool_item.toml", include_str!("../facts/media_pool_item.toml")),
    ("append.toml", include_str!("../facts/append.toml")),
    ("interchange.toml", include_str!("../facts/interchange.toml")),
    ("timeline.toml", include_str!("../facts/timeline.toml")),
    ("timeline_settings.toml", include_str!("../facts/timeline_settings.toml")),
    ("timeline_inserting.toml", include_str!("../facts/timeline_inserting.toml")),
    ("timeline_item.toml", include_str!("../facts/timeline_item.toml")),
    ("timeline_item_source.toml", include_str!("../facts/timeline_item_source.toml")),
    ("color.toml", include_str!("../facts/color.toml")),
    ("fusion.toml", include_str!("../facts/fusion.toml")),
    ("render_settings.toml", include_str!("../facts/render_settings.toml")),
    ("render_jobs.toml", include_str!("../facts/render_jobs.toml")),
];

/// The name that stands for every call, in [`Fact::on`].
pub const EVERY_CALL: &str = "*";

/// The facts, read on first use: the start of a server needs none of them.
///
/// # Panics
/// If a row that was compiled in is malformed; `cargo test` finds that.
pub fn facts() -> &'static Facts {
    static FACTS: LazyLock<Facts> = LazyLock::new(|| match load() {
        Ok(facts) => facts,
        Err(error) => panic!("the facts cannot be read: {error}"),
    });
    &FACTS
}

/// Everything that is known about what Resolve really does.
#[derive(Debug, Default)]
pub struct Facts {
    by_id: IndexMap<String, Fact>,
    by_name: HashMap<String, Vec<usize>>,
}

/// One thing that Resolve does.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// `topic.name`, unique.
    pub id: String,
    /// What it is about: `Class.Method` (also of a method that does not exist and that people look for), a
    /// class, [`EVERY_CALL`], `module` (connecting) or `native` (the server that comes with Resolve).
    pub on: Vec<String>,
    /// The condition.
    pub when: String,
    /// What happens then.
    pub observed: String,
    /// The kind of surprise in one word, such as `silent_failure`; `baseline` is no surprise.
    pub kind: String,
    /// How well it is known.
    pub confidence: Confidence,
    /// The builds that it was seen on, such as `21.1.0.14`; `21.1` where the build is not known, and none where
    /// the version is not.
    pub builds: Vec<Version>,
    /// The first version that does not do this any more, where that is known.
    pub until: Option<Version>,
    /// Newer facts that overturn this one.
    pub superseded_by: Vec<String>,
    /// How far they overturn it; wholly where this is absent.
    pub superseded_part: Option<String>,
    /// What to do about it, for whoever makes the call.
    pub advice: Option<String>,
    /// What an engine does that stands in for Resolve.
    pub engine: Option<String>,
    /// What the server does about it.
    pub server: Handling,
}

/// What the server does about a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Handling {
    /// A check or step around the call; the name is one of the guards of the actors.
    Guard(String),
    /// The write is read back with this method.
    ReadBack(String),
    /// The catalogue's row carries it; the text says which part of the row.
    Row(String),
    /// It is told to whoever asks about the method, or is refused.
    Note,
    /// Newer facts overturn it.
    Superseded,
    /// Nothing; the text says why.
    Nothing(String),
}

/// How well a fact is known, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Calls and answers were recorded.
    Recorded,
    /// It was done live and written down.
    Measured,
    /// Somebody said so who worked with it.
    Reported,
    /// A model that was compared with live runs does it.
    Modelled,
    /// The text says so.
    Stated,
    /// It follows from something else.
    Inferred,
    /// Sources contradict each other.
    Disputed,
}

impl Facts {
    /// The fact of that id.
    pub fn get(&self, id: &str) -> Option<&Fact> {
        self.by_id.get(id)
    }

    /// Every fact, topic by topic.
    pub fn all(&self) -> impl Iterator<Item = &Fact> {
        self.by_id.values()
    }

    /// The facts about one name: `Class.Method`, a class, [`EVERY_CALL`], …
    pub fn about(&self, name: &str) -> impl Iterator<Item = &Fact> {
        self.by_name.get(name).into_iter().flatten().map(|&index| &self.by_id[index])
    }

    /// The facts that a guard or a step of that name is there for.
    pub fn behind_guard<'a>(&'a self, guard: &'a str) -> impl Iterator<Item = &'a Fact> {
        self.all().filter(move |fact| matches!(&fact.server, Handling::Guard(name) if name == guard))
    }

    /// Whether a fact holds in a version: it was seen there or before, and nothing newer overturns it there.
    /// An unknown version counts as newer than all.
    pub fn holds(&self, fact: &Fact, version: Option<&Version>) -> bool {
        let reached = |first: &Version| version.is_none_or(|version| version.reaches(first));
        let seen = fact.builds.is_empty() || fact.builds.iter().any(reached);
        let ended = fact.until.as_ref().is_some_and(reached);
        let overturned = fact.superseded_part.is_none()
            && fact
                .superseded_by
                .iter()
                .filter_map(|id| self.get(id))
                .any(|newer| newer.builds.is_empty() || newer.builds.iter().any(reached));
        seen && !ended && !overturned
    }

    /// What to tell about a method whose call was refused, or that does not exist: surprises first, the
    /// better known first, at most `limit`.
    pub fn hints(&self, label: &str, version: Option<&Version>, limit: usize) -> Vec<String> {
        let mut told: Vec<&Fact> = self
            .about(label)
            .filter(|fact| fact.server == Handling::Note && self.holds(fact, version))
            .collect();
        told.sort_by_key(|fact| (fact.kind == "baseline", fact.confidence));
        told.into_iter().take(limit).map(ToString::to_string).collect()
    }
}

/// The condition, what happens, what to do and where it was seen, in one lowercase sentence.
impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.when != "any" {
            write!(f, "{}: ", self.when)?;
        }
        f.write_str(&self.observed)?;
        if let Some(advice) = &self.advice {
            write!(f, "; {advice}")?;
        }
        let Some(last) = self.builds.iter().max() else { return Ok(()) };
        write!(f, " (seen on {last})")
    }
}

/// One row, as the files have it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    on: Vec<String>,
    when: String,
    observed: String,
    seen: Seen,
    advice: Option<String>,
    engine: Option<String>,
    server: Server,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Seen {
    kind: String,
    confidence: Confidence,
    builds: Vec<Version>,
    until: Option<Version>,
    #[serde(default)]
    superseded_by: Vec<String>,
    superseded_part: Option<String>,
}

/// Exactly one of these.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Server {
    guard: Option<String>,
    read_back: Option<String>,
    row: Option<String>,
    #[serde(default)]
    note: bool,
    #[serde(default)]
    superseded: bool,
    none: Option<String>,
}

impl Server {
    fn handling(self) -> Result<Handling, String> {
        let note = self.note.then_some(Handling::Note);
        let superseded = self.superseded.then_some(Handling::Superseded);
        let given: Vec<Handling> = [
            self.guard.map(Handling::Guard),
            self.read_back.map(Handling::ReadBack),
            self.row.map(Handling::Row),
            note,
            superseded,
            self.none.map(Handling::Nothing),
        ]
        .into_iter()
        .flatten()
        .collect();
        match <[Handling; 1]>::try_from(given) {
            Ok([handling]) => Ok(handling),
            Err(given) => Err(format!("it says {} things that the server does, instead of one", given.len())),
        }
    }
}

fn load() -> Result<Facts, String> {
    let mut facts = Facts::default();
    for (file, text) in FILES {
        let topics: IndexMap<String, IndexMap<String, Row>> =
            toml::from_str(text).map_err(|error| format!("{file}: {error}"))?;
        for (topic, rows) in topics {
            for (name, row) in rows {
                let id = format!("{topic}.{name}");
                let fact = fact(id.clone(), row).map_err(|reason| format!("{file}: {id}: {reason}"))?;
                for name in &fact.on {
                    facts.by_name.entry(name.clone()).or_default().push(facts.by_id.len());
                }
                if facts.by_id.insert(id.clone(), fact).is_some() {
                    return Err(format!("{file}: {id} is there twice"));
                }
            }
        }
    }
    Ok(facts)
}

fn fact(id: String, row: Row) -> Result<Fact, String> {
    let Row { on, when, observed, seen, advice, engine, server } = row;
    let Seen { kind, confidence, builds, until, superseded_by, superseded_part } = seen;
    let server = server.handling()?;
    Ok(Fact {
        id,
        on,
        when,
        observed,
        kind,
        confidence,
        builds,
        until,
        superseded_by,
        superseded_part,
        advice,
        engine,
        server,
    })
}
