//! Which Resolve object is meant: names and unique ids, never a handle of Python's.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Says which object a call is made on, in a way that survives a restart of the interpreter.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Locator {
    /// The application itself.
    Resolve,
    /// `Resolve.GetProjectManager()`.
    ProjectManager,
    /// The open project.
    Project,
    /// `Resolve.GetMediaStorage()`.
    MediaStorage,
    /// The media pool of the open project.
    MediaPool,
    /// The gallery of the open project.
    Gallery,
    /// `Resolve.Fusion()`.
    Fusion,
    /// A folder (bin) of the media pool. [`Key::Current`] is the one shown; a path is `/Master/Day 1`.
    Folder(Key),
    /// A clip of the media pool.
    MediaPoolItem(Key),
    /// A timeline of the open project. [`Key::Current`] is the one shown; an index counts from 1.
    Timeline(Key),
    /// An item of the current timeline. [`Key::Current`] is the one under the playhead.
    TimelineItem(Key),
    /// A color group of the open project, by name.
    ColorGroup(Key),
    /// A still album, by name. [`Key::Current`] is the one shown.
    GalleryStillAlbum(Key),
    /// The node graph of a timeline item, a timeline or a color group.
    Graph {
        /// The owner of the graph.
        of: Box<Locator>,
        /// The layer of a timeline item, from 1; Resolve's first when absent. Of a color group, 1 is the graph
        /// before its clips (also when absent) and 2 the one after them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        layer: Option<u32>,
    },
    /// An object without a unique id (a still, a composition, a tool), by the token that a reply carried.
    /// The token is good until the interpreter, the project or the database changes.
    Held {
        /// Resolve's name of the class, such as `GalleryStill`.
        class: String,
        /// `held-<generation>-<number>`.
        token: String,
    },
}

/// How one object among many of its class is picked.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Key {
    /// The one that is current in Resolve.
    Current,
    /// By what `GetUniqueId` answers.
    Id(String),
    /// By its name; more than one of that name is an error that lists them.
    Name(String),
    /// By its place, from 1.
    Index(u32),
    /// A folder by its path, from `/Master`.
    Path(String),
}

impl Locator {
    /// Resolve's name for the class of the object, as the catalogue has it.
    pub fn class(&self) -> &str {
        match self {
            Self::Resolve => "Resolve",
            Self::ProjectManager => "ProjectManager",
            Self::Project => "Project",
            Self::MediaStorage => "MediaStorage",
            Self::MediaPool => "MediaPool",
            Self::Gallery => "Gallery",
            Self::Fusion => "Fusion",
            Self::Folder(_) => "Folder",
            Self::MediaPoolItem(_) => "MediaPoolItem",
            Self::Timeline(_) => "Timeline",
            Self::TimelineItem(_) => "TimelineItem",
            Self::ColorGroup(_) => "ColorGroup",
            Self::GalleryStillAlbum(_) => "GalleryStillAlbum",
            Self::Graph { .. } => "Graph",
            Self::Held { class, .. } => class,
        }
    }

    /// The locator of an object whose unique id is known; `None` for a class that has no unique ids.
    pub fn by_id(class: &str, id: impl Into<String>) -> Option<Self> {
        let key = Key::Id(id.into());
        match class {
            "Folder" => Some(Self::Folder(key)),
            "MediaPoolItem" => Some(Self::MediaPoolItem(key)),
            "Timeline" => Some(Self::Timeline(key)),
            "TimelineItem" => Some(Self::TimelineItem(key)),
            _ => None,
        }
    }

    /// The object of a class that is meant when none is named: the only one, or the current one. `None` where
    /// an object has to be named.
    pub fn implied(class: &str) -> Option<Self> {
        match class {
            "Resolve" => Some(Self::Resolve),
            "ProjectManager" => Some(Self::ProjectManager),
            "Project" => Some(Self::Project),
            "MediaStorage" => Some(Self::MediaStorage),
            "MediaPool" => Some(Self::MediaPool),
            "Gallery" => Some(Self::Gallery),
            "Fusion" => Some(Self::Fusion),
            "Folder" | "Timeline" | "TimelineItem" | "GalleryStillAlbum" => {
                Self::with_key(class, Key::Current)
            }
            _ => None,
        }
    }

