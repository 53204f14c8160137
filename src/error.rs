//! What an agent hears when a call fails: a stable code, what failed and why, and what to do next.

use std::time::Duration;

use resolve_actors::{Backend, CallError};
use resolve_api::catalogue::Effect;
use resolve_api::{Fault, Value};

/// The stable name of a way to fail. Agents branch on it; it never changes its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    /// An argument is missing, of the wrong kind, or wrong for the state of the project.
    InvalidArgument,
    /// No such object.
    NotFound,
    /// A name fits more than one object.
    Ambiguous,
    /// The object is gone.
    Stale,
    /// Nothing answers as Resolve.
    NotConnected,
    /// The API has no such method.
    NoSuchMethod,
    /// The headless engine does not do this.
    Unsupported,
    /// The person has to agree first.
    ConsentRequired,
    /// Resolve said no.
    Refused,
    /// The call raised an exception.
    Raised,
    /// The deadline passed.
    TimedOut,
    /// The interpreter ended during the call.
    Interrupted,
    /// The interpreter cannot be started.
    Unavailable,
    /// Too many calls at once.
    Busy,
    /// Something else changed what the call is based on.
    Changed,
    /// Success was reported and not observed.
    NotVerified,
    /// The answer is too large to send.
    TooLarge,
    /// The caller went away.
    Cancelled,
    /// A fault of this server.
    Internal,
}

/// When the same call may be made again as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Retry {
    /// The call did not happen, and what was in the way passes.
    Safe,
    /// It may have happened: only a call that changes nothing.
    Reads,
    /// It would fail again.
    Useless,
}

impl Code {
    /// Every code.
    pub const ALL: [Self; 19] = [
        Self::InvalidArgument,
        Self::NotFound,
        Self::Ambiguous,
        Self::Stale,
        Self::NotConnected,
        Self::NoSuchMethod,
        Self::Unsupported,
        Self::ConsentRequired,
        Self::Refused,
        Self::Raised,
        Self::TimedOut,
        Self::Interrupted,
        Self::Unavailable,
        Self::Busy,
        Self::Changed,
        Self::NotVerified,
        Self::TooLarge,
        Self::Cancelled,
        Self::Internal,
    ];

    /// The name on the wire, when to try again, and what to do next. The one table of them.
    const fn row(self) -> (&'static str, Retry, &'static str) {
        use Retry::{Reads, Safe, Useless};
        match self {
            Self::InvalidArgument => {
                ("invalid_argument", Useless, "correct the argument named by path and call again")
            }
            Self::NotFound => (
                "not_found",
                Useless,
                "use an id or a name from project_read, media_pool_read or timeline_read, or one of candidates",
            ),
            Self::Ambiguous => ("ambiguous", Useless, "name the object by one of the ids in candidates"),
            Self::Stale => (
                "stale",
                Useless,
                "read the ids again with project_read, media_pool_read or timeline_read: the project, the database or the connection changed",
            ),
            Self::NotConnected => (
                "not_connected",
                Safe,
                "start DaVinci Resolve, set Preferences > System > General > External scripting using to Local, and call again; status says what is connected",
            ),
            Self::NoSuchMethod => (
                "no_such_method",
                Useless,
                "call one of candidates, or a method that this build of Resolve has",
            ),
            Self::Unsupported => (
                "unsupported",
                Useless,
                "do it another way, or start the server with --backend resolve on a machine with DaVinci Resolve",
            ),
            Self::ConsentRequired => (
                "consent_required",
                Useless,
                "show the person what it would do, and if they agree call again with confirm true",
            ),
            Self::Refused => (
                "refused",
                Useless,
                "read the state that the call depends on (the open project, the current timeline and page, the ids), then change the arguments",
            ),
            Self::Raised => (
                "raised",
                Useless,
                "check the arguments against the method; status says whether Resolve is connected",
            ),
            Self::TimedOut => (
                "timed_out",
                Reads,
                "read back whether it took effect before calling again; status says what is still running",
            ),
            Self::Interrupted => (
                "interrupted",
                Reads,
                "read back whether it took effect before calling again; a new interpreter is already starting",
            ),
            Self::Unavailable => {
                ("unavailable", Safe, "call status: it says why the interpreter does not run and what to do")
            }
            Self::Busy => {
                ("busy", Safe, "wait for one of the calls in flight to be answered, then call again")
            }
            Self::Changed => (
                "changed",
                Useless,
                "read it again and decide from what is there now; the present revision is in candidates",
            ),
            Self::NotVerified => (
                "not_verified",
                Useless,
                "read the object again and decide from what is there: the change was reported and not seen",
            ),
            Self::TooLarge => {
                ("too_large", Useless, "ask for less: one folder, one track, or a smaller limit")
            }
            Self::Cancelled => ("cancelled", Safe, "call again if it is still wanted: it had no effect"),
            Self::Internal => (
                "internal",
                Reads,
                "this is a fault of the server: read back whether it took effect, and report it with the log",
            ),
        }
    }

    /// The code as the client sees it, snake_case.
    pub const fn name(self) -> &'static str {
        self.row().0
    }

    /// What to do next, where nothing more precise is known.
    pub const fn hint(self) -> &'static str {
        self.row().2
    }

    /// Whether a call with this effect may be made again as it is.
    pub fn may_retry(self, effect: Effect) -> bool {
        match self.row().1 {
            Retry::Safe => true,
            Retry::Reads => effect == Effect::Read,
            Retry::Useless => false,
        }
    }
}

