//! What a grade does to colors, as the digest of a table that Resolve exports: no call reads a grade.

use std::path::Path;

use resolve_api::facts::watch::{Part, Watch};
use resolve_api::value::ConstantValue;
use resolve_api::wire::MethodCall;
use resolve_api::{Fault, Locator, Value};

use super::watched::Watched;
use super::{Recorder, kept};
use crate::config::Backend;
use crate::digest::digest;
use crate::error::CallError;
use crate::session::Session;

/// The call that writes the table.
const EXPORT: &str = "ExportLUT";

/// The smallest that there is: 4,913 colors, 130 kB as text.
const TABLE: &str = "EXPORT_LUT_17PTCUBE";

/// The page on which tables are written.
const PAGE: &str = "color";

/// What the parts of a timeline begin with that come of such looks.
pub(super) const COLORS: &str = "colors of ";

/// Grades that are looked at for one call, before the change and after it: a look took the engine 20 to 30 ms on two cores
/// that did other things too.
pub(super) const MOST_LOOKS: usize = 2;

/// Why a grade is not looked at on another page.
pub(super) const OTHER_PAGE: &str =
    "what the grade does to colors, which Resolve tells on the Color page alone";

/// Why a grade is not looked at where it could be.
pub(super) fn too_many() -> String {
    format!("what {MOST_LOOKS} grades do to colors is looked at for one call")
}

/// The look at an item's grade. The file that it is written to belongs to the one who looks.
pub(super) fn look(item: &Locator) -> MethodCall {
    MethodCall::new(item.clone(), EXPORT, [])
}

/// Whether a read is such a look.
pub(super) fn is_look(call: &MethodCall) -> bool {
    call.method == EXPORT
}

/// A look before a write, and that there is to be one after it.
///
/// # Errors
/// Those of the calls.
pub(super) async fn watched(session: &Session, item: &Locator) -> Result<Option<Watched>, CallError> {
    let by = look(item);
    let before = session.colors(&[&by]).await?.pop().flatten();
    Ok(before.map(|before| Watched {
        watch: Watch { by, part: Part::Whole },
        before: Some(before),
        after: None,
    }))
}

impl Session {
    /// What the grades of these looks do to colors: a digest each, `Null` of an item that is gone, nothing where this
    /// cannot be told. The page stays as it is: with Resolve another one takes seconds, before the eyes of a person, so
    /// there it is told on the Color page alone.
    ///
    /// # Errors
    /// Those of the calls.
    pub(super) async fn colors(&self, looks: &[&MethodCall]) -> Result<Vec<Option<Value>>, CallError> {
        let page = match self.ask(Locator::Resolve, "GetCurrentPage", vec![]).await {
            Ok(page) => page.as_str().map(str::to_owned),
            Err(CallError::Fault(Fault::Refused { .. })) => None,
            Err(error) => return Err(error),
        };
        let is_there = page.as_deref() == Some(PAGE);
        if looks.is_empty() || !is_there && (page.is_none() || self.backend() == Backend::Resolve) {
            return Ok(vec![None; looks.len()]);
        }
        let folder = kept::passing(&format!("TimelineItem.{EXPORT}"), "file for the colors of a grade")?;
        if !is_there {
            self.ask(Locator::Resolve, "OpenPage", vec![PAGE.into()]).await?;
        }
        let mut seen = Vec::with_capacity(looks.len());
        let mut failed = None;
        for (number, look) in looks.iter().enumerate() {
            let path = folder.path().join(format!("{number}.cube"));
            match self.table(&look.on, &path).await {
                Ok(digest) => seen.push(digest),
                Err(error) => {
                    failed = Some(error);
                    break;
                }
            }
        }
        if let Some(page) = page.filter(|_| !is_there) {
            self.ask(Locator::Resolve, "OpenPage", vec![page.into()]).await?;
        }
        failed.map_or(Ok(seen), Err)
    }

    /// The digest of one table.
    async fn table(&self, item: &Locator, path: &Path) -> Result<Option<Value>, CallError> {
        let kind = Value::Constant(ConstantValue { name: TABLE.to_owned() });
        let args = vec![kind, path.to_string_lossy().into_owned().into()];
        match self.ask(item.clone(), EXPORT, args).await {
            Ok(_) => Ok(std::fs::read_to_string(path).ok().map(|table| of_numbers(&table).into())),
            Err(CallError::Fault(Fault::NotFound { .. } | Fault::Stale { .. })) => Ok(Some(Value::Null)),
            Err(CallError::Fault(
                Fault::Refused { .. } | Fault::NoSuchMethod { .. } | Fault::Unsupported { .. },
            )) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl Recorder {
    /// Whether one more grade may be looked at for this call.
    pub(super) fn may_look(&self) -> bool {
        let Some(record) = &self.record else { return false };
        let mut collected = super::lock(record);
        collected.looks += 1;
        collected.looks <= MOST_LOOKS
    }
}

/// The digest of the numbers of a table, without what it says of itself.
fn of_numbers(table: &str) -> String {
    let is_number = |first: char| first.is_ascii_digit() || first == '-' || first == '.';
    let numbers = table.lines().map(str::trim).filter(|line| line.starts_with(is_number));
    format!("#{:016x}", digest(numbers.map(str::as_bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The title of a table says whose it is; the numbers are the grade.
    #[test]
    fn only_the_numbers_of_a_table_count() {
        let table = |title: &str, red: &str| format!("TITLE \"{title}\"\nLUT_3D_SIZE 17\n{red} 0.0 0.0\n");
        assert_eq!(of_numbers(&table("a", "0.1")), of_numbers(&table("b", "0.1")));
        assert_ne!(of_numbers(&table("a", "0.1")), of_numbers(&table("a", "0.2")));
    }
}
