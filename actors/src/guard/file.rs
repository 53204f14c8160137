//! Files that a call writes: looked at on the disk, since Resolve answers True for some that are not there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use resolve_api::Value;
use resolve_api::catalogue::Method;
use resolve_api::wire::MethodCall;

use super::{Guarded, Next, Outcome, bare_refusal, not_verified, refused, wrong};
use crate::error::CallError;

/// Calls that write one file, and which argument names it.
const WRITERS: [(&str, usize); 15] = [
    ("Resolve.ExportLayoutPreset", 1),
    ("Resolve.ExportRenderPreset", 1),
    ("Resolve.ExportBurnInPreset", 1),
    ("Resolve.ExportUserPreferencesPreset", 1),
    ("Resolve.ExportKeyboardPreset", 1),
    ("ProjectManager.ArchiveProject", 1),
    ("ProjectManager.ExportProject", 1),
    ("Project.ExportCurrentFrameAsStill", 0),
    ("Project.ExportProjectSettingsPreset", 1),
    ("MediaPool.ExportMetadata", 0),
    ("Folder.Export", 0),
    ("Timeline.Export", 0),
    ("TimelineItem.ExportFusionComp", 0),
    ("TimelineItem.ExportLUT", 1),
    ("FusionComp.Save", 0),
];

/// How often a file that is not there yet is looked for, and the pause in between: 1 s in all. Resolve writes before
/// it answers; a network disk may show it a moment later.
const LOOKS: u32 = 10;
const PAUSE: Duration = Duration::from_millis(100);

/// How many new files a remark names.
const NAMED: usize = 10;

pub(super) fn writes(row: &Method) -> bool {
    let label = row.label();
    label == "Resolve.EncryptDCTL" || WRITERS.iter().any(|(writer, _)| *writer == label)
}

