//! Which LUT files a backend takes, and how they are named to it.

use std::path::{Path, PathBuf};

use crate::arguments::{invalid, invalid_with};
use crate::config::Backend;
use crate::error::CallError;

/// Where an installed Resolve looks for LUTs: it takes paths below this folder only.
fn lut_folders() -> Vec<PathBuf> {
    if cfg!(target_os = "macos") {
        vec!["/Library/Application Support/Blackmagic Design/DaVinci Resolve/LUT".into()]
    } else if cfg!(windows) {
        let data = std::env::var_os("PROGRAMDATA").map_or_else(|| "C:\\ProgramData".into(), PathBuf::from);
        vec![data.join("Blackmagic Design\\DaVinci Resolve\\Support\\LUT")]
    } else {
        vec!["/opt/resolve/LUT".into(), "/home/resolve/LUT".into()]
    }
}

/// The path of a LUT as `Graph.SetLUT` takes it: the engine takes absolute ones, Resolve those below its LUT folder,
/// relative to it.
pub(crate) fn for_backend(backend: Backend, given: &str) -> Result<String, CallError> {
    let path = Path::new(given);
    if !path.is_absolute() {
        return match backend {
            Backend::Resolve => Ok(given.to_owned()),
            Backend::Engine => Err(invalid("lut", format!("must be an absolute path; got '{given}'"))),
        };
    }
    let metadata = std::fs::metadata(path)
        .map_err(|error| invalid("lut", format!("'{given}' cannot be read ({error})")))?;
    if !metadata.is_file() || metadata.len() == 0 {
        return Err(invalid("lut", format!("'{given}' is no LUT file: it is a folder or empty")));
    }
    match backend {
        Backend::Engine => Ok(given.to_owned()),
        Backend::Resolve => below(path, &lut_folders()),
    }
}

fn below(path: &Path, folders: &[PathBuf]) -> Result<String, CallError> {
    if let Some(relative) = folders.iter().find_map(|folder| path.strip_prefix(folder).ok()) {
        return Ok(relative.to_string_lossy().into_owned());
    }
    let folder = folders.first().map(|folder| folder.display().to_string()).unwrap_or_default();
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let reason = format!("Resolve takes only LUTs below its LUT folder, and '{}' is not", path.display());
    let hint = format!("copy the file to {folder} (in a folder of its own), then pass \"<folder>/{name}\"");
    Err(invalid_with("lut", reason, hint))
}

/// Whether the LUT that a node reads back is the one that was set: Resolve answers a path relative to one of its
/// folders.
pub(crate) fn is_same(set: &str, read: &str) -> bool {
    let plain = |text: &str| text.replace('\\', "/");
    let (set, read) = (plain(set), plain(read));
    !read.is_empty()
        && (set == read || set.ends_with(&format!("/{read}")) || read.ends_with(&format!("/{set}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Resolve answers False without a word for a LUT elsewhere; the error must say where to put the file.
    #[test]
    fn a_lut_outside_the_folder_says_where_it_belongs() {
        let folders = [PathBuf::from("/opt/resolve/LUT")];

        assert_eq!(Ok("Film/a.cube".to_owned()), below(Path::new("/opt/resolve/LUT/Film/a.cube"), &folders));
        let Err(CallError::InvalidArgument { hint: Some(hint), .. }) =
            below(Path::new("/x/a.cube"), &folders)
        else {
            panic!("it was taken")
        };
        assert_eq!(
            "copy the file to /opt/resolve/LUT (in a folder of its own), then pass \"<folder>/a.cube\"",
            hint
        );
    }

    /// A path reads back relative to a folder; another file of the same name elsewhere is not the same.
    #[test]
    fn a_lut_is_recognised_by_the_end_of_its_path() {
        assert!(is_same("Film/a.cube", "Film/a.cube"));
        assert!(is_same("/opt/LUT/Film/a.cube", "Film\\a.cube"));
        assert!(!is_same("Film/a.cube", ""));
        assert!(!is_same("Film/a.cube", "Film/aa.cube"));
        assert!(!is_same("aa.cube", "a.cube"));
    }
}
