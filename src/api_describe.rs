//! The tool `api_describe`: all that is known of one method or class of the scripting API.

use resolve_actors::{Args, Backend};
use resolve_api::catalogue::{Class, Method, Status, catalogue};
use resolve_api::facts::version::Version;
use resolve_api::facts::{Fact, facts};
use resolve_api::kind::{Kind, Param};
use resolve_api::nearest::nearest_names;
use resolve_api::vocabulary::{Enumeration, Values};
use serde_json::{Map, Value as Json, json};

use crate::api_call;
use crate::error::{Code, ToolError};
use crate::groups::Group;
use crate::{schema, signature};

/// What the tool says of itself to an agent.
pub const DOC: &str = "Tells all that is known of a method of DaVinci Resolve's scripting API: its parameters as a \
schema, the forms that it takes, the values that enumerations allow, what it answers and what a failure looks like, \
the page that must be open, what Resolve really does beyond its text, since when it exists, and whether what is \
connected has it. For a class: what it is and its methods. Names are found with api_search.";

/// Facts about one method that are told, those that matter most first. The method that most is known of,
/// AppendToTimeline, has fewer; a longer list would not be read.
const FACTS: usize = 40;

/// Values of one enumeration that are told; longer ones are long lists of names that nobody reads whole.
const VALUES: usize = 60;

/// Its parameters.
pub fn params() -> Vec<Param> {
    let doc = "class and method, such as \"Timeline.AddMarker\", or a class, such as \"Timeline\"";
    vec![Param::required("method", Kind::Str, doc)]
}

/// Who answers, as far as that is known at this moment.
#[derive(Debug, Clone)]
pub struct Answering {
    /// What answers as Resolve.
    pub backend: Backend,
    /// Its product name and version, once it is connected.
    pub connected: Option<(String, String)>,
}

/// The answer of the tool.
///
/// # Errors
/// `no_such_method` with the nearest names, and what is known of people who looked for this one.
pub fn answer(args: &Args, answering: &Answering) -> Result<Json, ToolError> {
    let name = args.get("method").and_then(resolve_api::Value::as_str).unwrap_or_default().trim();
    if let Some(method) = api_call::find(name) {
        return Ok(describe_method(method, answering));
    }
    if let Some(class) = catalogue().classes().find(|class| class.name.eq_ignore_ascii_case(name)) {
        return Ok(describe_class(class, answering));
    }
    let error = api_call::no_such_method(name);
    let classes = nearest_names(name, catalogue().classes().map(|class| class.name.as_str()), 5);
    if name.contains('.') || classes.is_empty() {
        return Err(error);
    }
    let hint = "name a class, a method as Class.Method, or look for it with api_search";
    Err(ToolError::new(Code::NoSuchMethod, format!("method: the scripting API has no '{name}'"))
        .at("method")
        .with_hint(hint)
        .with_candidates(classes.into_iter().map(resolve_api::Value::from).chain(error.candidates)))
}

/// A class with its methods.
pub fn describe_class(class: &Class, answering: &Answering) -> Json {
    let methods: Vec<Json> = class
        .methods
        .values()
        .filter(|method| method.status != Status::Removed)
        .map(|method| {
            let mut entry =
                json!({ "method": method.label(), "does": method.doc, "effect": method.effect.as_str() });
            if has(method, answering).0 == Some(false) {
                entry["has"] = false.into();
            }
            entry
        })
        .collect();
    let mut body =
        json!({ "class": class.name, "is": class.doc, "total": methods.len(), "methods": methods });
    if !class.reached_by.is_empty() {
        body["reached_by"] = class.reached_by.clone().into();
    }
    let facts = told(&class.name, answering);
    if !facts.is_empty() {
        body["behaviour"] = facts.into();
    }
    body
}

