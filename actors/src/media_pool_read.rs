//! The operation that reads a folder of the media pool.

use indexmap::IndexMap;
use resolve_api::catalogue::{Domain, Effect};
use resolve_api::kind::{Kind, Param};
use resolve_api::wire::MethodCall;
use resolve_api::{Key, Locator, Value};

use crate::arguments::Arguments;
use crate::clip::Clip;
use crate::cursor::{self, Part};
use crate::error::CallError;
use crate::limits::BESIDE;
use crate::listing::Listed;
use crate::operation::{Answer, Args, Operation};
use crate::revision::Seen;
use crate::session::Session;

/// Reads a folder of the media pool.
pub(crate) const MEDIA_POOL_READ: Operation = Operation {
    name: "media_pool_read",
    title: "Read media pool",
    domain: Domain::MediaPool,
    effect: Effect::Read,
    doc: "Lists a folder (bin) of the media pool: its subfolders and its clips with id, name, type, file path, \
          frame rate, length in source frames, start timecode, resolution and codecs. Timelines are listed as clips \
          of the type Timeline.",
    params: || {
        let folder = Param::optional(
            "folder",
            Kind::object("Folder"),
            "folder (bin): its id, name or path, such as \"/Master/Day 1\"; the top folder when absent",
        );
        [folder].into_iter().chain(cursor::params()).collect()
    },
    run: |session, args| Box::pin(media_pool_read(session, args)),
};

async fn media_pool_read(session: &Session, args: Args) -> Result<Answer, CallError> {
    let part = Part::of(&args)?;
    let (folder, path) = match args.maybe_object("folder") {
        Some(folder @ Locator::Folder(Key::Path(path))) => (session.by_id(folder).await?, Some(path.clone())),
        Some(folder) => (session.by_id(folder).await?, None),
        None => {
            let root = session.object(&Locator::MediaPool, "GetRootFolder", []).await?;
            (session.by_id(&root).await?, Some("/Master".to_owned()))
        }
    };
    let mut about = session.id_and_name(&folder).await?;
    if let Some(path) = &path {
        about.insert("path".to_owned(), path.as_str().into());
    }
    let below = session.objects(&folder, "GetSubFolderList", []).await?;
    let mut folders = Vec::new();
    for folder in below.iter().take(BESIDE) {
        let mut entry = session.id_and_name(folder).await?;
        if let (Some(path), Some(name)) = (&path, entry.get("name").and_then(Value::as_str)) {
            let path = format!("{path}/{name}");
            entry.insert("path".to_owned(), path.into());
        }
        folders.push(Value::Map(entry));
    }
    let list = MethodCall::new(folder, "GetClipList", []);
    let total = session.lengths(vec![list.clone()]).await?[0];
    let clips = session.clips(Listed { by: list, part: part.range(total) }).await?;
    let mut seen = Seen::folder(&about, &folders, below.len(), total);
    if part.range(total) == (0..total) {
        seen = seen.with_clips(clips.iter().map(|clip| (clip.id(), clip.name.as_str())));
    }
    let clips: Vec<Value> = clips.iter().map(Clip::describe).collect();
    Ok(Value::Map(IndexMap::from_iter([
        ("folder".to_owned(), Value::Map(about)),
        ("folders".to_owned(), folders.into()),
        ("folders_total".to_owned(), Value::Int(below.len() as i64)),
        ("clips".to_owned(), clips.into()),
        ("total".to_owned(), Value::Int(total as i64)),
        ("next_cursor".to_owned(), part.next(total)),
        ("revision".to_owned(), session.revision_of(seen)),
    ]))
    .into())
}
