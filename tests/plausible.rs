//! Arguments that a method of the catalogue takes, made from its row alone.

use std::path::Path;

use resolve_api::catalogue::{Method, catalogue};
use resolve_api::kind::{Kind, Param};
use resolve_api::vocabulary::Values;
use serde_json::{Map, Value as Json, json};

/// What a call may refer to.
pub struct Stage<'a> {
    /// A file that can be imported.
    pub film: &'a Path,
    /// A folder for what is written.
    pub folder: &'a Path,
    /// Class to the text that names an object of it.
    pub objects: Map<String, Json>,
}

impl Stage<'_> {
    /// The arguments that must be given, by name.
    pub fn args(&self, method: &Method) -> Json {
        self.dict(method.params.iter().filter(|param| param.required))
    }

    fn dict<'p>(&self, params: impl Iterator<Item = &'p Param>) -> Json {
        Json::Object(params.map(|param| (param.name.clone(), self.param(param))).collect())
    }

    fn param(&self, param: &Param) -> Json {
        let value = self.value(&param.kind, &param.name);
        match (value.as_f64(), param.minimum, param.maximum) {
            (Some(number), Some(low), _) if number < low => json!(low),
            (Some(number), _, Some(high)) if number > high => json!(high),
            _ => value,
        }
    }

    fn value(&self, kind: &Kind, name: &str) -> Json {
        match kind {
            Kind::Any => json!("1"),
            Kind::Null => Json::Null,
            Kind::Bool => json!(true),
            Kind::Int | Kind::Number => json!(1),
            Kind::Str => json!("A"),
            Kind::Path(_) => self.path(name),
            Kind::Timecode => json!("01:00:00:10"),
            Kind::Position => json!(1),
            Kind::JsonText => json!("{}"),
            Kind::Enum(name) | Kind::Constant(name) => chosen(name),
            Kind::Dict(name) => {
                let fields = catalogue().dict(name).map(|dict| dict.fields.as_slice()).unwrap_or_default();
                let writable = |field: &&Param| {
                    catalogue().dict(name).is_some_and(|dict| !dict.read_only.contains(&field.name))
                };
                let required = fields.iter().filter(|field| field.required).count();
                match required {
                    0 => self.dict(fields.iter().filter(writable).take(1)),
                    _ => self.dict(fields.iter().filter(|field| field.required)),
                }
            }
            Kind::Object(class) => self.objects.get(class).cloned().unwrap_or_else(|| json!("held-1-999")),
            Kind::List(kind) => json!([self.value(kind, name)]),
            Kind::Tuple(kinds) => kinds.iter().map(|kind| self.value(kind, name)).collect(),
            Kind::Map(key, kind) => {
                let key = match self.value(key, name) {
                    Json::String(key) => key,
                    other => other.to_string(),
                };
                json!({ key: self.value(kind, name) })
            }
            Kind::OneOf(kinds) => kinds.first().map_or(Json::Null, |kind| self.value(kind, name)),
            Kind::Optional(kind) => self.value(kind, name),
        }
    }

    /// Something to write goes into the folder; anything else is the film.
    fn path(&self, name: &str) -> Json {
        let name = name.to_ascii_lowercase();
        let folder = ["folder", "dir", "target", "directory"].iter().any(|word| name.contains(word));
        match (folder, name.contains("file") || name.contains("export")) {
            (true, _) => json!(self.folder),
            (_, true) => json!(self.folder.join("written.out")),
            _ => json!(self.film),
        }
    }
}

fn chosen(name: &str) -> Json {
    let Some(enumeration) = catalogue().enumeration(name) else { return json!("A") };
    match &enumeration.values {
        Values::Integers(numbers) => json!(numbers.first().map_or(0, |(number, _)| *number)),
        _ => json!(enumeration.words().into_iter().find(|word| !word.is_empty()).unwrap_or_default()),
    }
}
