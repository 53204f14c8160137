//! What is looked up before a write that no single call takes back, and after it.

use std::pin::Pin;

use resolve_api::Value;
use resolve_api::facts::undo::Way;
use resolve_api::wire::MethodCall;

use super::{
    Copied, Kept, Step, added, analyses, appended, clips, color_group, folder_file, folders, jobs, links,
    mattes, pool, presets, projects, render_settings, stills, synced, timeline_copy,
};
use crate::session::Session;

/// Looks at what is moved or deleted. Each of its calls looks for what takes it back, and finds that it only reads.
pub(super) fn before<'a>(
    session: &'a Session,
    call: &'a MethodCall,
    way: &'a Way,
) -> Pin<Box<dyn Future<Output = Result<Kept, String>> + Send + 'a>> {
    match way {
        Way::Moved => Box::pin(pool::before_a_move(session, call)),
        Way::RenderSettings => Box::pin(render_settings::before(session, call)),
        Way::ColorGroup => Box::pin(color_group::before(session, call)),
        Way::Preset(kind) => Box::pin(presets::before(session, call, kind)),
        Way::Stills => Box::pin(stills::before(session, call)),
        Way::Appended => Box::pin(async { appended::before(session).await.map(Kept::Appended) }),
        Way::Added => {
            Box::pin(async { added::before(session).await.map(|before| Kept::Pool(Box::new(before))) })
        }
        Way::Mattes => Box::pin(async { mattes::before(session, call).await.map(Kept::Mattes) }),
        Way::Analysis => Box::pin(async { analyses::before(session, call).await.map(Kept::Analysed) }),
        Way::Synced => Box::pin(async { synced::before(session, call).await.map(Kept::Synced) }),
        Way::Links => Box::pin(async { links::before(session, call).await.map(Kept::Links) }),
        Way::Project => Box::pin(async { projects::before_a_deletion(session, call).await.map(Kept::Steps) }),
        Way::Clips => Box::pin(async { clips::before_a_deletion(session, call).await.map(Kept::Steps) }),
        Way::Folders => Box::pin(async { folders::before_a_deletion(session, call).await.map(Kept::Steps) }),
        _ => Box::pin(jobs::before_a_deletion(session, call)),
    }
}

/// Looks again at what a call has made or linked, for what takes it back.
pub(super) fn after<'a>(
    session: &'a Session,
    method: String,
    kept: Kept,
    answer: &'a Value,
) -> Pin<Box<dyn Future<Output = Result<Step, String>> + Send + 'a>> {
    Box::pin(async move {
        match kept {
            Kept::Appended(before) => appended::after(session, method, before, answer).await,
            Kept::Pool(before) => added::after(session, method, *before).await,
            Kept::Stills(before) => stills::after(session, method, before, answer).await,
            Kept::Mattes(before) => mattes::after(session, method, before).await,
            Kept::Analysed(before) => analyses::after(session, method, before).await,
            Kept::Synced(before) => synced::after(session, method, before).await,
            Kept::Links(before) => links::after(session, method, before).await,
            _ => Err("there is nothing to look at again".to_owned()),
        }
    })
}

/// Forgets what was kept for a write that was not made: files, and copies of timelines.
pub(super) async fn forget(session: &Session, kept: Kept) {
    let copies: Vec<Copied> = match kept {
        Kept::Timeline(copy) => vec![copy.copied],
        Kept::Steps(steps) => {
            folder_file::forget(&steps);
            steps.into_iter().filter_map(|step| step.copied).collect()
        }
        Kept::RenderSettings(settings) => return settings.forget(),
        Kept::Preset(preset, settings) => return presets::forget(&preset, settings),
        Kept::Stills(before) => return stills::forget(&before),
        _ => return,
    };
    for copied in &copies {
        timeline_copy::delete(session, copied).await;
    }
}
