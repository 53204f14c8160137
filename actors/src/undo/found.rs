//! What a call has made, by the places of its parts: found before an undo deletes it, and once the call has made it again.

use std::collections::{BTreeMap, HashMap, VecDeque};

use resolve_api::wire::MethodCall;
use resolve_api::{Locator, Value};
use serde::{Deserialize, Serialize};

use super::clips;
use super::placed::{self, Placed, item_place};
use super::pool::{self, Folders};
use super::structure::{Structure, comparable, compared, in_both, not_compared};
use super::timeline_copy::{clip_of, items_on};
use super::watched::Compared;
use crate::digest::digest;
use crate::error::CallError;
use crate::item::Item;
use crate::revision::differences;
use crate::session::Session;

/// The most items of a timeline that is found again: as many as clips are looked through in the media pool.
const MOST_ITEMS: usize = 20_000;

/// The most clips that are compared: each costs a dozen calls.
const MOST_CLIPS: usize = 2_000;

/// The most items of a timeline that is compared whole, with its exports, where items were placed on it: it is read four
/// times, and an export took the engine half a millisecond an item. Of a longer one the items alone are.
const MOST_COMPARED_WHOLE: usize = 100;

/// Writes of one call whose timelines are compared whole: of a hundred of them each reading would be waited for.
const MOST_WRITES_COMPARED_WHOLE: usize = 4;

/// Whether a timeline is compared whole.
///
/// # Errors
/// Why it cannot be read, in words.
pub(super) async fn is_compared_whole(session: &Session, timeline: &Locator) -> Result<bool, String> {
    if session.recorder().noted() >= MOST_WRITES_COMPARED_WHOLE {
        return Ok(false);
    }
    Ok(items_on(session, timeline).await? <= MOST_COMPARED_WHOLE)
}

/// Objects that calls delete.
#[derive(Debug, Default)]
pub(super) struct Objects {
    /// The timeline that items are deleted of, and their unique ids.
    pub(super) items: Option<(Locator, Vec<String>)>,
    timelines: Vec<Locator>,
    clips: Vec<String>,
    folders: Vec<String>,
}

impl Objects {
    /// Those of these calls.
    pub(super) fn deleted_by(calls: &[MethodCall]) -> Self {
        let mut objects = Self::default();
        for call in calls {
            let named = call.args.first().and_then(Value::as_list).unwrap_or_default();
            let named = named.iter().filter_map(Value::as_object);
            let ids = named.clone().filter_map(Locator::id).map(str::to_owned);
            match call.label().as_str() {
                "Timeline.DeleteClips" => objects.items = Some((call.on.clone(), ids.collect())),
                "MediaPool.DeleteTimelines" => objects.timelines.extend(named.cloned()),
                "MediaPool.DeleteClips" => objects.clips.extend(ids),
                "MediaPool.DeleteFolders" => objects.folders.extend(ids),
                _ => {}
            }
        }
        objects
    }
}

/// A timeline with what stands on it.
pub(super) struct Standing {
    name: String,
    pub(super) structure: Structure,
    /// The place of each item, and its unique id.
    pub(super) items: Vec<(String, String)>,
}

impl Standing {
    /// Reads it.
    ///
    /// # Errors
    /// Why it cannot be read, in words.
    pub(super) async fn read(session: &Session, timeline: &Locator) -> Result<Self, String> {
        let failed = |error: CallError| format!("the timeline could not be read: {error}");
        let survey = session.survey(timeline, true).await.map_err(failed)?;
        let tracks = session.tracks(&survey).await.map_err(failed)?;
        let total = tracks.total();
        if total > MOST_ITEMS {
            return Err(format!("the timeline has {total} items, and {MOST_ITEMS} at most are compared"));
        }
        let structure = session.structure(&survey, &tracks).await.map_err(failed)?;
        let items = session.items(&survey.timeline, &tracks.parts(0..total)).await.map_err(failed)?;
        let place = |item: &Item| item_place(item.track_type, item.track, item.start);
        let items = items.iter().map(|item| (place(item), item.id().to_owned())).collect();
        let name = survey.about().get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        Ok(Self { name, structure, items })
    }

