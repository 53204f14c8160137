//! Checks and steps around a call of the scripting API, for what Resolve does beside its text.
//!
//! Each guard wraps the call like a layer: it may refuse before, change the arguments, repeat, read back, and put
//! back what it moved. Which facts a guard is there for stands with the facts; it acts only in versions in which
//! one of them holds. A guard that cannot find out what it needs (an older build without the reader) lets the call
//! pass: it refuses only what it knows to fail or to harm.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::LazyLock;

use resolve_api::catalogue::{Effect, Method, catalogue};
use resolve_api::facts::read_back::{NEW_OBJECT, table as read_back_table};
use resolve_api::facts::version::Version;
use resolve_api::facts::{EVERY_CALL, Fact, Handling, facts};
use resolve_api::shorten::shortened;
use resolve_api::wire::{Connection, MethodCall};
use resolve_api::{Fault, Locator, Value};

use crate::error::CallError;

mod append;
mod archive;
mod delete;
mod dialog;
mod file;
mod format;
mod item;
mod marker;
mod media;
mod named;
mod page;
mod place;
mod project;
mod read_back;
mod render;
#[cfg(test)]
mod script;
mod setting;
mod table;
#[cfg(test)]
mod tests;
mod there;
mod timeline;

pub use table::GUARDS;

/// The boxed answer of one call.
pub type Called<'a> = Pin<Box<dyn Future<Output = Result<Value, CallError>> + Send + 'a>>;

/// The boxed outcome of a guarded call.
pub type Guarded<'a> = Pin<Box<dyn Future<Output = Result<Outcome, CallError>> + Send + 'a>>;

/// What a guard makes its calls with; nothing of another caller may run between them.
pub trait Caller: Send + Sync {
    /// Makes one call, without any guard.
    fn call(&self, call: MethodCall) -> Called<'_>;

    /// Who answers as Resolve, once that is known.
    fn connection(&self) -> Option<Connection>;
}

/// What came of a guarded call.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The answer.
    pub value: Value,
    /// What is known about its effect.
    pub proof: Proof,
    /// What the guards did or noticed, each a lowercase phrase for whoever made the call.
    pub remarks: Vec<String>,
}

/// What is known about the effect of a call beside its answer.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Proof {
    /// Nothing more: a read, or the answer says by itself what was observed.
    #[default]
    Answer,
    /// The write was read back and is as it was asked for.
    ReadBack {
        /// `Class.Method` that showed it.
        reader: String,
        /// What was asked for, in the form of the reader's answer.
        requested: Value,
        /// What it showed.
        observed: Value,
    },
    /// A guard saw the effect in another way.
    Seen {
        /// How, in a few words.
        how: String,
    },
    /// It could not be read back this time.
    Unverified {
        /// Why.
        reason: String,
    },
}

/// One guard.
pub struct Guard {
    /// Its name, as the facts have it.
    pub name: &'static str,
    /// What it does, in one sentence.
    pub doc: &'static str,
    /// Whether it may concern the calls of a method at all.
    pub concerns: fn(&Method) -> bool,
    /// The layer itself.
    pub around: for<'a> fn(Next<'a>, MethodCall) -> Guarded<'a>,
}

/// The rest of the layers and the call at their core, as a guard sees them.
#[derive(Clone, Copy)]
pub struct Next<'a> {
    caller: &'a dyn Caller,
    rest: &'a [&'static Guard],
}

/// Makes a call with every guard that concerns it.
///
/// # Errors
/// What the call itself gives, and the refusals of the guards: [`CallError::InvalidArgument`], a
/// [`Fault::Refused`] with a reason, and [`CallError::NotVerified`] where the effect is not what was asked for.
pub async fn guarded(caller: &dyn Caller, call: MethodCall) -> Result<Outcome, CallError> {
    let row = catalogue().method(call.on.class(), &call.method);
    let guards = row.map_or_else(Vec::new, |row| guards_of_row(row, || caller.connection()));
    let given = call.args.len();
    let outcome = Next { caller, rest: &guards }.proceed(call).await;
    let mut outcome = match row {
        Some(row) => outcome.map_err(|error| named::named(row, given, error))?,
        None => outcome?,
    };
    if let Some(row) = row.filter(|_| outcome.proof == Proof::Answer) {
        outcome.proof = without_reader(row);
    }
    Ok(outcome)
}

