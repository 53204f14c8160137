//! Processes that a test started: which of them live, and signals to them.

use std::path::Path;
use std::process::{Command, Stdio};

/// Sends a signal by name to a process. One that is gone already is no error.
#[cfg(unix)]
pub fn signal(pid: u32, name: &str) {
    let sent =
        Command::new("kill").args([&format!("-{name}"), &pid.to_string()]).stderr(Stdio::null()).status();
    drop(sent);
}

/// The live processes that a server and whatever it started consist of, zombies not counted: those that have its
/// home in their environment.
#[cfg(target_os = "linux")]
pub fn alive_with_home(home: &Path) -> Vec<u32> {
    use std::os::unix::ffi::OsStrExt;
    let processes = std::fs::read_dir("/proc").expect("/proc is there");
    let home = home.as_os_str().as_bytes();
    processes
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(|pid| {
            // The environment of a zombie, and of what is gone by now, reads as nothing.
            let environment = std::fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
            environment.windows(home.len()).any(|part| part == home)
        })
        .collect()
}

/// The live processes that have `home` in their environment, as `ps` shows them on macOS.
#[cfg(not(target_os = "linux"))]
pub fn alive_with_home(home: &Path) -> Vec<u32> {
    let listed = Command::new("ps").args(["-axEww", "-o", "pid=,stat=,command="]).output().expect("ps runs");
    let home = home.to_string_lossy().into_owned();
    String::from_utf8_lossy(&listed.stdout)
        .lines()
        .filter(|line| line.contains(&home))
        .filter_map(|line| {
            let mut fields = line.split_whitespace();
            let pid = fields.next()?.parse().ok()?;
            (!fields.next()?.starts_with('Z')).then_some(pid)
        })
        .collect()
}
