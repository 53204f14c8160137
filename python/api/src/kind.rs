//! The kinds of argument and answer: what may stand where, by Resolve's own type names.

use std::fmt;

/// What a value may be. `Display` writes it as the rows do; [`Kind::describe`] says it in words.
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
    /// A path on the disk of the machine that runs Resolve, and what must be there.
    Path(Presence),
    /// `HH:MM:SS:FF`, with `;` before the frames for drop-frame.
    Timecode,
    /// Text that holds JSON.
    JsonText,
    /// One of the values of an enumeration in `kinds/`, by its name there. Alternatives written out in a row,
    /// such as `"0" | "1"`, are an enumeration of that name.
    Enum(String),
    /// A constant read off the resolve object; the name is an enumeration of constants in `kinds/`.
    Constant(String),
    /// A dict of a shape in `kinds/`, by its name there.
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

/// What must be on the disk where a path leads. Resolve answers False without a word where it is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// Nothing is asked of it.
    Any,
    /// A file, or a folder that stands for one.
    Something,
    /// A folder.
    Folder,
    /// The folder in which a file is written.
    FolderAbove,
}

impl Presence {
    /// Every one.
    pub(crate) const ALL: [Self; 4] = [Self::Any, Self::Something, Self::Folder, Self::FolderAbove];

    /// The kind in the rows.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Any => "path",
            Self::Something => "existing_path",
            Self::Folder => "existing_folder",
            Self::FolderAbove => "new_path",
        }
    }

    fn describe(self) -> &'static str {
        match self {
            Self::Any => "a path",
            Self::Something => "a path where something is",
            Self::Folder => "the path of a folder that is there",
            Self::FolderAbove => "a path in a folder that is there",
        }
    }
}

/// One parameter of a method, of a task-shaped tool or of a dict.
#[derive(Debug, Clone, PartialEq)]
pub struct Param {
    /// Its name, as Resolve's text has it.
    pub name: String,
    /// Names that older texts use for it, accepted all the same. A name in capitals is a constant that an
    /// older form of a dict uses as its key.
    pub older_names: Vec<String>,
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

impl Param {
    /// A parameter that must be given.
    pub fn required(name: impl Into<String>, kind: Kind, doc: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            older_names: Vec::new(),
            kind,
            required: true,
            default: None,
            minimum: None,
            maximum: None,
            doc: doc.into(),
        }
    }

    /// A parameter that may be left out.
    pub fn optional(name: impl Into<String>, kind: Kind, doc: impl Into<String>) -> Self {
        Self { required: false, ..Self::required(name, kind, doc) }
    }

    /// The same, with what stands in for it when it is left out; that makes it optional.
    pub fn or(self, default: impl Into<serde_json::Value>) -> Self {
        Self { required: false, default: Some(default.into()), ..self }
    }

    /// The same, with the smallest number it may be.
    pub fn at_least(self, minimum: f64) -> Self {
        Self { minimum: Some(minimum), ..self }
    }

    /// The same, with the largest number it may be.
    pub fn at_most(self, maximum: f64) -> Self {
        Self { maximum: Some(maximum), ..self }
    }
}

impl Kind {
    /// An enumeration of `kinds/` by name.
    pub fn enumeration(name: impl Into<String>) -> Self {
        Self::Enum(name.into())
    }

    /// An object of a Resolve class.
    pub fn object(class: impl Into<String>) -> Self {
        Self::Object(class.into())
    }

    /// A dict of a shape in `kinds/`.
    pub fn dict(name: impl Into<String>) -> Self {
        Self::Dict(name.into())
    }

    /// A list of `item`.
    pub fn list(item: Kind) -> Self {
        Self::List(Box::new(item))
    }

    /// `kind`, or `None`.
    pub fn optional(kind: Kind) -> Self {
        Self::Optional(Box::new(kind))
    }

    /// The kind in a few words, to stand after "must be" in a sentence: `a list of media pool items`.
    pub fn describe(&self) -> String {
        match self {
            Self::Any => "anything".into(),
            Self::Null => "null".into(),
            Self::Bool => "true or false".into(),
            Self::Int => "a whole number".into(),
            Self::Number => "a number".into(),
            Self::Str => "text".into(),
            Self::Path(presence) => presence.describe().into(),
            Self::Timecode => "a timecode such as 01:00:04:00".into(),
            Self::JsonText => "JSON, as text or as it is".into(),
            Self::Enum(name)
                if name.starts_with(['"', '-']) || name.starts_with(|c: char| c.is_ascii_digit()) =>
            {
                format!("one of {}", name.replace(" | ", ", "))
            }
            Self::Enum(name) => format!("a {name}"),
            Self::Constant(name) => format!("the name of a {name} constant"),
            Self::Dict(name) => format!("a dict of the shape {name}"),
            Self::Object(class) => format!("a {class} (its unique id)"),
            Self::List(item) => format!("a list, each {}", item.describe()),
            Self::Tuple(items) => {
                format!("a list of {}: {}", items.len(), join(items.iter().map(Kind::describe), ", then "))
            }
            Self::Map(key, value) => format!("a dict from {} to {}", key.describe(), value.describe()),
            Self::OneOf(kinds) => join(kinds.iter().map(Kind::describe), ", or "),
            Self::Optional(kind) => format!("{}, or null", kind.describe()),
            Self::Position => "frames (96), a timecode (\"01:00:04:00\") or seconds (\"4s\")".into(),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("any"),
            Self::Null => f.write_str("null"),
            Self::Bool => f.write_str("bool"),
            Self::Int => f.write_str("int"),
            Self::Number => f.write_str("number"),
            Self::Str => f.write_str("str"),
            Self::Path(presence) => f.write_str(presence.word()),
            Self::Timecode => f.write_str("timecode"),
            Self::JsonText => f.write_str("json"),
            Self::Position => f.write_str("position"),
            Self::Enum(name) | Self::Constant(name) | Self::Dict(name) | Self::Object(name) => {
                f.write_str(name)
            }
            Self::List(item) => write!(f, "[{item}]"),
            Self::Tuple(items) => write!(f, "({})", join(items.iter(), ", ")),
            Self::Map(key, value) => write!(f, "{{{key}: {value}}}"),
            Self::OneOf(kinds) => f.write_str(&join(kinds.iter(), " | ")),
            Self::Optional(kind) if matches!(**kind, Self::OneOf(_)) => write!(f, "{kind} | null"),
            Self::Optional(kind) => write!(f, "{kind}?"),
        }
    }
}

fn join(parts: impl Iterator<Item = impl ToString>, between: &str) -> String {
    parts.map(|part| part.to_string()).collect::<Vec<_>>().join(between)
}
