//! Answers that are too long for a model: their beginning goes out, and the whole is kept as a resource for a while.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value as Json, json};

/// The longest answer in bytes of JSON: about 20,000 tokens. More pushes the work out of a model's window.
pub const MAX_ANSWER_BYTES: usize = 60_000;

/// What of a longer answer goes out at once, in bytes: enough to see what it is.
const BEGINNING_BYTES: usize = 24_000;

/// Answers that are kept. An agent that has not looked at one sixteen long answers later has forgotten it.
const KEPT: usize = 16;

/// All that is kept, in bytes: two answers of the longest line that an interpreter may send.
const KEPT_BYTES: usize = 32 << 20;

/// How a resource that holds an answer is named, before its id.
pub const REPLY: &str = "resolve://reply/";

/// The answers that are kept, the oldest first.
#[derive(Debug, Default)]
pub struct Spilled {
    kept: Mutex<VecDeque<(String, String)>>,
}

impl Spilled {
    /// Keeps `text` and gives the address under which it can be read; `None` if it is longer than all that is kept.
    pub fn keep(&self, text: String) -> Option<String> {
        if text.len() > KEPT_BYTES {
            return None;
        }
        // Several clients share a server: a number that one can count up would show another's answer.
        let mut random = [0_u8; 8];
        getrandom::fill(&mut random).ok()?;
        let id = random.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_back((id.clone(), text));
        let mut bytes: usize = kept.iter().map(|(_, text)| text.len()).sum();
        while kept.len() > KEPT || bytes > KEPT_BYTES {
            bytes -= kept.pop_front().map_or(0, |(_, text)| text.len());
        }
        Some(format!("{REPLY}{id}"))
    }

    /// The answer of that id, while it is kept.
    pub fn get(&self, id: &str) -> Option<String> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(known, _)| known == id).map(|(_, text)| text.clone())
    }

    /// The answer itself if it is short enough; else its beginning, and the address of the whole.
    pub fn cut(&self, body: Map<String, Json>) -> Cut {
        let text = written(&body);
        if text.len() <= MAX_ANSWER_BYTES {
            return Cut { body, text, uri: None };
        }
        let bytes = text.len();
        let uri = self.keep(text);
        let mut beginning = match begin(Json::Object(body), BEGINNING_BYTES) {
            Json::Object(entries) => entries,
            _ => Map::new(),
        };
        let hint = match &uri {
            Some(uri) => format!(
                "read the resource {uri} for all of it, or ask for less with limit, cursor and fields"
            ),
            None => "ask for less with limit, cursor and fields".to_owned(),
        };
        beginning.insert("cut".to_owned(), json!({ "bytes": bytes, "resource": uri, "hint": hint }));
        Cut { text: written(&beginning), body: beginning, uri }
    }
}

/// What of an answer goes out.
#[derive(Debug, Clone, PartialEq)]
pub struct Cut {
    /// The answer, or its beginning.
    pub body: Map<String, Json>,
    /// The same as it is written.
    pub text: String,
    /// The address of the whole, where this is not all and it is kept.
    pub uri: Option<String>,
}

fn written(body: &Map<String, Json>) -> String {
    // JSON with texts for keys can always be written.
    serde_json::to_string(body).unwrap_or_default()
}

