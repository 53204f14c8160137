//! The checked arguments of an operation, by their Rust types.
//!
//! The server has checked them against the parameters; an error here is a caller that did not.

use resolve_api::position::Position;
use resolve_api::{Locator, Value};

use crate::error::CallError;
use crate::operation::Args;

/// Reads arguments by name.
pub(crate) trait Arguments {
    /// Text that must be there.
    fn text(&self, name: &str) -> Result<&str, CallError>;
    /// Text that may be missing.
    fn maybe_text(&self, name: &str) -> Option<&str>;
    /// A whole number that may be missing.
    fn maybe_int(&self, name: &str) -> Option<i64>;
    /// A truth value; false when missing.
    fn flag(&self, name: &str) -> bool;
    /// An object that may be missing.
    fn maybe_object(&self, name: &str) -> Option<&Locator>;
    /// A position that may be missing.
    fn maybe_position(&self, name: &str) -> Option<Position>;
    /// A list; empty when missing.
    fn list(&self, name: &str) -> &[Value];
}

impl Arguments for Args {
    fn text(&self, name: &str) -> Result<&str, CallError> {
        self.maybe_text(name).ok_or_else(|| invalid(name, "must be text"))
    }

    fn maybe_text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Value::as_str)
    }

    fn maybe_int(&self, name: &str) -> Option<i64> {
        self.get(name).and_then(Value::as_int)
    }

    fn flag(&self, name: &str) -> bool {
        self.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    fn maybe_object(&self, name: &str) -> Option<&Locator> {
        self.get(name).and_then(Value::as_object)
    }

    fn maybe_position(&self, name: &str) -> Option<Position> {
        self.get(name).and_then(Position::from_value)
    }

    fn list(&self, name: &str) -> &[Value] {
        self.get(name).and_then(Value::as_list).unwrap_or_default()
    }
}

/// An argument that is wrong for the state of the project.
pub(crate) fn invalid(path: impl Into<String>, reason: impl Into<String>) -> CallError {
    CallError::InvalidArgument {
        path: path.into(),
        reason: reason.into(),
        hint: None,
        candidates: Vec::new(),
    }
}

/// The same, with what to do instead.
pub(crate) fn invalid_with(
    path: impl Into<String>,
    reason: impl Into<String>,
    hint: impl Into<String>,
) -> CallError {
    CallError::InvalidArgument {
        path: path.into(),
        reason: reason.into(),
        hint: Some(hint.into()),
        candidates: Vec::new(),
    }
}

/// The same, with what would have been right.
pub(crate) fn invalid_among<'n>(
    path: impl Into<String>,
    reason: impl Into<String>,
    candidates: impl IntoIterator<Item = &'n str>,
) -> CallError {
    CallError::InvalidArgument {
        path: path.into(),
        reason: reason.into(),
        hint: None,
        candidates: candidates.into_iter().map(Value::from).collect(),
    }
}
