//! The journal's side of one call: noted before it starts, completed with its answer, whoever still waits for that.

use std::sync::Arc;
use std::time::Duration;

use resolve_api::{Fault, Value};
use serde_json::{Value as Json, json};
use tokio::time::Instant;

use super::{Asked, CALL, Ending, Journal, Outcome};
use crate::batch::StepAnswer;
use crate::config::Backend;
use crate::error::CallError;
use crate::job::Observer;
use crate::operation::Answer;
use crate::pace::Took;
use crate::take_back::TakenBack;
use crate::ticket::{Progress, Ticket};
use crate::undo::{Record, Recorder, kept};

/// Where a call is noted, and as what.
pub struct Noted {
    /// The journal.
    pub journal: Arc<Journal>,
    /// The call as it was asked for.
    pub asked: Asked,
    /// Whether what takes it back is kept.
    pub may_be_undone: bool,
    /// Whether timelines are copied for that.
    pub copies_timelines: bool,
    /// Whether it may go on as a job.
    pub may_take_long: bool,
}

/// A call with an entry. Dropped without an answer, it notes that nobody can tell how the call ended.
pub(crate) struct Note {
    journal: Arc<Journal>,
    /// None once it is completed.
    id: Option<i64>,
    began: Instant,
    ticket: Ticket,
    recorder: Recorder,
}

/// Corrects the entry of a call whose caller was answered before it was known how the call ended.
#[derive(Clone)]
pub(crate) struct Correction {
    journal: Arc<Journal>,
    id: i64,
    began: Instant,
}

impl Note {
    /// Begins the entry of a call; none where the journal cannot be written, which the journal then says itself.
    pub(crate) fn begin(noted: Noted, ticket: &Ticket) -> Option<Self> {
        let Noted { journal, asked, may_be_undone, copies_timelines, may_take_long } = noted;
        let recorder = match may_be_undone {
            true => Recorder::collecting(copies_timelines).keeping(kept::beside(journal.path())),
            false => Recorder::default(),
        };
        let begun = journal.begin(&asked).and_then(|id| {
            if may_take_long {
                journal.begin_job(id, &asked.session, &asked.tool)?;
            }
            Ok(id)
        });
        match begun {
            Ok(id) => {
                let began = Instant::now();
                ticket.noted(Correction { journal: journal.clone(), id, began });
                Some(Self { journal, id: Some(id), began, ticket: ticket.clone(), recorder })
            }
            Err(error) => {
                tracing::error!("{error}");
                None
            }
        }
    }

    /// What collects the undo of a call, if it is noted.
    pub(crate) fn recorder(note: Option<&Self>) -> Recorder {
        note.map(|note| note.recorder.clone()).unwrap_or_default()
    }

    /// What completes the entry, for the port that the answer goes through.
    pub(crate) fn observer<T: Seen>(note: Option<Self>) -> Option<Observer<T>> {
        let note = note?;
        Some(Box::new(move |answer| note.end(answer)))
    }

    /// Completes the entry with an answer.
    fn end<T: Seen>(mut self, answer: &Result<T, CallError>) {
        let (outcome, code, observed) = match answer {
            Ok(answer) => (Outcome::Done, None, answer.seen()),
            Err(error) => {
                let outcome = match error {
                    _ if !self.ticket.is_started() => Outcome::NotStarted,
                    CallError::Cancelled => Outcome::NotStarted,
                    CallError::Fault(Fault::Lost { .. })
                    | CallError::TimedOut { .. }
                    | CallError::Interrupted { .. }
                    | CallError::Internal { .. } => Outcome::Unknown,
                    _ => Outcome::Failed,
                };
                let code = (self.journal.code)(error);
                (outcome, Some(code.to_owned()), error.to_string().into())
            }
        };
        self.complete(outcome, code, observed);
    }

