//! Parameters as JSON Schema, in the subset that every client takes.
//!
//! The subset: objects with `additionalProperties: false`, one `type` per value, text enumerations that are not
//! empty, and no combinators, references or boolean schemas. Where a kind allows more than the subset can say
//! (frames as number or text), the schema names the preferred form and the description says the others; the
//! check in `arguments` takes them all.

use resolve_api::catalogue::{Catalogue, catalogue};
use resolve_api::kind::{Kind, Param};
use resolve_api::vocabulary::Values;
use rmcp::model::JsonObject;
use serde_json::{Map, Value as Json, json};

/// The input schema of a tool with these parameters.
pub fn of_params(params: &[Param]) -> JsonObject {
    object(params, catalogue())
}

fn object(params: &[Param], catalogue: &Catalogue) -> JsonObject {
    let mut schema = Map::new();
    schema.insert("type".into(), "object".into());
    let properties =
        params.iter().map(|param| (param.name.clone(), Json::Object(property(param, catalogue)))).collect();
    schema.insert("properties".into(), Json::Object(properties));
    let required: Vec<Json> =
        params.iter().filter(|param| param.required).map(|param| param.name.as_str().into()).collect();
    if !required.is_empty() {
        schema.insert("required".into(), required.into());
    }
    schema.insert("additionalProperties".into(), false.into());
    schema
}

/// The schema of one parameter, with its description, default and bounds.
fn property(param: &Param, catalogue: &Catalogue) -> JsonObject {
    let mut schema = of_kind(&param.kind, catalogue);
    let description = described(param);
    if !description.is_empty() {
        schema.insert("description".into(), description.into());
    }
    let numeric = matches!(schema.get("type").and_then(Json::as_str), Some("integer" | "number"));
    if numeric {
        for (name, bound) in [("minimum", param.minimum), ("maximum", param.maximum)] {
            if let Some(bound) = bound {
                schema.insert(name.into(), whole_where_it_is(bound));
            }
        }
    }
    if let Some(default) = &param.default {
        schema.insert("default".into(), default.clone());
    }
    schema
}

fn whole_where_it_is(number: f64) -> Json {
    if number.fract() == 0.0 && number.abs() < 9e15 { (number as i64).into() } else { number.into() }
}

