//! What stands beside that which an undo deletes: looked at before and after, so that nothing else went with it.

use std::collections::HashSet;

use resolve_api::wire::MethodCall;
use resolve_api::{Key, Locator, Value};

use super::pool::{self, Folders};
use super::timeline_copy::clip_of;
use crate::error::CallError;
use crate::limits::CANDIDATES;
use crate::session::Session;
use crate::typed::CURRENT_TIMELINE;

/// Clips of a media pool that are known by their ids, each of which costs a call before and one after. More are counted.
const MOST_LISTED: usize = 2_000;

/// What there was before a deletion.
pub(crate) struct Beside {
    was: Was,
    /// The unique ids of what is deleted.
    deleted: HashSet<String>,
}

enum Was {
    /// The folders, the unique ids of the clips in each, and which of them stand for copies of timelines: copies that show
    /// what is deleted go with it, and are nobody's.
    Listed(Folders, Vec<Vec<String>>, HashSet<String>),
    /// The folders, and how many clips lie in all of them.
    Counted(Folders, usize),
    /// A timeline and how many items stood on it.
    Timeline(Locator, usize),
    /// An album and how many stills it had.
    Album(Locator, usize),
}

impl Beside {
    /// Looks before a call that deletes clips, items or stills; none for another call, nor where the folders cannot be told.
    ///
    /// # Errors
    /// Those of the hops.
    pub(crate) async fn of(session: &Session, call: &MethodCall) -> Result<Option<Self>, CallError> {
        let was = match (&call.on, call.method.as_str()) {
            (Locator::MediaPool, "DeleteClips") => pool(session).await?,
            (Locator::Timeline(Key::Id(_)), "DeleteClips") => Some(timeline(session, call.on.clone()).await?),
            (Locator::Timeline(_), "DeleteClips") => {
                Some(timeline(session, session.by_id(&CURRENT_TIMELINE).await?).await?)
            }
            (album, "DeleteStills") => Some(Was::Album(album.clone(), stills(session, album).await?)),
            _ => return Ok(None),
        };
        let deleted = call.args.first().and_then(Value::as_list).unwrap_or_default().iter();
        let mut ids = HashSet::new();
        for object in deleted.filter_map(Value::as_object) {
            ids.extend(session.by_id(object).await?.id().map(str::to_owned));
        }
        Ok(was.map(|was| Self { was, deleted: ids }))
    }

    /// What is other than it is to be, a sentence each.
    ///
    /// # Errors
    /// Those of the hops.
    pub(crate) async fn differences(self, session: &Session) -> Result<Vec<String>, CallError> {
        let Self { was, deleted } = self;
        let counted = |what: &str, was: usize, now: usize| {
            let left = was.saturating_sub(deleted.len());
            (now != left).then(|| format!("{now} {what} are left instead of {left}")).into_iter().collect()
        };
        Ok(match was {
            Was::Timeline(timeline, was) => {
                counted("items on the timeline", was, items(session, &timeline).await?)
            }
            Was::Album(album, was) => counted("stills in the album", was, stills(session, &album).await?),
            Was::Counted(folders, was) => {
                let now: usize = counts(session, &folders).await?.iter().sum();
                counted("clips in the media pool", was, now.saturating_sub(session.kept_copies().await.len()))
            }
            Was::Listed(folders, was, copies) => {
                let Ok(now) = pool::clips_of(session, &folders.0).await else { return Ok(Vec::new()) };
                let mut told = Vec::new();
                for ((folder, is), was) in now.iter().zip(&was) {
                    let (name, lay) = (&folder.name, was.iter().collect::<HashSet<_>>());
                    let still = is.iter().filter(|id| deleted.contains(*id));
                    told.extend(still.map(|id| format!("the clip {id} is still in the folder '{name}'")));
                    let is: HashSet<&String> = is.iter().collect();
                    let gone =
                        lay.difference(&is).filter(|id| !deleted.contains(**id) && !copies.contains(**id));
                    told.extend(gone.map(|id| format!("the clip {id} is gone from the folder '{name}'")));
                    let new = is.difference(&lay);
                    told.extend(new.map(|id| format!("the clip {id} is new in the folder '{name}'")));
                }
                told.truncate(CANDIDATES);
                told
            }
        })
    }
}

async fn timeline(session: &Session, timeline: Locator) -> Result<Was, CallError> {
    let count = items(session, &timeline).await?;
    Ok(Was::Timeline(timeline, count))
}

async fn items(session: &Session, timeline: &Locator) -> Result<usize, CallError> {
    let survey = session.survey(timeline, false).await?;
    Ok(session.tracks(&survey).await?.total())
}

async fn stills(session: &Session, album: &Locator) -> Result<usize, CallError> {
    let lengths = session.lengths(vec![MethodCall::new(album.clone(), "GetStills", [])]).await?;
    Ok(lengths.iter().sum())
}

/// The clips of the media pool.
async fn pool(session: &Session) -> Result<Option<Was>, CallError> {
    let Ok(folders) = Folders::read(session).await else { return Ok(None) };
    let total: usize = counts(session, &folders).await?.iter().sum();
    let copies = session.kept_copies().await;
    if total > MOST_LISTED {
        return Ok(Some(Was::Counted(folders, total.saturating_sub(copies.len()))));
    }
    let Ok(lists) = pool::clips_of(session, &folders.0).await else { return Ok(None) };
    let lists: Vec<Vec<String>> = lists.into_iter().map(|(_, ids)| ids).collect();
    let mut of_copies = HashSet::new();
    for (_, copied) in copies {
        of_copies.extend(clip_of(session, &copied.copy()).await);
    }
    Ok(Some(Was::Listed(folders, lists, of_copies)))
}

async fn counts(session: &Session, folders: &Folders) -> Result<Vec<usize>, CallError> {
    let lists = folders.0.iter().map(|folder| MethodCall::new(pool::by_id(&folder.id), "GetClipList", []));
    session.lengths(lists.collect()).await
}
