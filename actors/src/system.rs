//! The door to the actors: start, call, status, stop.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use ractor::concurrency::JoinHandle;
use ractor::{ActorRef, ActorRuntime, SpawnErr};
use resolve_api::Fault;
use resolve_api::catalogue::{Domain, Effect, catalogue};
use resolve_api::wire::MethodCall;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot, watch};
use tokio_util::sync::CancellationToken;

use crate::board::{Board, Doing, Noticed, count};
use crate::config::{Config, Deadlines};
use crate::directory::Directory;
use crate::domain::{self, GuardedRequest, MethodRequest, OperationRequest};
use crate::dry_run;
use crate::error::CallError;
use crate::guard::{guards_of_row, without_reader};
use crate::interpreter;
use crate::job::Port;
use crate::journal::{Journal, Note, Noted};
use crate::left::Left;
use crate::limits::{AROUND_A_CALL, IN_PARTS_DEADLINE};
use crate::link::Connector;
use crate::metrics::Latency;
use crate::operation::{Answer, Args, Operation};
use crate::session::Methods;
use crate::status::Status;
use crate::supervisor::{self, Supervisor};
use crate::ticket::Ticket;
use crate::tree;

mod batches;

/// How long the actors may take to stop.
const STOP_WITHIN: Duration = Duration::from_millis(45);

/// How much longer than everything that a call may take its caller waits: it only runs out if an answer is lost.
const ANSWER_GRACE: Duration = Duration::from_secs(5);

/// What is called.
pub enum What {
    /// One method of the scripting API.
    Method(MethodCall),
    /// What one method would change, without a change.
    DryRun(MethodCall),
    /// A task-shaped tool, with arguments that have been checked against its parameters.
    Operation(&'static Operation, Args),
}

/// One call of an agent.
pub struct Call {
    /// What is called.
    pub what: What,
    /// How long it may run; the default of its effect when absent.
    pub deadline: Option<Duration>,
    /// Cancelled when the caller goes away: a call that has not started then never does.
    pub cancel: CancellationToken,
    /// Where it is noted; a call that changes nothing is not.
    pub noted: Option<Noted>,
    /// The revision that it is based on: it is refused when something else changed what that saw.
    pub based_on: Option<String>,
    /// Of this call alone: tells how it goes on.
    pub ticket: Ticket,
}

/// The running actors.
pub struct System {
    config: Config,
    pub(crate) board: Arc<Board>,
    directory: Directory,
    permits: Arc<Semaphore>,
    stopping: CancellationToken,
    root: ActorRef<supervisor::Msg>,
    _root_task: JoinHandle<Result<JoinHandle<()>, SpawnErr>>,
}

impl System {
    /// Starts the actors and returns at once; the host is started in the background.
    ///
    /// Must be called within a Tokio runtime.
    ///
    /// # Errors
    /// [`CallError::Internal`] when the actors cannot be started, which only a fault of this server causes.
    pub fn start(config: Config) -> Result<Self, CallError> {
        let connector = Arc::new(config.host.clone());
        Self::start_on(config, connector)
    }

    /// Starts the actors on hosts from elsewhere than the command of the configuration.
    pub(crate) fn start_on(config: Config, connector: Arc<dyn Connector>) -> Result<Self, CallError> {
        let board = Arc::new(Board::new(config.backend, config.queue_limit));
        let directory = Directory::default();
        let stopping = CancellationToken::new();
        let children = tree::children(&tree::Roots {
            connector,
            board: board.clone(),
            directory: directory.clone(),
            deadlines: config.deadlines,
            lut_folder: config.lut_folder.as_deref().map(Arc::from),
            prober: config.prober.as_deref().map(Arc::from),
            stopping: stopping.clone(),
            epochs: Arc::new(AtomicU64::new(0)),
        });
        let (root, root_task) =
            ActorRuntime::<Supervisor>::spawn_instant(None, Supervisor, (children, config.restarts))
                .map_err(|error| CallError::Internal {
                    method: "start".to_owned(),
                    reason: error.to_string(),
                })?;
        let permits = Arc::new(Semaphore::new(config.queue_limit));
        Ok(Self { config, board, directory, permits, stopping, root, _root_task: root_task })
    }

