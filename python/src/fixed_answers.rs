//! Remembers, while one build is connected, what cannot change meanwhile: each answer is a round trip to Resolve.

use std::collections::HashMap;

use pyo3::prelude::*;
use resolve_api::Value;
use resolve_api::catalogue::{Effect, Method, Tag};

/// How many answers are remembered. A build has about thirty formats with a list of codecs each; arguments that are
/// none of these must not grow the process for ever.
const CAPACITY: usize = 256;

/// Answers of methods whose row says `fixed_while_connected`, by method and arguments.
#[derive(Debug, Default)]
pub(crate) struct FixedAnswers(HashMap<String, Py<PyAny>>);

impl FixedAnswers {
    /// What the method answered to these arguments before.
    pub(crate) fn get<'py>(
        &self,
        py: Python<'py>,
        row: Option<&Method>,
        args: &[Value],
    ) -> Option<Bound<'py, PyAny>> {
        Some(self.0.get(&key(row?, args)?)?.bind(py).clone())
    }

    /// Keeps an answer, if it is one that cannot change. `None` and nothing are not kept: Resolve also answers so while
    /// it is not ready.
    pub(crate) fn keep(&mut self, row: Option<&Method>, args: &[Value], answer: &Bound<'_, PyAny>) {
        let Some(key) = row.and_then(|row| key(row, args)) else { return };
        if self.0.len() < CAPACITY && answer.is_truthy().unwrap_or(false) {
            self.0.insert(key, answer.clone().unbind());
        }
    }
}

/// The method with its arguments as text; nothing where the answer may change.
fn key(row: &Method, args: &[Value]) -> Option<String> {
    let fixed = row.effect == Effect::Read && row.has(Tag::FixedWhileConnected);
    fixed.then(|| Some(format!("{} {}", row.label(), serde_json::to_string(args).ok()?)))?
}
