//! The operation that brings files into the media pool, and says of each what became of it.

use std::collections::HashSet;

use indexmap::IndexMap;
use resolve_api::catalogue::{Domain, Effect};
use resolve_api::kind::{Kind, Param, Presence};
use resolve_api::{Fault, Key, Locator, Value};

use crate::arguments::{Arguments, invalid, invalid_with};
use crate::clip::Clip;
use crate::dry_run;
use crate::error::CallError;
use crate::limits::{IMPORT_CHUNK, IMPORT_PATHS};
use crate::media_files::{self, Importable};
use crate::operation::{Answer, Args, Operation};
use crate::session::Session;
use crate::ticket::Progress;
use crate::verify::not_verified;

/// Imports files, folders and image sequences.
pub(crate) const IMPORT_MEDIA: Operation = Operation {
    name: "import_media",
    title: "Import media",
    domain: Domain::MediaPool,
    effect: Effect::Write,
    doc: "Imports media files, folders or image sequences (\"/shots/a_%04d.png\") into a folder (bin) of the media \
          pool. Answers the clips that were imported with their ids, frame counts, rates and start timecodes, and \
          which paths failed and why. Fails as a whole only if nothing could be imported.",
    params: || {
        vec![
            Param::required(
                "paths",
                Kind::list(Kind::Path(Presence::Any)),
                "absolute paths, at most 1000, such as [\"/media/a.mov\", \"/media/b.wav\"]",
            ),
            Param::optional(
                "folder",
                Kind::object("Folder"),
                "folder (bin) to import into: its id, path or name, such as \"/Master/Day 1\"; the current one when absent",
            ),
        ]
    },
    run: |session, args| Box::pin(import_media(session, args)),
};

struct Failure {
    path: String,
    reason: String,
}

async fn import_media(session: &Session, args: Args) -> Result<Answer, CallError> {
    let paths: Vec<String> = args.list("paths").iter().filter_map(Value::as_str).map(str::to_owned).collect();
    if paths.is_empty() || paths.len() > IMPORT_PATHS {
        let reason = format!("must be 1 to {IMPORT_PATHS} paths; got {}", paths.len());
        return Err(invalid_with("paths", reason, "import a folder at once, or in several calls"));
    }
    let requested = paths.len();
    let (usable, mut failed) = check(paths).await?;
    if usable.is_empty() {
        return Err(nothing_imported(&failed));
    }
    let shown = session.shown_folder().await?;
    let folder = match args.maybe_object("folder") {
        None | Some(Locator::Folder(Key::Current)) => shown.clone(),
        Some(folder) => session.by_id(folder).await?,
    };
    if session.is_dry_run() {
        let into = session.id_and_name(&folder).await?;
        let paths: Vec<Value> = usable.iter().map(|(path, _)| path.as_str().into()).collect();
        let plan = [
            ("folder", Value::Map(into)),
            ("count", Value::Int(paths.len() as i64)),
            ("paths", paths.into()),
            ("cannot", told(failed).into()),
        ];
        return Ok(dry_run::plan("import the paths into the folder", plan));
    }
    let (imported, left) = import_all(session, &folder, shown, &usable, &mut failed).await?;
    if imported.is_empty() {
        // Nothing was done before somebody wanted it to stop.
        let nothing = if left.is_empty() { nothing_imported(&failed) } else { CallError::Cancelled };
        return Err(nothing);
    }
    let there = session.objects(&folder, "GetClipList", []).await?;
    let there: HashSet<&str> = there.iter().filter_map(Locator::id).collect();
    // A folder that was imported may have made folders of its own below this one.
    let by_file = usable.iter().all(|(path, _)| !std::path::Path::new(path).is_dir());
    if let Some(clip) = imported.iter().find(|clip| by_file && !there.contains(clip.id())) {
        let what = format!("the clip '{}' in the folder", clip.name);
        return Err(not_verified("MediaPool.ImportMedia", &what, &clip.id().into(), &Value::Null));
    }
    let mut answer = IndexMap::from_iter([
        ("folder".to_owned(), Value::Map(session.id_and_name(&folder).await?)),
        ("requested".to_owned(), Value::Int(requested as i64)),
        ("imported".to_owned(), imported.iter().map(Clip::describe).collect::<Vec<_>>().into()),
        ("failed".to_owned(), told(failed).into()),
        ("verified".to_owned(), true.into()),
    ]);
    if !left.is_empty() {
        answer.insert("cancelled".to_owned(), true.into());
        let left: Vec<Value> = left.iter().map(|(path, _)| path.as_str().into()).collect();
        answer.insert("not_imported".to_owned(), left.into());
    }
    Ok(Value::Map(answer).into())
}