    /// Runs a call and answers what was observed.
    ///
    /// Neither dropping the future nor cancelling takes back a call that has started; one that has not never does.
    ///
    /// # Errors
    /// Every [`CallError`].
    pub async fn call(&self, call: Call) -> Result<Answer, CallError> {
        let Call { what, deadline, cancel, noted, based_on, ticket } = call;
        let permit = self.admit(&cancel)?;
        let note = |noted: Option<Noted>| noted.and_then(|noted| Note::begin(noted, &ticket));
        let dry_run = matches!(what, What::DryRun(_));
        match what {
            What::Method(call) | What::DryRun(call) => {
                let row =
                    catalogue().method(call.on.class(), &call.method).ok_or_else(|| self.unknown(&call))?;
                let note = note(noted);
                let recorder = Note::recorder(note.as_ref());
                let label = row.label();
                let effect = if dry_run { Effect::Read } else { row.effect };
                let runs = match row.can_be_stopped() && note.is_some() {
                    true => IN_PARTS_DEADLINE,
                    false => deadline.unwrap_or_else(|| self.config.deadlines.of(row.effect)),
                };
                let plain = !dry_run && note.is_none() && based_on.is_none();
                if plain && guards_of_row(row, || self.board.connection()).is_empty() {
                    let (port, answer) = Port::new(Some(permit));
                    let request = MethodRequest { call, row, deadline, ticket: ticket.clone(), port };
                    self.send(row.domain, domain::Msg::Method(request), &label).await?;
                    let left = Left { cancel: &cancel, ticket: &ticket, effect: row.effect };
                    let value = self.answer(answer, runs, left, &label).await?;
                    let revision = self.board.revisions.of_answer(&label, &value);
                    return Ok(Answer { proof: without_reader(row), revision, ..value.into() });
                }
                let methods = Methods {
                    name: label.clone(),
                    effect,
                    call_deadline: deadline,
                    within: self.config.deadlines.turn + runs + AROUND_A_CALL,
                    cancel: cancel.clone(),
                    ticket: ticket.clone(),
                    recorder,
                    dry_run,
                };
                let longest = methods.within;
                let (port, answer) = Port::new(Some(permit));
                let port = port.observed(Note::observer(note));
                let request = GuardedRequest { call, methods, based_on, port };
                self.send(row.domain, domain::Msg::Guarded(request), &label).await?;
                let left = Left { cancel: &cancel, ticket: &ticket, effect };
                self.answer(answer, longest, left, &label).await
            }
            What::Operation(operation, args) => {
                let longest = deadline.unwrap_or(self.config.deadlines.operation);
                let effect = if dry_run::asked(&args) { Effect::Read } else { operation.effect };
                let (port, answer) = Port::new(Some(permit));
                let note = note(noted);
                let recorder = Note::recorder(note.as_ref());
                let port = port.observed(Note::observer(note));
                let request = OperationRequest {
                    operation,
                    args,
                    deadline,
                    cancel: cancel.clone(),
                    ticket: ticket.clone(),
                    recorder,
                    based_on,
                    port,
                };
                self.send(operation.domain, domain::Msg::Operation(request), operation.name).await?;
                let left = Left { cancel: &cancel, ticket: &ticket, effect };
                self.answer(answer, longest, left, operation.name).await
            }
        }
    }

    /// Ends the host while it works on this call, which is then answered as interrupted: there is no other way to stop
    /// a call that has been sent. False where it does not hold the interpreter, or no more: then nothing happens.
    pub async fn interrupt(&self, ticket: &Ticket, why: &str) -> bool {
        let (told, ended) = oneshot::channel();
        let message = interpreter::Msg::End { ticket: ticket.clone(), why: why.to_owned(), told };
        self.directory.interpreter(message).is_none() && ended.await.unwrap_or(false)
    }

    /// Says where changes are noted: what an undo keeps in the project is told apart by that.
    pub fn note_journal(&self, journal: Arc<Journal>) {
        self.board.note_journal(journal);
    }

    /// How long calls may run.
    pub fn deadlines(&self) -> Deadlines {
        self.config.deadlines
    }

    /// The state of the system, from memory: it never waits for an actor or the host.
    pub fn status(&self) -> Status {
        self.board.status(self.config.queue_limit - self.permits.available_permits())
    }

