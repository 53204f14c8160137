//! Whether what a call deletes from the media pool can be restored: looked at as for the call itself.

use resolve_api::wire::MethodCall;

use crate::session::Session;
use crate::undo;

/// What an undo would do, or that it cannot, and why.
pub(super) async fn told(session: &Session, call: &MethodCall) -> String {
    let looked = match call.method.as_str() {
        "DeleteTimelines" => undo::timelines_can_be_kept(session, call).await,
        "DeleteClips" => undo::clips_can_be_kept(session, call).await,
        "DeleteFolders" => undo::folders_can_be_kept(session, call).await,
        _ => undo::links_can_be_restored(session, call).await,
    };
    let how = match call.method.as_str() {
        "DeleteTimelines" => "brings back copies of the timelines, whose items have other ids",
        "DeleteClips" => {
            "imports the clips again, with other ids, and with all but transcriptions and remote grades"
        }
        "DeleteFolders" => "makes the folders anew, with other ids, and imports the clips in them again",
        _ => "links the clips again with the files that are behind them now",
    };
    looked.map_or_else(|why| format!("cannot take it back: {why}"), |()| how.to_owned())
}
