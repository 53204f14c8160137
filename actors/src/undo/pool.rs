//! Where folders and clips of the media pool lie, looked up before they are moved or deleted.

use std::collections::HashMap;

use resolve_api::batch::MAX_EACH;
use resolve_api::facts::watch::{Part, Watch};
use resolve_api::wire::MethodCall;
use resolve_api::{Key, Locator, Value};

use super::Kept;
use super::watched::{MOST_WATCHED, Watched};
use crate::error::CallError;
use crate::listing::Listed;
use crate::session::Session;

/// The most folders that are looked through: each costs three calls, which are some seconds with Resolve.
const MOST_FOLDERS: usize = 2_000;

/// The most clips that are looked at in search of those that are moved: each costs a call.
const MOST_CLIPS: usize = 20_000;

/// A folder of the media pool.
pub(super) struct Folder {
    pub(super) id: String,
    pub(super) name: String,
    /// The place of the folder that it lies in; none for the top folder.
    pub(super) parent: Option<usize>,
}

/// Every folder of the media pool, outer ones first.
pub(super) struct Folders(pub(super) Vec<Folder>);

impl Folders {
    /// Walks through them, level after level, each in one hop.
    ///
    /// # Errors
    /// Why not, in words.
    pub(super) async fn read(session: &Session) -> Result<Self, String> {
        let failed = |error: CallError| format!("the folders of the media pool could not be read: {error}");
        let root = session.object(&Locator::MediaPool, "GetRootFolder", []).await.map_err(failed)?;
        let root = session.by_id(&root).await.map_err(failed)?;
        let name = session.text(&root, "GetName", []).await.map_err(failed)?;
        let id = root.id().unwrap_or_default().to_owned();
        let mut all = vec![Folder { id, name, parent: None }];
        let mut level = 0..1;
        while !level.is_empty() {
            let lists: Vec<Listed> =
                all[level.clone()].iter().map(|above| above.list("GetSubFolderList")).collect();
            let columns =
                session.columns(&lists, "Folder", &["GetUniqueId", "GetName"]).await.map_err(failed)?;
            let next = all.len();
            for (parent, columns) in level.zip(columns) {
                let mut columns = columns.into_iter().map(Option::unwrap_or_default);
                let (ids, names) = (columns.next().unwrap_or_default(), columns.next().unwrap_or_default());
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                all.extend(ids.iter().zip(&names).map(|(id, name)| Folder {
                    id: text(id),
                    name: text(name),
                    parent: Some(parent),
                }));
            }
            if all.len() > MOST_FOLDERS {
                return Err(format!("the media pool has more than {MOST_FOLDERS} folders to look through"));
            }
            level = next..all.len();
        }
        Ok(Self(all))
    }

    /// The place of the folder with this unique id.
    pub(super) fn find(&self, id: &str) -> Option<usize> {
        self.0.iter().position(|folder| folder.id == id)
    }

    /// The path of a folder, from the top one.
    pub(super) fn path(&self, place: usize) -> String {
        let folder = &self.0[place];
        let above = folder.parent.map(|parent| self.path(parent)).unwrap_or_default();
        format!("{above}/{}", folder.name)
    }

    /// Whether a folder is one of these or lies in one.
    pub(super) fn is_in(&self, place: usize, outer: &[usize]) -> bool {
        outer.contains(&place) || self.0[place].parent.is_some_and(|parent| self.is_in(parent, outer))
    }
}

impl Folder {
    fn list(&self, method: &str) -> Listed {
        Listed { by: MethodCall::new(by_id(&self.id), method, []), part: 0..MAX_EACH }
    }
}

/// Where the folders or clips lie that a call moves.
///
/// # Errors
/// Why it cannot be told, in words.
pub(super) async fn before_a_move(session: &Session, write: &MethodCall) -> Result<Kept, String> {
    let moved = ids(session, write).await?;
    let folders = Folders::read(session).await?;
    let is_clips = write.method == "MoveClips";
    let lies_in: HashMap<String, String> = if is_clips {
        clips(session, &folders, &moved).await?
    } else {
        let parent = |id: &String| {
            let parent = folders.0[folders.find(id)?].parent?;
            Some((id.clone(), folders.0[parent].id.clone()))
        };
        moved.iter().filter_map(parent).collect()
    };
    let mut groups: Vec<(&String, Vec<Value>)> = Vec::new();
    for id in &moved {
        let Some(from) = lies_in.get(id) else { return Err(format!("it was not found where {id} lies")) };
        let object =
            Value::object(if is_clips { Locator::MediaPoolItem(Key::Id(id.clone())) } else { by_id(id) });
        match groups.iter_mut().find(|(known, _)| *known == from) {
            Some((_, group)) => group.push(object),
            None => groups.push((from, vec![object])),
        }
    }
    let back = |(from, group): (&String, Vec<Value>)| {
        let args = vec![Value::List(group), Value::object(by_id(from))];
        MethodCall::new(Locator::MediaPool, write.method.clone(), args)
    };
    let mut watched = Vec::new();
    if let Some(target) = write.args.get(1).and_then(Value::as_object) {
        let target = session.by_id(target).await.map_err(|error| error.to_string())?;
        let list = if is_clips { "GetClipList" } else { "GetSubFolderList" };
        let others = groups.iter().filter(|(from, _)| Some(from.as_str()) != target.id());
        for (_, moved) in others {
            let by = MethodCall::new(target.clone(), list, []);
            watched.extend(moved.iter().take(MOST_WATCHED).map(|object| Watched {
                watch: Watch { by: by.clone(), part: Part::Has(object.clone()) },
                before: Some(false.into()),
                after: None,
            }));
        }
    }
    let back = groups.into_iter().map(back).collect();
    Ok(Kept::Looked { back, remade: Vec::new(), watched })
}

