//! A timeline as Resolve exports it: transitions, speeds, gaps, links, what titles say, and CDLs, which no call reads.

use std::fs;

use resolve_api::value::ConstantValue;
use resolve_api::{Locator, Value};
use serde_json::Value as Json;

use super::kept;
use super::structure::{Structure, short};
use crate::error::CallError;
use crate::session::Session;

/// What the parts begin with that come of an export.
pub(super) const EXPORTED: &str = "exported ";

/// The same of a log.
pub(super) const OF_THE_LOG: &str = "exported log";

/// Under which an entry of an OTIO of Resolve has the number of its link with others.
const LINK: &str = "Link Group ID";

/// Takes a file apart; each entry by itself, or each track as a whole.
type Apart = fn(&str, bool) -> Structure;

/// The forms, and what each shows: the edit, and the CDL of each picture.
const FORMS: [(&str, &str, Apart); 2] =
    [("timeline.otio", "EXPORT_OTIO", otio), ("timeline.ale", "EXPORT_ALE_CDL", ale)];

impl Session {
    /// The parts of a timeline as two exports show them; none of a form that this build or this timeline does not have.
    ///
    /// # Errors
    /// Those of the hops.
    pub(super) async fn exported(&self, timeline: &Locator, each: bool) -> Result<Structure, CallError> {
        let mut parts = Structure::new();
        let folder = kept::passing("Timeline.Export", "file to export to")?;
        let constant = |name: &str| Value::Constant(ConstantValue { name: name.to_owned() });
        for (file, kind, apart) in FORMS {
            let path = folder.path().join(file);
            let args =
                vec![path.to_string_lossy().into_owned().into(), constant(kind), constant("EXPORT_NONE")];
            match self.ask(timeline.clone(), "Export", args).await {
                Ok(_) => {
                    parts
                        .extend(fs::read_to_string(&path).map(|text| apart(&text, each)).unwrap_or_default());
                }
                Err(CallError::Fault(fault)) if !fault.ends_the_connection() => {
                    tracing::debug!(%fault, kind, "a timeline is not compared by this export");
                }
                Err(error) => return Err(error),
            }
        }
        Ok(parts)
    }
}

/// The clips, gaps and transitions of each track.
fn otio(text: &str, each: bool) -> Structure {
    let Ok(mut timeline) = serde_json::from_str::<Json>(text) else { return Structure::new() };
    number_links(&mut timeline, &mut Vec::new());
    let tracks = timeline["tracks"]["children"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut parts = Structure::new();
    for (number, track) in tracks.iter().enumerate() {
        let children = track["children"].as_array().map(Vec::as_slice).unwrap_or_default();
        let kind = track["kind"].as_str().unwrap_or("track").to_lowercase();
        let name = format!("{EXPORTED}{kind} track {}", number + 1);
        if !each {
            let whole: Vec<String> = children.iter().map(|child| short(&plain(child))).collect();
            parts.insert(name, short(&Value::from(whole.join(","))));
            continue;
        }
        for (place, child) in children.iter().enumerate() {
            let schema = child["OTIO_SCHEMA"].as_str().unwrap_or("entry").split('.').next();
            let what = schema.unwrap_or("entry").to_lowercase();
            parts.insert(format!("{name}, {} of it", place + 1), format!("{what} {}", short(&plain(child))));
        }
    }
    parts
}

/// Numbers the links of clips in the order in which they come: the same ones have other numbers when they are made again.
fn number_links(json: &mut Json, known: &mut Vec<Json>) {
    match json {
        Json::Array(entries) => entries.iter_mut().for_each(|entry| number_links(entry, known)),
        Json::Object(entries) => {
            for (key, entry) in entries {
                if key != LINK {
                    number_links(entry, known);
                    continue;
                }
                let place = known.iter().position(|other| other == entry).unwrap_or_else(|| {
                    known.push(entry.clone());
                    known.len() - 1
                });
                *entry = (place + 1).into();
            }
        }
        _ => {}
    }
}

/// An entry without what is another one in each copy: ids.
fn plain(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(is) => (*is).into(),
        Json::Number(number) => number.as_f64().unwrap_or_default().into(),
        Json::String(text) if is_id(text) => Value::Null,
        Json::String(text) => text.as_str().into(),
        Json::Array(items) => {
            // Their order counts, which it does not in lists of flags.
            let items = items.iter().enumerate().map(|(place, item)| (place.to_string(), plain(item)));
            Value::Map(items.collect())
        }
        Json::Object(entries) => {
            Value::Map(entries.iter().map(|(key, value)| (key.clone(), plain(value))).collect())
        }
    }
}

