//! Makes one call: the method is checked, the arguments turned into Python, the answer judged by its row.

use std::collections::HashSet;

use pyo3::prelude::*;
use pyo3::types::PyTuple;
use resolve_api::catalogue::{Effect, Method, Tag, catalogue};
use resolve_api::kind::Kind;
use resolve_api::wire::MethodCall;
use resolve_api::{Fault, Key, Locator, Value};

use crate::connect;
use crate::convert::{Objects, class_in_repr, from_python, to_python};
use crate::engine;
use crate::host::{Backend, Host, Live};

impl Host {
    /// Makes the call and gives its answer. If the answer is what a lost connection would give, the
    /// connection is tried, made again once, and the call repeated where that is safe.
    ///
    /// # Errors
    /// Every [`Fault`]: see there.
    pub(crate) fn call(&mut self, py: Python<'_>, call: &MethodCall) -> Result<Value, Fault> {
        let row = catalogue().method(call.on.class(), &call.method);
        let first = self.attempt(py, call, row);
        if self.reached && call.on == Locator::Resolve && call.method == "Quit" {
            // It answers None, and nothing that was handed out answers after it.
            self.disconnect();
            return first;
        }
        if !could_be_lost(&first) || self.still_answers(py) {
            return first;
        }
        let made = self.reached && row.is_none_or(|row| row.effect != Effect::Read);
        self.disconnect();
        if made {
            let reason = format!(
                "the connection was lost during {}, and whether that happened is not known; read back what it \
                 should have changed",
                call.label()
            );
            return Err(Fault::NotConnected { reason });
        }
        self.attempt(py, call, row)
    }

    fn attempt(&mut self, py: Python<'_>, call: &MethodCall, row: Option<&Method>) -> Result<Value, Fault> {
        self.reached = false;
        self.resolve(py)?;
        let class = call.on.class();
        if let Some(reason) = self.unsupported(py, class, &call.method)? {
            return Err(Fault::Unsupported { method: call.label(), reason });
        }
        let target = self.locate(py, &call.on, "on")?;
        self.require_method(&target, class, &call.method)?;
        let mut args = Vec::with_capacity(call.args.len());
        for (index, value) in call.args.iter().enumerate() {
            let mut bridge = Bridge { host: self, py, call };
            args.push(to_python(py, value, &format!("args[{index}]"), &mut bridge)?);
        }
        let args = PyTuple::new(py, args)
            .map_err(|error| Fault::BadArgument { path: "args".to_owned(), reason: error.to_string() })?;

        self.reached = true;
        let answer = self.invoke(&target, class, &call.method, args);
        // Before any other call: the engine keeps the reason of its last call only.
        let judged = row.filter(|row| row.effect != Effect::Read);
        let reason = if judged.is_some() { self.failure_reason(py) } else { Ok(None) };
        if changes_project(class, &call.method, row) {
            self.next_generation();
        }
        let mut bridge = Bridge { host: self, py, call };
        let value = from_python(&answer?, row.map(|row| &row.returns), &call.label(), &mut bridge)?;
        match judged {
            Some(row) => judge(row, value, reason?),
            None => Ok(value),
        }
    }

    /// Checks by `dir()` that the object has the method: on a live Resolve any attribute name answers.
    fn require_method(&mut self, object: &Bound<'_, PyAny>, class: &str, method: &str) -> Result<(), Fault> {
        let listed = |live: &Live| live.listed.get(class).is_some_and(|set| set.contains(method));
        if self.live.as_ref().is_some_and(listed) {
            return Ok(());
        }
        // Not listed so far: this object may have it, or none of its class was asked yet.
        let names = object.dir().and_then(|names| names.extract::<Vec<String>>());
        let names = names.map_err(|error| {
            let (exception, message) = connect::describe(object.py(), &error);
            Fault::Raised { method: format!("dir({class})"), exception, message }
        })?;
        let found = names.iter().any(|name| name == method);
        if let Some(live) = &mut self.live {
            live.listed.insert(class.to_owned(), HashSet::from_iter(names));
        }
        if found { Ok(()) } else { Err(self.no_such_method(class, method)) }
    }

    /// Why the engine does not do this method, where it does not.
    fn unsupported(&self, py: Python<'_>, class: &str, method: &str) -> Result<Option<String>, Fault> {
        match self.config.backend {
            Backend::Engine => engine::unsupported(py, class, method),
            Backend::Resolve => Ok(None),
        }
    }

    /// Why the last call failed, where the backend says so. Resolve keeps no reasons.
    fn failure_reason(&self, py: Python<'_>) -> Result<Option<String>, Fault> {
        match self.config.backend {
            Backend::Engine => engine::last_failure(py),
            Backend::Resolve => Ok(None),
        }
    }
}

