//! The port at which a collector reads the numbers: loopback only, one page, nothing else.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{ALLOW, CONTENT_TYPE, HOST, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use prometheus_client::encoding::prometheus_text::CONTENT_TYPE as PROMETHEUS;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::http::limits::{ACCEPT_AGAIN, HEAD_BYTES, HEAD_WITHIN};
use crate::metrics::Page;

/// Where the page is.
pub const PATH: &str = "/metrics";

/// Collectors at once; there is one, and a person who looks. What comes beyond waits for one of them to go.
const CONNECTIONS: usize = 4;

/// Why the numbers are not served.
#[derive(Debug, thiserror::Error)]
pub enum MetricsError {
    /// Other machines could read what is worked on here.
    #[error(
        "{0} can be reached from other machines, and the page asks for no token; use 127.0.0.1 with --metrics"
    )]
    OpenToOthers(SocketAddr),
    /// The address cannot be had.
    #[error("{address} cannot be listened on ({source}); name another address or port with --metrics")]
    Bind {
        /// What was asked for.
        address: SocketAddr,
        /// What the system says.
        source: std::io::Error,
    },
}

/// An address that is listened on, at which nothing is served yet.
pub struct MetricsPort {
    listener: TcpListener,
    address: SocketAddr,
}

impl MetricsPort {
    /// Listens on `address`, which only this machine reaches.
    ///
    /// # Errors
    /// [`MetricsError`] when others reach it too, or it is not to be had.
    pub async fn open(address: SocketAddr) -> Result<Self, MetricsError> {
        if !address.ip().is_loopback() {
            return Err(MetricsError::OpenToOthers(address));
        }
        let failed = |source| MetricsError::Bind { address, source };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Self { listener, address })
    }

    /// What a person has to know to read it.
    pub fn announcement(&self) -> String {
        format!("metrics are on http://{}{PATH}", self.address)
    }

    /// Serves the page until this future is dropped.
    pub async fn serve(self, page: Page) -> Infallible {
        let (page, free) = (Arc::new(page), Arc::new(Semaphore::new(CONNECTIONS)));
        let mut connections = JoinSet::new();
        loop {
            // The semaphore is never closed; without a permit one connection more is served, no worse.
            let permit = free.clone().acquire_owned().await;
            let stream = match self.listener.accept().await {
                Ok((stream, _)) => stream,
                Err(error) => {
                    tracing::warn!("a collector was not accepted ({error})");
                    tokio::time::sleep(ACCEPT_AGAIN).await;
                    continue;
                }
            };
            while connections.try_join_next().is_some() {}
            let page = Arc::clone(&page);
            connections.spawn(async move {
                connection(stream, page).await;
                drop(permit);
            });
        }
    }
}

/// Serves one collector until it goes, or keeps its connection unused for too long.
async fn connection(stream: TcpStream, page: Arc<Page>) {
    let answer = service_fn(move |request| {
        let page = Arc::clone(&page);
        async move { Ok::<_, Infallible>(answer(&request, &page)) }
    });
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WITHIN)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), answer);
    if let Err(error) = serving.await {
        tracing::debug!("a collector's connection ended early: {error}");
    }
}

fn answer(request: &Request<Incoming>, page: &Page) -> Response<Full<Bytes>> {
    if !is_ours(request.headers().get(HOST)) {
        return refusal(StatusCode::FORBIDDEN, "the Host header names another machine");
    }
    if request.uri().path() != PATH {
        return refusal(StatusCode::NOT_FOUND, "nothing is here; the numbers are at /metrics");
    }
    if request.method() != Method::GET {
        let mut refusal = refusal(StatusCode::METHOD_NOT_ALLOWED, "the numbers are read with GET");
        refusal.headers_mut().insert(ALLOW, HeaderValue::from_static("GET"));
        return refusal;
    }
    match page.text() {
        Ok(text) => with_type(Response::new(Full::new(text.into())), PROMETHEUS),
        Err(error) => {
            refusal(StatusCode::INTERNAL_SERVER_ERROR, format!("the numbers cannot be written: {error}"))
        }
    }
}

/// Whether a `Host` header names this machine: a page of a foreign site that had its name point here would send that
/// name, and could read the answer.
fn is_ours(host: Option<&HeaderValue>) -> bool {
    let Some(host) = host.and_then(|host| host.to_str().ok()) else { return false };
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    name.eq_ignore_ascii_case("localhost")
        || name.trim_matches(['[', ']']).parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback())
}

fn refusal(status: StatusCode, text: impl Into<Bytes>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(text.into()));
    *response.status_mut() = status;
    with_type(response, "text/plain; charset=utf-8")
}

fn with_type(mut response: Response<Full<Bytes>>, kind: &'static str) -> Response<Full<Bytes>> {
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A name that a foreign site points at this machine is not one of ours.
    #[test]
    fn only_names_of_this_machine_are_ours() {
        let ours = |host: &'static str| is_ours(Some(&HeaderValue::from_static(host)));

        for name in ["localhost", "LOCALHOST:9", "127.0.0.1:7811", "127.0.0.2", "[::1]:7811", "[::1]"] {
            assert!(ours(name), "{name}");
        }
        for name in
            ["", "evil.example", "localhost.evil.example:80", "127.0.0.1.evil.example", "10.0.0.1:7811"]
        {
            assert!(!ours(name), "{name}");
        }
        assert!(!is_ours(None));
    }
}
