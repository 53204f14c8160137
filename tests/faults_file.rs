//! What makes the engine of a server go wrong, and what lets it go on from a hang: a test says when, no clock does.

use std::path::PathBuf;

use tempfile::TempDir;

/// What stands in a text of faults for the file that [`FaultsFile::go_on`] makes.
const GOES_ON: &str = "GOES_ON";

/// A file of faults in a folder of its own.
pub struct FaultsFile(TempDir);

impl FaultsFile {
    /// A file with this text, in which `until = 'GOES_ON'` ends a hang at [`FaultsFile::go_on`].
    pub fn new(text: &str) -> Self {
        let folder = tempfile::Builder::new().prefix("davinci-mcp-test-").tempdir().expect("a folder");
        let file = Self(folder);
        let text = text.replace(GOES_ON, &file.0.path().join(GOES_ON).to_string_lossy());
        std::fs::write(file.path(), text).expect("the folder is writable");
        file
    }

    /// Where it is.
    pub fn path(&self) -> PathBuf {
        self.0.path().join("faults.toml")
    }

    /// Lets what hangs go on.
    pub fn go_on(&self) {
        std::fs::write(self.0.path().join(GOES_ON), "").expect("the folder is writable");
    }
}
