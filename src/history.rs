//! The history: what this server's clients changed, as a tool, as a resource and as JSON lines.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use resolve_actors::journal::{
    Asked, Ending, Entry, Journal, JournalError, MOST_LISTED, Noted, Outcome, Undoable, Which,
};
use resolve_actors::undo::Record;
use resolve_actors::{Args, CallError};
use resolve_api::Value;
use resolve_api::catalogue::Effect;
use resolve_api::kind::{Kind, Param};
use resolve_api::shorten::shortened;
use rmcp::model::{Implementation, JsonObject};
use serde_json::{Map, Value as Json, json};

use crate::error::{Code, ToolError};
use crate::state_folder::state_folder;

mod alive;
pub mod jobs;
mod queued;
mod restarts;

/// What the tool says of itself to an agent.
pub const DOC: &str = "Lists what was changed through this server, the newest first: when (UTC), by which client, with which \
tool and arguments, and whether it was done, failed, never started, or nobody knows (unknown: late, cancelled while it \
ran, or the interpreter or server ended in the middle; read back). What people do in \
Resolve's window is not in it.";

/// Entries of one answer unless asked otherwise.
const LIMIT: u32 = 20;

/// Characters of the arguments that stand in an entry without details: enough to recognise a call.
const ARGUMENTS: usize = 400;

/// The file in the folder of this server's state.
const FILE: &str = "journal.db";

/// Its parameters.
pub fn params() -> Vec<Param> {
    vec![
        Param::optional("limit", Kind::Int, "at most so many entries")
            .or(i64::from(LIMIT))
            .at_least(1.0)
            .at_most(f64::from(MOST_LISTED)),
        Param::optional("cursor", Kind::Str, "next_cursor of the last answer"),
        Param::optional("all_sessions", Kind::Bool, "also of earlier and other servers of this user")
            .or(false),
        Param::optional("details", Kind::Bool, "whole arguments, and what was observed").or(false),
    ]
}

/// Where this run of the server notes what its clients change.
#[derive(Clone)]
pub struct History {
    journal: Arc<Journal>,
    session: String,
    calls: jobs::Calls,
    starts: restarts::Starts,
    /// Says to other servers that this one runs; taken with the first job.
    held: Arc<OnceLock<Option<File>>>,
}

impl History {
    /// The history of a run of the server that begins now; none where the environment names no home folder.
    pub fn begin() -> Option<Self> {
        let journal = Arc::new(Journal::at(state_folder()?.join(FILE), code));
        Some(Self {
            journal,
            session: fresh_session(),
            calls: jobs::Calls::default(),
            starts: restarts::Starts::default(),
            held: Arc::default(),
        })
    }

    /// The journal.
    pub fn journal(&self) -> Arc<Journal> {
        self.journal.clone()
    }

    /// The folder in which the journal lies.
    fn state(&self) -> Option<&Path> {
        self.journal.path().parent()
    }

    /// Says to other servers, and to the next, that the calls of this session run.
    fn hold_session(&self) {
        self.held.get_or_init(|| alive::hold(self.state()?, &self.session));
    }

    /// What the journal needs to know of a call; none for one that changes nothing.
    pub fn noted(&self, asked: Asked, effect: Effect, may_take_long: bool) -> Option<Noted> {
        if may_take_long {
            self.hold_session();
        }
        let journal = self.journal.clone();
        (effect != Effect::Read).then_some(Noted {
            journal,
            asked,
            may_be_undone: true,
            copies_timelines: true,
            may_take_long,
        })
    }

    /// A call as the journal keeps it.
    pub fn asked(&self, client: Option<&Implementation>, tool: &str, arguments: &JsonObject) -> Asked {
        Asked {
            session: self.session.clone(),
            client: client.map_or_else(String::new, |client| format!("{} {}", client.name, client.version)),
            tool: tool.to_owned(),
            arguments: Json::Object(arguments.clone()),
        }
    }

