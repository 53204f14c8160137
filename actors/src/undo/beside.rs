//! What stands beside that which an undo deletes: counted before and after, so that nothing else went with it.

use resolve_api::wire::MethodCall;
use resolve_api::{Key, Locator, Value};

use super::pool::{self, Folders};
use crate::error::CallError;
use crate::session::Session;
use crate::typed::CURRENT_TIMELINE;

/// How much there was before a deletion.
pub(crate) struct Beside {
    place: Place,
    /// How many are to be there afterwards.
    left: usize,
}

/// Where it is counted.
enum Place {
    Pool,
    Timeline(Locator),
}

impl Place {
    /// How many clips lie in the media pool, or items stand on the timeline; nothing where it cannot be counted.
    async fn count(&self, session: &Session) -> Result<Option<usize>, CallError> {
        match self {
            Self::Timeline(timeline) => {
                let survey = session.survey(timeline, false).await?;
                Ok(Some(session.tracks(&survey).await?.total()))
            }
            Self::Pool => {
                let Ok(folders) = Folders::read(session).await else { return Ok(None) };
                let lists = folders.0.iter();
                let lists = lists.map(|folder| MethodCall::new(pool::by_id(&folder.id), "GetClipList", []));
                let clips: usize = session.lengths(lists.collect()).await?.iter().sum();
                // Copies of timelines that show what is deleted go with it, and are nobody's.
                Ok(Some(clips.saturating_sub(session.kept_copies().await.len())))
            }
        }
    }

    fn what(&self) -> &'static str {
        match self {
            Self::Pool => "clips in the media pool",
            Self::Timeline(_) => "items on the timeline",
        }
    }
}

impl Beside {
    /// Counts before a call that deletes clips or items; none for another call.
    ///
    /// # Errors
    /// Those of the hops.
    pub(crate) async fn of(session: &Session, call: &MethodCall) -> Result<Option<Self>, CallError> {
        let place = match (&call.on, call.method.as_str()) {
            (Locator::MediaPool, "DeleteClips") => Place::Pool,
            (Locator::Timeline(Key::Id(_)), "DeleteClips") => Place::Timeline(call.on.clone()),
            (Locator::Timeline(_), "DeleteClips") => Place::Timeline(session.by_id(&CURRENT_TIMELINE).await?),
            _ => return Ok(None),
        };
        let deleted = call.args.first().and_then(Value::as_list).map_or(0, <[Value]>::len);
        let before = place.count(session).await?;
        Ok(before.map(|before| Self { left: before.saturating_sub(deleted), place }))
    }

    /// What is other than it is to be, as a sentence.
    ///
    /// # Errors
    /// Those of the hops.
    pub(crate) async fn difference(self, session: &Session) -> Result<Option<String>, CallError> {
        let Self { place, left } = self;
        let now = place.count(session).await?;
        Ok(now
            .filter(|now| *now != left)
            .map(|now| format!("{now} {} are left instead of {left}", place.what())))
    }
}