/// A failed call as the client hears it.
#[derive(Debug, Clone, PartialEq)]
pub struct ToolError {
    /// What kind of failure.
    pub code: Code,
    /// What failed and why: one lowercase sentence.
    pub message: String,
    /// What to do next.
    pub hint: String,
    /// Which argument is meant, such as `clips[0].start`.
    pub path: Option<String>,
    /// What would have been right, nearest first.
    pub candidates: Vec<Value>,
    /// Whether the call may have taken effect all the same.
    pub outcome_unknown: bool,
}

impl ToolError {
    /// A failure with the hint of its code.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            hint: code.hint().to_owned(),
            path: None,
            candidates: Vec::new(),
            outcome_unknown: matches!(code, Code::TimedOut | Code::Interrupted | Code::Internal),
        }
    }

    /// Whether a call with this effect may be made again as it is.
    pub fn may_retry(&self, effect: Effect) -> bool {
        self.code.may_retry(effect) && !self.is_unknown(effect)
    }

    /// Whether a call with this effect may have taken effect, so that its caller has to look.
    pub fn is_unknown(&self, effect: Effect) -> bool {
        self.outcome_unknown && effect != Effect::Read
    }

    /// The same with a more precise hint.
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// The same with the argument that is meant.
    pub fn at(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// The same with what would have been right.
    pub fn with_candidates<V: Into<Value>>(mut self, candidates: impl IntoIterator<Item = V>) -> Self {
        self.candidates = candidates.into_iter().map(Into::into).collect();
        self
    }
}

impl From<CallError> for ToolError {
    fn from(error: CallError) -> Self {
        let message = error.to_string();
        match error {
            CallError::Fault(fault) => fault.into(),
            CallError::TimedOut { backend, grace, .. } => {
                Self::new(Code::TimedOut, message).with_hint(after_a_deadline(backend, grace))
            }
            CallError::Interrupted { .. } => Self::new(Code::Interrupted, message),
            CallError::Unavailable { .. } => Self::new(Code::Unavailable, message),
            CallError::Busy { .. } => Self::new(Code::Busy, message),
            CallError::Occupied { .. } => Self::new(Code::Busy, message).with_hint(
                "call again when status says that host is ready; with DaVinci Resolve, close what dialog is open in its \
                 window",
            ),
            CallError::NotVerified { .. } => Self::new(Code::NotVerified, message),
            CallError::Changed { present, .. } => {
                Self::new(Code::Changed, message).at("based_on").with_candidates([present])
            }
            CallError::ChangedSince { .. } => Self::new(Code::Changed, message).with_hint(
                "look at what is there now; give confirm true to take it back all the same, or leave it",
            ),
            CallError::InvalidArgument { path, hint, candidates, .. } => {
                let error = Self::new(Code::InvalidArgument, message).at(path).with_candidates(candidates);
                match hint {
                    Some(hint) => error.with_hint(hint),
                    None => error,
                }
            }
            CallError::Cancelled => Self::new(Code::Cancelled, message),
            CallError::Abandoned { .. } => {
                let hint = "read back whether it took effect before calling again; history says how it ended";
                Self { outcome_unknown: true, ..Self::new(Code::Cancelled, message).with_hint(hint) }
            }
            CallError::Internal { .. } => Self::new(Code::Internal, message),
        }
    }
}

impl From<Fault> for ToolError {
    fn from(fault: Fault) -> Self {
        let message = fault.to_string();
        match fault {
            Fault::NotConnected { .. } => Self::new(Code::NotConnected, message),
            Fault::NotFound { candidates, .. } => {
                Self::new(Code::NotFound, message).with_candidates(candidates)
            }
            Fault::Ambiguous { candidates, .. } => {
                Self::new(Code::Ambiguous, message).with_candidates(candidates)
            }
            Fault::Stale { change, .. } => {
                let error = Self::new(Code::Stale, message);
                match change {
                    Some(change) => error.with_hint(change.next_step()),
                    None => error,
                }
            }
            Fault::Lost { .. } => Self {
                outcome_unknown: true,
                ..Self::new(Code::NotConnected, message).with_hint(
                    "start DaVinci Resolve again, then read back whether it took effect before calling again: the session \
                     goes on by itself",
                )
            },
            Fault::NoSuchMethod { .. } => Self::new(Code::NoSuchMethod, message),
            Fault::Unsupported { .. } => Self::new(Code::Unsupported, message),
            Fault::Refused { .. } => Self::new(Code::Refused, message),
            Fault::Raised { .. } => Self::new(Code::Raised, message),
            Fault::BadArgument { path, .. } => Self::new(Code::InvalidArgument, message).at(path),
            Fault::TooLarge { .. } => Self::new(Code::TooLarge, message),
        }
    }
}

/// What to do about a call that has no answer: one that only reads has cost its interpreter, any other may still be
/// answered for as long as `grace`.
fn after_a_deadline(backend: Option<Backend>, grace: Duration) -> String {
    let first = match backend {
        Some(Backend::Resolve) => "close the dialog in Resolve's window, or ask the person there to; ",
        Some(Backend::Engine) | None => "",
    };
    let then = match (backend, grace.as_secs_f64()) {
        (None, _) => {
            "read back what is there before calling again: the steps up to now may have taken effect"
                .to_owned()
        }
        (Some(_), 0.0) => "call again after that: the interpreter that hangs is being replaced".to_owned(),
        (Some(_), grace) => format!(
            "do not repeat it: it may still take effect, and is waited for {grace} s more while other calls are answered \
             busy; when status says that host is ready, read back what is there; history says how it ended"
        ),
    };
    format!("{first}{then}")
}