    /// What was noticed of Resolve so far, and what will be.
    pub fn noticed(&self) -> watch::Receiver<Noticed> {
        self.board.noticed()
    }

    /// How long the host took for the calls of each method, from memory.
    pub fn latencies(&self) -> BTreeMap<String, Latency> {
        self.board.latencies.read()
    }

    /// Counts a call that its caller refused because too many were on their way to this.
    pub fn refused_before(&self) {
        count(&self.board.refused_busy);
    }

    /// Stops the actors and the host with every process of its group, within 50 ms; renders go on. Calls that are still
    /// open are answered with [`CallError::Unavailable`]. A second call does nothing.
    pub async fn stop(&self) {
        self.stopping.cancel();
        // An error says that it has stopped already, or takes longer than it may; the host is killed first.
        if let Err(error) = self.root.stop_and_wait(None, Some(STOP_WITHIN)).await {
            tracing::debug!(%error, "the actors had stopped before or did not stop in time");
        }
        self.board.doing(Doing::Stopped);
    }

    /// The root of the actors, for tests that end some of them.
    #[cfg(test)]
    pub(crate) fn root(&self) -> ractor::ActorCell {
        self.root.get_cell()
    }

    /// Takes a place among the calls that are not answered yet, and counts the call.
    fn admit(&self, cancel: &CancellationToken) -> Result<OwnedSemaphorePermit, CallError> {
        if cancel.is_cancelled() {
            return Err(CallError::Cancelled);
        }
        let Ok(permit) = self.permits.clone().try_acquire_owned() else {
            count(&self.board.refused_busy);
            return Err(CallError::Busy { limit: self.config.queue_limit });
        };
        count(&self.board.calls);
        Ok(permit)
    }

    async fn send(&self, domain: Domain, message: domain::Msg, label: &str) -> Result<(), CallError> {
        if self.stopping.is_cancelled() {
            return Err(stopping());
        }
        if self.directory.domain(domain, message).await {
            return Ok(());
        }
        let reason = format!("the actor of the domain {domain} does not run");
        Err(CallError::Internal { method: label.to_owned(), reason })
    }

    /// Waits for the answer, no longer than its caller does: a call that has not started is withdrawn then, and one that
    /// runs goes on without anybody.
    async fn answer<T>(
        &self,
        answer: oneshot::Receiver<Result<T, CallError>>,
        longest: Duration,
        left: Left<'_>,
        label: &str,
    ) -> Result<T, CallError> {
        let lost = |reason: &str| CallError::Internal { method: label.to_owned(), reason: reason.to_owned() };
        let at_most = self.config.deadlines.turn + longest + ANSWER_GRACE;
        let answer = tokio::time::timeout(at_most, answer);
        tokio::pin!(answer);
        tokio::select! {
            biased;
            answer = &mut answer => match answer {
                Ok(Ok(answer)) => self.counted(answer),
                Ok(Err(_)) if self.stopping.is_cancelled() => Err(stopping()),
                Ok(Err(_)) => Err(lost("the actor that worked on it went away")),
                Err(_) => Err(lost("its answer was lost")),
            },
            () = left.cancel.cancelled() => {
                let told = left.told(label);
                // What never starts keeps no place in the queue. Without an actor there is no queue.
                let _ = self.directory.interpreter(interpreter::Msg::Tick);
                Err(told)
            }
        }
    }

    /// An answer, counted where it is a refusal.
    fn counted<T>(&self, answer: Result<T, CallError>) -> Result<T, CallError> {
        match &answer {
            Err(CallError::Occupied { .. }) => count(&self.board.refused_busy),
            Err(CallError::Unavailable { .. }) => count(&self.board.refused_unavailable),
            _ => {}
        }
        answer
    }

    fn unknown(&self, call: &MethodCall) -> CallError {
        let version = self.board.connection().map_or_else(
            || "the catalogue of Resolve 21.1".to_owned(),
            |connection| format!("{} {}", connection.product, connection.version),
        );
        let class = call.on.class().to_owned();
        Fault::NoSuchMethod { class, method: call.method.clone(), version }.into()
    }
}

impl Drop for System {
    fn drop(&mut self) {
        self.stopping.cancel();
        self.root.stop(None);
    }
}

fn stopping() -> CallError {
    CallError::Unavailable { reason: "the server is stopping".to_owned() }
}
