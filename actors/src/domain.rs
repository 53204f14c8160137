//! The actor that every domain uses: it judges a call, then forwards a method or runs an operation.

use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ractor::{Actor, ActorProcessingErr, ActorRef};
use resolve_api::Value;
use resolve_api::batch::Batch;
use resolve_api::catalogue::{Domain, Effect, Method, catalogue};
use resolve_api::wire::MethodCall;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::batch::{self, StepAnswer};
use crate::board::{Board, count};
use crate::config::Deadlines;
use crate::directory::Directory;
use crate::dry_run;
use crate::error::CallError;
use crate::goes_on;
use crate::guard;
use crate::interpreter;
use crate::job::{Job, Port, Work};
use crate::operation::{Answer, Args, Operation};
use crate::pace;
use crate::parts;
use crate::session::{Methods, Session};
use crate::take_back::{self, TakenBack, Taking};
use crate::ticket::Ticket;
use crate::undo::Recorder;

/// How much longer than its deadline an operation may take. A call within it has the same deadline and answers by
/// itself; this is for an operation that is busy with something else.
const GRACE: Duration = Duration::from_millis(500);

/// What a domain's actor is told.
pub(crate) enum Msg {
    /// Call one method.
    Method(MethodRequest),
    /// Call one method with the guards that concern it.
    Guarded(GuardedRequest),
    /// Call several methods.
    Batch(BatchRequest),
    /// Take back what was changed.
    TakeBack(TakeBackRequest),
    /// Run a task-shaped tool.
    Operation(OperationRequest),
}

/// A call of one method.
pub(crate) struct MethodRequest {
    /// The call.
    pub(crate) call: MethodCall,
    /// Its row.
    pub(crate) row: &'static Method,
    /// How long it may run, where the caller says so.
    pub(crate) deadline: Option<Duration>,
    /// Whether it may still start.
    pub(crate) ticket: Ticket,
    /// Where the answer goes.
    pub(crate) port: Port<Value>,
}

/// A call of one method with guards around it.
pub(crate) struct GuardedRequest {
    /// The call.
    pub(crate) call: MethodCall,
    /// What its session is made of.
    pub(crate) methods: Methods,
    /// See [`crate::Call::based_on`].
    pub(crate) based_on: Option<String>,
    /// Where the answer goes.
    pub(crate) port: Port<Answer>,
}

/// Calls of several methods.
pub(crate) struct BatchRequest {
    /// The calls.
    pub(crate) batch: Batch,
    /// What their session is made of.
    pub(crate) methods: Methods,
    /// See [`crate::Call::based_on`].
    pub(crate) based_on: Option<String>,
    /// Where the answers go.
    pub(crate) port: Port<Vec<StepAnswer>>,
}

/// An undo.
pub(crate) struct TakeBackRequest {
    /// What is taken back.
    pub(crate) taking: Taking,
    /// What its session is made of.
    pub(crate) methods: Methods,
    /// Where the answer goes.
    pub(crate) port: Port<TakenBack>,
}

/// A run of a task-shaped tool.
pub(crate) struct OperationRequest {
    /// The tool.
    pub(crate) operation: &'static Operation,
    /// Its arguments.
    pub(crate) args: Args,
    /// How long it may run, where the caller says so.
    pub(crate) deadline: Option<Duration>,
    /// Cancelled when the caller goes away.
    pub(crate) cancel: CancellationToken,
    /// Whether it may still start.
    pub(crate) ticket: Ticket,
    /// Collects what takes its writes back.
    pub(crate) recorder: Recorder,
    /// See [`crate::Call::based_on`].
    pub(crate) based_on: Option<String>,
    /// Where the answer goes.
    pub(crate) port: Port<Answer>,
}

/// The actor.
pub(crate) struct DomainActor;

/// What it starts with, and keeps.
#[derive(Clone)]
pub(crate) struct Arguments {
    pub(crate) domain: Domain,
    pub(crate) board: Arc<Board>,
    pub(crate) directory: Directory,
    pub(crate) deadlines: Deadlines,
    /// See [`crate::Config::lut_folder`].
    pub(crate) lut_folder: Option<Arc<Path>>,
    /// See [`crate::Config::prober`].
    pub(crate) prober: Option<Arc<Path>>,
    /// Cancelled when the system stops.
    pub(crate) stopping: CancellationToken,
}

impl Actor for DomainActor {
    type Msg = Msg;
    type State = Arguments;
    type Arguments = Arguments;

    async fn pre_start(&self, _: ActorRef<Msg>, args: Arguments) -> Result<Arguments, ActorProcessingErr> {
        Ok(args)
    }

    async fn handle(
        &self,
        _: ActorRef<Msg>,
        message: Msg,
        state: &mut Arguments,
    ) -> Result<(), ActorProcessingErr> {
        // A panic here would end the actor and lose the calls that wait in its mailbox: it costs this call only.
        let handled = std::panic::catch_unwind(AssertUnwindSafe(|| match message {
            Msg::Method(request) => state.forward(request),
            Msg::Guarded(request) => state.guard(request),
            Msg::Batch(request) => state.batch(request),
            Msg::TakeBack(request) => state.take_back(request),
            Msg::Operation(request) => state.run(request),
        }));
        if let Err(panic) = handled {
            tracing::error!(domain = %state.domain, reason = text_of(panic.as_ref()), "a call panicked");
        }
        Ok(())
    }
}

