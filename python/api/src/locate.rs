//! Which object an argument means: a unique id, a token, or an object with one key.

use serde_json::{Map, Value as Json};

use crate::check::{ArgumentError, join};
use crate::check_value::{Checked, got};
use crate::locator::{Key, Locator};
use crate::nearest::nearest_names;
use crate::value::Value;

/// The locator of an object of `class` that is written as `given` at the path `at`.
///
/// Text is a unique id, a name (not of a timeline item: many have the same), a path from `/` for a folder, `#2` for
/// the second timeline, the `held-…` token of an earlier reply, or `current`. An object says `{"id": …}`, `{"name": …}`,
/// `{"index": …}`, `{"path": …}` or, for a node graph, `{"of": …, "layer": …}`; what a reply gave is taken too.
pub fn locate(class: &str, given: &Json, at: &str) -> Checked<Locator> {
    match given {
        Json::String(text) => by_text(class, text, at),
        Json::Object(entries) if entries.contains_key("$object") => from_wire(class, given, at),
        Json::Object(entries) if class == "Graph" && entries.contains_key("of") => graph(entries, at),
        Json::Object(entries) => by_entries(class, entries, at),
        _ => Err(ArgumentError::new(at, format!("must be {}; got {}", usual(class), got(given)))),
    }
}

/// How an object of the class is usually written.
fn usual(class: &str) -> String {
    match class {
        "Folder" => {
            "a Folder: its unique id, its name, a path such as \"/Master/Day 1\", or \"current\"".into()
        }
        "MediaPoolItem" => "a MediaPoolItem: its unique id or its name".into(),
        "Timeline" => "a Timeline: its unique id, its name, \"#2\" for the second, or \"current\"".into(),
        "TimelineItem" => {
            "a TimelineItem: its unique id, or \"current\" for the one under the playhead".into()
        }
        "ColorGroup" => "a ColorGroup: its name".into(),
        "GalleryStillAlbum" => "a GalleryStillAlbum: its name, or \"current\"".into(),
        "Graph" => "a Graph: {\"of\": the id of a timeline item, \"layer\": number}".into(),
        _ if Locator::implied(class).is_some() => format!("the {class}: there is one, \"current\""),
        _ => format!("a {class}: the held-… token that a reply carried"),
    }
}

fn by_text(class: &str, text: &str, at: &str) -> Checked<Locator> {
    if text.starts_with("held-") {
        return Ok(Locator::Held { class: class.to_owned(), token: text.to_owned() });
    }
    if text == "current" || text == class {
        return match Locator::implied(class) {
            Some(locator) => Ok(locator),
            None => Err(ArgumentError::new(at, format!("must be {}; there is no current one", usual(class)))),
        };
    }
    let key = match class {
        _ if text.is_empty() => None,
        "Folder" if text.starts_with('/') => Some(Key::Path(text.to_owned())),
        "Timeline" if text.starts_with('#') => Some(Key::Index(place(text, at)?)),
        "TimelineItem" => Some(Key::Id(text.to_owned())),
        "Folder" | "MediaPoolItem" | "Timeline" if is_unique_id(text) => Some(Key::Id(text.to_owned())),
        "Folder" | "MediaPoolItem" | "Timeline" => Some(Key::Name(text.to_owned())),
        "ColorGroup" | "GalleryStillAlbum" => Some(Key::Name(text.to_owned())),
        _ => None,
    };
    key.and_then(|key| Locator::with_key(class, key))
        .ok_or_else(|| ArgumentError::new(at, format!("must be {}; got {text:?}", usual(class))))
}

