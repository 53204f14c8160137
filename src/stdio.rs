//! The protocol's lines on stdin and stdout, with the end of input seen at once and the queue of answers bounded.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rmcp::RoleServer;
use rmcp::model::{ClientRequest, GetMeta, JsonRpcMessage, ProtocolVersion};
use rmcp::service::{RxJsonRpcMessage, TxJsonRpcMessage};
use rmcp::transport::Transport;
use rmcp::transport::async_rw::AsyncRwTransport;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// Answers that may wait for the client to read them. rmcp has a task for each; a client that sends this many
/// requests without reading one answer is made to wait, so that its backlog does not become ours.
pub const UNREAD_ANSWERS: usize = 256;

/// How long a client with [`UNREAD_ANSWERS`] outstanding may go without reading any before it counts as gone.
/// The most patient client measured gives up after 60 s.
pub const UNREAD_PATIENCE: Duration = Duration::from_secs(60);

/// rmcp's line transport, with three things that it lacks:
///
/// - the end of input (or a client that stopped reading) cancels `end` at once; rmcp waits 5 s for calls first;
/// - what is not a request is dropped until the client has opened a session or sent a sessionless request; rmcp
///   would end the process;
/// - reading stops while too many answers are unread.
pub struct Stdio<R: AsyncRead, W: AsyncWrite> {
    lines: AsyncRwTransport<RoleServer, R, W>,
    opened: bool,
    unread: Arc<Unread>,
    end: CancellationToken,
}

/// How many answers are on their way to the client.
#[derive(Default)]
struct Unread {
    count: AtomicUsize,
    one_less: Notify,
}

impl Unread {
    /// Waits until the client has room for another answer; false when it has stopped reading for good.
    async fn has_room(&self) -> bool {
        while self.count.load(Ordering::Relaxed) >= UNREAD_ANSWERS {
            if tokio::time::timeout(UNREAD_PATIENCE, self.one_less.notified()).await.is_err() {
                tracing::warn!(
                    "the client has not read an answer for {UNREAD_PATIENCE:?}; ending the session"
                );
                return false;
            }
        }
        true
    }
}

/// One answer on its way; dropping it counts it as read.
struct OnItsWay(Arc<Unread>);

impl OnItsWay {
    fn new(unread: &Arc<Unread>) -> Self {
        unread.count.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(unread))
    }
}

impl Drop for OnItsWay {
    fn drop(&mut self) {
        self.0.count.fetch_sub(1, Ordering::Relaxed);
        self.0.one_less.notify_one();
    }
}

impl<R, W> Stdio<R, W>
where
    R: AsyncRead + Send + Unpin,
    W: AsyncWrite + Send + Unpin + 'static,
{
    /// Reads requests from `input` and writes answers to `output`; `end` is cancelled when the input ends.
    pub fn new(input: R, output: W, end: CancellationToken) -> Self {
        Self {
            lines: AsyncRwTransport::new_server(input, output),
            opened: false,
            unread: Arc::default(),
            end,
        }
    }
}

impl<R, W> Transport<RoleServer> for Stdio<R, W>
where
    R: AsyncRead + Send + Unpin,
    W: AsyncWrite + Send + Unpin + 'static,
{
    type Error = io::Error;

    fn send(
        &mut self,
        message: TxJsonRpcMessage<RoleServer>,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send + 'static {
        let on_its_way = OnItsWay::new(&self.unread);
        let sending = self.lines.send(message);
        async move {
            let sent = sending.await;
            drop(on_its_way);
            sent
        }
    }

    async fn receive(&mut self) -> Option<RxJsonRpcMessage<RoleServer>> {
        loop {
            if !self.unread.has_room().await {
                self.end.cancel();
                return None;
            }
            let Some(message) = self.lines.receive().await else {
                self.end.cancel();
                return None;
            };
            if let JsonRpcMessage::Request(request) = &message {
                self.opened |= opens(&request.request);
                return Some(message);
            }
            if self.opened {
                return Some(message);
            }
            tracing::debug!("dropped a message that came before the first request");
        }
    }

    async fn close(&mut self) -> Result<(), Self::Error> {
        self.lines.close().await
    }
}

/// Whether rmcp leaves its opening phase with this request: `initialize`, or any request but `ping` and
/// `server/discover` that carries the metadata of the sessionless protocol.
fn opens(request: &ClientRequest) -> bool {
    match request {
        ClientRequest::InitializeRequest(_) => true,
        ClientRequest::PingRequest(_) | ClientRequest::DiscoverRequest(_) => false,
        other => {
            let meta = other.get_meta();
            meta.missing_required_keys(&ProtocolVersion::V_2026_07_28).is_empty()
                && meta
                    .protocol_version()
                    .is_some_and(|version| ProtocolVersion::KNOWN_VERSIONS.contains(&version))
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;

    const PING: &[u8] = b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n";

    /// The whole server hangs on this: calls in flight are cancelled by the token, not by rmcp's drain of 5 s.
    #[tokio::test]
    async fn end_of_input_cancels_the_token() {
        let (client, server) = duplex(1024);
        let end = CancellationToken::new();
        let mut stdio = Stdio::new(server, tokio::io::sink(), end.clone());
        drop(client);

        assert!(stdio.receive().await.is_none());
        assert!(end.is_cancelled());
    }

    /// rmcp ends the process when a notification comes before the first request; Claude Code sends `cancelled`
    /// for a discover that it gave up on.
    #[tokio::test]
    async fn what_comes_before_the_first_request_is_dropped() {
        let (mut client, server) = duplex(1024);
        let mut stdio = Stdio::new(server, tokio::io::sink(), CancellationToken::new());
        let cancelled =
            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":1}}\n";
        client.write_all(cancelled.as_bytes()).await.unwrap();
        client.write_all(PING).await.unwrap();

        assert!(matches!(stdio.receive().await, Some(JsonRpcMessage::Request(_))));
    }

    /// A client that never reads must not grow our memory with every request that it sends.
    #[tokio::test]
    async fn reading_stops_while_too_many_answers_are_unread() {
        let (mut client, server) = duplex(1024);
        let (mut answers, output) = duplex(64);
        let mut stdio = Stdio::new(server, output, CancellationToken::new());
        client.write_all(PING).await.unwrap();
        // A few fit into the pipe and count as read.
        let sends: Vec<_> = (0..UNREAD_ANSWERS + 8)
            .map(|id| {
                let result = rmcp::model::ServerResult::empty(());
                let id = rmcp::model::RequestId::Number(id as i64);
                tokio::spawn(stdio.send(JsonRpcMessage::response(result, id)))
            })
            .collect();

        tokio::select! {
            biased;
            _ = stdio.receive() => panic!("a request was read although no answer was"),
            _ = tokio::task::yield_now() => {}
        }

        tokio::spawn(async move { answers.read_to_end(&mut Vec::new()).await });
        assert!(stdio.receive().await.is_some());
        for send in sends {
            send.await.unwrap().unwrap();
        }
    }
}