/// A method with everything that its row and the facts say.
pub fn describe_method(method: &Method, answering: &Answering) -> Json {
    let mut body = Map::new();
    let mut put = |name: &str, value: Json| {
        let empty = match &value {
            Json::Null => true,
            Json::String(text) => text.is_empty(),
            Json::Array(items) => items.is_empty(),
            Json::Object(entries) => entries.is_empty(),
            _ => false,
        };
        if !empty {
            body.insert(name.to_owned(), value);
        }
    };
    put("method", method.label().into());
    put("does", method.doc.as_str().into());
    put("effect", method.effect.as_str().into());
    let (has, why) = has(method, answering);
    put("has", json!(has));
    put("has_because", why.into());
    if let Some((tool, action)) = Group::action_of(method) {
        put("tool", tool.into());
        put("action", action.into());
    }
    put("forms", signature::forms(method).into());
    put("args_schema", Json::Object(schema::of_params(&method.params)));
    put("values", values(method));
    put("returns", method.returns.to_string().into());
    put("returns_doc", method.returns_doc.as_str().into());
    put("failure", method.failure.iter().map(|failure| failure.as_str()).collect());
    put("page_required", method.page_required.clone().into());
    put("page_advised", json!(method.page_advised));
    put("beware", method.tags.iter().map(|tag| tag.as_str()).collect());
    put("notes", method.notes.clone().into());
    put("verify_with", json!(method.verify_with));
    put("behaviour", told(&method.label(), answering).into());
    if method.status != Status::Current {
        put("status", method.status.as_str().into());
    }
    put("alias_of", json!(method.alias_of));
    put("replaced_by", json!(method.replaced_by));
    put("since", json!(method.since));
    put("deprecated_in", json!(method.deprecated_in));
    if method.studio_only {
        put("studio_only", true.into());
    }
    put("extras_pack", json!(method.extras_pack));
    Json::Object(body)
}

/// Whether what is connected has the method, and why that is said; `None` where nobody can know yet.
pub fn has(method: &Method, answering: &Answering) -> (Option<bool>, String) {
    if method.status == Status::Removed {
        return (Some(false), "current versions of Resolve have removed it".to_owned());
    }
    if answering.backend == Backend::Engine
        && let Some(reason) = resolve_api::engine::lacks(&method.label())
    {
        return (Some(false), format!("the headless engine does not do it: {reason}"));
    }
    let Some((product, version)) = &answering.connected else {
        return match answering.backend {
            Backend::Engine => (Some(true), "the headless engine does it".to_owned()),
            Backend::Resolve => (None, "no Resolve has been connected yet".to_owned()),
        };
    };
    let known = version.parse::<Version>().ok();
    let since = method.since.as_ref().and_then(|since| since.parse::<Version>().ok());
    if let (Some(known), Some(since)) = (&known, &since)
        && !known.reaches(since)
    {
        let first = method.since.as_deref().unwrap_or_default();
        return (Some(false), format!("it exists since {first}, and {product} {version} is connected"));
    }
    if method.studio_only && !product.contains("Studio") {
        return (
            Some(false),
            format!("only the Studio edition has it, and {product} {version} is connected"),
        );
    }
    (Some(true), format!("{product} {version} is connected"))
}

/// What Resolve really does, surprises first and the better known first.
fn told(name: &str, answering: &Answering) -> Vec<String> {
    let version = answering.connected.as_ref().and_then(|(_, version)| version.parse::<Version>().ok());
    let mut about: Vec<&Fact> =
        facts().about(name).filter(|fact| facts().holds(fact, version.as_ref())).collect();
    about.sort_by_key(|fact| (fact.kind == "baseline", fact.confidence));
    about.into_iter().take(FACTS).map(ToString::to_string).collect()
}

/// The enumerations that the arguments are made of, each with its values and what they mean.
fn values(method: &Method) -> Json {
    let mut names = Vec::new();
    for (params, variadic) in method.forms() {
        for param in params.iter().chain(variadic) {
            gather(&param.kind, &mut names, 0);
        }
    }
    let found = names.iter().filter_map(|name| catalogue().enumeration(name));
    // Alternatives that are written out in the row stand in the form already.
    let named = found.filter(|enumeration| enumeration.name.starts_with(char::is_alphabetic));
    Json::Object(named.map(|enumeration| (enumeration.name.clone(), words(enumeration))).collect())
}

/// How deep dicts within dicts are followed; the deepest of the catalogue has three levels.
const DEPTH: usize = 4;

fn gather(kind: &Kind, names: &mut Vec<String>, depth: usize) {
    match kind {
        Kind::Enum(name) | Kind::Constant(name) if !names.contains(name) => names.push(name.clone()),
        Kind::Dict(name) if depth < DEPTH => {
            let fields = catalogue().dict(name).map(|dict| dict.fields.as_slice()).unwrap_or_default();
            fields.iter().for_each(|field| gather(&field.kind, names, depth + 1));
        }
        Kind::List(kind) | Kind::Optional(kind) => gather(kind, names, depth),
        Kind::Map(key, value) => {
            gather(key, names, depth);
            gather(value, names, depth);
        }
        Kind::Tuple(kinds) | Kind::OneOf(kinds) => kinds.iter().for_each(|kind| gather(kind, names, depth)),
        _ => {}
    }
}

