//! Which project a client knows to be open, so that each hears of another one, and hears it once.

use std::sync::{Arc, Mutex, PoisonError};

use resolve_api::change::{Change, Place};

use crate::system::System;

/// What one client was told of the project that is open. A clone is of the same client.
#[derive(Debug, Clone, Default)]
pub struct Told(Arc<Mutex<Option<Arc<Opened>>>>);

/// The project that calls land in, and how it came to be the one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Opened {
    /// Rises with each change of it.
    pub(crate) count: u64,
    /// What is open.
    pub(crate) place: Place,
    /// The last change; absent where it is what was found at first.
    pub(crate) change: Option<Change>,
}

impl Opened {
    /// What is open now, after a look that found `place`, which is another one than before by `change`.
    pub(crate) fn after(last: Option<&Self>, place: Place, change: Option<Change>) -> Self {
        let (count, before) = last.map_or((0, None), |last| (last.count, last.change.clone()));
        Self { count: count + u64::from(change.is_some()), place, change: change.or(before) }
    }
}

impl Told {
    /// A client that comes while this is open: it has seen nothing of before.
    pub(crate) fn of(opened: Option<Arc<Opened>>) -> Self {
        Self(Arc::new(Mutex::new(opened)))
    }

    /// Notes that the client knows what is open, because a call of its own has opened it.
    pub(crate) fn knows(&self, opened: Option<Arc<Opened>>) {
        self.replace(opened);
    }

    /// The change that the client has not heard of, for somebody who tells it now. A project that was left and is open
    /// again is none.
    pub(crate) fn news(&self, opened: Option<Arc<Opened>>) -> Option<Change> {
        let opened = opened?;
        let known = self.replace(Some(opened.clone()))?;
        let last = opened.change.as_ref().filter(|_| opened.count > known.count)?;
        // The name of before as it was last, where it was renamed since it was told.
        if opened.count == known.count + 1 {
            return Some(last.clone());
        }
        Change::between(&known.place, &opened.place, last.cause)
    }

    fn replace(&self, opened: Option<Arc<Opened>>) -> Option<Arc<Opened>> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *known, opened)
    }
}

impl System {
    /// A client that comes now, for [`crate::Call::client`].
    pub fn client(&self) -> Told {
        Told::of(self.board.opened())
    }

    /// That another project is open than this client knows, for somebody who tells it now. Each client is told each change
    /// once, and none that a call of its own has brought about.
    pub fn news(&self, client: &Told) -> Option<Change> {
        client.news(self.board.opened())
    }
}

#[cfg(test)]
mod tests {
    use resolve_api::change::Cause;

    use super::*;

    fn place(project: &str) -> Place {
        Place { database: None, project: Some(project.to_owned()), project_id: Some(project.to_owned()) }
    }

    /// What is open after these were, one after another.
    fn opened(projects: &[&str]) -> Option<Arc<Opened>> {
        projects.iter().fold(None, |last: Option<Arc<Opened>>, project| {
            let was = last.as_ref().map(|last| &last.place);
            let change = was.and_then(|was| Change::between(was, &place(project), Cause::Elsewhere));
            Some(Arc::new(Opened::after(last.as_deref(), place(project), change)))
        })
    }

    /// Each client hears a change once, whoever else has heard it; who comes later has nothing to hear.
    #[test]
    fn each_client_hears_a_change_once() {
        let (one, other) = (Told::of(opened(&["Film"])), Told::of(opened(&["Film"])));
        let later = Told::of(opened(&["Film", "Spot"]));
        let now = opened(&["Film", "Spot"]);

        let change = one.news(now.clone()).expect("it is another project");
        assert_eq!((place("Film"), place("Spot")), (change.was.clone(), change.now.clone()));
        assert_eq!(Some(change), other.news(now.clone()));
        for told in [one, other, later] {
            assert_eq!(None, told.news(now.clone()));
        }
    }

    /// Whoever was away for several changes hears what is open instead of what they knew, and nothing where it is the same.
    #[test]
    fn several_changes_are_told_as_one() {
        let told = Told::of(opened(&["Film"]));
        let change = told.news(opened(&["Film", "Spot", "Promo"])).expect("it is another project");
        assert_eq!((place("Film"), place("Promo")), (change.was, change.now));

        let back = Told::of(opened(&["Film"]));
        assert_eq!(None, back.news(opened(&["Film", "Spot", "Film"])));
    }

    /// A client that has opened it itself knows it, and one that came before anything was open has no other to compare.
    #[test]
    fn what_a_client_has_opened_is_no_news() {
        let now = opened(&["Film", "Spot"]);
        let opener = Told::of(opened(&["Film"]));
        opener.knows(now.clone());
        assert_eq!(None, opener.news(now.clone()));
        assert_eq!(None, Told::default().news(now));
    }
}
