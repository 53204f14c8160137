//! Starts the built host in a made-up virtual environment, and asks it things.

use std::any::Any;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::rc::Rc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use resolve_api::wire::{Hello, HostMessage, MethodCall, Op, Outcome, Reply, Request};
use resolve_api::{Fault, Locator, Value};
use tempfile::TempDir;

/// How long a test waits for something that must come. It only runs out when the test fails.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The stand-in for Resolve's scripting module that most tests use.
pub const FAKE: &str = include_str!("fake_resolve.py");

/// The interpreter that belongs to the library the host is linked with.
pub fn base_python() -> PathBuf {
    let python = fs::canonicalize(env!("RESOLVE_PYTHON_BUILT_WITH"));
    python.expect("the interpreter that the host was built with is still there")
}

/// A virtual environment in a folder of its own.
#[derive(Clone)]
pub struct Environment {
    folder: Rc<TempDir>,
}

impl Environment {
    /// An environment without packages.
    pub fn new() -> Self {
        let folder = Rc::new(tempfile::tempdir().expect("a temporary folder"));
        let base = base_python();
        let home = base.parent().expect("the interpreter is in a folder");
        fs::create_dir(folder.path().join("bin")).unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(&base, folder.path().join("bin/python")).unwrap();
        fs::write(folder.path().join("pyvenv.cfg"), format!("home = {}\n", home.display())).unwrap();
        let environment = Self { folder };
        fs::create_dir_all(environment.packages()).unwrap();
        environment
    }

    /// One whose scripting module is the stand-in, with more lines after it.
    pub fn with_fake(more: &str) -> Self {
        Self::with_module("DaVinciResolveScript", &format!("{FAKE}\n{more}"))
    }

    /// One with a module.
    pub fn with_module(name: &str, source: &str) -> Self {
        let environment = Self::new();
        environment.module(name, source);
        environment
    }

    /// Adds a module.
    pub fn module(&self, name: &str, source: &str) {
        fs::write(self.packages().join(format!("{name}.py")), source).unwrap();
    }

    /// Adds an empty package and gives its folder.
    pub fn package(&self, name: &str) -> PathBuf {
        let folder = self.packages().join(name);
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("__init__.py"), "").unwrap();
        folder
    }

    /// Its interpreter.
    pub fn python(&self) -> PathBuf {
        self.folder.path().join("bin/python")
    }

    /// The folder of the environment.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    fn packages(&self) -> PathBuf {
        let base = base_python();
        let lib = base.parent().and_then(Path::parent).expect("an installation has a bin folder").join("lib");
        let standard = fs::read_dir(&lib)
            .expect("an installation has a lib folder")
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .find(|name| base.ends_with(name) && lib.join(name).join("os.py").is_file())
            .expect("the standard library of the interpreter is there");
        self.folder.path().join("lib").join(standard).join("site-packages")
    }

    /// A host on the engine backend in this environment, past its [`Hello`].
    pub fn start(&self) -> Host {
        Host::start(host_command("engine").arg("--python").arg(self.python())).keep(self.clone())
    }
}

/// The host's command line, with a clean environment.
pub fn host_command(backend: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_resolve-python"));
    command.args(["--backend", backend]);
    for name in ["RESOLVE_SCRIPT_API", "RESOLVE_SCRIPT_LIB", "PYTHONPATH", "PYTHONHOME", "DAVINCI_MCP_LOG"] {
        command.env_remove(name);
    }
    command
}

/// A host that runs.
pub struct Host {
    child: Child,
    input: Option<ChildStdin>,
    lines: Receiver<String>,
    errors: Receiver<String>,
    next: u64,
    kept: Option<Box<dyn Any>>,
    /// What it said first.
    pub hello: Hello,
}

impl Host {
    /// Starts it and waits for its [`Hello`].
    pub fn start(command: &mut Command) -> Self {
        let mut started = Self::spawn(command);
        match started.message() {
            Some(HostMessage::Hello(hello)) => started.hello = hello,
            other => panic!("not a hello: {other:?}; {}", started.end().1),
        }
        started
    }

