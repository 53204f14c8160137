//! What a client is told beside an answer: that another project is open than before, though it has not opened one.

use resolve_api::change::Change;
use rmcp::model::{CallToolResult, ContentBlock};
use serde_json::{Map, Value as Json};

/// The entry of an answer, or of a failure, that holds it.
const NOTICE: &str = "notice";

/// The result with the change in it, as one sentence with what to do.
pub fn with_change(mut result: CallToolResult, change: &Change) -> CallToolResult {
    let notice = format!("{change}; {}", change.next_step());
    let Some(text) = result.content.first().and_then(ContentBlock::as_text) else { return result };
    let Ok(mut body) = serde_json::from_str::<Map<String, Json>>(&text.text) else { return result };
    body.insert(NOTICE.to_owned(), notice.into());
    let body = Json::Object(body);
    if let Some(first) = result.content.first_mut() {
        *first = ContentBlock::text(body.to_string());
    }
    if result.structured_content.is_some() {
        result.structured_content = Some(body);
    }
    result
}

#[cfg(test)]
mod tests {
    use resolve_api::catalogue::Effect;
    use resolve_api::change::{Cause, Place};
    use serde_json::json;

    use super::*;
    use crate::error::{Code, ToolError};
    use crate::reply;
    use crate::spill::Spilled;

    fn change() -> Change {
        let place =
            |name: &str| Place { project: Some(name.into()), project_id: Some(name.into()), database: None };
        Change { was: place("Film"), now: place("Spot"), cause: Cause::Elsewhere }
    }

    /// A client reads either the text or the structured content, so the notice is in both, and a failure has it too.
    #[test]
    fn an_answer_and_a_failure_tell_the_change() {
        let answer =
            reply::structured(Map::from_iter([("page".to_owned(), "edit".into())]), &Spilled::default());

        let told = with_change(answer, &change());

        let text: Json =
            serde_json::from_str(&told.content[0].as_text().expect("a text").text).expect("JSON");
        assert_eq!(Some(&text), told.structured_content.as_ref());
        let notice = text["notice"].as_str().expect("a notice");
        assert!(notice.starts_with("the open project was 'Film' and is 'Spot' now"), "{notice}");
        assert!(notice.contains("; open 'Film' again with open_project"), "{notice}");
        assert_eq!(json!("edit"), text["page"]);

        let failure = reply::failure(&ToolError::new(Code::NotFound, "there is no x"), Effect::Read);
        let told = with_change(failure, &change());
        assert_eq!((Some(true), None), (told.is_error, told.structured_content.as_ref()));
        assert!(told.content[0].as_text().expect("a text").text.contains("\"notice\""));
    }
}
