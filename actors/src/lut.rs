//! How a LUT file is named to Resolve: by its path below the LUT folder, where the file must be.

use std::path::{Path, PathBuf};

use crate::arguments::{invalid, invalid_with};
use crate::digest::digest;
use crate::error::CallError;

/// Copies of LUT files from elsewhere stand in this folder below the LUT folder.
const COPIES: &str = "davinci-resolve-mcp";

/// The largest file that is copied: a .cube of 129 points a side has 60 MB.
const MOST_BYTES: u64 = 64 << 20;

/// A LUT as `Graph.SetLUT` takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lut {
    /// Its path below the LUT folder.
    pub(crate) name: String,
    /// Where it was copied to, if that was necessary.
    pub(crate) copy: Option<PathBuf>,
}

/// Where an installed Resolve looks for LUTs: it takes paths below this folder only.
fn installed_folders() -> Vec<PathBuf> {
    if cfg!(target_os = "macos") {
        vec!["/Library/Application Support/Blackmagic Design/DaVinci Resolve/LUT".into()]
    } else if cfg!(windows) {
        let data = std::env::var_os("PROGRAMDATA").map_or_else(|| "C:\\ProgramData".into(), PathBuf::from);
        vec![data.join("Blackmagic Design\\DaVinci Resolve\\Support\\LUT")]
    } else {
        vec!["/opt/resolve/LUT".into(), "/home/resolve/LUT".into()]
    }
}

/// The LUT that an argument means. A file outside the LUT folder is copied into `writable` if there is one.
///
/// Blocks while it copies.
pub(crate) fn named(given: &str, writable: Option<&Path>) -> Result<Lut, CallError> {
    found(given, writable, true)
}

/// The same without the copy, which is only named.
pub(crate) fn planned(given: &str, writable: Option<&Path>) -> Result<Lut, CallError> {
    found(given, writable, false)
}

fn found(given: &str, writable: Option<&Path>, copy: bool) -> Result<Lut, CallError> {
    let path = Path::new(given);
    if !path.is_absolute() {
        return Ok(Lut { name: given.to_owned(), copy: None });
    }
    let metadata = std::fs::metadata(path)
        .map_err(|error| invalid("lut", format!("'{given}' cannot be read ({error})")))?;
    if !metadata.is_file() || metadata.len() == 0 {
        return Err(invalid("lut", format!("'{given}' is no LUT file: it is a folder or empty")));
    }
    let folders = writable.map_or_else(installed_folders, |folder| vec![folder.to_owned()]);
    if let Some(below) = folders.iter().find_map(|folder| path.strip_prefix(folder).ok()) {
        return Ok(Lut { name: slashed(below), copy: None });
    }
    match writable {
        Some(folder) => copied(path, metadata.len(), folder, copy),
        None => Err(elsewhere(path, &folders)),
    }
}

fn elsewhere(path: &Path, folders: &[PathBuf]) -> CallError {
    let folder = folders.first().map(|folder| folder.display().to_string()).unwrap_or_default();
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let reason = format!("Resolve takes only LUTs below its LUT folder, and '{}' is not", path.display());
    let hint = format!("copy the file to {folder} (in a folder of its own), then pass \"<folder>/{name}\"");
    invalid_with("lut", reason, hint)
}

/// Copies a file under a name that holds a hash of what is in it: another file of the same name is another LUT, and
/// one that is used again is copied once.
fn copied(path: &Path, bytes: u64, folder: &Path, write: bool) -> Result<Lut, CallError> {
    if bytes > MOST_BYTES {
        return Err(invalid("lut", format!("'{}' has more than {MOST_BYTES} bytes", path.display())));
    }
    let copy = || -> std::io::Result<Lut> {
        let content = std::fs::read(path)?;
        let part = |part: Option<&std::ffi::OsStr>| {
            part.map(|part| part.to_string_lossy().into_owned()).unwrap_or_default()
        };
        let (stem, extension) = (part(path.file_stem()), part(path.extension()));
        let name = format!("{stem}-{:08x}.{extension}", digest([content.as_slice()]) >> 32);
        let below = Path::new(COPIES).join(name);
        let target = folder.join(&below);
        if write && std::fs::metadata(&target).map_or(0, |there| there.len()) != content.len() as u64 {
            std::fs::create_dir_all(folder.join(COPIES))?;
            let unfinished = target.with_extension("copying");
            std::fs::write(&unfinished, &content)?;
            std::fs::rename(&unfinished, &target)?;
        }
        Ok(Lut { name: slashed(&below), copy: Some(target) })
    };
    copy().map_err(|error| {
        let reason = format!("'{}' cannot be copied to {} ({error})", path.display(), folder.display());
        invalid("lut", reason)
    })
}

fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
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
        let CallError::InvalidArgument { hint: Some(hint), .. } =
            elsewhere(Path::new("/x/a.cube"), &["/opt/resolve/LUT".into()])
        else {
            panic!("without a hint")
        };
        assert_eq!(
            "copy the file to /opt/resolve/LUT (in a folder of its own), then pass \"<folder>/a.cube\"",
            hint
        );
    }

    /// Where the folder is ours, a file from elsewhere is copied once, and never over another of its name.
    #[test]
    fn a_lut_from_elsewhere_is_copied_by_what_is_in_it() {
        let (luts, files) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let file = files.path().join("Ä b.cube");
        let given = file.to_str().unwrap();
        std::fs::write(&file, "one").unwrap();
        let one = named(given, Some(luts.path())).unwrap();
        std::fs::write(&file, "two").unwrap();
        let two = named(given, Some(luts.path())).unwrap();

        assert_ne!(one, two);
        for (lut, content) in [(&one, "one"), (&two, "two")] {
            assert_eq!(luts.path().join(&lut.name), *lut.copy.as_ref().unwrap());
            assert_eq!(content, std::fs::read_to_string(luts.path().join(&lut.name)).unwrap());
        }
        assert_eq!(two, named(given, Some(luts.path())).unwrap());
        let below = luts.path().join(&one.name);
        let known = Lut { name: one.name.clone(), copy: None };
        assert_eq!(Ok(known), named(below.to_str().unwrap(), Some(luts.path())));
        assert_eq!("MCP/a.cube", named("MCP/a.cube", None).unwrap().name);
        assert!(named(files.path().join("none.cube").to_str().unwrap(), Some(luts.path())).is_err());
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
