//! Who answers to a name at this moment: the references change with every restart.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use ractor::ActorRef;
use resolve_api::catalogue::Domain;
use tokio::sync::Notify;

use crate::{domain, interpreter};

/// How long a sender waits for an actor that is being restarted; a restart takes microseconds, and one that is
/// held back by the supervisor is better reported.
const WAIT_FOR_ACTOR: Duration = Duration::from_secs(1);

/// Where the running actors are found.
#[derive(Clone, Default)]
pub(crate) struct Directory {
    entries: Arc<RwLock<Entries>>,
    changed: Arc<Notify>,
}

#[derive(Default)]
struct Entries {
    interpreter: Option<ActorRef<interpreter::Msg>>,
    domains: HashMap<Domain, ActorRef<domain::Msg>>,
}

impl Directory {
    /// Enters the actor in front of the interpreter.
    pub(crate) fn enter_interpreter(&self, actor: ActorRef<interpreter::Msg>) {
        self.entries.write().unwrap_or_else(PoisonError::into_inner).interpreter = Some(actor);
        self.changed.notify_waiters();
    }

    /// Enters the actor of a domain.
    pub(crate) fn enter_domain(&self, domain: Domain, actor: ActorRef<domain::Msg>) {
        self.entries.write().unwrap_or_else(PoisonError::into_inner).domains.insert(domain, actor);
        self.changed.notify_waiters();
    }

    /// Sends a message to the actor in front of the interpreter; gives it back when there is none.
    pub(crate) fn interpreter(&self, message: interpreter::Msg) -> Option<interpreter::Msg> {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        send(entries.interpreter.as_ref(), message)
    }

    /// Sends a message to the actor of a domain, waiting for it a moment while it is being started. False when
    /// there is none: the message is dropped.
    pub(crate) async fn domain(&self, domain: Domain, message: domain::Msg) -> bool {
        let Some(mut message) = self.try_domain(domain, message) else { return true };
        let waiting = async {
            loop {
                let changed = self.changed.notified();
                tokio::pin!(changed);
                // Registered before the look-up, so that a change between the two is not missed.
                changed.as_mut().enable();
                match self.try_domain(domain, message) {
                    None => return,
                    Some(back) => message = back,
                }
                changed.await;
            }
        };
        tokio::time::timeout(WAIT_FOR_ACTOR, waiting).await.is_ok()
    }

    fn try_domain(&self, domain: Domain, message: domain::Msg) -> Option<domain::Msg> {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        send(entries.domains.get(&domain), message)
    }
}

/// Sends a message, or gives it back when the actor does not run.
fn send<M: ractor::Message>(actor: Option<&ActorRef<M>>, message: M) -> Option<M> {
    let Some(actor) = actor else { return Some(message) };
    match actor.cast(message) {
        Err(ractor::MessagingErr::SendErr(message)) => Some(message),
        // The reference is typed by `M` and its port takes any number of messages: no other error can occur.
        _ => None,
    }
}
