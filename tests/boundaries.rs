//! One foreign technology per package, and who may import whom.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value as Json;

use crate::client::root;

/// The direct dependencies of each package of the workspace, all features on; `dev` says whether those of tests count.
fn dependencies(dev: bool) -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline", "--all-features"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr));
    let metadata: Json = serde_json::from_slice(&output.stdout).expect("cargo metadata writes JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    packages
        .iter()
        .map(|package| {
            let dependencies = package["dependencies"].as_array().expect("dependencies");
            let counted = dependencies.iter().filter(|dependency| dev || dependency["kind"] != "dev");
            let names = counted.map(|dependency| text(&dependency["name"])).collect();
            (text(&package["name"]), names)
        })
        .collect()
}

fn text(json: &Json) -> String {
    json.as_str().expect("text").to_owned()
}

/// The quarantine pays when a foreign crate changes: one package cares.
#[test]
fn each_foreign_technology_is_in_one_package() {
    let packages = dependencies(true);
    let users = |prefix: &str| -> Vec<&str> {
        let uses = |names: &BTreeSet<String>| {
            names.iter().any(|name| name == prefix || name.starts_with(&format!("{prefix}-")))
        };
        packages.iter().filter(|(_, names)| uses(names)).map(|(package, _)| package.as_str()).collect()
    };

    assert_eq!(vec!["davinci-resolve-mcp"], users("rmcp"));
    assert_eq!(vec!["resolve-actors"], users("ractor"));
    assert_eq!(vec!["resolve-python"], users("pyo3"));
    assert_eq!(vec!["davinci-resolve-mcp", "resolve-actors"], users("tokio"));
}

/// `src → actors → api ← python`, and `src → api`. Actors know the messages, not the language at the other end.
#[test]
fn packages_import_each_other_one_way_only() {
    let packages = dependencies(false);
    let ours = |package: &str| -> Vec<&str> {
        packages[package].iter().filter(|name| packages.contains_key(*name)).map(String::as_str).collect()
    };

    assert_eq!(vec!["resolve-actors", "resolve-api"], ours("davinci-resolve-mcp"));
    assert_eq!(vec!["resolve-api"], ours("resolve-actors"));
    assert_eq!(vec!["resolve-api"], ours("resolve-python"));
    assert!(ours("resolve-api").is_empty());
    assert_eq!(4, packages.len(), "a fifth package needs a change to ARCHITECTURE.md");
}

/// The vocabulary of both sides of the wire is plain data.
#[test]
fn the_catalogue_package_knows_nothing_foreign() {
    let expected: BTreeSet<String> =
        ["indexmap", "serde", "serde_json", "strsim", "thiserror", "toml"].map(str::to_owned).into();

    assert_eq!(expected, dependencies(false)["resolve-api"]);
}
