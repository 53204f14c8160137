//! The clocks of the interpreter's actor: what a call may take, and what becomes of one that takes longer.
//!
//! A caller is answered at its deadline, whatever becomes of the call. A call that changes nothing is not worth a wait:
//! its host is ended at once. One that may change something is left alone for a while, for ending it would lose the
//! answer and perhaps the work; meanwhile other calls are told at once what keeps the interpreter.

use std::time::Duration;

use ractor::ActorRef;
use resolve_api::catalogue::{Effect, catalogue};
use resolve_api::wire::{MAX_LINE_BYTES, Op, Outcome, Reply};
use resolve_api::{Fault, Value};
use tokio::time::Instant;

use super::{Msg, State, strange};
use crate::batch;
use crate::board::{Doing, count};
use crate::error::CallError;
use crate::job::{Job, Observer, Waiting};
use crate::limits::RECONNECT_EVERY;
use crate::metrics::End;
use crate::ticket::Ticket;
use crate::told::Told;

/// The request that the host works on.
pub(super) struct InFlight {
    pub(super) id: u64,
    pub(super) label: String,
    pub(super) effect: Effect,
    pub(super) since: Instant,
    pub(super) deadline: Instant,
    pub(super) after: Duration,
    pub(super) waiting: Waiting,
    /// Whose call it is.
    pub(super) client: Option<Told>,
}

/// A request past its deadline, whose caller has been answered, with a host that is left alone until a moment.
pub(super) struct Overdue {
    pub(super) id: u64,
    label: String,
    since: Instant,
    until: Instant,
    late: Option<Observer<Value>>,
}

impl Overdue {
    /// `Class.Method`, or what the calls are together.
    pub(super) fn label(&self) -> &str {
        &self.label
    }

    /// What any other call is told meanwhile.
    pub(super) fn occupied(&self) -> CallError {
        CallError::Occupied { method: self.label.clone(), running: self.since.elapsed() }
    }
}

/// The effect of what is sent, by the rows of its methods: a step of an operation that writes may itself only read.
pub(super) fn effect_of(op: &Op, of_job: Effect) -> Effect {
    match op {
        Op::Connect => Effect::Read,
        Op::Call(call) => catalogue().method(call.on.class(), &call.method).map_or(of_job, |row| row.effect),
        Op::Batch(made) => batch::effect_of(made),
    }
}

impl State {
    /// Looks at the clocks.
    pub(super) fn tick(&mut self) {
        let now = Instant::now();
        if self.armed.is_some_and(|at| at <= now) {
            self.armed = None;
        }
        if let Some(call) = self.in_flight.take_if(|call| call.deadline <= now) {
            self.past_its_deadline(call);
        }
        if let Some(overdue) = self.overdue.as_ref().filter(|overdue| overdue.until <= now) {
            let seconds = overdue.since.elapsed().as_secs_f64();
            self.give_up(&format!("{} has not answered for {seconds:.0} s", overdue.label));
        }
        if self.looks_again_at.take_if(|at| *at <= now).is_some() && self.is_idle_without_resolve() {
            self.connect();
        }
        for job in self.queue.expire(now) {
            let error = self.not_its_turn(&job);
            job.fail(error);
        }
    }

    /// Makes sure that a tick comes no later than the next clock runs out.
    pub(super) fn arm(&mut self, myself: &ActorRef<Msg>) {
        let deadline = self.in_flight.as_ref().map(|call| call.deadline);
        let given_up = self.overdue.as_ref().map(|overdue| overdue.until);
        let clocks = [deadline, given_up, self.queue.next_expiry(), self.look_again()];
        let Some(next) = clocks.into_iter().flatten().min() else { return };
        if self.armed.is_none_or(|at| at > next) {
            self.armed = Some(next);
            myself.send_after(next.duration_since(Instant::now()), || Msg::Tick);
        }
    }

    /// When to look whether Resolve is there by now: it is started, or comes back, while nobody calls.
    fn look_again(&mut self) -> Option<Instant> {
        if self.is_idle_without_resolve() {
            return Some(*self.looks_again_at.get_or_insert_with(|| Instant::now() + RECONNECT_EVERY));
        }
        self.looks_again_at = None;
        None
    }

