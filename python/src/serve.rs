//! The one loop, on the one thread that holds the interpreter: a request in, a reply out.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crossbeam_channel::{Receiver, Sender};
use pyo3::prelude::*;
use resolve_api::Fault;
use resolve_api::wire::{HostMessage, MAX_LINE_BYTES, Op, Outcome, Reply, Request};

use crate::frames::encoded_len;
use crate::host::Host;

/// Serves requests one at a time until a channel ends. While it waits, the interpreter is free for Python's
/// own threads. A panic costs the request at hand and nothing else.
pub fn serve(py: Python<'_>, requests: &Receiver<Request>, replies: &Sender<HostMessage>, mut host: Host) {
    while let Ok(request) = py.detach(|| requests.recv()) {
        // An interrupt that arrived while nothing ran belongs to no call.
        if let Err(interrupt) = py.check_signals() {
            tracing::warn!(%interrupt, "an interrupt arrived between two calls");
        }
        let reply = catch_unwind(AssertUnwindSafe(|| host.answer(py, &request)))
            .unwrap_or_else(|panic| host.reply(request.id, Outcome::Fault(panicked(&request, &*panic))));
        let message = HostMessage::Reply(bounded(&request, reply));
        if py.detach(|| replies.send(message)).is_err() {
            return;
        }
    }
}

/// What the request was, for messages.
fn label(request: &Request) -> String {
    match &request.op {
        Op::Connect => "connect".to_owned(),
        Op::Call(call) => call.label(),
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
