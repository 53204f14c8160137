//! The process's own pipes: takes standard input and output away from Python before it starts.

use std::fs::File;
use std::io;

/// The two ends that carry the protocol. Nothing else in the process can reach them.
#[derive(Debug)]
pub struct Pipes {
    /// Requests arrive here.
    pub requests: File,
    /// Replies leave here.
    pub replies: File,
}

/// Moves standard input and output to private, close-on-exec handles, then points descriptor 0 at the null
/// device and descriptor 1 at descriptor 2. From then on whatever Python, a codec or a worker process
/// prints goes to standard error, and nothing can read a request but us.
///
/// Call it once, before Python starts and before any other thread runs.
///
/// # Errors
/// When a descriptor is closed or cannot be duplicated.
pub fn take_standard_streams() -> io::Result<Pipes> {
    let requests = File::from(duplicate_input()?);
    let replies = File::from(duplicate_output()?);
    let null = File::options().read(true).open(if cfg!(windows) { "NUL" } else { "/dev/null" })?;
    redirect(&null, 0)?;
    // SAFETY: both descriptors are the process's standard ones, and no other thread runs yet.
    if unsafe { libc::dup2(2, 1) } < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(Pipes { requests, replies })
}

/// Ends the process at once: no destructors of Python's or of a foreign library's run, since those may hang
/// in a process whose interpreter is in the middle of a call.
pub fn leave(status: i32) -> ! {
    // SAFETY: `_exit` takes a number and does not return; open files are plain pipes that need no flush.
    unsafe { libc::_exit(status) }
}

#[cfg(unix)]
fn duplicate_input() -> io::Result<std::os::fd::OwnedFd> {
    use std::os::fd::AsFd;
    // `try_clone_to_owned` sets close-on-exec.
    io::stdin().as_fd().try_clone_to_owned()
}

#[cfg(unix)]
fn duplicate_output() -> io::Result<std::os::fd::OwnedFd> {
    use std::os::fd::AsFd;
    io::stdout().as_fd().try_clone_to_owned()
}

#[cfg(unix)]
fn redirect(file: &File, descriptor: i32) -> io::Result<()> {
    use std::os::fd::AsRawFd;
    // SAFETY: `file` is open for the length of the call, `descriptor` is a standard one.
    if unsafe { libc::dup2(file.as_raw_fd(), descriptor) } < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}

#[cfg(windows)]
fn duplicate_input() -> io::Result<std::os::windows::io::OwnedHandle> {
    use std::os::windows::io::AsHandle;
    io::stdin().as_handle().try_clone_to_owned()
}

#[cfg(windows)]
fn duplicate_output() -> io::Result<std::os::windows::io::OwnedHandle> {
    use std::os::windows::io::AsHandle;
    io::stdout().as_handle().try_clone_to_owned()
}

#[cfg(windows)]
fn redirect(file: &File, descriptor: i32) -> io::Result<()> {
    use std::os::windows::io::{AsHandle, IntoRawHandle};
    let handle = file.as_handle().try_clone_to_owned()?.into_raw_handle();
    // SAFETY: the handle is ours and now belongs to the descriptor that the C runtime makes of it.
    let opened = unsafe { libc::open_osfhandle(handle as libc::intptr_t, 0) };
    // SAFETY: `opened` was just made, `descriptor` is a standard one.
    if opened < 0 || unsafe { libc::dup2(opened, descriptor) } < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}
