//! All that calls tell of a folder of the media pool and of what lies in it, to compare it once it was imported again.

use resolve_api::{Locator, Value};
use serde::{Deserialize, Serialize};

use super::clips::{self, attribute};
use super::pool::{self, Folders};
use super::structure::{Structure, comparable, in_both};
use super::{timeline_copy, watched};
use crate::error::CallError;
use crate::item::items_of;
use crate::listing::Listed;
use crate::revision::differences;
use crate::session::Session;

/// All that is told of a folder and of what lies in it, in an order that is the same once it was imported again.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Told {
    /// The folder and those in it: the path from it, and the unique id.
    pub(super) folders: Vec<(String, String)>,
    pub(super) clips: Vec<Clip>,
    pub(super) timelines: Vec<Shown>,
}

/// A clip.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Clip {
    pub(super) id: String,
    /// The path of its folder.
    folder: String,
    pub(super) told: Value,
}

/// A timeline.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Shown {
    id: String,
    /// The number of the clip that stands for it.
    pub(super) clip: usize,
    /// The unique ids of its items.
    pub(super) items: Vec<String>,
    /// Names of the color groups that items are in, by the numbers of these.
    pub(super) groups: Vec<(usize, String)>,
    standing: Structure,
    /// The unique ids of the clips that it shows, one for each item.
    #[serde(skip)]
    pub(super) shows: Vec<String>,
}

impl Told {
    /// The unique ids of all of it, in an order of its own.
    pub(super) fn ids(&self) -> Vec<String> {
        let folders = self.folders.iter().map(|(_, id)| id);
        let clips = self.clips.iter().map(|clip| &clip.id);
        let timelines = self.timelines.iter().flat_map(|shown| [&shown.id].into_iter().chain(&shown.items));
        folders.chain(clips).chain(timelines).cloned().collect()
    }
}

/// Reads all that is told of a folder.
///
/// # Errors
/// Why that is not possible, in words.
pub(super) async fn read(session: &Session, folders: &Folders, top: usize) -> Result<Told, String> {
    let failed = |error: CallError| format!("what lies in the folder could not be read: {error}");
    let above = folders.0[top].parent.map(|parent| folders.path(parent)).unwrap_or_default();
    let mut places: Vec<(String, usize)> = (0..folders.0.len())
        .filter(|place| folders.is_in(*place, &[top]))
        .map(|place| (folders.path(place)[above.len() + 1..].to_owned(), place))
        .collect();
    places.sort();
    let inside = places.iter().map(|(_, place)| &folders.0[*place]);
    let (mut found, mut lie_in) = (Vec::new(), Vec::new());
    for ((_, ids), (path, _)) in pool::clips_of(session, inside).await?.into_iter().zip(&places) {
        lie_in.extend(ids.iter().map(|_| path.clone()));
        found.extend(ids);
    }
    if found.len() > clips::MOST_CLIPS {
        let most = clips::MOST_CLIPS;
        return Err(format!(
            "{} clips lie in the folder, and {most} are compared once it is restored",
            found.len()
        ));
    }
    let locators: Vec<Locator> = found.iter().map(|id| clips::locator(id)).collect();
    let told = clips::read(session, &locators).await.map_err(failed)?;
    let told = found.into_iter().zip(lie_in).zip(told);
    let mut clips: Vec<Clip> = told.map(|((id, folder), told)| Clip { id, folder, told }).collect();
    let order = |clip: &Clip| {
        let keys =
            ["Type", "File Path", "Start TC", "Frames"].map(|key| attribute(&clip.told, key).to_owned());
        (clip.folder.clone(), clips::name(&clip.told).to_owned(), keys)
    };
    clips.sort_by_key(order);
    let ids = clips.iter().map(|clip| clip.id.clone()).collect();
    let mut timelines = Vec::new();
    for timeline in session.timelines_among(ids).await.map_err(failed)?.0 {
        let clip = timeline_copy::clip_of(session, &timeline).await;
        let clip = clips.iter().position(|known| Some(&known.id) == clip.as_ref());
        let clip = clip.ok_or("it is not told which clip stands for a timeline")?;
        timelines.push(shown(session, timeline, clip).await?);
    }
    timelines.sort_by_key(|timeline| timeline.clip);
    let folders = places.into_iter().map(|(path, place)| (path, folders.0[place].id.clone())).collect();
    Ok(Told { folders, clips, timelines })
}

