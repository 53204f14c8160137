//! Finds the Python object that a locator means.

use pyo3::prelude::*;
use resolve_api::change::{Cause, Look, Place};
use resolve_api::{Fault, Key, Locator};

use crate::host::Host;
use crate::search::nearest;

/// How many timelines are asked for their names when none is current; a fault names ten of them.
const MAX_NAMED: u32 = 100;

impl Host {
    /// The object that `locator` means. What is above it (project manager, project, media pool) is asked for
    /// anew each time: such handles die without a word when the project changes. `path` names the argument in
    /// a fault.
    ///
    /// # Errors
    /// Whatever [`Host::find`] says, [`Fault::NotFound`] where there is no such object,
    /// [`Fault::BadArgument`] for a key that this class cannot be found by.
    pub(crate) fn locate<'py>(
        &mut self,
        py: Python<'py>,
        locator: &Locator,
        path: &str,
    ) -> Result<Bound<'py, PyAny>, Fault> {
        match locator {
            Locator::Resolve => self.resolve(py),
            Locator::ProjectManager => self.project_manager(py),
            Locator::Project => self.project(py),
            Locator::MediaStorage => self.of_resolve(py, "GetMediaStorage", locator),
            Locator::Fusion => self.of_resolve(py, "Fusion", locator),
            Locator::MediaPool => self.of_project(py, "GetMediaPool", locator),
            Locator::Gallery => self.of_project(py, "GetGallery", locator),
            Locator::Folder(key) => self.folder(py, locator, key, path),
            Locator::MediaPoolItem(key) => match key {
                Key::Id(_) | Key::Name(_) => self.find(py, locator, key, |host, search| {
                    let root = host.root_folder(py)?;
                    host.search_folders(root, true, search)
                }),
                _ => Err(bad_key(path, locator, "its unique id or name")),
            },
            Locator::Timeline(key) => self.timeline(py, locator, key, path),
            Locator::TimelineItem(key) => self.timeline_item(py, locator, key, path),
            Locator::ColorGroup(key) => self.color_group(py, locator, key, path),
            Locator::GalleryStillAlbum(key) => self.still_album(py, locator, key, path),
            Locator::Graph { of, layer } => self.graph(py, locator, of, *layer, path),
            Locator::Held { class, token } => {
                // Nothing tells of a held object whether its project is still open, save the project itself.
                self.observe_project(py)?;
                let generation = self.generation();
                let object = self.held.get(py, generation, class, token);
                object
                    .map(|object| object.into_bound(py))
                    .ok_or(Fault::Stale { what: locator.clone(), change: None })
            }
        }
    }

    /// The open project.
    fn project<'py>(&mut self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Fault> {
        if let Some(project) = self.observe_project(py)? {
            return Ok(project);
        }
        let manager = self.project_manager(py)?;
        let names = self.list(&manager, "ProjectManager", "GetProjectListInCurrentFolder", ())?;
        let names = names.iter().filter_map(|name| name.extract().ok()).collect();
        Err(Fault::NotFound { what: Locator::Project, candidates: nearest("", names) })
    }

    /// The open project, if there is one. Another project than the last time starts a new generation.
    fn observe_project<'py>(&mut self, py: Python<'py>) -> Result<Option<Bound<'py, PyAny>>, Fault> {
        let manager = self.project_manager(py)?;
        let (project, is_another) = self.current_project(&manager)?;
        if is_another {
            self.note_look(&manager, project.as_ref(), Cause::Elsewhere);
        }
        Ok(project)
    }

    /// The open project, and whether it is another than the last time, or the first.
    fn current_project<'py>(
        &mut self,
        manager: &Bound<'py, PyAny>,
    ) -> Result<(Option<Bound<'py, PyAny>>, bool), Fault> {
        let project = self.invoke(manager, "ProjectManager", "GetCurrentProject", ())?;
        let project = Some(project).filter(|project| !project.is_none());
        let id = match &project {
            Some(project) => self.unique_id(project, "Project")?,
            None => None,
        };
        let is_another = self.project != id;
        if is_another && self.project.is_some() {
            tracing::debug!(was = self.project, now = id, "the open project changed");
            self.next_generation();
        }
        self.project = id;
        Ok((project, is_another))
    }

    /// Looks at what is open, so that the server can tell when it is something else than before. The request at hand
    /// does not depend on it.
    pub(crate) fn look_around(&mut self, py: Python<'_>, cause: Cause) {
        let manager = self.project_manager(py);
        match manager.and_then(|manager| Ok((self.current_project(&manager)?.0, manager))) {
            Ok((project, manager)) => self.note_look(&manager, project.as_ref(), cause),
            Err(fault) => tracing::debug!(%fault, "what is open cannot be read"),
        }
    }

    fn note_look(&mut self, manager: &Bound<'_, PyAny>, project: Option<&Bound<'_, PyAny>>, cause: Cause) {
        let database = self.invoke(manager, "ProjectManager", "GetCurrentDatabase", ()).ok();
        let database = database.and_then(|about| about.get_item("DbName").ok()?.extract().ok());
        let name = project.and_then(|project| self.text(project, "Project", "GetName", ()).ok().flatten());
        let place = Place { database, project: name, project_id: self.project.clone() };
        self.look = Some(Look { place, cause });
    }

    fn project_manager<'py>(&mut self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Fault> {
        self.of_resolve(py, "GetProjectManager", &Locator::ProjectManager)
    }

    fn of_resolve<'py>(
        &mut self,
        py: Python<'py>,
        method: &str,
        what: &Locator,
    ) -> Result<Bound<'py, PyAny>, Fault> {
        let resolve = self.resolve(py)?;
        let object = self.invoke(&resolve, "Resolve", method, ())?;
        present(object, what)
    }

    fn of_project<'py>(
        &mut self,
        py: Python<'py>,
        method: &str,
        what: &Locator,
    ) -> Result<Bound<'py, PyAny>, Fault> {
        let project = self.project(py)?;
        let object = self.invoke(&project, "Project", method, ())?;
        present(object, what)
    }

    fn root_folder<'py>(&mut self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Fault> {
        let pool = self.of_project(py, "GetMediaPool", &Locator::MediaPool)?;
        let root = self.invoke(&pool, "MediaPool", "GetRootFolder", ())?;
        present(root, &Locator::Folder(Key::Path("/Master".to_owned())))
    }

    fn folder<'py>(
        &mut self,
        py: Python<'py>,
        what: &Locator,
        key: &Key,
        path: &str,
    ) -> Result<Bound<'py, PyAny>, Fault> {
        match key {
            Key::Current => {
                let pool = self.of_project(py, "GetMediaPool", &Locator::MediaPool)?;
                let folder = self.invoke(&pool, "MediaPool", "GetCurrentFolder", ())?;
                present(folder, what)
            }
            Key::Id(_) | Key::Name(_) => self.find(py, what, key, |host, search| {
                let root = host.root_folder(py)?;
                host.search_folders(root, false, search)
            }),
            Key::Path(_) => self.find(py, what, key, |host, search| {
                let root = host.root_folder(py)?;
                host.search_path(root, search)
            }),
            Key::Index(_) => Err(bad_key(path, what, "its path, unique id or name")),
        }
    }

    fn timeline<'py>(
        &mut self,
        py: Python<'py>,
        what: &Locator,
        key: &Key,
        path: &str,
    ) -> Result<Bound<'py, PyAny>, Fault> {
        let found = match key {
            Key::Current => {
                let project = self.project(py)?;
                self.invoke(&project, "Project", "GetCurrentTimeline", ())?
            }
            Key::Index(index) => {
                let project = self.project(py)?;
                self.invoke(&project, "Project", "GetTimelineByIndex", (*index,))?
            }
            Key::Id(_) | Key::Name(_) => {
                return self.find(py, what, key, |host, search| {
                    let project = host.project(py)?;
                    host.search_timelines(&project, search)
                });
            }
            Key::Path(_) => return Err(bad_key(path, what, "its unique id, name or index")),
        };
        if !found.is_none() {
            return Ok(found);
        }
        // Nothing is current, or nothing has this index: name what there is.
        let project = self.project(py)?;
        let mut names = Vec::new();
        for index in 1..=self.count(&project, "Project", "GetTimelineCount", ())?.min(MAX_NAMED) {
            let timeline = self.invoke(&project, "Project", "GetTimelineByIndex", (index,))?;
            if !timeline.is_none() {
                names.extend(self.text(&timeline, "Timeline", "GetName", ())?);
            }
        }
        Err(Fault::NotFound { what: what.clone(), candidates: nearest("", names) })
    }

    fn timeline_item<'py>(
        &mut self,
        py: Python<'py>,
        what: &Locator,
        key: &Key,
        path: &str,
    ) -> Result<Bound<'py, PyAny>, Fault> {
        match key {
            Key::Current => {
                let current = Locator::Timeline(Key::Current);
                let timeline = self.timeline(py, &current, &Key::Current, path)?;
                let item = self.invoke(&timeline, "Timeline", "GetCurrentVideoItem", ())?;
                present(item, what)
            }
            Key::Id(_) | Key::Name(_) => self.find(py, what, key, |host, search| {
                let project = host.project(py)?;
                host.search_all_items(&project, search)
            }),
            Key::Index(_) | Key::Path(_) => Err(bad_key(path, what, "its unique id or name")),
        }
    }

    fn color_group<'py>(
        &mut self,
        py: Python<'py>,
        what: &Locator,
        key: &Key,
        path: &str,
    ) -> Result<Bound<'py, PyAny>, Fault> {
        let project = self.project(py)?;
        let groups = self.list(&project, "Project", "GetColorGroupsList", ())?;
        let mut named = Vec::new();
        for group in groups {
            let name = self.text(&group, "ColorGroup", "GetName", ())?.unwrap_or_default();
            named.push((name, group));
        }
        pick(named, what, key, path)
    }

    fn still_album<'py>(
        &mut self,
        py: Python<'py>,
        what: &Locator,
        key: &Key,
        path: &str,
    ) -> Result<Bound<'py, PyAny>, Fault> {
        let gallery = self.of_project(py, "GetGallery", &Locator::Gallery)?;
        if *key == Key::Current {
            let album = self.invoke(&gallery, "Gallery", "GetCurrentStillAlbum", ())?;
            return present(album, what);
        }
        let albums = self.list(&gallery, "Gallery", "GetGalleryStillAlbums", ())?;
        let mut named = Vec::new();
        for album in albums {
            let name = self.text(&gallery, "Gallery", "GetAlbumName", (&album,))?.unwrap_or_default();
            named.push((name, album));
        }
        pick(named, what, key, path)
    }

    fn graph<'py>(
        &mut self,
        py: Python<'py>,
        what: &Locator,
        of: &Locator,
        layer: Option<u32>,
        path: &str,
    ) -> Result<Bound<'py, PyAny>, Fault> {
        let method = match (of, layer) {
            (Locator::TimelineItem(_) | Locator::Timeline(_), _) => "GetNodeGraph",
            (Locator::ColorGroup(_), None | Some(1)) => "GetPreClipNodeGraph",
            (Locator::ColorGroup(_), Some(2)) => "GetPostClipNodeGraph",
            (Locator::ColorGroup(_), Some(_)) => {
                let reason = "a color group has layer 1 (before the clips) and 2 (after them)".to_owned();
                return Err(Fault::BadArgument { path: path.to_owned(), reason });
            }
            _ => {
                let reason =
                    format!("{of} has no node graph: give a timeline item, a timeline or a color group");
                return Err(Fault::BadArgument { path: path.to_owned(), reason });
            }
        };
        let owner = self.locate(py, of, path)?;
        let graph = match (of, layer) {
            (Locator::TimelineItem(_), Some(layer)) => self.invoke(&owner, of.class(), method, (layer,))?,
            _ => self.invoke(&owner, of.class(), method, ())?,
        };
        present(graph, what)
    }
}

