//! Which method shows what a write did, how it is asked, and how the two are compared.

use std::sync::LazyLock;

use indexmap::IndexMap;
use serde::Deserialize;

use crate::facts::compare;
use crate::locator::{Key, Locator};
use crate::value::Value;
use crate::wire::MethodCall;

/// The table, read on first use.
///
/// # Panics
/// If a row that was compiled in is malformed; `cargo test` finds that.
pub fn table() -> &'static Table {
    static TABLE: LazyLock<Table> =
        LazyLock::new(|| match toml::from_str(include_str!("../../facts/read_back.toml")) {
            Ok(table) => table,
            Err(error) => panic!("the table of what can be read back is malformed: {error}"),
        });
    &TABLE
}

/// The reason of a write that needs no reading back.
pub const NEW_OBJECT: &str = "the answer is the new object itself";

/// Every write, with the way to read it back or the reason why there is none.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// By `Class.Method` of the write.
    writes: IndexMap<String, OneOrMore>,
    /// Writes that cannot be read back, by the reason.
    cannot: IndexMap<String, Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(Box<ReadBack>),
    More(Vec<ReadBack>),
}

/// How one write is read back.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadBack {
    /// The conditions under which this row applies, by argument: `map`, `text`, or a value.
    #[serde(default)]
    given: IndexMap<String, Template>,
    /// `Class.Method` that is called.
    pub reader: String,
    /// The argument of the write that holds the object to ask. Without it, the object that was written to where it
    /// has the reader's class, and the current one of that class otherwise.
    of: Option<String>,
    /// The arguments of the reader.
    #[serde(default)]
    args: Vec<Template>,
    /// Which entry of the answer is compared, where it is one of many.
    at: Option<Template>,
    /// What is expected there.
    expect: Option<Template>,
    /// How the two are compared.
    #[serde(default)]
    compare: Compare,
}

/// Text, a number or a dict in which `$0` stands for the first argument of the write, `$1` for the second and so
/// on, `$0.key` for an entry of it, and `$answer` for the write's answer.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
enum Template {
    Bool(bool),
    Int(i64),
    Text(String),
    Dict(IndexMap<String, Template>),
}

/// How what was read is compared with what was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Compare {
    /// The same, as [`compare::same`] means it.
    #[default]
    Same,
    /// The same in any case of letters.
    IgnoreCase,
    /// The same frame, whatever stands before the frames.
    Timecode,
    /// The same file.
    Path,
    /// The same JSON.
    Json,
    /// The list or dict has it.
    Contains,
    /// The list has each of them.
    ContainsAll,
    /// The list or dict does not have it; `All` means that nothing is left.
    Lacks,
    /// The list has none of them.
    LacksAll,
    /// Nothing is there.
    Empty,
    /// The answer is the id of the expected object.
    IdOf,
}

/// What reading back showed.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// It is as it was asked for.
    Verified {
        /// What was asked for.
        requested: Value,
        /// What was found of it; `None` where it was to be gone.
        observed: Value,
    },
    /// It is something else.
    Differs {
        /// What was asked for.
        requested: Value,
        /// What was found.
        observed: Value,
    },
    /// The arguments leave nothing to compare, or a constant has no known number.
    CannotTell,
}

impl Table {
    /// How this write is read back; `None` where it cannot be.
    pub fn for_write(&self, call: &MethodCall) -> Option<&ReadBack> {
        self.rows(&call.label()).iter().find(|row| row.applies(call))
    }

    /// Every way to read a write back, by its label.
    pub fn rows(&self, label: &str) -> &[ReadBack] {
        match self.writes.get(label) {
            Some(OneOrMore::One(row)) => std::slice::from_ref(row.as_ref()),
            Some(OneOrMore::More(rows)) => rows,
            None => &[],
        }
    }

    /// The labels of the writes that can be read back.
    pub fn writes(&self) -> impl Iterator<Item = &str> {
        self.writes.keys().map(String::as_str)
    }

    /// Why a write cannot be read back; `None` for one that can.
    pub fn why_not(&self, label: &str) -> Option<&str> {
        self.unreadable().find(|(write, _)| *write == label).map(|(_, reason)| reason)
    }

    /// The writes that cannot be read back, each with the reason.
    pub fn unreadable(&self) -> impl Iterator<Item = (&str, &str)> {
        self.cannot
            .iter()
            .flat_map(|(reason, labels)| labels.iter().map(move |label| (label.as_str(), reason.as_str())))
    }
}

impl ReadBack {
    /// The call that reads back. `None` where an argument is not there that it needs.
    pub fn call(&self, write: &MethodCall, answer: &Value) -> Option<MethodCall> {
        let (class, method) = self.reader.split_once('.')?;
        let on = match &self.of {
            Some(place) => argument(place, write, answer)?.as_object()?.clone(),
            None if write.on.class() == class => write.on.clone(),
            None => current(class)?,
        };
        // A trailing argument that the write was made without is left out here too.
        let args: Vec<Value> = self.args.iter().map_while(|template| template.fill(write, answer)).collect();
        let complete =
            args.len() == self.args.len() || self.args[args.len()..].iter().all(Template::may_be_absent);
        complete.then(|| MethodCall::new(on, method, args))
    }

