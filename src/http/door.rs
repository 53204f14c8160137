//! Who is let in: the path, the token and the body of a request are looked at before the protocol is.

use std::convert::Infallible;
use std::sync::Arc;

use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Bytes, Incoming};
use hyper::header::{AUTHORIZATION, CONNECTION, CONTENT_TYPE, HeaderMap, HeaderValue, WWW_AUTHENTICATE};
use hyper::{Request, Response, StatusCode};
use rmcp::ServerHandler;
use rmcp::transport::streamable_http_server::StreamableHttpService;

use super::limits::{BODY_BYTES, BODY_WITHIN, DISCARDED_BYTES};
use super::sessions::Sessions;
use super::token::Token;

/// Where the protocol is.
pub const PATH: &str = "/mcp";

/// What an answer's body is.
type Answer = Response<BoxBody<Bytes, Infallible>>;

/// Stands before the protocol. The names in `Host` and `Origin` are checked behind it, by rmcp.
pub struct Door<H> {
    token: Option<Token>,
    protocol: StreamableHttpService<Arc<H>, Sessions>,
}

impl<H> Door<H>
where
    H: ServerHandler,
{
    /// A door that `token` opens; without one it is open.
    pub fn new(token: Option<Token>, protocol: StreamableHttpService<Arc<H>, Sessions>) -> Self {
        Self { token, protocol }
    }

    /// Answers a request. A client without the token learns nothing but that it needs one, and nothing that it
    /// sends is read further than its head.
    pub async fn answer(&self, request: Request<Incoming>) -> Answer {
        // Before the token: a client that looks for a place to log in must be told that there is none.
        if request.uri().path() != PATH {
            return refusal(StatusCode::NOT_FOUND, "nothing is here; the protocol is at /mcp");
        }
        if let Some(refusal) = self.token.as_ref().and_then(|token| without(token, request.headers())) {
            return refusal;
        }
        let (head, body) = request.into_parts();
        match whole(body).await {
            Ok(body) => self.protocol.handle(Request::from_parts(head, Full::new(body))).await,
            Err(refusal) => refusal,
        }
    }
}

/// The refusal of a request without the token; `None` lets it in.
fn without(token: &Token, headers: &HeaderMap) -> Option<Answer> {
    let mut given = headers.get_all(AUTHORIZATION).iter();
    let (Some(given), None) = (given.next(), given.next()) else {
        return Some(unauthorized(
            "Bearer",
            "send the server's token once, as 'Authorization: Bearer TOKEN'",
        ));
    };
    // The scheme's name is case-insensitive.
    match given.as_bytes().split_at_checked(7) {
        Some((scheme, text)) if scheme.eq_ignore_ascii_case(b"Bearer ") && token.is(text.trim_ascii()) => {
            None
        }
        _ => Some(unauthorized(
            "Bearer error=\"invalid_token\"",
            "this is not the server's token; the server says on stderr where it is",
        )),
    }
}

/// The whole body of a request, as long as it is neither too large nor too slow.
async fn whole(body: Incoming) -> Result<Bytes, Answer> {
    let read = async {
        // One so large is not even read to its end.
        if body.size_hint().lower() > DISCARDED_BYTES { Ok(None) } else { collect(body).await }
    };
    match tokio::time::timeout(BODY_WITHIN, read).await {
        Ok(Ok(Some(body))) => Ok(body),
        Ok(Ok(None)) => {
            let limit = format!("the body is larger than {BODY_BYTES} bytes; send less at once");
            Err(refusal(StatusCode::PAYLOAD_TOO_LARGE, limit))
        }
        Ok(Err(error)) => {
            Err(refusal(StatusCode::BAD_REQUEST, format!("the body did not arrive whole: {error}")))
        }
        Err(_) => Err(refusal(
            StatusCode::REQUEST_TIMEOUT,
            format!("the body did not arrive within {BODY_WITHIN:?}; send it at once"),
        )),
    }
}

/// The body, or `None` for one that is too large. It is read on and dropped, since a client that is still sending
/// when its connection closes hears of a broken connection and not of the reason.
async fn collect(mut body: Incoming) -> Result<Option<Bytes>, hyper::Error> {
    let (mut kept, mut seen) = (Vec::new(), 0);
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame?.into_data() else { continue };
        seen += data.len() as u64;
        if seen > DISCARDED_BYTES {
            break;
        }
        if seen > BODY_BYTES as u64 {
            kept = Vec::new();
        } else {
            kept.extend_from_slice(&data);
        }
    }
    Ok((seen <= BODY_BYTES as u64).then(|| kept.into()))
}

fn unauthorized(challenge: &'static str, text: &'static str) -> Answer {
    let mut answer = refusal(StatusCode::UNAUTHORIZED, text);
    answer.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
    answer
}

/// A refusal with its reason as text. Its connection is closed: what else is on its way is not read.
fn refusal(status: StatusCode, text: impl Into<Bytes>) -> Answer {
    let mut answer = Response::new(Full::new(text.into()).boxed());
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(CONNECTION, HeaderValue::from_static("close"));
    answer
}
