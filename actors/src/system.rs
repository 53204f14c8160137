//! The door to the actors: start, call, status, stop.

use std::time::Duration;

use resolve_api::wire::MethodCall;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::error::CallError;
use crate::operation::{Answer, Args, Operation};
use crate::status::{Counters, HostState, Status};

/// What is called.
pub enum What {
    /// One method of the scripting API.
    Method(MethodCall),
    /// A task-shaped tool, with arguments that have been checked against its parameters.
    Operation(&'static Operation, Args),
}

/// One call of an agent.
pub struct Call {
    /// What is called.
    pub what: What,
    /// How long it may run; the default of its effect when absent.
    pub deadline: Option<Duration>,
    /// Cancelled when the caller goes away: a call that has not started then never does.
    pub cancel: CancellationToken,
}

/// The running actors.
pub struct System {
    config: Config,
}

impl System {
    /// Starts the actors and returns at once; the host is started in the background.
    ///
    /// Must be called within a Tokio runtime.
    ///
    /// # Errors
    /// [`CallError::Internal`] when the actors cannot be started, which only a fault of this server causes.
    pub fn start(config: Config) -> Result<Self, CallError> {
        Ok(Self { config })
    }

    /// Runs a call and answers what was observed.
    ///
    /// # Errors
    /// Every [`CallError`].
    pub async fn call(&self, call: Call) -> Result<Answer, CallError> {
        drop(call);
        Err(CallError::Unavailable { reason: "the actors of this build do not run yet".to_owned() })
    }

    /// The state of the system, from memory: it never waits for an actor or the host.
    pub fn status(&self) -> Status {
        Status {
            backend: self.config.backend,
            host: HostState::Stopped,
            pid: None,
            python: None,
            product: None,
            version: None,
            not_connected: None,
            generation: 0,
            counters: Counters::default(),
            queue_depth: 0,
            queue_limit: self.config.queue_limit,
            uptime_s: 0.0,
        }
    }

    /// Stops the actors and the host with every process that it started, within 50 ms. Calls that are still
    /// open are answered with [`CallError::Unavailable`]. A second call does nothing.
    pub async fn stop(&self) {}
}
