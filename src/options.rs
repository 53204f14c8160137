//! The arguments of the program, each also by environment, and the host command that they make.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use resolve_actors::{Backend, HostCommand};
use resolve_api::installation::find_here;

use crate::deadlines::DeadlineOptions;
use crate::http::options::HttpOptions;
use crate::toolset::Toolset;

/// What the host executable is called.
const HOST: &str = if cfg!(windows) { "resolve-python.exe" } else { "resolve-python" };

/// The versions that the engine can answer as, as it knows them (`resolve_engine/emulated.py`).
const ENGINE_VERSIONS: [&str; 8] =
    ["19.1", "20.3", "21.0", "21.1", "19.1-free", "20.3-free", "21.0-free", "21.1-free"];

/// MCP server for DaVinci Resolve: speaks the Model Context Protocol on stdin and stdout, or over HTTP.
#[derive(Debug, Clone, Parser)]
#[command(name = "davinci-mcp-server", version, args_conflicts_with_subcommands = true)]
pub struct Options {
    #[command(subcommand)]
    #[allow(missing_docs, reason = "its text would stand before its commands in --help")]
    pub command: Option<Command>,
    /// What answers as Resolve; default: resolve where it is installed, else engine. It never changes while the server runs.
    #[arg(long, value_enum, env = "DAVINCI_MCP_BACKEND")]
    pub backend: Option<BackendChoice>,
    /// The folder in which the headless engine keeps its projects; default: RESOLVE_ENGINE_HOME, else
    /// resolve-engine in the platform's data folder.
    #[arg(long, value_name = "DIR", env = "DAVINCI_MCP_ENGINE_HOME")]
    pub engine_home: Option<PathBuf>,
    /// Which Resolve the headless engine answers as; default: the newest, Studio.
    #[arg(long, value_name = "VERSION", env = "RESOLVE_ENGINE_VERSION", value_parser = ENGINE_VERSIONS)]
    pub resolve_version: Option<String>,
    /// Let the headless engine crash, hang or lie at the calls that this TOML file names, to test a client; the form is
    /// in docs/faults.md.
    #[arg(long, value_name = "FILE", env = "DAVINCI_MCP_FAULTS")]
    pub faults: Option<PathBuf>,
    /// Where DaVinci Resolve is installed, if not in its usual place.
    #[arg(long, value_name = "DIR", env = "DAVINCI_MCP_INSTALL")]
    pub install: Option<PathBuf>,
    /// The interpreter host; default: resolve-python beside this program.
    #[arg(long, value_name = "PATH", env = "DAVINCI_MCP_HOST")]
    pub host: Option<PathBuf>,
    /// The Python of the virtual environment whose packages the engine needs.
    #[arg(long, value_name = "PATH", env = "DAVINCI_MCP_PYTHON")]
    pub python: Option<PathBuf>,
    /// How long calls may run before their caller is told that Resolve does not answer, in seconds, such as
    /// read=5,write=120; the names are hello, connect, read, write, long_running, batch, grace, operation, turn, job (after
    /// so long a long call goes on as a job) and period (in which an interpreter that crashes is restarted three times;
    /// then once each period).
    #[arg(long, value_name = "NAME=SECONDS,...", env = "DAVINCI_MCP_DEADLINES")]
    pub deadlines: Option<DeadlineOptions>,
    /// Which tools are offered: standard (the default), full (one more for each method), a part of Resolve (project,
    /// media_pool, timeline, color, fusion, render), names of tools, or several of these with commas; read-only leaves
    /// of them what changes nothing.
    #[arg(long, value_name = "NAMES", env = "DAVINCI_MCP_TOOLSET", default_value_t)]
    pub toolset: Toolset,
    /// Instead of serving, make the changes of a session of the journal again, in a new project: its name is that of the
    /// history tool. Writes a JSON line for each entry to stdout.
    #[arg(long, value_name = "SESSION", requires = "into")]
    pub replay: Option<String>,
    /// The name of the project that --replay makes.
    #[arg(long, value_name = "PROJECT", requires = "replay")]
    pub into: Option<String>,
    #[command(flatten)]
    #[allow(missing_docs, reason = "its text would stand before its options in --help")]
    pub http: HttpOptions,
    /// Serve what is counted and measured at this address, such as 127.0.0.1:7811, as text for Prometheus at /metrics;
    /// this machine only. Port 0 takes a free one, and a line on stderr says which one.
    #[arg(long, value_name = "ADDRESS:PORT", env = "DAVINCI_MCP_METRICS")]
    pub metrics: Option<SocketAddr>,
    /// Write the log to this file instead of stderr.
    #[arg(long, value_name = "FILE", env = "DAVINCI_MCP_LOG_FILE")]
    pub log_file: Option<PathBuf>,
    /// What is logged, in the words of tracing-subscriber, such as `debug` or `resolve_actors=trace`.
    #[arg(
        long,
        value_name = "FILTER",
        env = "DAVINCI_MCP_LOG",
        default_value = "warn,rmcp=error,davinci_resolve_mcp=info,resolve_actors=info"
    )]
    pub log: String,
}

