//! Long lists in parts: a limit, a cursor and the total.

use std::ops::Range;

use resolve_api::Value;
use resolve_api::kind::{Kind, Param};

use crate::arguments::{Arguments, invalid_with};
use crate::error::CallError;
use crate::limits::{LIST_LIMIT, LIST_LIMIT_LARGEST};
use crate::operation::Args;

/// The part of a list that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Part {
    from: usize,
    limit: usize,
}

/// The parameters that ask for a part.
pub(crate) fn params() -> [Param; 2] {
    [
        Param::optional("limit", Kind::Int, "at most so many entries")
            .or(LIST_LIMIT)
            .at_least(1.0)
            .at_most(LIST_LIMIT_LARGEST as f64),
        Param::optional("cursor", Kind::Str, "where to go on: next_cursor of the answer before"),
    ]
}

impl Part {
    /// The part that the arguments ask for.
    pub(crate) fn of(args: &Args) -> Result<Self, CallError> {
        let limit = args.maybe_int("limit").and_then(|limit| usize::try_from(limit).ok());
        let limit = limit.unwrap_or(LIST_LIMIT).clamp(1, LIST_LIMIT_LARGEST);
        let from = match args.maybe_text("cursor") {
            None => 0,
            Some(cursor) => cursor.parse().map_err(|_| {
                let hint = "pass next_cursor of the answer before as it is, or leave it out to start anew";
                invalid_with("cursor", format!("'{cursor}' is no cursor"), hint)
            })?,
        };
        Ok(Self { from, limit })
    }

    /// The same part with so many entries.
    pub(crate) fn at_once(self, limit: usize) -> Self {
        Self { limit, ..self }
    }

    /// Where the entries of this part stand in a list that has `total`.
    pub(crate) fn range(self, total: usize) -> Range<usize> {
        let from = self.from.min(total);
        from..from.saturating_add(self.limit).min(total)
    }

    /// The cursor of the next part of a list that has `total` entries.
    pub(crate) fn next(self, total: usize) -> Value {
        let next = self.from.saturating_add(self.limit);
        if next < total { next.to_string().into() } else { Value::Null }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(limit: i64, cursor: &str) -> Result<Part, CallError> {
        Part::of(&Args::from_iter([("limit".into(), limit.into()), ("cursor".into(), cursor.into())]))
    }

    /// Following the cursors gives every entry once, also when the list shrinks meanwhile.
    #[test]
    fn parts_cover_the_list() {
        let first = Part { from: 0, limit: 2 };
        assert_eq!((0..2, Value::from("2")), (first.range(5), first.next(5)));
        let last = part(2, "4").unwrap();
        assert_eq!((4..5, Value::Null), (last.range(5), last.next(5)));
        assert!(part(2, "9").unwrap().range(5).is_empty());
        assert!(part(2, "abc").is_err());
    }
}
