//! The rules of the repository that a reader counts on: what a file is for, how long it may be, what it is called.

use std::path::Path;

use crate::client::root;

/// The longest a file may be: what one person can hold in mind.
const MAX_LINES: usize = 400;

/// Names that say nothing about what is in a file.
const NAMES_THAT_SAY_NOTHING: [&str; 12] = [
    "utils",
    "util",
    "common",
    "helpers",
    "helper",
    "misc",
    "extras",
    "extra",
    "manager",
    "tools_util",
    "stuff",
    "temp",
];

/// Files that a program writes.
const GENERATED: [&str; 3] = ["Cargo.lock", "clients/package-lock.json", "docs/DaVinciResolveScript.pyi"];

/// Folders that a program fills: caches say so by a file of this name.
const CACHE_TAG: &str = "CACHEDIR.TAG";

/// Every file of the project, by its path from the root. Git is not asked: a copy without its history, or one that
/// belongs to somebody else, is held to the same rules.
fn files() -> Vec<String> {
    let mut files = Vec::new();
    let mut folders = vec![root().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder of the project is readable").flatten() {
            let name = entry.file_name().into_string().expect("names are UTF-8");
            let path = entry.path();
            if path.is_dir() {
                let hidden = name.starts_with('.') && ![".ci", ".github"].contains(&name.as_str());
                let made = ["__pycache__", "clients-output", "demo-output", "node_modules", "target"]
                    .contains(&name.as_str())
                    || name.ends_with(".egg-info")
                    || path.join(CACHE_TAG).exists();
                if !hidden && !made {
                    folders.push(path);
                }
            } else if name != ".git" {
                // In a second work tree of Git it is a file that says where the first is.
                let path = path.strip_prefix(root()).expect("it is below the root");
                files.push(path.to_str().expect("paths are UTF-8").replace('\\', "/"));
            }
        }
    }
    assert!(files.len() > 50, "the walk finds the files of this project");
    files
}

fn text_of(file: &str) -> Option<String> {
    std::fs::read(root().join(file)).ok().and_then(|bytes| String::from_utf8(bytes).ok())
}

/// Fails with every offender at once, so that one run shows all there is to do.
fn none(rule: &str, offenders: Vec<String>) {
    assert!(offenders.is_empty(), "{rule}:\n  {}", offenders.join("\n  "));
}

/// A reader learns from the first line what a file is for.
#[test]
fn each_file_says_first_what_it_is_for() {
    let purpose = |file: &String| {
        let text = text_of(file)?;
        let mut lines = text.lines();
        let first = lines.next().unwrap_or_default();
        let said = match Path::new(file).extension()?.to_str()? {
            "rs" => first.starts_with("//! ") && first.len() > 14,
            "py" => {
                let first = if first.starts_with("#!") { lines.next().unwrap_or_default() } else { first };
                first.starts_with("\"\"\"") && first.len() > 13
            }
            _ => return None,
        };
        (!said).then(|| file.clone())
    };

    none("files that do not begin with their purpose", files().iter().filter_map(purpose).collect());
}

/// Code, data and tests alike.
#[test]
fn no_file_is_longer_than_one_can_hold_in_mind() {
    let counted = ["rs", "py", "toml", "md", "yml", "json", "sh"];
    let long = |file: &String| {
        let extension = Path::new(file).extension()?.to_str()?;
        if !counted.contains(&extension) || GENERATED.contains(&file.as_str()) {
            return None;
        }
        let lines = text_of(file)?.lines().count();
        (lines > MAX_LINES).then(|| format!("{file}: {lines} lines"))
    };

    none(&format!("files of more than {MAX_LINES} lines"), files().iter().filter_map(long).collect());
}

/// A name that fits everything collects everything.
#[test]
fn each_name_says_what_is_in_it() {
    let says_nothing = |file: &&String| {
        Path::new(file).iter().any(|part| {
            let stem = Path::new(part).file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
            NAMES_THAT_SAY_NOTHING.contains(&stem)
        })
    };

    none("names that say nothing", files().iter().filter(says_nothing).cloned().collect());
}

/// A path of somebody's machine works nowhere else. The home folders of three systems, as they begin.
#[test]
fn no_path_of_a_developers_machine() {
    let top = ["home", "Users", "work", "root"].map(|folder| format!("/{folder}/"));
    let homes: Vec<&str> = top.iter().map(String::as_str).chain(["C:\\Users\\"]).collect();
    // Resolve's own places, and what a reader is to replace.
    let placeholders = ["/home/resolve", "/home/you", "/Users/you"];
    let offending = |file: &String| {
        if file == "tests/tidy.rs" {
            return Vec::new();
        }
        let text = text_of(file).unwrap_or_default();
        let lines = text.lines().enumerate();
        lines
            .filter(|(_, line)| homes.iter().any(|home| line.contains(home)))
            .filter(|(_, line)| !placeholders.iter().any(|placeholder| line.contains(placeholder)))
            .map(|(number, line)| format!("{file}:{}: {}", number + 1, line.trim()))
            .collect()
    };

    none("paths of a developer's machine", files().iter().flat_map(offending).collect());
}

/// `stdout` belongs to the protocol in both programs; clippy denies the macros, this the attribute that allows them.
/// A build script talks to cargo that way.
#[test]
fn nothing_allows_printing_to_stdout() {
    let allowing = |file: &&String| {
        file.ends_with(".rs")
            && !file.ends_with("build.rs")
            && file.as_str() != "tests/tidy.rs"
            && text_of(file).is_some_and(|text| text.contains("clippy::print_stdout"))
    };

    none("files that allow printing to stdout", files().iter().filter(allowing).cloned().collect());
}
