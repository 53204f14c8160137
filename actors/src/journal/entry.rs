//! What the journal knows of a call.

use std::time::Duration;

use serde::Serialize;
use serde_json::Value as Json;

use crate::undo::Record;

/// A call as it was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// Names the run of the server, so that the calls of one session can be told from others.
    pub session: String,
    /// The client's name and version; empty where it did not say.
    pub client: String,
    /// The tool's name.
    pub tool: String,
    /// Its arguments, as the client gave them.
    pub arguments: Json,
}

/// How a call ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Ending {
    /// Whether it took effect, as far as that is known.
    pub outcome: Outcome,
    /// The stable code of what failed.
    pub code: Option<String>,
    /// What was observed, or the sentence that says what failed.
    pub observed: Json,
    /// From its start to its answer.
    pub took: Duration,
    /// What takes it back.
    pub record: Record,
}

/// Whether a call took effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It runs, or the server that ran it ended first.
    Open,
    /// It did what was asked.
    Done,
    /// It failed, and said why.
    Failed,
    /// It started, and nobody can tell how it ended: not yet, where it is late or its caller has left; else never.
    Unknown,
    /// It never started: it had no effect.
    NotStarted,
}

impl Outcome {
    const ALL: [Self; 5] = [Self::Open, Self::Done, Self::Failed, Self::Unknown, Self::NotStarted];

    /// As it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::NotStarted => "not_started",
        }
    }

    pub(super) fn named(text: &str) -> Self {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == text).unwrap_or(Self::Unknown)
    }
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    /// Its number; later ones are larger.
    pub id: i64,
    /// When it began, in UTC to the millisecond: `2026-01-31T12:00:00.000Z`.
    pub began: String,
    /// Names the run of the server.
    pub session: String,
    /// The client's name and version.
    pub client: String,
    /// The tool's name.
    pub tool: String,
    /// Its arguments; `{"bytes": n}` where they were too large to keep.
    pub arguments: Json,
    /// Whether it took effect.
    pub outcome: Outcome,
    /// The stable code of what failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What was observed, or the sentence that says what failed; null while it runs.
    pub observed: Json,
    /// Milliseconds from its start to its answer; none while it runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub took_ms: Option<f64>,
    /// Whether an undo took it back since.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub undone: bool,
}

/// An entry that can be taken back, or of which is known why not.
#[derive(Debug, Clone, PartialEq)]
pub struct Undoable {
    /// Its number.
    pub id: i64,
    /// The tool's name.
    pub tool: String,
    /// Of an entry that takes another back: which.
    pub of: Option<i64>,
    /// What takes it back.
    pub record: Record,
}

/// Which entries are meant.
#[derive(Debug, Clone, Default)]
pub struct Which {
    /// Those of one session.
    pub session: Option<String>,
    /// Those before this one.
    pub before: Option<i64>,
    /// At most so many; [`super::MOST_LISTED`] where it is more or absent.
    pub limit: Option<u32>,
}