    /// A number for all of it.
    pub(super) fn digest(&self) -> String {
        let parts = self.structure.iter().flat_map(|(part, is)| [part.as_bytes(), is.as_bytes()]);
        format!("{:016x}", digest(parts))
    }
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The place of each part, and its unique id.
    ids: Vec<(String, String)>,
    /// What calls tell of clips, and where timelines lie, by their places.
    #[serde(default, skip_serializing_if = "Structure::is_empty")]
    pool: Structure,
    /// What stands on each timeline, by its name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    timelines: BTreeMap<String, Structure>,
}

impl Found {
    /// Looks at timelines, clips and folders that a call has made.
    ///
    /// # Errors
    /// Why that is not possible, in words.
    pub(super) async fn of(session: &Session, objects: &Objects) -> Result<Self, String> {
        let mut found = Self::default();
        let mut own_clips = Vec::new();
        for timeline in &objects.timelines {
            let Standing { name, structure, items } = Standing::read(session, timeline).await?;
            found.ids.push((format!("timeline {name}"), timeline.id().unwrap_or_default().to_owned()));
            found.ids.extend(items.into_iter().map(|(place, id)| (format!("{name}: {place}"), id)));
            if let Some(clip) = clip_of(session, timeline).await {
                own_clips.push((format!("clip of the timeline {name}"), clip));
            }
            found.timelines.insert(name, structure);
        }
        found.in_the_pool(session, objects, own_clips).await?;
        Ok(found)
    }

    /// Items that were placed on a timeline, and all that stands on it.
    pub(super) fn placed(standing: Standing, ids: &[String]) -> Self {
        let Standing { name, structure, items } = standing;
        let ids = items.into_iter().filter(|(_, id)| ids.contains(id)).collect();
        Self { ids, pool: Structure::new(), timelines: BTreeMap::from([(name, structure)]) }
    }

    /// Items that were placed on a timeline, and nothing else of it.
    ///
    /// # Errors
    /// Why they cannot be read, in words.
    pub(super) async fn alone(session: &Session, timeline: &Locator, ids: &[String]) -> Result<Self, String> {
        let failed = |error: CallError| format!("what it placed could not be read: {error}");
        let name = session.text(timeline, "GetName", []).await.map_err(failed)?;
        let items = placed::read(session, ids).await.map_err(failed)?;
        let mut found = Self::default();
        let structure = found.timelines.entry(name).or_default();
        for Placed { place, id, is } in items {
            structure.insert(place.clone(), is);
            found.ids.push((place, id));
        }
        Ok(found)
    }

    async fn in_the_pool(
        &mut self,
        session: &Session,
        objects: &Objects,
        own_clips: Vec<(String, String)>,
    ) -> Result<(), String> {
        if objects.clips.len() > MOST_CLIPS {
            return Err(format!(
                "it made {} clips, and {MOST_CLIPS} at most are compared",
                objects.clips.len()
            ));
        }
        let folders = Folders::read(session).await?;
        let outer: Option<Vec<usize>> = objects.folders.iter().map(|id| folders.find(id)).collect();
        let outer = outer.ok_or("a folder that it made was not found in the media pool")?;
        for place in (0..folders.0.len()).filter(|place| folders.is_in(*place, &outer)) {
            self.ids.push((format!("folder {}", folders.path(place)), folders.0[place].id.clone()));
        }
        let all: Vec<String> = own_clips.iter().map(|(_, id)| id).chain(&objects.clips).cloned().collect();
        let lie_in =
            if all.is_empty() { HashMap::new() } else { pool::clips(session, &folders, &all).await? };
        let path = |id: &str| {
            let folder = lie_in.get(id).and_then(|folder| folders.find(folder));
            folder.map(|place| folders.path(place)).unwrap_or_default()
        };
        for (place, id) in own_clips {
            self.pool.insert(place.clone(), format!("in {}", path(&id)));
            self.ids.push((place, id));
        }
        let clips: Vec<Locator> = objects.clips.iter().map(|id| clips::locator(id)).collect();
        let failed = |error: CallError| format!("the clips could not be read: {error}");
        let told = clips::read(session, &clips).await.map_err(failed)?;
        for (id, told) in objects.clips.iter().zip(&told) {
            let place = format!("clip {}/{}", path(id), clips::name(told));
            // Several of one name are told apart by their order.
            let same = self.ids.iter().filter(|(other, _)| *other == place).count();
            self.pool.insert(format!("{place} ({})", same + 1), clips::shown(told));
            self.ids.push((place, id.clone()));
        }
        Ok(())
    }

