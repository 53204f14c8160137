//! Moves frames, one JSON line each, between the process's pipes and the interpreter thread.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::sync::{Arc, Mutex, PoisonError};

use crossbeam_channel::{Receiver, Sender, TrySendError};
use resolve_api::Fault;
use resolve_api::wire::{HostMessage, MAX_LINE_BYTES, Outcome, Reply, Request};
use serde::Deserialize;

/// How many requests may wait in the host. The server keeps one in flight, so a full queue is its mistake;
/// 64 leaves room for a sender that pipelines, at a few hundred bytes each.
pub const REQUEST_QUEUE: usize = 64;

/// How many messages may wait to be written for the reader, and in the same process to be taken. Only a request that
/// is refused makes one, so more than a handful means that nobody reads.
pub const REPLY_QUEUE: usize = 16;

/// Where messages leave.
pub trait Outlet {
    /// Sends a message; waits while the other side has no room for it.
    ///
    /// # Errors
    /// When there is no other side any more.
    fn put(&self, message: HostMessage) -> io::Result<()>;
}

/// Within the process: a channel that its other end reads.
impl Outlet for Sender<HostMessage> {
    fn put(&self, message: HostMessage) -> io::Result<()> {
        self.send(message).map_err(|_| io::ErrorKind::BrokenPipe.into())
    }
}

impl<O: Outlet + ?Sized> Outlet for Arc<O> {
    fn put(&self, message: HostMessage) -> io::Result<()> {
        (**self).put(message)
    }
}

/// The pipe to the server, for whichever thread has something to say.
///
/// The interpreter's thread writes its replies itself, without the interpreter: a thread in between would have to be
/// woken for each, which is a fifth of the whole time of a short call.
pub struct Pipe<W>(Mutex<Writer<W>>);

struct Writer<W> {
    output: W,
    line: Vec<u8>,
}

impl<W: Write> Pipe<W> {
    /// A pipe whose lines go to `output`.
    pub fn new(output: W) -> Self {
        Self(Mutex::new(Writer { output, line: Vec::new() }))
    }
}

impl<W: Write> Outlet for Pipe<W> {
    /// Writes the message as one line in one write.
    fn put(&self, message: HostMessage) -> io::Result<()> {
        let mut writer = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Writer { output, line } = &mut *writer;
        line.clear();
        serde_json::to_writer(&mut *line, &message)?;
        line.push(b'\n');
        output.write_all(line)?;
        output.flush()?;
        // One large answer should not stay in memory for the life of the process.
        line.shrink_to(64 << 10);
        Ok(())
    }
}

/// Just the id of a request that cannot be understood otherwise.
#[derive(Deserialize)]
struct Numbered {
    id: u64,
}

/// Reads requests until the pipe ends. It never waits for the interpreter, so that the end of the pipe is
/// seen while a call runs: a line that is no request, or one more than [`REQUEST_QUEUE`], is answered here.
///
/// # Errors
/// When the pipe fails, or a line is longer than [`MAX_LINE_BYTES`] or carries no id: then the two sides no
/// longer understand each other, and the host has to end.
pub fn read_requests(
    input: impl Read,
    requests: &Sender<Request>,
    replies: &Sender<HostMessage>,
) -> io::Result<()> {
    let mut input = BufReader::with_capacity(64 << 10, input);
    let mut line = Vec::new();
    loop {
        line.clear();
        let limit = MAX_LINE_BYTES as u64 + 1;
        input.by_ref().take(limit).read_until(b'\n', &mut line)?;
        if line.is_empty() {
            return Ok(());
        }
        if line.len() > MAX_LINE_BYTES {
            return Err(io::Error::other(format!("a request has more than {MAX_LINE_BYTES} bytes")));
        }
        let refused = match serde_json::from_slice::<Request>(&line) {
            Ok(request) => match requests.try_send(request) {
                Ok(()) => continue,
                Err(TrySendError::Full(request)) => (
                    request.id,
                    format!("the host already has {REQUEST_QUEUE} requests waiting; send fewer at once"),
                ),
                Err(TrySendError::Disconnected(_)) => return Ok(()),
            },
            Err(error) => match serde_json::from_slice::<Numbered>(&line) {
                Ok(numbered) => (numbered.id, format!("it is not a request of this wire: {error}")),
                Err(_) => return Err(io::Error::other(format!("a line is not a request: {error}"))),
            },
        };
        let (id, reason) = refused;
        let fault = Fault::BadArgument { path: "request".to_owned(), reason };
        let reply =
            Reply { id, outcome: Outcome::Fault(fault), api_calls: 0, generation: 0, look: None, objects: 0 };
        if replies.try_send(HostMessage::Reply(reply)).is_err() {
            return Err(io::Error::other("nobody reads the replies while requests keep coming"));
        }
    }
}

