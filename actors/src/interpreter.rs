//! The actor in front of the interpreter: one ordered queue, one request in flight, a deadline on each.
//!
//! It outlives the hosts: what waits when one ends goes to the next. `host.rs` is the actor that ends with a host.

use std::sync::Arc;
use std::time::Duration;

use ractor::{Actor, ActorProcessingErr, ActorRef};
use resolve_api::Fault;
use resolve_api::catalogue::Effect;
use resolve_api::change::{Cause, Look};
use resolve_api::wire::{Connection, Hello, MAX_LINE_BYTES, Op, Outcome, Reply, Request};
use tokio::sync::oneshot;
use tokio::time::Instant;

use crate::board::{Board, Doing};
use crate::config::Deadlines;
use crate::directory::Directory;
use crate::error::CallError;
use crate::job::{Job, LeaseId, Waiting, Work};
use crate::lease::Lease;
use crate::link::{Link, SendError};
use crate::metrics::End;
use crate::queue::Queue;
use crate::ticket::Ticket;
use crate::told::Told;

mod clocks;
mod whereabouts;

use clocks::{InFlight, Overdue, effect_of};
use whereabouts::Whereabouts;

/// Counts the hosts of a system; what an earlier one says late is not mistaken for the present one.
pub(crate) type Epoch = u64;

/// What the actor is told.
pub(crate) enum Msg {
    /// A job wants its turn.
    Submit(Job),
    /// A lease has ended.
    Release(LeaseId),
    /// A host has said hello.
    HostUp(Epoch, Link, Hello),
    /// A host has answered.
    Said(Epoch, Reply),
    /// A host has sent a line of this many bytes, more than the wire takes; what it said is lost.
    Overlong(Epoch, usize),
    /// A host has ended, and why.
    HostGone(Epoch, String),
    /// An attempt to start a host is being made: calls may wait for it.
    HostExpected,
    /// There is no host until then.
    NoHost { reason: String, until: Instant },
    /// End the host if it works for this call; told whether it did.
    End { ticket: Ticket, why: String, told: oneshot::Sender<bool> },
    /// A clock may have run out.
    Tick,
}

/// The actor.
pub(crate) struct Interpreter;

/// What it starts with.
pub(crate) struct Arguments {
    pub(crate) board: Arc<Board>,
    pub(crate) directory: Directory,
    pub(crate) deadlines: Deadlines,
}

/// What it keeps.
pub(crate) struct State {
    args: Arguments,
    queue: Queue,
    host: Option<(Epoch, Link)>,
    in_flight: Option<InFlight>,
    /// Whose steps the interpreter makes, while a lease is out.
    holder: Option<(LeaseId, Ticket)>,
    /// While there is one, nothing else is started.
    overdue: Option<Overdue>,
    refusing: Option<(String, Instant)>,
    whereabouts: Whereabouts,
    /// When it is looked whether Resolve is there by now.
    looks_again_at: Option<Instant>,
    last_id: u64,
    last_lease: LeaseId,
    /// When the earliest tick that is on its way arrives. A later deadline needs no tick of its own: the earlier
    /// one arms the next. So a fast call costs no timer.
    armed: Option<Instant>,
}

impl Actor for Interpreter {
    type Msg = Msg;
    type State = State;
    type Arguments = Arguments;

    async fn pre_start(&self, _: ActorRef<Msg>, args: Arguments) -> Result<State, ActorProcessingErr> {
        Ok(State {
            args,
            queue: Queue::default(),
            host: None,
            in_flight: None,
            holder: None,
            overdue: None,
            refusing: None,
            whereabouts: Whereabouts::default(),
            looks_again_at: None,
            last_id: 0,
            last_lease: 0,
            armed: None,
        })
    }

    async fn handle(
        &self,
        myself: ActorRef<Msg>,
        message: Msg,
        state: &mut State,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            Msg::Submit(job) => state.submit(job),
            Msg::Release(lease) => {
                state.queue.release(lease);
                state.holder.take_if(|(held, _)| *held == lease);
            }
            Msg::HostUp(epoch, link, hello) => state.host_up(epoch, link, hello),
            Msg::Said(epoch, reply) => state.said(epoch, reply),
            Msg::Overlong(epoch, bytes) => state.overlong(epoch, bytes),
            Msg::HostGone(epoch, why) => state.host_gone(epoch, &why),
            Msg::HostExpected => state.refusing = None,
            Msg::NoHost { reason, until } => state.no_host(reason, until),
            Msg::End { ticket, why, told } => {
                // Nobody waits for it any more where it cannot be told.
                let _ = told.send(state.end_for(&ticket, &why));
            }
            Msg::Tick => state.tick(),
        }
        state.pump();
        state.arm(&myself);
        Ok(())
    }

    async fn post_stop(&self, _: ActorRef<Msg>, state: &mut State) -> Result<(), ActorProcessingErr> {
        state.interrupt("the server was stopped");
        for job in state.queue.clear() {
            job.fail(CallError::Unavailable { reason: "the server is stopping".to_owned() });
        }
        Ok(())
    }
}

