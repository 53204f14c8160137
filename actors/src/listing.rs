//! Reads the same of many objects of a list in one hop to the interpreter.

use std::ops::Range;

use resolve_api::batch::{Batch, BatchStep, MAX_EACH, MAX_STEPS, StepOutcome, Target};
use resolve_api::wire::MethodCall;
use resolve_api::{Fault, Value};

use crate::error::CallError;
use crate::session::Session;

/// A part of the list that a call answers.
#[derive(Debug, Clone)]
pub(crate) struct Listed {
    /// The call that answers the list.
    pub(crate) by: MethodCall,
    /// Which entries.
    pub(crate) part: Range<usize>,
}

/// What the objects of one part answered: for each method the answers in the order of the objects, or nothing where
/// this build lacks the method.
pub(crate) type Columns = Vec<Option<Vec<Value>>>;

impl Session {
    /// The answers of these methods, which take no arguments, for each object of each part; `class` is that of the
    /// objects. The lists are asked for again, which costs one call each, and the objects are not looked up.
    ///
    /// # Errors
    /// Those of the calls.
    pub(crate) async fn columns(
        &self,
        parts: &[Listed],
        class: &str,
        methods: &[&str],
    ) -> Result<Vec<Columns>, CallError> {
        let mut chunks: Vec<(usize, Listed)> = Vec::new();
        for (number, Listed { by, part }) in parts.iter().enumerate() {
            // Each step has its bound; a longer part becomes several.
            for from in part.clone().step_by(MAX_EACH) {
                let part = from..(from + MAX_EACH).min(part.end);
                chunks.push((number, Listed { by: by.clone(), part }));
            }
        }
        let mut columns: Vec<Columns> = vec![vec![Some(Vec::new()); methods.len()]; parts.len()];
        for chunks in chunks.chunks(MAX_STEPS / (methods.len() + 1)) {
            let mut steps = Vec::new();
            for (_, Listed { by, part }) in chunks {
                let list = steps.len();
                let MethodCall { on, method, args } = by.clone();
                steps.push(BatchStep::new(Target::Object(on), method, args).quietly());
                steps.extend(methods.iter().map(|method| {
                    BatchStep::new(Target::earlier(class, list), *method, [])
                        .on_each(part.start, part.end - part.start)
                }));
            }
            let mut outcomes = self.batch(Batch { steps, go_on: true }).await?.into_iter();
            for (number, _) in chunks {
                let list = outcomes.next();
                answered(list)?;
                for column in &mut columns[*number] {
                    match answered(outcomes.next())? {
                        Some(Value::List(answers)) => {
                            column.iter_mut().for_each(|all| all.extend(answers.clone()))
                        }
                        _ => *column = None,
                    }
                }
            }
        }
        Ok(columns)
    }

    /// The answers of several calls that only read, in one hop. `None` where this build lacks the method.
    ///
    /// # Errors
    /// Those of the calls.
    pub(crate) async fn all(&self, calls: Vec<MethodCall>) -> Result<Vec<Option<Value>>, CallError> {
        let mut answers = Vec::with_capacity(calls.len());
        for calls in calls.chunks(MAX_STEPS) {
            let step = |call: &MethodCall| {
                let MethodCall { on, method, args } = call.clone();
                BatchStep::new(Target::Object(on), method, args)
            };
            let batch = Batch { steps: calls.iter().map(step).collect(), go_on: true };
            for outcome in self.batch(batch).await? {
                answers.push(answered(Some(outcome))?);
            }
        }
        Ok(answers)
    }

    /// How many entries each of these lists has; their objects are not looked up.
    ///
    /// # Errors
    /// Those of the calls.
    pub(crate) async fn lengths(&self, calls: Vec<MethodCall>) -> Result<Vec<usize>, CallError> {
        let mut lengths = Vec::with_capacity(calls.len());
        for calls in calls.chunks(MAX_STEPS) {
            let step = |call: &MethodCall| {
                let MethodCall { on, method, args } = call.clone();
                BatchStep::new(Target::Object(on), method, args).quietly()
            };
            let batch = Batch { steps: calls.iter().map(step).collect(), go_on: true };
            for outcome in self.batch(batch).await? {
                lengths.push(length(Some(outcome))?);
            }
        }
        Ok(lengths)
    }
}

/// How long the list is that a quiet step answered.
pub(crate) fn length(outcome: Option<StepOutcome>) -> Result<usize, CallError> {
    match outcome {
        Some(StepOutcome::Quiet { length }) => Ok(length.unwrap_or(0)),
        other => answered(other).map(|_| 0),
    }
}

/// What a step answered; nothing for one whose method this build lacks, and for one that only served others.
pub(crate) fn answered(outcome: Option<StepOutcome>) -> Result<Option<Value>, CallError> {
    match outcome {
        Some(StepOutcome::Value(value)) => Ok(Some(value)),
        Some(StepOutcome::Failed { fault: Fault::NoSuchMethod { .. }, .. }) => Ok(None),
        Some(StepOutcome::Failed { fault, .. }) => Err(fault.into()),
        Some(StepOutcome::Quiet { .. }) => Ok(None),
        Some(StepOutcome::Skipped) | None => Err(CallError::Internal {
            method: "a listing".to_owned(),
            reason: "the host left a step of it out".to_owned(),
        }),
    }
}