/// Whether an answer is one that a connection to a Resolve that has ended would give.
fn could_be_lost(outcome: &Result<Value, Fault>) -> bool {
    match outcome {
        Ok(value) => *value == Value::Null,
        Err(fault) => matches!(
            fault,
            Fault::Raised { .. }
                | Fault::NotFound { .. }
                | Fault::Stale { .. }
                | Fault::Refused { .. }
                | Fault::NoSuchMethod { .. }
        ),
    }
}

/// Whether a call opens, closes or replaces the project or the database, whatever it answers.
fn changes_project(class: &str, method: &str, row: Option<&Method>) -> bool {
    class == "ProjectManager"
        && (row.is_some_and(|row| row.has(Tag::InvalidatesHandles))
            || matches!(
                method,
                "ImportProject" | "RestoreProject" | "ImportCloudProject" | "RestoreCloudProject"
            ))
}

/// Resolve's usual way to fail is to answer False, None or nothing without a word; some setters answer with
/// a sentence, which would pass for true.
fn judge(row: &Method, value: Value, reason: Option<String>) -> Result<Value, Fault> {
    let sentence = match (&row.returns, &value) {
        (Kind::Bool, Value::Str(sentence)) => Some(sentence.clone()),
        _ => None,
    };
    if sentence.is_some() || row.failed(&value) {
        return Err(Fault::Refused { method: row.label(), reason: reason.or(sentence) });
    }
    Ok(value)
}

/// Objects and constants for the conversion of one call's arguments and answer.
struct Bridge<'h, 'py> {
    host: &'h mut Host,
    py: Python<'py>,
    call: &'h MethodCall,
}

impl<'py> Objects<'py> for Bridge<'_, 'py> {
    fn object(&mut self, locator: &Locator, path: &str) -> Result<Bound<'py, PyAny>, Fault> {
        self.host.locate(self.py, locator, path)
    }

    fn constant(&mut self, name: &str, path: &str) -> Result<Bound<'py, PyAny>, Fault> {
        let resolve = self.host.resolve(self.py)?;
        match resolve.getattr(name) {
            // Constants are numbers or text; a method is not one.
            Ok(value) if !value.is_none() && !value.is_callable() => Ok(value),
            _ => Err(Fault::BadArgument {
                path: path.to_owned(),
                reason: format!("this build of Resolve has no constant {name}"),
            }),
        }
    }

    fn locator(&mut self, object: &Bound<'py, PyAny>, class: Option<&str>) -> Result<Locator, Fault> {
        let class = class.map(str::to_owned).or_else(|| class_in_repr(object));
        let class = class.unwrap_or_else(|| "PyRemoteObject".to_owned());
        let known = match class.as_str() {
            "Resolve" => Some(Locator::Resolve),
            "ProjectManager" => Some(Locator::ProjectManager),
            "Project" => Some(Locator::Project),
            "MediaStorage" => Some(Locator::MediaStorage),
            "MediaPool" => Some(Locator::MediaPool),
            "Gallery" => Some(Locator::Gallery),
            "Fusion" => Some(Locator::Fusion),
            "Folder" | "MediaPoolItem" | "Timeline" | "TimelineItem" => {
                let id = self.host.unique_id(object, &class)?;
                id.and_then(|id| {
                    self.host.objects.insert(&class, &id, object.clone().unbind());
                    Locator::by_id(&class, id)
                })
            }
            "ColorGroup" => {
                let name = self.host.text(object, &class, "GetName", ())?;
                name.map(|name| Locator::ColorGroup(Key::Name(name)))
            }
            "Graph" => self.graph()?,
            _ => None,
        };
        Ok(known
            .unwrap_or_else(|| self.host.held.hold(self.host.generation(), &class, object.clone().unbind())))
    }
}

impl Bridge<'_, '_> {
    /// The locator of the graph that this call asked for: that of its owner, which outlives a token.
    fn graph(&mut self) -> Result<Option<Locator>, Fault> {
        let layer = match self.call.method.as_str() {
            "GetNodeGraph" => {
                self.call.args.first().and_then(Value::as_int).and_then(|layer| layer.try_into().ok())
            }
            "GetPreClipNodeGraph" => Some(1),
            "GetPostClipNodeGraph" => Some(2),
            _ => return Ok(None),
        };
        let class = self.call.on.class();
        let of = match &self.call.on {
            on @ (Locator::ColorGroup(Key::Name(_))
            | Locator::Timeline(Key::Id(_))
            | Locator::TimelineItem(Key::Id(_))) => Some(on.clone()),
            on @ (Locator::ColorGroup(_) | Locator::Timeline(_) | Locator::TimelineItem(_)) => {
                let owner = self.host.locate(self.py, on, "on")?;
                if class == "ColorGroup" {
                    let name = self.host.text(&owner, class, "GetName", ())?;
                    name.map(|name| Locator::ColorGroup(Key::Name(name)))
                } else {
                    self.host.unique_id(&owner, class)?.and_then(|id| Locator::by_id(class, id))
                }
            }
            _ => None,
        };
        Ok(of.map(|of| Locator::Graph { of: Box::new(of), layer }))
    }
}
