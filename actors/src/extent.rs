//! How much a call works on: frames of timelines and their items, seconds of clips.

use resolve_api::catalogue::{Tag, catalogue};
use resolve_api::wire::MethodCall;
use resolve_api::{Key, Locator, Value};

use crate::clip::Clip;
use crate::error::CallError;
use crate::limits::{EXTENT_CLIPS, EXTENT_FOLDERS};
use crate::listing::Listed;
use crate::session::Session;

impl Session {
    /// How much a call works on: the objects among its arguments, or else the one that it is called on. Always in the same
    /// measure for one method. None where nothing can be told of one of them.
    pub(crate) async fn extent(&self, call: &MethodCall) -> Option<f64> {
        let mut given = Vec::new();
        call.args.iter().for_each(|value| objects(value, &mut given));
        if given.is_empty() {
            let row = catalogue().method(call.on.class(), &call.method);
            let shown = row.is_some_and(|row| row.tags.contains(&Tag::ActsOnCurrentTimeline));
            given.push(if shown { Locator::Timeline(Key::Current) } else { call.on.clone() });
        }
        let mut extent = 0.0;
        for object in &given {
            // Without it the call is made all the same.
            extent += self
                .extent_of(object)
                .await
                .inspect_err(|error| tracing::debug!(%error, "no extent"))
                .ok()??;
        }
        (extent > 0.0).then_some(extent)
    }

    async fn extent_of(&self, object: &Locator) -> Result<Option<f64>, CallError> {
        let frames = |value: Option<&Option<Value>>| value.and_then(|value| value.as_ref()?.as_f64());
        match object {
            Locator::Timeline(_) => {
                let ends =
                    ["GetStartFrame", "GetEndFrame"].map(|name| MethodCall::new(object.clone(), name, []));
                let ends = self.all(ends.to_vec()).await?;
                Ok(frames(ends.get(1)).zip(frames(ends.first())).map(|(end, start)| end - start))
            }
            Locator::TimelineItem(_) => {
                let length = self.all(vec![MethodCall::new(object.clone(), "GetDuration", [])]).await?;
                Ok(frames(length.first()))
            }
            Locator::MediaPoolItem(_) => Ok(self.clip(object).await?.seconds()),
            Locator::Folder(_) => {
                let clips = self.clips_below(object).await?;
                Ok(clips.map(|clips| clips.iter().filter_map(Clip::seconds).sum()))
            }
            _ => Ok(None),
        }
    }

    /// The clips in a folder and those below it. None where there are too many to look at.
    pub(crate) async fn clips_below(&self, folder: &Locator) -> Result<Option<Vec<Clip>>, CallError> {
        let (mut folders, mut next, mut found) = (vec![self.by_id(folder).await?], 0, Vec::new());
        while let Some(folder) = folders.get(next).cloned() {
            next += 1;
            folders.extend(self.objects(&folder, "GetSubFolderList", []).await?);
            let by = MethodCall::new(folder, "GetClipList", []);
            let total = self.lengths(vec![by.clone()]).await?.first().copied().unwrap_or(0);
            if found.len() + total > EXTENT_CLIPS || folders.len() > EXTENT_FOLDERS {
                return Ok(None);
            }
            found.extend(self.clips(Listed { by, part: 0..total }).await?);
        }
        Ok(Some(found))
    }
}

/// The clips and items in a value.
fn objects(value: &Value, found: &mut Vec<Locator>) {
    match value {
        Value::List(items) => items.iter().for_each(|item| objects(item, found)),
        _ => {
            if let Some(object @ (Locator::MediaPoolItem(_) | Locator::TimelineItem(_))) = value.as_object() {
                found.push(object.clone());
            }
        }
    }
}
