//! A lease on the interpreter for several steps: nothing of another caller runs between them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use resolve_api::batch::{Batch, BatchStep, StepOutcome, Target};
use resolve_api::catalogue::{Effect, catalogue};
use resolve_api::wire::{Connection, MethodCall};
use resolve_api::{Fault, Locator, Value};
use tokio::sync::Mutex;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::batch::effect_of;
use crate::config::Backend;
use crate::domain::{Arguments, submit};
use crate::dry_run;
use crate::error::CallError;
use crate::guard::{Called, Caller};
use crate::interpreter;
use crate::job::{Job, Observer, Port, Work};
use crate::journal::{Correction, Journal};
use crate::lease::Lease;
use crate::operation::Operation;
use crate::pace::Estimate;
use crate::revision::Revisions;
use crate::ticket::{Progress, Ticket};
use crate::undo::Recorder;

/// Gives an operation its calls of the scripting API, one after another.
///
/// The lease is taken with the first call and ends with [`Session::release`] or with the operation, also when that
/// panics. If the host ends meanwhile, the call in flight and all later ones fail: what stood before is not
/// repeated on the next host.
pub struct Session {
    domain: Arguments,
    name: String,
    effect: Effect,
    /// How long a single call may run, where the caller said so.
    call_deadline: Option<Duration>,
    ends_at: Instant,
    cancel: CancellationToken,
    ticket: Ticket,
    lease: Mutex<Option<Lease>>,
    recorder: Recorder,
    /// Whether anything was sent that does more than read.
    acted: AtomicBool,
    /// Whether nothing may be changed.
    dry_run: bool,
}

/// What a session for the calls of methods is made of.
pub(crate) struct Methods {
    /// `Class.Method`, or what the calls are together, for messages.
    pub(crate) name: String,
    /// The strongest effect of the calls.
    pub(crate) effect: Effect,
    /// See [`crate::Call::deadline`]: of each call.
    pub(crate) call_deadline: Option<Duration>,
    /// How long all of it may take, with the wait for its turn.
    pub(crate) within: Duration,
    /// Cancelled when the caller goes away.
    pub(crate) cancel: CancellationToken,
    /// Whether it may still start.
    pub(crate) ticket: Ticket,
    /// Collects what takes its writes back.
    pub(crate) recorder: Recorder,
    /// Whether only what would change is told.
    pub(crate) dry_run: bool,
}

impl Session {
    pub(crate) fn new(
        domain: Arguments,
        operation: &Operation,
        deadline: Duration,
        cancel: CancellationToken,
        ticket: Ticket,
        recorder: Recorder,
    ) -> Self {
        Self {
            domain,
            name: operation.name.to_owned(),
            effect: operation.effect,
            call_deadline: None,
            ends_at: Instant::now() + deadline,
            cancel,
            ticket,
            lease: Mutex::new(None),
            recorder,
            acted: AtomicBool::new(false),
            dry_run: false,
        }
    }

    /// The same session, which makes no call that changes something.
    pub(crate) fn in_dry_run(self, dry_run: bool) -> Self {
        let effect = if dry_run { Effect::Read } else { self.effect };
        Self { dry_run, effect, ..self }
    }

    /// Whether only what would change is told.
    pub(crate) fn is_dry_run(&self) -> bool {
        self.dry_run
    }

    /// A session for the calls of methods that somebody made by name, with the steps around them.
    pub(crate) fn of_methods(domain: Arguments, methods: Methods) -> Self {
        let Methods { name, effect, call_deadline, within, cancel, ticket, recorder, dry_run } = methods;
        let (ends_at, lease, acted) = (Instant::now() + within, Mutex::new(None), AtomicBool::new(false));
        Self { domain, name, effect, call_deadline, ends_at, cancel, ticket, lease, recorder, acted, dry_run }
    }

    /// Calls a method, within the lease and what is left of the operation's deadline.
    ///
    /// # Errors
    /// Every [`CallError`] of a single call. [`CallError::Cancelled`] when the caller went away before the
    /// operation started or, where it only reads, between two of its steps.
    pub async fn call(
        &self,
        on: Locator,
        method: &str,
        args: impl Into<Vec<Value>>,
    ) -> Result<Value, CallError> {
        let call = MethodCall::new(on, method, args);
        if !self.recorder.is_concerned(&call) {
            let answer = self.make(call.clone()).await;
            if let Ok(answer) = &answer {
                self.recorder.saw(&call, answer);
            }
            return answer;
        }
        self.settle().await;
        let before = self.recorder.before(self, &call).await;
        let answer = self.make(call).await;
        if let Some(before) = before {
            self.recorder.after(self, before, &answer).await;
        }
        answer
    }

    /// What collects how its writes are taken back.
    pub(crate) fn recorder(&self) -> &Recorder {
        &self.recorder
    }