/// What the parameter is, and which further forms it takes that the schema cannot say.
fn described(param: &Param) -> String {
    let further = match innermost(&param.kind) {
        kind @ (Kind::OneOf(_) | Kind::Position) => format!("Takes {}.", kind.describe()),
        // The items of a list of three numbers are said by the schema.
        kind @ Kind::Tuple(items) if items.windows(2).any(|pair| pair[0] != pair[1]) => {
            format!("Takes {}.", kind.describe())
        }
        _ => String::new(),
    };
    [param.doc.as_str(), further.as_str()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .map(|part| if part.ends_with(['.', ')']) { part.to_owned() } else { format!("{part}.") })
        .collect::<Vec<_>>()
        .join(" ")
}

/// The kind of a single value: of an optional what it may be, of a list what its items are.
fn innermost(kind: &Kind) -> &Kind {
    match kind {
        Kind::Optional(kind) | Kind::List(kind) => innermost(kind),
        kind => kind,
    }
}

/// The schema of a kind, without a description.
fn of_kind(kind: &Kind, catalogue: &Catalogue) -> JsonObject {
    match kind {
        // No `type` at all would be the honest schema of anything; text is what every client can send.
        Kind::Any | Kind::Null => typed("string"),
        Kind::Bool => typed("boolean"),
        Kind::Int => typed("integer"),
        Kind::Number => typed("number"),
        Kind::Str | Kind::Path(_) | Kind::Timecode | Kind::JsonText | Kind::Object(_) | Kind::Position => {
            typed("string")
        }
        Kind::Enum(name) | Kind::Constant(name) => enumeration(name, catalogue),
        Kind::Dict(name) => match catalogue.dict(name) {
            Some(dict) if dict.open => {
                let mut schema = object(&dict.fields, catalogue);
                schema.remove("additionalProperties");
                schema
            }
            Some(dict) => object(&dict.fields, catalogue),
            None => typed("object"),
        },
        Kind::List(item) => list(item, catalogue),
        Kind::Tuple(items) => {
            let mut schema = list(items.first().unwrap_or(&Kind::Any), catalogue);
            schema.insert("minItems".into(), items.len().into());
            schema.insert("maxItems".into(), items.len().into());
            schema
        }
        Kind::Map(_, value) if matches!(**value, Kind::Any) => typed("object"),
        Kind::Map(_, value) => {
            let mut schema = typed("object");
            schema.insert("additionalProperties".into(), Json::Object(of_kind(value, catalogue)));
            schema
        }
        Kind::OneOf(kinds) => kinds.first().map_or_else(|| typed("string"), |kind| of_kind(kind, catalogue)),
        Kind::Optional(kind) => of_kind(kind, catalogue),
    }
}

fn typed(name: &str) -> JsonObject {
    Map::from_iter([("type".to_owned(), Json::from(name))])
}

fn list(item: &Kind, catalogue: &Catalogue) -> JsonObject {
    let mut schema = typed("array");
    schema.insert("items".into(), Json::Object(of_kind(item, catalogue)));
    schema
}

/// The values of a closed enumeration; an open one is any text or number.
fn enumeration(name: &str, catalogue: &Catalogue) -> JsonObject {
    let Some(enumeration) = catalogue.enumeration(name) else { return typed("string") };
    if let Values::Integers(numbers) = &enumeration.values {
        let mut schema = typed("integer");
        // Enumerations of numbers break some clients; the bounds say nearly as much.
        let low = numbers.iter().map(|(number, _)| number).min();
        let high = numbers.iter().map(|(number, _)| number).max();
        if let (Some(low), Some(high), false) = (low, high, enumeration.open) {
            schema.insert("minimum".into(), json!(low));
            schema.insert("maximum".into(), json!(high));
        }
        return schema;
    }
    let mut schema = typed("string");
    let words: Vec<String> = enumeration.words().into_iter().filter(|word| !word.is_empty()).collect();
    if !enumeration.open && !words.is_empty() {
        schema.insert("enum".into(), words.into());
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A closed root, with the parameters in their order: clients that sort or add keys break on anything else.
    #[test]
    fn the_root_is_a_closed_object_in_order() {
        let params = [
            Param::required("name", Kind::Str, "the name, such as \"Cut 1\""),
            Param::optional("width", Kind::Int, "pixels").at_least(16.0).at_most(16384.0),
            Param::optional("fps", Kind::Number, "frames per second").or(24),
        ];

        let expected = json!({
            "type": "object",
            "properties": {
                "name": {"type": "string", "description": "the name, such as \"Cut 1\"."},
                "width": {"type": "integer", "description": "pixels.", "minimum": 16, "maximum": 16384},
                "fps": {"type": "number", "description": "frames per second.", "default": 24}
            },
            "required": ["name"],
            "additionalProperties": false
        });
        assert_eq!(expected.to_string(), Json::Object(of_params(&params)).to_string());
    }

    /// Two types for one value break some clients: the schema names one, the description both.
    #[test]
    fn a_kind_with_several_forms_has_one_type_and_says_the_others() {
        let schema = of_params(&[Param::required(
            "position",
            Kind::Position,
            "where, from the start of the timeline",
        )]);

        let position = &schema["properties"]["position"];
        assert_eq!("string", position["type"]);
        assert_eq!(
            "where, from the start of the timeline. Takes frames (96), a timecode (\"01:00:04:00\") or seconds (\"4s\").",
            position["description"]
        );
    }

    /// A list of three numbers is an array with bounds, as prefixItems is outside the subset.
    #[test]
    fn a_tuple_is_an_array_of_its_length() {
        let rgb = Kind::Tuple(vec![Kind::Number, Kind::Number, Kind::Number]);
        let schema = of_params(&[Param::required("slope", rgb, "red, green, blue")]);

        let slope = &schema["properties"]["slope"];
        assert_eq!(json!({"type": "number"}), slope["items"]);
        assert_eq!((&json!(3), &json!(3)), (&slope["minItems"], &slope["maxItems"]));
    }
}
