//! Rules over all rows: what no single row can see.

use std::collections::HashSet;
use std::path::Path;

use resolve_api::catalogue::{Effect, Failure, Status, catalogue};
use resolve_api::check::{check_call, check_value};
use resolve_api::kind::{Kind, Param};
use resolve_api::vocabulary::Values;

/// Every parameter of every form of every method, and every field of every dict, with a name for messages.
fn every_param() -> Vec<(String, &'static Param)> {
    let methods = catalogue().methods().flat_map(|method| {
        let params = method.forms().flat_map(|(params, variadic)| params.iter().chain(variadic));
        params.map(|param| (format!("{}({})", method.label(), param.name), param))
    });
    let fields = catalogue()
        .dicts()
        .flat_map(|dict| dict.fields.iter().map(|field| (format!("{}[{:?}]", dict.name, field.name), field)));
    methods.chain(fields).collect()
}

/// The catalogue is the whole API: a file that is not listed, or a row that is lost, shows here.
#[test]
fn nothing_is_missing() {
    assert_eq!(catalogue().classes().count(), 20);
    assert_eq!(catalogue().methods().count(), 485);
    let count = |status| catalogue().methods().filter(|method| method.status == status).count();
    assert_eq!(
        [Status::Current, Status::Deprecated, Status::Removed, Status::Undocumented].map(count),
        [410, 28, 1, 46]
    );
    assert_eq!(catalogue().constants().count(), 239);
    let count = |effect| catalogue().methods().filter(|method| method.effect == effect).count();
    let effects = [Effect::Read, Effect::Write, Effect::Destructive, Effect::LongRunning, Effect::Ui];
    assert_eq!(effects.map(count), [204, 184, 60, 31, 6]);
}

/// Every file in the two folders is compiled in; one that is forgotten would be dead text.
#[test]
fn every_file_is_read() {
    let source = include_str!("../src/rows.rs");
    for folder in ["classes", "kinds"] {
        for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if name.ends_with(".toml") {
                assert!(source.contains(&format!("../{folder}/{name}")), "{folder}/{name} is not read");
            }
        }
    }
}

/// No file grows beyond what a person reads at once.
#[test]
fn files_stay_short() {
    let mut folders: Vec<_> = ["classes", "kinds", "src", "tests"]
        .map(|name| Path::new(env!("CARGO_MANIFEST_DIR")).join(name))
        .into();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let lines = std::fs::read_to_string(&path).unwrap().lines().count();
            assert!(lines <= 400, "{} has {lines} lines", path.display());
        }
    }
}

/// Tool names fit every client (64 characters, four kept for a prefix) and are told apart.
#[test]
fn tool_names_are_short_and_unique() {
    let mut seen = HashSet::new();
    for method in catalogue().methods() {
        assert!(method.tool.len() <= 48, "{}", method.tool);
        assert!(
            method.tool.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'),
            "{}",
            method.tool
        );
        assert!(seen.insert(&method.tool), "{} twice", method.tool);
    }
}

/// Each method says in a sentence what it does, and what a failure looks like.
#[test]
fn every_method_is_described() {
    for method in catalogue().methods() {
        assert!(
            method.doc.ends_with(['.', ')']) && method.doc.len() > 8,
            "{}: {:?}",
            method.label(),
            method.doc
        );
        assert!(!method.failure.is_empty(), "{} never fails?", method.label());
        let params = method.params.iter().map(|param| &param.name).collect::<HashSet<_>>();
        assert_eq!(params.len(), method.params.len(), "{} has a name twice", method.label());
    }
}

