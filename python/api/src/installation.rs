//! Where an installed Resolve keeps its scripting module and library, by option, by environment and by platform.

use std::path::{Path, PathBuf};

/// The file that Python imports.
pub const MODULE_FILE: &str = "DaVinciResolveScript.py";

/// An installation that has both parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installation {
    /// The folder of `DaVinciResolveScript.py`; it belongs on `sys.path`.
    pub modules_dir: PathBuf,
    /// The native library that the module loads; it belongs into `RESOLVE_SCRIPT_LIB`.
    pub library: PathBuf,
    /// What led to the module and to the library, such as `RESOLVE_SCRIPT_API` or `the default place on Linux`.
    pub found_by: FoundBy,
}

/// What led to the two parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundBy {
    /// What led to the module.
    pub module: String,
    /// What led to the library.
    pub library: String,
}

/// Why there is no usable installation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{step} failed: {reason}")]
pub struct InstallationError {
    /// The first step that failed: `finding the scripting module` or `finding the scripting library`.
    pub step: &'static str,
    /// What is missing, and where it was looked for.
    pub reason: String,
    /// What to do about it.
    pub fix: String,
    /// The files that were looked at, in order.
    pub looked_at: Vec<PathBuf>,
}

/// The operating systems that Resolve runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    /// Linux.
    Linux,
    /// macOS.
    MacOs,
    /// Windows.
    Windows,
}

impl Platform {
    /// The one that this program was built for; anything unknown counts as Linux.
    pub fn current() -> Self {
        match std::env::consts::OS {
            "macos" => Self::MacOs,
            "windows" => Self::Windows,
            _ => Self::Linux,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Linux => "Linux",
            Self::MacOs => "macOS",
            Self::Windows => "Windows",
        }
    }

    /// Writes a path with this platform's separator, whatever this program runs on.
    fn path(self, parts: &[&str]) -> PathBuf {
        parts.join(if self == Self::Windows { "\\" } else { "/" }).into()
    }
}

/// A look at the machine: its environment and its files. Tests look at a made-up one.
pub struct Machine<'a> {
    /// The platform.
    pub platform: Platform,
    /// The value of an environment variable; an empty one counts as absent.
    pub variable: &'a dyn Fn(&str) -> Option<String>,
    /// Whether a file is there.
    pub is_file: &'a dyn Fn(&Path) -> bool,
}

/// Finds the installation on this machine. `root` is an explicit one, laid out as on Linux (see [`find`]).
pub fn find_here(root: Option<&Path>) -> Result<Installation, InstallationError> {
    find(
        root,
        &Machine {
            platform: Platform::current(),
            variable: &|name| std::env::var(name).ok(),
            is_file: &|path| path.is_file(),
        },
    )
}

/// Finds an installation.
///
/// An explicit `root` holds `Developer/Scripting/Modules/DaVinciResolveScript.py` and
/// `libs/Fusion/fusionscript.so`, and nothing else is looked at. Otherwise a variable that is set decides, also
/// when it points to nothing: `RESOLVE_SCRIPT_API` for the module, `RESOLVE_SCRIPT_LIB` for the library. After
/// them `PYTHONPATH` may hold the module, and last come the default places.
pub fn find(root: Option<&Path>, machine: &Machine) -> Result<Installation, InstallationError> {
    let (modules_dir, by_module) = module(root, machine)?;
    let (library, by_library) = library(root, machine)?;
    Ok(Installation { modules_dir, library, found_by: FoundBy { module: by_module, library: by_library } })
}

fn module(root: Option<&Path>, machine: &Machine) -> Result<(PathBuf, String), InstallationError> {
    let mut search = Search { machine, step: "finding the scripting module", looked_at: Vec::new() };
    let platform = machine.platform;
    if let Some(root) = root {
        let dir = root.join("Developer").join("Scripting").join("Modules");
        let fix = "give --install the folder that has Developer/Scripting/Modules in it";
        return search.decided(&dir, MODULE_FILE, "--install", fix);
    }
    if let Some(api) = search.variable("RESOLVE_SCRIPT_API") {
        let dir = platform.path(&[api.trim_end_matches(['/', '\\']), "Modules"]);
        let fix =
            "correct RESOLVE_SCRIPT_API (the folder Developer/Scripting of the installation) or unset it";
        return search.decided(&dir, MODULE_FILE, "RESOLVE_SCRIPT_API", fix);
    }
    let separator = if platform == Platform::Windows { ';' } else { ':' };
    for dir in
        search.variable("PYTHONPATH").unwrap_or_default().split(separator).filter(|dir| !dir.is_empty())
    {
        if search.has(Path::new(dir), MODULE_FILE) {
            return Ok((dir.into(), "PYTHONPATH".into()));
        }
    }
    for dir in module_dirs(machine) {
        if search.has(&dir, MODULE_FILE) {
            return Ok((dir, format!("the default place on {}", platform.name())));
        }
    }
    Err(search.failed(
        "DaVinciResolveScript.py is in none of the known places",
        "install DaVinci Resolve, or set RESOLVE_SCRIPT_API to its Developer/Scripting folder, or work on the \
         headless engine with --backend engine",
    ))
}

