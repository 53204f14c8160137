//! An answer or a failure as the client gets it: the same JSON as structured content and as text, or a picture.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use resolve_actors::{Answer, Picture, Proof};
use resolve_api::catalogue::Effect;
use resolve_api::{Key, Locator, Value};
use rmcp::model::{CallToolResult, ContentBlock};
use serde_json::{Map, Value as Json, json};

use crate::error::{Code, ToolError};

/// The longest answer in bytes of JSON. About 20,000 tokens: more than that pushes the work out of a model's
/// window, so it is worth a second, narrower question.
pub const MAX_ANSWER_BYTES: usize = 80_000;

/// A call that succeeded.
///
/// Some clients give the model only the structured content, some only the text, so it is in both. With a picture
/// there is no structured content, or those clients would lose the picture.
pub fn success(answer: Answer, effect: Effect) -> CallToolResult {
    let value = proven(plain(answer.value), answer.proof, answer.remarks);
    let text = value.to_string();
    if text.len() > MAX_ANSWER_BYTES {
        return too_large(text.len(), effect);
    }
    match answer.picture {
        None => structured(value, text),
        Some(picture) => with_picture(value, picture),
    }
}

/// What a method answered beside what is known of its effect: `requested` and `observed` where it was read back, how it
/// was seen otherwise, or why it was not; and what the guards remark.
fn proven(value: Json, proof: Proof, remarks: Vec<String>) -> Json {
    if proof == Proof::Answer && remarks.is_empty() {
        return value;
    }
    let mut told = Map::from_iter([("value".to_owned(), value)]);
    match proof {
        Proof::Answer => {}
        Proof::ReadBack { reader, requested, observed } => {
            told.insert("requested".into(), plain(requested));
            told.insert("observed".into(), plain(observed));
            told.insert("verified".into(), true.into());
            told.insert("read_back_with".into(), reader.into());
        }
        Proof::Seen { how } => {
            told.insert("verified".into(), true.into());
            told.insert("seen".into(), how.into());
        }
        Proof::Unverified { reason } => {
            told.insert("verified".into(), false.into());
            told.insert("why".into(), reason.into());
        }
    }
    if !remarks.is_empty() {
        told.insert("remarks".into(), remarks.into());
    }
    Json::Object(told)
}

/// Structured content needs an object; a bare value is put under `value`.
fn structured(value: Json, text: String) -> CallToolResult {
    if value.is_object() {
        let mut result = CallToolResult::success(vec![ContentBlock::text(text)]);
        result.structured_content = Some(value);
        result
    } else {
        CallToolResult::structured(json!({ "value": value }))
    }
}

fn with_picture(value: Json, picture: Picture) -> CallToolResult {
    let mut value = match value {
        Json::Object(entries) => entries,
        other => Map::from_iter([("value".to_owned(), other)]),
    };
    value.entry("path").or_insert(Json::String(picture.path));
    CallToolResult::success(vec![
        ContentBlock::text(Json::Object(value).to_string()),
        ContentBlock::image(BASE64.encode(picture.png), "image/png"),
    ])
}

/// A write that answers too much has happened all the same, and must not be reported as failed.
fn too_large(bytes: usize, effect: Effect) -> CallToolResult {
    let what = format!("the answer has {bytes} bytes of JSON, more than the limit of {MAX_ANSWER_BYTES}");
    if effect == Effect::Read {
        return failure(&ToolError::new(Code::TooLarge, what), effect);
    }
    CallToolResult::structured(json!({
        "done": true,
        "omitted": what,
        "hint": "the call took effect; read what it made with a narrower question",
    }))
}

/// A call that failed: `isError`, and one text that holds the code first.
pub fn failure(error: &ToolError, effect: Effect) -> CallToolResult {
    let mut body = Map::new();
    body.insert("code".into(), error.code.name().into());
    body.insert("message".into(), error.message.as_str().into());
    body.insert("hint".into(), error.hint.as_str().into());
    body.insert("may_retry".into(), error.code.may_retry(effect).into());
    if let Some(path) = &error.path {
        body.insert("path".into(), path.as_str().into());
    }
    if !error.candidates.is_empty() {
        body.insert("candidates".into(), error.candidates.iter().cloned().map(plain).collect());
    }
    CallToolResult::error(vec![ContentBlock::text(Json::Object(body).to_string())])
}

/// A value as an agent reads it: objects as class and id, constants by their name.
pub fn plain(value: Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(truth) => truth.into(),
        Value::Int(number) => number.into(),
        Value::Float(number) => whole_where_it_is(number),
        Value::Str(text) => text.into(),
        Value::List(items) => items.into_iter().map(plain).collect(),
        Value::Map(entries) => {
            Json::Object(entries.into_iter().map(|(key, value)| (key, plain(value))).collect())
        }
        Value::Constant(constant) => constant.name.into(),
        Value::Step(earlier) => json!({ "$step": earlier.step }),
        Value::Object(object) => Json::Object(reference(&object.locator)),
    }
}

/// Resolve gives whole numbers as floats in many places; `96` is what an agent can use as a frame again.
/// NaN and infinities have no JSON and become null.
fn whole_where_it_is(number: f64) -> Json {
    if number.fract() == 0.0 && number.abs() < 9e15 { (number as i64).into() } else { number.into() }
}