/// The object, or the fault that there is none: Resolve answers `None` or `False` then.
fn present<'py>(object: Bound<'py, PyAny>, what: &Locator) -> Result<Bound<'py, PyAny>, Fault> {
    if object.is_none() || object.extract::<bool>().is_ok_and(|truth| !truth) {
        return Err(Fault::NotFound { what: what.clone(), candidates: Vec::new() });
    }
    Ok(object)
}

/// Picks among objects that have a name and no unique id.
fn pick<'py>(
    mut named: Vec<(String, Bound<'py, PyAny>)>,
    what: &Locator,
    key: &Key,
    path: &str,
) -> Result<Bound<'py, PyAny>, Fault> {
    let fits: Vec<usize> = match key {
        Key::Name(wanted) => (0..named.len()).filter(|place| named[*place].0 == *wanted).collect(),
        Key::Index(index) => {
            (0..named.len()).filter(|place| u32::try_from(place + 1) == Ok(*index)).collect()
        }
        Key::Current | Key::Id(_) | Key::Path(_) => return Err(bad_key(path, what, "its name or index")),
    };
    let names = |named: Vec<(String, Bound<'py, PyAny>)>| named.into_iter().map(|(name, _)| name).collect();
    match fits[..] {
        [place] => Ok(named.swap_remove(place).1),
        [] => {
            let wanted = if let Key::Name(name) = key { name } else { "" };
            Err(Fault::NotFound { what: what.clone(), candidates: nearest(wanted, names(named)) })
        }
        // They have no unique ids; their places tell them apart.
        _ => {
            let candidates = fits.iter().take(10).map(|place| format!("number {}", place + 1)).collect();
            Err(Fault::Ambiguous { what: what.clone(), candidates })
        }
    }
}

fn bad_key(path: &str, what: &Locator, by: &str) -> Fault {
    Fault::BadArgument { path: path.to_owned(), reason: format!("a {} is found by {by}", what.class()) }
}
