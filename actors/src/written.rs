//! How much of what a long call writes is on disk already: the only thing that shows how far it is.

use std::collections::HashSet;
use std::ffi::OsString;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::time::Duration;

use resolve_api::wire::MethodCall;
use resolve_api::{Locator, Value};

use crate::limits::WRITTEN_FILES;
use crate::session::Session;
use crate::ticket::Progress;

/// How often the files are measured: often enough for whoever watches, seldom enough to cost the disk nothing.
const EVERY: Duration = Duration::from_secs(1);

/// The method that packs a project with its media.
const ARCHIVE: &str = "ProjectManager.ArchiveProject";

/// What a call is about to write.
pub(crate) struct Written {
    path: PathBuf,
    /// Bytes that it will have at least, where that is known.
    pub(crate) total: Option<u64>,
    /// What lies in its folder before.
    before: HashSet<OsString>,
}

impl Session {
    /// Where a call writes that takes long, and how much it will be where that is known: of an archive of the open project
    /// with media that lie on this machine. What the media of another project are is not known before it is open.
    pub(crate) async fn will_write(&self, call: &MethodCall) -> Option<Written> {
        if call.label() != ARCHIVE {
            return None;
        }
        let text = |number: usize| call.args.get(number).and_then(Value::as_str);
        let (project, path) = (text(0)?, PathBuf::from(text(1)?));
        let with_media = call.args.get(2) != Some(&Value::Bool(false));
        let is_open = self.text(&Locator::Project, "GetName", []).await.is_ok_and(|open| open == project);
        let files = if with_media && is_open { self.media_files().await } else { None };
        tokio::task::spawn_blocking(move || Written::of(path, files.as_deref())).await.ok()?
    }

    /// The files of the clips of the open project. None where that cannot be told.
    async fn media_files(&self) -> Option<Vec<String>> {
        let root = self.object(&Locator::MediaPool, "GetRootFolder", []).await.ok()?;
        let clips = self.clips_below(&root).await.ok()??;
        let files = clips.iter().map(|clip| clip.attribute("File Path").to_owned());
        Some(files.filter(|file| !file.is_empty()).collect())
    }
}

impl Written {
    fn of(path: PathBuf, files: Option<&[String]>) -> Option<Self> {
        // The frames of a sequence are no file of the name that Resolve shows: then it is not known how much there is.
        let size = |file: &String| std::fs::metadata(file).ok().filter(std::fs::Metadata::is_file);
        let sizes = files.into_iter().flatten().map(|file| size(file).map(|file| file.len()));
        let total = sizes.sum::<Option<u64>>().filter(|total| *total > 0);
        let before = entries(path.parent()?).collect();
        Some(Self { path, total, before })
    }

    /// Waits for the end of a call, and tells meanwhile how much it has written.
    pub(crate) async fn followed<T>(self, session: &Session, made: impl Future<Output = T>) -> T {
        let mut made = std::pin::pin!(made);
        let of = std::sync::Arc::new(self);
        loop {
            tokio::select! {
                biased;
                answer = &mut made => return answer,
                () = tokio::time::sleep(EVERY) => {}
            }
            let measured = of.clone();
            let Ok(bytes) = tokio::task::spawn_blocking(move || measured.bytes()).await else { continue };
            session.has_written(bytes);
            if let Some(total) = of.total {
                // It has not ended while it has not answered.
                session.is_at(Progress { done: bytes.min(total - 1) as f64, total: total as f64 });
            }
        }
    }

    /// Bytes of what has come into the folder under its name, or under one that has it: what is unfinished may be called
    /// otherwise.
    fn bytes(&self) -> u64 {
        let (Some(folder), Some(stem)) = (self.path.parent(), self.path.file_stem()) else { return 0 };
        let stem = stem.to_string_lossy();
        let new = entries(folder)
            .filter(|name| !self.before.contains(name) && name.to_string_lossy().contains(stem.as_ref()));
        let mut left = WRITTEN_FILES;
        new.map(|name| size(&folder.join(name), &mut left)).sum()
    }
}

fn entries(folder: &Path) -> impl Iterator<Item = OsString> + use<> {
    std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.file_name())
}

/// Bytes of a file, or of all in a folder; of [`WRITTEN_FILES`] at most.
pub(crate) fn bytes_of(path: &Path) -> u64 {
    let mut left = WRITTEN_FILES;
    size(path, &mut left)
}

/// The same of no more files than are left.
fn size(path: &Path, left: &mut usize) -> u64 {
    let Ok(found) = std::fs::symlink_metadata(path) else { return 0 };
    if *left == 0 {
        return 0;
    }
    *left -= 1;
    match found.is_dir() {
        true => entries(path).map(|name| size(&path.join(name), left)).sum(),
        false => found.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counted is what has come since under the name of the archive, finished or not, and nothing else in its folder.
    #[test]
    fn what_has_come_since_is_counted() {
        let folder = tempfile::tempdir().expect("a folder");
        let put = |name: &str, bytes: usize| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("it has one")).expect("made");
            std::fs::write(&path, vec![0; bytes]).expect("written");
            path.to_string_lossy().into_owned()
        };
        let files = [put("a.mov", 700), put("b.mov", 300)];
        put("film-old.dra/project.drp", 50);
        let path = folder.path().join("film.dra");

        let written = Written::of(path.clone(), Some(&files)).expect("it has a folder");

        assert_eq!((Some(1000), 0), (written.total, written.bytes()));
        put(".film.dra.1-2.partial/media/0001/a.mov", 400);
        put("other.mov", 5000);
        assert_eq!(400, written.bytes());
        let sequence = ["/shots/a_[0001-0024].png".to_owned()];
        for unknown in [None, Some(&sequence[..]), Some(&[])] {
            assert_eq!(None, Written::of(path.clone(), unknown).expect("it has a folder").total);
        }
    }
}
