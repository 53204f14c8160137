//! Whose call it is: each client knows for itself which project is open, and hears for itself of another one.

use std::sync::{Mutex, PoisonError};

use hyper::http::request::Parts;
use resolve_actors::Told;
use rmcp::model::{CallToolResponse, Extensions, Implementation};

use super::ResolveServer;
use crate::http::limits::SESSIONS;
use crate::notice;

/// The header that names a session.
const SESSION: &str = "mcp-session-id";

/// Clients over HTTP of which it is known what they were told: all sessions, and as many programs of the era without.
/// Beyond that the one not heard of for longest comes as if it were new.
const CLIENTS: usize = 2 * SESSIONS;

/// One client among those over HTTP. Stdio has one client, which needs no name.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Key {
    /// A session by its id.
    Session(String),
    /// In the era without sessions a request tells no more of its sender than its program and version: two of one
    /// program are one client.
    Program(String, String),
}

impl Key {
    fn of(head: &Parts, program: Option<&Implementation>) -> Self {
        match head.headers.get(SESSION).and_then(|id| id.to_str().ok()) {
            Some(id) => Self::Session(id.to_owned()),
            None => {
                let program = program.map(|program| (program.name.clone(), program.version.clone()));
                let (name, version) = program.unwrap_or_default();
                Self::Program(name, version)
            }
        }
    }
}

/// What each client over HTTP was told, the one heard of last at the end.
#[derive(Debug, Default)]
pub(super) struct Clients(Mutex<Vec<(Key, Told)>>);

impl Clients {
    /// What a client was told; one that comes for the first time is made by `new`.
    fn told(&self, key: Key, new: impl FnOnce() -> Told) -> Told {
        let mut clients = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = clients.iter().position(|(known, _)| *known == key);
        let client = known.map_or_else(|| (key, new()), |index| clients.remove(index));
        let told = client.1.clone();
        if clients.len() == CLIENTS {
            clients.remove(0);
        }
        clients.push(client);
        told
    }
}

impl ResolveServer {
    /// The same server for the client that has sent a message with these extensions.
    pub(super) fn for_sender(&self, extensions: &Extensions, program: Option<&Implementation>) -> Self {
        let told = match extensions.get::<Parts>() {
            Some(head) => self.shared.clients.told(Key::of(head, program), || self.shared.newcomer()),
            None => self.told.clone(),
        };
        Self { shared: self.shared.clone(), told }
    }

    /// The result, with the news that another project is open than this client knows, if it was not told yet.
    pub(super) fn with_news(&self, response: CallToolResponse) -> CallToolResponse {
        // A question is no result: the news waits for the one that comes of it.
        let CallToolResponse::Complete(result) = response else { return response };
        match self.shared.system.as_ref().ok().and_then(|system| system.news(&self.told)) {
            Some(change) => notice::with_change(result, &change).into(),
            None => result.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(name: usize) -> Key {
        Key::Program(name.to_string(), "1".to_owned())
    }

    /// Programs come and go without a word; what is remembered of them is bounded, and one at work is not forgotten.
    #[test]
    fn those_heard_of_last_are_remembered() {
        let clients = Clients::default();
        let asked = |key: Key| {
            let mut new = false;
            clients.told(key, || {
                new = true;
                Told::default()
            });
            new
        };
        assert!(asked(Key::Session("a".to_owned())));
        for number in 0..CLIENTS + 5 {
            assert!(asked(program(number)), "{number}");
            assert!(!asked(Key::Session("a".to_owned())));
        }

        assert!(asked(program(0)), "it was not heard of for longest");
        assert!(!asked(program(CLIENTS + 4)));
        assert_eq!(CLIENTS, clients.0.lock().unwrap().len());
    }
}
