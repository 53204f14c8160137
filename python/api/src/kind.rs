//! The kinds of argument and answer: what may stand where, by Resolve's own type names.

/// What a value may be.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// Anything.
    Any,
    /// `None` only.
    Null,
    /// True or false.
    Bool,
    /// A whole number.
    Int,
    /// A number, whole or not.
    Number,
    /// Text.
    Str,
    /// A path on the disk of the machine that runs Resolve.
    Path,
    /// `HH:MM:SS:FF`, with `;` before the frames for drop-frame.
    Timecode,
    /// Text that holds JSON.
    JsonText,
    /// One of the values of an enumeration in `kinds.toml`, by its name there.
    Enum(String),
    /// A constant read off the resolve object; the name is an enumeration of constants in `kinds.toml`.
    Constant(String),
    /// A dict of a shape in `kinds.toml`, by its name there.
    Dict(String),
    /// An object of a Resolve class.
    Object(String),
    /// A list of one kind.
    List(Box<Kind>),
    /// A list of fixed length, a kind per place.
    Tuple(Vec<Kind>),
    /// A dict with computed keys.
    Map(Box<Kind>, Box<Kind>),
    /// One of several, the preferred first.
    OneOf(Vec<Kind>),
    /// The kind, or `None`.
    Optional(Box<Kind>),
    /// A moment on a timeline or in a clip: frames (`96` or `"96"`), timecode (`"01:00:04:00"`) or seconds
    /// (`"4s"`). Only task-shaped tools take it; the parameter's description names the origin and the rate.
    Position,
}

/// One parameter of a method, of a task-shaped tool or of a dict.
#[derive(Debug, Clone, PartialEq)]
pub struct Param {
    /// Its name, as Resolve's text has it.
    pub name: String,
    /// What it may be.
    pub kind: Kind,
    /// Whether it must be given.
    pub required: bool,
    /// What stands in for it when it is absent, as JSON; for a method of Resolve only where the text says so.
    pub default: Option<serde_json::Value>,
    /// The smallest number it may be.
    pub minimum: Option<f64>,
    /// The largest number it may be.
    pub maximum: Option<f64>,
    /// What it is, with its unit, its origin and an example.
    pub doc: String,
}