/// What is known of a call that nothing was asked about: a write among them is one that no call shows.
pub(crate) fn without_reader(row: &Method) -> Proof {
    if row.effect == Effect::Read {
        return Proof::Answer;
    }
    match read_back_table().why_not(&row.label()) {
        Some(how @ NEW_OBJECT) => Proof::Seen { how: how.to_owned() },
        Some(why) => Proof::Unverified { reason: why.to_owned() },
        None => Proof::Unverified { reason: "this form of the call is shown by no other".to_owned() },
    }
}

/// The guards of a call in the version that answers, the outermost first. Without one, [`Caller::call`] does.
pub fn guards_of(call: &MethodCall, connection: Option<&Connection>) -> Vec<&'static Guard> {
    let row = catalogue().method(call.on.class(), &call.method);
    row.map_or_else(Vec::new, |row| guards_of_row(row, || connection.cloned()))
}

/// The guards of a row in the version that answers, which is asked for only where there may be some: most calls are
/// reads without any.
pub(crate) fn guards_of_row(
    row: &'static Method,
    connection: impl FnOnce() -> Option<Connection>,
) -> Vec<&'static Guard> {
    let concerned = concerned(row);
    if concerned.is_empty() {
        return Vec::new();
    }
    let version = connection().and_then(|connection| connection.version.parse::<Version>().ok());
    let label = row.label();
    concerned.iter().copied().filter(|guard| acts(guard.name, &label, version.as_ref())).collect()
}

/// The guards that may concern a row; worked out once, since every call asks.
fn concerned(row: &'static Method) -> &'static [&'static Guard] {
    static CONCERNED: LazyLock<HashMap<String, Vec<&'static Guard>>> = LazyLock::new(|| {
        let guards = |row: &Method| GUARDS.iter().filter(|guard| (guard.concerns)(row)).collect::<Vec<_>>();
        let rows = catalogue().methods().map(|row| (row.label(), guards(row)));
        rows.filter(|(_, guards)| !guards.is_empty()).collect()
    });
    CONCERNED.get(&row.label()).map_or(&[], Vec::as_slice)
}

/// Whether one of the guard's facts holds: of those about this method where there are any, else of all. Reading back
/// needs none: that a write was seen to fail in one build is no reason to believe it in the others.
fn acts(guard: &str, label: &str, version: Option<&Version>) -> bool {
    if guard == read_back::NAME {
        return true;
    }
    let behind = behind(guard);
    let about = |fact: &Fact| fact.on.iter().any(|name| name == label || name == EVERY_CALL);
    let named = behind.iter().any(|fact| about(fact));
    behind.iter().any(|fact| (!named || about(fact)) && facts().holds(fact, version))
}

/// The facts that a guard is there for.
pub fn behind(guard: &str) -> &'static [&'static Fact] {
    static BEHIND: LazyLock<HashMap<&'static str, Vec<&'static Fact>>> = LazyLock::new(|| {
        let mut behind: HashMap<&str, Vec<&Fact>> = HashMap::new();
        for fact in facts().all() {
            match &fact.server {
                Handling::Guard(name) => behind.entry(name).or_default().push(fact),
                Handling::ReadBack(_) => behind.entry(read_back::NAME).or_default().push(fact),
                _ => {}
            }
        }
        behind
    });
    BEHIND.get(guard).map_or(&[], Vec::as_slice)
}

