//! Holds objects without a unique id (stills, compositions, tools) under tokens.

use lru::LruCache;
use pyo3::prelude::*;
use resolve_api::Locator;
use std::num::NonZeroUsize;

/// How many objects are held: all stills of a large gallery, or the tools of a large composition, several
/// times over. A token that was pushed out answers as stale.
const CAPACITY: NonZeroUsize = NonZeroUsize::new(4_096).expect("the capacity is not zero");

/// Objects by the number in their token, `held-<generation>-<number>`.
#[derive(Debug)]
pub struct HeldObjects {
    entries: LruCache<u64, (String, Py<PyAny>)>,
    next: u64,
}

impl Default for HeldObjects {
    fn default() -> Self {
        let mut entries = LruCache::unbounded();
        entries.resize(CAPACITY);
        Self { entries, next: 1 }
    }
}

impl HeldObjects {
    /// Holds an object and gives the locator that leads back to it in this generation.
    pub fn hold(&mut self, generation: u64, class: &str, object: Py<PyAny>) -> Locator {
        let number = self.next;
        self.next += 1;
        self.entries.put(number, (class.to_owned(), object));
        Locator::Held { class: class.to_owned(), token: format!("held-{generation}-{number}") }
    }

    /// The object of a token of this generation and class; `None` if it is of another one, unknown or
    /// pushed out.
    pub fn get(&mut self, py: Python<'_>, generation: u64, class: &str, token: &str) -> Option<Py<PyAny>> {
        let (of, number) = token.strip_prefix("held-")?.split_once('-')?;
        if of.parse::<u64>().ok()? != generation {
            return None;
        }
        let (held, object) = self.entries.get(&number.parse::<u64>().ok()?)?;
        (held == class).then(|| object.clone_ref(py))
    }

    /// Lets go of everything; every token given so far is stale.
    pub fn clear(&mut self) {
        self.entries.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A token leads to its object in its own generation and class only: a number from another life of the
    /// host must never reach an object that happens to have it.
    #[test]
    fn a_token_is_good_for_one_generation_and_class() {
        Python::initialize();
        Python::attach(|py| {
            let mut held = HeldObjects::default();
            let Locator::Held { class, token } = held.hold(7, "GalleryStill", py.None()) else { panic!() };

            assert_eq!("held-7-1", token);
            assert!(held.get(py, 7, &class, &token).is_some());
            assert!(held.get(py, 8, &class, &token).is_none());
            assert!(held.get(py, 7, "FusionTool", &token).is_none());
            for odd in ["", "held-", "held-7", "held-7-", "held-7-99", "held-7--1", "held-x-1"] {
                assert!(held.get(py, 7, &class, odd).is_none(), "{odd}");
            }
            held.clear();
            assert!(held.get(py, 7, &class, &token).is_none());
        });
    }
}