    /// The unique id of the open project; read once while the same one is open. `None` where none is.
    pub(crate) async fn project_id(&self) -> Option<String> {
        if let Some(id) = self.domain.board.project() {
            return Some(id);
        }
        let Ok(Value::Str(id)) = self.ask(Locator::Project, "GetUniqueId", vec![]).await else { return None };
        self.note_project(id.clone());
        Some(id)
    }

    /// The journal of this server, where there is one.
    pub(crate) fn journal(&self) -> Option<&Arc<Journal>> {
        self.domain.board.journal()
    }

    /// Whether [`Session::project_id`] needs no call.
    pub(crate) fn knows_project(&self) -> bool {
        self.domain.board.project().is_some()
    }

    /// Notes the unique id of the open project, as the last reply had it.
    pub(crate) fn note_project(&self, id: String) {
        self.domain.board.note_project(id);
    }

    /// Tells of a write that was made with [`Session::batch`], and what was there before it and after.
    pub(crate) async fn wrote(&self, call: &MethodCall, old: Value, now: &Value) {
        self.recorder.made(self, call, old, now).await;
    }

    /// A call that is none of the tool's own writes.
    pub(crate) async fn ask(&self, on: Locator, method: &str, args: Vec<Value>) -> Result<Value, CallError> {
        self.make(MethodCall::new(on, method, args)).await
    }

    async fn make(&self, call: MethodCall) -> Result<Value, CallError> {
        let lease = self.lease().await?;
        let effect =
            catalogue().method(call.on.class(), &call.method).map_or(Effect::Write, |row| row.effect);
        if self.dry_run && effect != Effect::Read {
            return Err(dry_run::would_write(&call.label()));
        }
        self.go_on(effect, Some(&call.on))?;
        let deadline = self.call_deadline.unwrap_or_else(|| self.domain.deadlines.of(effect));
        let deadline = deadline.min(self.remaining());
        let (port, answer) = Port::new(None);
        let label = call.label();
        let work = Work::Step(lease, call, port.late(self.late(effect, &label)));
        submit(&self.domain.directory, self.job(label.clone(), deadline, self.ticket.of_a_step(), work));
        answer.await.unwrap_or_else(|_| Err(self.lost(label)))
    }

    /// Makes the calls of a batch in one hop to the interpreter, within the lease and what is left of the
    /// operation's deadline. They are made as they stand, without any guard.
    ///
    /// # Errors
    /// As [`Session::call`] for the batch as a whole; what each step met is its own outcome.
    pub async fn batch(&self, batch: Batch) -> Result<Vec<StepOutcome>, CallError> {
        let lease = self.lease().await?;
        let effect = effect_of(&batch);
        if self.dry_run && effect != Effect::Read {
            return Err(dry_run::would_write("a batch"));
        }
        let on = batch.steps.iter().find_map(|step| match &step.on {
            Target::Object(on) => Some(on),
            Target::Earlier { .. } => None,
        });
        self.go_on(effect, on)?;
        let label = match &batch.steps[..] {
            [only] => only.label(),
            steps => format!(
                "{} calls from {} on",
                steps.len(),
                steps.first().map_or("none".into(), BatchStep::label)
            ),
        };
        let (port, answer) = Port::new(None);
        let work = Work::Batch(lease, batch, port);
        let deadline = self.domain.deadlines.batch.min(self.remaining());
        submit(&self.domain.directory, self.job(label.clone(), deadline, self.ticket.of_a_step(), work));
        answer.await.unwrap_or_else(|_| Err(self.lost(label)))
    }

