//! Paths that a call reads, or writes into: looked for before the call, since Resolve answers False without a word to
//! one that leads nowhere. The guards come first: each knows more of its own call.

use std::path::{Path, PathBuf};
use std::time::Duration;

use resolve_api::Value;
use resolve_api::nearest::nearest_names;
use resolve_api::wire::MethodCall;

use super::wrong;
use crate::error::CallError;

/// What must be there.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Wanted {
    /// A file, or a folder that stands for one.
    Path,
    /// A folder.
    Folder,
    /// The folder of a file that is written.
    Above,
}

/// Calls, which argument names the path or paths, and what must be there. Imports of media have a check of their own:
/// they take what they can of several.
const PATHS: [(&str, usize, Wanted); 36] = [
    ("Resolve.ImportLayoutPreset", 0, Wanted::Path),
    ("Resolve.ImportRenderPreset", 0, Wanted::Path),
    ("Resolve.ImportBurnInPreset", 0, Wanted::Path),
    ("Resolve.ImportUserPreferencesPreset", 0, Wanted::Path),
    ("Resolve.ImportKeyboardPreset", 0, Wanted::Path),
    ("Resolve.EncryptDCTL", 0, Wanted::Path),
    ("ProjectManager.ImportProject", 0, Wanted::Path),
    ("ProjectManager.RestoreProject", 0, Wanted::Path),
    ("Project.ImportProjectSettingsPreset", 0, Wanted::Path),
    ("Project.InsertAudioToCurrentTrackAtPlayhead", 0, Wanted::Path),
    ("MediaStorage.StartCloneMedia", 0, Wanted::Folder),
    ("MediaStorage.GetFileList", 0, Wanted::Folder),
    ("MediaStorage.GetSubFolderList", 0, Wanted::Folder),
    ("MediaStorage.AddClipMattesToMediaPool", 1, Wanted::Path),
    ("MediaStorage.AddTimelineMattesToMediaPool", 0, Wanted::Path),
    ("MediaPool.ImportTimelineFromFile", 0, Wanted::Path),
    ("MediaPool.ImportFolderFromFile", 0, Wanted::Path),
    ("MediaPool.RelinkClips", 1, Wanted::Folder),
    ("MediaPoolItem.ReplaceClip", 0, Wanted::Path),
    ("MediaPoolItem.ReplaceClipPreserveSubClip", 0, Wanted::Path),
    ("MediaPoolItem.LinkProxyMedia", 0, Wanted::Path),
    ("MediaPoolItem.LinkFullResolutionMedia", 0, Wanted::Path),
    ("Timeline.ImportIntoTimeline", 0, Wanted::Path),
    ("TimelineItem.ImportFusionComp", 0, Wanted::Path),
    ("Graph.ApplyGradeFromDRX", 0, Wanted::Path),
    ("GalleryStillAlbum.ImportStills", 0, Wanted::Path),
    ("GalleryStillAlbum.ExportStills", 1, Wanted::Folder),
    ("ProjectManager.ExportProject", 1, Wanted::Above),
    ("ProjectManager.ArchiveProject", 1, Wanted::Above),
    ("Project.ExportCurrentFrameAsStill", 0, Wanted::Above),
    ("MediaPool.ExportMetadata", 0, Wanted::Above),
    ("Folder.Export", 0, Wanted::Above),
    ("Timeline.Export", 0, Wanted::Above),
    ("TimelineItem.ExportFusionComp", 0, Wanted::Above),
    ("TimelineItem.ExportLUT", 1, Wanted::Above),
    ("Resolve.ExportRenderPreset", 1, Wanted::Above),
];

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
    let label = call.label();
    let Some((_, place, wanted)) = PATHS.iter().find(|(reader, ..)| *reader == label) else { return Ok(()) };
    let Some(given) = call.args.get(*place) else { return Ok(()) };
    let many = given.as_list();
    let paths = many.unwrap_or(std::slice::from_ref(given));
    for (index, path) in paths.iter().take(MOST).enumerate() {
        let Some(path) = path.as_str().map(PathBuf::from).filter(|path| path.is_absolute()) else { continue };
        let Some(missing) = look(path, *wanted).await else { continue };
        let at = if many.is_some() { format!("args[{place}][{index}]") } else { format!("args[{place}]") };
        return Err(wrong(at, missing.reason, missing.hint, missing.like));
    }
    Ok(())
}

/// What is not there.
struct Missing {
    reason: String,
    hint: &'static str,
    like: Vec<Value>,
}

/// Looks without holding up who else is served by this thread. `None` when it is there, or cannot be told.
async fn look(path: PathBuf, wanted: Wanted) -> Option<Missing> {
    let looked = tokio::task::spawn_blocking(move || missing(&path, wanted));
    tokio::time::timeout(PATIENCE, looked).await.ok()?.ok()?
}

fn missing(path: &Path, wanted: Wanted) -> Option<Missing> {
    let shown = path.display();
    let sought = if wanted == Wanted::Above { path.parent()? } else { path };
    let is_folder = match std::fs::metadata(sought) {
        Ok(found) => found.is_dir(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            // A label of a sequence, `a_[0001-0024].png` or `a_%04d.png`, is the name of no file.
            let name = sought.file_name()?.to_string_lossy();
            if wanted == Wanted::Path && (name.contains('%') || name.contains('[')) {
                return None;
            }
            let reason = match wanted {
                Wanted::Path => format!("there is nothing at '{shown}'"),
                Wanted::Folder => format!("there is no folder '{shown}'"),
                Wanted::Above => format!("there is no folder '{}' to write '{shown}' into", sought.display()),
            };
            let hint = if wanted == Wanted::Above { "create the folder first" } else { "" };
            return Some(Missing { reason, hint, like: like(sought) });
        }
        Err(_) => return None,
    };
    let reason = format!("'{}' is a file, and a folder is wanted", sought.display());
    (!is_folder && wanted != Wanted::Path).then_some(Missing { reason, hint: "", like: vec![] })
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

    use resolve_api::catalogue::catalogue;
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
        assert_eq!(Some(("args[0]".into(), reason, vec![text(&here.path().join("Project_A.drp"))])), found);
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

        assert_eq!("args[0][1]", found.0);
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

    /// Each row there is has a path where the table says.
    #[test]
    fn the_table_is_about_rows() {
        for (label, place, _) in PATHS {
            let row = catalogue().methods().find(|row| row.label() == label);
            let row = row.unwrap_or_else(|| panic!("there is no {label}"));
            assert!(row.params.len() > place, "{label}");
            assert!(
                row.params[place].name.to_lowercase().contains("path")
                    || row.params[place].name.contains("fileName")
                    || row.params[place].name.contains("sourceDir"),
                "{label}: {}",
                row.params[place].name
            );
        }
    }
}
