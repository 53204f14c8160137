//! What can go wrong on the Python side of the wire.

use serde::{Deserialize, Serialize};

use crate::change::Change;
use crate::locator::Locator;

/// Why a call on the Python side did not do what was asked. `Display` says what failed and why;
/// what to do next is [`Fault::hint`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// Nothing answers as Resolve.
    #[error("DaVinci Resolve is not connected: {reason}")]
    NotConnected {
        /// The failed step, in words.
        reason: String,
    },
    /// No such object.
    #[error("{}", what.absence())]
    NotFound {
        /// What was looked for.
        what: Locator,
        /// Names or ids that do exist, nearest first, at most ten.
        #[serde(default)]
        candidates: Vec<String>,
    },
    /// A name that fits more than one object.
    #[error("there is more than one {what}")]
    Ambiguous {
        /// What was looked for.
        what: Locator,
        /// The unique ids of those that fit, at most ten.
        candidates: Vec<String>,
    },
    /// An object that was known and is gone, or a token of an earlier generation.
    #[error("{what} is gone or belongs to an earlier project or connection{}", since(change.as_deref()))]
    Stale {
        /// What was looked for.
        what: Locator,
        /// What has changed since it was known, where that is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        change: Option<Box<Change>>,
    },
    /// Resolve ended while it did something: whether that happened is not known.
    #[error("the connection to Resolve was lost during {method}, and whether that took effect is not known")]
    Lost {
        /// `Class.Method`.
        method: String,
    },
    /// The class has no such method in this build.
    #[error("{class} has no method {method} in this build ({version})")]
    NoSuchMethod {
        /// Resolve's class.
        class: String,
        /// The method that was asked for.
        method: String,
        /// Product and version of the build.
        version: String,
    },
    /// The headless engine says that it does not do this.
    #[error("the engine does not support {method}: {reason}")]
    Unsupported {
        /// `Class.Method`.
        method: String,
        /// Why.
        reason: String,
    },
    /// Resolve answered False, None, an empty answer or a sentence where it promises a result.
    #[error("Resolve refused {method}{}", reason.as_ref().map(|why| format!(": {why}")).unwrap_or_default())]
    Refused {
        /// `Class.Method`.
        method: String,
        /// The reason, where the backend keeps one (the engine does, Resolve itself seldom).
        reason: Option<String>,
    },
    /// The call raised an exception.
    #[error("{method} raised {exception}: {message}")]
    Raised {
        /// `Class.Method`.
        method: String,
        /// The Python type.
        exception: String,
        /// Its text.
        message: String,
    },
    /// An argument that cannot be turned into what the method takes.
    #[error("{path}: {reason}")]
    BadArgument {
        /// Which argument, such as `args[0].color`.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A reply larger than the wire takes.
    #[error("the answer of {method} has {bytes} bytes, more than the limit of {limit}")]
    TooLarge {
        /// `Class.Method`.
        method: String,
        /// Size of the answer as JSON.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
}

impl Fault {
    /// Whether the connection is gone, so that no other call would be answered either.
    pub fn ends_the_connection(&self) -> bool {
        matches!(self, Self::NotConnected { .. } | Self::Lost { .. })
    }
}

fn since(change: Option<&Change>) -> String {
    change.map(|change| format!(": {change}")).unwrap_or_default()
}
