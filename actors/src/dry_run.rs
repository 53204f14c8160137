//! Dry runs: a call is looked at up to its write, and what the write would change is told instead.

use std::sync::{Mutex, PoisonError};

use indexmap::IndexMap;
use resolve_api::catalogue::{Effect, Method, catalogue};
use resolve_api::facts::read_back::{Verdict, table as read_back_table};
use resolve_api::facts::undo::{Way, table as undo_table};
use resolve_api::wire::{Connection, MethodCall};
use resolve_api::{Fault, Locator, Value, engine};
use tokio::sync::Notify;

use crate::config::Backend;
use crate::error::CallError;
use crate::guard::{self, Called, Caller};
use crate::operation::{Answer, Args};
use crate::session::Session;

mod batch;
mod object;
mod restore;

pub(crate) use batch::batch;

/// The argument of every tool that changes something.
pub const DRY_RUN: &str = "dry_run";

/// What an undo does for render jobs that are deleted.
const JOBS_AGAIN: &str =
    "queues the jobs again, with other ids and what the queue tells of them: not their quality";

/// Whether the arguments of a task-shaped tool ask for its plan alone.
pub(crate) fn asked(args: &Args) -> bool {
    args.get(DRY_RUN) == Some(&Value::Bool(true))
}

/// The answer of a task-shaped tool that was asked for its plan alone.
pub(crate) fn plan(would: &str, plan: impl IntoIterator<Item = (&'static str, Value)>) -> Answer {
    let head = [(DRY_RUN, true.into()), ("would", would.into())];
    Value::map(head.into_iter().chain(plan)).into()
}

/// What one call would change. Its object, the objects among its arguments and its guards are looked at as they would
/// be for the call itself.
///
/// # Errors
/// What the call itself would be refused for before it is made: an object that is not there, a guard, or that the engine
/// lacks the method.
pub(crate) async fn method(session: &Session, call: MethodCall) -> Result<Value, CallError> {
    let label = call.label();
    if session.backend() == Backend::Engine
        && let Some(reason) = engine::lacks(&label)
    {
        return Err(Fault::Unsupported { method: label, reason: reason.to_owned() }.into());
    }
    let Some(row) = catalogue().method(call.on.class(), &call.method) else {
        let (class, method) = (call.on.class().to_owned(), call.method.clone());
        return Err(Fault::NoSuchMethod { class, method, version: "the catalogue".to_owned() }.into());
    };
    let on = object::described(session, &call.on).await?;
    let objects = object::named(session, &call.args).await?;
    let stage = Stage::new(session, label);
    let reached = stage.reach(call).await?;
    let (call, before) = match reached {
        Reached::Write { call, before } => (call, before),
        Reached::Answered(value) => {
            return Ok(Value::map([(DRY_RUN, true.into()), ("would_answer", value)]));
        }
    };
    let mut told: IndexMap<String, Value> = IndexMap::from_iter([
        (DRY_RUN.to_owned(), true.into()),
        ("would_call".to_owned(), call.label().into()),
        ("on".to_owned(), on),
        ("args".to_owned(), by_name(row, &call)),
    ]);
    let mut tell = |name: &str, value: Value| drop(told.insert(name.to_owned(), value));
    if !before.is_empty() {
        tell("first", before.iter().map(MethodCall::label).map(Value::from).collect::<Vec<_>>().into());
    }
    if !objects.is_empty() {
        tell("count", Value::Int(objects.len() as i64));
        let inside = if row.effect == Effect::Destructive { objects.as_slice() } else { &[] };
        tell("objects", object::shown(session, &objects, inside).await?);
    }
    for (name, value) in values(session, &call).await? {
        tell(name, value);
    }
    if let Some(items) = object::on_its_track(session, &call).await? {
        tell("items_on_it", items);
    }
    for (name, value) in taken_back(session, &call, row).await? {
        tell(name, value);
    }
    Ok(Value::Map(told))
}

/// The arguments by the names of the row; by position where it has none for them.
fn by_name(row: &Method, call: &MethodCall) -> Value {
    if call.args.len() > row.params.len() {
        return call.args.clone().into();
    }
    let names = row.params.iter().map(|param| param.name.as_str());
    Value::map(names.zip(call.args.iter().cloned()))
}

/// What is there now, and what is asked for, where a call shows it.
async fn values(session: &Session, call: &MethodCall) -> Result<Vec<(&'static str, Value)>, CallError> {
    let Some(row) = read_back_table().for_write(call) else { return Ok(Vec::new()) };
    let Some(reader) = row.call(call, &Value::Null) else { return Ok(Vec::new()) };
    let Some(read) = maybe(session, reader).await? else { return Ok(Vec::new()) };
    Ok(match row.judge(call, &Value::Null, &read) {
        Verdict::Differs { requested, observed } => vec![("now", observed), ("requested", requested)],
        Verdict::Verified { requested, observed } => {
            vec![("now", observed), ("requested", requested), ("is_so_already", true.into())]
        }
        Verdict::CannotTell => Vec::new(),
    })
}

/// Whether undo would take it back, and how much of what is there it would take away.
async fn taken_back(
    session: &Session,
    call: &MethodCall,
    row: &Method,
) -> Result<Vec<(&'static str, Value)>, CallError> {
    Ok(match undo_table().way(call) {
        Way::Nothing => vec![("undo", "it leaves nothing in the project to take back".into())],
        Way::Cannot(why) => vec![("undo", format!("cannot take it back: {why}").into())],
        Way::Grade(_) => vec![("undo", "takes it back: the grade before is kept as a version".into())],
        Way::Timeline(_) => {
            vec![("undo", "takes it back: a copy of the timeline that is made before takes its place".into())]
        }
        Way::Timelines | Way::Clips | Way::Folders | Way::Links => {
            vec![("undo", restore::told(session, call).await.into())]
        }
        Way::Moved => vec![("undo", "takes it back: it is moved to where it lies now".into())],
        Way::Added => {
            vec![(
                "undo",
                "takes it back: what it brings into the media pool is deleted, if nobody has used it".into(),
            )]
        }
        Way::Appended => {
            vec![("undo", "takes it back: the items and the tracks that it adds are deleted".into())]
        }
        Way::Jobs => vec![("undo", JOBS_AGAIN.into())],
        Way::ColorGroup => {
            vec![("undo", "makes the group anew with its items, if it has no grade of its own".into())]
        }
        Way::Stills if call.method == "DeleteStills" => {
            vec![(
                "undo",
                "takes it back: the stills are exported before, if this build can, and imported again".into(),
            )]
        }
        Way::Project => {
            vec![("undo", "imports the project again from a file that is exported before".into())]
        }
        Way::Mattes => vec![("undo", "takes it back: the clip gets the mattes again that it has now".into())],
        Way::Analysis if row.effect == Effect::Destructive => {
            vec![("undo", "cannot take it back: no call writes what an analysis has found".into())]
        }
        Way::Analysis => {
            vec![("undo", "takes it back: what it finds in clips that have none now is cleared".into())]
        }
        Way::Synced => {
            vec![(
                "undo",
                "imports the clips again without the sound, as long as no timeline shows them".into(),
            )]
        }
        Way::Stills => vec![("undo", "takes it back: the stills that come in are deleted".into())],
        Way::Preset(_) => {
            vec![(
                "undo",
                "puts the preset back from a file that is written before, if this build writes one".into(),
            )]
        }
        Way::ProjectSettings => {
            vec![("undo", "takes it back: the settings that it changes are set back".into())]
        }
        Way::RenderSettings => {
            vec![("undo", "takes it back: the settings before are kept as a render preset in a file".into())]
        }
        Way::Calls(plan) => {
            let mut told = vec![("undo", Value::from("takes it back"))];
            let Some(reader) = plan.reader().cloned() else { return Ok(told) };
            let Some(old) = maybe(session, reader).await? else { return Ok(told) };
            // Each call that would put something back stands for something that would be gone.
            if row.effect == Effect::Destructive
                && let Some(back) = plan.calls(&true.into(), &old)
            {
                told.insert(0, ("would_remove", Value::Int(back.len() as i64)));
            }
            told
        }
    })
}

/// What a call on the side answers; `None` where it cannot be told.
async fn maybe(session: &Session, call: MethodCall) -> Result<Option<Value>, CallError> {
    match session.ask(call.on, &call.method, call.args).await {
        Ok(answer) => Ok(Some(answer)),
        Err(CallError::Fault(fault)) if !matches!(fault, Fault::NotConnected { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// How far the guards let a call come.
enum Reached {
    /// It would be made, with these arguments, after these calls of the guards.
    Write { call: MethodCall, before: Vec<MethodCall> },
    /// A guard answered in its place.
    Answered(Value),
}

/// Stands before the session while the guards run: what reads goes through, what writes is noted and goes nowhere.
struct Stage<'s> {
    session: &'s Session,
    /// The write that is looked for.
    label: String,
    noted: Mutex<Noted>,
    reached: Notify,
}

#[derive(Default)]
struct Noted {
    call: Option<MethodCall>,
    before: Vec<MethodCall>,
    /// The page that a guard would have opened.
    page: Option<Value>,
}

impl<'s> Stage<'s> {
    fn new(session: &'s Session, label: String) -> Self {
        Self { session, label, noted: Mutex::default(), reached: Notify::new() }
    }

    async fn reach(&self, call: MethodCall) -> Result<Reached, CallError> {
        let outcome = tokio::select! {
            biased;
            // What the guards do after the write is not reached: dropping them ends them where it would begin.
            () = self.reached.notified() => None,
            outcome = guard::guarded(self, call) => Some(outcome?),
        };
        let noted = std::mem::take(&mut *self.noted.lock().unwrap_or_else(PoisonError::into_inner));
        Ok(match (noted.call, outcome) {
            (Some(call), _) => Reached::Write { call, before: noted.before },
            (None, outcome) => Reached::Answered(outcome.map_or(Value::Null, |outcome| outcome.value)),
        })
    }
}

impl Caller for Stage<'_> {
    fn call(&self, call: MethodCall) -> Called<'_> {
        let label = call.label();
        let effect = catalogue().method_by_label(&label).map_or(Effect::Write, |row| row.effect);
        if effect == Effect::Read {
            let page = self.noted.lock().unwrap_or_else(PoisonError::into_inner).page.clone();
            return match page {
                Some(page) if label == "Resolve.GetCurrentPage" => Box::pin(async move { Ok(page) }),
                _ => Box::pin(async move { self.session.ask(call.on, &call.method, call.args).await }),
            };
        }
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        if label == self.label {
            noted.call = Some(call);
            self.reached.notify_one();
            return Box::pin(std::future::pending());
        }
        if label == "Resolve.OpenPage" {
            noted.page = call.args.first().cloned();
        }
        noted.before.push(call);
        Box::pin(async { Ok(true.into()) })
    }

    fn connection(&self) -> Option<Connection> {
        self.session.connection()
    }
}

/// That a dry run came to a call that changes something: a fault of the tool, which is told and not made.
pub(crate) fn would_write(call: &str) -> CallError {
    CallError::Internal {
        method: call.to_owned(),
        reason: "a dry run came to a call that changes something".into(),
    }
}

/// The locators among values, in their order.
fn locators<'v>(values: &'v [Value], found: &mut Vec<&'v Locator>) {
    for value in values {
        match value {
            Value::Object(object) => found.push(&object.locator),
            Value::List(items) => locators(items, found),
            Value::Map(entries) => {
                entries.values().for_each(|entry| locators(std::slice::from_ref(entry), found))
            }
            _ => {}
        }
    }
}
