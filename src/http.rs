//! The protocol over HTTP: one address, any number of clients, one set of actors behind them.

pub mod door;
pub mod limits;
pub mod options;
pub mod sessions;
pub mod token;

use std::net::SocketAddr;
use std::sync::Arc;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use rmcp::ServerHandler;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use door::{Door, PATH};
use limits::{
    ACCEPT_AGAIN, ANSWERS_WITHIN, BODY_BYTES, CONNECTIONS, HEAD_BYTES, HEAD_WITHIN, REFUSALS, REFUSED_WITHIN,
    SESSIONS, STREAM_KEEP_ALIVE, STREAMS_WITHIN,
};
use options::{HttpError, HttpOptions};
use sessions::Sessions;
use token::Token;

/// What one connection too many is told, without a look at what it asks.
const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/plain; charset=utf-8\r\n\
content-length: 51\r\nretry-after: 1\r\nconnection: close\r\n\r\n\
too many connections are open; close one, try again";

/// An address that is listened on, for which nobody is served yet.
pub struct Front {
    listener: TcpListener,
    address: SocketAddr,
    token: Option<Token>,
    options: HttpOptions,
}

impl Front {
    /// Listens on `address`, if those who reach it can be told from those who may use it.
    ///
    /// # Errors
    /// [`HttpError`] when they cannot, or the address is not to be had.
    pub async fn open(address: SocketAddr, options: &HttpOptions) -> Result<Self, HttpError> {
        let token = options.required_token(address)?;
        let failed = |source| HttpError::Bind { address, source };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Self { listener, address, token, options: options.clone() })
    }

    /// What a person, or a program that started this one, has to know to connect: one line each.
    pub fn announcement(&self) -> Vec<String> {
        let key = match &self.token {
            None => "no token is asked for: every program of this machine may use it".to_owned(),
            Some(token) => match token.file() {
                Some(file) => {
                    format!("clients send 'Authorization: Bearer TOKEN'; TOKEN is in {}", file.display())
                }
                None => "clients send 'Authorization: Bearer TOKEN' with the token that was set".to_owned(),
            },
        };
        vec![format!("listening on http://{}{PATH}", self.address), key]
    }

    /// Serves each client with a clone of `handler` until `end` is cancelled; then gives the answers of calls in
    /// flight a moment to leave.
    pub async fn serve<H>(self, handler: Arc<H>, end: &CancellationToken)
    where
        H: ServerHandler,
    {
        // Not `end`: when that is cancelled, calls in flight are still to be answered on their streams.
        let streams = CancellationToken::new();
        let config = StreamableHttpServerConfig::default()
            .with_sse_keep_alive(Some(STREAM_KEEP_ALIVE))
            // Sessions know which clients are to get one.
            .with_sse_retry(None)
            .with_max_request_body_bytes(BODY_BYTES)
            .with_allowed_hosts(self.options.own_hosts(self.address))
            .with_allowed_origins(self.options.own_origins(self.address))
            .with_cancellation_token(streams.clone());
        let sessions = Arc::new(Sessions::at_most(SESSIONS));
        let protocol = StreamableHttpService::new(move || Ok(Arc::clone(&handler)), sessions, config);
        let door = Arc::new(Door::new(self.token, protocol));

        let mut connections = JoinSet::new();
        let free = Arc::new(Semaphore::new(CONNECTIONS));
        let refusals = Arc::new(Semaphore::new(REFUSALS));
        loop {
            let stream = tokio::select! {
                biased;
                () = end.cancelled() => break,
                Some(_) = connections.join_next() => continue,
                accepted = self.listener.accept() => match accepted {
                    Ok((stream, _)) => stream,
                    Err(error) => {
                        tracing::warn!("a connection was not accepted ({error})");
                        if tokio::time::timeout(ACCEPT_AGAIN, end.cancelled()).await.is_ok() {
                            break;
                        }
                        continue;
                    }
                },
            };
            match Arc::clone(&free).try_acquire_owned() {
                Ok(permit) => {
                    drop(connections.spawn(connection(stream, Arc::clone(&door), end.clone(), permit)))
                }
                Err(_) => {
                    tracing::warn!("{CONNECTIONS} connections are open; one more is refused");
                    if let Ok(permit) = Arc::clone(&refusals).try_acquire_owned() {
                        connections.spawn(refuse(stream, permit));
                    }
                }
            }
        }
        drop(self.listener);
        let all_closed = async { while connections.join_next().await.is_some() {} };
        let mut all_closed = std::pin::pin!(all_closed);
        // Streams that only listen do not close by themselves, so this may well run out.
        if tokio::time::timeout(ANSWERS_WITHIN, &mut all_closed).await.is_err() {
            streams.cancel();
            if tokio::time::timeout(STREAMS_WITHIN, &mut all_closed).await.is_err() {
                tracing::debug!("a client did not read its last answer");
            }
        }
    }
}

/// Serves one connection until the client closes it, or `end` and the request at hand is answered.
async fn connection<H>(
    stream: TcpStream,
    door: Arc<Door<H>>,
    end: CancellationToken,
    _one_of_them: OwnedSemaphorePermit,
) where
    H: ServerHandler,
{
    // Answers are small and somebody waits for each.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!("a socket kept its delay: {error}");
    }
    let answer = service_fn(move |request| {
        let door = Arc::clone(&door);
        async move { Ok::<_, std::convert::Infallible>(door.answer(request).await) }
    });
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), answer);
    let mut serving = std::pin::pin!(serving);
    let ended = tokio::select! {
        ended = &mut serving => ended,
        () = end.cancelled() => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!("a connection ended early: {error}");
    }
}

/// Answers a connection that there is no room for, and hears it out for a moment: a client whose request is not
/// read hears of a broken connection and not of the reason.
async fn refuse(mut stream: TcpStream, _one_of_them: OwnedSemaphorePermit) {
    let hear_out = async {
        stream.write_all(FULL).await?;
        stream.shutdown().await?;
        let mut heard = [0; 4096];
        while stream.read(&mut heard).await? > 0 {}
        Ok::<_, std::io::Error>(())
    };
    match tokio::time::timeout(REFUSED_WITHIN, hear_out).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::debug!("a refusal was not heard: {error}"),
        Err(_) => tracing::debug!("a refused client did not close its connection"),
    }
}
