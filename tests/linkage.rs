//! The server starts everywhere: it links no Python, so that it can say what is wrong with one.

use std::process::Command;

use crate::client::{SERVER, host_program};

/// A server that links libpython does not start where that library is missing, and could not tell anybody why.
/// The host is looked at too, so that a change of `ldd`'s words does not pass for success.
#[test]
fn the_server_links_no_python_and_the_host_does() {
    let libraries = |program: &std::path::Path| {
        let output = Command::new("ldd").arg(program).output().expect("ldd runs");
        assert!(output.status.success(), "ldd failed on {}", program.display());
        String::from_utf8_lossy(&output.stdout).into_owned()
    };

    let of_server = libraries(SERVER.as_ref());
    assert!(!of_server.contains("libpython"), "the server links Python:\n{of_server}");
    assert!(of_server.contains("libc"), "ldd lists libraries:\n{of_server}");

    let of_host = libraries(&host_program());
    assert!(of_host.contains("libpython"), "the host embeds Python:\n{of_host}");
}
