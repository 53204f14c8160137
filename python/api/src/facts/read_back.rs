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
    Verified,
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
        let observed = entry.cloned().unwrap_or(Value::Null);
        let expected = self.expect.as_ref().and_then(|template| template.fill(write, answer));
        let requested = match (expected, self.compare) {
            (Some(expected), _) => expected,
            (None, Compare::Empty) => Value::Null,
            (None, _) => return Verdict::CannotTell,
        };
        match self.compare.holds(&requested, &observed) {
            Some(true) => Verdict::Verified,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn item(method: &str, args: Vec<Value>) -> MethodCall {
        MethodCall::new(Locator::TimelineItem(Key::Id("i".into())), method, args)
    }

    fn row(write: &MethodCall) -> &'static ReadBack {
        table().for_write(write).unwrap_or_else(|| panic!("{} is not read back", write.label()))
    }

    /// A colour that Resolve took and dropped is found by asking the same item.
    #[test]
    fn a_write_is_read_back_from_the_same_object() {
        let write = item("SetClipColor", vec!["Orange".into()]);

        assert_eq!(Some(item("GetClipColor", vec![])), row(&write).call(&write, &true.into()));
        assert_eq!(Verdict::Verified, row(&write).judge(&write, &true.into(), &"Orange".into()));
        assert_eq!(
            Verdict::Differs { requested: "Orange".into(), observed: "".into() },
            row(&write).judge(&write, &true.into(), &"".into())
        );
    }

    /// A marker is one entry of many, and what was not given (custom data) is not compared.
    #[test]
    fn a_marker_is_found_at_its_frame() {
        let write = item("AddMarker", vec![96.into(), "Blue".into(), "cut".into(), "".into(), 1.into()]);
        let marker = |color: &str| {
            Value::map([
                ("color", color.into()),
                ("duration", Value::Float(1.0)),
                ("note", "".into()),
                ("name", "cut".into()),
                ("customData", "".into()),
            ])
        };

        let judge = |read| row(&write).judge(&write, &true.into(), &read);
        assert_eq!(Verdict::Verified, judge(Value::map([("96", marker("Blue"))])));
        assert!(matches!(judge(Value::map([("96", marker("Red"))])), Verdict::Differs { .. }));
        assert!(matches!(judge(Value::map([("97", marker("Blue"))])), Verdict::Differs { .. }));
    }

    /// One method, two forms: a dict is compared by its keys, a pair by the one key that is asked for.
    #[test]
    fn the_form_of_the_arguments_picks_the_row() {
        let pair = item("SetProperty", vec!["ZoomX".into(), Value::Float(1.25)]);
        let dict = item("SetProperty", vec![Value::map([("ZoomX", Value::Float(1.25))])]);

        assert_eq!(Some(item("GetProperty", vec!["ZoomX".into()])), row(&pair).call(&pair, &true.into()));
        assert_eq!(Some(item("GetProperty", vec![])), row(&dict).call(&dict, &true.into()));
        let all = Value::map([("ZoomX", Value::Float(1.0)), ("Pan", Value::Float(0.0))]);
        assert!(matches!(row(&dict).judge(&dict, &true.into(), &all), Verdict::Differs { .. }));
    }

    /// The answer of the write and objects among its arguments can be meant too.
    #[test]
    fn the_answer_and_the_objects_of_a_write_are_used() {
        let write = MethodCall::new(Locator::Project, "AddRenderJob", vec![]);
        let jobs = |id: &str| Value::List(vec![Value::map([("JobId", id.into())])]);
        assert_eq!(Verdict::Verified, row(&write).judge(&write, &"job-1".into(), &jobs("job-1")));
        assert!(matches!(
            row(&write).judge(&write, &"job-1".into(), &jobs("job-2")),
            Verdict::Differs { .. }
        ));

        let timeline = Value::object(Locator::Timeline(Key::Id("t".into())));
        let write = MethodCall::new(Locator::Project, "SetCurrentTimeline", vec![timeline]);
        let reader = row(&write).call(&write, &true.into()).unwrap();
        assert_eq!(MethodCall::new(Locator::Timeline(Key::Current), "GetUniqueId", vec![]), reader);
        assert_eq!(Verdict::Verified, row(&write).judge(&write, &true.into(), &"t".into()));
        assert!(matches!(row(&write).judge(&write, &true.into(), &"u".into()), Verdict::Differs { .. }));
    }

    /// What was left out cannot be compared: that is no failure of the write.
    #[test]
    fn an_argument_that_is_absent_leaves_nothing_to_compare() {
        let write = MethodCall::new(Locator::ProjectManager, "ImportProject", vec!["/a.drp".into()]);
        let judged = row(&write).judge(&write, &true.into(), &Value::List(vec![]));
        assert_eq!(Verdict::CannotTell, judged);

        let flags = item("ClearFlags", vec!["All".into()]);
        assert_eq!(Verdict::Verified, row(&flags).judge(&flags, &true.into(), &Value::List(vec![])));
        assert!(matches!(
            row(&flags).judge(&flags, &true.into(), &Value::List(vec!["Red".into()])),
            Verdict::Differs { .. }
        ));
    }

    /// What was removed must not be there any more, and what was moved must all have arrived.
    #[test]
    fn lists_are_searched_for_what_must_and_what_must_not_be_there() {
        let flags = item("ClearFlags", vec!["Red".into()]);
        let judge = |names: &[&str]| {
            let names = names.iter().map(|name| (*name).into()).collect();
            row(&flags).judge(&flags, &true.into(), &Value::List(names))
        };
        assert_eq!(Verdict::Verified, judge(&["Blue"]));
        assert!(matches!(judge(&["Blue", "Red"]), Verdict::Differs { .. }));

        let clip = |id: &str| Value::object(Locator::MediaPoolItem(Key::Id(id.into())));
        let folder = Value::object(Locator::Folder(Key::Path("/Master/Day 1".into())));
        let moved = vec![Value::List(vec![clip("a"), clip("b")]), folder];
        let moved = MethodCall::new(Locator::MediaPool, "MoveClips", moved);
        let reader = row(&moved).call(&moved, &true.into()).unwrap();
        assert_eq!(Locator::Folder(Key::Path("/Master/Day 1".into())), reader.on);
        let judge = |clips: Vec<Value>| row(&moved).judge(&moved, &true.into(), &Value::List(clips));
        assert_eq!(Verdict::Verified, judge(vec![clip("c"), clip("b"), clip("a")]));
        assert!(matches!(judge(vec![clip("a")]), Verdict::Differs { .. }));
    }
}
