//! The dry run of several calls: what reads is read, what writes is told, and what needs the answer of a write waits.

use resolve_api::Value;
use resolve_api::batch::{Batch, BatchStep};
use resolve_api::catalogue::Effect;
use resolve_api::wire::MethodCall;

use super::{DRY_RUN, method};
use crate::batch::{StepAnswer, rows};
use crate::error::CallError;
use crate::guard;
use crate::session::Session;

/// What the calls of a batch would change.
///
/// # Errors
/// As for the batch itself.
pub(crate) async fn batch(session: &Session, batch: Batch) -> Result<Vec<StepAnswer>, CallError> {
    let rows = rows(&batch)?;
    let mut answers: Vec<Option<Value>> = Vec::new();
    let (mut told, mut over) = (Vec::new(), false);
    for (step, row) in batch.steps.iter().zip(rows) {
        let waits: Vec<usize> =
            step.uses().iter().map(|from| from.step).filter(|of| answers[*of].is_none()).collect();
        let reads = row.effect == Effect::Read;
        let came = match over {
            true => None,
            false if !waits.is_empty() => Some(Ok(waiting(step, &waits))),
            false => Some(one(session, step, reads, &answers).await),
        };
        let (answer, of_step) = match came {
            None => (None, StepAnswer::Skipped),
            // Only what was read can be used by later steps.
            Some(Ok(value)) => {
                (Some(value.clone()).filter(|_| reads && waits.is_empty()), StepAnswer::Done(value.into()))
            }
            Some(Err(error)) => {
                over |= !batch.go_on || !error.can_go_on();
                (None, StepAnswer::Failed { error, done: Vec::new() })
            }
        };
        answers.push(answer);
        told.push(of_step);
    }
    Ok(told)
}

/// A step whose object or arguments are the answer of a write: only its form could be checked.
fn waiting(step: &BatchStep, on: &[usize]) -> Value {
    let steps: Vec<Value> = on.iter().map(|step| Value::Int(*step as i64)).collect();
    Value::map([
        (DRY_RUN, true.into()),
        ("would_call", step.label().into()),
        ("with_the_answer_of", steps.into()),
    ])
}

/// What a step read, or what it would change.
async fn one(
    session: &Session,
    step: &BatchStep,
    reads: bool,
    answers: &[Option<Value>],
) -> Result<Value, CallError> {
    let mut values = Vec::new();
    for call in step.calls(answers)? {
        values.push(made(session, call, reads).await?);
    }
    Ok(match step.each {
        Some(_) => values.into(),
        None => values.pop().unwrap_or(Value::Null),
    })
}

async fn made(session: &Session, call: Option<MethodCall>, reads: bool) -> Result<Value, CallError> {
    match call {
        None => Ok(Value::Null),
        Some(call) if reads => guard::guarded(session, call).await.map(|outcome| outcome.value),
        Some(call) => method(session, call).await,
    }
}