/// What deletes, clears or overwrites says so, so that a client can ask first.
#[test]
fn destructive_methods_say_so() {
    for method in catalogue().methods() {
        let verb = ["Delete", "Clear", "Remove", "Reset"].iter().find(|verb| method.name.starts_with(*verb));
        if verb.is_some() && !matches!(method.effect, Effect::Destructive | Effect::LongRunning) {
            assert!(
                UNDONE_BY_HAND.contains(&method.label().as_str()),
                "{} is {}",
                method.label(),
                method.effect
            );
        }
        if method.effect == Effect::Read {
            assert!(!method.name.starts_with("Set") && !method.name.starts_with("Add"), "{}", method.label());
        }
    }
}

/// Names that sound destructive, and whose doing another call takes back in full.
const UNDONE_BY_HAND: &[&str] = &[
    "MediaPoolItem.ClearClipColor",
    "MediaPoolItem.ClearMarkInOut",
    "Timeline.ClearMarkInOut",
    "TimelineItem.ClearClipColor",
    "TimelineItem.RemoveFromColorGroup",
];

/// What replaces a method, or does the same, exists.
#[test]
fn references_between_rows_lead_somewhere() {
    for method in catalogue().methods() {
        for label in method.alias_of.iter().chain(&method.replaced_by) {
            assert!(catalogue().method_by_label(label).is_some(), "{} refers to {label}", method.label());
        }
        if method.status == Status::Deprecated {
            assert!(method.replaced_by.is_some(), "{} is deprecated in favour of nothing", method.label());
        }
    }
    for class in catalogue().classes() {
        for label in class.reached_by.iter().filter(|label| label.starts_with(char::is_uppercase)) {
            assert!(catalogue().method_by_label(label).is_some(), "{} is reached by {label}", class.name);
        }
    }
}

/// A deprecated method's replacement is not itself on its way out.
#[test]
fn replacements_are_current() {
    for method in catalogue().methods() {
        let replacement = method.replaced_by.as_deref().and_then(|label| catalogue().method_by_label(label));
        if let Some(replacement) = replacement {
            assert_eq!(
                replacement.status,
                Status::Current,
                "{} leads to {}",
                method.label(),
                replacement.label()
            );
        }
    }
}

/// An enumeration without values would refuse everything; one with a value twice is a slip.
#[test]
fn enumerations_hold_distinct_values() {
    for enumeration in catalogue().enumerations() {
        let words = enumeration.words();
        assert!(!words.is_empty(), "{} is empty", enumeration.name);
        assert_eq!(words.iter().collect::<HashSet<_>>().len(), words.len(), "{}", enumeration.name);
    }
    let mut constants = HashSet::new();
    for (_, constant) in catalogue().constants() {
        assert!(constants.insert(&constant.name), "{} twice", constant.name);
        assert!(constant.stated.is_none() || constant.inferred.is_none(), "{}: which number?", constant.name);
    }
}

/// A default is a value that its own parameter takes, or it would fail at the first call.
#[test]
fn defaults_fit_their_kinds() {
    for (name, param) in every_param() {
        if let Some(default) = param.default.as_ref().filter(|default| !default.is_null()) {
            let checked = check_value(&param.kind, default, &name, None);
            assert!(checked.is_ok(), "{name}: {checked:?}");
        }
    }
}

/// Bounds stand on numbers only; anywhere else they would be ignored.
#[test]
fn bounds_stand_on_numbers() {
    fn numeric(kind: &Kind) -> bool {
        match kind {
            Kind::Int | Kind::Number => true,
            Kind::Optional(kind) => numeric(kind),
            Kind::OneOf(kinds) => kinds.iter().any(numeric),
            _ => false,
        }
    }
    for (name, param) in every_param() {
        if param.minimum.is_some() || param.maximum.is_some() {
            assert!(numeric(&param.kind), "{name} is {}", param.kind);
        }
        if let (Some(low), Some(high)) = (param.minimum, param.maximum) {
            assert!(low < high, "{name}");
        }
    }
}

