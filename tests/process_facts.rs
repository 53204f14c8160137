//! What the system knows of a process: its memory, its threads, its open files and its children.

use std::fs;

/// What a process holds at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// Open files, pipes and sockets.
    pub files: usize,
    /// Children, dead ones that nobody has waited for included.
    pub children: usize,
    /// Threads.
    pub threads: usize,
}

impl Facts {
    /// Those of a process that runs.
    pub fn of(pid: u32) -> Self {
        let count =
            |what: &str| fs::read_dir(format!("/proc/{pid}/{what}")).expect("the process runs").count();
        Self { files: count("fd"), children: children(pid).len(), threads: count("task") }
    }

    /// Whether a process that held this holds no more now.
    pub fn covers(&self, now: &Self) -> bool {
        now.files <= self.files && now.children <= self.children
    }
}

/// The most memory that a process has had resident at one time, in bytes.
pub fn peak_memory(pid: u32) -> u64 {
    kilobytes(pid, "VmHWM:").expect("the process runs") << 10
}

/// What a process has in memory now, in bytes; `None` for one that is gone or about to be.
pub fn resident_memory(pid: u32) -> Option<u64> {
    kilobytes(pid, "VmRSS:").map(|kilobytes| kilobytes << 10)
}

/// The children of a process that have not ended.
pub fn living_children(pid: u32) -> Vec<u32> {
    let living = |(child, state): (u32, char)| (state != 'Z').then_some(child);
    children(pid).into_iter().filter_map(living).collect()
}

/// The children of a process that have ended and that it has not waited for.
pub fn zombies(pid: u32) -> Vec<u32> {
    let dead = |(child, state): (u32, char)| (state == 'Z').then_some(child);
    children(pid).into_iter().filter_map(dead).collect()
}

/// The children of a process with their states.
fn children(pid: u32) -> Vec<(u32, char)> {
    let processes = fs::read_dir("/proc").expect("/proc is there");
    let child = |entry: fs::DirEntry| {
        let id: u32 = entry.file_name().to_str()?.parse().ok()?;
        // The name stands in brackets, and may hold anything; after the last of them state and parent follow.
        let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
        let mut fields = stat.rsplit_once(") ")?.1.split(' ');
        let state = fields.next()?.chars().next()?;
        (fields.next()?.parse() == Ok(pid)).then_some((id, state))
    };
    processes.filter_map(Result::ok).filter_map(child).collect()
}

/// A line of `/proc/PID/status` that is a number of kilobytes.
fn kilobytes(pid: u32, name: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    Some(line.trim().trim_end_matches(" kB").parse().expect("a number"))
}
