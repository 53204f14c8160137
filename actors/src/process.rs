//! The interpreter host as a child process: its pipes, its stderr, its end.

use std::process::{ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use resolve_api::wire::{HostMessage, MAX_LINE_BYTES};
use tokio::io::AsyncWriteExt;
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::config::HostCommand;
use crate::limits::LINES_TO_WRITE;
use crate::lines::{Line, Lines};
use crate::link::{Connector, Event, Expecting, Link, Outgoing, Sink};

/// The longest line of stderr that is kept; a traceback's lines are shorter.
const STDERR_LINE_BYTES: usize = 8 << 10;

/// Replies larger than this are parsed on a blocking thread: 256 KiB take about a millisecond.
const PARSE_ELSEWHERE_BYTES: usize = 256 << 10;

/// How long to wait for the exit code after stdout has closed, and for the pipes to close after the exit: the two
/// come within a millisecond of each other unless something else holds the pipe.
const CLOSING: Duration = Duration::from_millis(20);

/// A line of stderr that is older than this when the host ends is not about its end.
const ABOUT_THE_END: Duration = Duration::from_secs(1);

impl Connector for HostCommand {
    fn open(&self, sink: Sink) -> Result<Link, String> {
        let mut command = Command::new(&self.program);
        command
            .args(&self.args)
            .envs(self.envs.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        // A group of its own, so that the processes which the engine starts end with it.
        #[cfg(unix)]
        command.process_group(0);
        let mut child = command.spawn().map_err(|error| {
            format!(
                "{} cannot be started ({error}): build it with `make build`, or say where it is with --host",
                self.program.display()
            )
        })?;
        let (Some(stdin), Some(stdout), Some(stderr)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err("the host was started without its pipes".to_owned());
        };
        let group = Arc::new(Group { leader: child.id().unwrap_or(0), ended: AtomicBool::new(false) });
        let (lines, to_write) = mpsc::channel(LINES_TO_WRITE);
        let expecting = Expecting::default();
        let pipes = Pipes::default();
        let gone = CancellationToken::new();
        let last_words = LastWords::default();

        tokio::spawn(write(stdin, to_write));
        tokio::spawn(drain(stderr, last_words.clone(), pipes.stderr.clone()));
        tokio::spawn(read(stdout, expecting.clone(), sink.clone(), pipes.stdout.clone()));
        let killed = CancellationToken::new();
        let host = Attended { child, group: group.clone(), killed: killed.clone(), pipes, last_words };
        tokio::spawn(attend(host, sink, gone.clone()));
        let kill = move || {
            group.kill();
            // Where there are no process groups, the task that attends to the host ends it.
            killed.cancel();
        };
        Ok(Link::new(Outgoing::Lines(lines), expecting, Arc::new(kill), gone))
    }
}

/// The process group of a host: the host and whatever it has started.
struct Group {
    leader: u32,
    ended: AtomicBool,
}

impl Group {
    /// Sends SIGKILL to every member.
    fn kill(&self) {
        if self.leader == 0 || self.ended.load(Ordering::Acquire) {
            return;
        }
        #[cfg(unix)]
        if let Ok(leader) = i32::try_from(self.leader) {
            // SAFETY: kill(2) takes two integers and touches no memory of ours. The group is the one that was made
            // for this child, and `ended` is set once its leader has been reaped.
            unsafe { libc::kill(-leader, libc::SIGKILL) };
        }
    }

    /// Kills what the leader has left behind, once it has been reaped; the number may belong to others after that.
    fn end(&self) {
        self.kill();
        self.ended.store(true, Ordering::Release);
    }
}

/// Kills the group when the task that attends to the host is dropped with the runtime.
struct KillOnDrop(Arc<Group>);

impl Drop for KillOnDrop {
    fn drop(&mut self) {
        self.0.kill();
    }
}

/// The last line of stderr that says something, and when it came.
#[derive(Clone, Default)]
struct LastWords(Arc<Mutex<Option<(Instant, String)>>>);

impl LastWords {
    fn set(&self, line: &str) {
        let line = Some((Instant::now(), line.to_owned()));
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = line;
    }

    /// The line, if it came so short before the end that it may be about it.
    fn get(&self) -> Option<String> {
        let last = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        last.filter(|(at, _)| at.elapsed() < ABOUT_THE_END).map(|(_, line)| line)
    }
}

/// Cancelled when the host has closed them.
#[derive(Default)]
struct Pipes {
    stdout: CancellationToken,
    stderr: CancellationToken,
}

impl Pipes {
    async fn closed(&self) {
        self.stdout.cancelled().await;
        self.stderr.cancelled().await;
    }
}

/// A host that is attended to until its end.
struct Attended {
    child: Child,
    group: Arc<Group>,
    killed: CancellationToken,
    pipes: Pipes,
    last_words: LastWords,
}

/// Waits for the end of the host, reaps it, ends what it left behind and tells.
async fn attend(host: Attended, sink: Sink, gone: CancellationToken) {
    let Attended { mut child, group, killed, pipes, last_words } = host;
    let guard = KillOnDrop(group.clone());
    let exit = tokio::select! {
        exit = child.wait() => exit,
        () = killed.cancelled() => {
            let _ = child.start_kill();
            child.wait().await
        }
        () = pipes.stdout.cancelled() => match tokio::time::timeout(CLOSING, child.wait()).await {
            Ok(exit) => exit,
            Err(_) => {
                // Without its stdout it cannot answer any more.
                group.kill();
                let _ = child.start_kill();
                child.wait().await
            }
        },
    };
    group.end();
    drop(guard);
    // What was written before the end is still in the pipes.
    let _ = tokio::time::timeout(CLOSING, pipes.closed()).await;
    let mut why = exit.map_or_else(|error| format!("its exit was not seen: {error}"), describe);
    if let Some(last) = last_words.get() {
        why = format!("{why}; its last words: {last}");
    }
    gone.cancel();
    sink(Event::Gone(why));
}

fn describe(exit: ExitStatus) -> String {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&exit) {
        return format!("it was ended by signal {signal}");
    }
    exit.code().map_or_else(|| exit.to_string(), |code| format!("it exited with code {code}"))
}

async fn write(mut stdin: ChildStdin, mut lines: mpsc::Receiver<Vec<u8>>) {
    while let Some(line) = lines.recv().await {
        if let Err(error) = stdin.write_all(&line).await {
            tracing::debug!(%error, "the host does not take requests any more");
            return;
        }
    }
}

async fn read(stdout: ChildStdout, expecting: Expecting, sink: Sink, closed: CancellationToken) {
    let _closed = closed.drop_guard();
    let mut lines = Lines::new(stdout, MAX_LINE_BYTES);
    loop {
        let line = match lines.next().await {
            Ok(Some(Line::Whole(line))) => line,
            Ok(Some(Line::Overlong(bytes))) => {
                sink(Event::Overlong(bytes));
                continue;
            }
            Ok(None) => return,
            Err(error) => {
                tracing::warn!(%error, "the host's answers cannot be read");
                return;
            }
        };
        let message = if line.len() > PARSE_ELSEWHERE_BYTES {
            let line = line.to_vec();
            match tokio::task::spawn_blocking(move || serde_json::from_slice::<HostMessage>(&line)).await {
                Ok(message) => message,
                Err(_) => return,
            }
        } else {
            serde_json::from_slice::<HostMessage>(line)
        };
        match message {
            Ok(message) => {
                if let Some(event) = expecting.admit(message) {
                    sink(event);
                }
            }
            Err(error) => {
                let line = String::from_utf8_lossy(&line[..line.len().min(200)]).into_owned();
                tracing::warn!(%error, line, "skipped a line of the host that is not a message");
            }
        }
    }
}

async fn drain(stderr: ChildStderr, last_words: LastWords, closed: CancellationToken) {
    let _closed = closed.drop_guard();
    let mut lines = Lines::new(stderr, STDERR_LINE_BYTES);
    loop {
        match lines.next().await {
            Ok(Some(Line::Whole(line))) => {
                let line = String::from_utf8_lossy(line);
                let line = line.trim_end();
                if !line.is_empty() {
                    tracing::debug!(target: "resolve_actors::host", "{line}");
                    last_words.set(line);
                }
            }
            Ok(Some(Line::Overlong(bytes))) => {
                tracing::debug!(target: "resolve_actors::host", bytes, "an overlong line of stderr");
            }
            Ok(None) | Err(_) => return,
        }
    }
}
