//! How a request gets to the interpreter and its answer back: a child process, or a pair of channels.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use resolve_api::wire::{Hello, HostMessage, MAX_LINE_BYTES, Reply, Request};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// What a link tells.
#[derive(Debug)]
pub(crate) enum Event {
    /// The host runs.
    Hello(Hello),
    /// The answer to the request that was sent last.
    Reply(Reply),
    /// The host sent a line of this many bytes, which is more than the wire takes; the line was dropped.
    Overlong(usize),
    /// The host has ended. Nothing comes after it.
    Gone(String),
}

/// Takes what a link tells; must not block.
pub(crate) type Sink = Arc<dyn Fn(Event) + Send + Sync>;

/// Opens links: each one is a new interpreter.
pub(crate) trait Connector: Send + Sync + 'static {
    /// Starts an interpreter. The error is a sentence that says what could not be started and what to do.
    fn open(&self, sink: Sink) -> Result<Link, String>;
}

/// Why a request was not sent.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum SendError {
    /// The request has this many bytes, more than the wire takes.
    TooLarge(usize),
    /// The host is ending; [`Event::Gone`] follows.
    Gone,
}

/// Where requests go.
#[derive(Clone)]
pub(crate) enum Outgoing {
    /// As JSON lines, to the process.
    Lines(mpsc::Sender<Vec<u8>>),
    /// As they are, to an interpreter in this process: the tests have theirs here.
    #[cfg(test)]
    Requests(mpsc::Sender<Request>),
}

/// One interpreter: takes requests, can be killed.
#[derive(Clone)]
pub(crate) struct Link {
    outgoing: Outgoing,
    expecting: Expecting,
    kill: Arc<dyn Fn() + Send + Sync>,
    killed: Arc<AtomicBool>,
    gone: CancellationToken,
}

impl Link {
    /// Joins the parts. `kill` ends the interpreter at once and may be called more than once; `gone` is cancelled
    /// when nothing of it is left.
    pub(crate) fn new(
        outgoing: Outgoing,
        expecting: Expecting,
        kill: Arc<dyn Fn() + Send + Sync>,
        gone: CancellationToken,
    ) -> Self {
        Self { outgoing, expecting, kill, killed: Arc::default(), gone }
    }

    /// Sends a request; its reply comes as an [`Event::Reply`].
    pub(crate) fn send(&self, request: Request) -> Result<(), SendError> {
        self.expecting.set(request.id);
        match &self.outgoing {
            Outgoing::Lines(lines) => {
                // A request is plain data with text keys: it always has a JSON form.
                let mut line = serde_json::to_vec(&request).map_err(|_| SendError::TooLarge(0))?;
                if line.len() >= MAX_LINE_BYTES {
                    return Err(SendError::TooLarge(line.len()));
                }
                line.push(b'\n');
                lines.try_send(line).map_err(|_| SendError::Gone)
            }
            #[cfg(test)]
            Outgoing::Requests(requests) => requests.try_send(request).map_err(|_| SendError::Gone),
        }
    }

    /// Ends the interpreter and everything that it started, at once.
    pub(crate) fn kill(&self) {
        self.killed.store(true, Ordering::Release);
        (self.kill)();
    }

    /// Whether we ended it ourselves.
    pub(crate) fn was_killed(&self) -> bool {
        self.killed.load(Ordering::Acquire)
    }

    /// Waits until nothing of the interpreter is left.
    pub(crate) async fn gone(&self) {
        self.gone.cancelled().await;
    }
}

/// The id of the request whose answer is awaited; answers to any other are dropped before they reach a mailbox,
/// so that a host that talks too much cannot fill it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Expecting(Arc<AtomicU64>);

impl Expecting {
    fn set(&self, id: u64) {
        self.0.store(id, Ordering::Release);
    }

    /// Hands a message on, or logs and drops it when nothing asked for it.
    pub(crate) fn admit(&self, message: HostMessage) -> Option<Event> {
        match message {
            HostMessage::Hello(hello) => Some(Event::Hello(hello)),
            HostMessage::Reply(reply) => {
                let expected = self.0.compare_exchange(reply.id, 0, Ordering::AcqRel, Ordering::Acquire);
                match expected {
                    Ok(_) => Some(Event::Reply(reply)),
                    Err(expected) => {
                        tracing::warn!(id = reply.id, expected, "dropped a reply that nothing asked for");
                        None
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use resolve_api::Value;
    use resolve_api::wire::Outcome;

    use super::*;

    /// A host that talks too much must not fill a mailbox: each answer is let in once, and only if it was asked for.
    #[test]
    fn only_the_answer_that_is_awaited_is_let_in() {
        let expecting = Expecting::default();
        let reply = |id| {
            let outcome = Outcome::Value(Value::Null);
            HostMessage::Reply(Reply { id, outcome, api_calls: 1, generation: 1, look: None, objects: 0 })
        };
        assert!(expecting.admit(reply(1)).is_none());
        expecting.set(1);
        assert!(expecting.admit(reply(2)).is_none());
        assert!(expecting.admit(reply(1)).is_some());
        assert!(expecting.admit(reply(1)).is_none());
    }
}