/// Reads what stands on a timeline.
async fn shown(session: &Session, timeline: Locator, clip: usize) -> Result<Shown, String> {
    let failed = |error: CallError| format!("a timeline in the folder could not be read: {error}");
    let timeline_copy::Standing { survey, tracks, items } =
        timeline_copy::standing(session, &timeline).await.map_err(failed)?;
    let items: Vec<String> = items?.iter().map(|item| item.id().to_owned()).collect();
    let listed = |(track, part)| Listed { by: items_of(&timeline, track), part };
    let lists: Vec<Listed> = tracks.parts(0..tracks.total()).into_iter().map(listed).collect();
    let of_items = ["GetMediaPoolItem", "GetColorGroup"];
    let (mut shows, mut groups, mut number) = (Vec::new(), Vec::new(), 0);
    for columns in session.columns(&lists, "TimelineItem", &of_items).await.map_err(failed)? {
        let [clips, of_groups] =
            [0, 1].map(|column| columns.get(column).cloned().flatten().unwrap_or_default());
        shows.extend(clips.iter().filter_map(|clip| clip.as_object()?.id().map(str::to_owned)));
        for (place, group) in of_groups.iter().enumerate() {
            if let Some(group) = group.as_object() {
                groups.push((number + place, session.text(group, "GetName", []).await.map_err(failed)?));
            }
        }
        number += of_groups.len();
    }
    let standing = match session.is_dry_run() {
        // It exports the timeline, which nothing is compared with then.
        true => Structure::new(),
        false => session.structure(&survey, &tracks).await.map_err(failed)?,
    };
    let id = timeline.id().unwrap_or_default().to_owned();
    Ok(Shown { id, clip, items, groups, standing, shows })
}

/// Whether all but the ids is the same.
///
/// # Errors
/// What is other, in words.
pub(super) fn same(was: &Told, is: &Told) -> Result<(), String> {
    let paths = |told: &Told| told.folders.iter().map(|(path, _)| path.clone()).collect::<Vec<_>>();
    if paths(was) != paths(is) {
        return Err(format!("its folders were {} and are {}", paths(was).join(", "), paths(is).join(", ")));
    }
    if (was.clips.len(), was.timelines.len()) != (is.clips.len(), is.timelines.len()) {
        let told = |told: &Told| format!("{} clips and {} timelines", told.clips.len(), told.timelines.len());
        return Err(format!("it had {} and has {}", told(was), told(is)));
    }
    for (was, is) in was.clips.iter().zip(&is.clips) {
        let name = clips::name(&was.told);
        if was.folder != is.folder {
            return Err(format!("'{name}' lay in {} and lies in {}", was.folder, is.folder));
        }
        if let Some((key, was, is)) = clips::difference(&was.told, &is.told) {
            let text = |value: &Value| serde_json::to_string(value).unwrap_or_default();
            return Err(watched::cut(&format!("{key} of '{name}' was {} and is {}", text(&was), text(&is))));
        }
    }
    for (was, is) in was.timelines.iter().zip(&is.timelines) {
        let (expected, now) = in_both(&comparable(&was.standing, &is.standing), &is.standing);
        if let Some(difference) = differences(&expected, &now).into_iter().next() {
            return Err(difference);
        }
        if was.items.len() != is.items.len() {
            return Err(format!("a timeline had {} items and has {}", was.items.len(), is.items.len()));
        }
    }
    Ok(())
}
