//! The argument `dry_run` of the tools that change something: only what would change is told.

use resolve_actors::Args;
pub use resolve_actors::DRY_RUN;
use resolve_api::Value;
use resolve_api::catalogue::Effect;
use resolve_api::kind::{Kind, Param};

/// The parameter, for a tool with this effect. Its words are few: it stands in the schema of each such tool.
pub fn param(effect: Effect) -> Option<Param> {
    (effect != Effect::Read).then(|| Param::optional(DRY_RUN, Kind::Bool, "only plan it"))
}

/// Whether checked arguments ask for it.
pub fn asked(args: &Args) -> bool {
    args.get(DRY_RUN) == Some(&Value::Bool(true))
}
