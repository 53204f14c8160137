//! Files that an undo needs, in the folder of this server's own state: the oldest go where they become too many or too large.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use resolve_api::Fault;

use super::Recorder;
use crate::error::CallError;
use crate::written::bytes_of;

/// Bytes of all of them: a few hundred pictures of stills, which is more than somebody deletes by mistake in a day.
const MOST_BYTES: u64 = 512 << 20;

/// Changes that have such files: an undo reaches back through 50 in one call, and four times that is a long session.
const MOST_KEPT: usize = 200;

/// The folder of all, beside a journal.
pub(crate) fn beside(journal: &Path) -> Option<PathBuf> {
    Some(journal.parent()?.join("kept"))
}

/// A new folder for the files of one change, for this user alone: they hold what projects hold.
///
/// # Errors
/// Why it cannot be made, in words.
pub(super) fn fresh(all: &Path, what: &str) -> Result<PathBuf, String> {
    // Named by its age, so that the oldest comes first.
    let age = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    let folder = all.join(format!("{age:020}-{}-{what}", std::process::id()));
    let mut maker = fs::DirBuilder::new();
    maker.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut maker, 0o700);
    let made = maker.create(&folder);
    made.map_err(|error| format!("the folder {} cannot be made ({error})", folder.display()))?;
    Ok(folder)
}

/// Whether a name can be that of a file which is kept.
pub(super) fn is_file_name(name: &str) -> bool {
    !name.contains(['/', '\\', '\0']) && !name.starts_with('.')
}

impl Recorder {
    /// The folder of all.
    ///
    /// # Errors
    /// That there is none, in words.
    pub(super) fn folder_of_files(&self) -> Result<&Path, String> {
        self.files.as_deref().ok_or_else(|| "nothing is kept of what an undo is put back with".to_owned())
    }
}

/// A folder for the files of one look, which goes with it; `what` is made in it for a call of this method.
///
/// # Errors
/// [`Fault::Refused`] where it cannot be made.
pub(super) fn passing(method: &str, what: &str) -> Result<tempfile::TempDir, CallError> {
    tempfile::tempdir().map_err(|error| {
        let reason = Some(format!("no {what} can be made ({error})"));
        Fault::Refused { method: method.to_owned(), reason }.into()
    })
}

/// Why something is not put back whose files are not there any more.
pub(super) fn gone() -> String {
    format!(
        "the file with what was there before is gone: those of the {MOST_KEPT} latest changes are kept, {} MB",
        MOST_BYTES >> 20
    )
}

/// Removes the oldest until the others, of which the newest is always one, are within the bounds.
pub(super) fn tidy(all: &Path) {
    let Ok(entries) = fs::read_dir(all) else { return };
    let mut folders: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    folders.sort();
    let mut bytes = 0;
    for (number, folder) in folders.iter().rev().enumerate() {
        bytes += bytes_of(folder);
        if number > 0 && (number >= MOST_KEPT || bytes > MOST_BYTES) {
            remove(folder);
        }
    }
}

/// Removes what was kept of one change.
pub(super) fn remove(folder: &Path) {
    if let Err(error) = fs::remove_dir_all(folder) {
        tracing::debug!(path = %folder.display(), %error, "files that no undo needs any more stay");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The newest stay, whatever else lies there.
    #[test]
    fn the_oldest_go_first() {
        let all = tempfile::tempdir().unwrap();
        let made: Vec<PathBuf> = (0..MOST_KEPT + 2)
            .map(|number| {
                let folder = fresh(all.path(), &format!("change-{number}")).unwrap();
                fs::write(folder.join("file"), b"12345").unwrap();
                folder
            })
            .collect();
        assert_eq!(5, bytes_of(&made[0]));

        tidy(all.path());

        let there: Vec<bool> = made.iter().map(|folder| folder.exists()).collect();
        let (gone, kept) = there.split_at(2);
        assert_eq!((vec![false; 2], vec![true; MOST_KEPT]), (gone.to_vec(), kept.to_vec()));
    }
}