impl<'a> Next<'a> {
    /// Makes the call through the layers that are left. A guard may do so more than once.
    pub fn proceed(self, call: MethodCall) -> Guarded<'a> {
        match self.rest.split_first() {
            Some((guard, rest)) => (guard.around)(Self { rest, ..self }, call),
            None => Box::pin(async move {
                there::required(&call).await?;
                Ok(Outcome::from(self.caller.call(call).await?))
            }),
        }
    }

    /// Asks for something on the side. `None` where it cannot be told: the build lacks the method, the object is
    /// not there, or Resolve did not answer the question.
    ///
    /// # Errors
    /// What would also end the guarded call: no connection, no interpreter, a deadline.
    pub async fn ask(
        self,
        on: Locator,
        method: &str,
        args: impl Into<Vec<Value>>,
    ) -> Result<Option<Value>, CallError> {
        match self.caller.call(MethodCall::new(on, method, args)).await {
            Ok(answer) => Ok(Some(answer)),
            Err(CallError::Fault(fault)) if !fault.ends_the_connection() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// [`Next::ask`] for text that is not empty.
    ///
    /// # Errors
    /// As [`Next::ask`].
    pub async fn ask_text(
        self,
        on: Locator,
        method: &str,
        args: impl Into<Vec<Value>>,
    ) -> Result<Option<String>, CallError> {
        let answer = self.ask(on, method, args).await?;
        Ok(answer.and_then(|answer| answer.as_str().map(str::to_owned)).filter(|text| !text.is_empty()))
    }

    /// Whether a fact holds in the version that answers.
    pub fn holds(self, fact: &str) -> bool {
        let version = self.caller.connection().and_then(|connection| connection.version.parse().ok());
        facts().get(fact).is_some_and(|fact| facts().holds(fact, version.as_ref()))
    }

    /// Who answers as Resolve.
    pub fn connection(self) -> Option<Connection> {
        self.caller.connection()
    }
}

impl Outcome {
    /// The same, with a remark more.
    pub fn remark(mut self, remark: impl Into<String>) -> Self {
        self.remarks.push(remark.into());
        self
    }

    /// The same, with its effect seen.
    pub fn seen(mut self, how: impl Into<String>) -> Self {
        self.proof = Proof::Seen { how: how.into() };
        self
    }
}

impl From<Value> for Outcome {
    fn from(value: Value) -> Self {
        Self { value, proof: Proof::Answer, remarks: Vec::new() }
    }
}

/// The guard does not let the call through, or explains why Resolve did not.
fn refused(call: &MethodCall, reason: impl Into<String>) -> CallError {
    CallError::Fault(Fault::Refused { method: call.label(), reason: Some(reason.into()) })
}

/// An argument that is wrong for the state of the project.
fn wrong(
    path: impl Into<String>,
    reason: impl Into<String>,
    hint: &str,
    candidates: Vec<Value>,
) -> CallError {
    let hint = (!hint.is_empty()).then(|| hint.to_owned());
    CallError::InvalidArgument { path: path.into(), reason: reason.into(), hint, candidates }
}

/// The effect is not what was asked for.
fn not_verified(
    call: &MethodCall,
    what: impl Into<String>,
    requested: impl Into<String>,
    observed: impl Into<String>,
) -> CallError {
    let (what, requested, observed) = (what.into(), requested.into(), observed.into());
    CallError::NotVerified { method: call.label(), what, requested, observed }
}

/// Whether Resolve refused the call without a reason.
fn bare_refusal(outcome: &Result<Outcome, CallError>) -> bool {
    matches!(outcome, Err(CallError::Fault(Fault::Refused { reason: None, .. })))
}

/// Whether Resolve refused the call, with a reason or without.
fn is_refusal(outcome: &Result<Outcome, CallError>) -> bool {
    matches!(outcome, Err(CallError::Fault(Fault::Refused { .. })))
}

/// Whether more calls make sense after this outcome.
fn still_there(outcome: &Result<Outcome, CallError>) -> bool {
    outcome.as_ref().err().is_none_or(CallError::can_go_on)
}

/// A value as text for a message: short, and as JSON.
fn text_of(value: &Value) -> String {
    /// Longer values say nothing more in a sentence.
    const LONGEST: usize = 300;
    shortened(serde_json::to_string(value).unwrap_or_else(|error| error.to_string()), LONGEST)
}
