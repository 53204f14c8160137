//! Reading back after a write: what was asked beside what was found.

use indexmap::IndexMap;
use resolve_api::Value;

use crate::error::CallError;

/// How far apart two numbers may lie and still be the same: Resolve keeps inspector values as 32-bit floats and
/// answers 39.99996 for 40.
const TOLERANCE: f64 = 1e-4;

/// Whether what was read back is what was asked. Numbers may come back as text and the other way round: Resolve
/// answers "1920" for 1920 and 24.0 for "24".
pub(crate) fn same(requested: &Value, observed: &Value) -> bool {
    if let (Some(requested), Some(observed)) = (number(requested), number(observed)) {
        return (requested - observed).abs() <= TOLERANCE * requested.abs().max(1.0);
    }
    match (requested, observed) {
        (Value::List(requested), Value::List(observed)) => {
            requested.len() == observed.len()
                && requested.iter().zip(observed).all(|(requested, observed)| same(requested, observed))
        }
        _ => requested == observed,
    }
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Str(text) => text.trim().parse().ok(),
        // Switches come back as 1 and 0.
        Value::Bool(truth) => Some(f64::from(u8::from(*truth))),
        other => other.as_f64(),
    }
}

/// What was asked and what was read back, for the answer of a write.
#[derive(Debug, Default)]
pub(crate) struct Observed {
    requested: IndexMap<String, Value>,
    observed: IndexMap<String, Value>,
}

impl Observed {
    /// Notes one value; an error when it is not what was asked.
    pub(crate) fn check(
        &mut self,
        method: &str,
        name: &str,
        requested: Value,
        observed: Value,
    ) -> Result<(), CallError> {
        if !same(&requested, &observed) {
            return Err(not_verified(method, name, &requested, &observed));
        }
        self.note(name, requested, observed);
        Ok(())
    }

    /// Notes one value that has been compared already.
    pub(crate) fn note(&mut self, name: &str, requested: Value, observed: Value) {
        self.requested.insert(name.to_owned(), requested);
        self.observed.insert(name.to_owned(), observed);
    }

    /// Adds `requested`, `observed` and `verified` to an answer.
    pub(crate) fn into_answer(self, mut answer: IndexMap<String, Value>) -> Value {
        answer.insert("requested".to_owned(), Value::Map(self.requested));
        answer.insert("observed".to_owned(), Value::Map(self.observed));
        answer.insert("verified".to_owned(), true.into());
        Value::Map(answer)
    }
}

/// Success was reported and is not there.
pub(crate) fn not_verified(method: &str, what: &str, requested: &Value, observed: &Value) -> CallError {
    CallError::NotVerified {
        method: method.to_owned(),
        what: what.to_owned(),
        requested: words(requested),
        observed: words(observed),
    }
}

/// A value as it stands in a sentence.
pub(crate) fn words(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Str(text) => format!("'{text}'"),
        Value::Constant(constant) => constant.name.clone(),
        other => serde_json::to_string(other).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Resolve's roundings and its mixing of text and numbers are no failures; a clipped value is one.
    #[test]
    fn values_are_compared_as_resolve_keeps_them() {
        assert!(same(&40.into(), &Value::Float(39.99996)));
        assert!(same(&"24".into(), &Value::Float(24.0)));
        assert!(same(&true.into(), &1.into()));
        assert!(same(&"Blue".into(), &"Blue".into()));
        assert!(!same(&120.into(), &100.into()));
        assert!(!same(&"Blue".into(), &Value::Null));
        assert!(!same(&"Blue".into(), &"Red".into()));
    }
}
