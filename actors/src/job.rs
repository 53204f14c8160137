//! What waits in front of the interpreter: a call, a connection or a wish for a lease, with its clocks.

use std::time::Duration;

use resolve_api::Value;
use resolve_api::batch::{Batch, StepOutcome};
use resolve_api::catalogue::Effect;
use resolve_api::wire::MethodCall;
use tokio::sync::{OwnedSemaphorePermit, oneshot};
use tokio::time::Instant;

use crate::error::CallError;
use crate::lease::Lease;
use crate::ticket::Ticket;

/// Where an answer goes, with the place in the queue that it frees.
pub(crate) struct Port<T> {
    sender: oneshot::Sender<Result<T, CallError>>,
    /// Held until the answer is sent, so that the number of unanswered calls is bounded.
    permit: Option<OwnedSemaphorePermit>,
    /// Told of the answer before it is sent, whether or not anybody waits for it; dropped when there is none.
    observer: Option<Observer<T>>,
    /// Told of an answer that comes after its caller was told not to wait for it.
    late: Option<Observer<T>>,
}

/// What is told of an answer.
pub(crate) type Observer<T> = Box<dyn FnOnce(&Result<T, CallError>) + Send>;

impl<T> Port<T> {
    /// A port and the receiver of its one answer.
    pub(crate) fn new(
        permit: Option<OwnedSemaphorePermit>,
    ) -> (Self, oneshot::Receiver<Result<T, CallError>>) {
        let (sender, receiver) = oneshot::channel();
        (Self { sender, permit, observer: None, late: None }, receiver)
    }

    /// The same, with its answer told to somebody else as well.
    pub(crate) fn observed(mut self, observer: Option<Observer<T>>) -> Self {
        self.observer = observer;
        self
    }

    /// The same, with an answer that comes too late told to somebody.
    pub(crate) fn late(mut self, late: Option<Observer<T>>) -> Self {
        self.late = late;
        self
    }

    /// Answers that there is no answer yet; whoever wants to hear of a later one comes back.
    pub(crate) fn not_yet(mut self, error: CallError) -> Option<Observer<T>> {
        let late = self.late.take();
        self.answer(Err(error));
        late
    }

    /// Sends the answer; false when nobody waits for it any more.
    pub(crate) fn answer(self, answer: Result<T, CallError>) -> bool {
        if let Some(observer) = self.observer {
            observer(&answer);
        }
        drop(self.permit);
        self.sender.send(answer).is_ok()
    }

    /// Whether nobody waits for the answer any more.
    pub(crate) fn is_closed(&self) -> bool {
        self.sender.is_closed()
    }
}

/// Names one lease on the interpreter; never used twice.
pub(crate) type LeaseId = u64;

/// What is to be done.
pub(crate) enum Work {
    /// Say who answers as Resolve.
    Connect,
    /// Call a method for a caller of its own.
    Call(MethodCall, Port<Value>),
    /// Call a method within a lease.
    Step(LeaseId, MethodCall, Port<Value>),
    /// Call several methods within a lease, in one hop.
    Batch(LeaseId, Batch, Port<Vec<StepOutcome>>),
    /// Let nothing but the steps of one lease run, until it is released.
    Lease(Port<Lease>),
}

/// Who waits for the answer of a request in flight.
pub(crate) enum Waiting {
    /// Nobody: a connection is noted on the board instead.
    Nobody,
    /// The caller of one method.
    Call(Port<Value>),
    /// The caller of several.
    Batch(Port<Vec<StepOutcome>>),
}

impl Waiting {
    /// Answers that there is no answer yet; whoever wants to hear of a later one comes back. Of a batch nobody does:
    /// what its steps did is not one answer.
    pub(crate) fn not_yet(self, error: CallError) -> Option<Observer<Value>> {
        match self {
            Self::Call(port) => port.not_yet(error),
            other => {
                other.fail(error);
                None
            }
        }
    }

    /// Answers that it failed; false where nobody waits.
    pub(crate) fn fail(self, error: CallError) -> bool {
        match self {
            Self::Nobody => false,
            Self::Call(port) => port.answer(Err(error)),
            Self::Batch(port) => port.answer(Err(error)),
        }
    }
}

/// One entry of the queue.
pub(crate) struct Job {
    /// `Class.Method` or the name of the operation, for messages and the status.
    pub(crate) label: String,
    /// Decides its place: control before read before write.
    pub(crate) effect: Effect,
    /// How long it may run once it has started.
    pub(crate) deadline: Duration,
    /// When it has waited too long to start.
    pub(crate) give_up_at: Instant,
    /// Whether it may still start.
    pub(crate) ticket: Ticket,
    /// What is to be done.
    pub(crate) work: Work,
}

impl Job {
    /// Whether nobody waits for it any more: it is dropped instead of started.
    pub(crate) fn is_abandoned(&self) -> bool {
        self.ticket.is_withdrawn()
            || match &self.work {
                Work::Connect => false,
                Work::Call(_, port) | Work::Step(_, _, port) => port.is_closed(),
                Work::Batch(_, _, port) => port.is_closed(),
                Work::Lease(port) => port.is_closed(),
            }
    }

    /// Answers that it failed.
    pub(crate) fn fail(self, error: CallError) {
        match self.work {
            Work::Connect => true,
            Work::Call(_, port) | Work::Step(_, _, port) => port.answer(Err(error)),
            Work::Batch(_, _, port) => port.answer(Err(error)),
            Work::Lease(port) => port.answer(Err(error)),
        };
    }
}
