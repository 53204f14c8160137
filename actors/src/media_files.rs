//! Looks at files before Resolve is asked to import them: it skips what it cannot read without a word.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use resolve_api::Value;

/// What is handed to `MediaPool.ImportMedia` for one path.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Importable {
    /// A file or a folder.
    Path(String),
    /// An image sequence: its path with a placeholder, first and last number.
    Sequence { path: String, first: i64, last: i64 },
}

impl Importable {
    /// The argument for `ImportMedia`.
    pub(crate) fn argument(&self) -> Value {
        Value::List(vec![match self {
            Self::Path(path) => path.as_str().into(),
            Self::Sequence { path, first, last } => Value::map([
                ("FilePath", path.as_str().into()),
                ("StartIndex", (*first).into()),
                ("EndIndex", (*last).into()),
            ]),
        }])
    }
}

/// Checks that there is something to import at a path. The error says what is wrong with it.
///
/// Opens files, so it may block on a slow disk.
pub(crate) fn check(path: &str) -> Result<Importable, String> {
    if let Some(placeholder) = Placeholder::find(path)
        && !Path::new(path).exists()
    {
        let (first, last) = placeholder.range()?;
        return Ok(Importable::Sequence { path: path.to_owned(), first, last });
    }
    let metadata = fs::metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        _ => format!("it cannot be looked at ({error})"),
    })?;
    if metadata.is_dir() {
        let mut entries =
            fs::read_dir(path).map_err(|error| format!("the folder cannot be read ({error})"))?;
        if entries.next().is_none() {
            return Err("the folder is empty".to_owned());
        }
    } else if !metadata.is_file() {
        // Opening a FIFO would wait for ever.
        return Err("it is neither a file nor a folder".to_owned());
    } else if metadata.len() == 0 {
        return Err("the file is empty (0 bytes)".to_owned());
    } else {
        let mut byte = [0];
        let read = fs::File::open(path).and_then(|mut file| file.read(&mut byte));
        read.map_err(|error| format!("the file cannot be read ({error})"))?;
    }
    Ok(Importable::Path(path.to_owned()))
}

/// A path such as `/shots/a_%04d.png`.
struct Placeholder {
    folder: PathBuf,
    before: String,
    after: String,
    digits: usize,
}

impl Placeholder {
    fn find(path: &str) -> Option<Self> {
        let path = Path::new(path);
        let name = path.file_name()?.to_str()?;
        let (before, rest) = name.split_once('%')?;
        let (width, after) = rest.split_once('d')?;
        let digits = width.strip_prefix('0')?.parse().ok().filter(|digits| (1..=12).contains(digits))?;
        let folder = path.parent()?.to_owned();
        Some(Self { folder, before: before.to_owned(), after: after.to_owned(), digits })
    }

    /// The first and last number that there are files for, which must be without a gap.
    fn range(&self) -> Result<(i64, i64), String> {
        let entries =
            fs::read_dir(&self.folder).map_err(|error| format!("its folder cannot be read ({error})"))?;
        let mut numbers: Vec<i64> =
            entries.filter_map(|entry| self.number(entry.ok()?.file_name().to_str()?)).collect();
        numbers.sort_unstable();
        let (Some(first), Some(last)) = (numbers.first().copied(), numbers.last().copied()) else {
            return Err("no file of the folder fits the pattern".to_owned());
        };
        match numbers.windows(2).find(|pair| pair[1] != pair[0] + 1) {
            Some(pair) => Err(format!("the sequence has a gap: after {} comes {}", pair[0], pair[1])),
            None => Ok((first, last)),
        }
    }

    fn number(&self, name: &str) -> Option<i64> {
        let digits = name.strip_prefix(&self.before)?.strip_suffix(&self.after)?;
        let plain = digits.len() >= self.digits && digits.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| digits.parse().ok()).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(folder: &Path, name: &str) -> String {
        folder.join(name).to_str().unwrap().to_owned()
    }

    /// Each kind of unusable path is told apart before Resolve would skip it without a word.
    #[test]
    fn what_cannot_be_imported_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        fs::write(folder.join("Ä 'b'\n日本.mov"), "x").unwrap();
        fs::write(folder.join("empty.mov"), "").unwrap();
        fs::create_dir(folder.join("nothing")).unwrap();

        let good = at(folder, "Ä 'b'\n日本.mov");
        assert_eq!(Ok(Importable::Path(good.clone())), check(&good));
        assert_eq!(Err("there is no such file".to_owned()), check(&at(folder, "missing.mov")));
        assert_eq!(Err("the file is empty (0 bytes)".to_owned()), check(&at(folder, "empty.mov")));
        assert_eq!(Err("the folder is empty".to_owned()), check(&at(folder, "nothing")));
        assert!(check(folder.to_str().unwrap()).is_ok());
        #[cfg(target_os = "linux")]
        assert_eq!(Err("it is neither a file nor a folder".to_owned()), check("/dev/null"));
    }

    /// A sequence is named by its pattern, and a missing frame is found before it becomes a black frame.
    #[test]
    fn a_sequence_is_found_by_its_pattern() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        for number in 7..=12 {
            fs::write(folder.join(format!("s_{number:04}.png")), "x").unwrap();
        }
        fs::write(folder.join("s_x.png"), "x").unwrap();
        let path = at(folder, "s_%04d.png");

        assert_eq!(Ok(Importable::Sequence { path: path.clone(), first: 7, last: 12 }), check(&path));

        fs::remove_file(folder.join("s_0009.png")).unwrap();
        assert_eq!(Err("the sequence has a gap: after 8 comes 10".to_owned()), check(&path));
        assert_eq!(
            Err("no file of the folder fits the pattern".to_owned()),
            check(&at(folder, "t_%04d.png"))
        );
    }
}