/// What shows that a clip lies in a folder, before it is deleted from it.
pub(super) fn lies_in(folder: &str, clip: &str) -> Watched {
    let by = MethodCall::new(by_id(folder), "GetClipList", []);
    let clip = Value::object(Locator::MediaPoolItem(Key::Id(clip.to_owned())));
    let watch = Watch { by, part: Part::Has(clip) };
    Watched { watch, before: Some(true.into()), after: None }
}

/// Makes something while a folder of the media pool is shown; then the one is shown again that was.
///
/// # Errors
/// Those of the calls that show one.
pub(super) async fn in_folder<T>(
    session: &Session,
    folder: &Locator,
    made: impl Future<Output = T>,
) -> Result<T, CallError> {
    let shown = session.shown_folder().await?;
    if *folder == shown {
        return Ok(made.await);
    }
    let show =
        |folder: Locator| session.ask(Locator::MediaPool, "SetCurrentFolder", vec![Value::object(folder)]);
    show(folder.clone()).await?;
    let made = made.await;
    show(shown).await?;
    Ok(made)
}

/// In which folder each of these clips lies.
///
/// # Errors
/// Why that cannot be told, in words.
pub(super) async fn clips(
    session: &Session,
    folders: &Folders,
    wanted: &[String],
) -> Result<HashMap<String, String>, String> {
    /// Folders that are looked through in one hop: most clips are found in the first few.
    const AT_ONCE: usize = 8;
    let (mut found, mut seen) = (HashMap::new(), 0);
    for part in folders.0.chunks(AT_ONCE) {
        for (folder, ids) in clips_of(session, part).await? {
            seen += ids.len();
            let ids = ids.into_iter().filter(|id| wanted.contains(id));
            found.extend(ids.map(|id| (id, folder.id.clone())));
        }
        if seen > MOST_CLIPS {
            return Err(format!("it lies behind more than {MOST_CLIPS} clips, which are not looked through"));
        }
        if found.len() == wanted.len() {
            break;
        }
    }
    Ok(found)
}

/// The unique ids of the clips that lie in each of these folders.
///
/// # Errors
/// Why they cannot be told, in words.
pub(super) async fn clips_of<'f>(
    session: &Session,
    folders: impl IntoIterator<Item = &'f Folder>,
) -> Result<Vec<(&'f Folder, Vec<String>)>, String> {
    let failed = |error: CallError| format!("the clips of the media pool could not be read: {error}");
    let folders: Vec<&Folder> = folders.into_iter().collect();
    let lengths = folders.iter().map(|folder| folder.list("GetClipList").by).collect();
    let lengths = session.lengths(lengths).await.map_err(failed)?;
    if lengths.iter().sum::<usize>() > MOST_CLIPS {
        return Err(format!("there are more than {MOST_CLIPS} clips, which are not looked through"));
    }
    let listed =
        |(folder, length): (&&Folder, &usize)| Listed { part: 0..*length, ..folder.list("GetClipList") };
    let lists: Vec<Listed> = folders.iter().zip(&lengths).map(listed).collect();
    let columns = session.columns(&lists, "MediaPoolItem", &["GetUniqueId"]).await.map_err(failed)?;
    let ids = columns.into_iter().map(|columns| {
        let ids = columns.into_iter().next().flatten().unwrap_or_default();
        ids.iter().filter_map(Value::as_str).map(str::to_owned).collect()
    });
    Ok(folders.into_iter().zip(ids).collect())
}

/// The ids of the objects in the first argument.
pub(super) async fn ids(session: &Session, write: &MethodCall) -> Result<Vec<String>, String> {
    let given = write.args.first().ok_or("it names nothing")?;
    let given = given.as_list().unwrap_or(std::slice::from_ref(given));
    let mut ids = Vec::new();
    for object in given.iter().filter_map(Value::as_object) {
        let object = session.by_id(object).await.map_err(|error| error.to_string())?;
        let id = object.id().unwrap_or_default().to_owned();
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    if ids.is_empty() { Err("it names nothing".to_owned()) } else { Ok(ids) }
}

pub(super) fn by_id(id: &str) -> Locator {
    Locator::Folder(Key::Id(id.to_owned()))
}
