//! Several calls under one lease: in one hop where they only read, and each with its guards where one changes something.

use resolve_api::Value;
use resolve_api::batch::{Batch, BatchStep, StepOutcome};
use resolve_api::catalogue::{Effect, Method, catalogue};
use resolve_api::{Fault, wire::MethodCall};

use crate::dry_run;
use crate::error::CallError;
use crate::guard::{self, Outcome, Proof, guards_of_row};
use crate::operation::Answer;
use crate::session::Session;
use crate::ticket::Progress;

/// What came of one step.
#[derive(Debug, Clone, PartialEq)]
pub enum StepAnswer {
    /// It was made. With [`BatchStep::each`] the value is the list of the answers.
    Done(Answer),
    /// It was made; its answer was for later steps only. The length is that of the list or dict that it answered.
    Quiet {
        /// Absent for an answer that has none.
        length: Option<usize>,
    },
    /// It failed.
    Failed {
        /// Why.
        error: CallError,
        /// With [`BatchStep::each`], the answers of the objects before the one where it failed.
        done: Vec<Value>,
    },
    /// It was not made: an earlier step failed.
    Skipped,
}

/// The rows of the steps.
///
/// # Errors
/// [`CallError::InvalidArgument`] for a batch that cannot be made, [`Fault::NoSuchMethod`] for a method without a row.
pub(crate) fn rows(batch: &Batch) -> Result<Vec<&'static Method>, CallError> {
    batch.check().map_err(|(number, reason)| CallError::InvalidArgument {
        path: format!("steps[{number}]"),
        reason,
        hint: None,
        candidates: Vec::new(),
    })?;
    let row = |step: &BatchStep| {
        let row = catalogue().method(step.on.class(), &step.method);
        row.ok_or_else(|| {
            let (class, method) = (step.on.class().to_owned(), step.method.clone());
            CallError::Fault(Fault::NoSuchMethod { class, method, version: "the catalogue".to_owned() })
        })
    };
    batch.steps.iter().map(row).collect()
}

/// The effect of a batch by the rows of its steps; what has no row may do anything.
pub(crate) fn effect_of(batch: &Batch) -> Effect {
    let rows = batch.steps.iter().map(|step| catalogue().method(step.on.class(), &step.method));
    let mut effects = rows.map(|row| row.map_or(Effect::Write, |row| row.effect));
    effects.find(|effect| *effect != Effect::Read).unwrap_or(Effect::Read)
}

/// The effect of a batch as a whole: reading, where all of it reads.
pub(crate) fn effect(rows: &[&Method]) -> Effect {
    rows.iter().map(|row| row.effect).find(|effect| *effect != Effect::Read).unwrap_or(Effect::Read)
}

/// Makes the calls.
pub(crate) async fn run(session: &Session, batch: Batch) -> Result<Vec<StepAnswer>, CallError> {
    if session.is_dry_run() {
        return dry_run::batch(session, batch).await;
    }
    let rows = rows(&batch)?;
    let plain = |row: &&'static Method| {
        row.effect == Effect::Read && guards_of_row(row, || session.connection()).is_empty()
    };
    if rows.iter().all(plain) {
        let wholes: Vec<Option<String>> = batch.steps.iter().map(whole).collect();
        let outcomes = session.batch(batch).await?.into_iter().map(StepAnswer::from);
        return Ok(wholes
            .iter()
            .zip(outcomes)
            .map(|(label, answer)| seen(session, label.as_deref(), answer))
            .collect());
    }
    let (mut answers, mut told): (Vec<Option<Value>>, Vec<StepAnswer>) = (Vec::new(), Vec::new());
    let mut over = false;
    let takes_long = rows.iter().any(|row| row.effect == Effect::LongRunning);
    let total = batch.steps.len();
    let is_at = |done: f64| {
        if takes_long && total > 1 {
            session.is_at(Progress { done, total: total as f64 });
        }
    };
    for (number, step) in batch.steps.iter().enumerate() {
        // Of a step on each of a list its calls are told as parts of it.
        let part = |part: f64| is_at(number as f64 + part);
        let made = if over { StepAnswer::Skipped } else { self::step(session, step, &answers, &part).await };
        over |= match &made {
            StepAnswer::Failed { error, .. } => !batch.go_on || !error.can_go_on(),
            _ => false,
        };
        let StepAnswer::Done(answer) = made else {
            answers.push(None);
            told.push(made);
            continue;
        };
        answers.push(Some(answer.value.clone()));
        told.push(if step.quiet {
            quiet(&answer.value)
        } else {
            seen(session, whole(step).as_deref(), StepAnswer::Done(answer))
        });
    }
    if !over {
        is_at(total as f64);
    }
    Ok(told)
}