impl Arguments {
    /// Judges a method call and hands it to the interpreter's actor, which answers the caller.
    fn forward(&self, request: MethodRequest) {
        let MethodRequest { call, row, deadline, ticket, port } = request;
        let job = Job {
            label: row.label(),
            effect: row.effect,
            deadline: deadline.unwrap_or_else(|| self.deadlines.of(row.effect)),
            give_up_at: Instant::now() + self.deadlines.turn,
            ticket,
            work: Work::Call(call, port),
        };
        submit(&self.directory, job);
    }

    /// Makes a call with the guards around it.
    fn guard(&self, request: GuardedRequest) {
        let GuardedRequest { call, methods, based_on, port } = request;
        let (name, within) = (methods.name.clone(), methods.within);
        let session = Session::of_methods(self.clone(), methods);
        self.beside(name, within, port, async move {
            session.require_unchanged(based_on.as_deref()).await?;
            if session.is_dry_run() {
                return dry_run::method(&session, call).await.map(Answer::from);
            }
            let row = catalogue().method(call.on.class(), &call.method);
            let takes_long = row.is_some_and(|row| row.effect == Effect::LongRunning);
            // Only who can ask for it later is told of it as a job.
            let answer = match session.entry().cloned().filter(|_| takes_long) {
                Some(entry) => pace::timed(&session, entry, &call, long_call(&session, &call)).await,
                None => guard::guarded(&session, call).await.map(Answer::from),
            };
            session.finish().await;
            answer
        });
    }

    /// Makes the calls of a batch.
    fn batch(&self, request: BatchRequest) {
        let BatchRequest { batch, methods, based_on, port } = request;
        let (name, within) = (methods.name.clone(), methods.within);
        let session = Session::of_methods(self.clone(), methods);
        self.beside(name, within, port, async move {
            session.require_unchanged(based_on.as_deref()).await?;
            let answers = batch::run(&session, batch).await;
            session.finish().await;
            answers
        });
    }

    /// Takes an entry of the journal back.
    fn take_back(&self, request: TakeBackRequest) {
        let TakeBackRequest { taking, methods, port } = request;
        let (name, within) = (methods.name.clone(), methods.within);
        let session = Session::of_methods(self.clone(), methods);
        self.beside(name, within, port, async move { take_back::run(&session, taking).await });
    }

    /// Runs an operation.
    fn run(&self, request: OperationRequest) {
        let OperationRequest { operation, args, deadline, cancel, ticket, recorder, based_on, port } =
            request;
        let deadline = deadline.unwrap_or(self.deadlines.operation);
        let session = Session::new(self.clone(), operation, deadline, cancel, ticket, recorder)
            .in_dry_run(dry_run::asked(&args));
        let run = async move {
            session.require_unchanged(based_on.as_deref()).await?;
            let answer = (operation.run)(&session, args).await;
            session.finish().await;
            answer
        };
        self.beside(operation.name.to_owned(), deadline, port, run);
    }

    /// Does something beside the actor, so that a long one does not keep the domain's other calls waiting.
    fn beside<T: Send + 'static>(
        &self,
        name: String,
        within: Duration,
        port: Port<T>,
        run: impl Future<Output = Result<T, CallError>> + Send + 'static,
    ) {
        let running = tokio::spawn(tokio::time::timeout(within + GRACE, run));
        let (stopping, board) = (self.stopping.clone(), self.board.clone());
        tokio::spawn(async move {
            let abort = running.abort_handle();
            let ended = tokio::select! {
                ended = running => ended,
                () = stopping.cancelled() => {
                    abort.abort();
                    port.answer(Err(CallError::Unavailable { reason: "the server is stopping".to_owned() }));
                    return;
                }
            };
            port.answer(match ended {
                Ok(Ok(answer)) => answer,
                Ok(Err(_)) => {
                    count(&board.timeouts);
                    let (method, after) = (name, within);
                    Err(CallError::TimedOut { method, after, backend: None, grace: Duration::ZERO })
                }
                Err(error) => {
                    let reason = match error.try_into_panic() {
                        Ok(panic) => text_of(panic.as_ref()),
                        Err(error) => error.to_string(),
                    };
                    tracing::error!(name, reason, "it panicked");
                    Err(CallError::Internal { method: name, reason })
                }
            });
        });
    }
}

/// Hands a job to the interpreter's actor, or fails it when there is none.
pub(crate) fn submit(directory: &Directory, job: Job) {
    if let Some(interpreter::Msg::Submit(job)) = directory.interpreter(interpreter::Msg::Submit(job)) {
        let reason = format!("what stands before it is being restarted, and {} was not started", job.label);
        job.fail(CallError::Unavailable { reason });
    }
}

/// The text of a panic.
fn text_of(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("it panicked without a text").to_owned()
}

/// Makes a long call: clip by clip where its row says so, and to the end of what goes on after its answer.
async fn long_call(session: &Session, call: &MethodCall) -> Result<Answer, CallError> {
    if let Some(part) = parts::part_of(call) {
        return parts::guarded(session, call.clone(), part).await;
    }
    let answer = guard::guarded(session, call.clone()).await.map(Answer::from)?;
    match goes_on::told_by(call) {
        Some(reader) => goes_on::to_the_end(session, call, reader, answer).await,
        None => Ok(answer),
    }
}