fn library(root: Option<&Path>, machine: &Machine) -> Result<(PathBuf, String), InstallationError> {
    let mut search = Search { machine, step: "finding the scripting library", looked_at: Vec::new() };
    if let Some(root) = root {
        let dir = root.join("libs").join("Fusion");
        let fix = "give --install the folder that has libs/Fusion/fusionscript.so in it";
        let (dir, by) = search.decided(&dir, "fusionscript.so", "--install", fix)?;
        return Ok((dir.join("fusionscript.so"), by));
    }
    if let Some(file) = search.variable("RESOLVE_SCRIPT_LIB") {
        let file = PathBuf::from(file);
        if search.is_file(file.clone()) {
            return Ok((file, "RESOLVE_SCRIPT_LIB".into()));
        }
        let reason = format!("RESOLVE_SCRIPT_LIB points to {}, which is not a file", file.display());
        return Err(search
            .failed(&reason, "correct RESOLVE_SCRIPT_LIB (the file fusionscript.so or .dll) or unset it"));
    }
    for file in libraries(machine) {
        if search.is_file(file.clone()) {
            return Ok((file, format!("the default place on {}", machine.platform.name())));
        }
    }
    Err(search.failed(
        "fusionscript is in none of the known places",
        "install DaVinci Resolve anew, or set RESOLVE_SCRIPT_LIB to its fusionscript.so (fusionscript.dll on Windows)",
    ))
}

fn module_dirs(machine: &Machine) -> Vec<PathBuf> {
    let platform = machine.platform;
    let roots = match platform {
        Platform::Linux => vec!["/opt/resolve".to_owned(), "/home/resolve".to_owned()],
        Platform::MacOs => vec!["/Library/Application Support/Blackmagic Design/DaVinci Resolve".to_owned()],
        Platform::Windows => {
            let data = variable(machine, "PROGRAMDATA").unwrap_or_else(|| "C:\\ProgramData".into());
            vec![format!("{data}\\Blackmagic Design\\DaVinci Resolve\\Support")]
        }
    };
    roots.iter().map(|root| platform.path(&[root, "Developer", "Scripting", "Modules"])).collect()
}

fn libraries(machine: &Machine) -> Vec<PathBuf> {
    match machine.platform {
        Platform::Linux => ["/opt/resolve", "/home/resolve"]
            .map(|root| format!("{root}/libs/Fusion/fusionscript.so").into())
            .into(),
        Platform::MacOs => {
            vec![
                "/Applications/DaVinci Resolve/DaVinci Resolve.app/Contents/Libraries/Fusion/fusionscript.so"
                    .into(),
            ]
        }
        Platform::Windows => {
            let programs = variable(machine, "PROGRAMFILES").unwrap_or_else(|| "C:\\Program Files".into());
            vec![format!("{programs}\\Blackmagic Design\\DaVinci Resolve\\fusionscript.dll").into()]
        }
    }
}

fn variable(machine: &Machine, name: &str) -> Option<String> {
    (machine.variable)(name).filter(|value| !value.trim().is_empty())
}

/// One search, with what it has looked at so far.
struct Search<'m, 'a> {
    machine: &'m Machine<'a>,
    step: &'static str,
    looked_at: Vec<PathBuf>,
}

impl Search<'_, '_> {
    fn variable(&self, name: &str) -> Option<String> {
        variable(self.machine, name)
    }

    fn is_file(&mut self, file: PathBuf) -> bool {
        let there = (self.machine.is_file)(&file);
        self.looked_at.push(file);
        there
    }

    fn has(&mut self, dir: &Path, file: &str) -> bool {
        let dir = dir.to_string_lossy();
        self.is_file(self.machine.platform.path(&[dir.trim_end_matches(['/', '\\']), file]))
    }

    /// The folder that an option or a variable has decided on, if the file is in it.
    fn decided(
        &mut self,
        dir: &Path,
        file: &str,
        by: &str,
        fix: &str,
    ) -> Result<(PathBuf, String), InstallationError> {
        if self.has(dir, file) {
            return Ok((dir.to_owned(), by.to_owned()));
        }
        Err(self.failed(&format!("{by} leads to {}, which has no {file}", dir.display()), fix))
    }

