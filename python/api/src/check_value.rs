//! Checks one value given as JSON against a kind.

use std::path::Path;

use indexmap::IndexMap;
use serde_json::Value as Json;

use crate::catalogue::catalogue;
use crate::check::{ArgumentError, argument, find, join, unknown};
use crate::kind::Kind;
use crate::locate::locate;
use crate::nearest::nearest_names;
use crate::position::Position;
use crate::value::{CONSTANT_KEY, Value};
use crate::vocabulary::{Constant, Dict, Enumeration, Values};

/// A result of checking.
pub type Checked<T> = Result<T, ArgumentError>;

/// How many values of an enumeration a message lists.
const LISTED: usize = 20;

/// Checks `given`, which stands at the path `at`, and makes a value of it. Relative paths start at `base`.
pub fn value(kind: &Kind, given: &Json, at: &str, base: Option<&Path>) -> Checked<Value> {
    let wrong = || Err(ArgumentError::new(at, format!("must be {}; got {}", kind.describe(), got(given))));
    match (kind, given) {
        // What an earlier step of a batch answers is of any kind; the host looks when it is there.
        (_, Json::Object(entries)) if entries.contains_key("$step") => plain(given, at),
        (Kind::Any, given) => plain(given, at),
        (Kind::Optional(_) | Kind::Null, Json::Null) => Ok(Value::Null),
        (Kind::Optional(kind), given) => value(kind, given, at, base),
        (Kind::Bool, Json::Bool(truth)) => Ok(Value::Bool(*truth)),
        (Kind::Int | Kind::Number, Json::Number(_)) => match (kind, plain(given, at)?) {
            (Kind::Int, number) => match number.as_int() {
                Some(number) => Ok(Value::Int(number)),
                None => wrong(),
            },
            (_, number) => Ok(number),
        },
        (Kind::Str, Json::String(text)) => Ok(Value::Str(text.clone())),
        (Kind::Path(_), Json::String(text)) => path(text, at, base),
        (Kind::Timecode, Json::String(text)) if crate::timecode::looks_like(text) => {
            Ok(Value::Str(text.clone()))
        }
        (Kind::JsonText, Json::String(text)) => match serde_json::from_str::<serde::de::IgnoredAny>(text) {
            Ok(_) => Ok(Value::Str(text.clone())),
            Err(error) => Err(ArgumentError::new(at, format!("must be JSON; {error}"))),
        },
        (Kind::JsonText, Json::Object(_) | Json::Array(_)) => Ok(Value::Str(given.to_string())),
        (Kind::Position, given) => match Position::from_json(given) {
            Ok(position) => Ok(position.to_value()),
            Err(why) => Err(ArgumentError::new(at, format!("must be {}; {why}", kind.describe()))),
        },
        (Kind::Enum(name) | Kind::Constant(name), given) => match catalogue().enumeration(name) {
            Some(enumeration) => chosen(enumeration, given, at),
            None => Err(ArgumentError::new(at, format!("the catalogue has no enumeration {name}"))),
        },
        (Kind::Dict(name), Json::Object(entries)) => match catalogue().dict(name) {
            Some(dict) => shaped(dict, entries, at, base),
            None => Err(ArgumentError::new(at, format!("the catalogue has no dict {name}"))),
        },
        (Kind::Object(class), given) => locate(class, given, at).map(Value::object),
        (Kind::List(kind), Json::Array(items)) => {
            let each = |(index, item)| value(kind, item, &format!("{at}[{index}]"), base);
            items.iter().enumerate().map(each).collect::<Checked<_>>().map(Value::List)
        }
        (Kind::Tuple(kinds), Json::Array(items)) if kinds.len() == items.len() => {
            let each = |(index, (kind, item))| value(kind, item, &format!("{at}[{index}]"), base);
            kinds.iter().zip(items).enumerate().map(each).collect::<Checked<_>>().map(Value::List)
        }
        (Kind::Map(key, kind), Json::Object(entries)) => {
            let mut map = IndexMap::with_capacity(entries.len());
            for (name, given) in entries {
                let at = join(at, name);
                map.insert(map_key(key, name, &at)?, value(kind, given, &at, base)?);
            }
            Ok(Value::Map(map))
        }
        (Kind::OneOf(kinds), given) => one_of(kinds, given, at, base).unwrap_or_else(wrong),
        _ => wrong(),
    }
}

