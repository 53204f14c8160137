//! The sessions of clients that open one, bounded: a new one takes the place of the one unused for longest.

use std::collections::HashMap;
use std::future::ready;
use std::sync::{Mutex, MutexGuard, PoisonError};

use futures::{Stream, StreamExt};
use rmcp::model::{
    ClientJsonRpcMessage, ClientRequest, JsonRpcMessage, ProtocolVersion, ServerJsonRpcMessage,
};
use rmcp::transport::streamable_http_server::SessionManager;
use rmcp::transport::streamable_http_server::session::local::{
    LocalSessionManager, LocalSessionManagerError,
};
use rmcp::transport::streamable_http_server::session::{ServerSseMessage, SessionId};

use super::limits::{CLOSED_WITHIN, SESSION_IDLE};

/// rmcp's sessions in memory, which have an idle time but no bound on their number, and which begin each stream with
/// an event that has no data: clients older than that take it for a broken message.
pub struct Sessions {
    local: LocalSessionManager,
    limit: usize,
    used: Mutex<Uses>,
}

/// Which session was used when, counted in uses of any.
#[derive(Default)]
struct Uses {
    count: u64,
    last: HashMap<SessionId, Use>,
}

/// What is known of one session.
#[derive(Default)]
struct Use {
    /// The count at its last use.
    at: u64,
    /// Whether its client knows events without data: since 2025-11-25, which has them to resume a broken stream.
    resumes: bool,
}

impl Uses {
    fn next(&mut self) -> u64 {
        self.count += 1;
        self.count
    }
}

impl Sessions {
    /// At most `limit` sessions.
    pub fn at_most(limit: usize) -> Self {
        let mut local = LocalSessionManager::default();
        local.session_config.keep_alive = Some(SESSION_IDLE);
        Self { local, limit, used: Mutex::default() }
    }

    /// Nothing panics while it is held, and a map is right in any case.
    fn used(&self) -> MutexGuard<'_, Uses> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes that a session is in use; one that is not there stays away. Gives whether its client resumes streams.
    fn touch(&self, id: &SessionId) -> bool {
        let mut used = self.used();
        let now = used.next();
        used.last.get_mut(id).is_some_and(|last| {
            last.at = now;
            last.resumes
        })
    }

    /// The session to close before one more is opened.
    fn in_the_way(&self) -> Option<SessionId> {
        let used = self.used();
        if used.last.len() < self.limit {
            return None;
        }
        used.last.iter().min_by_key(|(_, last)| last.at).map(|(id, _)| id.clone())
    }
}

impl SessionManager for Sessions {
    type Error = LocalSessionManagerError;
    type Transport = <LocalSessionManager as SessionManager>::Transport;

    async fn create_session(&self) -> Result<(SessionId, Self::Transport), Self::Error> {
        while let Some(id) = self.in_the_way() {
            tracing::info!("closed a session unused for longest: {} are open", self.limit);
            // It is no longer found from here on; one that is busy with a client that reads nothing ends later.
            match tokio::time::timeout(CLOSED_WITHIN, self.close_session(&id)).await {
                Ok(closed) => closed?,
                Err(_) => {
                    tracing::debug!("a session did not hear within {CLOSED_WITHIN:?} that it is closed")
                }
            }
        }
        let (id, transport) = self.local.create_session().await?;
        let mut used = self.used();
        let now = used.next();
        used.last.insert(id.clone(), Use { at: now, resumes: false });
        drop(used);
        Ok((id, transport))
    }

    async fn initialize_session(
        &self,
        id: &SessionId,
        message: ClientJsonRpcMessage,
    ) -> Result<ServerJsonRpcMessage, Self::Error> {
        if let Some(last) = self.used().last.get_mut(id) {
            last.resumes = asks_for_events_without_data(&message);
        }
        self.local.initialize_session(id, message).await
    }

    async fn has_session(&self, id: &SessionId) -> Result<bool, Self::Error> {
        self.local.has_session(id).await
    }

    async fn close_session(&self, id: &SessionId) -> Result<(), Self::Error> {
        self.used().last.remove(id);
        self.local.close_session(id).await
    }

    async fn create_stream(
        &self,
        id: &SessionId,
        message: ClientJsonRpcMessage,
    ) -> Result<impl Stream<Item = ServerSseMessage> + Send + Sync + 'static, Self::Error> {
        let resumes = self.touch(id);
        let events = self.local.create_stream(id, message).await?;
        Ok(events.filter(move |event| ready(resumes || event.message.is_some())))
    }

    async fn accept_message(&self, id: &SessionId, message: ClientJsonRpcMessage) -> Result<(), Self::Error> {
        self.touch(id);
        self.local.accept_message(id, message).await
    }

    async fn create_standalone_stream(
        &self,
        id: &SessionId,
    ) -> Result<impl Stream<Item = ServerSseMessage> + Send + Sync + 'static, Self::Error> {
        self.touch(id);
        self.local.create_standalone_stream(id).await
    }

    async fn resume(
        &self,
        id: &SessionId,
        last_event_id: String,
    ) -> Result<impl Stream<Item = ServerSseMessage> + Send + Sync + 'static, Self::Error> {
        self.touch(id);
        self.local.resume(id, last_event_id).await
    }
}

/// Whether the client that opens a session with this message is of the version that has them, or of a later one.
fn asks_for_events_without_data(message: &ClientJsonRpcMessage) -> bool {
    let JsonRpcMessage::Request(request) = message else { return false };
    let ClientRequest::InitializeRequest(initialize) = &request.request else { return false };
    initialize.params.protocol_version >= ProtocolVersion::V_2025_11_25
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Clients leave without a word; the next one must still get in, and the one at work must stay.
    #[tokio::test]
    async fn one_too_many_takes_the_place_of_the_one_unused_for_longest() {
        let sessions = Sessions::at_most(2);
        let mut opened = Vec::new();
        for _ in 0..2 {
            opened.push(sessions.create_session().await.unwrap());
        }
        sessions.touch(&opened[0].0);
        opened.push(sessions.create_session().await.unwrap());

        let mut open = Vec::new();
        for (id, _) in &opened {
            open.push(sessions.has_session(id).await.unwrap());
        }
        assert_eq!(vec![true, false, true], open);
        assert_eq!(2, sessions.used().last.len());
    }

    /// What a client closes makes room.
    #[tokio::test]
    async fn a_closed_session_makes_room() {
        let sessions = Sessions::at_most(1);
        let (id, _transport) = sessions.create_session().await.unwrap();
        sessions.close_session(&id).await.unwrap();

        assert!(sessions.in_the_way().is_none());
    }
}
