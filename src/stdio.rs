//! The protocol's lines on stdin and stdout, with the end of input seen at once and the queue of answers bounded.

use std::collections::HashSet;
use std::future::Future;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use resolve_actors::limits::{UNANSWERED, UNREAD_PATIENCE};
use rmcp::RoleServer;
use rmcp::model::{ClientNotification, ClientRequest, GetMeta, JsonRpcMessage, ProtocolVersion, RequestId};
use rmcp::service::{RxJsonRpcMessage, TxJsonRpcMessage};
use rmcp::transport::Transport;
use rmcp::transport::async_rw::AsyncRwTransport;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// rmcp's line transport, with three things that it lacks:
///
/// - the end of input (or a client that stopped reading) cancels `end` at once; rmcp waits 5 s for calls first;
/// - what is not a request is dropped until the client has opened a session or sent a sessionless request; rmcp
///   would end the process;
/// - reading stops while too many requests are unanswered, or their answers unread. rmcp has a task for each and reads
///   on before it runs them: 5,000 calls in a pipe would all be in memory at once.
pub struct Stdio<R: AsyncRead, W: AsyncWrite> {
    lines: AsyncRwTransport<RoleServer, R, W>,
    opened: bool,
    unanswered: Arc<Unanswered>,
    end: CancellationToken,
}

/// What a client has asked and has not been told yet.
#[derive(Default)]
struct Unanswered {
    /// Requests that were read and whose answers are not written.
    requests: Mutex<HashSet<RequestId>>,
    /// Messages on their way that answer nothing.
    others: AtomicUsize,
    one_less: Notify,
}

impl Unanswered {
    /// Waits until there is room for another request; false when the client has stopped reading for good.
    async fn has_room(&self) -> bool {
        while self.requests().len() + self.others.load(Ordering::Relaxed) >= UNANSWERED {
            if tokio::time::timeout(UNREAD_PATIENCE, self.one_less.notified()).await.is_err() {
                tracing::warn!(
                    "the client has not read an answer for {UNREAD_PATIENCE:?}; ending the session"
                );
                return false;
            }
        }
        true
    }

    /// Notes what a message of the client's opens, or closes: a cancelled request is never answered.
    fn received(&self, message: &RxJsonRpcMessage<RoleServer>) {
        match message {
            JsonRpcMessage::Request(request) => drop(self.requests().insert(request.id.clone())),
            JsonRpcMessage::Notification(notification) => {
                if let ClientNotification::CancelledNotification(cancelled) = &notification.notification
                    && let Some(id) = &cancelled.params.request_id
                {
                    self.closed(id);
                }
            }
            _ => {}
        }
    }

    fn closed(&self, id: &RequestId) {
        self.requests().remove(id);
        self.one_less.notify_one();
    }

    fn requests(&self) -> MutexGuard<'_, HashSet<RequestId>> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A message on its way to the client; dropping it counts it as read.
struct OnItsWay {
    unanswered: Arc<Unanswered>,
    answers: Option<RequestId>,
}

impl OnItsWay {
    fn new(unanswered: &Arc<Unanswered>, message: &TxJsonRpcMessage<RoleServer>) -> Self {
        let answers = match message {
            JsonRpcMessage::Response(response) => Some(response.id.clone()),
            JsonRpcMessage::Error(error) => error.id.clone(),
            _ => None,
        };
        if answers.is_none() {
            unanswered.others.fetch_add(1, Ordering::Relaxed);
        }
        Self { unanswered: Arc::clone(unanswered), answers }
    }
}

impl Drop for OnItsWay {
    fn drop(&mut self) {
        match &self.answers {
            Some(id) => self.unanswered.closed(id),
            None => {
                self.unanswered.others.fetch_sub(1, Ordering::Relaxed);
                self.unanswered.one_less.notify_one();
            }
        }
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
            unanswered: Arc::default(),
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
        let on_its_way = OnItsWay::new(&self.unanswered, &message);
        let sending = self.lines.send(message);
        async move {
            let sent = sending.await;
            drop(on_its_way);
            sent
        }
    }

    async fn receive(&mut self) -> Option<RxJsonRpcMessage<RoleServer>> {
        loop {
            if !self.unanswered.has_room().await {
                self.end.cancel();
                return None;
            }
            let Some(message) = self.lines.receive().await else {
                self.end.cancel();
                return None;
            };
            self.unanswered.received(&message);
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

    fn ping(id: usize) -> Vec<u8> {
        format!("{{\"jsonrpc\":\"2.0\",\"id\":{id},\"method\":\"ping\"}}\n").into_bytes()
    }

    fn answer(id: usize) -> TxJsonRpcMessage<RoleServer> {
        let id = RequestId::Number(i64::try_from(id).expect("a small number"));
        JsonRpcMessage::response(rmcp::model::ServerResult::empty(()), id)
    }

    /// Whether a message is read before the test goes on.
    async fn reads<R, W>(stdio: &mut Stdio<R, W>) -> bool
    where
        R: AsyncRead + Send + Unpin,
        W: AsyncWrite + Send + Unpin + 'static,
    {
        tokio::select! {
            biased;
            message = stdio.receive() => message.is_some(),
            _ = tokio::task::yield_now() => false,
        }
    }

    /// A client that sends all it has at once must not grow our memory with every request: the next is read when one
    /// was answered, or cancelled, which is never answered.
    #[tokio::test]
    async fn reading_stops_while_too_many_requests_are_unanswered() {
        let (mut client, server) = duplex(1 << 20);
        let mut stdio = Stdio::new(server, tokio::io::sink(), CancellationToken::new());
        for id in 0..UNANSWERED + 3 {
            client.write_all(&ping(id)).await.unwrap();
        }
        for id in 0..UNANSWERED {
            assert!(stdio.receive().await.is_some(), "request {id}");
        }

        assert!(!reads(&mut stdio).await, "one too many was read");
        stdio.send(answer(7)).await.unwrap();
        assert!(stdio.receive().await.is_some());
        assert!(!reads(&mut stdio).await, "one too many was read");

        let cancelled =
            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":8}}";
        let cancelled: RxJsonRpcMessage<RoleServer> = serde_json::from_str(cancelled).unwrap();
        stdio.unanswered.received(&cancelled);
        assert!(stdio.receive().await.is_some());
        assert!(!reads(&mut stdio).await, "one too many was read");
    }

    /// An answer that the client does not read is as good as none.
    #[tokio::test]
    async fn reading_stops_while_too_many_answers_are_unread() {
        let (mut client, server) = duplex(1 << 20);
        // One answer fits into the pipe and counts as read.
        let (mut answers, output) = duplex(64);
        let mut stdio = Stdio::new(server, output, CancellationToken::new());
        let mut sends = Vec::new();
        for id in 0..UNANSWERED + 1 {
            client.write_all(&ping(id)).await.unwrap();
            assert!(stdio.receive().await.is_some(), "request {id}");
            sends.push(tokio::spawn(stdio.send(answer(id))));
            tokio::task::yield_now().await;
        }
        client.write_all(PING).await.unwrap();
        assert!(!reads(&mut stdio).await, "a request was read although no answer was");

        tokio::spawn(async move { answers.read_to_end(&mut Vec::new()).await });
        assert!(stdio.receive().await.is_some());
        for send in sends {
            send.await.unwrap().unwrap();
        }
    }
}
