//! Every fact about what Resolve really does reaches somebody: the agent that asks, or a test that names the fact and
//! shows what the server does about it.

use std::path::Path;

use davinci_resolve_mcp::api_call;
use davinci_resolve_mcp::api_describe::{self, Answering};
use resolve_actors::Backend;
use resolve_api::catalogue::catalogue;
use resolve_api::facts::{EVERY_CALL, Fact, Handling, facts};
use serde_json::Value as Json;

use crate::client::root;

/// All Rust sources below a folder, as one text.
fn sources(folder: &Path, into: &mut String) {
    for entry in std::fs::read_dir(folder).expect("a folder of the repository") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            *into += &std::fs::read_to_string(&path).expect("text");
        }
    }
}

/// A fact that a guard, a read-back or a row is there for has a test with its id in backticks: else nobody would notice
/// when it is not met any more.
#[test]
fn what_is_handled_is_named_by_a_test() {
    let mut text = String::new();
    for folder in
        ["tests", "actors/src", "src", "python/src", "python/tests", "python/api/src", "python/api/tests"]
    {
        sources(&root().join(folder), &mut text);
    }
    let handled =
        |fact: &&Fact| matches!(fact.server, Handling::Guard(_) | Handling::ReadBack(_) | Handling::Row(_));
    let unnamed: Vec<&str> = facts()
        .all()
        .filter(handled)
        .map(|fact| fact.id.as_str())
        .filter(|id| !text.contains(&format!("`{id}`")) && !text.contains(&format!("\"{id}\"")))
        .collect();

    assert!(unnamed.is_empty(), "{unnamed:?}");
}

/// Who asks about a method, or calls one that does not exist, or waits in vain, is told what is known; a fact that is
/// told to nobody is not handled.
#[test]
fn what_is_noted_is_told() {
    let answering = Answering { backend: Backend::Resolve, connected: None };
    let behaviour = |body: Json, told: &str| {
        body["behaviour"].as_array().is_some_and(|facts| facts.iter().any(|fact| fact == told))
    };
    let told = |fact: &Fact, on: &str| {
        let text = fact.to_string();
        if let Some(method) = catalogue().method_by_label(on) {
            behaviour(api_describe::describe_method(method, &answering), &text)
        } else if let Some(class) = catalogue().class(on) {
            behaviour(api_describe::describe_class(class, &answering), &text)
        } else if on == EVERY_CALL {
            facts().hints(EVERY_CALL, None, 3).contains(&text)
        } else {
            api_call::no_such_method(on).hint.contains(&text)
        }
    };
    let untold: Vec<&str> = facts()
        .all()
        .filter(|fact| fact.server == Handling::Note && facts().holds(fact, None))
        .filter(|fact| !fact.on.iter().any(|on| told(fact, on)))
        .map(|fact| fact.id.as_str())
        .collect();

    assert!(untold.is_empty(), "{} facts: {untold:?}", untold.len());
}
