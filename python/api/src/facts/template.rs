//! Values that are made from a call: its arguments, its answer, and what was read before it.

use indexmap::IndexMap;
use serde::Deserialize;

use crate::value::Value;
use crate::wire::MethodCall;

/// Text, a number, a list or a dict in which `$0` stands for the first argument of the write, `$1` for the second and
/// so on, `$0.key` for an entry of it, and `$answer`, `$old`, `$key` and `$value` for the other [`Places`].
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub(super) enum Template {
    /// Itself.
    Bool(bool),
    /// Itself.
    Int(i64),
    /// A place, where it begins with `$`; else itself.
    Text(String),
    /// A list; what is absent is left out.
    List(Vec<Template>),
    /// A dict; a key whose value is absent is left out.
    Dict(IndexMap<String, Template>),
}

/// What the places of a template stand for.
#[derive(Clone, Copy)]
pub(super) struct Places<'a> {
    /// The write, whose arguments are `$0`, `$1` and so on.
    pub(super) write: &'a MethodCall,
    /// `$answer`: what it answered.
    pub(super) answer: &'a Value,
    /// `$old`: what was read before it.
    pub(super) old: &'a Value,
    /// `$key` and `$value`: one entry of that.
    pub(super) entry: Option<(&'a Value, &'a Value)>,
}

impl<'a> Places<'a> {
    /// A write and its answer alone.
    pub(super) fn of(write: &'a MethodCall, answer: &'a Value) -> Self {
        Self { write, answer, old: &Value::Null, entry: None }
    }

    /// What stands at a place; `None` where nothing does.
    pub(super) fn get(&self, place: &str) -> Option<Value> {
        let place = place.strip_prefix('$')?;
        let (place, key) = match place.split_once('.') {
            Some((place, key)) => (place, Some(key)),
            None => (place, None),
        };
        let value = match place {
            "answer" => self.answer,
            "old" => self.old,
            "key" => self.entry?.0,
            "value" => self.entry?.1,
            number => self.write.args.get(number.parse::<usize>().ok()?)?,
        };
        let value = key.map_or(Some(value), |key| value.get(key))?;
        (*value != Value::Null).then(|| value.clone())
    }
}

impl Template {
    /// The value it stands for; `None` when it is a place where nothing stands.
    pub(super) fn fill(&self, places: &Places<'_>) -> Option<Value> {
        match self {
            Self::Bool(truth) => Some((*truth).into()),
            Self::Int(number) => Some((*number).into()),
            Self::Text(text) if text.starts_with('$') => places.get(text),
            Self::Text(text) => Some(text.as_str().into()),
            Self::List(entries) => {
                Some(Value::List(entries.iter().filter_map(|entry| entry.fill(places)).collect()))
            }
            Self::Dict(entries) => {
                let filled =
                    entries.iter().filter_map(|(key, value)| Some((key.clone(), value.fill(places)?)));
                Some(Value::map(filled))
            }
        }
    }

    /// Whether it is a place.
    pub(super) fn is_place(&self) -> bool {
        matches!(self, Self::Text(text) if text.starts_with('$'))
    }
}

/// What a row fills in, in the order of the parameters; a trailing argument that stands nowhere is left out. `None`
/// where one before others, or one that is no place, cannot be filled.
pub(super) fn arguments(templates: &[Template], places: &Places<'_>) -> Option<Vec<Value>> {
    let args: Vec<Value> = templates.iter().map_while(|template| template.fill(places)).collect();
    let complete = args.len() == templates.len() || templates[args.len()..].iter().all(Template::is_place);
    complete.then_some(args)
}