    fn complete(&mut self, outcome: Outcome, code: Option<String>, observed: Json) {
        let Some(id) = self.id.take() else { return };
        let took: Duration = self.began.elapsed();
        let record = self.recorder.take().unwrap_or_default();
        if let Err(error) = self.journal.end(id, &Ending { outcome, code, observed, took, record }) {
            tracing::error!("{error}");
        }
    }
}

impl Correction {
    /// The number of the entry.
    pub(crate) fn id(&self) -> i64 {
        self.id
    }

    /// What earlier calls of a method took on this backend, the newest first; none where that cannot be read.
    pub(crate) fn earlier(&self, method: &str, by: Backend) -> Vec<Took> {
        self.journal.earlier(method, by).inspect_err(|error| tracing::error!("{error}")).unwrap_or_default()
    }

    /// Keeps what a call of a method took on this backend.
    pub(crate) fn took(&self, method: &str, by: Backend, took: Took) {
        if let Err(error) = self.journal.took(method, by, took) {
            tracing::error!("{error}");
        }
    }

    /// The call is so far.
    pub(crate) fn is_at(&self, progress: Progress) {
        if let Err(error) = self.journal.job_is_at(&format!("{CALL}{}", self.id), progress) {
            tracing::error!("{error}");
        }
    }

    /// The caller has left while the call ran.
    pub(crate) fn abandoned(&self, error: &CallError) {
        self.note(Outcome::Unknown, Some(error), error.to_string().into());
    }

    /// A method has answered, or ended without an answer, after the call was given up. Where it was all of the call
    /// (`whole`), this is how the call ended; else the steps after it were not made.
    pub(crate) fn late(&self, method: &str, whole: bool, answer: &Result<Value, CallError>) {
        let after = self.began.elapsed().as_secs_f64();
        match answer {
            Ok(value) if whole => self.note(Outcome::Done, None, value.seen()),
            Ok(value) => {
                let text = format!(
                    "{method} answered {} after {after:.1} s, when the call had been given up; nothing after it was done",
                    value.seen()
                );
                self.note(Outcome::Unknown, None, text.into());
            }
            Err(error) => {
                let outcome = match error {
                    CallError::Fault(Fault::Lost { .. }) => Outcome::Unknown,
                    CallError::Fault(_) if whole => Outcome::Failed,
                    _ => Outcome::Unknown,
                };
                self.note(outcome, Some(error), error.to_string().into());
            }
        }
    }

    fn note(&self, outcome: Outcome, error: Option<&CallError>, observed: Json) {
        let code = error.map(|error| (self.journal.code)(error).to_owned());
        let (took, record) = (self.began.elapsed(), Record::default());
        if let Err(error) = self.journal.correct(self.id, &Ending { outcome, code, observed, took, record }) {
            tracing::error!("{error}");
        }
    }
}

/// What an answer shows of what was done.
pub(crate) trait Seen {
    fn seen(&self) -> Json;
}

impl Seen for Value {
    fn seen(&self) -> Json {
        // A value is made of what JSON has; a number that it lacks (not a number) has no place in an entry either.
        serde_json::to_value(self).unwrap_or(Json::Null)
    }
}

impl Seen for Answer {
    fn seen(&self) -> Json {
        self.value.seen()
    }
}

impl Seen for TakenBack {
    fn seen(&self) -> Json {
        self.answers.seen()
    }
}

impl Seen for Vec<StepAnswer> {
    fn seen(&self) -> Json {
        let step = |step: &StepAnswer| match step {
            StepAnswer::Done(answer) => answer.value.seen(),
            StepAnswer::Failed { error, .. } => json!({ "error": error.to_string() }),
            StepAnswer::Quiet { .. } | StepAnswer::Skipped => Json::Null,
        };
        self.iter().map(step).collect()
    }
}

impl Drop for Note {
    fn drop(&mut self) {
        let outcome = if self.ticket.is_started() { Outcome::Unknown } else { Outcome::NotStarted };
        self.complete(outcome, None, Json::Null);
    }
}