impl State {
    fn submit(&mut self, job: Job) {
        if let Some((reason, until)) = &self.refusing {
            return job.fail(unavailable(reason, *until));
        }
        if let Some(overdue) = &self.overdue {
            let error = overdue.occupied();
            return job.fail(error);
        }
        if let Some(job) = self.queue.push(job) {
            let method = job.label.clone();
            job.fail(CallError::Interrupted {
                method,
                why: "an earlier step of the same operation ended the lease".to_owned(),
            });
        }
    }

    fn host_up(&mut self, epoch: Epoch, link: Link, hello: Hello) {
        self.host = Some((epoch, link));
        self.refusing = None;
        self.args.board.greeted(hello);
        self.args.board.doing(Doing::Ready);
        self.connect();
    }

    /// Asks the host who answers as Resolve, before anything else.
    fn connect(&mut self) {
        let job = Job {
            label: "connecting".to_owned(),
            effect: Effect::Read,
            deadline: self.args.deadlines.connect,
            give_up_at: Instant::now() + self.args.deadlines.connect,
            ticket: Ticket::default(),
            work: Work::Connect,
        };
        // Only a step can be given back.
        let _ = self.queue.push(job);
    }

    fn said(&mut self, epoch: Epoch, mut reply: Reply) {
        if self.host.as_ref().is_none_or(|(current, _)| *current != epoch) {
            return;
        }
        if let Some(look) = reply.look.take() {
            self.found_open(epoch, reply.id, look);
        }
        if let Some(overdue) = self.overdue.take_if(|overdue| overdue.id == reply.id) {
            return self.answered_late(overdue, reply);
        }
        let Some(call) = self.in_flight.take_if(|call| call.id == reply.id) else {
            tracing::warn!(id = reply.id, "dropped a reply that nothing asked for");
            return;
        };
        let board = &self.args.board;
        board.replied(&reply);
        board.latencies.note(&call.label, call.since.elapsed(), End::Answered);
        board.doing(Doing::Ready);
        let asked = !matches!(call.waiting, Waiting::Nobody);
        if asked && !matches!(reply.outcome, Outcome::Fault(_)) && board.is_disconnected() {
            // A call has reached Resolve although the first connection failed: it has been started since.
            self.connect();
        }
        let board = &self.args.board;
        match (reply.outcome, call.waiting) {
            (Outcome::Value(value), Waiting::Call(port)) => {
                port.answer(Ok(value));
            }
            (Outcome::Batch(outcomes), Waiting::Batch(port)) => {
                let outcomes = self.whereabouts.explained_steps(epoch, outcomes);
                if let Some(lost) = whereabouts::lost(&outcomes) {
                    board.connected(Err(lost));
                }
                port.answer(Ok(outcomes));
            }
            (Outcome::Connected(connection), waiting) => {
                tracing::info!(product = connection.product, version = connection.version, "connected");
                board.connected(Ok(connection));
                waiting.fail(strange(call.label));
            }
            (Outcome::Fault(fault), waiting) => {
                let fault = match (fault, board.connection()) {
                    (Fault::NotConnected { reason }, Some(Connection { product, version })) => {
                        let reason = format!("{product} {version} has quit during the session: {reason}");
                        Fault::NotConnected { reason }
                    }
                    (fault, _) => self.whereabouts.explained(epoch, fault),
                };
                match &fault {
                    Fault::NotConnected { reason } => board.connected(Err(reason.clone())),
                    Fault::Lost { .. } => board.connected(Err(fault.to_string())),
                    _ => {}
                }
                waiting.fail(fault.into());
            }
            (Outcome::Value(_) | Outcome::Batch(_), waiting) => {
                waiting.fail(strange(call.label));
            }
        }
    }

    /// Notes what the reply to a request has found open. Whoever has opened it, and hears so, knows it.
    fn found_open(&mut self, epoch: Epoch, id: u64, look: Look) {
        let (place, cause) = (look.place.clone(), look.cause);
        let change = self.whereabouts.seen(epoch, look).cloned();
        if let Some(change) = &change {
            tracing::info!("{change}");
        }
        self.args.board.found_open(place, change);
        let call = self.in_flight.as_ref().filter(|call| call.id == id && cause == Cause::Called);
        if let Some(client) = call.and_then(|call| call.client.as_ref()) {
            client.knows(self.args.board.opened());
        }
    }