    /// What may be taken back of this session, the newest first, at most `most`.
    ///
    /// # Errors
    /// `internal` where the file cannot be read.
    pub fn undoable(&self, most: u32) -> Result<Vec<Undoable>, ToolError> {
        self.journal.undoable(&self.session, most).map_err(unreadable)
    }

    /// The entries of a session, the oldest first.
    ///
    /// # Errors
    /// `internal` where the file cannot be read.
    pub fn changes_of(&self, session: &str) -> Result<Vec<Entry>, ToolError> {
        let which = Which { session: Some(session.to_owned()), ..Which::default() };
        let mut entries = Vec::new();
        let mut take = |entry| {
            entries.push(entry);
            true
        };
        self.journal.each(&which, &mut take).map_err(unreadable)?;
        Ok(entries)
    }

    /// The newest entry of this session.
    ///
    /// # Errors
    /// `internal` where the file cannot be read.
    pub fn latest(&self) -> Result<Option<Entry>, ToolError> {
        let which = Which { session: Some(self.session.clone()), before: None, limit: Some(1) };
        Ok(self.journal.list(&which).map_err(unreadable)?.pop())
    }

    /// What was taken back in this session and may be put back, the newest first, at most `most` calls of undo.
    ///
    /// # Errors
    /// `internal` where the file cannot be read.
    pub fn redoable(&self, most: u32) -> Result<Vec<Undoable>, ToolError> {
        self.journal.redoable(&self.session, most).map_err(unreadable)
    }

    /// Notes whether an entry is taken back.
    ///
    /// # Errors
    /// `internal` where the file cannot be written.
    pub fn undone(&self, id: i64, is: bool) -> Result<(), ToolError> {
        self.journal.undone(id, is).map_err(unreadable)
    }

    /// Puts the present ids of objects in place of earlier ones in what takes the earlier changes of this session back.
    ///
    /// # Errors
    /// `internal` where the file cannot be written.
    pub fn renamed(&self, before: i64, ids: &[(&str, &str)]) -> Result<(), ToolError> {
        self.journal.renamed(&self.session, before, ids).map_err(unreadable)
    }

    /// What the journal needs to know of calls that take others back, or that put those back.
    pub fn noted_undo(&self, client: Option<&Implementation>, told: &JsonObject, redo: bool) -> Noted {
        let asked = self.asked(client, if redo { "redo" } else { "undo" }, told);
        Noted {
            journal: self.journal.clone(),
            asked,
            may_be_undone: !redo,
            copies_timelines: false,
            may_take_long: false,
        }
    }

    /// Notes a change that is no call of Resolve, before it is made.
    ///
    /// # Errors
    /// `internal` where the file cannot be written.
    pub fn begin_own(&self, asked: &Asked) -> Result<i64, ToolError> {
        self.journal.begin(asked).map_err(unreadable)
    }

    /// Notes how such a change ended.
    pub fn end_own(&self, id: i64, ended: &Result<Map<String, Json>, ToolError>, took: Duration) {
        let (outcome, code, observed) = match ended {
            Ok(body) => (Outcome::Done, None, Json::Object(body.clone())),
            Err(error) => {
                (Outcome::Failed, Some(error.code.name().to_owned()), error.message.as_str().into())
            }
        };
        let ending = Ending { outcome, code, observed, took, record: Record::default() };
        if let Err(error) = self.journal.end(id, &ending) {
            tracing::error!("{error}");
        }
    }

    /// For `status`: where it lies, and what keeps it from being written.
    pub fn status(&self) -> Json {
        let mut body = json!({"path": self.journal.path().to_string_lossy(), "session": self.session});
        if let Some(failure) = self.journal.failure() {
            body["failure"] = failure.into();
        }
        body
    }

