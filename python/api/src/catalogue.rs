//! The catalogue: one row per method of Resolve's scripting API, read from the files in `classes/` and `kinds/`.

use std::sync::LazyLock;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::kind::{Kind, Param};
use crate::value::Value;
use crate::vocabulary::{Constant, Dict, Enumeration, Values};

/// The catalogue, read on first use.
///
/// # Panics
/// If a row that was compiled in is malformed; `cargo test` finds that.
pub fn catalogue() -> &'static Catalogue {
    static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| match crate::rows::load() {
        Ok(catalogue) => catalogue,
        Err(error) => panic!("the catalogue cannot be read: {error}"),
    });
    &CATALOGUE
}

/// Every class, method, enumeration and dict shape that is known.
#[derive(Debug, Default)]
pub struct Catalogue {
    pub(crate) classes: IndexMap<String, Class>,
    pub(crate) enumerations: IndexMap<String, Enumeration>,
    pub(crate) dicts: IndexMap<String, Dict>,
}

/// A class of the scripting API.
#[derive(Debug)]
pub struct Class {
    /// Resolve's name for it.
    pub name: String,
    /// What it is.
    pub doc: String,
    /// The methods that hand out its objects, such as `Project.GetMediaPool`.
    pub reached_by: Vec<String>,
    /// Its methods, in the order of the rows.
    pub methods: IndexMap<String, Method>,
}

/// A method: how it is called, what it answers and what to beware of.
#[derive(Debug, Clone, PartialEq)]
pub struct Method {
    /// Resolve's name for the class.
    pub class: String,
    /// Resolve's name for the method.
    pub name: String,
    /// The name of a tool made of it: class and method in snake_case.
    pub tool: String,
    /// Which part of Resolve owns it.
    pub domain: Domain,
    /// What it does.
    pub effect: Effect,
    /// Whether it is current.
    pub status: Status,
    /// The parameters of the form to prefer, in order. Arguments are positional.
    pub params: Vec<Param>,
    /// What may follow `params` any number of times.
    pub variadic: Option<Box<Param>>,
    /// Other forms that still answer, the best first.
    pub overloads: Vec<Form>,
    /// What it answers.
    pub returns: Kind,
    /// The unit or meaning of the answer, where the kind does not say it.
    pub returns_doc: String,
    /// What a failure looks like. A read may answer these for real.
    pub failure: Vec<Failure>,
    /// The pages of which one must be open; empty when the page does not matter.
    pub page_required: Vec<String>,
    /// The page to open first because it was needed once, though calls without it were seen to work.
    pub page_advised: Option<String>,
    /// What it does, in one sentence.
    pub doc: String,
    /// What to beware of.
    pub notes: Vec<String>,
    /// What to beware of, for programs.
    pub tags: Vec<Tag>,
    /// How success can be seen, in words: which method, file or pixels to read back.
    pub verify_with: Option<String>,
    /// The method that does the same.
    pub alias_of: Option<String>,
    /// The method to use instead.
    pub replaced_by: Option<String>,
    /// The version that deprecated it, where that is known.
    pub deprecated_in: Option<String>,
    /// The first version that has it, where that is known.
    pub since: Option<String>,
    /// Whether the free edition lacks it.
    pub studio_only: bool,
    /// The download that it needs.
    pub extras_pack: Option<String>,
    /// The method of a clip that does the same with one: made on each clip in the folder and below, one after another, it
    /// means the same as the call on the folder.
    pub in_parts: Option<String>,
    /// The method that tells how far the work is which goes on after this one has answered: a percentage, a word, an error.
    pub goes_on: Option<String>,
    /// The method that stops that work.
    pub stopped_by: Option<String>,
}

/// One way to call a method.
#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    /// The parameters, in order.
    pub params: Vec<Param>,
    /// What may follow them any number of times.
    pub variadic: Option<Box<Param>>,
}