/// The method of a step whose answer is whole; one on each of a list answers a column.
fn whole(step: &BatchStep) -> Option<String> {
    step.each.is_none().then(|| step.label())
}

/// The same with the revision of what the answer of that method shows whole.
fn seen(session: &Session, label: Option<&str>, answer: StepAnswer) -> StepAnswer {
    match (answer, label) {
        (StepAnswer::Done(answer), Some(label)) => {
            let revision = session.revisions().of_answer(label, &answer.value);
            StepAnswer::Done(Answer { revision, ..answer })
        }
        (other, _) => other,
    }
}

async fn step(
    session: &Session,
    step: &BatchStep,
    answers: &[Option<Value>],
    is_at: &(dyn Fn(f64) + Sync),
) -> StepAnswer {
    let calls = match step.calls(answers) {
        Ok(calls) => calls,
        Err(fault) => return StepAnswer::Failed { error: fault.into(), done: Vec::new() },
    };
    let total = calls.len();
    let mut outcomes = Vec::with_capacity(total);
    for call in calls {
        is_at(outcomes.len() as f64 / total as f64);
        match one(session, call).await {
            Ok(outcome) => outcomes.push(outcome),
            Err(error) => {
                let done = outcomes.into_iter().map(|outcome| outcome.value).collect();
                return StepAnswer::Failed { error, done };
            }
        }
    }
    StepAnswer::Done(match step.each {
        Some(_) => together(outcomes),
        None => outcomes.pop().map_or_else(|| Value::Null.into(), Answer::from),
    })
}

/// One call with its guards; nothing is called on `None`.
async fn one(session: &Session, call: Option<MethodCall>) -> Result<Outcome, CallError> {
    match call {
        Some(call) => guard::guarded(session, call).await,
        None => Ok(Value::Null.into()),
    }
}

/// The answers of a step on several objects as one: verified only if each is.
fn together(outcomes: Vec<Outcome>) -> Answer {
    let (mut values, mut remarks) = (Vec::new(), Vec::new());
    let (mut asked, mut seen) = (Vec::new(), Vec::new());
    let mut proof = Proof::Answer;
    for outcome in outcomes {
        values.push(outcome.value);
        remarks.extend(outcome.remarks);
        match outcome.proof {
            Proof::ReadBack { reader, requested, observed } => {
                asked.push(requested);
                seen.push(observed);
                if proof == Proof::Answer {
                    proof = Proof::ReadBack { reader, requested: Value::Null, observed: Value::Null };
                }
            }
            unverified @ Proof::Unverified { .. } => proof = unverified,
            other @ Proof::Seen { .. } if !matches!(proof, Proof::Unverified { .. }) => proof = other,
            Proof::Seen { .. } | Proof::Answer => {}
        }
    }
    if let Proof::ReadBack { requested, observed, .. } = &mut proof {
        (*requested, *observed) = (asked.into(), seen.into());
    }
    remarks.dedup();
    Answer { proof, remarks, ..Value::List(values).into() }
}

fn quiet(value: &Value) -> StepAnswer {
    let length = match value {
        Value::List(items) => Some(items.len()),
        Value::Map(entries) => Some(entries.len()),
        _ => None,
    };
    StepAnswer::Quiet { length }
}

impl From<StepOutcome> for StepAnswer {
    fn from(outcome: StepOutcome) -> Self {
        match outcome {
            StepOutcome::Value(value) => Self::Done(value.into()),
            StepOutcome::Quiet { length } => Self::Quiet { length },
            StepOutcome::Failed { fault, done } => Self::Failed { error: fault.into(), done },
            StepOutcome::Skipped => Self::Skipped,
        }
    }
}
