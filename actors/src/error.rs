//! What can go wrong between an agent's call and the answer.

use std::time::Duration;

use resolve_api::{Fault, Value};

/// Why a call has no answer. `Display` says what failed and why, in one lowercase sentence without a full stop.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CallError {
    /// Resolve or the interpreter said no.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The deadline of the call passed.
    #[error("{method} has not answered for {} s", after.as_secs_f64())]
    TimedOut {
        /// `Class.Method`.
        method: String,
        /// The deadline.
        after: Duration,
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
    /// The caller went away before the call started.
    #[error("the call was cancelled before it started")]
    Cancelled,
    /// A fault of this server: an operation panicked, or an actor went away. It cost this call only.
    #[error("{method} failed inside the server: {reason}")]
    Internal {
        /// `Class.Method` or the name of the operation.
        method: String,
        /// The text of the panic, or what went away.
        reason: String,
    },
}
