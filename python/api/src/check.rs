//! Checks arguments given as JSON against parameters, and makes values for the wire of them. One set of rules
//! for the rows of the catalogue and for task-shaped tools.

use std::path::Path;

use indexmap::IndexMap;
use serde_json::Value as Json;

use crate::catalogue::Method;
pub use crate::check_value::{Checked, value as check_value};
use crate::check_value::{got, value, wanted};
use crate::kind::Param;
use crate::nearest::nearest_names;
use crate::value::Value;

/// What is wrong with an argument.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {reason}")]
pub struct ArgumentError {
    /// Which argument, such as `args.clipInfos[0].startFrame`.
    pub path: String,
    /// What is wrong with it, and what would be right.
    pub reason: String,
    /// Names or values that would have been right, nearest first; empty where nothing is near.
    pub nearest: Vec<String>,
}

impl ArgumentError {
    /// An error without suggestions.
    pub fn new(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { path: path.into(), reason: reason.into(), nearest: Vec::new() }
    }
}

/// Checks the arguments of a task-shaped tool: an object by name, or a list by position.
///
/// The answer has every argument that was given and the defaults of those that were not; an optional one
/// without a default is absent from it, and `null` for it counts as not given. `at` is the path of `given`
/// itself, empty for the arguments of a tool. Relative paths start at `base`; without it they are refused.
pub fn check_args(
    params: &[Param],
    given: &Json,
    at: &str,
    base: Option<&Path>,
) -> Checked<IndexMap<String, Value>> {
    let mut named = bind(params, None, given, at, base)?.named;
    let mut complete = IndexMap::with_capacity(params.len());
    for param in params {
        if let Some(value) = named.swap_remove(&param.name) {
            complete.insert(param.name.clone(), value);
        } else if let Some(default) = &param.default {
            complete.insert(param.name.clone(), self::default(param, default, at, base)?);
        }
    }
    Ok(complete)
}

/// Checks the arguments of a method of Resolve and puts them in their order.
///
/// `given` is an object by name, a list by position, or `null` for none. Every form of the method that still
/// answers is tried, the preferred one first. Trailing arguments that are not given stay absent; one in
/// between gets its default, or is an error if it has none.
pub fn check_call(method: &Method, given: &Json, at: &str, base: Option<&Path>) -> Checked<Vec<Value>> {
    let mut errors = Vec::new();
    for (params, variadic) in method.forms() {
        match bind(params, variadic, given, at, base).and_then(|bound| in_order(params, bound, at, base)) {
            Ok(values) => return Ok(values),
            Err(error) => errors.push((fits(params, variadic, given), error)),
        }
    }
    // Speak of the form that was meant: one whose names or length fit before others, then the one that was
    // understood the farthest in; among equals the preferred one.
    let depth = |path: &str| path.matches(['.', '[']).count();
    let meant = errors.iter().rev().max_by_key(|(fits, error)| (*fits, depth(&error.path)));
    Err(meant
        .map(|(_, error)| error.clone())
        .unwrap_or_else(|| ArgumentError::new(at, "no form of the method is known")))
}

/// Arguments under the names of their parameters, and those beyond the parameters.
struct Bound {
    named: IndexMap<String, Value>,
    rest: Vec<Value>,
}

fn bind(
    params: &[Param],
    variadic: Option<&Param>,
    given: &Json,
    at: &str,
    base: Option<&Path>,
) -> Checked<Bound> {
    let mut bound = Bound { named: IndexMap::new(), rest: Vec::new() };
    match given {
        Json::Null => {}
        Json::Object(entries) => {
            for (name, given) in entries {
                let path = join(at, name);
                let Some(param) = find(params, name) else { return Err(unknown(params, name, path)) };
                if let Some(value) = argument(param, given, &path, base)?
                    && bound.named.insert(param.name.clone(), value).is_some()
                {
                    return Err(ArgumentError::new(path, format!("{} is given twice", param.name)));
                }
            }
        }
        Json::Array(items) => {
            for (index, given) in items.iter().enumerate() {
                let path = format!("{at}[{index}]");
                if let Some(param) = params.get(index) {
                    if let Some(value) = argument(param, given, &path, base)? {
                        bound.named.insert(param.name.clone(), value);
                    }
                } else if let Some(variadic) = variadic {
                    bound.rest.push(value(&variadic.kind, given, &path, base)?);
                } else {
                    return Err(ArgumentError::new(path, too_many(params, items.len())));
                }
            }
        }
        other => {
            let reason = format!(
                "must be an object with {}, or a list in that order; got {}",
                names(params),
                got(other)
            );
            return Err(ArgumentError::new(at, reason));
        }
    }
    let missing =
        params.iter().enumerate().find(|(_, param)| param.required && !bound.named.contains_key(&param.name));
    match missing {
        None => Ok(bound),
        Some((index, param)) => {
            let path = if given.is_array() { format!("{at}[{index}]") } else { join(at, &param.name) };
            let what = if param.doc.is_empty() { String::new() } else { format!(" ({})", param.doc) };
            let name = if given.is_array() { format!(" ({})", param.name) } else { String::new() };
            Err(ArgumentError::new(
                path,
                format!("is missing{name}; it must be {}{what}", wanted(&param.kind)),
            ))
        }
    }
}

