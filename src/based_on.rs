//! The argument `based_on` of the tools that change something: nothing else may have changed since that revision was read.

use resolve_actors::Args;
use resolve_api::Value;
use resolve_api::catalogue::Effect;
use resolve_api::kind::{Kind, Param};

/// Its name.
pub const BASED_ON: &str = "based_on";

/// The parameter, for a tool with this effect. Its words are few: it stands in the schema of each such tool.
pub fn param(effect: Effect) -> Option<Param> {
    (effect != Effect::Read).then(|| Param::optional(BASED_ON, Kind::Str, "a revision"))
}

/// The revision that checked arguments name.
pub fn named(args: &Args) -> Option<String> {
    args.get(BASED_ON).and_then(Value::as_str).map(str::to_owned)
}