    /// Compares what was read with what the write asked for.
    pub fn judge(&self, write: &MethodCall, answer: &Value, read: &Value) -> Verdict {
        let entry = match &self.at {
            None => Some(read),
            Some(at) => at.fill(write, answer).and_then(|key| entry(read, &key)),
        };
        let found = entry.cloned().unwrap_or(Value::Null);
        let expected = self.expect.as_ref().and_then(|template| template.fill(write, answer));
        let requested = match (expected, self.compare) {
            (Some(expected), _) => expected,
            (None, Compare::Empty) => Value::Null,
            (None, _) => return Verdict::CannotTell,
        };
        let holds = self.compare.holds(&requested, &found);
        let observed = match self.compare {
            Compare::Lacks | Compare::LacksAll | Compare::Empty if holds == Some(true) => Value::Null,
            Compare::Contains | Compare::ContainsAll if holds == Some(true) => requested.clone(),
            _ => wanted_keys(&requested, found),
        };
        match holds {
            Some(true) => Verdict::Verified { requested, observed },
            Some(false) => Verdict::Differs { requested, observed },
            None => Verdict::CannotTell,
        }
    }

    fn applies(&self, call: &MethodCall) -> bool {
        self.given.iter().all(|(place, wanted)| {
            let given = argument(place, call, &Value::Null);
            match (wanted, &given) {
                (Template::Text(kind), Some(Value::Map(_))) => kind == "map",
                (Template::Text(kind), Some(Value::Str(_))) if kind == "text" => true,
                (wanted, Some(given)) => wanted
                    .fill(call, &Value::Null)
                    .is_some_and(|wanted| compare::same(&wanted, given) == Some(true)),
                (_, None) => false,
            }
        })
    }
}

impl Compare {
    fn holds(self, wanted: &Value, read: &Value) -> Option<bool> {
        let each = |has: bool| {
            let wanted = wanted.as_list().unwrap_or(std::slice::from_ref(wanted));
            let mut verdicts = wanted.iter().map(|wanted| compare::contains(read, wanted));
            verdicts.try_fold(true, |so_far, found| Some(so_far && found? == has))
        };
        match self {
            Self::Same => compare::same(wanted, read),
            Self::IgnoreCase => compare::same_ignoring_case(wanted, read),
            Self::Timecode => compare::same_timecode(wanted, read),
            Self::Path => compare::same_path(wanted, read),
            Self::Json => compare::same_json(wanted, read),
            Self::Contains => compare::contains(read, wanted),
            Self::Lacks if wanted.as_str().is_some_and(|word| word.eq_ignore_ascii_case("all")) => {
                Some(compare::is_empty(read))
            }
            Self::Lacks => compare::contains(read, wanted).map(|found| !found),
            Self::ContainsAll => each(true),
            Self::LacksAll => each(false),
            Self::Empty => Some(compare::is_empty(read)),
            Self::IdOf => wanted.as_object().and_then(Locator::id).map(|id| read.as_str() == Some(id)),
        }
    }
}

impl Template {
    /// The value it stands for; `None` when it is an argument that is absent. In a dict, such a key is left out.
    fn fill(&self, write: &MethodCall, answer: &Value) -> Option<Value> {
        match self {
            Self::Bool(truth) => Some((*truth).into()),
            Self::Int(number) => Some((*number).into()),
            Self::Text(text) if text.starts_with('$') => argument(text, write, answer),
            Self::Text(text) => Some(text.as_str().into()),
            Self::Dict(entries) => {
                let filled =
                    entries.iter().filter_map(|(key, value)| Some((key.clone(), value.fill(write, answer)?)));
                Some(Value::map(filled))
            }
        }
    }

    fn may_be_absent(&self) -> bool {
        matches!(self, Self::Text(text) if text.starts_with('$'))
    }
}

fn argument(place: &str, write: &MethodCall, answer: &Value) -> Option<Value> {
    let (place, key) = match place.strip_prefix('$')?.split_once('.') {
        Some((place, key)) => (place, Some(key)),
        None => (place.strip_prefix('$')?, None),
    };
    let value = match place {
        "answer" => answer,
        number => write.args.get(number.parse::<usize>().ok()?)?,
    };
    let value = key.map_or(Some(value), |key| value.get(key))?;
    (*value != Value::Null).then(|| value.clone())
}

/// Of a dict, the keys that were written: the others of a hundred settings say nothing about the write.
fn wanted_keys(requested: &Value, found: Value) -> Value {
    match (requested, found) {
        (Value::Map(wanted), Value::Map(mut found)) if wanted.keys().any(|key| found.contains_key(key)) => {
            found.retain(|key, _| wanted.contains_key(key));
            Value::Map(found)
        }
        (_, found) => found,
    }
}

/// The entry of a dict under a key, which may be a number of any form.
fn entry<'a>(read: &'a Value, key: &Value) -> Option<&'a Value> {
    let entries = read.as_map()?.iter();
    entries
        .into_iter()
        .find(|(name, _)| compare::same(key, &Value::from(name.as_str())) == Some(true))
        .map(|(_, value)| value)
}

/// The current object of a class.
fn current(class: &str) -> Option<Locator> {
    Some(match class {
        "Resolve" => Locator::Resolve,
        "ProjectManager" => Locator::ProjectManager,
        "Project" => Locator::Project,
        "MediaStorage" => Locator::MediaStorage,
        "MediaPool" => Locator::MediaPool,
        "Gallery" => Locator::Gallery,
        "Timeline" => Locator::Timeline(Key::Current),
        "Folder" => Locator::Folder(Key::Current),
        _ => return None,
    })
}
