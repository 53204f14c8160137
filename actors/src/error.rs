//! What can go wrong between an agent's call and the answer.

use std::time::Duration;

use resolve_api::{Fault, Value};

use crate::config::Backend;

/// Why a call has no answer. `Display` says what failed and why, in one lowercase sentence without a full stop.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CallError {
    /// Resolve or the interpreter said no.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The deadline of the call passed.
    #[error("{}", unanswered(method, *after, *backend))]
    TimedOut {
        /// `Class.Method`, or the name of the operation.
        method: String,
        /// The deadline.
        after: Duration,
        /// What has not answered; absent where it is an operation as a whole that took too long.
        backend: Option<Backend>,
        /// How much longer the interpreter is left alone with it, because it may change something.
        grace: Duration,
    },
    /// The interpreter is kept by an earlier call; this one did not start.
    #[error("waiting for {method}, which has been running for {:.0} s; this call was not started", running.as_secs_f64())]
    Occupied {
        /// The earlier call, `Class.Method`.
        method: String,
        /// For how long it has been running.
        running: Duration,
    },
    /// The interpreter host ended during the call: whether it took effect is not known.
    #[error("the interpreter stopped during {method} ({why})")]
    Interrupted {
        /// `Class.Method`.
        method: String,
        /// Signal or exit code, and the last line of its stderr where there is one.
        why: String,
    },
    /// The host could not be started, or has crashed too often.
    #[error("the interpreter is not available: {reason}")]
    Unavailable {
        /// Why, and when the next attempt is made.
        reason: String,
    },
    /// Too many calls wait.
    #[error("the queue is full ({limit} calls are waiting)")]
    Busy {
        /// The bound of the queue.
        limit: usize,
    },
    /// Resolve reported success, and reading back shows something else.
    #[error("{method} reported success, but {what} is {observed} instead of {requested}")]
    NotVerified {
        /// `Class.Method`.
        method: String,
        /// What was read back.
        what: String,
        /// What was asked for, as text.
        requested: String,
        /// What was found, as text.
        observed: String,
    },
    /// An argument that is well-formed but wrong for the state of the project: outside a clip, overlapping, missing file.
    #[error("{path}: {reason}")]
    InvalidArgument {
        /// Which argument.
        path: String,
        /// What is wrong with it.
        reason: String,
        /// What to do instead.
        hint: Option<String>,
        /// Values that would have been right, nearest first.
        candidates: Vec<Value>,
    },
    /// Something else changed what the call is based on; it did not start.
    #[error("what {revision} saw has been changed by something else: {}", told(differences))]
    Changed {
        /// The revision that the call named.
        revision: String,
        /// The revision of what is there now.
        present: String,
        /// What is other now, a sentence each; empty where it is not known any more what was seen.
        differences: Vec<String>,
    },
    /// Something else has changed what an undo would put back; nothing was taken back.
    #[error("what is to be taken back has been changed by something else since: {}", differences.join("; "))]
    ChangedSince {
        /// What is other now, a sentence each.
        differences: Vec<String>,
    },
    /// The caller went away before the call did anything: it had not started, or it only reads.
    #[error("the call was cancelled before it had any effect")]
    Cancelled,
    /// The caller went away while the call ran: whether it takes effect is not known.
    #[error("the call was cancelled while {method} ran, and whether it takes effect is not known")]
    Abandoned {
        /// `Class.Method`, or the name of the operation.
        method: String,
    },
    /// A fault of this server: an operation panicked, or an actor went away. It cost this call only.
    #[error("{method} failed inside the server: {reason}")]
    Internal {
        /// `Class.Method` or the name of the operation.
        method: String,
        /// The text of the panic, or what went away.
        reason: String,
    },
}

impl CallError {
    /// Whether another call makes sense after this error: not without an interpreter or a connection.
    pub(crate) fn can_go_on(&self) -> bool {
        match self {
            Self::Fault(fault) => !fault.ends_the_connection(),
            error => matches!(error, Self::NotVerified { .. } | Self::InvalidArgument { .. }),
        }
    }
}

/// What something else changed.
fn told(differences: &[String]) -> String {
    match differences {
        [] => "how is not known any more, since it was read too long ago".to_owned(),
        known => known.join("; "),
    }
}

/// What a caller is told whose call has no answer at its deadline.
fn unanswered(method: &str, after: Duration, backend: Option<Backend>) -> String {
    let seconds = after.as_secs_f64();
    match backend {
        Some(Backend::Resolve) => format!(
            "DaVinci Resolve has not answered {method} for {seconds} s; a dialog is probably open in its window"
        ),
        Some(Backend::Engine) => format!(
            "the headless engine has not answered {method} for {seconds} s; it hangs, or the machine is too busy"
        ),
        None => format!("{method} has not come to its end within {seconds} s"),
    }
}
