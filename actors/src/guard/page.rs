//! The page that a call needs: opened before it, and the one that was open before put back.

use std::time::Duration;

use resolve_api::catalogue::{Effect, Method, catalogue};
use resolve_api::wire::MethodCall;
use resolve_api::{Locator, Value};

use super::{Guarded, Next, Outcome, is_refusal, refused, still_there};
use crate::error::CallError;

/// How often the page is asked for after it was opened, and the pause in between: 3 s in all. Resolve takes up to a
/// second for Fusion and Color; what takes longer hangs in a dialog.
const TURNS: u32 = 30;
const PAUSE: Duration = Duration::from_millis(100);

/// How long Color needs after it was opened before grades can be reached; asked earlier, Resolve answers None, and
/// was seen to crash.
const COLOR_SETTLES: Duration = Duration::from_millis(1500);

/// Calls that fail on this page only.
const NOT_ON_DELIVER: [&str; 2] = ["Timeline.SetTrackEnable", "Timeline.SetMarkInOut"];

/// Calls that mostly work on any page, and are tried there before the page is changed.
const TRIED_FIRST: [&str; 3] =
    ["TimelineItem.SetCDL", "Graph.ApplyGradeFromDRX", "TimelineItem.GetFusionCompByIndex"];

/// Calls of the render queue that leave Resolve on the Deliver page. Starting a render does too, but the page is
/// needed while it runs.
const MOVE_TO_DELIVER: [&str; 3] =
    ["Project.AddRenderJob", "Project.SetRenderSettings", "Project.DeleteRenderJob"];

pub(super) fn concerns(row: &Method) -> bool {
    // A look at the clock is not worth a page that jumps before the eyes of a person: it answers None instead.
    let clock = row.effect == Effect::Read && row.name == "GetCurrentTimecode";
    !clock && wanted(row).is_some()
}

/// The page to open, where the row names any.
fn wanted(row: &Method) -> Option<&str> {
    let pages = &row.page_required;
    let required = pages.iter().find(|page| *page == "edit").or(pages.first());
    required.or(row.page_advised.as_ref()).map(String::as_str)
}