    fn overlong(&mut self, epoch: Epoch, bytes: usize) {
        if self.host.as_ref().is_none_or(|(current, _)| *current != epoch) {
            return;
        }
        if let Some(overdue) = self.overdue.take() {
            return self.overlong_late(overdue, bytes);
        }
        self.args.board.doing(Doing::Ready);
        if let Some(InFlight { label, since, waiting, .. }) = self.in_flight.take() {
            self.args.board.latencies.note(&label, since.elapsed(), End::Answered);
            waiting.fail(Fault::TooLarge { method: label, bytes, limit: MAX_LINE_BYTES }.into());
        }
    }

    fn host_gone(&mut self, epoch: Epoch, why: &str) {
        if self.host.as_ref().is_some_and(|(current, _)| *current == epoch) {
            self.host = None;
            self.args.board.doing(Doing::Restarting { reason: why.to_owned() });
            self.interrupt(why);
        }
    }

    /// Answers the call in flight, and every step of the lease that went with it, that the interpreter has ended.
    fn interrupt(&mut self, why: &str) {
        if let Some(overdue) = self.overdue.take() {
            let method = overdue.label().to_owned();
            self.end_late(overdue, Err(CallError::Interrupted { method, why: why.to_owned() }));
        }
        if let Some(InFlight { label: method, since, waiting, .. }) = self.in_flight.take() {
            self.args.board.latencies.note(&method, since.elapsed(), End::Crashed);
            waiting.fail(CallError::Interrupted { method, why: why.to_owned() });
        }
        self.holder = None;
        for job in self.queue.revoke() {
            let method = job.label.clone();
            job.fail(CallError::Interrupted { method, why: why.to_owned() });
        }
    }

    fn no_host(&mut self, reason: String, until: Instant) {
        for job in self.queue.clear() {
            job.fail(unavailable(&reason, until));
        }
        self.refusing = Some((reason, until));
    }

    /// Starts whatever may start now.
    fn pump(&mut self) {
        while self.in_flight.is_none()
            && self.overdue.is_none()
            && self.host.is_some()
            && let Some(job) = self.queue.pop()
        {
            if job.is_abandoned() {
                continue;
            }
            if !job.ticket.start() {
                job.fail(CallError::Cancelled);
                continue;
            }
            let client = job.ticket.client().cloned();
            let due = |op, waiting| Due {
                label: job.label,
                effect: job.effect,
                after: job.deadline,
                op,
                waiting,
                client,
            };
            match job.work {
                Work::Lease(port) => {
                    self.last_lease += 1;
                    self.queue.grant(self.last_lease);
                    self.holder = Some((self.last_lease, job.ticket));
                    // A lease that nobody takes is dropped here, and so released.
                    port.answer(Ok(Lease::new(self.last_lease, self.args.directory.clone())));
                }
                Work::Connect => self.send(due(Op::Connect, Waiting::Nobody)),
                Work::Call(call, port) | Work::Step(_, call, port) => {
                    self.send(due(Op::Call(call), Waiting::Call(port)));
                }
                Work::Batch(_, batch, port) => self.send(due(Op::Batch(batch), Waiting::Batch(port))),
            }
        }
    }

    fn send(&mut self, due: Due) {
        let Some((_, link)) = &self.host else { return };
        let Due { label, effect, after, op, waiting, client } = due;
        self.last_id += 1;
        let (since, effect) = (Instant::now(), effect_of(&op, effect));
        let sent = link.send(Request { id: self.last_id, op });
        if let Err(SendError::TooLarge(bytes)) = sent {
            waiting.fail(CallError::InvalidArgument {
                path: "args".to_owned(),
                reason: format!("the call has {bytes} bytes, more than the limit of {MAX_LINE_BYTES}"),
                hint: Some("send less at once".to_owned()),
                candidates: Vec::new(),
            });
            return;
        }
        // A host that takes nothing any more is about to be reported as gone, and that answers this call.
        self.args.board.doing(Doing::Busy { method: label.clone(), since });
        let (id, deadline) = (self.last_id, since + after);
        self.in_flight = Some(InFlight { id, label, effect, since, deadline, after, waiting, client });
    }
}

/// A request whose turn it is.
struct Due {
    label: String,
    effect: Effect,
    after: Duration,
    op: Op,
    waiting: Waiting,
    client: Option<Told>,
}

/// A host that answers something else than it was asked.
fn strange(method: String) -> CallError {
    CallError::Internal { method, reason: "the host answered something else than it was asked".to_owned() }
}

fn unavailable(reason: &str, until: Instant) -> CallError {
    let seconds = until.duration_since(Instant::now()).as_secs_f64().ceil();
    CallError::Unavailable { reason: format!("{reason}; the next attempt is made in {seconds} s") }
}