/// What was given, in a few words.
pub(crate) fn got(given: &Json) -> String {
    match given {
        Json::Null => "null".into(),
        Json::Bool(truth) => truth.to_string(),
        Json::Number(number) => format!("the number {number}"),
        Json::String(text) if text.chars().count() > 60 => {
            format!("the text {:?}…", text.chars().take(60).collect::<String>())
        }
        Json::String(text) => format!("the text {text:?}"),
        Json::Array(items) => format!("a list of {}", items.len()),
        Json::Object(entries) if entries.is_empty() => "an empty dict".into(),
        Json::Object(entries) => {
            format!("a dict with {}", entries.keys().take(5).cloned().collect::<Vec<_>>().join(", "))
        }
    }
}

/// Plain data as it is; the wire's own forms of objects and constants keep their meaning.
fn plain(given: &Json, at: &str) -> Checked<Value> {
    serde_json::from_value(given.clone())
        .map_err(|_| ArgumentError::new(at, format!("must be plain data; got {}", got(given))))
}

fn path(text: &str, at: &str, base: Option<&Path>) -> Checked<Value> {
    let wrong = |reason: String| Err(ArgumentError::new(at, reason));
    if text.is_empty() || text.contains('\0') {
        return wrong("must be a path; got empty text or a NUL character".into());
    }
    if text.starts_with('~') {
        return wrong(format!(
            "must be a whole path: '~' is the shell's and means nothing here; got {text:?}"
        ));
    }
    if text.starts_with("file://") {
        return wrong(format!("must be a path of the file system, not an address; got {text:?}"));
    }
    match base {
        _ if Path::new(text).is_absolute() => Ok(text.into()),
        Some(base) => Ok(base.join(text).to_string_lossy().into_owned().into()),
        None => wrong(format!("must be an absolute path; got {text:?}")),
    }
}

fn chosen(enumeration: &Enumeration, given: &Json, at: &str) -> Checked<Value> {
    let word = match given {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(truth) => Some(if *truth { "1" } else { "0" }.to_owned()),
        _ => None,
    };
    let found = match (&enumeration.values, given, word.as_deref()) {
        (Values::Texts(choices), _, Some(word)) => choices
            .iter()
            .find(|choice| choice.value == *word)
            .or_else(|| choices.iter().find(|choice| same(&choice.value, word) || same(&choice.doc, word)))
            .map(|choice| Value::Str(choice.value.clone())),
        (Values::Integers(numbers), Json::Number(number), _) => {
            let whole =
                number.as_i64().or_else(|| number.as_f64().filter(|n| n.fract() == 0.0).map(|n| n as i64));
            numbers.iter().find(|(value, _)| Some(*value) == whole).map(|(value, _)| Value::Int(*value))
        }
        (Values::Integers(numbers), Json::String(text), _) => {
            numbers.iter().find(|(_, doc)| same(doc, text)).map(|(value, _)| Value::Int(*value))
        }
        (Values::Constants(constants), Json::String(text), _) => named(constants, text),
        (Values::Constants(constants), Json::Object(entries), _) => {
            entries.get("$constant").and_then(Json::as_str).and_then(|text| named(constants, text))
        }
        (Values::Constants(constants), Json::Number(number), _) => numbered(constants, number.as_f64()),
        _ => None,
    };
    match (found, given) {
        (Some(value), _) => Ok(value),
        (None, Json::String(text)) if enumeration.open && matches!(enumeration.values, Values::Texts(_)) => {
            Ok(text.as_str().into())
        }
        _ => Err(not_chosen(enumeration, given, at)),
    }
}

fn same(one: &str, other: &str) -> bool {
    !one.is_empty() && one.eq_ignore_ascii_case(other)
}

fn named(constants: &[Constant], text: &str) -> Option<Value> {
    let name = text.strip_prefix("resolve.").unwrap_or(text);
    let current = |constant: &&Constant| !constant.removed && same(&constant.name, name);
    constants.iter().find(current).map(|constant| Value::constant(&constant.name))
}

/// A number is taken for the constant whose number is known. Where numbers are only inferred, one of them is
/// most likely what a property answered before, so it goes back to Resolve as it came.
fn numbered(constants: &[Constant], number: Option<f64>) -> Option<Value> {
    let number = number?;
    if let Some(constant) = constants.iter().find(|constant| constant.stated == Some(number)) {
        return Some(Value::constant(&constant.name));
    }
    let inferred = constants.iter().any(|constant| constant.inferred == Some(number));
    inferred.then_some(Value::Int(number as i64))
}