/// Names that a dict keeps for its read-only and writable keys are keys of it.
#[test]
fn dicts_know_their_keys() {
    for dict in catalogue().dicts() {
        for name in dict.read_only.iter().chain(&dict.writable) {
            assert!(dict.fields.iter().any(|field| field.name == *name), "{} has no {name}", dict.name);
        }
        let names: HashSet<_> = dict.fields.iter().map(|field| &field.name).collect();
        assert_eq!(names.len(), dict.fields.len(), "{} has a key twice", dict.name);
    }
}

/// Every kind is written back as the rows have it, so that schemas and documents can show it.
#[test]
fn every_kind_has_words() {
    for (name, param) in every_param() {
        assert!(!param.kind.to_string().is_empty() && !param.kind.describe().is_empty(), "{name}");
    }
}

/// A list answers a failure that a list can have: a row that lists `{}` there was copied wrongly.
#[test]
fn failures_fit_what_is_returned() {
    for method in catalogue().methods() {
        if matches!(method.returns, Kind::Bool) {
            let odd = [Failure::EmptyList, Failure::EmptyDict, Failure::EmptyText];
            assert!(!method.failure.iter().any(|failure| odd.contains(failure)), "{}", method.label());
        }
    }
}

/// No call without arguments makes the checker panic or accept a method that needs some.
#[test]
fn calls_without_arguments_are_decided_for_every_method() {
    for method in catalogue().methods() {
        let takes_none = method.forms().any(|(params, _)| params.iter().all(|param| !param.required));
        let checked = check_call(method, &serde_json::Value::Null, "args", None);
        assert_eq!(checked.is_ok(), takes_none, "{}: {checked:?}", method.label());
    }
}

/// A text that stands for a number nobody has stated is kept apart from one that was.
#[test]
fn inferred_numbers_are_kept_apart() {
    let enumeration = catalogue().enumeration("CompositeMode").unwrap();
    let Values::Constants(constants) = &enumeration.values else { panic!("constants") };
    assert_eq!((constants[0].stated, constants[0].inferred), (Some(0.0), None));
    assert_eq!((constants[2].stated, constants[2].inferred), (None, Some(2.0)));
}

/// StopRendering and its like answer None whatever happens: taken for a failure, each of them would be refused.
#[test]
fn a_method_that_promises_nothing_does_not_fail() {
    let stop = catalogue().method_by_label("Project.StopRendering").unwrap();

    assert!(!stop.failed(&resolve_api::Value::Null));
}

/// What is made on each clip takes what the call on the folder takes, and fails as that does.
#[test]
fn a_part_is_called_as_the_whole() {
    let split: Vec<_> = catalogue().methods().filter(|method| method.in_parts.is_some()).collect();
    assert!(!split.is_empty());
    for whole in split {
        let part = whole.in_parts.as_deref().and_then(|label| catalogue().method_by_label(label));
        let part = part.unwrap_or_else(|| panic!("{} has no such part", whole.label()));
        assert_eq!(("Folder", "MediaPoolItem"), (whole.class.as_str(), part.class.as_str()));
        assert_eq!(
            (&whole.params, &whole.returns, &whole.failure, whole.effect),
            (&part.params, &part.returns, &part.failure, part.effect),
            "{}",
            whole.label()
        );
    }
}

/// Work that goes on is read and stopped by methods of the same class that take nothing.
#[test]
fn what_goes_on_can_be_read_and_stopped() {
    let going: Vec<_> = catalogue().methods().filter(|method| method.goes_on.is_some()).collect();
    assert!(!going.is_empty());
    for begun in going {
        let named = |label: &Option<String>| {
            let method = label.as_deref().and_then(|label| catalogue().method_by_label(label));
            method.unwrap_or_else(|| panic!("{}: {label:?} is no method", begun.label()))
        };
        let (reader, stopper) = (named(&begun.goes_on), named(&begun.stopped_by));
        assert_eq!((Effect::Read, Effect::LongRunning), (reader.effect, begun.effect));
        for method in [reader, stopper] {
            assert!(method.class == begun.class && method.params.is_empty(), "{}", method.label());
        }
    }
}
