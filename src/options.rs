//! The arguments of the program, each also by environment, and the host command that they make.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::{Parser, ValueEnum};
use resolve_actors::{Backend, HostCommand};

/// What the host executable is called.
const HOST: &str = if cfg!(windows) { "resolve-python.exe" } else { "resolve-python" };

/// MCP server for DaVinci Resolve: speaks the Model Context Protocol on stdin and stdout.
#[derive(Debug, Clone, Parser)]
#[command(name = "davinci-mcp-server", version)]
pub struct Options {
    /// What answers as Resolve; default: resolve where it is installed, else engine. It never changes while the server runs.
    #[arg(long, value_enum, env = "DAVINCI_MCP_BACKEND")]
    pub backend: Option<BackendChoice>,
    /// The folder in which the headless engine keeps its projects.
    #[arg(long, value_name = "DIR", env = "DAVINCI_MCP_ENGINE_HOME")]
    pub engine_home: Option<PathBuf>,
    /// Where DaVinci Resolve is installed, if not in its usual place.
    #[arg(long, value_name = "DIR", env = "DAVINCI_MCP_INSTALL")]
    pub install: Option<PathBuf>,
    /// The interpreter host; default: resolve-python beside this program.
    #[arg(long, value_name = "PATH", env = "DAVINCI_MCP_HOST")]
    pub host: Option<PathBuf>,
    /// The Python of the virtual environment whose packages the engine needs.
    #[arg(long, value_name = "PATH", env = "DAVINCI_MCP_PYTHON")]
    pub python: Option<PathBuf>,
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

impl Options {
    /// The backend, chosen once.
    pub fn backend(&self) -> Backend {
        match self.backend {
            Some(BackendChoice::Engine) => Backend::Engine,
            Some(BackendChoice::Resolve) => Backend::Resolve,
            None if installed(self.install.as_deref()) => Backend::Resolve,
            None => Backend::Engine,
        }
    }

    /// The command that starts the interpreter host.
    ///
    /// # Errors
    /// [`Missing`] when the host or the Python that it needs is not there.
    pub fn host_command(&self) -> Result<HostCommand, Missing> {
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
        let mut args = vec![OsString::from("--backend"), name_of(self.backend()).into()];
        if let Some(python) = &self.python {
            if !python.is_file() {
                return Err(Missing {
                    reason: format!("the Python {} does not exist", python.display()),
                    hint: "run `make venv`, or name the Python of a virtual environment with the engine's packages with --python".into(),
                });
            }
            args.extend(["--python".into(), python.clone().into()]);
        }
        if let Some(home) = &self.engine_home {
            args.extend(["--engine-home".into(), home.clone().into()]);
        }
        if let Some(install) = &self.install {
            args.extend(["--install".into(), install.clone().into()]);
        }
        Ok(HostCommand { program, args, envs: Vec::new() })
    }
}

/// The name of a backend, as options and replies have it.
pub fn name_of(backend: Backend) -> &'static str {
    match backend {
        Backend::Engine => "engine",
        Backend::Resolve => "resolve",
    }
}

fn beside_this_program() -> Result<PathBuf, Missing> {
    let this = std::env::current_exe().map_err(|error| Missing {
        reason: format!("the path of this program is not known: {error}"),
        hint: "name the interpreter host with --host".into(),
    })?;
    Ok(this.with_file_name(HOST))
}

fn installed(_install: Option<&Path>) -> bool {
    false
}