fn not_chosen(enumeration: &Enumeration, given: &Json, at: &str) -> ArgumentError {
    let words = enumeration.words();
    let nearest = match given {
        Json::String(text) => {
            // `EDL` is how people say EXPORT_EDL.
            let tail = format!("_{}", text.to_ascii_uppercase());
            let mut near: Vec<String> = words.iter().filter(|word| word.ends_with(&tail)).cloned().collect();
            near.extend(nearest_names(text, words.iter().map(String::as_str), 3));
            near.truncate(3);
            near.dedup();
            near
        }
        _ => Vec::new(),
    };
    let reason = format!("must be one of {}; got {}", listed(enumeration), got(given));
    ArgumentError { path: at.to_owned(), reason, nearest }
}

/// The values of an enumeration for a message: numbers with their meanings, long lists cut.
fn listed(enumeration: &Enumeration) -> String {
    let mut words = match &enumeration.values {
        Values::Integers(numbers) => numbers.iter().map(|(number, doc)| with_doc(*number, doc)).collect(),
        _ => enumeration.words(),
    };
    let all = words.len();
    if all > LISTED {
        words.truncate(LISTED);
        words.push(format!("… ({all} in all)"));
    }
    words.join(", ")
}

fn with_doc(number: i64, doc: &str) -> String {
    if doc.is_empty() { number.to_string() } else { format!("{number} ({doc})") }
}

/// What is wanted, to stand after "must be": the values themselves where they are few.
pub(crate) fn wanted(kind: &Kind) -> String {
    match kind {
        Kind::Enum(name) => catalogue().enumeration(name).map(|found| format!("one of {}", listed(found))),
        _ => None,
    }
    .unwrap_or_else(|| kind.describe())
}

fn shaped(
    dict: &Dict,
    entries: &serde_json::Map<String, Json>,
    at: &str,
    base: Option<&Path>,
) -> Checked<Value> {
    let mut map = IndexMap::with_capacity(entries.len());
    let mut seen = Vec::with_capacity(entries.len());
    for (name, given) in entries {
        let path = join(at, name);
        let Some(field) = find(&dict.fields, name) else {
            if dict.open {
                map.insert(name.clone(), plain(given, &path)?);
                continue;
            }
            return Err(unknown(&dict.fields, name, path));
        };
        if dict.read_only.contains(&field.name) {
            return Err(ArgumentError::new(path, "cannot be written: Resolve only answers it"));
        }
        if seen.contains(&field.name.as_str()) {
            return Err(ArgumentError::new(path, format!("{} is given twice", field.name)));
        }
        if let Some(value) = argument(field, given, &path, base)? {
            seen.push(&field.name);
            map.insert(key(&field.name, name), value);
        }
    }
    let missing = dict.fields.iter().find(|field| field.required && !seen.contains(&field.name.as_str()));
    match missing {
        None => Ok(Value::Map(map)),
        Some(field) => {
            let reason = format!("is missing; it must be {}", wanted(&field.kind));
            Err(ArgumentError::new(join(at, &field.name), reason))
        }
    }
}

/// The key that goes to Resolve: today's name, or the constant of the older form if that was written.
fn key(name: &str, written: &str) -> String {
    let constant =
        written != name && written.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    if constant { format!("{CONSTANT_KEY}{written}") } else { name.to_owned() }
}

fn map_key(kind: &Kind, name: &str, at: &str) -> Checked<String> {
    match kind {
        Kind::Int | Kind::Number => match name.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(number.to_string()),
            _ => Err(ArgumentError::new(at, format!("its key must be {}; got '{name}'", kind.describe()))),
        },
        Kind::Enum(_) => match value(kind, &Json::String(name.to_owned()), at, None)? {
            Value::Str(text) => Ok(text),
            _ => Ok(name.to_owned()),
        },
        _ => Ok(name.to_owned()),
    }
}

/// The first kind that fits; `None` if none comes near; the error from deepest inside if one does.
fn one_of(kinds: &[Kind], given: &Json, at: &str, base: Option<&Path>) -> Option<Checked<Value>> {
    let mut deepest: Option<ArgumentError> = None;
    for kind in kinds {
        match value(kind, given, at, base) {
            Ok(value) => return Some(Ok(value)),
            Err(error) if error.path.len() > deepest.as_ref().map_or(at.len(), |error| error.path.len()) => {
                deepest = Some(error);
            }
            Err(_) => {}
        }
    }
    deepest.map(Err)
}
