//! What a client must know to be let in: given by the person, or made once and kept where only they can read it.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq;

use crate::state_folder::state_folder;

/// The shortest token that is taken: 16 characters at random cannot be guessed over a network.
const SHORTEST: usize = 16;

/// The longest: more than any scheme of tokens needs, and well within the head of a request.
const LONGEST: usize = 4096;

/// The random bytes of one that is made here: 256 bits, as long as any key.
const RANDOM_BYTES: usize = 32;

/// What the file of the kept token is called.
const FILE: &str = "http-token";

/// A bearer token. It never shows in a log.
#[derive(Clone)]
pub struct Token {
    text: String,
    file: Option<PathBuf>,
}

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// It would not survive a header, or can be guessed.
    #[error(
        "the token is not one: take {SHORTEST} to {LONGEST} letters, digits or characters of -._~+/=, such as those of `openssl rand -hex 32`"
    )]
    Malformed,
    /// There is no folder to keep one in.
    #[error("the environment names no home folder to keep a token in; set DAVINCI_MCP_HTTP_TOKEN")]
    NoFolder,
    /// The file cannot be used.
    #[error(
        "the token cannot be kept in {path} ({source}); make that file writable, or set DAVINCI_MCP_HTTP_TOKEN"
    )]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Somebody else may know it.
    #[error(
        "other users can read the token in {0}; delete that file and start again, which makes a new one, or set DAVINCI_MCP_HTTP_TOKEN"
    )]
    ReadableByOthers(PathBuf),
    /// The file holds something else.
    #[error("{0} does not hold a token; delete that file and start again, which makes a new one")]
    NotAToken(PathBuf),
    /// The system gives no random bytes.
    #[error("no random bytes can be had for a token ({0}); set DAVINCI_MCP_HTTP_TOKEN")]
    NoRandomBytes(getrandom::Error),
}

impl Token {
    /// The token of this user: made at the first start and kept, so that what is set up in a client stays right.
    ///
    /// # Errors
    /// [`TokenError`] when it cannot be made or kept, or others can read it.
    pub fn kept() -> Result<Self, TokenError> {
        Self::kept_in(&state_folder().ok_or(TokenError::NoFolder)?)
    }

    fn kept_in(folder: &Path) -> Result<Self, TokenError> {
        let path = folder.join(FILE);
        let failed = |source| TokenError::File { path: path.clone(), source };
        let mut file = open(folder, &path).map_err(failed)?;
        // Two servers may start at once; the second then reads what the first wrote. Closing unlocks.
        file.lock().map_err(failed)?;
        let mut text = String::new();
        let read = (&file).take(LONGEST as u64 + 2).read_to_string(&mut text);
        read.map_err(|_| TokenError::NotAToken(path.clone()))?;
        if text.is_empty() {
            let token = Self::random()?;
            file.rewind().map_err(failed)?;
            file.write_all(format!("{}\n", token.text).as_bytes()).map_err(failed)?;
            file.sync_all().map_err(failed)?;
            return Ok(Self { file: Some(path), ..token });
        }
        if readable_by_others(&file).map_err(failed)? {
            return Err(TokenError::ReadableByOthers(path));
        }
        match text.trim_end().parse::<Self>() {
            Ok(token) => Ok(Self { file: Some(path), ..token }),
            Err(_) => Err(TokenError::NotAToken(path)),
        }
    }

    fn random() -> Result<Self, TokenError> {
        let mut bytes = [0; RANDOM_BYTES];
        getrandom::fill(&mut bytes).map_err(TokenError::NoRandomBytes)?;
        Ok(Self { text: URL_SAFE_NO_PAD.encode(bytes), file: None })
    }

    /// The file that it is kept in; `None` for one that was given.
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// Whether `given` is this token. How long that takes says nothing about where they differ.
    pub fn is(&self, given: &[u8]) -> bool {
        self.text.as_bytes().ct_eq(given).into()
    }
}

impl FromStr for Token {
    type Err = TokenError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // What RFC 6750 lets a header carry.
        let carried = |c: u8| c.is_ascii_alphanumeric() || b"-._~+/=".contains(&c);
        if (SHORTEST..=LONGEST).contains(&text.len()) && text.bytes().all(carried) {
            Ok(Self { text: text.to_owned(), file: None })
        } else {
            Err(TokenError::Malformed)
        }
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Token").field("file", &self.file).finish_non_exhaustive()
    }
}

/// Opens the file for reading and writing, and makes it for this user alone if it is not there.
fn open(folder: &Path, path: &Path) -> std::io::Result<File> {
    let mut folders = std::fs::DirBuilder::new();
    folders.recursive(true);
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
        folders.mode(0o700);
        options.mode(0o600);
    }
    folders.create(folder)?;
    options.open(path)
}

#[cfg(unix)]
fn readable_by_others(file: &File) -> std::io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(file.metadata()?.permissions().mode() & 0o077 != 0)
}

/// A file in the profile of a Windows user is theirs alone unless they change that.
#[cfg(not(unix))]
fn readable_by_others(_file: &File) -> std::io::Result<bool> {
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIVEN: &str = "0123456789abcdef";

    /// A client that was set up once stays let in after a restart of the server.
    #[test]
    fn a_token_that_is_kept_is_the_same_at_the_next_start() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state");
        let first = Token::kept_in(&state).unwrap();
        let second = Token::kept_in(&state).unwrap();

        assert!(first.is(second.text.as_bytes()));
        assert_eq!(43, first.text.len(), "256 bits in base64");
        assert_eq!(Some(state.join(FILE).as_path()), second.file());
    }

    /// Two people's tokens must differ.
    #[test]
    fn each_token_that_is_made_is_another() {
        let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let [one, other] = folders.each_ref().map(|folder| Token::kept_in(folder.path()).unwrap());

        assert!(!one.is(other.text.as_bytes()));
    }

    /// What others can read keeps nobody out.
    #[cfg(unix)]
    #[test]
    fn a_kept_token_is_for_this_user_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        Token::kept_in(folder.path()).unwrap();
        let file = folder.path().join(FILE);
        let mode = std::fs::metadata(&file).unwrap().permissions().mode() & 0o777;
        assert_eq!(0o600, mode);

        std::fs::set_permissions(&file, PermissionsExt::from_mode(0o640)).unwrap();
        assert!(matches!(Token::kept_in(folder.path()), Err(TokenError::ReadableByOthers(_))));
    }

    /// A file that somebody wrote by hand is not silently replaced, nor taken for a weak token.
    #[test]
    fn a_file_with_something_else_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let mut file = open(folder.path(), &folder.path().join(FILE)).unwrap();
        file.write_all(b"short").unwrap();

        assert!(matches!(Token::kept_in(folder.path()), Err(TokenError::NotAToken(_))));
    }

    /// One that can be guessed or would be cut by a header is refused at start, not when a client fails.
    #[test]
    fn a_token_is_long_enough_and_fits_a_header() {
        assert!(GIVEN.parse::<Token>().is_ok());
        for wrong in ["", "0123456789abcde", "with a space in the middle", "with-a-l\u{ed}ne-of-others"] {
            assert!(wrong.parse::<Token>().is_err(), "{wrong}");
        }
    }

    /// Options are logged and printed; the token in them is not.
    #[test]
    fn a_token_does_not_show_when_printed() {
        let token: Token = GIVEN.parse().unwrap();

        assert!(!format!("{token:?}").contains(GIVEN));
        assert!(token.is(GIVEN.as_bytes()));
        assert!(!token.is(b"0123456789abcdeF"));
        assert!(!token.is(b""));
    }
}
