//! The one loop, on the one thread that holds the interpreter: a request in, a reply out.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crossbeam_channel::Receiver;
use pyo3::prelude::*;
use resolve_api::Fault;
use resolve_api::wire::{HostMessage, MAX_LINE_BYTES, Op, Outcome, Reply, Request};

use crate::frames::{Outlet, encoded_len};

/// Who answers requests, on the interpreter's thread.
pub(crate) trait Answers {
    /// Answers one request.
    fn answer(&mut self, py: Python<'_>, request: &Request) -> Reply;

    /// A reply with the counts of the request at hand, for an outcome that [`Answers::answer`] did not give.
    fn reply(&self, id: u64, outcome: Outcome) -> Reply;
}

/// Serves requests one at a time until they or the way out end. While it waits or writes, the interpreter is free for
/// Python's own threads. A panic costs the request at hand and nothing else.
pub(crate) fn serve(
    py: Python<'_>,
    requests: &Receiver<Request>,
    replies: &(impl Outlet + Sync),
    mut host: impl Answers,
) {
    while let Ok(request) = py.detach(|| requests.recv()) {
        // An interrupt that arrived while nothing ran belongs to no call.
        if let Err(interrupt) = py.check_signals() {
            tracing::warn!(%interrupt, "an interrupt arrived between two calls");
        }
        let reply = catch_unwind(AssertUnwindSafe(|| host.answer(py, &request)))
            .unwrap_or_else(|panic| host.reply(request.id, Outcome::Fault(panicked(&request, &*panic))));
        let message = HostMessage::Reply(bounded(&request, reply));
        if let Err(error) = py.detach(|| replies.put(message)) {
            tracing::info!(%error, "nobody takes the replies any more");
            return;
        }
    }
}

/// What the request was, for messages.
fn label(request: &Request) -> String {
    match &request.op {
        Op::Connect => "connect".to_owned(),
        Op::Call(call) => call.label(),
        Op::Batch(batch) => format!("a batch of {} calls", batch.steps.len()),
    }
}

fn panicked(request: &Request, panic: &(dyn Any + Send)) -> Fault {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let message = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message").to_owned();
    Fault::Raised { method: label(request), exception: "HostPanic".to_owned(), message }
}

/// The reply, or a fault in its place where it is larger than the wire takes.
fn bounded(request: &Request, reply: Reply) -> Reply {
    let fault = match encoded_len(&reply) {
        // The reply stands in a message of a few bytes more.
        Ok(bytes) if bytes + 64 <= MAX_LINE_BYTES => return reply,
        Ok(bytes) => Fault::TooLarge { method: label(request), bytes, limit: MAX_LINE_BYTES },
        Err(error) => Fault::Raised {
            method: label(request),
            exception: "UnexpectedAnswer".to_owned(),
            message: format!("the answer cannot be written as JSON: {error}"),
        },
    };
    Reply { outcome: Outcome::Fault(fault), ..reply }
}

#[cfg(test)]
mod tests {
    use super::*;
    use resolve_api::wire::MethodCall;
    use resolve_api::{Locator, Value};

    /// Panics when it is asked to connect, and answers everything else with a megabyte per argument.
    struct Moody;

    impl Answers for Moody {
        fn answer(&mut self, _: Python<'_>, request: &Request) -> Reply {
            match &request.op {
                Op::Connect | Op::Batch(_) => panic!("not today"),
                Op::Call(call) => {
                    let megabyte = Value::from("x".repeat(1 << 20));
                    self.reply(request.id, Outcome::Value(vec![megabyte; call.args.len()].into()))
                }
            }
        }

        fn reply(&self, id: u64, outcome: Outcome) -> Reply {
            Reply { id, outcome, api_calls: 3, generation: 7, look: None, objects: 0 }
        }
    }

    fn answers(ops: Vec<Op>) -> Vec<Reply> {
        let (requests, received) = crossbeam_channel::unbounded();
        let (replies, answered) = crossbeam_channel::unbounded();
        for (id, op) in ops.into_iter().enumerate() {
            requests.send(Request { id: id as u64, op }).unwrap();
        }
        drop(requests);
        Python::initialize();
        Python::attach(|py| serve(py, &received, &replies, Moody));
        drop(replies);
        let reply = |message| match message {
            HostMessage::Reply(reply) => reply,
            HostMessage::Hello(hello) => panic!("{hello:?}"),
        };
        answered.iter().map(reply).collect()
    }

    fn call(args: usize) -> Op {
        Op::Call(MethodCall::new(Locator::Resolve, "GetCurrentPage", vec![Value::Null; args]))
    }

    /// A panic is the fault of its own request, with the panic's words, and the next one is served.
    #[test]
    fn a_panic_costs_one_request() {
        let replies = answers(vec![Op::Connect, call(0)]);

        let fault = Fault::Raised {
            method: "connect".to_owned(),
            exception: "HostPanic".to_owned(),
            message: "not today".to_owned(),
        };
        let failed = Reply {
            id: 0,
            outcome: Outcome::Fault(fault),
            api_calls: 3,
            generation: 7,
            look: None,
            objects: 0,
        };
        let served = Reply {
            id: 1,
            outcome: Outcome::Value(vec![].into()),
            api_calls: 3,
            generation: 7,
            look: None,
            objects: 0,
        };
        assert_eq!(vec![failed, served], replies);
    }

    /// The reader on the other side refuses a longer line, so none is ever written: fifteen megabytes pass,
    /// sixteen and their quotes do not.
    #[test]
    fn a_reply_fits_the_wire() {
        let replies = answers(vec![call(15), call(16)]);

        assert!(matches!(replies[0].outcome, Outcome::Value(_)));
        match &replies[1].outcome {
            Outcome::Fault(Fault::TooLarge { method, bytes, limit }) => {
                assert_eq!(("Resolve.GetCurrentPage", MAX_LINE_BYTES), (method.as_str(), *limit));
                assert!(bytes > limit);
            }
            _ => panic!("not a fault"),
        }
    }
}