/// What could not be imported, as an answer shows it.
fn told(failed: Vec<Failure>) -> Vec<Value> {
    let told =
        |failure: Failure| Value::map([("path", failure.path.into()), ("reason", failure.reason.into())]);
    failed.into_iter().map(told).collect()
}

/// Looks at the files, away from the threads that run the actors.
async fn check(paths: Vec<String>) -> Result<(Vec<(String, Importable)>, Vec<Failure>), CallError> {
    let look = move || {
        let (mut usable, mut failed) = (Vec::new(), Vec::new());
        for path in paths {
            match media_files::check(&path) {
                Ok(importable) => usable.push((path, importable)),
                Err(reason) => failed.push(Failure { path, reason }),
            }
        }
        (usable, failed)
    };
    tokio::task::spawn_blocking(look)
        .await
        .map_err(|error| CallError::Internal { method: "import_media".to_owned(), reason: error.to_string() })
}

/// Imports chunk by chunk, and gives what is left where somebody wants it to stop in between. Others get their turn
/// between two chunks; the folder that is shown then comes back after each, whatever happens in it. `shown` is the one
/// before the first.
async fn import_all<'p>(
    session: &Session,
    folder: &Locator,
    mut shown: Locator,
    usable: &'p [(String, Importable)],
    failed: &mut Vec<Failure>,
) -> Result<(Vec<Clip>, &'p [(String, Importable)]), CallError> {
    let mut imported = Vec::new();
    let progress = |done: usize| Progress { done: done as f64, total: usable.len() as f64 };
    session.is_at(progress(0));
    for (number, chunk) in usable.chunks(IMPORT_CHUNK).enumerate() {
        let done = number * IMPORT_CHUNK;
        if session.is_asked_to_stop() {
            return Ok((imported, &usable[done..]));
        }
        if number > 0 {
            shown = session.shown_folder().await?;
        }
        if *folder != shown {
            session.show_folder(folder).await?;
        }
        let of_chunk = import_chunk(session, chunk, failed).await;
        if *folder != shown {
            session.show_folder(&shown).await?;
        }
        imported.extend(of_chunk?);
        session.is_at(progress(done + chunk.len()));
        session.release().await;
    }
    Ok((imported, &[]))
}

/// Imports path by path: one call for all would skip what it cannot read without saying which.
async fn import_chunk(
    session: &Session,
    chunk: &[(String, Importable)],
    failed: &mut Vec<Failure>,
) -> Result<Vec<Clip>, CallError> {
    let mut imported = Vec::new();
    for (path, importable) in chunk {
        let media_pool = Locator::MediaPool;
        match session.objects(&media_pool, "ImportMedia", [importable.argument()]).await {
            Ok(clips) if clips.is_empty() => {
                failed.push(Failure { path: path.clone(), reason: UNREADABLE.to_owned() });
            }
            Ok(clips) => {
                for clip in clips {
                    imported.push(session.clip(&clip).await?);
                }
            }
            Err(CallError::Fault(Fault::Refused { reason, .. })) => {
                let reason = reason.unwrap_or_else(|| UNREADABLE.to_owned());
                failed.push(Failure { path: path.clone(), reason });
            }
            Err(error) => return Err(error),
        }
    }
    Ok(imported)
}

/// Resolve skips such files without a word.
const UNREADABLE: &str = "it was skipped: it is no media file that can be read, or is damaged";

fn nothing_imported(failed: &[Failure]) -> CallError {
    match failed {
        [one] => invalid("paths[0]", format!("{:?} cannot be imported: {}", one.path, one.reason)),
        several => {
            let reasons = several.iter().map(|one| format!("{:?}: {}", one.path, one.reason));
            let reasons: Vec<String> = reasons.take(crate::limits::CANDIDATES).collect();
            let reason =
                format!("none of the {} paths can be imported: {}", several.len(), reasons.join("; "));
            invalid("paths", reason)
        }
    }
}

impl Session {
    /// The folder of the media pool that is the current one.
    pub(crate) async fn shown_folder(&self) -> Result<Locator, CallError> {
        let shown = self.object(&Locator::MediaPool, "GetCurrentFolder", []).await?;
        self.by_id(&shown).await
    }

    /// Makes a folder of the media pool the current one, and sees that it is.
    pub(crate) async fn show_folder(&self, folder: &Locator) -> Result<(), CallError> {
        self.call(Locator::MediaPool, "SetCurrentFolder", [Value::object(folder.clone())]).await?;
        let current = self.shown_folder().await?;
        if current != *folder {
            let (requested, observed) = (folder.id().unwrap_or_default(), current.id().unwrap_or_default());
            return Err(not_verified(
                "MediaPool.SetCurrentFolder",
                "the current folder",
                &requested.into(),
                &observed.into(),
            ));
        }
        Ok(())
    }
}