/// What the program does instead of serving.
#[derive(Debug, Clone, PartialEq, Eq, clap::Subcommand)]
pub enum Command {
    /// Write what was changed through this server to stdout, a JSON object a line, the oldest first.
    Journal {
        /// Only that of one session, by the name that the history tool tells.
        #[arg(long, value_name = "NAME")]
        session: Option<String>,
    },
}

/// A backend by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum BackendChoice {
    /// The headless engine.
    Engine,
    /// A running DaVinci Resolve.
    Resolve,
}

/// Why the host cannot be started with these options; the server then lists its tools and refuses every call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// What is missing, in one lowercase sentence.
    pub reason: String,
    /// What to do.
    pub hint: String,
}

/// The backend of this process, and what led to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What answers as Resolve.
    pub backend: Backend,
    /// Why it is this one, in words.
    pub why: String,
}

impl Options {
    /// Chooses the backend: the one that is named, else Resolve where it is installed, else the engine. A folder
    /// named with `--install` means Resolve, also when nothing is found in it: calls then say what is missing.
    pub fn choose_backend(&self) -> Choice {
        let (backend, why) = match (self.backend, &self.install) {
            (Some(BackendChoice::Engine), _) => (Backend::Engine, "it was named".to_owned()),
            (Some(BackendChoice::Resolve), _) => (Backend::Resolve, "it was named".to_owned()),
            (None, Some(folder)) => {
                (Backend::Resolve, format!("an installation was named: {}", folder.display()))
            }
            (None, None) => match find_here(None) {
                Ok(found) => (Backend::Resolve, format!("it is installed: {}", found.library.display())),
                Err(error) => (Backend::Engine, format!("no DaVinci Resolve was found: {error}")),
            },
        };
        Choice { backend, why }
    }

    /// Where the engine keeps its projects: what was named, or the place that the engine itself takes by default.
    /// `None` only where the environment names no home folder at all.
    pub fn engine_home(&self) -> Option<PathBuf> {
        let variable =
            |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let home = || variable(if cfg!(windows) { "USERPROFILE" } else { "HOME" });
        let data = || {
            if cfg!(windows) {
                variable("LOCALAPPDATA").or_else(|| Some(home()?.join("AppData").join("Local")))
            } else if cfg!(target_os = "macos") {
                Some(home()?.join("Library").join("Application Support"))
            } else {
                variable("XDG_DATA_HOME").or_else(|| Some(home()?.join(".local").join("share")))
            }
        };
        let named = self.engine_home.clone().or_else(|| variable("RESOLVE_ENGINE_HOME"));
        named
            .or_else(|| Some(data()?.join("resolve-engine")))
            .map(|home| std::path::absolute(&home).unwrap_or(home))
    }