/// `{"class", "id"}`, or what stands for the id where the class has none: `path`, `name`, `index`, `of`.
fn reference(locator: &Locator) -> Map<String, Json> {
    let mut entries = Map::from_iter([("class".to_owned(), Json::from(locator.class()))]);
    match locator {
        Locator::Held { token, .. } => {
            entries.insert("id".into(), token.as_str().into());
        }
        Locator::Graph { of, layer } => {
            entries.insert("of".into(), Json::Object(reference(of)));
            if let Some(layer) = layer {
                entries.insert("layer".into(), (*layer).into());
            }
        }
        Locator::Folder(key)
        | Locator::MediaPoolItem(key)
        | Locator::Timeline(key)
        | Locator::TimelineItem(key)
        | Locator::ColorGroup(key)
        | Locator::GalleryStillAlbum(key) => {
            let (name, value) = match key {
                Key::Current => ("current", true.into()),
                Key::Id(id) => ("id", id.as_str().into()),
                Key::Name(name) => ("name", name.as_str().into()),
                Key::Index(index) => ("index", (*index).into()),
                Key::Path(path) => ("path", path.as_str().into()),
            };
            entries.insert(name.into(), value);
        }
        Locator::Resolve
        | Locator::ProjectManager
        | Locator::Project
        | Locator::MediaStorage
        | Locator::MediaPool
        | Locator::Gallery
        | Locator::Fusion => {}
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(result: &CallToolResult) -> Json {
        serde_json::from_str(&result.content[0].as_text().expect("a text first").text).expect("JSON")
    }

    /// An agent passes ids back as they stand: an object is its class and id, with no `$object` around it.
    #[test]
    fn objects_are_class_and_id() {
        let value = Value::List(vec![
            Value::object(Locator::Timeline(Key::Id("t-1".into()))),
            Value::object(Locator::Graph {
                of: Box::new(Locator::TimelineItem(Key::Id("i-1".into()))),
                layer: Some(2),
            }),
            Value::object(Locator::Project),
            Value::constant("EXPORT_EDL"),
            Value::Float(96.0),
            Value::Float(0.5),
        ]);

        let expected = json!([
            {"class": "Timeline", "id": "t-1"},
            {"class": "Graph", "of": {"class": "TimelineItem", "id": "i-1"}, "layer": 2},
            {"class": "Project"},
            "EXPORT_EDL",
            96,
            0.5
        ]);
        assert_eq!(expected, plain(value));
    }

    /// Clients drop either the text or the structured content, so both must say the same.
    #[test]
    fn structured_content_and_text_are_the_same() {
        let result = success(Value::map([("page", "edit".into())]).into(), Effect::Read);

        assert_eq!(Some(json!({"page": "edit"})), result.structured_content);
        assert_eq!(json!({"page": "edit"}), text_of(&result));
    }

    /// What is known of a write stands beside its answer, and a write that nothing shows is not called verified.
    #[test]
    fn a_write_says_what_was_seen_of_it() {
        let told = |proof| {
            let answer =
                Answer { proof, remarks: vec!["the page was put back".into()], ..Value::from(true).into() };
            success(answer, Effect::Write).structured_content
        };
        let (requested, observed) = (Value::from("Orange"), Value::from("Orange"));

        assert_eq!(
            Some(json!({"value": true, "requested": "Orange", "observed": "Orange", "verified": true,
                "read_back_with": "TimelineItem.GetClipColor", "remarks": ["the page was put back"]})),
            told(Proof::ReadBack { reader: "TimelineItem.GetClipColor".into(), requested, observed })
        );
        assert_eq!(
            Some(json!({"value": true, "verified": false, "why": "no call reads it",
                "remarks": ["the page was put back"]})),
            told(Proof::Unverified { reason: "no call reads it".into() })
        );
    }

    /// Codex shows the model only the structured content where there is any: the picture would be lost.
    #[test]
    fn a_picture_comes_without_structured_content() {
        let picture = Picture { png: vec![1, 2, 3], path: "/tmp/sheet.png".into() };
        let result = success(
            Answer { picture: Some(picture), ..Value::map([("frames", 4.into())]).into() },
            Effect::Read,
        );

        assert_eq!(None, result.structured_content);
        assert_eq!(json!({"frames": 4, "path": "/tmp/sheet.png"}), text_of(&result));
        assert_eq!("AQID", result.content[1].as_image().expect("a picture second").data);
    }

    /// A write that answers too much took effect; saying that it failed would make an agent do it twice.
    #[test]
    fn an_answer_that_is_too_large_fails_a_read_only() {
        let large = || Answer::from(Value::Str("x".repeat(MAX_ANSWER_BYTES)));

        let read = success(large(), Effect::Read);
        assert_eq!(Some(true), read.is_error);
        assert_eq!("too_large", text_of(&read)["code"]);

        let write = success(large(), Effect::Write);
        assert_eq!(Some(false), write.is_error);
        assert_eq!(true, text_of(&write)["done"]);
    }

    /// The shape of every failure, code first.
    #[test]
    fn a_failure_says_code_message_hint_and_retry() {
        let error =
            ToolError::new(Code::NotFound, "there is no 'x' timeline").at("timeline").with_candidates(["y"]);
        let result = failure(&error, Effect::Write);

        let body = text_of(&result);
        assert_eq!(
            vec!["code", "message", "hint", "may_retry", "path", "candidates"],
            body.as_object().unwrap().keys().collect::<Vec<_>>()
        );
        assert_eq!(json!(["y"]), body["candidates"]);
        assert_eq!(Some(true), result.is_error);
        assert_eq!(None, result.structured_content);
    }
}
