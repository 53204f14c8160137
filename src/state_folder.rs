//! The folder in which this server keeps what is its own, beside the engine's projects.

use std::path::PathBuf;

/// What the folder is called in the platform's place for such things.
const NAME: &str = "davinci-resolve-mcp";

/// `$XDG_STATE_HOME` or `~/.local/state` on Linux, `~/Library/Application Support` on macOS, `%LOCALAPPDATA%` on
/// Windows, with our name behind it. `None` only where the environment names no home folder at all. It is not made.
pub fn state_folder() -> Option<PathBuf> {
    // A relative path would depend on the folder that a client starts this program in.
    let variable = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let base = if cfg!(windows) {
        variable("LOCALAPPDATA").or_else(|| Some(variable("USERPROFILE")?.join("AppData").join("Local")))
    } else if cfg!(target_os = "macos") {
        Some(variable("HOME")?.join("Library").join("Application Support"))
    } else {
        variable("XDG_STATE_HOME").or_else(|| Some(variable("HOME")?.join(".local").join("state")))
    };
    Some(base?.join(NAME))
}
