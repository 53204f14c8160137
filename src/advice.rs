//! What is known about Resolve beyond the error of a call, added to the hint of the error.

use resolve_actors::CallError;
use resolve_api::Fault;
use resolve_api::facts::version::Version;
use resolve_api::facts::{EVERY_CALL, facts};

use crate::error::ToolError;

/// Facts that one hint tells: the best known ones; more would bury what to do.
const FACTS: usize = 3;

/// The longest a hint gets with them, in characters: three facts have 500, and a hint is read before each next step.
const LONGEST: usize = 1_000;

/// The error of a call with what Resolve was seen to do in such a case. `version` is that of the build that answers.
pub fn advised(error: CallError, version: Option<&str>) -> ToolError {
    let about = match &error {
        CallError::Fault(Fault::Refused { method, .. }) => Some(method.clone()),
        CallError::Fault(Fault::NoSuchMethod { class, method, .. }) => Some(format!("{class}.{method}")),
        CallError::TimedOut { .. } | CallError::Interrupted { .. } => Some(EVERY_CALL.to_owned()),
        _ => None,
    };
    let error = ToolError::from(error);
    match about {
        Some(label) => with_facts(error, &label, version),
        None => error,
    }
}

/// The error with the facts about a method, or about every call, in its hint.
pub fn with_facts(mut error: ToolError, label: &str, version: Option<&str>) -> ToolError {
    let version = version.and_then(|version| version.parse::<Version>().ok());
    for fact in facts().hints(label, version.as_ref(), FACTS) {
        if error.hint.chars().count() + fact.chars().count() > LONGEST {
            break;
        }
        error.hint.push_str("; known of Resolve: ");
        error.hint.push_str(&fact);
    }
    error
}

#[cfg(test)]
mod tests {
    use resolve_actors::Backend;

    use super::*;
    use crate::error::Code;

    /// `color.drx-old-nodes` and its like are told where the call was refused, and only for the build that does so.
    #[test]
    fn a_refused_call_hears_what_its_build_does() {
        let refused =
            || CallError::Fault(Fault::Refused { method: "Graph.ApplyGradeFromDRX".into(), reason: None });

        let error = advised(refused(), Some("19.1.3.7"));

        assert_eq!(Code::Refused, error.code);
        assert!(error.hint.starts_with(Code::Refused.hint()), "{}", error.hint);
        assert!(error.hint.contains("known of Resolve: ") && error.hint.contains("old node positions stay"));
    }

    /// `app.playback-blocks`: whoever waited in vain must hear what commonly blocks, and others must not.
    #[test]
    fn a_call_that_timed_out_hears_what_blocks_resolve() {
        let after = std::time::Duration::from_secs(20);
        let error = advised(
            CallError::TimedOut {
                method: "Resolve.GetCurrentPage".into(),
                after,
                backend: Some(Backend::Resolve),
                grace: std::time::Duration::ZERO,
            },
            Some("21.1"),
        );
        assert!(error.hint.contains("stop playback"), "{}", error.hint);

        let busy = advised(CallError::Busy { limit: 64 }, None);
        assert_eq!(Code::Busy.hint(), busy.hint);
    }

    /// However much is known, a hint stays short enough to be read.
    #[test]
    fn a_hint_is_bounded() {
        for fact in facts().all() {
            for label in &fact.on {
                let error = with_facts(ToolError::new(Code::Refused, "no"), label, None);
                assert!(error.hint.chars().count() <= LONGEST, "{label}: {}", error.hint);
            }
        }
    }
}
