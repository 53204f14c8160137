//! A small MCP client over the built server: lines in, lines out, and every wait bounded.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::ended::Ended;
pub use crate::processes::{alive_with_home, signal};

/// How long a test waits for an answer before it fails: far longer than any takes, so that only a hang meets it.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The built server.
pub const SERVER: &str = env!("CARGO_BIN_EXE_davinci-mcp-server");

/// The root of the checkout.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The interpreter host beside the server.
pub fn host_program() -> PathBuf {
    let host = Path::new(SERVER).with_file_name(format!("resolve-python{}", std::env::consts::EXE_SUFFIX));
    assert!(
        host.is_file(),
        "{} is missing: run `make build-debug` (or `cargo build --workspace`) first",
        host.display()
    );
    host
}

/// The Python of the virtual environment.
pub fn python() -> PathBuf {
    let python =
        std::env::var_os("DAVINCI_MCP_PYTHON").map_or_else(|| root().join(".venv/bin/python"), PathBuf::from);
    assert!(python.is_file(), "{} is missing: run `make venv` first", python.display());
    python
}

/// How a server is started.
pub struct Start {
    command: Command,
    home: TempDir,
}

impl Start {
    /// A server on the headless engine, with a home of its own.
    pub fn engine() -> Self {
        host_program();
        let mut start = Self::bare();
        start.command.args(["--backend", "engine"]).arg("--python").arg(python());
        start
    }

    /// A server with one of the stand-ins of `tests/hosts` for its host.
    pub fn with_host(name: &str) -> Self {
        Self::bare().arg("--backend").arg("engine").arg("--host").arg(root().join("tests/hosts").join(name))
    }

    /// A server with nothing but a home; the environment names no backend, host or Python.
    pub fn bare() -> Self {
        let home =
            tempfile::Builder::new().prefix("davinci-mcp-test-").tempdir().expect("a temporary folder");
        let mut command = Command::new(SERVER);
        let own = "BACKEND HOST PYTHON INSTALL LOG LOG_FILE HTTP HTTP_TOKEN HTTP_HOST FAULTS DEADLINES TOOLSET METRICS";
        for name in own.split(' ') {
            command.env_remove(format!("DAVINCI_MCP_{name}"));
        }
        for name in ["RESOLVE_SCRIPT_API", "RESOLVE_SCRIPT_LIB", "RESOLVE_ENGINE_HOME", "PYTHONPATH"] {
            command.env_remove(name);
        }
        command.env("DAVINCI_MCP_ENGINE_HOME", home.path().join("engine"));
        command.env("XDG_STATE_HOME", home.path().join("state"));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Self { command, home }
    }

    /// The same with an argument more.
    pub fn arg(mut self, arg: impl AsRef<std::ffi::OsStr>) -> Self {
        self.command.arg(arg);
        self
    }

    /// The same on the home of another client: as a server that is started again.
    pub fn on_home_of(mut self, other: &Client) -> Self {
        self.command.env("DAVINCI_MCP_ENGINE_HOME", other.home().join("engine"));
        self.command.env("XDG_STATE_HOME", other.home().join("state"));
        self
    }

    /// The same with an engine that answers as Resolve: its data in the home of this server.
    pub fn engine_data(mut self) -> Self {
        self.command.env("RESOLVE_ENGINE_HOME", self.home.path().join("engine"));
        self
    }

    /// The same on a machine where a look for Resolve finds nothing, also where it is installed.
    pub fn no_resolve(mut self) -> Self {
        self.command.env("RESOLVE_SCRIPT_API", self.home.path().join("no-such-folder"));
        self
    }

    /// The same with the default of the engine's home, for somebody whose home folder is `home`.
    pub fn default_home(mut self, home: &Path) -> Self {
        self.command.env_remove("DAVINCI_MCP_ENGINE_HOME").env_remove("XDG_DATA_HOME").env("HOME", home);
        self
    }

    /// The command as it is, and the home of its server, for whoever talks to it another way.
    pub fn into_parts(self) -> (Command, TempDir) {
        (self.command, self.home)
    }