impl Catalogue {
    /// Gives back what the lists have more room than they need: both processes keep the catalogue to their end, and a
    /// row has half a kilobyte.
    pub(crate) fn shrink(&mut self) {
        self.classes.values_mut().for_each(|class| class.methods.shrink_to_fit());
        self.dicts.values_mut().for_each(|dict| dict.fields.shrink_to_fit());
        self.classes.shrink_to_fit();
        self.enumerations.shrink_to_fit();
        self.dicts.shrink_to_fit();
    }

    /// The method of that class and name.
    pub fn method(&self, class: &str, name: &str) -> Option<&Method> {
        self.class(class)?.methods.get(name)
    }

    /// The method that `Class.Method` names.
    pub fn method_by_label(&self, label: &str) -> Option<&Method> {
        let (class, name) = label.split_once('.')?;
        self.method(class, name)
    }

    /// Every method, class by class.
    pub fn methods(&self) -> impl Iterator<Item = &Method> {
        self.classes.values().flat_map(|class| class.methods.values())
    }

    /// The class of that name.
    pub fn class(&self, name: &str) -> Option<&Class> {
        self.classes.get(name)
    }

    /// Every class.
    pub fn classes(&self) -> impl Iterator<Item = &Class> {
        self.classes.values()
    }

    /// The enumeration that a [`Kind::Enum`] or [`Kind::Constant`] names.
    pub fn enumeration(&self, name: &str) -> Option<&Enumeration> {
        self.enumerations.get(name)
    }

    /// Every enumeration.
    pub fn enumerations(&self) -> impl Iterator<Item = &Enumeration> {
        self.enumerations.values()
    }

    /// The dict shape that a [`Kind::Dict`] names.
    pub fn dict(&self, name: &str) -> Option<&Dict> {
        self.dicts.get(name)
    }

    /// Every dict shape.
    pub fn dicts(&self) -> impl Iterator<Item = &Dict> {
        self.dicts.values()
    }

    /// Every constant with the enumeration that holds it.
    pub fn constants(&self) -> impl Iterator<Item = (&Enumeration, &Constant)> {
        self.enumerations.values().flat_map(|enumeration| {
            let constants = match &enumeration.values {
                Values::Constants(constants) => constants.as_slice(),
                _ => &[],
            };
            constants.iter().map(move |constant| (enumeration, constant))
        })
    }
}

impl Method {
    /// `Class.Method`, for messages.
    pub fn label(&self) -> String {
        format!("{}.{}", self.class, self.name)
    }

    /// Whether a call tells how far it is, lets others in meanwhile and can be stopped: it is made in parts, or goes on by
    /// itself.
    pub fn can_be_stopped(&self) -> bool {
        self.in_parts.is_some() || self.goes_on.is_some()
    }

    /// Every form that still answers, the preferred first, as parameters and what may follow them.
    pub fn forms(&self) -> impl Iterator<Item = (&[Param], Option<&Param>)> {
        let preferred = (self.params.as_slice(), self.variadic.as_deref());
        let others = self.overloads.iter().map(|form| (form.params.as_slice(), form.variadic.as_deref()));
        std::iter::once(preferred).chain(others)
    }

    /// Whether the method has this tag.
    pub fn has(&self, tag: Tag) -> bool {
        self.tags.contains(&tag)
    }

    /// Whether this answer is a failure: one that the row lists, or `None` where True or False is promised. Of a method
    /// that promises nothing, `None` is none.
    pub fn failed(&self, answer: &Value) -> bool {
        let silent = self.returns == Kind::Bool && *answer == Value::Null;
        let listed = || self.failure.iter().any(|failure| failure.matches(answer, &self.returns));
        self.returns != Kind::Null && (silent || listed())
    }
}

