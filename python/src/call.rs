//! Makes one call: the method is checked, the arguments turned into Python, the answer judged by its row.

use std::collections::HashSet;

use pyo3::prelude::*;
use pyo3::types::PyTuple;
use resolve_api::batch::StepRef;
use resolve_api::catalogue::{Effect, Method, Tag, catalogue};
use resolve_api::change::Cause;
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
            return Err(Fault::Lost { method: call.label() });
        }
        self.attempt(py, call, row)
    }

    fn attempt(&mut self, py: Python<'_>, call: &MethodCall, row: Option<&Method>) -> Result<Value, Fault> {
        let calling = Calling {
            class: call.on.class(),
            method: &call.method,
            args: &call.args,
            on: Some(&call.on),
            row,
        };
        self.reached = false;
        let resolve = self.resolve(py)?;
        self.require_supported(py, &calling)?;
        if let Some(answer) = self.fixed(py, &calling) {
            return self.value_of(&calling, &resolve, Made { answer, reason: None });
        }
        let target = self.locate(py, &call.on, "on")?;
        let made = self.make(py, &calling, &target)?;
        self.value_of(&calling, &target, made)
    }

    /// Makes a call on an object that has been found, and gives what Python answered.
    ///
    /// # Errors
    /// Every [`Fault`] but [`Fault::Refused`], which only the answer tells.
    pub(crate) fn make<'py>(
        &mut self,
        py: Python<'py>,
        calling: &Calling<'_>,
        target: &Bound<'py, PyAny>,
    ) -> Result<Made<'py>, Fault> {
        let Calling { class, method, row, .. } = *calling;
        self.require_method(target, class, method)?;
        let mut args = Vec::with_capacity(calling.args.len());
        for (index, value) in calling.args.iter().enumerate() {
            let mut bridge = Bridge { host: self, py, calling, target };
            args.push(to_python(py, value, &format!("args[{index}]"), &mut bridge)?);
        }
        let args = PyTuple::new(py, args)
            .map_err(|error| Fault::BadArgument { path: "args".to_owned(), reason: error.to_string() })?;

        self.reached = true;
        let answer = self.invoke(target, class, method, args);
        if let (Ok(answer), Some(live)) = (&answer, &mut self.live) {
            live.fixed.keep(row, calling.args, answer);
        }
        // Before any other call: the engine keeps the reason of its last call only.
        let reason = if calling.changes() { self.failure_reason(py) } else { Ok(None) };
        if changes_project(class, method, row) {
            self.next_generation();
            self.look_around(py, Cause::Called);
        }
        Ok(Made { answer: answer?, reason: reason? })
    }

    /// What the call answered before, where that cannot change while this build is connected.
    pub(crate) fn fixed<'py>(&self, py: Python<'py>, calling: &Calling<'_>) -> Option<Bound<'py, PyAny>> {
        self.live.as_ref()?.fixed.get(py, calling.row, calling.args)
    }

    /// The answer of a call as a value, judged by its row.
    ///
    /// # Errors
    /// [`Fault::Refused`] where the row promises something else, and whatever has no form on the wire.
    pub(crate) fn value_of<'py>(
        &mut self,
        calling: &Calling<'_>,
        target: &Bound<'py, PyAny>,
        made: Made<'py>,
    ) -> Result<Value, Fault> {
        let Made { answer, reason } = made;
        let mut bridge = Bridge { host: self, py: answer.py(), calling, target };
        let value = from_python(&answer, calling.row.map(|row| &row.returns), &calling.label(), &mut bridge)?;
        match calling.row.filter(|_| calling.changes()) {
            Some(row) => judge(row, value, reason),
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
        // `dir()` of an object of Fusion leaves out methods that it has, GetAttrs and SetAttrs of a tool among them.
        let hidden = || class.starts_with("Fusion") && catalogue().method(class, method).is_some();
        if found || hidden() { Ok(()) } else { Err(self.no_such_method(class, method)) }
    }

    /// Refuses what the engine says that it does not do.
    pub(crate) fn require_supported(&self, py: Python<'_>, calling: &Calling<'_>) -> Result<(), Fault> {
        let reason = match self.config.backend {
            Backend::Engine => engine::unsupported(py, calling.class, calling.method)?,
            Backend::Resolve => None,
        };
        reason.map_or(Ok(()), |reason| Err(Fault::Unsupported { method: calling.label(), reason }))
    }

    /// Why the last call failed, where the backend says so. Resolve keeps no reasons.
    fn failure_reason(&self, py: Python<'_>) -> Result<Option<String>, Fault> {
        match self.config.backend {
            Backend::Engine => engine::last_failure(py),
            Backend::Resolve => Ok(None),
        }
    }
}

