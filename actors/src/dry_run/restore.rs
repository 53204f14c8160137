//! Whether what a call deletes from the media pool can be restored: looked at as for the call itself.

use resolve_api::wire::MethodCall;

use crate::session::Session;
use crate::undo;

/// What an undo would do, or that it cannot, and why.
pub(super) async fn told(session: &Session, call: &MethodCall) -> String {
    let (looked, how) = match call.method.as_str() {
        "DeleteTimelines" => (
            undo::timelines_can_be_kept(session, call).await,
            "brings back copies of the timelines, whose items have other ids",
        ),
        "DeleteClips" => (
            undo::clips_can_be_kept(session, call).await,
            "imports the clips again, with other ids, and with all but transcriptions and remote grades",
        ),
        "DeleteFolders" => (
            undo::folders_can_be_kept(session, call).await,
            "makes the folders anew, with other ids, and imports the clips in them again",
        ),
        _ => (
            undo::links_can_be_restored(session, call).await,
            "links the clips again with the files that are behind them now",
        ),
    };
    looked.map_or_else(|why| format!("cannot take it back: {why}"), |()| how.to_owned())
}