fn words(enumeration: &Enumeration) -> Json {
    let mut words = match &enumeration.values {
        Values::Integers(numbers) => {
            numbers.iter().map(|(number, doc)| with_doc(&number.to_string(), doc)).collect()
        }
        Values::Texts(choices) => choices.iter().map(|choice| with_doc(&choice.value, &choice.doc)).collect(),
        Values::Constants(_) => enumeration.words(),
    };
    let all = words.len();
    if all > VALUES {
        words.truncate(VALUES);
        words.push(format!("… ({all} in all)"));
    }
    words.into()
}

fn with_doc(value: &str, doc: &str) -> String {
    if doc.is_empty() { value.to_owned() } else { format!("{value}: {doc}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn engine() -> Answering {
        Answering { backend: Backend::Engine, connected: None }
    }

    fn resolve(version: &str) -> Answering {
        let connected = Some(("DaVinci Resolve".to_owned(), version.to_owned()));
        Answering { backend: Backend::Resolve, connected }
    }

    fn described(name: &str) -> Result<Json, ToolError> {
        answer(&Args::from_iter([("method".into(), name.into())]), &engine())
    }

    /// A call can be written from the description alone: names, values, failure and the tool that makes it.
    #[test]
    fn a_method_is_told_whole() {
        let body = described("Timeline.AddMarker").expect("a method");

        assert_eq!(
            ("timeline_edit", "timeline_add_marker"),
            (body["tool"].as_str().unwrap(), body["action"].as_str().unwrap())
        );
        assert!(
            body["forms"][0].as_str().unwrap().starts_with("Timeline.AddMarker(frameId: number, color: ")
        );
        assert!(
            body["args_schema"]["properties"]["color"]["enum"].as_array().unwrap().contains(&"Blue".into())
        );
        assert_eq!(json!(["False"]), body["failure"]);
        assert!(!body["behaviour"].as_array().unwrap().is_empty(), "facts about AddMarker are known");
    }

    /// A class lists its methods, and a wrong name gets near ones.
    #[test]
    fn a_class_is_told_and_a_wrong_name_corrected() {
        let body = described("gallerystill").expect("a class");
        assert_eq!("GalleryStill", body["class"]);
        assert!(described("Timeline").expect("a class")["methods"].as_array().unwrap().len() > 40);

        let error = described("Timeline.AddMarkers").expect_err("no such method");
        assert_eq!(
            (Code::NoSuchMethod, Some(&"Timeline.AddMarker".into())),
            (error.code, error.candidates.first())
        );
        assert_eq!(
            Some(&"Timeline".into()),
            described("Timelin").expect_err("no such class").candidates.first()
        );
    }

    /// No description fills a window: the answer is bounded for each row.
    #[test]
    fn each_description_is_bounded() {
        for method in catalogue().methods() {
            let bytes = describe_method(method, &engine()).to_string().len();
            assert!(bytes < 24_000, "{}: {bytes}", method.label());
        }
        for class in catalogue().classes() {
            let bytes = describe_class(class, &engine()).to_string().len();
            assert!(bytes < 24_000, "{}: {bytes}", class.name);
        }
    }

    /// What is not there is said before it is called: an older version, the engine, a removed method.
    #[test]
    fn what_is_connected_decides_what_is_there() {
        let has = |label: &str, answering: &Answering| {
            has(catalogue().method_by_label(label).expect(label), answering).0
        };
        assert_eq!(Some(false), has("Project.ResetIntellisearchAnalysis", &engine()));
        assert_eq!(Some(true), has("Timeline.AddMarker", &engine()));
        let newest = catalogue()
            .methods()
            .find(|method| method.since.as_deref().is_some_and(|v| v.starts_with("21.1")));
        let newest = newest.expect("21.1 brought methods").label();
        assert_eq!(Some(false), has(&newest, &resolve("19.1.0.1")));
        assert_eq!(Some(true), has("Timeline.AddMarker", &resolve("19.1.0.1")));
        let unknown = Answering { backend: Backend::Resolve, connected: None };
        assert_eq!(None, has("Timeline.AddMarker", &unknown));
    }
}
