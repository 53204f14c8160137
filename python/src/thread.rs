//! The thread that owns the interpreter, from Python's start to the last request.

use std::io;
use std::thread::{Builder, JoinHandle};

use crossbeam_channel::Receiver;
#[cfg(feature = "in-process")]
use crossbeam_channel::Sender;
use pyo3::prelude::*;
use resolve_api::wire::{Hello, HostMessage, Request, WIRE_VERSION};

use crate::connect;
use crate::frames::Outlet;
use crate::host::{Config, Host};
use crate::interpreter::{self, StartError};
use crate::serve::serve;

/// 16 MiB of stack: Resolve's library and codecs were written for a main thread with 8, and Python code of
/// others recurses on top of it. Only what is used takes memory.
const STACK: usize = 16 << 20;

/// Starts the thread. It starts Python, says [`Hello`], and serves until its requests or the way out end; joining
/// it tells why Python did not start, where it did not.
///
/// # Errors
/// When the system gives no thread.
pub fn spawn(
    config: Config,
    requests: Receiver<Request>,
    replies: impl Outlet + Send + Sync + 'static,
) -> io::Result<JoinHandle<Result<(), StartError>>> {
    Builder::new().name("python".to_owned()).stack_size(STACK).spawn(move || {
        interpreter::start(config.python.as_deref())?;
        Python::attach(|py| {
            let hello = Hello { wire: WIRE_VERSION, pid: std::process::id(), python: connect::version(py) };
            if py.detach(|| replies.put(HostMessage::Hello(hello))).is_ok() {
                serve(py, &requests, &replies, Host::new(config));
            }
        });
        Ok(())
    })
}

/// Runs the host on a thread of this process and gives the two ends of its channels. A process can do this
/// once: Python cannot be started a second time. When Python does not start, the receiver ends without
/// [`Hello`] and the log says why.
///
/// # Errors
/// When the system gives no thread.
#[cfg(feature = "in-process")]
pub fn spawn_in_process(config: Config) -> io::Result<(Sender<Request>, Receiver<HostMessage>)> {
    use crate::frames::{REPLY_QUEUE, REQUEST_QUEUE};

    let (requests, received) = crossbeam_channel::bounded(REQUEST_QUEUE);
    let (replies, answered) = crossbeam_channel::bounded(REPLY_QUEUE);
    let python = spawn(config, received, replies)?;
    Builder::new().name("python-end".to_owned()).spawn(move || match python.join() {
        Ok(Ok(())) => tracing::debug!("the interpreter thread has ended"),
        Ok(Err(error)) => tracing::error!("{error}"),
        Err(_) => tracing::error!("the interpreter thread panicked"),
    })?;
    Ok((requests, answered))
}