/// The beginning of a value in about `room` bytes. Short entries stay whole; of long lists and texts the first part.
fn begin(value: Json, room: usize) -> Json {
    if value.to_string().len() <= room {
        return value;
    }
    match value {
        Json::String(text) => {
            let mut end = room.min(text.len());
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            Json::String(format!("{}…", &text[..end]))
        }
        Json::Array(items) => {
            let mut left = room;
            let mut part = Vec::new();
            for item in items {
                let bytes = item.to_string().len() + 1;
                if bytes > left {
                    // A list of one long entry shows the beginning of that.
                    if part.is_empty() && left > 16 {
                        part.push(begin(item, left));
                    }
                    break;
                }
                left -= bytes;
                part.push(item);
            }
            Json::Array(part)
        }
        Json::Object(entries) => {
            // What is short is kept whatever its place, so that totals and cursors stay beside a long list.
            let mut sizes: Vec<(String, usize)> = entries
                .iter()
                .map(|(name, value)| (name.clone(), name.len() + value.to_string().len() + 4))
                .collect();
            sizes.sort_by_key(|(_, bytes)| *bytes);
            let mut left = room;
            let mut rooms = HashMap::new();
            for (name, bytes) in sizes {
                let given = bytes.min(left);
                left -= given;
                // Of what does not fit, a part that is too small to show anything is left out.
                if given == bytes || given > name.len() + 32 {
                    rooms.insert(name, given);
                }
            }
            let kept = entries.into_iter().filter_map(|(name, value)| {
                let room = rooms.get(&name)?.saturating_sub(name.len() + 4);
                Some((name, begin(value, room)))
            });
            Json::Object(kept.collect())
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(json: Json) -> Map<String, Json> {
        let Json::Object(entries) = json else { panic!("an object") };
        entries
    }

    /// A long answer still says how much there is, and where the rest is.
    #[test]
    fn a_long_answer_is_cut_and_kept_whole() {
        let spilled = Spilled::default();
        let names: Vec<String> = (0..10_000).map(|number| format!("clip {number}")).collect();
        let body = object(json!({"value": names, "total": 10_000, "next_cursor": "50"}));

        let Cut { body: cut, text, uri } = spilled.cut(body.clone());
        let uri = uri.expect("it is kept");

        assert_eq!(Json::Object(cut.clone()).to_string(), text);
        assert!(text.len() <= MAX_ANSWER_BYTES / 2, "{} bytes", text.len());
        assert_eq!(
            (&json!(10_000), &json!("50"), &json!(uri)),
            (&cut["total"], &cut["next_cursor"], &cut["cut"]["resource"])
        );
        assert_eq!("clip 0", cut["value"][0]);
        let kept = spilled.get(uri.strip_prefix(REPLY).expect("its address")).expect("it is kept");
        assert_eq!(Json::Object(body), serde_json::from_str::<Json>(&kept).expect("JSON"));
    }

    /// A short answer goes out as it is.
    #[test]
    fn a_short_answer_is_whole() {
        let body = object(json!({"value": ["a"]}));
        let text = r#"{"value":["a"]}"#.to_owned();
        assert_eq!(Cut { body: body.clone(), text, uri: None }, Spilled::default().cut(body));
    }

    /// A server that runs for weeks keeps only the newest answers.
    #[test]
    fn the_oldest_are_dropped() {
        let spilled = Spilled::default();
        let first = spilled.keep("first".into()).expect("kept");
        let later: Vec<String> = (0..KEPT).map(|_| spilled.keep("later".into()).expect("kept")).collect();

        let id = |uri: &str| uri.strip_prefix(REPLY).expect("an address").to_owned();
        assert_eq!(None, spilled.get(&id(&first)));
        assert_eq!(Some("later".to_owned()), spilled.get(&id(&later[0])));

        let large = spilled.keep("x".repeat(KEPT_BYTES)).expect("kept");
        assert_eq!(None, spilled.get(&id(&later[KEPT - 1])));
        assert!(spilled.get(&id(&large)).is_some());
        assert_eq!(None, spilled.keep("x".repeat(KEPT_BYTES + 1)));
    }

    /// One text that is longer than all room, and letters of several bytes at the end of it.
    #[test]
    fn a_long_text_is_cut_between_letters() {
        let Cut { body: cut, .. } =
            Spilled::default().cut(object(json!({"value": "ä".repeat(MAX_ANSWER_BYTES)})));

        assert!(cut["value"].as_str().expect("a text").ends_with("ä…"));
        let nested = json!({"value": [["日本".repeat(MAX_ANSWER_BYTES)]]});
        assert!(Spilled::default().cut(object(nested)).body["value"][0][0].is_string());
    }
}
