//! What is written from the code and the catalogue: README's table of tools, the coverage pages, the typed stub.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use davinci_resolve_mcp::groups::Group;
use davinci_resolve_mcp::tools::Tools;
use resolve_api::catalogue::{Class, Method, Status, catalogue};
use resolve_api::engine;

use crate::client::root;
use crate::stub;

/// What says in a file where the written part begins and ends.
const MARKS: (&str, &str) = ("<!-- tools: written by `make docs` -->\n", "<!-- end of tools -->");

/// The file as it should be. `make docs` writes it; without that it is compared.
fn hold(file: &str, text: &str) {
    let path = root().join(file);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("docs is writable");
        std::fs::write(&path, text).expect("docs is writable");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == text, "{file} is not what the code says: run `make docs` and read the difference");
}

/// The first sentence of a description.
fn sentence(doc: &str) -> String {
    let end = doc.find(". ").map_or(doc.len(), |at| at + 1);
    doc[..end].replace('|', "\\|")
}

/// Nobody keeps a table of 32 tools right by hand.
#[test]
fn the_readme_lists_the_tools() {
    let readme = std::fs::read_to_string(root().join("README.md")).expect("README.md is readable");
    let (before, rest) = readme.split_once(MARKS.0).expect("the mark before the table");
    let (_, after) = rest.split_once(MARKS.1).expect("the mark after the table");
    let mut table = "\n| tool | what it does |\n|---|---|\n".to_owned();
    for entry in Tools::standard().entries() {
        let doc = sentence(entry.tool.description.as_deref().unwrap_or_default());
        writeln!(table, "| `{}` | {doc} |", entry.tool.name).expect("text grows");
    }
    hold("README.md", &format!("{before}{}{table}\n{}{after}", MARKS.0, MARKS.1));
}

/// How many methods of a class the engine does, and which it does not.
struct Coverage {
    all: usize,
    lacking: usize,
}

impl Coverage {
    fn of<'m>(methods: impl Iterator<Item = &'m Method>) -> Self {
        let mut coverage = Self { all: 0, lacking: 0 };
        for method in methods {
            coverage.all += 1;
            coverage.lacking += usize::from(engine::lacks(&method.label()).is_some());
        }
        coverage
    }

    fn row(&self, name: &str) -> String {
        format!("| {name} | {} | {} | {} |\n", self.all, self.all - self.lacking, self.lacking)
    }
}

/// The methods that current versions of Resolve answer.
fn methods(class: &Class) -> impl Iterator<Item = &Method> {
    class.methods.values().filter(|method| method.status != Status::Removed)
}

/// Where a class has its page.
fn page(class: &Class) -> String {
    let mut name = String::new();
    for letter in class.name.chars() {
        if letter.is_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.extend(letter.to_lowercase());
    }
    format!("{name}.md")
}

/// What can be called, and what of it the engine does, counted from the rows and from the engine's own table. Each
/// row is called on the engine by `tests/rows.rs`.
#[test]
fn the_coverage_pages_are_computed() {
    let mut summary = "# What of Resolve's scripting API there is\n\n\
        Written by `make docs` from the catalogue and from what the engine says that it lacks; a test calls each method on \
        the\nengine and holds both to it. With a real Resolve every method is called that its version has.\n\n\
        | class | methods | the engine does | it does not |\n|---|--:|--:|--:|\n"
        .to_owned();
    for class in catalogue().classes() {
        summary += &Coverage::of(methods(class)).row(&format!("[{}](coverage/{})", class.name, page(class)));
    }
    let everything = || catalogue().classes().flat_map(methods);
    summary += &Coverage::of(everything()).row("**all**");
    summary += "\n## Why not\n\n| reason | methods |\n|---|--:|\n";
    let mut reasons = BTreeMap::<&str, usize>::new();
    for reason in everything().filter_map(|method| engine::lacks(&method.label())) {
        *reasons.entry(reason).or_default() += 1;
    }
    for (reason, count) in reasons {
        writeln!(summary, "| {reason} | {count} |").expect("text grows");
    }
    hold("docs/api-coverage.md", &summary);
    for class in catalogue().classes() {
        hold(&format!("docs/coverage/{}", page(class)), &table(class));
    }
    let pages: Vec<String> = catalogue().classes().map(page).collect();
    for found in std::fs::read_dir(root().join("docs/coverage")).expect("the folder is there").flatten() {
        let name = found.file_name().into_string().expect("names are UTF-8");
        assert!(pages.contains(&name), "docs/coverage/{name} is the page of no class: remove it");
    }
}

/// The page of one class.
fn table(class: &Class) -> String {
    let mut text = format!(
        "# {}\n\n{} Written by `make docs`; the whole: [api-coverage.md](../api-coverage.md).\n\n\
         | method | what it does | effect | since | tool and action | engine |\n|---|---|---|---|---|---|\n",
        class.name, class.doc
    );
    for method in methods(class) {
        let doc = method.doc.replace('|', "\\|");
        let since = method.since.as_deref().unwrap_or("");
        let tool = match (Group::action_of(method), &method.replaced_by) {
            (Some((tool, action)), _) => format!("`{tool}` `{action}`"),
            (None, Some(instead)) => format!("deprecated: {instead}"),
            (None, None) => "`api_call`".to_owned(),
        };
        let engine = engine::lacks(&method.label()).map_or("yes".to_owned(), |why| format!("no: {why}"));
        writeln!(text, "| {} | {doc} | {} | {since} | {tool} | {engine} |", method.name, method.effect)
            .expect("text grows");
    }
    text
}

/// A script is written with the names and kinds before its eyes, in whatever editor.
#[test]
fn the_stub_follows_the_rows() {
    hold("docs/DaVinciResolveScript.pyi", &stub::text());
}

/// Links of the pages lead somewhere.
#[test]
fn the_summary_links_pages_that_there_are() {
    let summary = std::fs::read_to_string(root().join("docs/api-coverage.md")).expect("it is readable");
    for link in summary.split("](").skip(1).filter_map(|rest| rest.split_once(')')) {
        assert!(Path::new(&root().join("docs").join(link.0)).is_file(), "{}", link.0);
    }
}
