//! The scripting API as a typed stub of Python, written from the rows.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use resolve_api::catalogue::{Class, Method, Status, catalogue};
use resolve_api::kind::{Kind, Param};
use resolve_api::vocabulary::{Dict, Enumeration, Values};

/// What cannot be a name in Python.
const KEYWORDS: [&str; 6] = ["from", "in", "is", "class", "lambda", "None"];

/// The longest `Literal` that is written out: longer ones are text, with the page that lists the values.
const CHOICES: usize = 60;

/// The stub.
pub fn text() -> String {
    let mut text = "\"\"\"The scripting API of DaVinci Resolve, typed. Written by `make docs` from the catalogue in python/api.\"\"\"\n\n\
        from typing import Any, Literal, TypedDict, overload\n\n"
        .to_owned();
    for enumeration in catalogue().enumerations().filter(|enumeration| is_name(&enumeration.name)) {
        writeln!(text, "{} = {}", enumeration.name, choices(enumeration)).expect("text grows");
    }
    for dict in catalogue().dicts() {
        text += &shape(dict);
    }
    for class in catalogue().classes() {
        text += &self::class(class);
    }
    text += "\ndef scriptapp(name: str, host: str = ...) -> Resolve | None: ...\n";
    text
}

fn is_name(name: &str) -> bool {
    name.starts_with(char::is_alphabetic) && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// The values of an enumeration; `str`, `int` or `float` where others occur, and for constants, whose numbers only
/// the live object knows.
fn choices(enumeration: &Enumeration) -> String {
    let literal = |values: Vec<String>, other: &str| {
        if enumeration.open || values.is_empty() || values.len() > CHOICES {
            other.to_owned()
        } else {
            format!("Literal[{}]", values.join(", "))
        }
    };
    match &enumeration.values {
        Values::Texts(choices) => {
            literal(choices.iter().map(|choice| quoted(&choice.value)).collect(), "str")
        }
        Values::Integers(numbers) => {
            literal(numbers.iter().map(|(number, _)| number.to_string()).collect(), "int")
        }
        Values::Constants(_) => "float".to_owned(),
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// A dict with its keys, some of which are no names.
fn shape(dict: &Dict) -> String {
    let mut text = format!("{} = TypedDict(\n    {},\n    {{\n", dict.name, quoted(&dict.name));
    for field in &dict.fields {
        writeln!(
            text,
            "        {}: {},",
            quoted(&field.name),
            quoted(&kind(&field.kind)).replace("\\\"", "'")
        )
        .expect("text grows");
    }
    text + "    },\n    total=False,\n)\n"
}

fn class(class: &Class) -> String {
    let mut text = format!("\nclass {}:\n    \"\"\"{}\"\"\"\n", class.name, class.doc.replace('\\', "\\\\"));
    if class.name == "Resolve" {
        let names: BTreeSet<&str> = catalogue()
            .constants()
            .filter(|(_, constant)| !constant.removed)
            .map(|(_, constant)| constant.name.as_str())
            .collect();
        for name in names {
            writeln!(text, "    {name}: float").expect("text grows");
        }
    }
    let methods: Vec<&Method> =
        class.methods.values().filter(|method| method.status != Status::Removed).collect();
    if methods.is_empty() {
        text += "    ...\n";
    }
    for method in methods {
        text += &self::method(method);
    }
    text
}

fn method(method: &Method) -> String {
    // Forms that differ only in what the stub does not say would be the same overload twice.
    let mut forms: Vec<String> = Vec::new();
    for (params, variadic) in method.forms() {
        let form = form(method, params, variadic);
        if !forms.contains(&form) {
            forms.push(form);
        }
    }
    let overload = if forms.len() > 1 { "    @overload\n" } else { "" };
    let doc = method.doc.replace('\\', "\\\\");
    let mut text = String::new();
    for (number, form) in forms.iter().enumerate() {
        let body = if number == 0 { format!("\n        \"\"\"{doc}\"\"\"\n") } else { " ...\n".to_owned() };
        write!(text, "{overload}    {form}:{body}").expect("text grows");
    }
    text
}

fn form(method: &Method, params: &[Param], variadic: Option<&Param>) -> String {
    let mut written = vec!["self".to_owned()];
    // What may be left out in the middle must be given as a whole; Python wants it so too.
    let last_required = params.iter().rposition(|param| param.required);
    for (number, param) in params.iter().enumerate() {
        let may = !param.required && last_required.is_none_or(|last| number > last);
        let name = if KEYWORDS.contains(&param.name.as_str()) {
            format!("{}_", param.name)
        } else {
            param.name.clone()
        };
        written.push(format!("{name}: {}{}", kind(&param.kind), if may { " = ..." } else { "" }));
    }
    written.extend(variadic.map(|rest| format!("*{}: {}", rest.name, kind(&rest.kind))));
    format!("def {}({}) -> {}", method.name, written.join(", "), kind(&method.returns))
}

/// A kind as Python writes it.
fn kind(of: &Kind) -> String {
    match of {
        Kind::Any => "Any".into(),
        Kind::Null => "None".into(),
        Kind::Bool => "bool".into(),
        Kind::Int => "int".into(),
        Kind::Number => "float".into(),
        Kind::Str | Kind::Path(_) | Kind::Timecode | Kind::JsonText | Kind::Position => "str".into(),
        Kind::Enum(name) | Kind::Constant(name) if is_name(name) => name.clone(),
        // Alternatives that are written out in the row.
        Kind::Enum(name) | Kind::Constant(name) => {
            catalogue().enumeration(name).map_or_else(|| "Any".to_owned(), choices)
        }
        Kind::Dict(name) | Kind::Object(name) => name.clone(),
        Kind::List(item) => format!("list[{}]", kind(item)),
        Kind::Tuple(items) => {
            let kinds: Vec<String> = items.iter().map(kind).collect();
            format!("tuple[{}]", kinds.join(", "))
        }
        Kind::Map(key, value) => format!("dict[{}, {}]", kind(key), kind(value)),
        Kind::OneOf(kinds) => {
            let mut written: Vec<String> = Vec::new();
            for one in kinds.iter().map(kind) {
                if !written.contains(&one) {
                    written.push(one);
                }
            }
            written.join(" | ")
        }
        Kind::Optional(inner) => format!("{} | None", kind(inner)),
    }
}
