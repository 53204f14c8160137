//! The tool `api_search`: finds methods of the scripting API, and tools, by words of their names and descriptions.

use std::collections::HashMap;
use std::sync::LazyLock;

use resolve_actors::Args;
use resolve_api::catalogue::{Method, Status, catalogue};
use resolve_api::kind::{Kind, Param};
use serde_json::{Value as Json, json};

use crate::groups::{self, Group};

/// What the tool says of itself to an agent.
pub const DOC: &str = "Finds methods of DaVinci Resolve's scripting API, and the tools of this server, by words such as \
\"export subtitles\" or by a name, also one that does not exist. Answers the names, best first, each with one line, \
what it does (read, write, destructive, long_running, ui) and the tool and action that call it; api_describe tells the \
rest of a method, and api_call calls it.";

/// Results unless asked otherwise: a screen full, about 1,000 tokens.
const LIMIT: i64 = 10;

/// The most results: more is reading the whole catalogue.
const LIMIT_LARGEST: f64 = 50.0;

/// Tools that may stand beside the methods.
const TOOLS: usize = 3;

/// The longest query that is looked at, in words; the rest adds nothing.
const WORDS: usize = 12;

/// Words of people for words of Resolve, and back.
const SYNONYMS: &[(&str, &[&str])] = &[
    ("bin", &["folder", "sub"]),
    ("create", &["add", "new", "make"]),
    ("add", &["create", "append"]),
    ("clip", &["item"]),
    ("cut", &["append", "clip"]),
    ("cuts", &["scene"]),
    ("sequence", &["timeline"]),
    ("caption", &["subtitle"]),
    ("captions", &["subtitle"]),
    ("colour", &["color"]),
    ("grade", &["graph", "node", "cdl", "lut"]),
    ("zoom", &["property"]),
    ("crop", &["property"]),
    ("opacity", &["property"]),
    ("transform", &["property"]),
    ("effect", &["ofx", "fusion"]),
    ("screenshot", &["still", "frame"]),
    ("thumbnail", &["still", "frame"]),
    ("speech", &["transcribe", "transcription"]),
    ("playhead", &["timecode", "current"]),
    ("delete", &["remove", "clear"]),
    ("remove", &["delete"]),
    ("rename", &["name", "set"]),
    ("list", &["get"]),
    ("rendering", &["render"]),
    ("aaf", &["export"]),
    ("edl", &["export"]),
    ("xml", &["export"]),
    ("fcpxml", &["export"]),
];

/// Its parameters.
pub fn params() -> Vec<Param> {
    vec![
        Param::required("query", Kind::Str, "words or a name, such as \"mark clips\" or \"AddMarker\""),
        Param::optional(
            "domain",
            Kind::Str,
            "only this part: project, media_pool, timeline, color, fusion, render, or one of their parts such as audio",
        ),
        Param::optional("limit", Kind::Int, "at most so many methods")
            .or(LIMIT)
            .at_least(1.0)
            .at_most(LIMIT_LARGEST),
    ]
}

/// Where words of a row stand, and what each is worth there.
struct Row {
    method: &'static Method,
    words: HashMap<String, f64>,
}

/// The rows with their words, and how many rows have each word.
struct Index {
    rows: Vec<Row>,
    rows_with: HashMap<String, usize>,
}

fn index() -> &'static Index {
    static INDEX: LazyLock<Index> = LazyLock::new(|| {
        let rows: Vec<Row> = catalogue()
            .methods()
            .filter(|method| method.status != Status::Removed)
            .map(|method| Row { method, words: words_of(method) })
            .collect();
        let mut rows_with = HashMap::new();
        for word in rows.iter().flat_map(|row| row.words.keys()) {
            *rows_with.entry(word.clone()).or_insert(0) += 1;
        }
        Index { rows, rows_with }
    });
    &INDEX
}

/// A word counts once, where it counts most: in the name, then the class, the sentence, the parameters, the notes.
fn words_of(method: &Method) -> HashMap<String, f64> {
    let mut words = HashMap::new();
    let params = method.forms().flat_map(|(params, _)| params).map(|param| param.name.as_str());
    let params = params.collect::<Vec<_>>().join(" ");
    let notes = method.notes.join(" ");
    let domain = method.domain.as_str();
    let places: [(&str, f64); 6] = [
        (&method.name, 4.0),
        (&method.class, 2.0),
        (&method.doc, 2.0),
        (&params, 1.0),
        (domain, 0.8),
        (&notes, 0.5),
    ];
    for (text, worth) in places {
        for word in split(text) {
            let best = words.entry(word).or_insert(worth);
            *best = f64::max(*best, worth);
        }
    }
    words
}

/// The words of a text or a name in small letters and without their endings: `GetItemListInTrack` has `get`, `item`,
/// `list`, `in` and `track`.
fn split(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let begins = letter.is_uppercase()
            && (before.is_lowercase()
                || before.is_ascii_digit()
                || (before.is_uppercase() && letters.peek().is_some_and(|next| next.is_lowercase())));
        if begins || !letter.is_alphanumeric() {
            words.push(String::new());
        }
        if letter.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(letter.to_lowercase());
        }
        before = letter;
    }
    words.into_iter().filter(|word| word.len() > 1).map(|word| stem(&word)).collect()
}