    /// Starts it; its [`Hello`] is left to be read.
    pub fn spawn(command: &mut Command) -> Self {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the host can be started");
        let output = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = channel();
        thread::spawn(move || {
            for line in output.lines() {
                let Ok(line) = line else { break };
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let (sender, errors) = channel();
        thread::spawn(move || {
            let mut line = Vec::new();
            while stderr.read_until(b'\n', &mut line).is_ok_and(|bytes| bytes > 0) {
                if sender.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                    break;
                }
                line.clear();
            }
        });
        let hello = Hello { wire: 0, pid: 0, python: String::new() };
        Self { input: child.stdin.take(), child, lines, errors, next: 1, kept: None, hello }
    }

    /// Keeps temporary folders while the host runs: it imports modules from them at the first request.
    pub fn keep(mut self, folders: impl Any) -> Self {
        self.kept = Some(Box::new(folders));
        self
    }

    /// The next message; `None` at the end of the pipe. Anything but a message of the wire fails the test.
    pub fn message(&mut self) -> Option<HostMessage> {
        match self.lines.recv_timeout(PATIENCE) {
            Ok(line) => {
                Some(serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:.300}")))
            }
            Err(RecvTimeoutError::Disconnected) => None,
            Err(error) => panic!("the host says nothing: {error}"),
        }
    }

    /// Sends a request and gives its id.
    pub fn send(&mut self, op: Op) -> u64 {
        let id = self.next;
        self.next += 1;
        let mut line = serde_json::to_string(&Request { id, op }).unwrap();
        line.push('\n');
        self.send_raw(line.as_bytes());
        id
    }

    /// Sends bytes as they are.
    pub fn send_raw(&mut self, bytes: &[u8]) {
        self.input.as_mut().unwrap().write_all(bytes).expect("the host takes requests");
    }

    /// Sends a request and waits for its reply; `None` if the host ended instead.
    pub fn ask(&mut self, op: Op) -> Option<Reply> {
        let id = self.send(op);
        match self.message()? {
            HostMessage::Reply(reply) => {
                assert_eq!(id, reply.id, "the reply belongs to the request");
                Some(reply)
            }
            HostMessage::Hello(hello) => panic!("a second hello: {hello:?}"),
        }
    }

    /// Makes a call and gives the whole reply.
    pub fn reply(&mut self, on: Locator, method: &str, args: impl Into<Vec<Value>>) -> Reply {
        match self.ask(Op::Call(MethodCall::new(on, method, args))) {
            Some(reply) => reply,
            None => panic!("the host ended during {method}: {}", self.end().1),
        }
    }

    /// Makes a call that must succeed.
    pub fn call(&mut self, on: Locator, method: &str, args: impl Into<Vec<Value>>) -> Value {
        match self.reply(on, method, args).outcome {
            Outcome::Value(value) => value,
            other => panic!("{method}: {other:?}"),
        }
    }

    /// Makes a call that must fail.
    pub fn fault(&mut self, on: Locator, method: &str, args: impl Into<Vec<Value>>) -> Fault {
        match self.reply(on, method, args).outcome {
            Outcome::Fault(fault) => fault,
            other => panic!("{method}: {other:?}"),
        }
    }

    /// Connects.
    pub fn connect(&mut self) -> Outcome {
        self.ask(Op::Connect).expect("the host runs").outcome
    }

    /// Why it does not connect.
    pub fn refusal(&mut self) -> String {
        match self.connect() {
            Outcome::Fault(Fault::NotConnected { reason }) => reason,
            other => panic!("{other:?}"),
        }
    }

    /// Waits until the host has said a line on standard error: a call that runs can say so.
    pub fn wait_for(&mut self, line: &str) {
        loop {
            match self.errors.recv_timeout(PATIENCE) {
                Ok(said) if said.trim_end() == line => return,
                Ok(_) => {}
                Err(error) => panic!("'{line}' was not said: {error}"),
            }
        }
    }

    /// Closes the request pipe, waits for the end, and gives the status, what it said on standard error, and
    /// how long the end took.
    pub fn end(&mut self) -> (ExitStatus, String, Duration) {
        let start = Instant::now();
        self.input.take();
        // Its end of the reply pipe closes with it; waiting for that has a bound, unlike waiting for the child.
        loop {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(_) => {}
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("the host does not end"),
            }
        }
        let status = self.child.wait().expect("the host ends");
        let took = start.elapsed();
        (status, self.errors.iter().collect(), took)
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.input.take();
        // A host that has ended cannot be killed; that is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
