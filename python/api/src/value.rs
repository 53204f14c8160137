//! A value that crosses the wire: plain data, constants by name and references to Resolve objects.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::batch::StepRef;
use crate::locator::Locator;

/// A key of a [`Value::Map`] that starts with this is the constant of that name, whose number is the key: older
/// forms of some dicts are keyed that way (`"$constant:AUDIO_SYNC_MODE"`).
pub const CONSTANT_KEY: &str = "$constant:";

/// What Resolve takes and gives, without any Python object in it.
///
/// In JSON the plain variants are themselves; an object is `{"$object": {…}}`, a constant
/// `{"$constant": "EXPORT_EDL"}`, and what an earlier step of a batch answered `{"$step": 0}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// Python's `None`.
    Null,
    /// `True` or `False`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction; Resolve gives marker keys and constants as these.
    Float(f64),
    /// Text.
    Str(String),
    /// A list or tuple.
    List(Vec<Value>),
    /// An object handed out by Resolve, or one that is meant as an argument.
    Object(ObjectValue),
    /// A constant by its name; the interpreter reads its number off the live `resolve` object.
    Constant(ConstantValue),
    /// What an earlier step of the same batch answered; only an argument within a batch.
    Step(StepRef),
    /// A dict; number keys (markers) are written as their shortest text (`"96"`), constants behind [`CONSTANT_KEY`].
    Map(IndexMap<String, Value>),
}

/// The JSON shape of [`Value::Object`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObjectValue {
    /// Which object is meant.
    #[serde(rename = "$object")]
    pub locator: Locator,
}

/// The JSON shape of [`Value::Constant`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConstantValue {
    /// The name of the constant on `resolve`, such as `EXPORT_EDL`.
    #[serde(rename = "$constant")]
    pub name: String,
}

impl Value {
    /// An object reference as a value.
    pub fn object(locator: Locator) -> Self {
        Self::Object(ObjectValue { locator })
    }

    /// A constant by name as a value.
    pub fn constant(name: impl Into<String>) -> Self {
        Self::Constant(ConstantValue { name: name.into() })
    }

    /// A map from pairs, in their order.
    pub fn map<K: Into<String>>(pairs: impl IntoIterator<Item = (K, Value)>) -> Self {
        Self::Map(pairs.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }

    /// The text, if this is text.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The whole number, if this is one (a float without a fraction counts: Resolve mixes them).
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            Self::Float(number) if number.fract() == 0.0 && number.abs() < 9e15 => Some(*number as i64),
            _ => None,
        }
    }

    /// The number, if this is one.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Int(number) => Some(*number as f64),
            Self::Float(number) => Some(*number),
            _ => None,
        }
    }

    /// The truth value, if this is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(truth) => Some(*truth),
            _ => None,
        }
    }

    /// The items, if this is a list.
    pub fn as_list(&self) -> Option<&[Value]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    /// The entries, if this is a map.
    pub fn as_map(&self) -> Option<&IndexMap<String, Value>> {
        match self {
            Self::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// The locator, if this is an object.
    pub fn as_object(&self) -> Option<&Locator> {
        match self {
            Self::Object(object) => Some(&object.locator),
            _ => None,
        }
    }

    /// The entry `key` of a map.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.as_map().and_then(|entries| entries.get(key))
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Float(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Str(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Str(text)
    }
}

impl From<Vec<Value>> for Value {
    fn from(items: Vec<Value>) -> Self {
        Self::List(items)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locator::Key;

    /// Every variant survives the wire as itself: an object must not come back as a map, nor a float as an int.
    #[test]
    fn each_variant_round_trips_through_json() {
        let value = Value::List(vec![
            Value::Null,
            true.into(),
            7.into(),
            Value::Float(96.0),
            "Ä \n\" 日本".into(),
            Value::object(Locator::Timeline(Key::Id("a-b".into()))),
            Value::constant("EXPORT_EDL"),
            Value::Step(StepRef { step: 0, path: vec![] }),
            Value::map([("96", Value::map([("color", "Blue".into())]))]),
            Value::Map(IndexMap::new()),
        ]);

        let line = serde_json::to_string(&value).unwrap();

        assert_eq!(value, serde_json::from_str::<Value>(&line).unwrap());
    }
}