    /// Keeps of what stands on timelines the parts that are other there, or are not there at all.
    pub(super) fn only_other_than(&mut self, there: &Structure) {
        for structure in self.timelines.values_mut() {
            structure.retain(|part, is| there.get(part) != Some(is));
        }
    }

    /// Keeps of what stands on timelines the items that are its parts.
    pub(super) fn only_items(&mut self) {
        for structure in self.timelines.values_mut() {
            structure.retain(|part, _| self.ids.iter().any(|(place, _)| place == part));
        }
    }

    /// Whether an object is one of its parts.
    pub(crate) fn has(&self, id: &str) -> bool {
        self.ids.iter().any(|(_, part)| part == id)
    }

    /// Whether all of it are subtitles.
    pub(super) fn is_subtitles(&self) -> bool {
        self.ids.iter().all(|(place, _)| place.starts_with("item on subtitle"))
    }

    /// Its parts with the unique ids that they had and have, as far as they are at the same places.
    pub(super) fn renamed(&self, now: &Self) -> Vec<(String, String)> {
        let mut places: HashMap<&str, VecDeque<&str>> = HashMap::new();
        now.ids.iter().for_each(|(place, id)| places.entry(place).or_default().push_back(id));
        let mut is = |place: &str| places.get_mut(place)?.pop_front();
        self.ids.iter().filter_map(|(place, was)| Some((was.clone(), is(place)?.to_owned()))).collect()
    }

    /// Compares it with what is there now.
    pub(super) fn compare(&self, now: &Self) -> Compared {
        let mut comparison = Compared::default();
        let places = |of: &Self| -> Structure {
            let mut count: HashMap<&str, usize> = HashMap::new();
            for (place, _) in &of.ids {
                *count.entry(place).or_default() += 1;
            }
            count.into_iter().map(|(place, count)| (place.to_owned(), count.to_string())).collect()
        };
        comparison.differences.extend(differences(&places(self), &places(now)));
        comparison.differences.extend(differences(&self.pool, &now.pool));
        let none = Structure::new();
        for (name, was) in &self.timelines {
            let is = now.timelines.get(name).unwrap_or(&none);
            let (was, is) = in_both(&comparable(was, is), is);
            comparison.differences.extend(differences(&was, &is));
            comparison.by.extend(compared(&was));
            comparison.left_out.extend(not_compared(&was));
        }
        if !self.pool.is_empty() {
            comparison.by.push("Folder.GetClipList".to_owned());
        }
        if self.pool.keys().any(|place| place.starts_with("clip /")) {
            comparison.by.push("MediaPoolItem.GetClipProperty".to_owned());
        }
        comparison
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(ids: &[(&str, &str)]) -> Found {
        let ids = ids.iter().map(|(place, id)| ((*place).to_owned(), (*id).to_owned()));
        Found { ids: ids.collect(), ..Found::default() }
    }

    /// What has the same place is the same, in whatever order it is told; of two of one name the first is the first.
    #[test]
    fn parts_are_known_again_by_their_places() {
        let was = found(&[("clip /Master/a", "1"), ("item on video 1 at 0", "2"), ("clip /Master/a", "3")]);
        let now = found(&[("clip /Master/a", "4"), ("clip /Master/a", "5"), ("item on video 1 at 0", "6")]);

        let expected = [("1", "4"), ("2", "6"), ("3", "5")];
        assert_eq!(expected.map(|(was, is)| (was.to_owned(), is.to_owned())).to_vec(), was.renamed(&now));
        assert!(was.compare(&now).differences.is_empty());
        let moved = found(&[("clip /Master/a", "4"), ("item on video 1 at 24", "6")]);
        let expected = [
            "item on video 1 at 0 is gone: 1",
            "clip /Master/a was 2 and is 1",
            "item on video 1 at 24 is new: 1",
        ];
        assert_eq!(expected.to_vec(), was.compare(&moved).differences);
    }
}