    /// Starts it, without a word of the protocol.
    pub fn silent(mut self) -> Client {
        let mut child = self.command.spawn().expect("the server starts");
        let stdout = child.stdout.take().expect("stdout is piped");
        let stderr = child.stderr.take().expect("stderr is piped");
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines() {
                let Ok(line) = line else { return };
                if sender.send((Instant::now(), line)).is_err() {
                    return;
                }
            }
        });
        // Passed on for whoever reads a failed test; a full pipe would stop the server.
        let (said, errors) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                eprintln!("server: {line}");
                drop(said.send(line));
            }
        });
        let (stdin, early) = (child.stdin.take(), HashMap::new());
        Client { child, stdin, lines, errors, next_id: 0, early, other: Vec::new(), home: self.home }
    }

    /// Starts it on sockets instead of pipes, as clients made with Node do. Answers are not read: the socket that
    /// comes back keeps its input open.
    #[cfg(unix)]
    pub fn over_sockets(mut self) -> (Client, std::os::unix::net::UnixStream) {
        use std::os::fd::OwnedFd;
        use std::os::unix::net::UnixStream;
        let (ours, theirs) = UnixStream::pair().expect("a pair of sockets");
        let output = OwnedFd::from(theirs.try_clone().expect("a second handle"));
        self.command.stdin(Stdio::from(OwnedFd::from(theirs))).stdout(Stdio::from(output));
        let child = self.command.spawn().expect("the server starts");
        // What is kept by the command would keep the server's end of the sockets open here.
        drop(self.command);
        let ((_, lines), (_, errors)) = (channel(), channel());
        let (stdin, early) = (None, HashMap::new());
        (Client { child, stdin, lines, errors, next_id: 0, early, other: Vec::new(), home: self.home }, ours)
    }

    /// Starts it and opens a session the way most clients do today.
    pub fn initialized(self) -> Client {
        let mut client = self.silent();
        client.initialize("2025-11-25");
        client
    }
}

/// A server and the client's end of its pipes. Dropping it kills the server and everything that it started.
pub struct Client {
    child: Child,
    stdin: Option<ChildStdin>,
    lines: Receiver<(Instant, String)>,
    errors: Receiver<String>,
    next_id: u64,
    early: HashMap<String, (Instant, Json)>,
    /// Messages that are not the answer to a request: notifications, and errors without an id.
    pub other: Vec<Json>,
    home: TempDir,
}

impl Client {
    /// The folder of this server: its engine home is `engine` in it.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// The server's process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Writes a line as it is.
    pub fn write_line(&mut self, line: &str) {
        let stdin = self.stdin.as_mut().expect("stdin is open");
        stdin.write_all(format!("{line}\n").as_bytes()).expect("the server reads");
        stdin.flush().expect("the server reads");
    }

    /// Sends a notification.
    pub fn notify(&mut self, method: &str, params: Json) {
        self.write_line(&json!({"jsonrpc": "2.0", "method": method, "params": params}).to_string());
    }

