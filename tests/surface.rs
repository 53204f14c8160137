//! What an agent sees: rules over every tool, and a snapshot of each.

use std::collections::BTreeSet;
use std::path::PathBuf;

use davinci_resolve_mcp::error::Code;
use davinci_resolve_mcp::tools::{Entry, Runs, Tools};
use resolve_api::catalogue::Effect;
use serde_json::Value as Json;

use crate::client::root;

/// Cursor once capped a server at 40 tools, and an agent finds its way among 32.
const MAX_TOOLS: usize = 32;

/// About 12,000 tokens, which some clients send with every request.
const MAX_LIST_BYTES: usize = 48 * 1024;

/// The longest description that every client passes on whole.
const MAX_DESCRIPTION: usize = 1024;

/// The keywords of the subset of JSON Schema that every client takes.
const KEYWORDS: [&str; 12] = [
    "type",
    "properties",
    "required",
    "additionalProperties",
    "description",
    "default",
    "minimum",
    "maximum",
    "enum",
    "items",
    "minItems",
    "maxItems",
];

/// The order in which the tools are listed. Clients keep it, and prompts are cached by it.
const ORDER: [&str; 32] = [
    "status",
    "history",
    "undo",
    "create_project",
    "open_project",
    "project_read",
    "project_edit",
    "switch_page",
    "import_media",
    "media_pool_read",
    "media_pool_edit",
    "create_timeline",
    "append_to_timeline",
    "timeline_read",
    "timeline_edit",
    "timeline_delete",
    "add_marker",
    "set_item_properties",
    "apply_grade",
    "color_read",
    "color_edit",
    "look",
    "queue_render",
    "start_render",
    "render_read",
    "jobs_read",
    "jobs_edit",
    "render_edit",
    "api_search",
    "api_describe",
    "api_call",
    "api_batch",
];

/// Every tool that there is, in any toolset.
fn everything() -> Tools {
    Tools::everything()
}

fn listed(entry: &Entry) -> Json {
    serde_json::to_value(&entry.tool).expect("a tool serialises")
}

fn name(entry: &Entry) -> &str {
    &entry.tool.name
}

/// The order is part of the surface: a tool that moves breaks the cache of every client.
#[test]
fn tools_are_listed_in_their_order() {
    let tools = Tools::standard();

    assert_eq!(ORDER.to_vec(), tools.entries().iter().map(name).collect::<Vec<_>>());
}

/// Every byte of the list is paid for by each request of some clients.
#[test]
fn the_list_stays_small() {
    let list = Tools::standard().list();
    let bytes = serde_json::to_string(&list).expect("the list serialises").len();

    assert!(list.tools.len() <= MAX_TOOLS, "{} tools", list.tools.len());
    assert!(bytes <= MAX_LIST_BYTES, "{bytes} bytes");
    assert!(list.next_cursor.is_none());
    assert!(list.ttl_ms.is_some_and(|ttl| ttl > 0));
}

/// Names that every client accepts, and that are told apart.
#[test]
fn names_are_short_plain_and_unique() {
    let tools = everything();
    for entry in tools.entries() {
        let name = name(entry);
        assert!(
            name.len() <= 48
                && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'),
            "{name}"
        );
    }
    let unique: BTreeSet<&str> = tools.entries().iter().map(name).collect();
    assert_eq!(tools.entries().len(), unique.len());
}

/// A model chooses by the description alone.
#[test]
fn each_tool_says_what_it_does() {
    for entry in everything().entries() {
        let description = entry.tool.description.as_deref().unwrap_or_default();
        assert!(
            (40..=MAX_DESCRIPTION).contains(&description.len()),
            "{}: {} bytes",
            name(entry),
            description.len()
        );
        assert!(!description.contains('\n') && description.ends_with('.'), "{}: one paragraph", name(entry));
        assert!(entry.tool.title.as_ref().is_some_and(|title| !title.is_empty()), "{}: a title", name(entry));
    }
}

/// Clients ask the person, or do not, by the annotations: they must be true.
#[test]
fn annotations_follow_from_the_effect() {
    for entry in everything().entries() {
        let hints = entry.tool.annotations.as_ref().expect("every tool is annotated");
        assert_eq!(Some(entry.effect == Effect::Read), hints.read_only_hint, "{}", name(entry));
        assert_eq!(Some(entry.effect == Effect::Destructive), hints.destructive_hint, "{}", name(entry));
        assert_eq!(Some(false), hints.open_world_hint, "{}", name(entry));
        assert!(hints.idempotent_hint.is_some(), "{}", name(entry));
        let named = match entry.runs {
            Runs::Method(row) => row.effect == Effect::Read,
            _ if name(entry).ends_with("_read") => true,
            _ => ["status", "history", "look", "api_search", "api_describe"].contains(&name(entry)),
        };
        assert_eq!(named, entry.effect == Effect::Read, "{}: {:?}", name(entry), entry.effect);
    }
    let tools = everything();
    for name in ["api_call", "api_batch", "timeline_delete"] {
        assert_eq!(Effect::Destructive, tools.get(name).expect(name).effect, "{name}");
    }
}

/// Outside the subset some client refuses the whole list.
#[test]
fn schemas_keep_to_the_subset() {
    for entry in everything().entries() {
        let schema = Json::Object((*entry.tool.input_schema).clone());
        assert_eq!("object", schema["type"], "{}", name(entry));
        assert_eq!(false, schema["additionalProperties"], "{}", name(entry));
        assert!(schema["properties"].is_object(), "{}", name(entry));
        checked(&schema, name(entry), true, 0);
    }
}

