//! What the interpreter's actor remembers of the project that is open, and what it adds to faults from that.
//!
//! A host knows what it has seen itself; that there was another one before it, and what was open then, is known here.

use resolve_api::Fault;
use resolve_api::batch::StepOutcome;
use resolve_api::change::{Cause, Change, Look, Place};

use super::Epoch;

/// The project that calls land in, as it was seen last.
#[derive(Debug, Default)]
pub(super) struct Whereabouts {
    epoch: Epoch,
    place: Option<Place>,
    /// The last change of it.
    change: Option<Change>,
}

impl Whereabouts {
    /// Notes a look, and gives the change where something else is open than at the last one.
    pub(super) fn seen(&mut self, epoch: Epoch, look: Look) -> Option<&Change> {
        let Look { place, cause } = look;
        let cause = if self.epoch == epoch { cause } else { Cause::Interpreter };
        let was = self.place.replace(place.clone());
        self.epoch = epoch;
        let change = Change::between(&was?, &place, cause)?;
        Some(self.change.insert(change))
    }

    /// A fault with what is known of what led to it. An id that this host does not know may be one that an earlier host
    /// gave out: where another project was opened since, it is taken for stale, not for invented.
    pub(super) fn explained(&self, epoch: Epoch, fault: Fault) -> Fault {
        match fault {
            Fault::Stale { what, change: None } => {
                Fault::Stale { what, change: self.change.clone().map(Box::new) }
            }
            Fault::NotFound { what, .. } if epoch > 1 && what.id().is_some() && self.change.is_some() => {
                Fault::Stale { what, change: self.change.clone().map(Box::new) }
            }
            fault => fault,
        }
    }

    /// The same for the steps of a batch.
    pub(super) fn explained_steps(&self, epoch: Epoch, mut outcomes: Vec<StepOutcome>) -> Vec<StepOutcome> {
        for outcome in &mut outcomes {
            if let StepOutcome::Failed { fault, .. } = outcome {
                *fault = self.explained(epoch, fault.clone());
            }
        }
        outcomes
    }
}

/// Why the connection is gone, where a step of a batch has met that.
pub(super) fn lost(outcomes: &[StepOutcome]) -> Option<String> {
    outcomes.iter().find_map(|outcome| match outcome {
        StepOutcome::Failed { fault: fault @ (Fault::NotConnected { .. } | Fault::Lost { .. }), .. } => {
            Some(fault.to_string())
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use resolve_api::{Key, Locator};

    use super::*;

    fn look(project: &str, cause: Cause) -> Look {
        let place = Place { database: None, project: Some(project.into()), project_id: Some(project.into()) };
        Look { place, cause }
    }

    fn timeline(id: &str) -> Locator {
        Locator::Timeline(Key::Id(id.to_owned()))
    }

    /// What a host finds open at first is no change, and the next host that finds the same has changed nothing.
    #[test]
    fn only_another_project_is_a_change() {
        let mut whereabouts = Whereabouts::default();

        assert_eq!(None, whereabouts.seen(1, look("Film", Cause::Resolve)));
        assert_eq!(None, whereabouts.seen(2, look("Film", Cause::Resolve)));
        let change = whereabouts.seen(2, look("Spot", Cause::Elsewhere)).expect("another project");
        assert_eq!(Cause::Elsewhere, change.cause);
    }

    /// Whoever names an object of before hears what has changed since.
    #[test]
    fn a_stale_id_is_told_with_what_has_changed() {
        let mut whereabouts = Whereabouts::default();
        whereabouts.seen(1, look("Film", Cause::Resolve));
        let change = whereabouts.seen(1, look("Spot", Cause::Called)).cloned().map(Box::new);

        let told = whereabouts.explained(1, Fault::Stale { what: timeline("t"), change: None });

        assert_eq!(Fault::Stale { what: timeline("t"), change }, told);
    }

    /// A new interpreter knows no ids of the one before it; with another project open they are stale, not invented.
    #[test]
    fn an_id_of_an_earlier_interpreter_is_stale_where_another_project_is_open() {
        let missing = |what| Fault::NotFound { what, candidates: Vec::new() };
        let by_name = Locator::Timeline(Key::Name("Cut 1".to_owned()));
        let mut whereabouts = Whereabouts::default();
        whereabouts.seen(1, look("Film", Cause::Resolve));
        whereabouts.seen(2, look("Film", Cause::Resolve));
        assert_eq!(missing(timeline("t")), whereabouts.explained(2, missing(timeline("t"))));

        let change = whereabouts.seen(3, look("Spot", Cause::Resolve)).cloned();

        assert_eq!(Some(Cause::Interpreter), change.as_ref().map(|change| change.cause));
        let stale = Fault::Stale { what: timeline("t"), change: change.map(Box::new) };
        assert_eq!(stale, whereabouts.explained(3, missing(timeline("t"))));
        assert_eq!(missing(by_name.clone()), whereabouts.explained(3, missing(by_name)));
    }
}