/// Whether a text is a unique id: 32 hexadecimal digits, mostly with hyphens.
fn is_id(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_hexdigit).count();
    let others = text.chars().filter(|one| !one.is_ascii_hexdigit());
    digits == 32 && others.clone().count() <= 6 && others.into_iter().all(|one| "-{}".contains(one))
}

/// The rows of a log, in which the CDL of each picture stands.
fn ale(text: &str, each: bool) -> Structure {
    let rows: Vec<&str> = text.lines().skip_while(|line| *line != "Data").skip(1).collect();
    if !each {
        return Structure::from([(OF_THE_LOG.to_owned(), short(&rows.join("\n").into()))]);
    }
    let row = |(place, row): (usize, &&str)| {
        (format!("{OF_THE_LOG}, row {} of it", place + 1), short(&(*row).into()))
    };
    rows.iter().enumerate().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn track(transition: f64, id: &str) -> String {
        format!(
            r#"{{"OTIO_SCHEMA": "Timeline.1", "name": "Cut", "tracks": {{"children": [{{"kind": "Video", "children": [
                {{"OTIO_SCHEMA": "Clip.2", "name": "a", "metadata": {{"id": "{id}"}}}},
                {{"OTIO_SCHEMA": "Transition.1", "in_offset": {{"value": {transition}}}}}
            ]}}]}}}}"#
        )
    }

    /// A copy has other ids and the same edit; another transition is another edit, and is named by its place.
    #[test]
    fn an_export_is_compared_without_ids() {
        let one = otio(&track(4.0, "7b8a3b9e-61cf-4a52-9c5e-0d3f0a1b2c3d"), true);
        assert_eq!(one, otio(&track(4.0, "00000000-61cf-4a52-9c5e-0d3f0a1b2c3d"), true));

        let other = otio(&track(6.0, "7b8a3b9e-61cf-4a52-9c5e-0d3f0a1b2c3d"), true);
        let differ: Vec<&String> = one.keys().filter(|key| one[*key] != other[*key]).collect();
        assert_eq!(vec!["exported video track 1, 2 of it"], differ);
        assert_eq!(1, otio(&track(4.0, "a"), false).len());
    }

    /// Links that are made again have other numbers, and are the same; a link that is another one is.
    #[test]
    fn links_are_compared_by_what_they_link() {
        let linked = |links: [i64; 3]| {
            let clips = links.map(|link| {
                format!(r#"{{"OTIO_SCHEMA": "Clip.2", "metadata": {{"Link Group ID": {link}}}}}"#)
            });
            otio(
                &format!(
                    r#"{{"tracks": {{"children": [{{"kind": "Video", "children": [{}]}}]}}}}"#,
                    clips.join(",")
                ),
                true,
            )
        };
        assert_eq!(linked([1, 2, 1]), linked([7, 9, 7]));
        assert_ne!(linked([1, 2, 1]), linked([7, 9, 9]));
    }

    /// The rows begin behind the word Data.
    #[test]
    fn a_log_has_a_part_for_each_row() {
        let log =
            |saturation: &str| format!("Heading\nFPS\t24\n\nColumn\nName\n\nData\na\t1\nb\t{saturation}\n");
        let (one, other) = (ale(&log("1"), true), ale(&log("0.5"), true));
        assert_eq!(
            (2, true),
            (one.len(), one["exported log, row 1 of it"] == other["exported log, row 1 of it"])
        );
        assert_ne!(one, other);
    }
}
