//! The tool `api_call`: any method of the scripting API, checked against the catalogue before it goes anywhere.

use resolve_actors::Args;
use resolve_api::Value;
use resolve_api::catalogue::{Effect, catalogue};
use resolve_api::kind::{Kind, Param};
use resolve_api::wire::MethodCall;

use crate::error::{Code, ToolError};
use crate::object;

/// What the tool says of itself to an agent.
pub const DOC: &str = "Calls any method of DaVinci Resolve's scripting API by its name, for what has no tool of its \
own. The method and its arguments are checked first; an invented name gets the right one back. Answers {value, \
api_calls}; objects in it are {\"class\", \"id\"}, and an id can be given as on or as an argument of a later call. \
Prefer the other tools where one fits: they verify what they did.";

/// Its parameters.
pub fn params() -> Vec<Param> {
    vec![
        Param::required("method", Kind::Str, "class and method, such as \"Timeline.GetTrackCount\""),
        Param::optional(
            "on",
            Kind::Str,
            "the object to call it on; left out: the only one or the current one of the class. A unique id, an id \
             held-… of an earlier answer, a name, #2 for the second, a path such as \"/Master/Day 1\" for a folder; \
             for a Graph the id of its item, \"timeline\", or the name of a color group",
        ),
        Param::optional(
            "args",
            Kind::Map(Box::new(Kind::Str), Box::new(Kind::Any)),
            "the arguments by parameter name, such as {\"trackType\": \"video\"}; a list by position is taken too",
        ),
    ]
}

/// The call that the arguments describe, and what it does.
///
/// # Errors
/// `no_such_method` with the nearest ones; `invalid_argument` with the path of what is wrong.
pub fn method_call(args: Args) -> Result<(MethodCall, Effect), ToolError> {
    let label = args.get("method").and_then(Value::as_str).unwrap_or_default();
    let method =
        catalogue().method_by_label(label).ok_or_else(|| ToolError::new(Code::NoSuchMethod, label))?;
    let on = object::locate(&method.class, args.get("on").and_then(Value::as_str))?;
    Ok((MethodCall::new(on, method.name.clone(), Vec::new()), method.effect))
}