/// Sends on what the reader refused, so that the reader itself never waits for the pipe; ends with the channel.
///
/// # Errors
/// When the pipe fails: the server is gone.
pub fn write_refusals(output: &impl Outlet, refusals: &Receiver<HostMessage>) -> io::Result<()> {
    refusals.iter().try_for_each(|refusal| output.put(refusal))
}

/// How many bytes a message takes on the wire, without the newline.
pub fn encoded_len(message: &impl serde::Serialize) -> serde_json::Result<usize> {
    struct Count(usize);
    impl Write for Count {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut count = Count(0);
    serde_json::to_writer(&mut count, message)?;
    Ok(count.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crossbeam_channel::bounded;
    use resolve_api::wire::Op;

    fn read(text: &str, room: usize) -> (io::Result<()>, Vec<Request>, Vec<HostMessage>) {
        let (requests, received) = bounded(room);
        let (replies, answered) = bounded(REPLY_QUEUE);
        let result = read_requests(text.as_bytes(), &requests, &replies);
        drop((requests, replies));
        (result, received.iter().collect(), answered.iter().collect())
    }

    fn reason(message: &HostMessage) -> (u64, String) {
        let HostMessage::Reply(reply) = message else { panic!("not a reply: {message:?}") };
        let Outcome::Fault(fault) = &reply.outcome else { panic!("not a fault: {reply:?}") };
        (reply.id, fault.to_string())
    }

    /// A well-formed line becomes the request it says, and the end of the pipe is not an error.
    #[test]
    fn a_line_becomes_a_request() {
        let (result, requests, replies) = read("{\"id\":7,\"op\":\"connect\"}\n", 4);

        assert!(result.is_ok());
        assert_eq!(vec![Request { id: 7, op: Op::Connect }], requests);
        assert!(replies.is_empty());
    }

    /// An unknown kind of request is answered under its own id, so that the server's call does not hang.
    #[test]
    fn an_unknown_request_is_answered_under_its_id() {
        let deep = "[".repeat(5000) + &"]".repeat(5000);
        let text = format!("{{\"id\":8,\"op\":\"dance\"}}\n{{\"id\":9,\"op\":{deep}}}\n");

        let (result, requests, replies) = read(&text, 4);

        assert!(result.is_ok());
        assert!(requests.is_empty());
        assert_eq!(8, reason(&replies[0]).0);
        assert!(reason(&replies[0]).1.starts_with("request: it is not a request of this wire"));
        assert_eq!(9, reason(&replies[1]).0);
    }

    /// A full queue is refused at once: a reader that waited would not see the pipe end.
    #[test]
    fn a_full_queue_is_refused_and_not_waited_for() {
        let line = |id: u64| format!("{{\"id\":{id},\"op\":\"connect\"}}\n");

        let (result, requests, replies) = read(&(line(1) + &line(2)), 1);

        assert!(result.is_ok());
        assert_eq!(1, requests.len());
        assert_eq!(2, reason(&replies[0]).0);
    }

    /// A line without an id and one beyond the limit end the conversation, rather than being guessed at.
    #[test]
    fn a_line_that_cannot_be_answered_is_an_error() {
        assert!(read("hello\n", 1).0.is_err());
        assert!(read(&"x".repeat(MAX_LINE_BYTES + 1), 1).0.is_err());
    }

    /// A message is exactly one line, whatever its text holds.
    #[test]
    fn a_message_is_one_line() {
        let fault = Fault::NotConnected { reason: "line\nbreak \u{2028} 日本".to_owned() };
        let reply = Reply {
            id: 1,
            outcome: Outcome::Fault(fault),
            api_calls: 0,
            generation: 0,
            look: None,
            objects: 0,
        };
        let message = HostMessage::Reply(reply);
        let mut written = Vec::new();

        Pipe::new(&mut written).put(message.clone()).unwrap();

        assert_eq!(1, written.iter().filter(|byte| **byte == b'\n').count());
        assert_eq!(message, serde_json::from_slice(&written).unwrap());
        assert_eq!(written.len() - 1, encoded_len(&message).unwrap());
    }
}
