//! Enumerations, constants and dict shapes: the words that arguments and answers are made of.

use crate::kind::Param;

/// A named set of values.
#[derive(Debug, Clone, PartialEq)]
pub struct Enumeration {
    /// Its name, as rows use it; for alternatives written out in a row, their text.
    pub name: String,
    /// What the values mean.
    pub doc: String,
    /// The values, in Resolve's order.
    pub values: Values,
    /// Whether values beyond these are known to occur; such a set is not checked against.
    pub open: bool,
    /// The first version whose text has it, where that is known.
    pub since: Option<String>,
}

/// The values of an enumeration, by what goes to Resolve.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Text.
    Texts(Vec<Choice>),
    /// Whole numbers, each with what it means (empty where nobody says).
    Integers(Vec<(i64, String)>),
    /// Names of constants, whose numbers are read off the live `resolve` object.
    Constants(Vec<Constant>),
}

/// One text of an enumeration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The text that goes to Resolve.
    pub value: String,
    /// What it means, where the text does not say it itself.
    pub doc: String,
}

impl Choice {
    /// A value that explains itself.
    pub fn new(value: impl Into<String>) -> Self {
        Self { value: value.into(), doc: String::new() }
    }
}

/// A constant on the `resolve` object.
#[derive(Debug, Clone, PartialEq)]
pub struct Constant {
    /// Its name, such as `EXPORT_EDL`.
    pub name: String,
    /// What it means, where the name does not say it.
    pub doc: String,
    /// Its number, if a text states it or somebody read it off a live object.
    pub stated: Option<f64>,
    /// Its number as its place in the list suggests. Good for an engine; never sent to Resolve.
    pub inferred: Option<f64>,
    /// The first version that has it, where that is known.
    pub since: Option<String>,
    /// Whether current versions lack it.
    pub removed: bool,
}

/// The shape of a dict.
#[derive(Debug, Clone, PartialEq)]
pub struct Dict {
    /// Its name, as rows use it.
    pub name: String,
    /// What it is for.
    pub doc: String,
    /// Its keys, as parameters.
    pub fields: Vec<Param>,
    /// Keys that Resolve answers and never takes.
    pub read_only: Vec<String>,
    /// Keys that were seen to be taken; for the others nobody tried or nobody wrote it down.
    pub writable: Vec<String>,
    /// Whether more keys may occur.
    pub open: bool,
    /// The first version whose text has it, where that is known.
    pub since: Option<String>,
}

impl Enumeration {
    /// The texts that an agent can write: values, numbers or names of constants (without the removed ones).
    pub fn words(&self) -> Vec<String> {
        match &self.values {
            Values::Texts(choices) => choices.iter().map(|choice| choice.value.clone()).collect(),
            Values::Integers(numbers) => numbers.iter().map(|(number, _)| number.to_string()).collect(),
            Values::Constants(constants) => constants
                .iter()
                .filter(|constant| !constant.removed)
                .map(|constant| constant.name.clone())
                .collect(),
        }
    }
}

impl Dict {
    /// The field of that name, or of that older name.
    pub fn field(&self, name: &str) -> Option<&Param> {
        self.fields
            .iter()
            .find(|field| field.name == name)
            .or_else(|| self.fields.iter().find(|field| field.older_names.iter().any(|older| older == name)))
    }
}
