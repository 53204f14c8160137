//! Paths that a call reads, or writes into, as its row says: looked for before the call, since Resolve answers False
//! without a word to one that leads nowhere. The guards come first: each knows more of its own call.

use std::path::{Path, PathBuf};
use std::time::Duration;

use resolve_api::Value;
use resolve_api::catalogue::catalogue;
use resolve_api::kind::{Kind, Presence};
use resolve_api::nearest::nearest_names;
use resolve_api::wire::MethodCall;

use super::wrong;
use crate::error::CallError;

/// Paths of one call that are looked for; the rest is left to Resolve.
const MOST: usize = 100;

/// A disk that does not answer within this time is left to Resolve.
const PATIENCE: Duration = Duration::from_secs(2);

/// How many like names are offered.
const OFFERED: usize = 3;

/// Refuses a path that leads nowhere, with the names that are like it.
///
/// # Errors
/// [`CallError::InvalidArgument`] at the argument.
pub(super) async fn required(call: &MethodCall) -> Result<(), CallError> {
    let Some(row) = catalogue().method_by_label(&call.label()) else { return Ok(()) };
    for (place, (param, given)) in row.params.iter().zip(&call.args).enumerate() {
        let Some(wanted) = wanted(&param.kind) else { continue };
        let many = given.as_list();
        for (index, path) in many.unwrap_or(std::slice::from_ref(given)).iter().take(MOST).enumerate() {
            let path = path.as_str().map(PathBuf::from).filter(|path| path.is_absolute());
            let Some(path) = path else { continue };
            let Some(missing) = look(path, wanted).await else { continue };
            let at =
                if many.is_some() { format!("args[{place}][{index}]") } else { format!("args[{place}]") };
            return Err(wrong(at, missing.reason, missing.hint, missing.like));
        }
    }
    Ok(())
}

/// What must be where a path of this kind leads; none where nothing is asked of it.
fn wanted(kind: &Kind) -> Option<Presence> {
    match kind {
        Kind::Path(Presence::Any) => None,
        Kind::Path(presence) => Some(*presence),
        Kind::List(kind) | Kind::Optional(kind) => wanted(kind),
        Kind::OneOf(kinds) => kinds.iter().find_map(wanted),
        _ => None,
    }
}

/// What is not there.
struct Missing {
    reason: String,
    hint: &'static str,
    like: Vec<Value>,
}

/// Looks without holding up who else is served by this thread. `None` when it is there, or cannot be told.
async fn look(path: PathBuf, wanted: Presence) -> Option<Missing> {
    let looked = tokio::task::spawn_blocking(move || missing(&path, wanted));
    tokio::time::timeout(PATIENCE, looked).await.ok()?.ok()?
}

fn missing(path: &Path, wanted: Presence) -> Option<Missing> {
    let shown = path.display();
    let sought = if wanted == Presence::FolderAbove { path.parent()? } else { path };
    let is_folder = match std::fs::metadata(sought) {
        Ok(found) => found.is_dir(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            // A label of a sequence, `a_[0001-0024].png` or `a_%04d.png`, is the name of no file.
            let name = sought.file_name()?.to_string_lossy();
            if wanted == Presence::Something && (name.contains('%') || name.contains('[')) {
                return None;
            }
            let reason = match wanted {
                Presence::Something | Presence::Any => format!("there is nothing at '{shown}'"),
                Presence::Folder => format!("there is no folder '{shown}'"),
                Presence::FolderAbove => {
                    format!("there is no folder '{}' to write '{shown}' into", sought.display())
                }
            };
            let hint = if wanted == Presence::FolderAbove { "create the folder first" } else { "" };
            return Some(Missing { reason, hint, like: like(sought) });
        }
        Err(_) => return None,
    };
    let reason = format!("'{}' is a file, and a folder is wanted", sought.display());
    (!is_folder && wanted != Presence::Something).then_some(Missing { reason, hint: "", like: vec![] })
}

