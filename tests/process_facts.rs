//! What the system knows of a process: its memory, its threads, its open files and its children.

use std::fs;

/// The most memory that a process has had resident at one time, in bytes.
pub fn peak_memory(pid: u32) -> u64 {
    kilobytes(pid, "VmHWM:") << 10
}

/// A line of `/proc/PID/status` that is a number of kilobytes.
fn kilobytes(pid: u32, name: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("the process runs");
    let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("the system says so");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}
