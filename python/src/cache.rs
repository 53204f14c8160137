//! Remembers Python objects by unique id, and remembers ids whose objects are gone.

use lru::LruCache;
use pyo3::prelude::*;
use std::num::NonZeroUsize;

/// How many objects are remembered: a listing of 10,000 items, the largest that the wire is made for, and
/// room for the clips and timelines around it. At about 300 bytes each this is at most 5 MB.
pub const CAPACITY: NonZeroUsize = NonZeroUsize::new(16_384).expect("the capacity is not zero");

/// What is known of a unique id.
#[derive(Debug)]
pub enum Known {
    /// Never seen, or so long ago that it was forgotten.
    No,
    /// Seen, but its object was dropped with its project or connection, or answered no longer.
    Gone,
    /// Seen, with an object that answered to it then. It may be stale: ask it for its id before use.
    Object(Py<PyAny>),
}

/// A bounded map from class and unique id to object. When it is full, what was used least recently goes.
#[derive(Debug)]
pub struct ObjectCache {
    entries: LruCache<String, Option<Py<PyAny>>>,
}

impl Default for ObjectCache {
    fn default() -> Self {
        Self::new(CAPACITY)
    }
}

impl ObjectCache {
    /// An empty cache for `capacity` objects.
    pub fn new(capacity: NonZeroUsize) -> Self {
        // `LruCache::new` would reserve room for all of them at once.
        let mut entries = LruCache::unbounded();
        entries.resize(capacity);
        Self { entries }
    }

    /// How many ids are known.
    pub fn known(&self) -> usize {
        self.entries.len()
    }

    /// What is known of the id. It counts as use.
    pub fn get(&mut self, py: Python<'_>, class: &str, id: &str) -> Known {
        match self.entries.get(&key(class, id)) {
            None => Known::No,
            Some(None) => Known::Gone,
            Some(Some(object)) => Known::Object(object.clone_ref(py)),
        }
    }

    /// Remembers the object under the id.
    pub fn insert(&mut self, class: &str, id: &str, object: Py<PyAny>) {
        self.entries.put(key(class, id), Some(object));
    }

    /// Remembers the object only if nothing has to go for it. A search passes by many objects that nobody
    /// asked for; they must not push out those that somebody did.
    pub fn insert_if_room(&mut self, class: &str, id: &str, object: &Bound<'_, PyAny>) {
        let key = key(class, id);
        if self.entries.len() < self.entries.cap().get() || self.entries.contains(&key) {
            self.entries.put(key, Some(object.clone().unbind()));
        }
    }

    /// Drops the object of an id that no longer answers to it, and keeps the id.
    pub fn mark_gone(&mut self, class: &str, id: &str) {
        if let Some(entry) = self.entries.peek_mut(&key(class, id)) {
            *entry = None;
        }
    }

    /// Drops every object and keeps the ids: they are known, and stale until they are found again.
    pub fn drop_objects(&mut self) {
        for (_, entry) in self.entries.iter_mut() {
            *entry = None;
        }
    }
}

fn key(class: &str, id: &str) -> String {
    format!("{class} {id}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use pyo3::types::PyString;

    fn cache(py: Python<'_>, capacity: usize, ids: &[&str]) -> ObjectCache {
        let mut cache = ObjectCache::new(NonZeroUsize::new(capacity).unwrap());
        for id in ids {
            cache.insert("Timeline", id, PyString::new(py, id).into_any().unbind());
        }
        cache
    }

    /// The bound holds, and what was used last stays: a long listing must not grow the process for ever.
    #[test]
    fn the_least_recently_used_object_goes_first() {
        Python::initialize();
        Python::attach(|py| {
            let mut cache = cache(py, 2, &["a", "b"]);
            cache.get(py, "Timeline", "a");

            cache.insert("Timeline", "c", py.None());

            assert_eq!(2, cache.entries.len());
            assert!(matches!(cache.get(py, "Timeline", "b"), Known::No));
            assert!(matches!(cache.get(py, "Timeline", "a"), Known::Object(_)));
        });
    }

    /// After a change of project an id is known and gone: that tells a stale id from an invented one.
    #[test]
    fn dropped_objects_leave_their_ids() {
        Python::initialize();
        Python::attach(|py| {
            let mut cache = cache(py, 4, &["a"]);

            cache.drop_objects();

            assert!(matches!(cache.get(py, "Timeline", "a"), Known::Gone));
            assert!(matches!(cache.get(py, "Timeline", "z"), Known::No));
            assert!(matches!(cache.get(py, "MediaPoolItem", "a"), Known::No));
        });
    }

    /// Objects that a search merely passes by do not push out those that were asked for.
    #[test]
    fn a_search_does_not_evict() {
        Python::initialize();
        Python::attach(|py| {
            let mut cache = cache(py, 2, &["a", "b"]);

            cache.insert_if_room("Timeline", "c", &py.None().into_bound(py));

            assert!(matches!(cache.get(py, "Timeline", "a"), Known::Object(_)));
            assert!(matches!(cache.get(py, "Timeline", "b"), Known::Object(_)));
            assert!(matches!(cache.get(py, "Timeline", "c"), Known::No));
        });
    }
}