    fn failed(&mut self, reason: &str, fix: &str) -> InstallationError {
        InstallationError {
            step: self.step,
            reason: reason.to_owned(),
            fix: fix.to_owned(),
            looked_at: std::mem::take(&mut self.looked_at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Looks at a machine that has these variables and these files.
    fn look(
        platform: Platform,
        root: Option<&str>,
        variables: &[(&str, &str)],
        files: &[&str],
    ) -> Result<Installation, InstallationError> {
        let variable =
            |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        let is_file = |path: &Path| files.iter().any(|file| Path::new(file) == path);
        find(root.map(Path::new), &Machine { platform, variable: &variable, is_file: &is_file })
    }

    fn found(modules_dir: &str, library: &str, module_by: &str, library_by: &str) -> Installation {
        let found_by = FoundBy { module: module_by.into(), library: library_by.into() };
        Installation { modules_dir: modules_dir.into(), library: library.into(), found_by }
    }

    const OPT: &[&str] = &[
        "/opt/resolve/Developer/Scripting/Modules/DaVinciResolveScript.py",
        "/opt/resolve/libs/Fusion/fusionscript.so",
    ];

    /// Without any setting, each platform's own places are found.
    #[test]
    fn finds_the_default_places() {
        let linux = "the default place on Linux";
        let modules = "/opt/resolve/Developer/Scripting/Modules";
        assert_eq!(look(Platform::Linux, None, &[], OPT), Ok(found(modules, OPT[1], linux, linux)));

        let mac = "the default place on macOS";
        let modules =
            "/Library/Application Support/Blackmagic Design/DaVinci Resolve/Developer/Scripting/Modules";
        let library =
            "/Applications/DaVinci Resolve/DaVinci Resolve.app/Contents/Libraries/Fusion/fusionscript.so";
        let files = [&format!("{modules}/DaVinciResolveScript.py"), library];
        assert_eq!(look(Platform::MacOs, None, &[], &files), Ok(found(modules, library, mac, mac)));

        let windows = "the default place on Windows";
        let modules = r"D:\Data\Blackmagic Design\DaVinci Resolve\Support\Developer\Scripting\Modules";
        let library = r"C:\Program Files\Blackmagic Design\DaVinci Resolve\fusionscript.dll";
        let files = [&format!(r"{modules}\DaVinciResolveScript.py"), library];
        let variables = [("PROGRAMDATA", r"D:\Data")];
        assert_eq!(
            look(Platform::Windows, None, &variables, &files),
            Ok(found(modules, library, windows, windows))
        );
    }

    /// The variables that Blackmagic documents win over the default places.
    #[test]
    fn variables_decide() {
        let files = ["/r/api/Modules/DaVinciResolveScript.py", "/r/lib.so", OPT[0], OPT[1]];
        let variables = [("RESOLVE_SCRIPT_API", "/r/api/"), ("RESOLVE_SCRIPT_LIB", "/r/lib.so")];
        assert_eq!(
            look(Platform::Linux, None, &variables, &files),
            Ok(found("/r/api/Modules", "/r/lib.so", "RESOLVE_SCRIPT_API", "RESOLVE_SCRIPT_LIB"))
        );

        let files = ["/p/DaVinciResolveScript.py", OPT[1]];
        assert_eq!(
            look(Platform::Linux, None, &[("PYTHONPATH", "/none::/p"), ("RESOLVE_SCRIPT_API", "")], &files),
            Ok(found("/p", OPT[1], "PYTHONPATH", "the default place on Linux"))
        );
    }

    /// A variable or option that leads nowhere is an error: falling back would run another Resolve than was asked for.
    #[test]
    fn what_leads_nowhere_is_an_error() {
        let error = look(Platform::Linux, None, &[("RESOLVE_SCRIPT_API", "/gone")], OPT).unwrap_err();
        assert_eq!(
            error.to_string(),
            "finding the scripting module failed: RESOLVE_SCRIPT_API leads to /gone/Modules, which has no DaVinciResolveScript.py"
        );
        assert_eq!(error.looked_at, [PathBuf::from("/gone/Modules/DaVinciResolveScript.py")]);

        let error = look(Platform::Linux, None, &[("RESOLVE_SCRIPT_LIB", "/gone.so")], OPT).unwrap_err();
        assert_eq!(error.step, "finding the scripting library");

        let error = look(Platform::Linux, Some("/mine"), &[], OPT).unwrap_err();
        assert_eq!(
            error.looked_at,
            [PathBuf::from("/mine/Developer/Scripting/Modules/DaVinciResolveScript.py")]
        );

        let only_module = ["/mine/Developer/Scripting/Modules/DaVinciResolveScript.py"];
        let error = look(Platform::Linux, Some("/mine"), &[], &only_module).unwrap_err();
        assert_eq!(error.looked_at, [PathBuf::from("/mine/libs/Fusion/fusionscript.so")]);
    }

    /// Where nothing is installed, the error lists every place and says what to do.
    #[test]
    fn lists_what_it_looked_at() {
        let error = look(Platform::Linux, None, &[], &[]).unwrap_err();

        let expected = ["/opt", "/home"].map(|root| {
            PathBuf::from(format!("{root}/resolve/Developer/Scripting/Modules/DaVinciResolveScript.py"))
        });
        assert_eq!(error.looked_at, expected);
        assert!(error.fix.contains("--backend engine"), "{}", error.fix);
    }
}