    fn is_idle_without_resolve(&self) -> bool {
        let is_idle = self.host.is_some() && self.in_flight.is_none() && self.overdue.is_none();
        is_idle && self.args.board.is_disconnected()
    }

    /// Answers the caller, and everybody who waits behind it.
    fn past_its_deadline(&mut self, call: InFlight) {
        let InFlight { id, label, effect, since, after, waiting, .. } = call;
        let (board, grace) = (&self.args.board, self.args.deadlines.grace_of(effect));
        count(&board.timeouts);
        tracing::warn!(method = label, ?after, ?grace, "no answer by the deadline");
        let why = format!("{label} has not answered for {} s", after.as_secs_f64());
        let late = match waiting {
            Waiting::Nobody => {
                board.connected(Err(why.clone()));
                None
            }
            waiting => {
                let backend = Some(board.backend());
                waiting.not_yet(CallError::TimedOut { method: label.clone(), after, backend, grace })
            }
        };
        if grace.is_zero() {
            board.latencies.note(&label, since.elapsed(), End::Hung);
            return self.give_up(&why);
        }
        let overdue = Overdue { id, label, since, until: Instant::now() + grace, late };
        for job in self.queue.clear() {
            job.fail(overdue.occupied());
        }
        let (method, until) = (overdue.label.clone(), overdue.until);
        board.doing(Doing::Overdue { method, since, until });
        self.overdue = Some(overdue);
    }

    /// An answer that its caller did not wait for: the interpreter is free again.
    pub(super) fn answered_late(&mut self, overdue: Overdue, reply: Reply) {
        let board = &self.args.board;
        board.replied(&reply);
        board.doing(Doing::Ready);
        tracing::warn!(method = overdue.label, after = ?overdue.since.elapsed(), "answered after its deadline");
        let label = overdue.label.clone();
        let ended = match reply.outcome {
            Outcome::Value(value) => Ok(value),
            Outcome::Fault(fault) => Err(fault.into()),
            Outcome::Batch(_) | Outcome::Connected(_) => Err(strange(label)),
        };
        self.end_late(overdue, ended);
    }

    /// Tells whoever still wants to know how a late call has ended. It is measured now: its time is known.
    pub(super) fn end_late(&self, overdue: Overdue, ended: Result<Value, CallError>) {
        self.args.board.latencies.note(&overdue.label, overdue.since.elapsed(), End::Hung);
        if let Some(late) = overdue.late {
            late(&ended);
        }
    }

    /// The same for an answer of more bytes than the wire takes.
    pub(super) fn overlong_late(&mut self, overdue: Overdue, bytes: usize) {
        self.args.board.doing(Doing::Ready);
        let method = overdue.label.clone();
        self.end_late(overdue, Err(Fault::TooLarge { method, bytes, limit: MAX_LINE_BYTES }.into()));
    }

    /// Ends the host if a call holds the interpreter, as the one that is meant.
    pub(super) fn end_for(&mut self, ticket: &Ticket, why: &str) -> bool {
        let holds = self.holder.as_ref().is_some_and(|(_, holder)| holder.is(ticket));
        if holds && self.host.is_some() {
            self.give_up(why);
        }
        holds
    }

    /// Ends a host that does not come back from a call.
    fn give_up(&mut self, why: &str) {
        tracing::warn!(why, "ending the host");
        // It cannot be asked to stop: the thread that would hear it is in the call.
        if let Some((_, link)) = self.host.take() {
            link.kill();
        }
        self.args.board.doing(Doing::Restarting { reason: why.to_owned() });
        self.interrupt(why);
    }

    /// What a job is told that has waited too long for its turn.
    fn not_its_turn(&self, job: &Job) -> CallError {
        match (&self.in_flight, &self.host) {
            (Some(call), _) => {
                CallError::Occupied { method: call.label.clone(), running: call.since.elapsed() }
            }
            (None, host) => {
                let behind =
                    if host.is_some() { "behind other calls" } else { "for the interpreter to start" };
                let reason = format!("{} waited {behind} for too long and was not started", job.label);
                CallError::Unavailable { reason }
            }
        }
    }
}
