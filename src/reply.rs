//! An answer or a failure as the client gets it: the same JSON as structured content and as text, or a picture.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use resolve_actors::{Answer, Picture, Proof};
use resolve_api::catalogue::Effect;
use resolve_api::{Key, Locator, Value};
use rmcp::model::{CallToolResult, ContentBlock, Resource};
use serde_json::{Map, Value as Json, json};

use crate::error::ToolError;
use crate::paging::Page;
use crate::spill::{Cut, Spilled};

/// How an answer is put into a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// The body is the answer: an operation says in it what it observed. Of the entries of its lists only these
    /// fields are asked for, or all where there are none.
    Whole(Vec<String>),
    /// The part that is asked for of what a method answered, with what is known of its effect beside it.
    Part(Page),
}

/// A call that succeeded.
///
/// Some clients give the model only the structured content, some only the text, so it is in both. With a picture
/// there is no structured content, or those clients would lose the picture. What is too long is cut and kept.
pub fn success(answer: Answer, shape: &Shape, spilled: &Spilled) -> CallToolResult {
    let (body, picture) = body(answer, shape);
    match picture {
        None => structured(body, spilled),
        Some(picture) => with_picture(body, *picture, spilled),
    }
}

/// The body of an answer, whole, and the picture beside it.
pub fn body(answer: Answer, shape: &Shape) -> (Map<String, Json>, Option<Box<Picture>>) {
    let mut body = Map::new();
    let Answer { value, picture, proof, remarks, revision, stopped } = answer;
    match shape {
        Shape::Part(page) => {
            page.put(plain(value), &mut body);
            put_proof(proof, remarks, &mut body);
            body.extend(revision.map(|revision| ("revision".to_owned(), revision.into())));
            body.extend(stopped.then(|| ("cancelled".to_owned(), true.into())));
        }
        Shape::Whole(fields) => {
            match plain(value) {
                Json::Object(entries) => body = entries,
                other => drop(body.insert("value".to_owned(), other)),
            }
            if !fields.is_empty() {
                Page::narrow_lists(fields, &mut body);
            }
        }
    }
    (body, picture)
}

/// A body as structured content and as text, cut if it is too long.
pub fn structured(body: Map<String, Json>, spilled: &Spilled) -> CallToolResult {
    let Cut { body, text, uri } = spilled.cut(body);
    let mut content = vec![ContentBlock::text(text)];
    content.extend(uri.map(|uri| {
        let whole =
            Resource::new(uri, "answer").with_title("The whole answer").with_mime_type("application/json");
        ContentBlock::resource_link(whole)
    }));
    let mut result = CallToolResult::success(content);
    result.structured_content = Some(Json::Object(body));
    result
}

fn with_picture(mut body: Map<String, Json>, picture: Picture, spilled: &Spilled) -> CallToolResult {
    body.entry("path").or_insert(Json::String(picture.path));
    CallToolResult::success(vec![
        ContentBlock::text(spilled.cut(body).text),
        ContentBlock::image(BASE64.encode(picture.png), "image/png"),
    ])
}

/// Puts the whole answer of a method into a body, with what is known of its effect.
pub fn put_answer(answer: Answer, body: &mut Map<String, Json>) {
    body.insert("value".to_owned(), plain(answer.value));
    put_proof(answer.proof, answer.remarks, body);
    body.extend(answer.revision.map(|revision| ("revision".to_owned(), revision.into())));
}

/// What was seen of a write: `{requested, observed, verified}`, or why nothing could be seen.
fn put_proof(proof: Proof, remarks: Vec<String>, body: &mut Map<String, Json>) {
    let mut put = |name: &str, value: Json| drop(body.insert(name.to_owned(), value));
    match proof {
        Proof::Answer => {}
        Proof::ReadBack { reader, requested, observed } => {
            put("requested", plain(requested));
            put("observed", plain(observed));
            put("verified", true.into());
            put("read_back_with", reader.into());
        }
        Proof::Seen { how } => {
            put("verified", true.into());
            put("seen", how.into());
        }
        Proof::Unverified { reason } => {
            put("verified", false.into());
            put("why", reason.into());
        }
    }
    if !remarks.is_empty() {
        put("remarks", remarks.into());
    }
}

