//! A host that is stopped where it is, so that a call sent to it is in flight until somebody acts.

use serde_json::json;

use crate::client::{Client, signal};
use crate::until::until;

/// Stops `pid` and waits until it stands still: the signal is only on its way when `kill` returns, and a thread that
/// runs meanwhile would answer the call that is to be in flight.
pub fn freeze(pid: u32) {
    signal(pid, "STOP");
    until("the host is stopped", || stands_still(pid));
}

/// Waits until the server has handed a call to its host.
pub fn wait_until_busy(client: &mut Client) {
    until("a call is in flight", || client.call("status", json!({}))["host"]["state"] == "busy");
}

/// Whether each thread of a process is stopped. The state stands behind the name, which ends with the last bracket.
#[cfg(target_os = "linux")]
fn stands_still(pid: u32) -> bool {
    let threads = std::fs::read_dir(format!("/proc/{pid}/task")).expect("the host runs");
    threads.filter_map(Result::ok).all(|thread| {
        let state = std::fs::read_to_string(thread.path().join("stat")).unwrap_or_default();
        state.rsplit_once(") ").is_some_and(|(_, state)| state.starts_with('T'))
    })
}

/// Whether a process is stopped, as `ps` shows it on macOS.
#[cfg(not(target_os = "linux"))]
fn stands_still(pid: u32) -> bool {
    let listed = std::process::Command::new("ps").args(["-o", "stat=", "-p", &pid.to_string()]).output();
    String::from_utf8_lossy(&listed.expect("ps runs").stdout).trim_start().starts_with('T')
}
