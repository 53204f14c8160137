//! What shows whether something else has changed what a write left: a read, and the part of its answer.

use serde::{Deserialize, Serialize};

use crate::facts::compare;
use crate::facts::read_back::entry;
use crate::value::Value;
use crate::wire::MethodCall;

/// A read that shows what a write has changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Watch {
    /// The call.
    pub by: MethodCall,
    /// The part of its answer that is meant.
    pub part: Part,
}

impl Watch {
    /// Whether a write that changes what the one shows may change what the other does.
    pub fn overlaps(&self, other: &Self) -> bool {
        let is = |part: &Part| self.part == *part || other.part == *part;
        let one_has_all = is(&Part::Whole) && !is(&Part::There);
        self.by == other.by && (self.part == other.part || one_has_all)
    }
}

/// A part of an answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// All of it.
    Whole,
    /// The entry of a dict under this key.
    Key(Value),
    /// Whether the list or dict has this.
    Has(Value),
    /// The entry of the list that has these values.
    Entry(Value),
    /// Whether the object is there that is asked.
    There,
}

impl Part {
    /// This part of an answer; `Null` where it is not there.
    pub fn of(&self, answer: &Value) -> Value {
        match self {
            Self::Whole => answer.clone(),
            Self::Key(key) => entry(answer, key).cloned().unwrap_or(Value::Null),
            Self::There => Value::Bool(*answer != Value::Null),
            Self::Has(wanted) => compare::contains(answer, wanted).map_or(Value::Null, Value::Bool),
            Self::Entry(wanted) => {
                let entries = answer.as_list().unwrap_or_default();
                let found = entries.iter().find(|entry| compare::same(wanted, entry) == Some(true));
                found.cloned().unwrap_or(Value::Null)
            }
        }
    }
}

impl std::fmt::Display for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = |value: &Value| serde_json::to_string(value).unwrap_or_default();
        match self {
            Self::Whole => Ok(()),
            Self::There => write!(f, " (whether that is there)"),
            Self::Key(key) => write!(f, " at {}", text(key)),
            Self::Has(wanted) | Self::Entry(wanted) => write!(f, " about {}", text(wanted)),
        }
    }
}

/// Whether two answers of one read say the same, whatever form they have; what cannot be told is taken for the same.
pub fn unchanged(one: &Value, other: &Value) -> bool {
    if compare::is_empty(one) && compare::is_empty(other) {
        return true;
    }
    let same = |one: &Value, other: &Value| compare::same(one, other) != Some(false);
    same(one, other) && same(other, one)
}