/// Looks for the file after the call.
pub(super) fn written(next: Next<'_>, call: MethodCall) -> Guarded<'_> {
    Box::pin(async move {
        let outcome = next.proceed(call.clone()).await?;
        let Some(path) = target(&call) else { return Ok(outcome) };
        if !path.is_absolute() {
            return Ok(outcome);
        }
        for look in 0..=LOOKS {
            if let Some(found) = find(&path).await {
                let moved = found.path != path;
                let outcome = outcome.seen(format!("the file has {} bytes", found.bytes));
                return Ok(if moved {
                    outcome.remark(format!("the file is {}", found.path.display()))
                } else {
                    outcome
                });
            }
            if look < LOOKS {
                tokio::time::sleep(PAUSE).await;
            }
        }
        Err(not_verified(&call, "the file", path.display().to_string(), "not there, or empty"))
    })
}

/// The file, or the folder of it, that a call names.
fn target(call: &MethodCall) -> Option<PathBuf> {
    let label = call.label();
    if label == "Resolve.EncryptDCTL" {
        return Some(PathBuf::from(call.args.get(1)?.get("OutputFolder")?.as_str()?));
    }
    let (_, place) = WRITERS.iter().find(|(writer, _)| *writer == label)?;
    Some(PathBuf::from(call.args.get(*place)?.as_str()?))
}

struct Found {
    path: PathBuf,
    bytes: u64,
}

/// The file at a path that is not empty; in a folder of that name (FCPXML and preset exports make one) the first
/// such file; else one with an extension more.
async fn find(path: &Path) -> Option<Found> {
    let path = path.to_owned();
    // A disk may be slow, and this thread serves others.
    tokio::task::spawn_blocking(move || {
        let filled = |path: PathBuf| {
            let bytes = std::fs::metadata(&path).ok().filter(|file| file.is_file()).map(|file| file.len())?;
            (bytes > 0).then_some(Found { path, bytes })
        };
        let listed = |folder: &Path| {
            let mut paths: Vec<_> =
                std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
            paths.sort();
            paths
        };
        if path.is_dir() {
            return listed(&path).into_iter().find_map(filled);
        }
        let longer = |other: &PathBuf| {
            let name =
                path.file_name().map(|name| format!("{}.", name.to_string_lossy())).unwrap_or_default();
            other.file_name().is_some_and(|other| other.to_string_lossy().starts_with(&name))
        };
        filled(path.clone()).or_else(|| listed(path.parent()?).into_iter().filter(longer).find_map(filled))
    })
    .await
    .ok()?
}

/// Looks which files an export of stills made, and says what it needs where it made none.
pub(super) fn stills(next: Next<'_>, call: MethodCall) -> Guarded<'_> {
    Box::pin(async move {
        let folder =
            call.args.get(1).and_then(Value::as_str).map(PathBuf::from).filter(|folder| folder.is_absolute());
        let before = contents(folder.as_deref()).await;
        let outcome = next.proceed(call.clone()).await;
        if bare_refusal(&outcome) {
            let reason = "stills are exported only while the Gallery panel of the Color page is open in the window; ask the \
                          person to open it, or use Project.ExportCurrentFrameAsStill";
            return Err(refused(&call, reason));
        }
        let outcome = outcome?;
        let Some(folder) = folder else { return Ok(outcome) };
        let after = contents(Some(&folder)).await;
        let new: Vec<_> = after
            .iter()
            .filter(|(name, at)| before.get(*name) != Some(*at))
            .map(|(name, _)| name.as_str())
            .collect();
        made(&call, outcome, &new)
    })
}

fn made(call: &MethodCall, outcome: Outcome, new: &[&str]) -> Result<Outcome, CallError> {
    if new.is_empty() {
        return Err(not_verified(call, "the files in the folder", "new ones", "the same as before"));
    }
    let named = new[..new.len().min(NAMED)].join(", ");
    Ok(outcome.seen(format!("{} files were written", new.len())).remark(format!("written: {named}")))
}

/// The files of a folder with the time of their last change.
async fn contents(folder: Option<&Path>) -> BTreeMap<String, Option<SystemTime>> {
    let Some(folder) = folder.map(Path::to_owned) else { return BTreeMap::new() };
    let read = tokio::task::spawn_blocking(move || {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let entry = |entry: std::fs::DirEntry| {
            let changed = entry.metadata().and_then(|data| data.modified()).ok();
            (entry.file_name().to_string_lossy().into_owned(), changed)
        };
        entries.map(entry).collect()
    });
    read.await.unwrap_or_default()
}

/// Refuses the kind of file that this call does not write.
pub(super) fn frame(next: Next<'_>, call: MethodCall) -> Guarded<'_> {
    Box::pin(async move {
        let file = call.args.first().and_then(Value::as_str).unwrap_or_default();
        if file.to_lowercase().ends_with(".drx") {
            let hint = "grab a still with Timeline.GrabStill and export that for a grade";
            return Err(wrong(
                "args[0]",
                "this writes a picture, and answers False for a .drx",
                hint,
                vec![],
            ));
        }
        next.proceed(call).await
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use resolve_api::{Key, Locator};

    use super::super::Proof;
    use super::super::script::{Script, reason_of};
    use super::*;

    fn export(path: &Path) -> MethodCall {
        let args = vec![
            path.to_string_lossy().into_owned().into(),
            Value::constant("EXPORT_FCPXML_1_10"),
            Value::constant("EXPORT_NONE"),
        ];
        MethodCall::new(Locator::Timeline(Key::Current), "Export", args)
    }

    /// A Resolve that answers True to an export after doing this to the path.
    fn exporting(act: impl Fn(&Path) + Send + 'static) -> Script {
        Script::newest().on("Timeline.Export", move |args| {
            act(Path::new(args[0].as_str().unwrap()));
            Ok(true.into())
        })
    }

    /// `io.formats-write`, `pm.export-drp`, `proj.frame-still`, `app.dctl-encrypt`: True, and the file is looked at.
    #[tokio::test(start_paused = true)]
    async fn a_file_that_is_not_there_is_no_success() {
        let here = tempfile::tempdir().unwrap();
        let path = here.path().join("cut.edl");

        assert!(matches!(exporting(|_| {}).guarded(export(&path)).await, Err(CallError::NotVerified { .. })));
        assert!(matches!(
            exporting(|path| fs::write(path, "").unwrap()).guarded(export(&path)).await,
            Err(CallError::NotVerified { .. })
        ));

        let outcome =
            exporting(|path| fs::write(path, "TITLE").unwrap()).guarded(export(&path)).await.unwrap();
        assert_eq!(Proof::Seen { how: "the file has 5 bytes".into() }, outcome.proof);
        assert!(outcome.remarks.is_empty());
    }

    /// `io.fcpxml-bundle-21`, `io.fcpxml-folder`, `app.render-preset-folder`: a folder of that name, and the file in it.
    #[tokio::test]
    async fn the_file_in_a_folder_of_that_name_is_named() {
        let here = tempfile::tempdir().unwrap();
        let path = here.path().join("cut.fcpxmld");
        let bundle = |path: &Path| {
            fs::create_dir(path).unwrap();
            fs::write(path.join("Info.fcpxml"), "<fcpxml/>").unwrap();
        };

        let outcome = exporting(bundle).guarded(export(&path)).await.unwrap();

        assert_eq!(vec![format!("the file is {}", path.join("Info.fcpxml").display())], outcome.remarks);
    }

    /// An extension that Resolve appends is no missing file.
    #[tokio::test]
    async fn an_appended_extension_is_found() {
        let here = tempfile::tempdir().unwrap();
        let path = here.path().join("cut");
        let outcome = exporting(|path| fs::write(path.with_extension("edl"), "TITLE").unwrap())
            .guarded(export(&path))
            .await
            .unwrap();
        assert!(outcome.remarks[0].ends_with("cut.edl"), "{:?}", outcome.remarks);
    }

    fn export_stills(folder: &Path) -> MethodCall {
        let still = Value::object(Locator::Held { class: "GalleryStill".into(), token: "held-1-1".into() });
        let folder = folder.to_string_lossy().into_owned().into();
        let args = vec![Value::List(vec![still]), folder, "s".into(), "png".into()];
        MethodCall::new(Locator::GalleryStillAlbum(Key::Current), "ExportStills", args)
    }

    /// `gallery.export-drx`, `gallery.export-panel`: a picture and a .drx for each still, or False without a word.
    #[tokio::test]
    async fn exported_stills_are_looked_for() {
        let here = tempfile::tempdir().unwrap();
        fs::write(here.path().join("old.png"), "x").unwrap();
        let color = || Script::newest().answers("Resolve.GetCurrentPage", "color");

        let closed = color().refuses("GalleryStillAlbum.ExportStills");
        assert!(reason_of(closed.guarded(export_stills(here.path())).await).contains("Gallery panel"));

        let lying = color().answers("GalleryStillAlbum.ExportStills", true);
        assert!(matches!(
            lying.guarded(export_stills(here.path())).await,
            Err(CallError::NotVerified { .. })
        ));

        let working = color().on("GalleryStillAlbum.ExportStills", |args| {
            let folder = Path::new(args[1].as_str().unwrap());
            fs::write(folder.join("s_1.png"), "x").unwrap();
            fs::write(folder.join("s_1.drx"), "x").unwrap();
            Ok(true.into())
        });
        let outcome = working.guarded(export_stills(here.path())).await.unwrap();
        assert_eq!(vec!["written: s_1.drx, s_1.png"], outcome.remarks);
    }

    /// `proj.frame-still-drx`: False, since this call writes pictures.
    #[tokio::test]
    async fn a_grade_is_not_asked_of_a_frame() {
        let call = MethodCall::new(Locator::Project, "ExportCurrentFrameAsStill", ["/a/f.DRX".into()]);
        assert!(reason_of(Script::newest().guarded(call).await).contains("a .drx"));
    }
}