/// A call on its way to an object.
#[derive(Clone, Copy)]
pub(crate) struct Calling<'c> {
    /// Resolve's name of the object's class.
    pub(crate) class: &'c str,
    pub(crate) method: &'c str,
    pub(crate) args: &'c [Value],
    /// How the object was named; absent where an earlier step of a batch answered it.
    pub(crate) on: Option<&'c Locator>,
    pub(crate) row: Option<&'c Method>,
}

/// What Python answered, and why the call failed where the backend says so.
pub(crate) struct Made<'py> {
    pub(crate) answer: Bound<'py, PyAny>,
    pub(crate) reason: Option<String>,
}

impl Calling<'_> {
    /// `Class.Method`, for messages.
    pub(crate) fn label(&self) -> String {
        format!("{}.{}", self.class, self.method)
    }

    /// Whether its row says that it changes something, so that its answer says whether it did.
    pub(crate) fn changes(&self) -> bool {
        self.row.is_some_and(|row| row.effect != Effect::Read)
    }
}

/// Whether the catalogue names such a constant; that bounds how many are remembered.
fn is_constant(name: &str) -> bool {
    catalogue().constants().any(|(_, constant)| constant.name == name)
}

/// Whether an answer is one that a connection to a Resolve that has ended would give.
pub(crate) fn could_be_lost(outcome: &Result<Value, Fault>) -> bool {
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
    // A method that promises nothing answers None either way; the engine says which.
    let silent = row.returns == Kind::Null && reason.is_some();
    if sentence.is_some() || silent || row.failed(&value) {
        return Err(Fault::Refused { method: row.label(), reason: reason.or(sentence) });
    }
    Ok(value)
}

/// Objects and constants for the conversion of one call's arguments and answer.
struct Bridge<'h, 'py> {
    host: &'h mut Host,
    py: Python<'py>,
    calling: &'h Calling<'h>,
    target: &'h Bound<'py, PyAny>,
}

impl<'py> Objects<'py> for Bridge<'_, 'py> {
    fn object(&mut self, locator: &Locator, path: &str) -> Result<Bound<'py, PyAny>, Fault> {
        self.host.locate(self.py, locator, path)
    }

    fn constant(&mut self, name: &str, path: &str) -> Result<Bound<'py, PyAny>, Fault> {
        let resolve = self.host.resolve(self.py)?;
        let known = self.host.live.as_ref().and_then(|live| live.constants.get(name));
        if let Some(value) = known {
            return Ok(value.bind(self.py).clone());
        }
        match resolve.getattr(name) {
            // Constants are numbers or text; a method is not one.
            Ok(value) if !value.is_none() && !value.is_callable() => {
                // Whatever else answers to an invented name is not kept.
                if let Some(live) = self.host.live.as_mut().filter(|_| is_constant(name)) {
                    live.constants.insert(name.to_owned(), value.clone().unbind());
                }
                Ok(value)
            }
            _ => Err(Fault::BadArgument {
                path: path.to_owned(),
                reason: format!("this build of Resolve has no constant {name}"),
            }),
        }
    }

    fn earlier(&mut self, earlier: &StepRef, path: &str) -> Result<Bound<'py, PyAny>, Fault> {
        self.host.earlier(self.py, earlier, path)
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
        let Calling { class, method, args, on, .. } = *self.calling;
        let layer = match method {
            "GetNodeGraph" => args.first().and_then(Value::as_int).and_then(|layer| layer.try_into().ok()),
            "GetPreClipNodeGraph" => Some(1),
            "GetPostClipNodeGraph" => Some(2),
            _ => return Ok(None),
        };
        let of = match on {
            Some(
                on @ (Locator::ColorGroup(Key::Name(_))
                | Locator::Timeline(Key::Id(_))
                | Locator::TimelineItem(Key::Id(_))),
            ) => Some(on.clone()),
            _ => match class {
                "ColorGroup" => {
                    let name = self.host.text(self.target, class, "GetName", ())?;
                    name.map(|name| Locator::ColorGroup(Key::Name(name)))
                }
                "Timeline" | "TimelineItem" => {
                    let id = self.host.unique_id(self.target, class)?;
                    id.and_then(|id| Locator::by_id(class, id))
                }
                _ => None,
            },
        };
        Ok(of.map(|of| Locator::Graph { of: Box::new(of), layer }))
    }
}