/// How deep a property that is a method's own must say what it is: at the root. Resolve's dicts have hundreds of keys
/// whose names say all that is known of them.
fn said_to(depth: usize, at: &str) -> bool {
    let tool = at.split('.').next().unwrap_or_default();
    depth == 0 || ORDER.contains(&tool)
}

/// Walks a schema and fails on what is outside the subset.
fn checked(schema: &Json, at: &str, closed: bool, depth: usize) {
    let schema = schema.as_object().unwrap_or_else(|| panic!("{at}: a schema is an object, not {schema}"));
    for key in schema.keys() {
        assert!(KEYWORDS.contains(&key.as_str()), "{at}: {key} is outside the subset");
    }
    let kind = schema.get("type").and_then(Json::as_str).unwrap_or_else(|| panic!("{at}: one type as text"));
    assert!(["object", "array", "string", "integer", "number", "boolean"].contains(&kind), "{at}: {kind}");
    if let Some(values) = schema.get("enum") {
        let values = values.as_array().unwrap_or_else(|| panic!("{at}: enum is a list"));
        assert_eq!("string", kind, "{at}: an enumeration of texts");
        assert!(
            !values.is_empty() && values.iter().all(|v| v.as_str().is_some_and(|v| !v.is_empty())),
            "{at}: enum"
        );
    }
    if kind == "array" {
        checked(
            schema.get("items").unwrap_or_else(|| panic!("{at}: a list says what is in it")),
            &format!("{at}[]"),
            false,
            depth + 1,
        );
    }
    for (property, inner) in schema.get("properties").and_then(Json::as_object).into_iter().flatten() {
        let at = format!("{at}.{property}");
        let words = inner["description"].as_str().unwrap_or_default();
        // Resolve's own property names say what they are; their bounds or their unit are enough beside them.
        let of_resolve =
            at.contains(".properties.") && (inner.get("minimum").is_some() || inner["type"] != "number");
        assert!(
            words.len() >= 8 || of_resolve || !said_to(depth, &at),
            "{at}: a description, with the unit where there is one: '{words}'"
        );
        checked(inner, &at, false, depth + 1);
    }
    for required in schema.get("required").and_then(Json::as_array).into_iter().flatten() {
        assert!(
            schema["properties"].get(required.as_str().expect("a name")).is_some(),
            "{at}: {required} is a property"
        );
    }
    match schema.get("additionalProperties") {
        Some(Json::Bool(open)) => assert!(!open, "{at}: open to anything"),
        Some(inner) => checked(inner, &format!("{at}.*"), false, depth + 1),
        None => assert!(!closed, "{at}: the root is closed"),
    }
}

/// Agents branch on the codes; one that is renamed breaks them without a word.
#[test]
fn codes_are_stable() {
    let expected = [
        "invalid_argument",
        "not_found",
        "ambiguous",
        "stale",
        "not_connected",
        "no_such_method",
        "unsupported",
        "consent_required",
        "refused",
        "raised",
        "timed_out",
        "interrupted",
        "unavailable",
        "busy",
        "changed",
        "not_verified",
        "too_large",
        "cancelled",
        "internal",
    ];
    assert_eq!(expected.to_vec(), Code::ALL.map(Code::name).to_vec());
    for code in Code::ALL {
        assert!(code.hint().len() > 20, "{}: what to do next", code.name());
    }
}

/// Only what cannot have happened, or changes nothing, may be repeated without looking.
#[test]
fn a_write_that_may_have_happened_is_not_to_be_repeated() {
    for code in [Code::TimedOut, Code::Interrupted, Code::Internal] {
        assert!(code.may_retry(Effect::Read) && !code.may_retry(Effect::Write), "{}", code.name());
    }
    for code in [Code::Busy, Code::Unavailable, Code::NotConnected] {
        assert!(code.may_retry(Effect::Write), "{}", code.name());
    }
    assert!(!Code::Refused.may_retry(Effect::Read));
}

/// What each tool of the standard surface and the seldom needed ones look like to a client, so that a change is seen in
/// review. `make accept` writes them. The tools of single methods are written from the rows, which are reviewed.
#[test]
fn each_tool_is_as_in_its_snapshot() {
    let folder = root().join("tests/snapshots");
    let file = |name: &str| -> PathBuf { folder.join(format!("{name}.json")) };
    let tools = everything();
    let texts: Vec<(&str, String)> = tools
        .entries()
        .iter()
        .filter(|entry| !matches!(entry.runs, Runs::Method(_)))
        .map(|entry| (name(entry), serde_json::to_string_pretty(&listed(entry)).expect("JSON") + "\n"))
        .collect();
    let on_disk = || -> BTreeSet<String> {
        let entries = std::fs::read_dir(&folder).expect("tests/snapshots is there");
        entries
            .filter_map(|entry| {
                entry.ok()?.file_name().into_string().ok()?.strip_suffix(".json").map(str::to_owned)
            })
            .collect()
    };

    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        for gone in on_disk().iter().filter(|known| texts.iter().all(|(name, _)| name != known)) {
            std::fs::remove_file(file(gone)).expect("a snapshot can be removed");
        }
        for (name, text) in &texts {
            std::fs::write(file(name), text).expect("tests/snapshots is writable");
        }
    }

    let expected: BTreeSet<String> = texts.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(expected, on_disk(), "one snapshot for each tool: `make accept`");
    for (name, text) in &texts {
        let snapshot = std::fs::read_to_string(file(name)).expect("a snapshot is readable");
        assert_eq!(&snapshot, text, "{name} looks different: `make accept` if that is wanted");
    }
}