/// Takes off endings, so that `markers`, `marked` and `marking`, or `deletes` and `deleting`, are found alike.
fn stem(word: &str) -> String {
    // `class` is no plural.
    let word = word.strip_suffix('s').filter(|rest| rest.len() >= 3 && !rest.ends_with('s')).unwrap_or(word);
    let cut =
        ["ing", "ed"].iter().find_map(|ending| word.strip_suffix(ending).filter(|rest| rest.len() >= 3));
    let word = match cut {
        // `setting` is of `set`.
        Some(rest)
            if rest.len() >= 4 && rest.as_bytes()[rest.len() - 1] == rest.as_bytes()[rest.len() - 2] =>
        {
            &rest[..rest.len() - rest.chars().next_back().map_or(0, char::len_utf8)]
        }
        Some(rest) => rest,
        None => word,
    };
    word.strip_suffix('e').filter(|rest| rest.len() >= 3).unwrap_or(word).to_owned()
}

/// How well a row fits: each word of the query where it stands, rare words more than common ones.
fn score(row: &Row, asked: &[String], index: &Index) -> f64 {
    let all = index.rows.len() as f64;
    let one = |word: &str| -> f64 {
        let exact = row.words.get(word).copied().unwrap_or(0.0);
        if exact > 0.0 {
            let rare = index.rows_with.get(word).map_or(0.0, |rows| (all / *rows as f64).ln());
            return exact * (1.0 + rare);
        }
        let begins = |other: &String| {
            word.len() >= 3
                && (other.starts_with(word) || word.starts_with(other.as_str()) && other.len() >= 4)
        };
        row.words.iter().filter(|(other, _)| begins(other)).map(|(_, worth)| worth * 1.2).fold(0.0, f64::max)
    };
    let total: f64 = asked
        .iter()
        .map(|word| {
            let like =
                SYNONYMS.iter().find(|(said, _)| stem(said) == *word).map_or(&[][..], |(_, meant)| *meant);
            let like = like.iter().map(|meant| one(&stem(meant)) * 0.6).fold(0.0, f64::max);
            one(word).max(like)
        })
        .sum();
    // Of two that fit alike, the one that says less beside it, and the one that is current.
    let spare = split(&row.method.name).iter().filter(|word| !asked.contains(word)).count() as f64;
    let old = if row.method.status == Status::Deprecated { 0.8 } else { 1.0 };
    if total == 0.0 { 0.0 } else { (total - 0.3 * spare).max(0.1) * old }
}

/// The methods that fit a query, best first: those that a name means, then those that words find.
pub fn search(query: &str, within: impl Fn(&Method) -> bool) -> Vec<&'static Method> {
    let index = index();
    let mut asked = split(query);
    asked.truncate(WORDS);
    // A single word may be a name, right or invented: `Timeline.AppendToTimeline`, `get_current_page`.
    let query = query.trim();
    let named = if query.contains(char::is_whitespace) || asked.len() < 2 {
        Vec::new()
    } else {
        let (class, name) = query.rsplit_once('.').map_or((None, query), |(class, name)| (Some(class), name));
        catalogue().nearest_method(class, name)
    };
    let mut scored: Vec<(f64, &Method)> = index
        .rows
        .iter()
        .filter(|row| within(row.method))
        .map(|row| (score(row, &asked, index), row.method))
        .filter(|(score, _)| *score > 0.0)
        .collect();
    scored.sort_by(|one, other| other.0.total_cmp(&one.0));
    // What fits a tenth as well as the best is noise.
    let least = scored.first().map_or(0.0, |(best, _)| best * 0.25);
    let found = scored.into_iter().filter(|(score, _)| *score >= least).map(|(_, method)| method);
    let mut methods: Vec<&Method> = named.into_iter().filter(|method| within(method)).collect();
    for method in found {
        if !methods.iter().any(|known| known.label() == method.label()) {
            methods.push(method);
        }
    }
    methods
}

/// The answer of the tool. `tools` are the task-shaped ones by name and sentence.
///
/// # Errors
/// The part of Resolve that is not known, and the nearest ones.
pub fn answer(args: &Args, tools: &[(&str, &str)]) -> Result<Json, crate::error::ToolError> {
    let text = |name: &str| args.get(name).and_then(resolve_api::Value::as_str);
    let query = text("query").unwrap_or_default();
    let domains = match text("domain") {
        Some(domain) => Some(groups::domains(domain)?),
        None => None,
    };
    let limit = args.get("limit").and_then(resolve_api::Value::as_int).unwrap_or(LIMIT).max(1) as usize;
    let found =
        search(query, |method| domains.as_ref().is_none_or(|domains| domains.contains(&method.domain)));
    let methods: Vec<Json> = found.iter().take(limit).map(|method| line(method)).collect();
    let mut body = json!({ "methods": methods, "total": found.len() });
    let tools = fitting_tools(query, tools);
    if !tools.is_empty() {
        body["tools"] = tools.into();
    }
    if found.is_empty() {
        body["hint"] = "try other words, or fewer: \"marker\", \"render job\", \"track name\"".into();
    }
    Ok(body)
}

