//! What a call would do, as a sentence for the person who is asked.

use resolve_api::shorten::shortened;
use serde_json::Value as Json;

use super::Needed;

/// Names in a sentence; more are counted.
const NAMES: usize = 5;

/// Characters of a sentence about one call: a dialog shows little more.
const LONGEST: usize = 400;

/// The question: what would be done, to what, and that it stays so.
pub fn question(needed: &Needed, plan: &Json) -> String {
    let steps: Vec<&Json> = match plan.get("results").and_then(Json::as_array) {
        Some(results) => results.iter().filter_map(|result| result.get("value")).collect(),
        None => vec![plan],
    };
    let told: Vec<String> = steps.into_iter().flat_map(flat).filter_map(sentence).collect();
    let what = match told.split_at_checked(NAMES) {
        Some((first, rest)) if !rest.is_empty() => {
            format!("{} and {} more calls", first.join("; "), rest.len())
        }
        _ if told.is_empty() => needed.call.clone(),
        _ => told.join("; "),
    };
    let why = lost(plan).unwrap_or_else(|| needed.why.clone());
    format!("DaVinci Resolve: {what}. {}{}.", why[..1].to_uppercase(), &why[1..])
}

/// What a look has shown that no undo brings back, where it has.
fn lost(plan: &Json) -> Option<String> {
    let results = plan.get("results").and_then(Json::as_array);
    let steps = results.into_iter().flatten().filter_map(|result| result.get("value")).flat_map(flat);
    let mut told = std::iter::once(plan).chain(steps).filter_map(|plan| plan.get("undo")?.as_str());
    told.find(|undo| undo.starts_with("cannot")).map(|undo| format!("undo {undo}"))
}

/// The plans of a step that is made on several objects, one by one.
fn flat(plan: &Json) -> Vec<&Json> {
    plan.as_array().map_or_else(|| vec![plan], |plans| plans.iter().collect())
}

/// One call that would be made; none for what is only read.
fn sentence(plan: &Json) -> Option<String> {
    let call = plan.get("would_call").or_else(|| plan.get("would"))?.as_str()?;
    let mut told = call.to_owned();
    let name =
        |about: &Json| about["name"].as_str().filter(|name| !name.is_empty()).map(|name| format!("'{name}'"));
    let objects = plan["objects"].as_array().map(Vec::as_slice).unwrap_or_default();
    if objects.is_empty() {
        if let Some(name) = name(&plan["on"]) {
            told += &format!(" of {name}");
        }
        let given: Vec<String> =
            plan["args"].as_object().into_iter().flatten().map(|(_, value)| value.to_string()).collect();
        if !given.is_empty() {
            told += &format!(" ({})", given.join(", "));
        }
    } else {
        let names: Vec<String> =
            objects.iter().take(NAMES).map(|object| told_of(object, name(object))).collect();
        told += &format!(": {}", names.join(", "));
        let count = plan["count"].as_u64().unwrap_or_default() as usize;
        if count > names.len() {
            told += &format!(" and {} more", count - names.len());
        }
    }
    for (key, words) in [("items_on_it", "items on it"), ("would_remove", "would go")] {
        if let Some(count) = plan[key].as_u64() {
            told += &format!(", {count} {words}");
        }
    }
    Some(shortened(told, LONGEST))
}

/// An object with what is in it.
fn told_of(object: &Json, name: Option<String>) -> String {
    let name = name.unwrap_or_else(|| object["object"]["id"].as_str().unwrap_or("an object").to_owned());
    let inside = [
        ("clips", "clips"),
        ("folders", "folders"),
        ("items", "items"),
        ("used_on_timelines", "uses on timelines"),
    ];
    let inside: Vec<String> = inside
        .into_iter()
        .filter_map(|(key, words)| {
            let value = &object[key];
            let count = value.as_u64().or_else(|| value.as_str()?.parse().ok())?;
            (count > 0).then(|| format!("{count} {words}"))
        })
        .collect();
    if inside.is_empty() { name } else { format!("{name} ({})", inside.join(", ")) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A person decides from names and numbers, not from ids.
    #[test]
    fn the_question_names_and_counts() {
        let needed =
            Needed { call: "MediaPool.DeleteClips".into(), why: "undo cannot take it back: gone".into() };
        let object = json!({"object": {"id": "a"}, "name": "film.mov", "used_on_timelines": "2"});
        let plan = json!({"would_call": "MediaPool.DeleteClips", "count": 9, "objects": [object]});

        let expected = "DaVinci Resolve: MediaPool.DeleteClips: 'film.mov' (2 uses on timelines) and 8 more. \
                        Undo cannot take it back: gone.";
        assert_eq!(expected, question(&needed, &plan));
        let read = json!({"value": [1, 2]});
        let batch = json!({"results": [read, {"value": [plan]}]});
        assert_eq!(expected, question(&needed, &batch));
        let name =
            json!({"would_call": "ProjectManager.DeleteProject", "on": {}, "args": {"projectName": "Film"}});
        assert!(question(&needed, &name).contains("ProjectManager.DeleteProject (\"Film\")"));
    }
}
