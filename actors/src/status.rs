//! What the system knows about itself at this moment, without asking anybody.

use serde::Serialize;

use crate::config::Backend;

/// The interpreter host, as the supervisor sees it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum HostState {
    /// The process has been started and has not said hello.
    Starting,
    /// It waits for a call.
    Ready,
    /// It works on a call.
    Busy {
        /// `Class.Method`.
        method: String,
        /// For how long already, in seconds.
        for_s: f64,
    },
    /// It works on a call that is past its deadline: others are refused until it answers or is ended.
    Overdue {
        /// `Class.Method`.
        method: String,
        /// For how long already, in seconds.
        for_s: f64,
        /// When it is ended, in seconds from now.
        given_up_in_s: f64,
    },
    /// It ended, and a new one is on its way.
    Restarting {
        /// Why the last one ended.
        reason: String,
    },
    /// It has ended too often; calls are refused until the next attempt.
    Unavailable {
        /// Why the last one ended.
        reason: String,
        /// When the next attempt is made, in seconds from now.
        next_attempt_in_s: f64,
    },
    /// The system has been stopped.
    Stopped,
}

/// What has been counted since the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counters {
    /// Calls that were accepted.
    pub calls: u64,
    /// Calls of the scripting API that the host made for them, look-ups included.
    pub api_calls: u64,
    /// Messages to the host that were answered: a batch of calls is one.
    pub hops: u64,
    /// Starts of a host after the first.
    pub restarts: u64,
    /// Hosts that ended although nobody asked them to.
    pub crashes: u64,
    /// Calls whose deadline passed while they ran.
    pub timeouts: u64,
    /// Calls that were refused because too many were on their way, or because one was past its deadline.
    pub refused_busy: u64,
    /// Calls that were refused because there was no host to make them.
    pub refused_unavailable: u64,
}

/// A snapshot of the system.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Status {
    /// What answers as Resolve.
    pub backend: Backend,
    /// The interpreter host.
    pub host: HostState,
    /// Process id of the host, while there is one.
    pub pid: Option<u32>,
    /// Version of its Python, such as `3.11.7`.
    pub python: Option<String>,
    /// `Resolve.GetProductName()`, once connected.
    pub product: Option<String>,
    /// `Resolve.GetVersionString()`, once connected.
    pub version: Option<String>,
    /// Why the backend is not connected, where the last attempt failed.
    pub not_connected: Option<String>,
    /// Generation of the host's object cache; ids of an earlier one may be stale.
    pub generation: u64,
    /// Objects that the host's cache remembers.
    pub objects: u32,
    /// What has been counted.
    pub counters: Counters,
    /// Calls accepted and not yet answered.
    pub queue_depth: usize,
    /// The bound of it.
    pub queue_limit: usize,
    /// Seconds since the system was started.
    pub uptime_s: f64,
}