/// One method in a search result.
fn line(method: &Method) -> Json {
    let mut entry = json!({ "method": method.label(), "does": method.doc, "effect": method.effect.as_str() });
    if let Some((group, action)) = Group::action_of(method) {
        entry["tool"] = group.into();
        entry["action"] = action.into();
    }
    if method.status != Status::Current {
        entry["status"] = method.status.as_str().into();
    }
    if let Some(instead) = &method.replaced_by {
        entry["replaced_by"] = instead.as_str().into();
    }
    entry
}

/// The task-shaped tools whose name has a word of the query.
fn fitting_tools(query: &str, tools: &[(&str, &str)]) -> Vec<Json> {
    let asked = split(query);
    let mut fitting: Vec<(usize, Json)> = tools
        .iter()
        .map(|(name, doc)| {
            let words = split(name);
            let sentence = doc.split_once(". ").map_or(*doc, |(first, _)| first).trim_end_matches('.');
            let count = asked.iter().filter(|word| words.contains(word)).count();
            (count, json!({ "tool": name, "does": format!("{sentence}.") }))
        })
        .filter(|(count, _)| *count > 0)
        .collect();
    fitting.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    fitting.into_iter().take(TOOLS).map(|(_, entry)| entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(query: &str) -> String {
        search(query, |_| true).first().map(|method| method.label()).unwrap_or_default()
    }

    /// What agents and people type, and the method that they need: among the first three, which is what is read.
    #[test]
    fn words_find_the_method() {
        let mut missed = Vec::new();
        let best = |query: &str| -> Vec<String> {
            search(query, |_| true).iter().take(3).map(|m| m.label()).collect()
        };
        for (query, meant) in [
            ("add marker to timeline", "Timeline.AddMarker"),
            ("create bin", "MediaPool.AddSubFolder"),
            ("current page", "Resolve.GetCurrentPage"),
            ("transcribe a clip", "MediaPoolItem.TranscribeAudio"),
            ("delete render job", "Project.DeleteRenderJob"),
            ("export timeline as EDL", "Timeline.Export"),
            ("create subtitles from audio", "Timeline.CreateSubtitlesFromAudio"),
            ("detect scene cuts", "Timeline.DetectSceneCuts"),
            ("relink clips", "MediaPool.RelinkClips"),
            ("set LUT on node", "Graph.SetLUT"),
            ("grab still", "Timeline.GrabStill"),
        ] {
            if !best(query).contains(&meant.to_owned()) {
                missed.push((query, meant, best(query)));
            }
        }
        assert!(missed.is_empty(), "{missed:#?}");
    }

    /// An invented name is the most common mistake of agents; the right one comes first.
    #[test]
    fn an_invented_name_finds_the_right_one() {
        for (invented, meant) in [
            ("Timeline.AppendToTimeline", "MediaPool.AppendToTimeline"),
            ("Folder.AddSubFolder", "MediaPool.AddSubFolder"),
            ("get_current_page", "Resolve.GetCurrentPage"),
            ("AddMarkers", "Timeline.AddMarker"),
        ] {
            let found = search(invented, |_| true);
            let best: Vec<String> = found.iter().take(5).map(|method| method.label()).collect();
            assert!(best.contains(&meant.to_owned()), "{invented}: {best:?}");
        }
        assert_eq!("MediaPool.AppendToTimeline", first("Timeline.AppendToTimeline"));
    }

    /// A search within a part of Resolve finds nothing of another; nonsense finds nothing.
    #[test]
    fn a_domain_bounds_the_search() {
        let args = |query: &str, domain: &str| {
            Args::from_iter([("query".into(), query.into()), ("domain".into(), domain.into())])
        };
        let body = answer(&args("marker", "media_pool"), &[]).expect("a domain");
        let methods = body["methods"].as_array().expect("a list");
        assert!(!methods.is_empty());
        assert!(
            methods.iter().all(|entry| !entry["method"].as_str().expect("a name").starts_with("Timeline"))
        );

        assert!(answer(&args("marker", "medial_pool"), &[]).is_err());
        assert!(search("qzxv", |_| true).is_empty());
    }

    /// A task-shaped tool verifies what it does, so it is named where one fits.
    #[test]
    fn tools_stand_beside_the_methods() {
        let args = Args::from_iter([("query".into(), "add a marker".into())]);
        let body = answer(&args, &[("add_marker", "Adds a marker. And more."), ("look", "Shows frames.")]);

        assert_eq!(
            json!([{"tool": "add_marker", "does": "Adds a marker."}]),
            body.expect("no domain")["tools"]
        );
    }

    /// Names fall apart at their capitals as a reader sees them.
    #[test]
    fn names_split_into_words() {
        assert_eq!(vec!["get", "fusion", "comp", "by", "index"], split("GetFusionCompByIndex"));
        assert_eq!(split("export LUT curve"), split("ExportLUTCurves"));
        assert_eq!(split("set delete mark"), split("settings deleting marked"));
    }
}