/// Paths beside a missing one whose names are like its own.
fn like(path: &Path) -> Vec<Value> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return vec![] };
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let names: Vec<String> =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).take(10_000).collect();
    let near = nearest_names(&name.to_string_lossy(), names.iter().map(String::as_str), OFFERED);
    near.into_iter().map(|name| folder.join(name).to_string_lossy().into_owned().into()).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use resolve_api::{Key, Locator};

    use super::super::script::Script;
    use super::*;

    fn text(path: &Path) -> Value {
        path.to_string_lossy().into_owned().into()
    }

    /// Runs a call that Resolve would answer with True, and gives what is wrong with it, with what is offered instead.
    async fn wrong_with(on: Locator, method: &str, args: Vec<Value>) -> Option<(String, String, Vec<Value>)> {
        let script = Script::newest().answers(&format!("{}.{method}", on.class()), true);
        match script.guarded(MethodCall::new(on, method, args)).await {
            Err(CallError::InvalidArgument { path, reason, candidates, .. }) => {
                Some((path, reason, candidates))
            }
            _ => None,
        }
    }

    /// Resolve would say False and no more; the file that was meant is beside it.
    #[tokio::test]
    async fn a_file_that_is_not_there_is_named_with_those_like_it() {
        let here = tempfile::tempdir().unwrap();
        fs::write(here.path().join("Project_A.drp"), "x").unwrap();
        fs::write(here.path().join("notes.txt"), "x").unwrap();
        let path = here.path().join("Project A.drp");

        let found = wrong_with(Locator::ProjectManager, "ImportProject", vec![text(&path)]).await;

        let reason = format!("there is nothing at '{}'", path.display());
        assert_eq!(
            Some(("args.filePath".into(), reason, vec![text(&here.path().join("Project_A.drp"))])),
            found
        );
        let there = vec![text(&here.path().join("Project_A.drp"))];
        assert_eq!(None, wrong_with(Locator::ProjectManager, "ImportProject", there).await);
    }

    /// Of several paths the one that is missing is named.
    #[tokio::test]
    async fn one_of_several_is_named() {
        let here = tempfile::tempdir().unwrap();
        fs::write(here.path().join("a.png"), "x").unwrap();
        let paths = ["a.png", "zzz.png"].map(|name| text(&here.path().join(name)));
        let album = Locator::GalleryStillAlbum(Key::Current);

        let found = wrong_with(album, "ImportStills", vec![Value::List(paths.to_vec())]).await.unwrap();

        assert_eq!("args.filePaths[1]", found.0);
    }

    /// A file is not written into a folder that nobody made, and a folder is no file.
    #[tokio::test]
    async fn folders_are_looked_for_too() {
        let here = tempfile::tempdir().unwrap();
        let file = here.path().join("a.txt");
        fs::write(&file, "x").unwrap();
        let timeline = || Locator::Timeline(Key::Current);
        let export =
            |path: &Path| vec![text(path), Value::constant("EXPORT_EDL"), Value::constant("EXPORT_NONE")];

        let nowhere = here.path().join("new").join("cut.edl");
        let found = wrong_with(timeline(), "Export", export(&nowhere)).await.unwrap();
        assert!(found.1.starts_with("there is no folder '"), "{}", found.1);
        let found = wrong_with(timeline(), "Export", export(&file.join("cut.edl"))).await.unwrap();
        assert_eq!(format!("'{}' is a file, and a folder is wanted", file.display()), found.1);
        let clips = Value::List(vec![Value::object(Locator::MediaPoolItem(Key::Id("a".into())))]);
        let found = wrong_with(Locator::MediaPool, "RelinkClips", vec![clips, text(&file)]).await.unwrap();
        assert_eq!(format!("'{}' is a file, and a folder is wanted", file.display()), found.1);
    }

    /// The label of a sequence is the name of no file, and still means one.
    #[tokio::test]
    async fn a_label_of_a_sequence_passes() {
        let clip = || Locator::MediaPoolItem(Key::Id("a".into()));
        for label in ["/nowhere/a_[0001-0024].png", "/nowhere/a_%04d.png"] {
            assert_eq!(None, wrong_with(clip(), "ReplaceClip", vec![label.into()]).await);
        }
    }
}