    /// The command that starts the interpreter host.
    ///
    /// # Errors
    /// [`Missing`] when the host or the Python that it needs is not there.
    pub fn host_command(&self, backend: Backend) -> Result<HostCommand, Missing> {
        let program = match &self.host {
            Some(path) => path.clone(),
            None => beside_this_program()?,
        };
        if !program.is_file() {
            return Err(Missing {
                reason: format!("the interpreter host {} does not exist", program.display()),
                hint: "run `make build` and keep resolve-python beside davinci-mcp-server, or name it with --host".into(),
            });
        }
        let mut args = vec![OsString::from("--backend"), backend.as_str().into()];
        if let Some(python) = &self.python {
            if !python.is_file() {
                return Err(Missing {
                    reason: format!("the Python {} does not exist", python.display()),
                    hint: "run `make venv`, or name the Python of a virtual environment with the engine's packages with --python".into(),
                });
            }
            args.extend(["--python".into(), python.clone().into()]);
        }
        // Also where it is the default: then what `status` says is what is used.
        if let Some(home) = self.engine_home() {
            args.extend(["--engine-home".into(), home.into()]);
        }
        if let Some(install) = &self.install {
            args.extend(["--install".into(), install.clone().into()]);
        }
        // The engine reads these from its environment, so the host has no arguments for them.
        let version = self.resolve_version.iter();
        let mut envs: Vec<(OsString, OsString)> =
            version.map(|version| ("RESOLVE_ENGINE_VERSION".into(), version.into())).collect();
        if let Some(faults) = &self.faults {
            if backend == Backend::Resolve {
                return Err(Missing {
                    reason:
                        "--faults is for the headless engine: nothing makes a running Resolve fail on demand"
                            .into(),
                    hint: "start the server with --backend engine, or without --faults".into(),
                });
            }
            let faults = std::path::absolute(faults).unwrap_or_else(|_| faults.clone());
            envs.push(("RESOLVE_ENGINE_FAULTS".into(), faults.into()));
        }
        Ok(HostCommand { program, args, envs })
    }
}

fn beside_this_program() -> Result<PathBuf, Missing> {
    let this = std::env::current_exe().map_err(|error| Missing {
        reason: format!("the path of this program is not known: {error}"),
        hint: "name the interpreter host with --host".into(),
    })?;
    Ok(this.with_file_name(HOST))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(arguments: &[&str]) -> Options {
        Options::try_parse_from([&["davinci-mcp-server"], arguments].concat())
            .expect("the arguments are understood")
    }

    /// The backend is chosen once, by what the person said, and never changed behind their back.
    #[test]
    fn a_named_backend_or_installation_decides() {
        let chosen = |arguments: &[&str]| options(arguments).choose_backend().backend;

        assert_eq!(Backend::Engine, chosen(&["--backend", "engine"]));
        assert_eq!(Backend::Resolve, chosen(&["--backend", "resolve"]));
        assert_eq!(Backend::Resolve, chosen(&["--install", "/no/such/place"]));
        assert_eq!(Backend::Engine, chosen(&["--install", "/no/such/place", "--backend", "engine"]));
    }

    /// What the host is started with.
    #[test]
    fn the_host_gets_what_it_needs() {
        let this = std::env::current_exe().expect("this test has a path");
        let this = this.to_str().expect("its path is text");
        let options = options(&["--host", this, "--python", this, "--engine-home", "/data/engine"]);

        let command = options.host_command(Backend::Engine).expect("both exist");
        let expected = ["--backend", "engine", "--python", this, "--engine-home", "/data/engine"];
        assert_eq!(expected.map(OsString::from).to_vec(), command.args);
        assert_eq!(PathBuf::from(this), command.program);
    }

    /// The version that the engine answers as reaches it, and one that it does not know is refused at once.
    #[test]
    fn the_version_to_answer_as_is_passed_on() {
        let this = std::env::current_exe().expect("this test has a path");
        let this = this.to_str().expect("its path is text");
        let options = options(&["--host", this, "--resolve-version", "21.0-free"]);

        let command = options.host_command(Backend::Engine).expect("it exists");
        assert_eq!(vec![("RESOLVE_ENGINE_VERSION".into(), "21.0-free".into())], command.envs);
        assert!(Options::try_parse_from(["davinci-mcp-server", "--resolve-version", "17"]).is_err());
    }

    /// Faults reach the engine by their absolute path, and never a Resolve that somebody works in.
    #[test]
    fn faults_are_for_the_engine_alone() {
        let this = std::env::current_exe().expect("this test has a path");
        let options =
            options(&["--host", this.to_str().expect("its path is text"), "--faults", "/t/faults.toml"]);

        let command = options.host_command(Backend::Engine).expect("it exists");
        assert_eq!(vec![("RESOLVE_ENGINE_FAULTS".into(), "/t/faults.toml".into())], command.envs);
        let missing = options.host_command(Backend::Resolve).expect_err("it would be ignored");
        assert!(missing.reason.contains("--faults"), "{}", missing.reason);
    }
}