    /// Sends a request and returns its id.
    pub fn send(&mut self, method: &str, params: Json) -> u64 {
        self.next_id += 1;
        let id = self.next_id;
        self.write_line(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}).to_string());
        id
    }

    /// The next message of any kind, and when it came; `None` when stdout has ended.
    ///
    /// Every line must be JSON: anything else is a fault of the server.
    pub fn next_message(&mut self) -> Option<(Instant, Json)> {
        match self.lines.recv_timeout(PATIENCE) {
            Ok((at, line)) => {
                let message =
                    serde_json::from_str(&line).unwrap_or_else(|_| panic!("stdout is not pure: {line}"));
                Some((at, message))
            }
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => panic!("no message within {PATIENCE:?}"),
        }
    }

    /// The whole answer to a request, and when it came.
    pub fn answer_at(&mut self, id: u64) -> (Instant, Json) {
        let key = id.to_string();
        loop {
            if let Some(answer) = self.early.remove(&key) {
                return answer;
            }
            let (at, message) =
                self.next_message().unwrap_or_else(|| panic!("the server left without answering {id}"));
            match message.get("id").filter(|_| message.get("method").is_none()) {
                Some(Json::Null) | None => self.other.push(message),
                Some(id) => drop(self.early.insert(id.to_string(), (at, message))),
            }
        }
    }

    /// The result of a request; an error of the protocol fails the test.
    pub fn request(&mut self, method: &str, params: Json) -> Json {
        let id = self.send(method, params);
        self.result(id)
    }

    /// The result of a request that was sent.
    pub fn result(&mut self, id: u64) -> Json {
        let (_, mut answer) = self.answer_at(id);
        assert!(answer.get("error").is_none(), "an error of the protocol: {answer}");
        answer["result"].take()
    }

    /// The error of the protocol that answers a request; a result fails the test.
    pub fn error(&mut self, method: &str, params: Json) -> Json {
        let id = self.send(method, params);
        let (_, mut answer) = self.answer_at(id);
        assert!(answer.get("result").is_none(), "a result where an error was expected: {answer}");
        answer["error"].take()
    }

    /// Opens a session with this version and returns the result of `initialize`.
    pub fn initialize(&mut self, version: &str) -> Json {
        let params = json!({
            "protocolVersion": version,
            "capabilities": {},
            "clientInfo": {"name": "tests", "version": "1"}
        });
        let result = self.request("initialize", params);
        self.notify("notifications/initialized", json!({}));
        result
    }

    /// Sends a tool call and returns its id.
    pub fn start_call(&mut self, tool: &str, arguments: Json) -> u64 {
        self.send("tools/call", json!({"name": tool, "arguments": arguments}))
    }

    /// Calls a tool that must succeed, and returns what it answered. What goes on as a job, on a busy machine or because
    /// it takes long, is followed to its end.
    pub fn call(&mut self, tool: &str, arguments: Json) -> Json {
        let mut body = self.begin(tool, arguments);
        let goes_on = |body: &Json| body["state"] == "running" && body["job"].as_str().is_some_and(is_call);
        if tool.starts_with("jobs_") || !goes_on(&body) {
            return body;
        }
        while goes_on(&body) {
            body = self.begin("jobs_read", json!({"job": body["job"], "wait_s": 50}));
        }
        assert_eq!("complete", body["state"], "{tool} failed as a job: {body}");
        body["result"].take()
    }

    /// Calls a tool that must succeed, and returns its first answer: that it goes on as a job, if it does.
    pub fn begin(&mut self, tool: &str, arguments: Json) -> Json {
        let id = self.start_call(tool, arguments);
        let result = self.result(id);
        let body = body_of(&result);
        assert_eq!(Some(false), result["isError"].as_bool(), "{tool} failed: {body}");
        body
    }

    /// Calls a tool that must fail, and returns the failure.
    pub fn fails(&mut self, tool: &str, arguments: Json) -> Json {
        let id = self.start_call(tool, arguments);
        self.failure(id)
    }

    /// The failure of a call that was sent.
    pub fn failure(&mut self, id: u64) -> Json {
        let result = self.result(id);
        let body = body_of(&result);
        assert_eq!(Some(true), result["isError"].as_bool(), "succeeded where it must fail: {body}");
        for key in ["code", "message", "hint"] {
            assert!(
                body[key].as_str().is_some_and(|text| !text.is_empty()),
                "a failure without {key}: {body}"
            );
        }
        assert!(body["may_retry"].is_boolean(), "a failure without may_retry: {body}");
        body
    }

    /// Makes calls that the journal does not know: as if somebody had made them in Resolve's window.
    pub fn by_somebody<T>(&mut self, calls: impl FnOnce(&mut Self) -> T) -> T {
        let last = self.call("history", json!({"limit": 1}))["entries"][0]["id"].to_string();
        let answer = calls(self);
        let status = self.call("status", json!({}));
        let program = "import sqlite3, sys\n\
            file = sqlite3.connect(sys.argv[1])\n\
            file.execute('DELETE FROM entry WHERE id > ?', [int(sys.argv[2])])\n\
            file.commit()";
        let journal = status["journal"]["path"].as_str().expect("a journal");
        let made = Command::new(python()).args(["-c", program, journal, &last]).status();
        assert!(made.expect("Python runs").success());
        answer
    }

    /// The process id of the interpreter host, once it runs.
    pub fn host_pid(&mut self) -> u32 {
        self.call("api_call", json!({"method": "Resolve.GetCurrentPage"}));
        let status = self.call("status", json!({}));
        u32::try_from(status["host"]["pid"].as_u64().expect("the host has a pid")).expect("a pid")
    }

    /// What stands behind `begin` in the first line of stderr, of those not looked at yet, that has it.
    pub fn said_on_stderr(&self, begin: &str) -> String {
        loop {
            let line = self.errors.recv_timeout(PATIENCE).expect("the server says it");
            if let Some((_, said)) = line.split_once(begin) {
                return said.to_owned();
            }
        }
    }

    /// Closes stdin.
    pub fn end_input(&mut self) {
        self.stdin = None;
    }

    /// Waits for the server to leave after it was asked to at `asked`.
    pub fn wait_for_end(&mut self, asked: Instant) -> Ended {
        Ended::of(&mut self.child, asked)
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        drop(self.stdin.take());
        drop(self.child.kill());
        drop(self.child.wait());
        // A host that a test has stopped does not see the end of its pipe.
        for left in alive_with_home(self.home.path()) {
            signal(left, "KILL");
        }
    }
}

/// Whether a job is a call of a tool, and no render.
fn is_call(job: &str) -> bool {
    job.starts_with("call-")
}

/// The JSON of a tool result, from its text; the structured content, where there is any, says the same.
pub fn body_of(result: &Json) -> Json {
    let text = result["content"][0]["text"].as_str().unwrap_or_else(|| panic!("no text: {result}"));
    let body: Json = serde_json::from_str(text).unwrap_or_else(|_| panic!("the text is not JSON: {text}"));
    if let Some(structured) = result.get("structuredContent") {
        assert_eq!(structured, &body, "text and structured content differ");
    }
    body
}