    /// Whether a call with this effect may follow: what has only read so far is not begun for a caller that has left.
    /// Nor is a change begun in a project of which its client was not told that it is another one than before.
    fn go_on(&self, effect: Effect, on: Option<&Locator>) -> Result<(), CallError> {
        let acted = self.acted.load(Ordering::Relaxed);
        if (self.effect == Effect::Read || !acted) && self.cancel.is_cancelled() {
            return Err(CallError::Cancelled);
        }
        if effect == Effect::Read {
            return Ok(());
        }
        let of_a_project = on.filter(|on| {
            !matches!(
                on,
                Locator::Resolve | Locator::ProjectManager | Locator::MediaStorage | Locator::Fusion
            )
        });
        if let (false, Some(on)) = (acted, of_a_project)
            && let Some(change) =
                self.ticket.client().and_then(|client| client.news(self.domain.board.opened()))
        {
            return Err(Fault::Stale { what: on.clone(), change: Some(Box::new(change)) }.into());
        }
        self.acted.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// Hears of an answer that comes when this tool call has been given up, if it is noted.
    fn late(&self, effect: Effect, label: &str) -> Option<Observer<Value>> {
        let entry = self.ticket.entry().filter(|_| effect != Effect::Read)?.clone();
        let (whole, method) = (self.name == label, label.to_owned());
        Some(Box::new(move |answer| entry.late(&method, whole, answer)))
    }

    /// Notes how far a call of many parts is.
    pub(crate) fn is_at(&self, progress: Progress) {
        self.ticket.is_at(progress);
    }

    /// What corrects the entry of the call in the journal, if it is noted.
    pub(crate) fn entry(&self) -> Option<&Correction> {
        self.ticket.entry()
    }

    /// Notes how long the call will take as earlier ones tell, from now on.
    pub(crate) fn expects(&self, estimate: Estimate) {
        self.ticket.expects(estimate);
    }

    /// Notes how many bytes of what the call writes are there.
    pub(crate) fn has_written(&self, bytes: u64) {
        self.ticket.has_written(bytes);
    }

    /// Whether somebody wants it to stop before its next part.
    pub(crate) fn is_asked_to_stop(&self) -> bool {
        self.ticket.is_asked_to_stop()
    }

    /// Who answers as Resolve, once the host has connected.
    pub fn connection(&self) -> Option<Connection> {
        self.domain.board.connection()
    }

    /// What reads have seen.
    pub(crate) fn revisions(&self) -> &Revisions {
        &self.domain.board.revisions
    }

    /// What stands behind the interpreter.
    pub fn backend(&self) -> Backend {
        self.domain.board.backend()
    }

    /// The backend's LUT folder, where the server may write to it.
    pub(crate) fn lut_folder(&self) -> Option<&std::path::Path> {
        self.domain.lut_folder.as_deref()
    }

    /// The Python that looks into finished files.
    pub(crate) fn prober(&self) -> Option<&std::path::Path> {
        self.domain.prober.as_deref()
    }

    /// What is left of the operation's deadline.
    pub fn remaining(&self) -> Duration {
        self.ends_at.duration_since(Instant::now())
    }

    /// Lets other callers at the interpreter; the next call takes a new lease.
    pub async fn release(&self) {
        *self.lease.lock().await = None;
    }

    /// Releases the lease and waits, for no longer than the deadline allows.
    ///
    /// # Errors
    /// [`CallError::Cancelled`] when the caller goes away meanwhile.
    pub async fn pause(&self, length: Duration) -> Result<(), CallError> {
        self.release().await;
        tokio::select! {
            () = tokio::time::sleep(length.min(self.remaining())) => Ok(()),
            () = self.cancel.cancelled() => Err(CallError::Cancelled),
        }
    }

    /// The number of the lease, which is taken if there is none.
    async fn lease(&self) -> Result<u64, CallError> {
        let mut lease = self.lease.lock().await;
        if let Some(lease) = &*lease {
            return Ok(lease.id());
        }
        if self.cancel.is_cancelled() && self.ticket.withdraw() {
            return Err(CallError::Cancelled);
        }
        let (port, granted) = Port::new(None);
        let job = self.job(self.name.clone(), self.remaining(), self.ticket.clone(), Work::Lease(port));
        submit(&self.domain.directory, job);
        tokio::pin!(granted);
        let granted = tokio::select! {
            biased;
            granted = &mut granted => granted,
            // Nobody wants it any more: it does not start, unless that has just happened.
            () = self.cancel.cancelled(), if self.ticket.is_waiting() => {
                if self.ticket.withdraw() {
                    // The wish for a lease that nobody has any more is not kept until its turn.
                    let _ = self.domain.directory.interpreter(interpreter::Msg::Tick);
                    return Err(CallError::Cancelled);
                }
                granted.await
            }
        };
        let granted = granted.unwrap_or_else(|_| Err(self.lost(self.name.clone())))?;
        let id = granted.id();
        *lease = Some(granted);
        Ok(id)
    }

    fn job(&self, label: String, deadline: Duration, ticket: Ticket, work: Work) -> Job {
        let give_up_at = (Instant::now() + self.domain.deadlines.turn).min(self.ends_at);
        Job { label, effect: self.effect, deadline, give_up_at, ticket, work }
    }

    fn lost(&self, method: String) -> CallError {
        let reason = "the actor in front of the interpreter went away".to_owned();
        CallError::Internal { method, reason }
    }
}

impl Caller for Session {
    fn call(&self, call: MethodCall) -> Called<'_> {
        Box::pin(async move { Session::call(self, call.on, &call.method, call.args).await })
    }

    fn connection(&self) -> Option<Connection> {
        Session::connection(self)
    }
}

/// Makes calls with their guards, of which nothing is noted: what takes them back is looked up for all of them together.
pub(crate) struct Unrecorded<'s>(pub(crate) &'s Session);

impl Caller for Unrecorded<'_> {
    fn call(&self, call: MethodCall) -> Called<'_> {
        Box::pin(async move { self.0.ask(call.on, &call.method, call.args).await })
    }

    fn connection(&self) -> Option<Connection> {
        Session::connection(self.0)
    }
}
