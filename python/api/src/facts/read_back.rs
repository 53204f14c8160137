//! Which method shows what a write did, how it is asked, and how the two are compared.

use std::sync::LazyLock;

use indexmap::IndexMap;
use serde::Deserialize;

use crate::facts::compare;
use crate::facts::template::{Places, Template, arguments};
use crate::facts::watch::{Part, Watch};
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
            Some(place) => Places::of(write, answer).get(place)?.as_object()?.clone(),
            None => beside(write, class)?,
        };
        let args = arguments(&self.args, &Places::of(write, answer))?;
        Some(MethodCall::new(on, method, args))
    }

    /// Compares what was read with what the write asked for.
    pub fn judge(&self, write: &MethodCall, answer: &Value, read: &Value) -> Verdict {
        let places = Places::of(write, answer);
        let entry = match &self.at {
            None => Some(read),
            Some(at) => at.fill(&places).and_then(|key| entry(read, &key)),
        };
        let found = entry.cloned().unwrap_or(Value::Null);
        let expected = self.expect.as_ref().and_then(|template| template.fill(&places));
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

    /// The reads that show what the write has changed, and the parts of their answers: one for each key that was
    /// written, and one for each thing that was put in or taken out.
    pub(super) fn watches(&self, write: &MethodCall, answer: &Value) -> Vec<Watch> {
        let Some(by) = self.call(write, answer) else { return Vec::new() };
        let places = Places::of(write, answer);
        let expected = self.expect.as_ref().and_then(|template| template.fill(&places));
        let part_with = |wanted: &Value| match wanted {
            Value::Map(_) => Part::Entry(wanted.clone()),
            wanted => Part::Has(wanted.clone()),
        };
        let parts = match (self.compare, &self.at, expected) {
            (_, Some(at), _) => at.fill(&places).map(Part::Key).into_iter().collect(),
            (Compare::Contains | Compare::Lacks, None, Some(wanted)) => vec![part_with(&wanted)],
            (Compare::ContainsAll | Compare::LacksAll, None, Some(Value::List(wanted))) => {
                wanted.iter().map(part_with).collect()
            }
            (Compare::Same, None, Some(Value::Map(written))) => {
                written.keys().map(|key| Part::Key(key.as_str().into())).collect()
            }
            _ => vec![Part::Whole],
        };
        parts.into_iter().map(|part| Watch { by: by.clone(), part }).collect()
    }

    /// The write once more with what the reader answered before it; `None` where that does not tell.
    pub(super) fn again(&self, write: &MethodCall, old: &Value) -> Option<MethodCall> {
        let Some(Template::Text(place)) = &self.expect else { return None };
        let number: usize = place.strip_prefix('$')?.parse().ok()?;
        let mut again = write.clone();
        let argument = again.args.get_mut(number)?;
        *argument = match (&*argument, old) {
            (_, Value::Null) => return None,
            // Of a hundred settings those that were written. A text that was not there was empty.
            (Value::Map(written), Value::Map(old)) => {
                let before = written.iter().filter_map(|(key, value)| match (old.get(key), value) {
                    (Some(old), _) => Some((key.clone(), old.clone())),
                    (None, Value::Str(_)) => Some((key.clone(), "".into())),
                    (None, _) => None,
                });
                Value::map(before.collect::<Vec<_>>())
            }
            (Value::Map(_), _) => return None,
            // A setting is written as text, and its rate is read as a number.
            (Value::Str(_), Value::Int(number)) => number.to_string().into(),
            (Value::Str(_), Value::Float(number)) => number.to_string().into(),
            _ => old.clone(),
        };
        Some(again)
    }

    fn applies(&self, call: &MethodCall) -> bool {
        self.given.iter().all(|(place, wanted)| {
            let places = Places::of(call, &Value::Null);
            let given = places.get(place);
            match (wanted, &given) {
                (Template::Text(kind), Some(Value::Map(_))) => kind == "map",
                (Template::Text(kind), Some(Value::Str(_))) if kind == "text" => true,
                (wanted, Some(given)) => {
                    wanted.fill(&places).is_some_and(|wanted| compare::same(&wanted, given) == Some(true))
                }
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
pub(super) fn entry<'a>(read: &'a Value, key: &Value) -> Option<&'a Value> {
    let entries = read.as_map()?.iter();
    entries
        .into_iter()
        .find(|(name, _)| compare::same(key, &Value::from(name.as_str())) == Some(true))
        .map(|(_, value)| value)
}

/// The object that a call beside a write is made on: the one that was written to where it is of that class, else the
/// current one of the class.
pub(super) fn beside(write: &MethodCall, class: &str) -> Option<Locator> {
    if write.on.class() == class { Some(write.on.clone()) } else { current(class) }
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
        "GalleryStillAlbum" => Locator::GalleryStillAlbum(Key::Current),
        _ => return None,
    })
}
