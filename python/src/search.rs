//! Looks for objects by unique id, name or path among those that Resolve lists.

use pyo3::call::PyCallArgs;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};
use resolve_api::{Fault, Key, Locator};

use crate::cache::Known;
use crate::host::Host;

/// The most calls that one request may spend on looking. A timeline of 10,000 items takes 10,000; five such
/// timelines are searched before the search gives up and says so.
const MAX_LOOKUP_CALLS: u32 = 50_000;

/// How many near names or ids a fault carries.
const MAX_CANDIDATES: usize = 10;

/// How many names or ids are compared for nearness: comparing is cheap, keeping all of them is not.
const MAX_SEEN: usize = 1_000;

/// The kinds of track that can hold items.
const TRACK_TYPES: [&str; 3] = ["video", "audio", "subtitle"];

/// One search for the objects of a class that fit a key.
pub(crate) struct Search<'k, 'py> {
    class: &'k str,
    key: &'k Key,
    matches: Vec<Bound<'py, PyAny>>,
    seen: Vec<String>,
}

impl<'k, 'py> Search<'k, 'py> {
    /// Remembers a name or id that did not fit.
    fn passed(&mut self, name: String) {
        if self.seen.len() < MAX_SEEN {
            self.seen.push(name);
        }
    }

    /// A unique id fits one object; a name must be looked for to the end.
    fn is_over(&self) -> bool {
        matches!(self.key, Key::Id(_)) && !self.matches.is_empty()
    }
}

