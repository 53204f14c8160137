//! The JSON arguments of a tool call, checked against the tool's parameters.

use resolve_actors::Args;
use resolve_api::check::{ArgumentError, check_args};
use resolve_api::kind::Param;
use rmcp::model::JsonObject;
use serde_json::Value as Json;

use crate::error::{Code, ToolError};

/// Checks `arguments` against `params` and fills in defaults. Relative paths are refused: the folder that a client
/// starts this program in is an accident.
///
/// # Errors
/// `invalid_argument` with the path of the argument, and the nearest names where one is unknown.
pub fn check(params: &[Param], arguments: JsonObject) -> Result<Args, ToolError> {
    Ok(check_args(params, &Json::Object(arguments), "", None)?)
}

impl From<ArgumentError> for ToolError {
    fn from(error: ArgumentError) -> Self {
        let message = error.to_string();
        Self::new(Code::InvalidArgument, message).at(error.path).with_candidates(error.nearest)
    }
}

#[cfg(test)]
mod tests {
    use resolve_api::kind::{Kind, Presence};
    use serde_json::json;

    use super::*;

    fn checked(arguments: Json) -> Result<Args, ToolError> {
        let Json::Object(arguments) = arguments else { panic!("arguments are an object") };
        let params = [
            Param::required("name", Kind::Str, "the name"),
            Param::optional("frame_rate", Kind::Number, "frames per second").or(24),
            Param::optional("path", Kind::Path(Presence::Any), "where"),
        ];
        check(&params, arguments)
    }

    /// An agent corrects itself from the path and the nearest name alone.
    #[test]
    fn a_wrong_argument_is_named_with_what_is_nearest() {
        let error = checked(json!({"name": "a", "framerate": 25})).unwrap_err();
        assert_eq!((Code::InvalidArgument, Some("framerate")), (error.code, error.path.as_deref()));
        assert_eq!(vec![resolve_api::Value::from("frame_rate")], error.candidates);

        assert_eq!(Some("name"), checked(json!({})).unwrap_err().path.as_deref());
        assert_eq!(Some("name"), checked(json!({"name": 7})).unwrap_err().path.as_deref());
    }

    /// What was left out has its default, and what is optional without one stays absent.
    #[test]
    fn defaults_are_filled_in() {
        let args = checked(json!({"name": "a"})).unwrap();

        assert_eq!(Args::from_iter([("name".into(), "a".into()), ("frame_rate".into(), 24.into())]), args);
    }

    /// The folder that this program runs in is not the agent's, so a relative path would hit by chance.
    #[test]
    fn a_relative_path_is_refused() {
        assert_eq!(Some("path"), checked(json!({"name": "a", "path": "b.mov"})).unwrap_err().path.as_deref());
    }
}