/// A call that failed: `isError`, and one text that holds the code first.
pub fn failure(error: &ToolError, effect: Effect) -> CallToolResult {
    failed_with(Json::Object(error_body(error, effect)).to_string())
}

/// The same with this body, as it is written.
pub fn failed_with(body: String) -> CallToolResult {
    CallToolResult::error(vec![ContentBlock::text(body)])
}

/// A failure with what was done all the same beside it.
pub fn error_beside(error: &ToolError, effect: Effect, done: Map<String, Json>) -> Map<String, Json> {
    let mut body = error_body(error, effect);
    body.extend(done);
    body
}

/// A failure as an agent reads it, code first.
pub fn error_body(error: &ToolError, effect: Effect) -> Map<String, Json> {
    let mut body = Map::new();
    body.insert("code".into(), error.code.name().into());
    body.insert("message".into(), error.message.as_str().into());
    body.insert("hint".into(), error.hint.as_str().into());
    body.insert("may_retry".into(), error.may_retry(effect).into());
    if error.is_unknown(effect) {
        body.insert("outcome".into(), "unknown".into());
    }
    if let Some(path) = &error.path {
        body.insert("path".into(), path.as_str().into());
    }
    if !error.candidates.is_empty() {
        body.insert("candidates".into(), error.candidates.iter().cloned().map(plain).collect());
    }
    body
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
    use crate::error::Code;

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

    fn whole(answer: impl Into<Answer>) -> CallToolResult {
        success(answer.into(), &Shape::Whole(Vec::new()), &Spilled::default())
    }

    /// Clients drop either the text or the structured content, so both must say the same.
    #[test]
    fn structured_content_and_text_are_the_same() {
        let result = whole(Value::map([("page", "edit".into())]));

        assert_eq!(Some(json!({"page": "edit"})), result.structured_content);
        assert_eq!(json!({"page": "edit"}), text_of(&result));
    }

    /// Codex shows the model only the structured content where there is any: the picture would be lost.
    #[test]
    fn a_picture_comes_without_structured_content() {
        let picture = Picture { png: vec![1, 2, 3], path: "/tmp/sheet.png".into() };
        let answer = Answer { picture: Some(Box::new(picture)), ..Value::map([("frames", 4.into())]).into() };
        let result = whole(answer);

        assert_eq!(None, result.structured_content);
        assert_eq!(json!({"frames": 4, "path": "/tmp/sheet.png"}), text_of(&result));
        assert_eq!("AQID", result.content[1].as_image().expect("a picture second").data);
    }

    /// Of a write an agent hears what was seen, and where nothing could be seen that it could not.
    #[test]
    fn a_write_says_what_was_seen_of_it() {
        let page = Page::of(&resolve_actors::Args::new(), Effect::Write).expect("no cursor");
        let told = |proof| {
            let answer = Answer { proof, ..Value::Bool(true).into() };
            success(answer, &Shape::Part(page.clone()), &Spilled::default())
                .structured_content
                .expect("a body")
        };

        let (reader, requested, observed) = ("Timeline.GetName".to_owned(), "Cut".into(), "Cut".into());
        let read = Proof::ReadBack { reader, requested, observed };
        let expected = json!({"value": true, "requested": "Cut", "observed": "Cut", "verified": true,
            "read_back_with": "Timeline.GetName"});
        assert_eq!(expected, told(read));
        let expected = json!({"value": true, "verified": false, "why": "no call shows it"});
        assert_eq!(expected, told(Proof::Unverified { reason: "no call shows it".into() }));
    }

    /// A long answer shows its beginning and links the whole; that a write took effect is not hidden by its length.
    #[test]
    fn a_long_answer_is_cut_and_linked() {
        let result = whole(Value::Str("x".repeat(100_000)));

        assert_ne!(Some(true), result.is_error);
        let body = text_of(&result);
        assert!(body.to_string().len() < 30_000);
        let link = result.content[1].as_resource_link().expect("a link second");
        assert_eq!(body["cut"]["resource"], link.uri.as_str());
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
