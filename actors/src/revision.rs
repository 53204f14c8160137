//! Revisions: what a read saw of a timeline, a folder or the render queue, in a word that a later change can name.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

use lru::LruCache;
use resolve_api::Value;

use crate::digest::digest;

mod reading;

/// Revisions of which it is remembered what was seen, so that a difference can be told. A long timeline has 1,000 parts
/// of about 100 bytes: all of them together stay below 4 MB.
const REMEMBERED: NonZeroUsize = NonZeroUsize::new(32).expect("it is not zero");

/// Differences that are told; the rest is counted.
const TOLD: usize = 20;

/// What a revision is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Subject {
    /// A timeline by its unique id: what it says of itself, its tracks with the number of their items, its markers.
    Timeline(String),
    /// The same, and where each of its items stands.
    Items(String),
    /// A folder of the media pool by its unique id: its name, its folders, the number of its clips.
    Folder(String),
    /// The same, and each of its clips.
    Clips(String),
    /// The render queue: its jobs, without their progress.
    Queue,
}

/// What was seen of it, by parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) subject: Subject,
    /// `track video 1`, `item <id>`, `marker 12`, … and what it was.
    pub(crate) parts: BTreeMap<String, String>,
}

/// A revision as a reply tells it and a later call names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Revision {
    pub(crate) subject: Subject,
    number: u64,
}

impl Subject {
    /// Its kind and its id.
    fn words(&self) -> (&'static str, &str) {
        match self {
            Self::Timeline(id) => ("timeline", id),
            Self::Items(id) => ("items", id),
            Self::Folder(id) => ("folder", id),
            Self::Clips(id) => ("clips", id),
            Self::Queue => ("queue", ""),
        }
    }
}

impl Seen {
    /// Nothing so far.
    pub(crate) fn of(subject: Subject) -> Self {
        Self { subject, parts: BTreeMap::new() }
    }

    /// Notes a part.
    pub(crate) fn note(&mut self, part: impl Into<String>, is: impl Into<String>) {
        self.parts.insert(part.into(), is.into());
    }

    /// The revision of all that was noted.
    pub(crate) fn revision(&self) -> Revision {
        let (kind, id) = self.subject.words();
        let parts = self.parts.iter().flat_map(|(part, is)| [part.as_bytes(), is.as_bytes()]);
        let number = digest([kind.as_bytes(), id.as_bytes()].into_iter().chain(parts));
        Revision { subject: self.subject.clone(), number }
    }

    /// What is other now, one sentence for each part.
    pub(crate) fn differences(&self, now: &Self) -> Vec<String> {
        differences(&self.parts, &now.parts)
    }
}

/// What is other now than it was, by parts, one sentence for each; the rest is counted.
pub(crate) fn differences(was: &BTreeMap<String, String>, now: &BTreeMap<String, String>) -> Vec<String> {
    let gone = was.iter().filter(|(part, _)| !now.contains_key(*part));
    let gone = gone.map(|(part, was)| format!("{part} is gone: {was}"));
    let other = now.iter().filter_map(|(part, is)| match was.get(part) {
        None => Some(format!("{part} is new: {is}")),
        Some(was) if was != is => Some(format!("{part} was {was} and is {is}")),
        Some(_) => None,
    });
    let mut all: Vec<String> = gone.chain(other).collect();
    if all.len() > TOLD {
        let more = all.len() - TOLD;
        all.truncate(TOLD);
        all.push(format!("… and {more} more"));
    }
    all
}

impl std::fmt::Display for Revision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (kind, id) = self.subject.words();
        write!(f, "{kind}/{id}/{:016x}", self.number)
    }
}

impl FromStr for Revision {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.trim().split('/');
        let (Some(kind), Some(id), Some(number), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(());
        };
        let id = id.to_owned();
        let subject = match kind {
            "timeline" => Subject::Timeline(id),
            "items" => Subject::Items(id),
            "folder" => Subject::Folder(id),
            "clips" => Subject::Clips(id),
            "queue" if id.is_empty() => Subject::Queue,
            _ => return Err(()),
        };
        Ok(Self { subject, number: u64::from_str_radix(number, 16).map_err(|_| ())? })
    }
}

/// What was seen under the latest revisions.
#[derive(Debug)]
pub(crate) struct Revisions(Mutex<LruCache<u64, Seen>>);

impl Default for Revisions {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(REMEMBERED)))
    }
}

impl Revisions {
    /// Remembers what was seen, and gives its revision.
    pub(crate) fn remember(&self, seen: Seen) -> Revision {
        let revision = seen.revision();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).put(revision.number, seen);
        revision
    }

    /// The revision of what the answer of a method shows whole, which is remembered; nothing for most.
    pub(crate) fn of_answer(&self, label: &str, answer: &Value) -> Option<String> {
        Some(self.remember(Seen::in_answer(label, answer)?).to_string())
    }

    /// What was seen under a revision, if that is still known.
    pub(crate) fn seen(&self, revision: &Revision) -> Option<Seen> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&revision.number).filter(|seen| seen.subject == revision.subject).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(parts: &[(&str, &str)]) -> Seen {
        let mut seen = Seen::of(Subject::Items("t-1".to_owned()));
        parts.iter().for_each(|(part, is)| seen.note(*part, *is));
        seen
    }

    /// A revision names a state: the same again has the same, any difference another, and the text leads back to it.
    #[test]
    fn a_revision_names_what_was_seen() {
        let before = seen(&[("item a", "0 to 24"), ("item b", "24 to 48")]);
        let moved = seen(&[("item a", "0 to 24"), ("item b", "25 to 49")]);
        let revision = before.revision();

        assert_eq!(revision, before.clone().revision());
        assert_ne!(revision, moved.revision());
        assert_eq!(Ok(revision.clone()), revision.to_string().parse());
        for text in ["", "items/t-1", "reel/t-1/0", "items/t-1/xyz", "queue/x/0", "items/t-1/0/0"] {
            assert!(text.parse::<Revision>().is_err(), "{text}");
        }
    }

    /// Whoever is refused must see what somebody else did, and not a thousand lines of it.
    #[test]
    fn differences_are_told_and_bounded() {
        let before = seen(&[("item a", "0 to 24"), ("item b", "24 to 48")]);
        let after = seen(&[("item b", "30 to 54"), ("marker 3", "Blue")]);

        let expected =
            ["item a is gone: 0 to 24", "item b was 24 to 48 and is 30 to 54", "marker 3 is new: Blue"];
        assert_eq!(expected.to_vec(), before.differences(&after));

        let mut many = seen(&[]);
        (0..50).for_each(|number| many.note(format!("item {number}"), "there"));
        let told = seen(&[]).differences(&many);
        assert_eq!((TOLD + 1, "… and 30 more"), (told.len(), told[TOLD].as_str()));
    }

    /// What is remembered is bounded, and another subject never answers for the one that was meant.
    #[test]
    fn only_the_latest_are_remembered() {
        let revisions = Revisions::default();
        let first = revisions.remember(seen(&[("item a", "0 to 24")]));
        assert!(revisions.seen(&first).is_some());
        for number in 0..REMEMBERED.get() {
            revisions.remember(seen(&[("item", &number.to_string())]));
        }
        assert_eq!(None, revisions.seen(&first));
    }
}