/// Whether text has the form of what `GetUniqueId` answers, a UUID: 32 hexadecimal digits in groups of 8, 4, 4, 4
/// and 12. It tells ids from names without asking Resolve.
pub fn is_unique_id(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// The number behind `#`.
fn place(text: &str, at: &str) -> Checked<u32> {
    let number = text.trim_start_matches('#').parse().ok().filter(|number| *number >= 1);
    number.ok_or_else(|| {
        ArgumentError::new(at, format!("must have a whole number from 1 after the #; got {text:?}"))
    })
}

fn from_wire(class: &str, given: &Json, at: &str) -> Checked<Locator> {
    match serde_json::from_value(given.clone()) {
        Ok(Value::Object(object)) if object.locator.class() == class => Ok(object.locator),
        Ok(Value::Object(object)) => {
            Err(ArgumentError::new(at, format!("must be {}; got a {}", usual(class), object.locator.class())))
        }
        _ => Err(ArgumentError::new(at, format!("must be {}; got {}", usual(class), got(given)))),
    }
}

/// `{"of": "<id of a timeline item>"}` or `{"of": {"class": "ColorGroup", "name": …}}`, with an optional layer.
fn graph(entries: &Map<String, Json>, at: &str) -> Checked<Locator> {
    refuse_unknown(entries, &["class", "of", "layer"], at)?;
    let owner = &entries["of"];
    let class = owner.get("class").and_then(Json::as_str).unwrap_or("TimelineItem");
    let owners = ["TimelineItem", "Timeline", "ColorGroup"];
    if !owners.contains(&class) {
        let reason = format!("must be one of {}; got {class:?}", owners.join(", "));
        return Err(ArgumentError::new(join(&join(at, "of"), "class"), reason));
    }
    let of = Box::new(locate(class, owner, &join(at, "of"))?);
    let layer = match entries.get("layer") {
        None | Some(Json::Null) => None,
        Some(layer) => Some(from_one(layer, &join(at, "layer"))?),
    };
    Ok(Locator::Graph { of, layer })
}

fn by_entries(class: &str, entries: &Map<String, Json>, at: &str) -> Checked<Locator> {
    if let Some(given) = entries.get("class")
        && given.as_str() != Some(class)
    {
        return Err(ArgumentError::new(join(at, "class"), format!("must be {class:?}; got {}", got(given))));
    }
    refuse_unknown(entries, &["class", "id", "token", "name", "index", "path", "current"], at)?;
    let text =
        |name: &str| entries.get(name).filter(|given| !given.is_null()).map(|given| (join(at, name), given));
    // An id says it all: a reply carries the name beside it.
    if let Some((path, given)) = text("id").or_else(|| text("token")) {
        return match given.as_str() {
            // Said to be an id, it is one, whatever its form.
            Some(id) => match Locator::by_id(class, id).filter(|_| !id.is_empty()) {
                Some(locator) => Ok(locator),
                None => by_text(class, id, &path),
            },
            None => Err(ArgumentError::new(path, format!("must be text; got {}", got(given)))),
        };
    }
    let mut keys = Vec::new();
    for name in ["name", "path"] {
        if let Some((path, given)) = text(name) {
            let word = given.as_str().filter(|word| !word.is_empty());
            let word =
                word.ok_or_else(|| ArgumentError::new(path, format!("must be text; got {}", got(given))))?;
            keys.push(if name == "name" { Key::Name(word.to_owned()) } else { Key::Path(word.to_owned()) });
        }
    }
    if let Some((path, given)) = text("index") {
        keys.push(Key::Index(from_one(given, &path)?));
    }
    if entries.get("current") == Some(&Json::Bool(true)) {
        keys.push(Key::Current);
    }
    match (keys.pop(), keys.is_empty()) {
        (Some(key), true) => Locator::with_key(class, key)
            .ok_or_else(|| ArgumentError::new(at, format!("must be {}", usual(class)))),
        (Some(_), false) => {
            Err(ArgumentError::new(at, "must have one of id, name, index, path; got several"))
        }
        (None, _) => Err(ArgumentError::new(at, format!("must be {}; got an empty dict", usual(class)))),
    }
}

fn from_one(given: &Json, at: &str) -> Checked<u32> {
    let number = given.as_u64().and_then(|number| u32::try_from(number).ok()).filter(|number| *number >= 1);
    number.ok_or_else(|| ArgumentError::new(at, format!("must be a whole number from 1; got {}", got(given))))
}

fn refuse_unknown(entries: &Map<String, Json>, known: &[&str], at: &str) -> Checked<()> {
    match entries.keys().find(|name| !known.contains(&name.as_str())) {
        None => Ok(()),
        Some(name) => Err(ArgumentError {
            path: join(at, name),
            reason: format!("there is no '{name}' here; an object is told by {}", known[1..].join(", ")),
            nearest: nearest_names(name, known.iter().copied(), 3),
        }),
    }
}