/// Opens the page that the call needs, and goes back afterwards, whatever comes of it.
pub(super) fn around(next: Next<'_>, call: MethodCall) -> Guarded<'_> {
    Box::pin(async move {
        let label = call.label();
        let Some(row) = catalogue().method_by_label(&label) else { return next.proceed(call).await };
        let Some(wanted) = wanted(row) else { return next.proceed(call).await };
        let tried = TRIED_FIRST.contains(&label.as_str());
        if tried {
            let outcome = next.proceed(call.clone()).await;
            let nothing = matches!(&outcome, Ok(outcome) if outcome.value == Value::Null);
            if !nothing && !is_refusal(&outcome) {
                return outcome;
            }
        }
        let Some(page) = next.ask_text(Locator::Resolve, "GetCurrentPage", vec![]).await? else {
            // Without a page there is none to go back to: a dialog is open, or no project.
            return next.proceed(call).await;
        };
        let fits = match label.as_str() {
            label if NOT_ON_DELIVER.contains(&label) => page != "deliver",
            _ if row.page_required.is_empty() => page == wanted,
            _ => row.page_required.contains(&page),
        };
        if fits {
            return next.proceed(call).await;
        }
        open(next, &call, wanted).await?;
        if tried && wanted == "color" {
            tokio::time::sleep(COLOR_SETTLES).await;
        }
        let outcome = next.proceed(call).await;
        go_back(next, &page, outcome).await
    })
}

/// Goes back to the page that was open before a call of the render queue.
pub(super) fn restore(next: Next<'_>, call: MethodCall) -> Guarded<'_> {
    Box::pin(async move {
        let before = next.ask_text(Locator::Resolve, "GetCurrentPage", vec![]).await?;
        let outcome = next.proceed(call).await;
        let Some(before) = before.filter(|_| still_there(&outcome)) else { return outcome };
        let after = next.ask_text(Locator::Resolve, "GetCurrentPage", vec![]).await?;
        if after.as_deref() == Some(before.as_str()) {
            return outcome;
        }
        go_back(next, &before, outcome).await
    })
}

pub(super) fn moves_to_deliver(row: &Method) -> bool {
    MOVE_TO_DELIVER.contains(&row.label().as_str())
}

/// Opens a page and waits until Resolve says that it is there.
async fn open(next: Next<'_>, call: &MethodCall, page: &str) -> Result<(), CallError> {
    next.caller.call(MethodCall::new(Locator::Resolve, "OpenPage", [page.into()])).await?;
    for _ in 0..TURNS {
        let shown = next.ask_text(Locator::Resolve, "GetCurrentPage", vec![]).await?;
        if shown.as_deref() == Some(page) {
            return Ok(());
        }
        tokio::time::sleep(PAUSE).await;
    }
    let waited = (PAUSE * TURNS).as_secs();
    Err(refused(
        call,
        format!("it needs the {page} page, which did not open within {waited} s; look at Resolve's window"),
    ))
}

async fn go_back(
    next: Next<'_>,
    page: &str,
    outcome: Result<Outcome, CallError>,
) -> Result<Outcome, CallError> {
    if !still_there(&outcome) {
        return outcome;
    }
    let back = next.ask(Locator::Resolve, "OpenPage", [page.into()]).await;
    let outcome = outcome?;
    Ok(match back {
        Ok(Some(_)) => outcome.remark(format!("the {page} page was open before and is again")),
        _ => outcome.remark(format!("the {page} page was open before and could not be opened again")),
    })
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use resolve_api::{Fault, Key};

    use super::super::script::{Script, reason_of};
    use super::*;

    /// A Resolve that has pages.
    fn on_page(page: &str) -> Script {
        let shown = Arc::new(Mutex::new(Value::from(page)));
        let opened = shown.clone();
        Script::newest().on("Resolve.GetCurrentPage", move |_| Ok(shown.lock().unwrap().clone())).on(
            "Resolve.OpenPage",
            move |args| {
                *opened.lock().unwrap() = args[0].clone();
                Ok(true.into())
            },
        )
    }

    fn thumbnail() -> MethodCall {
        MethodCall::new(Locator::Timeline(Key::Current), "GetCurrentClipThumbnailImage", [])
    }

    fn pages(script: &Script) -> Vec<Value> {
        script.arguments("Resolve.OpenPage").into_iter().flatten().collect()
    }

    /// `tl.thumbnail-page`, `item.lut-export-page`, `proj.insert-audio`, `tl.insert-page`, `app.page-global`: the
    /// page is opened, the call made, and the person's page put back.
    #[tokio::test]
    async fn the_page_is_opened_and_put_back() {
        let script = on_page("edit")
            .answers("Timeline.GetCurrentClipThumbnailImage", Value::map([("width", 288.into())]));

        let outcome = script.guarded(thumbnail()).await.unwrap();

        assert_eq!(vec![Value::from("color"), "edit".into()], pages(&script));
        assert_eq!(vec!["the edit page was open before and is again"], outcome.remarks);
        let called = script.called();
        let act = called.iter().position(|label| label.ends_with("ThumbnailImage")).unwrap();
        assert_eq!(
            "Resolve.GetCurrentPage",
            called[act - 1],
            "the page is asked for before the call is made"
        );
    }

    /// A call on the right page costs one question and moves nothing.
    #[tokio::test]
    async fn the_right_page_is_left_alone() {
        let script = on_page("color").answers("Timeline.GetCurrentClipThumbnailImage", Value::Null);

        script.guarded(thumbnail()).await.unwrap();

        assert_eq!(vec!["Resolve.GetCurrentPage", "Timeline.GetCurrentClipThumbnailImage"], script.called());
    }

    /// `pool.transcribe-page`: any of the pages will do; off them, Edit is opened.
    #[tokio::test]
    async fn one_of_several_pages_is_enough() {
        let call = || MethodCall::new(Locator::MediaPoolItem(Key::Id("c".into())), "TranscribeAudio", []);

        let media = on_page("media").answers("MediaPoolItem.TranscribeAudio", true);
        media.guarded(call()).await.unwrap();
        assert!(pages(&media).is_empty());

        let color = on_page("color").answers("MediaPoolItem.TranscribeAudio", true);
        color.guarded(call()).await.unwrap();
        assert_eq!(vec![Value::from("edit"), "color".into()], pages(&color));
    }

    /// `render.deliver-tracks`, `render.deliver-marks`: True on Deliver, and the track stays as it was.
    #[tokio::test]
    async fn deliver_is_left_for_a_track_and_no_other_page_is() {
        let args = || vec!["video".into(), 1.into(), false.into()];
        let call = || MethodCall::new(Locator::Timeline(Key::Current), "SetTrackEnable", args());

        let deliver = on_page("deliver")
            .answers("Timeline.SetTrackEnable", true)
            .answers("Timeline.GetIsTrackEnabled", false);
        deliver.guarded(call()).await.unwrap();
        assert_eq!(vec![Value::from("edit"), "deliver".into()], pages(&deliver));

        let color = on_page("color")
            .answers("Timeline.SetTrackEnable", true)
            .answers("Timeline.GetIsTrackEnabled", false);
        color.guarded(call()).await.unwrap();
        assert!(pages(&color).is_empty());
    }

    /// `item.grade-page`, `item.comp-on-edit`, `item.graph-after-page`: tried where Resolve is, and once more on the
    /// page when that failed, after it has settled.
    #[tokio::test(start_paused = true)]
    async fn a_grade_is_tried_before_the_page_is_changed() {
        let graph = Locator::Graph { of: Box::new(Locator::TimelineItem(Key::Current)), layer: None };
        let call = || MethodCall::new(graph.clone(), "ApplyGradeFromDRX", [file!().into(), 0.into()]);

        let works = on_page("edit").answers("Graph.ApplyGradeFromDRX", true);
        works.guarded(call()).await.unwrap();
        assert!(pages(&works).is_empty());

        let mut tries = 0;
        let needs_color = on_page("edit").on("Graph.ApplyGradeFromDRX", move |_| {
            tries += 1;
            let refusal = Fault::Refused { method: "Graph.ApplyGradeFromDRX".into(), reason: None };
            if tries == 1 { Err(refusal.into()) } else { Ok(true.into()) }
        });
        let started = tokio::time::Instant::now();
        needs_color.guarded(call()).await.unwrap();
        assert_eq!(vec![Value::from("color"), "edit".into()], pages(&needs_color));
        assert!(started.elapsed() >= COLOR_SETTLES);
    }

    /// `tl.delete-page`: the page is put back after a refusal too, and the refusal stands.
    #[tokio::test]
    async fn the_page_is_put_back_after_a_refusal() {
        let call = MethodCall::new(Locator::Timeline(Key::Current), "DeleteClips", [Value::List(vec![])]);
        let script = on_page("fairlight").refuses("Timeline.DeleteClips");

        assert!(is_refusal(&script.guarded(call).await));
        assert_eq!(vec![Value::from("edit"), "fairlight".into()], pages(&script));
    }

    /// A page that does not open is not waited for without end, and the call is not made.
    #[tokio::test(start_paused = true)]
    async fn a_page_that_does_not_open_refuses_the_call() {
        let script =
            Script::newest().answers("Resolve.GetCurrentPage", "edit").answers("Resolve.OpenPage", true);

        assert!(reason_of(script.guarded(thumbnail()).await).contains("did not open within 3 s"));
        assert!(script.arguments("Timeline.GetCurrentClipThumbnailImage").is_empty());
    }

    /// `app.page-none-21`: at the project manager there is no page to go back to, so none is opened.
    #[tokio::test]
    async fn without_a_page_the_call_is_made_as_it_is() {
        let script = Script::newest()
            .answers("Resolve.GetCurrentPage", Value::Null)
            .answers("Timeline.GetCurrentClipThumbnailImage", Value::Null);

        assert_eq!(Value::Null, script.guarded(thumbnail()).await.unwrap().value);
        assert!(pages(&script).is_empty());
    }

    /// `render.queue-opens-deliver`: the queue moves the person to Deliver; the page is put back.
    #[tokio::test]
    async fn the_page_is_put_back_after_a_call_of_the_queue() {
        let shown = Arc::new(Mutex::new("color".to_owned()));
        let (moved, opened) = (shown.clone(), shown.clone());
        let script = Script::newest()
            .on("Resolve.GetCurrentPage", move |_| Ok(shown.lock().unwrap().as_str().into()))
            .on("Resolve.OpenPage", move |args| {
                *opened.lock().unwrap() = args[0].as_str().unwrap().to_owned();
                Ok(true.into())
            })
            .on("Project.DeleteRenderJob", move |_| {
                *moved.lock().unwrap() = "deliver".to_owned();
                Ok(true.into())
            })
            .answers("Project.GetRenderJobList", Value::List(vec![]));

        script.guarded(MethodCall::new(Locator::Project, "DeleteRenderJob", ["a".into()])).await.unwrap();

        assert_eq!(vec![Value::from("color")], pages(&script));
    }
}