/// Gives an enum of plain words its texts, in one place.
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$doc])* #[serde(rename = $text)] $variant,)*
        }

        impl $name {
            /// Every one.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The word for it, as rows and JSON have it.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

words! {
    /// Which part of Resolve owns a method or a tool; an actor per domain runs its calls.
    Domain {
        /// The program, its pages and presets.
        Application = "application",
        /// Projects, databases and project settings.
        Project = "project",
        /// Disks and cloning.
        MediaStorage = "media_storage",
        /// Folders (bins), clips and their data.
        MediaPool = "media_pool",
        /// Timelines, tracks and placing.
        Timeline = "timeline",
        /// What stands on a track.
        TimelineItem = "timeline_item",
        /// Grades, nodes, LUTs, groups.
        Color = "color",
        /// Stills and albums.
        Gallery = "gallery",
        /// Compositions.
        Fusion = "fusion",
        /// Formats, presets, the render queue.
        Render = "render",
        /// Sound, transcription, speech.
        Audio = "audio",
        /// Cloud projects.
        Cloud = "cloud",
    }
}

words! {
    /// What a call does.
    Effect {
        /// Changes nothing.
        Read = "read",
        /// Changes something, and another call can change it back.
        Write = "write",
        /// Removes, overwrites or discards something.
        Destructive = "destructive",
        /// Starts work that may outlast a request.
        LongRunning = "long_running",
        /// Only moves what the window shows or selects.
        Ui = "ui",
    }
}

words! {
    /// Whether a method is current.
    Status {
        /// In the text of the version that the catalogue describes.
        Current = "current",
        /// Still answers; another one is to be used instead.
        Deprecated = "deprecated",
        /// Answers no longer.
        Removed = "removed",
        /// Answers, and is in no text.
        Undocumented = "undocumented",
    }
}

words! {
    /// What a failure looks like.
    Failure {
        /// `False`.
        False = "False",
        /// `None`.
        None = "None",
        /// An empty list.
        EmptyList = "[]",
        /// A list that holds `None`.
        ListOfNone = "[None]",
        /// An empty dict.
        EmptyDict = "{}",
        /// Empty text.
        EmptyText = "\"\"",
        /// The number 0.
        Zero = "0",
        /// A sentence where something else is promised.
        Sentence = "sentence",
        /// The call never returns.
        Hangs = "hangs",
        /// The call raises an exception.
        Raises = "raises",
    }
}

impl Failure {
    /// Whether `answer` of a method that promises `returns` is this failure.
    pub fn matches(self, answer: &Value, returns: &Kind) -> bool {
        match (self, answer) {
            (Self::False, Value::Bool(false)) | (Self::None, Value::Null) => true,
            (Self::EmptyList, Value::List(items)) => items.is_empty(),
            (Self::ListOfNone, Value::List(items)) => items.contains(&Value::Null),
            (Self::EmptyDict, Value::Map(entries)) => entries.is_empty(),
            (Self::EmptyText, Value::Str(text)) => text.is_empty(),
            (Self::Zero, answer) => answer.as_f64() == Some(0.0),
            (Self::Sentence, Value::Str(_)) => !matches!(returns, Kind::Str | Kind::Any),
            _ => false,
        }
    }
}

words! {
    /// What to beware of with a method.
    Tag {
        /// Files appear on disk.
        WritesFiles = "writes_files",
        /// A dialog may open and wait for a person.
        MayOpenDialog = "may_open_dialog",
        /// It may never return.
        CanBlockForever = "can_block_forever",
        /// Resolve itself may end.
        MayCrash = "may_crash",
        /// No call of the API takes it back.
        NoUndoInApi = "no_undo_in_api",
        /// Its answer is `None` whatever happens.
        AlwaysReturnsNone = "always_returns_none",
        /// It works on the current timeline, not on an object that is named.
        ActsOnCurrentTimeline = "acts_on_current_timeline",
        /// Objects handed out before may be gone or mean something else afterwards.
        InvalidatesHandles = "invalidates_or_moves_handles",
        /// Its answer proves nothing; read back what was written.
        VerifyByReadingBack = "verify_by_reading_back",
        /// Its answer to the same arguments cannot change while the same build is connected, so it is asked once.
        FixedWhileConnected = "fixed_while_connected",
    }
}