impl Host {
    /// Finds the object of `class` that `key` (a unique id or a name) means. An id that is remembered costs
    /// one call; otherwise `walk` offers every object there is.
    ///
    /// # Errors
    /// [`Fault::Stale`] for an id that was known and is not found again, [`Fault::NotFound`] with the nearest
    /// names or ids, [`Fault::Ambiguous`] for a name of several.
    pub(crate) fn find<'py>(
        &mut self,
        py: Python<'py>,
        what: &Locator,
        key: &Key,
        walk: impl for<'k> FnOnce(&mut Self, &mut Search<'k, 'py>) -> Result<(), Fault>,
    ) -> Result<Bound<'py, PyAny>, Fault> {
        let class = what.class();
        let mut known = false;
        if let Key::Id(id) = key {
            match self.objects.get(py, class, id) {
                Known::Object(object) => {
                    let object = object.into_bound(py);
                    // An object of a closed project answers None, or raises; either way it is another's turn.
                    if self.unique_id(&object, class).ok().flatten().as_ref() == Some(id) {
                        return Ok(object);
                    }
                    self.objects.mark_gone(class, id);
                    known = true;
                }
                Known::Gone => known = true,
                Known::No => {}
            }
        }
        let mut search = Search { class, key, matches: Vec::new(), seen: Vec::new() };
        walk(self, &mut search)?;
        let Search { mut matches, seen, .. } = search;
        match (matches.pop(), matches.is_empty()) {
            (Some(object), true) => {
                if let Key::Id(id) = key {
                    self.objects.insert(class, id, object.clone().unbind());
                }
                Ok(object)
            }
            (Some(object), false) => {
                matches.push(object);
                let mut candidates = Vec::new();
                for object in matches.iter().take(MAX_CANDIDATES) {
                    candidates.extend(self.unique_id(object, class)?);
                }
                Err(Fault::Ambiguous { what: what.clone(), candidates })
            }
            (None, _) if known => Err(Fault::Stale { what: what.clone(), change: None }),
            (None, _) => {
                let wanted = match key {
                    Key::Id(text) | Key::Name(text) | Key::Path(text) => text.as_str(),
                    Key::Current | Key::Index(_) => "",
                };
                Err(Fault::NotFound { what: what.clone(), candidates: nearest(wanted, seen) })
            }
        }
    }

    /// Compares one object with the key of the search.
    pub(crate) fn offer<'py>(
        &mut self,
        search: &mut Search<'_, 'py>,
        object: Bound<'py, PyAny>,
    ) -> Result<(), Fault> {
        self.may_look_further()?;
        match search.key {
            Key::Id(wanted) => {
                let Some(id) = self.unique_id(&object, search.class)? else { return Ok(()) };
                self.objects.insert_if_room(search.class, &id, &object);
                if id == *wanted { search.matches.push(object) } else { search.passed(id) }
            }
            Key::Name(wanted) => {
                let Some(name) = self.text(&object, search.class, "GetName", ())? else { return Ok(()) };
                if name == *wanted { search.matches.push(object) } else { search.passed(name) }
            }
            Key::Current | Key::Index(_) | Key::Path(_) => {}
        }
        Ok(())
    }

    /// Offers every timeline of the project.
    pub(crate) fn search_timelines<'py>(
        &mut self,
        project: &Bound<'py, PyAny>,
        search: &mut Search<'_, 'py>,
    ) -> Result<(), Fault> {
        for index in 1..=self.count(project, "Project", "GetTimelineCount", ())? {
            if search.is_over() {
                break;
            }
            let timeline = self.invoke(project, "Project", "GetTimelineByIndex", (index,))?;
            if !timeline.is_none() {
                self.offer(search, timeline)?;
            }
        }
        Ok(())
    }

    /// Offers every item of a timeline, track by track.
    pub(crate) fn search_items<'py>(
        &mut self,
        timeline: &Bound<'py, PyAny>,
        search: &mut Search<'_, 'py>,
    ) -> Result<(), Fault> {
        for track_type in TRACK_TYPES {
            for track in 1..=self.count(timeline, "Timeline", "GetTrackCount", (track_type,))? {
                for item in self.list(timeline, "Timeline", "GetItemListInTrack", (track_type, track))? {
                    if search.is_over() {
                        return Ok(());
                    }
                    self.offer(search, item)?;
                }
            }
        }
        Ok(())
    }

    /// Offers the items of the current timeline, and for a unique id those of the others too.
    pub(crate) fn search_all_items<'py>(
        &mut self,
        project: &Bound<'py, PyAny>,
        search: &mut Search<'_, 'py>,
    ) -> Result<(), Fault> {
        let current = self.invoke(project, "Project", "GetCurrentTimeline", ())?;
        let mut done = None;
        if !current.is_none() {
            done = self.unique_id(&current, "Timeline")?;
            self.search_items(&current, search)?;
        }
        if !matches!(search.key, Key::Id(_)) {
            return Ok(());
        }
        for index in 1..=self.count(project, "Project", "GetTimelineCount", ())? {
            if search.is_over() {
                break;
            }
            let timeline = self.invoke(project, "Project", "GetTimelineByIndex", (index,))?;
            if timeline.is_none() || (done.is_some() && self.unique_id(&timeline, "Timeline")? == done) {
                continue;
            }
            self.search_items(&timeline, search)?;
        }
        Ok(())
    }

    /// Offers every folder, or every clip in every folder, from the root down.
    pub(crate) fn search_folders<'py>(
        &mut self,
        root: Bound<'py, PyAny>,
        clips: bool,
        search: &mut Search<'_, 'py>,
    ) -> Result<(), Fault> {
        let mut waiting = vec![root];
        while let Some(folder) = waiting.pop() {
            if clips {
                for clip in self.list(&folder, "Folder", "GetClipList", ())? {
                    self.offer(search, clip)?;
                    if search.is_over() {
                        return Ok(());
                    }
                }
            }
            let below = self.list(&folder, "Folder", "GetSubFolderList", ())?;
            // The last one is taken first: reversed, the walk follows the order of the list.
            waiting.extend(below.into_iter().rev());
            if !clips {
                self.offer(search, folder)?;
            }
            if search.is_over() {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Looks for a folder by its path. A name may hold a slash itself, so every way to read the path is tried.
    pub(crate) fn search_path<'py>(
        &mut self,
        root: Bound<'py, PyAny>,
        search: &mut Search<'_, 'py>,
    ) -> Result<(), Fault> {
        let Key::Path(path) = search.key else { return Ok(()) };
        let path = path.trim_end_matches('/');
        let mut waiting = vec![(root, String::new(), path.strip_prefix('/').unwrap_or(path))];
        while let Some((folder, above, rest)) = waiting.pop() {
            self.may_look_further()?;
            let Some(name) = self.text(&folder, "Folder", "GetName", ())? else { continue };
            let here = format!("{above}/{name}");
            match rest.strip_prefix(name.as_str()) {
                Some("") => search.matches.push(folder),
                Some(below) if below.starts_with('/') => {
                    for child in self.list(&folder, "Folder", "GetSubFolderList", ())? {
                        waiting.push((child, here.clone(), &below[1..]));
                    }
                    search.passed(here);
                }
                _ => search.passed(here),
            }
        }
        Ok(())
    }

    /// What `GetUniqueId` answers; `None` where it answers nothing.
    pub(crate) fn unique_id(
        &mut self,
        object: &Bound<'_, PyAny>,
        class: &str,
    ) -> Result<Option<String>, Fault> {
        Ok(self.text(object, class, "GetUniqueId", ())?.filter(|id| !id.is_empty()))
    }

    /// An answer that is text; `None` for any other.
    pub(crate) fn text<'py>(
        &mut self,
        object: &Bound<'py, PyAny>,
        class: &str,
        method: &str,
        args: impl PyCallArgs<'py>,
    ) -> Result<Option<String>, Fault> {
        Ok(self.invoke(object, class, method, args)?.extract().ok())
    }

    /// An answer that is a number of things. Resolve mixes whole numbers and floats; 0 for anything else.
    pub(crate) fn count<'py>(
        &mut self,
        object: &Bound<'py, PyAny>,
        class: &str,
        method: &str,
        args: impl PyCallArgs<'py>,
    ) -> Result<u32, Fault> {
        let answer = self.invoke(object, class, method, args)?;
        Ok(answer.extract::<f64>().map_or(0, |count| count as u32))
    }

    /// An answer that is a list of objects, or a dict with numbers as keys as older versions give; empty for
    /// any other.
    pub(crate) fn list<'py>(
        &mut self,
        object: &Bound<'py, PyAny>,
        class: &str,
        method: &str,
        args: impl PyCallArgs<'py>,
    ) -> Result<Vec<Bound<'py, PyAny>>, Fault> {
        let answer = self.invoke(object, class, method, args)?;
        let items: Vec<_> = if let Ok(list) = answer.cast::<PyList>() {
            list.iter().collect()
        } else if let Ok(tuple) = answer.cast::<PyTuple>() {
            tuple.iter().collect()
        } else if let Ok(dict) = answer.cast::<PyDict>() {
            dict.values().iter().collect()
        } else {
            Vec::new()
        };
        Ok(items.into_iter().filter(|item| !item.is_none()).collect())
    }

    fn may_look_further(&self) -> Result<(), Fault> {
        if self.api_calls() <= MAX_LOOKUP_CALLS {
            return Ok(());
        }
        Err(Fault::BadArgument {
            path: "on".to_owned(),
            reason: format!(
                "the search for this object was given up after {MAX_LOOKUP_CALLS} calls; make its timeline or \
                 folder current and list it first"
            ),
        })
    }
}

/// Those of `seen` that are most like `wanted`, the nearest first, each once.
pub(crate) fn nearest(wanted: &str, seen: Vec<String>) -> Vec<String> {
    let wanted = wanted.to_lowercase();
    let mut ranked: Vec<(f64, String)> = Vec::with_capacity(seen.len());
    for name in seen {
        if !ranked.iter().any(|(_, other)| *other == name) {
            ranked.push((strsim::jaro_winkler(&wanted, &name.to_lowercase()), name));
        }
    }
    // A stable sort: names that are equally near keep Resolve's order.
    ranked.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    ranked.into_iter().take(MAX_CANDIDATES).map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A misspelt name must lead to the one that was meant, first in the list, and no name comes twice.
    #[test]
    fn the_nearest_name_comes_first() {
        let seen = ["Day 2", "Interviews", "Interviews", "Day 1"].map(str::to_owned).to_vec();

        let near = nearest("interview", seen);

        assert_eq!(["Interviews", "Day 2", "Day 1"], near[..]);
    }

    /// A fault stays readable however many objects there are.
    #[test]
    fn at_most_ten_are_named() {
        let seen = (0..500).map(|number| format!("clip {number}")).collect();

        assert_eq!(10, nearest("clip 7", seen).len());
    }
}