fn in_order(params: &[Param], mut bound: Bound, at: &str, base: Option<&Path>) -> Checked<Vec<Value>> {
    let last = match bound.rest.is_empty() {
        true => {
            params.iter().rposition(|param| bound.named.contains_key(&param.name)).map_or(0, |last| last + 1)
        }
        false => params.len(),
    };
    let mut values = Vec::with_capacity(last + bound.rest.len());
    for param in &params[..last] {
        values.push(match (bound.named.swap_remove(&param.name), &param.default) {
            (Some(value), _) => value,
            (None, Some(default)) => self::default(param, default, at, base)?,
            (None, None) => {
                let reason = "must be given when a later argument is: arguments go to Resolve by position";
                return Err(ArgumentError::new(join(at, &param.name), reason));
            }
        });
    }
    values.append(&mut bound.rest);
    Ok(values)
}

/// One argument; `None` if it is a `null` that stands for "not given".
pub(crate) fn argument(param: &Param, given: &Json, at: &str, base: Option<&Path>) -> Checked<Option<Value>> {
    let checked = match value(&param.kind, given, at, base) {
        Err(_) if given.is_null() && !param.required => return Ok(None),
        checked => checked?,
    };
    if let Some(number) = checked.as_f64() {
        let low = param.minimum.filter(|minimum| number < *minimum);
        let high = param.maximum.filter(|maximum| number > *maximum);
        if low.is_some() || high.is_some() {
            let range = match (param.minimum, param.maximum) {
                (Some(low), Some(high)) => format!("between {low} and {high}"),
                (Some(low), None) => format!("at least {low}"),
                (None, high) => format!("at most {}", high.unwrap_or(f64::INFINITY)),
            };
            return Err(ArgumentError::new(at, format!("must be {range}; got {number}")));
        }
    }
    Ok(Some(checked))
}

fn default(param: &Param, default: &Json, at: &str, base: Option<&Path>) -> Checked<Value> {
    if default.is_null() {
        Ok(Value::Null)
    } else {
        value(&param.kind, default, &join(at, &param.name), base)
    }
}

fn fits(params: &[Param], variadic: Option<&Param>, given: &Json) -> bool {
    let required = params.iter().filter(|param| param.required).count();
    match given {
        Json::Array(items) => items.len() >= required && (variadic.is_some() || items.len() <= params.len()),
        Json::Object(entries) => {
            entries.keys().all(|name| find(params, name).is_some())
                && params.iter().filter(|param| param.required).all(|param| names_it(param, entries))
        }
        _ => false,
    }
}

fn names_it(param: &Param, entries: &serde_json::Map<String, Json>) -> bool {
    std::iter::once(&param.name).chain(&param.older_names).any(|name| entries.contains_key(name))
}

pub(crate) fn find<'p>(params: &'p [Param], name: &str) -> Option<&'p Param> {
    params
        .iter()
        .find(|param| param.name == name)
        .or_else(|| params.iter().find(|param| param.older_names.iter().any(|older| older == name)))
}

pub(crate) fn unknown(params: &[Param], name: &str, path: String) -> ArgumentError {
    let nearest = nearest_names(name, params.iter().map(|param| param.name.as_str()), 3);
    let reason = match nearest.first() {
        _ if params.is_empty() => format!("there is no '{name}' here: nothing is taken"),
        Some(first) => format!("there is no '{name}' here; did you mean '{first}'?"),
        None => format!("there is no '{name}' here; it takes {}", names(params)),
    };
    ArgumentError { path, reason, nearest }
}

/// At most 12 names: enough for every method, and short enough for a message about a dict of settings.
fn names(params: &[Param]) -> String {
    let mut names: Vec<&str> = params.iter().take(12).map(|param| param.name.as_str()).collect();
    if params.len() > 12 {
        names.push("…");
    }
    if names.is_empty() { "nothing".into() } else { names.join(", ") }
}

fn too_many(params: &[Param], given: usize) -> String {
    match params.len() {
        0 => format!("nothing is taken here; got {given} arguments"),
        most => format!("there is no such place: {most} arguments at most ({}); got {given}", names(params)),
    }
}

/// The path of `name` in what stands at `at`.
pub(crate) fn join(at: &str, name: &str) -> String {
    if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") }
}