    /// The answer of the tool.
    ///
    /// # Errors
    /// `invalid_argument` for a cursor that is none; `internal` where the file cannot be read.
    pub fn answer(&self, args: &Args) -> Result<Map<String, Json>, ToolError> {
        let before = match args.get("cursor").and_then(Value::as_str) {
            None => None,
            Some(cursor) => Some(cursor.parse::<i64>().map_err(|_| wrong_cursor(cursor))?),
        };
        let limit = args.get("limit").and_then(Value::as_int).and_then(|limit| u32::try_from(limit).ok());
        let flag = |name: &str| args.get(name) == Some(&Value::Bool(true));
        let session = (!flag("all_sessions")).then(|| self.session.clone());
        self.page(&Which { session, before, limit: limit.or(Some(LIMIT)) }, flag("details"))
    }

    /// The text of the resource: the newest entries of this session with all that is known of them.
    ///
    /// # Errors
    /// `internal` where the file cannot be read.
    pub fn resource(&self) -> Result<String, ToolError> {
        let which = Which { session: Some(self.session.clone()), ..Which::default() };
        self.page(&which, true).map(|body| Json::Object(body).to_string())
    }

    fn page(&self, which: &Which, details: bool) -> Result<Map<String, Json>, ToolError> {
        let total = self.journal.count(which).map_err(unreadable)?;
        let entries = self.journal.list(which).map_err(unreadable)?;
        let full = which.limit.unwrap_or(MOST_LISTED) as usize == entries.len();
        let next = entries.last().filter(|last| full && last.id > 1).map(|last| last.id.to_string());
        let shown: Vec<Json> = entries.iter().map(|entry| shown(entry, details)).collect();
        let mut body = Map::from_iter([
            ("session".to_owned(), self.session.as_str().into()),
            ("entries".to_owned(), shown.into()),
            ("total".to_owned(), total.into()),
        ]);
        if let Some(next) = next {
            body.insert("next_cursor".to_owned(), next.into());
        }
        Ok(body)
    }
}

/// Writes the journal as JSON lines, the oldest first: of one session, or all.
///
/// # Errors
/// It cannot be read, or `output` cannot be written to.
pub fn write_lines(
    session: Option<String>,
    output: &mut dyn Write,
) -> Result<(), Box<dyn std::error::Error>> {
    let folder = state_folder().ok_or("the environment names no home folder, so there is no journal")?;
    let journal = Journal::at(folder.join(FILE), code);
    let mut written: std::io::Result<()> = Ok(());
    journal.each(&Which { session, ..Which::default() }, &mut |entry| {
        written =
            serde_json::to_string(&entry).map_err(Into::into).and_then(|line| writeln!(output, "{line}"));
        written.is_ok()
    })?;
    written?;
    Ok(output.flush()?)
}

/// An entry as an agent sees it.
fn shown(entry: &Entry, details: bool) -> Json {
    // An entry is made of what JSON has.
    let mut body = serde_json::to_value(entry).unwrap_or(Json::Null);
    if let (false, Some(fields)) = (details, body.as_object_mut()) {
        let done = entry.code.is_none();
        // Why something failed is always told; what was observed is for those who ask.
        if done {
            fields.shift_remove("observed");
        }
        let text = entry.arguments.to_string();
        if text.chars().nth(ARGUMENTS).is_some() {
            fields.insert("arguments".to_owned(), shortened(text, ARGUMENTS).into());
        }
    }
    body
}

fn code(error: &CallError) -> &'static str {
    ToolError::from(error.clone()).code.name()
}

/// A name that no other run has, and that sorts by the time of its beginning.
fn fresh_session() -> String {
    let began = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let seconds = began.map_or(0, |since| since.as_secs());
    let number = getrandom::u32().unwrap_or_else(|_| std::process::id());
    format!("{seconds:x}-{number:08x}")
}

fn wrong_cursor(cursor: &str) -> ToolError {
    ToolError::new(Code::InvalidArgument, format!("cursor: '{cursor}' is none"))
        .at("cursor")
        .with_hint("pass next_cursor of the answer before as it is")
}

#[allow(clippy::needless_pass_by_value, reason = "for map_err")]
fn unreadable(error: JournalError) -> ToolError {
    ToolError::new(Code::Internal, error.to_string())
        .with_hint("move the file away if it is damaged: a new one is made with the next change")
}