    /// The object of `class` that `key` picks; `None` for a class whose objects cannot be picked that way.
    pub fn with_key(class: &str, key: Key) -> Option<Self> {
        match (class, &key) {
            ("Folder", Key::Index(_)) => None,
            ("Folder", _) => Some(Self::Folder(key)),
            (_, Key::Path(_)) => None,
            ("MediaPoolItem" | "ColorGroup", Key::Current) => None,
            ("MediaPoolItem", _) => Some(Self::MediaPoolItem(key)),
            ("Timeline", _) => Some(Self::Timeline(key)),
            ("TimelineItem", _) => Some(Self::TimelineItem(key)),
            ("ColorGroup", _) => Some(Self::ColorGroup(key)),
            ("GalleryStillAlbum", _) => Some(Self::GalleryStillAlbum(key)),
            _ => None,
        }
    }

    /// That there is no such object, as a sentence.
    pub fn absence(&self) -> String {
        match self {
            Self::Project => "no project is open".to_owned(),
            Self::Graph { of, .. } => format!("the {of} has no node graph"),
            Self::Resolve
            | Self::ProjectManager
            | Self::MediaStorage
            | Self::MediaPool
            | Self::Gallery
            | Self::Fusion => format!("Resolve does not hand out {self}"),
            one_of_many => format!("there is no {one_of_many}"),
        }
    }

    /// The unique id or token, where this locator carries one.
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Folder(Key::Id(id))
            | Self::MediaPoolItem(Key::Id(id))
            | Self::Timeline(Key::Id(id))
            | Self::TimelineItem(Key::Id(id)) => Some(id),
            Self::Held { token, .. } => Some(token),
            _ => None,
        }
    }
}

impl fmt::Display for Locator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Resolve => write!(f, "the application"),
            Self::ProjectManager => write!(f, "the project manager"),
            Self::Project => write!(f, "the open project"),
            Self::MediaStorage => write!(f, "the media storage"),
            Self::MediaPool => write!(f, "the media pool"),
            Self::Gallery => write!(f, "the gallery"),
            Self::Fusion => write!(f, "Fusion"),
            Self::Folder(key) => write!(f, "{key} folder (bin)"),
            Self::MediaPoolItem(key) => write!(f, "{key} media pool item"),
            Self::Timeline(key) => write!(f, "{key} timeline"),
            Self::TimelineItem(key) => write!(f, "{key} timeline item"),
            Self::ColorGroup(key) => write!(f, "{key} color group"),
            Self::GalleryStillAlbum(key) => write!(f, "{key} still album"),
            Self::Graph { of, .. } => write!(f, "the node graph of the {of}"),
            Self::Held { class, token } => write!(f, "{class} {token}"),
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Current => write!(f, "current"),
            Self::Id(id) => write!(f, "'{id}'"),
            Self::Name(name) => write!(f, "'{name}'"),
            Self::Index(index) => write!(f, "number {index}"),
            Self::Path(path) => write!(f, "'{path}'"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words of an error, for objects that there are many of, one of, or that belong to another.
    #[test]
    fn what_is_absent_is_said_in_a_sentence() {
        let item = Locator::TimelineItem(Key::Id("a-b".into()));
        for (expected, locator) in [
            ("no project is open", Locator::Project),
            ("Resolve does not hand out the media pool", Locator::MediaPool),
            ("there is no current timeline", Locator::Timeline(Key::Current)),
            ("there is no 'Day 1' folder (bin)", Locator::Folder(Key::Name("Day 1".into()))),
            ("the 'a-b' timeline item has no node graph", Locator::Graph { of: Box::new(item), layer: None }),
        ] {
            assert_eq!(expected, locator.absence());
        }
    }
}
