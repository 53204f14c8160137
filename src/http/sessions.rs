//! The sessions of clients that open one, bounded: a new one takes the place of the one unused for longest.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use futures::Stream;
use rmcp::model::{ClientJsonRpcMessage, ServerJsonRpcMessage};
use rmcp::transport::streamable_http_server::SessionManager;
use rmcp::transport::streamable_http_server::session::local::{
    LocalSessionManager, LocalSessionManagerError,
};
use rmcp::transport::streamable_http_server::session::{ServerSseMessage, SessionId};

use super::limits::SESSION_IDLE;

/// rmcp's sessions in memory, which have an idle time but no bound on their number.
pub struct Sessions {
    local: LocalSessionManager,
    limit: usize,
    used: Mutex<Uses>,
}

/// Which session was used when, counted in uses of any.
#[derive(Default)]
struct Uses {
    count: u64,
    last: HashMap<SessionId, u64>,
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

    /// Notes that a session is in use; one that is not there stays away.
    fn touch(&self, id: &SessionId) {
        let mut used = self.used();
        let now = used.next();
        if let Some(last) = used.last.get_mut(id) {
            *last = now;
        }
    }

    /// The session to close before one more is opened.
    fn in_the_way(&self) -> Option<SessionId> {
        let used = self.used();
        if used.last.len() < self.limit {
            return None;
        }
        used.last.iter().min_by_key(|(_, last)| **last).map(|(id, _)| id.clone())
    }
}

impl SessionManager for Sessions {
    type Error = LocalSessionManagerError;
    type Transport = <LocalSessionManager as SessionManager>::Transport;

    async fn create_session(&self) -> Result<(SessionId, Self::Transport), Self::Error> {
        while let Some(id) = self.in_the_way() {
            tracing::info!("closed a session unused for longest: {} are open", self.limit);
            self.close_session(&id).await?;
        }
        let (id, transport) = self.local.create_session().await?;
        let mut used = self.used();
        let now = used.next();
        used.last.insert(id.clone(), now);
        drop(used);
        Ok((id, transport))
    }

    async fn initialize_session(
        &self,
        id: &SessionId,
        message: ClientJsonRpcMessage,
    ) -> Result<ServerJsonRpcMessage, Self::Error> {
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
        self.touch(id);
        self.local.create_stream(id, message).await
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
