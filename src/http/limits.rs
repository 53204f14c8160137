//! The bounds of the HTTP front, each with its reason.

use std::time::Duration;

/// Connections at once. HTTP/1.1 works on one request at a time per connection, so this also bounds requests in
/// flight: twice the calls that may run ([`resolve_actors::limits::CALLS_AT_ONCE`]), which leaves each caller room for the
/// stream that it listens on. One more is answered 503 at once.
pub const CONNECTIONS: usize = 256;

/// Connections that are being refused at once. Beyond that they are closed without a word.
pub const REFUSALS: usize = 32;

/// How long a refused client may take to hear it. It is on this machine or near.
pub const REFUSED_WITHIN: Duration = Duration::from_secs(1);

/// Sessions of clients that speak a version with `initialize`. A person runs a handful of clients, and many of
/// them leave without closing their session; a new one then takes the place of the one unused for longest.
pub const SESSIONS: usize = 64;

/// How long a session may be unused before it is closed. A client does not come back by itself from a closed
/// session, so it outlives a night between two prompts; what an unused one holds is a few kilobytes.
pub const SESSION_IDLE: Duration = Duration::from_secs(12 * 60 * 60);

/// How long a session that has to make room may take to hear of it, before the new one is opened all the same.
pub const CLOSED_WITHIN: Duration = Duration::from_millis(100);

/// The largest request. An append of 2,000 clips, the largest call that is made, is 0.3 MB; with all connections
/// sending at once this stays at 256 MB.
pub const BODY_BYTES: usize = 1024 * 1024;

/// How much of a request that is too large is read and dropped before it is refused: as long as the longest line
/// that is read over stdio.
pub const DISCARDED_BYTES: u64 = 16 * 1024 * 1024;

/// How long the body of a request may take to arrive. Over a network that is worth the name 1 MB is there in
/// seconds; a client that stops half-way must not keep a connection.
pub const BODY_WITHIN: Duration = Duration::from_secs(20);

/// How long a connection may take to send the head of its next request, and so how long it may be kept open
/// unused. Clients keep theirs for a minute or two; they open a new one where it is gone.
pub const HEAD_WITHIN: Duration = Duration::from_secs(75);

/// The largest head of a request. A client's is below 1 KB; 16 KB leaves room for what proxies add.
pub const HEAD_BYTES: usize = 16 * 1024;

/// Time between two comments on a stream that has nothing to say, so that no proxy takes it for dead: the shortest
/// time after which one does is 30 s.
pub const STREAM_KEEP_ALIVE: Duration = Duration::from_secs(15);

/// How long to wait before accepting again when the system has no more sockets to give.
pub const ACCEPT_AGAIN: Duration = Duration::from_millis(100);

/// How long the answers of calls in flight may take to leave after the end was asked for. With what streams and
/// the actors take it stays below the 100 ms that are promised.
pub const ANSWERS_WITHIN: Duration = Duration::from_millis(20);

/// How long streams may take to close once every session is told to end.
pub const STREAMS_WITHIN: Duration = Duration::from_millis(10);
