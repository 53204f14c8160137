//! What the headless engine does not do, as its own table in Python says it; `make docs` writes the file.

use std::sync::LazyLock;

use indexmap::IndexMap;

/// The file that is written from `resolve_engine.unsupported`, class by class.
const FILE: &str = include_str!("../engine.toml");

/// Class to method to reason.
type Lacking = IndexMap<String, IndexMap<String, String>>;

fn lacking() -> &'static Lacking {
    static LACKING: LazyLock<Lacking> = LazyLock::new(|| match toml::from_str(FILE) {
        Ok(lacking) => lacking,
        Err(error) => panic!("engine.toml cannot be read: {error}"),
    });
    &LACKING
}

/// Why the engine does not do `Class.Method`; `None` when it does, or when there is no such method.
///
/// # Panics
/// If the file that was compiled in is malformed; `cargo test` finds that.
pub fn lacks(label: &str) -> Option<&'static str> {
    let (class, method) = label.split_once('.')?;
    lacking().get(class)?.get(method).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::catalogue;

    /// A name that is not in the catalogue would mean that the file is of another version than the rows.
    #[test]
    fn each_name_is_a_method_with_a_reason() {
        for (class, methods) in lacking() {
            for (method, reason) in methods {
                assert!(catalogue().method(class, method).is_some(), "{class}.{method}");
                assert!(reason.len() > 10, "{class}.{method}: {reason}");
            }
        }
        assert_eq!(None, lacks("Timeline.AddMarker"));
    }
}
