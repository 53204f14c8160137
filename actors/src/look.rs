//! The operation that shows frames of a timeline.

use std::path::PathBuf;

use indexmap::IndexMap;
use resolve_api::catalogue::{Domain, Effect};
use resolve_api::kind::{Kind, Param};
use resolve_api::position::{Clock, Position};
use resolve_api::{Locator, Value};

use crate::arguments::{Arguments, invalid, invalid_with};
use crate::clock::frames;
use crate::contact_sheet;
use crate::error::CallError;
use crate::limits::{LOOK_EDGE, LOOK_EDGE_LARGEST, LOOK_FRAMES, LOOK_FRAMES_MOST};
use crate::operation::{Answer, Args, Operation, Picture};
use crate::session::Session;
use crate::still::picture_folder;
use crate::timeline::timeline_param;
use crate::typed::CURRENT_TIMELINE;

/// Shows frames as one picture.
pub(crate) const LOOK: Operation = Operation {
    name: "look",
    title: "Look at frames",
    domain: Domain::Timeline,
    effect: Effect::Read,
    doc: "Shows frames of a timeline as one picture (a contact sheet, row by row), at given positions or evenly \
          spaced, as they would be rendered. Answers the position of each frame and the paths of the full-size PNG \
          files. Page, playhead and current timeline are put back.",
    params: || {
        vec![
            timeline_param(),
            Param::optional(
                "positions",
                Kind::list(Kind::Position),
                "where to look, at most 16, at the timeline's rate: frames or seconds from the timeline start, or \
                 timecodes of the timeline",
            ),
            Param::optional("count", Kind::Int, "how many evenly spaced frames, when no positions are given")
                .or(LOOK_FRAMES)
                .at_least(1.0)
                .at_most(LOOK_FRAMES_MOST as f64),
            Param::optional("max_edge", Kind::Int, "longest side of the picture in pixels")
                .or(LOOK_EDGE)
                .at_least(64.0)
                .at_most(LOOK_EDGE_LARGEST.into()),
        ]
    },
    run: |session, args| Box::pin(look(session, args)),
};

async fn look(session: &Session, args: Args) -> Result<Answer, CallError> {
    let before = session.current_timeline().await?;
    let timeline = session.make_current(args.maybe_object("timeline").unwrap_or(&CURRENT_TIMELINE)).await?;
    let clock = session.timeline_clock(&timeline).await?;
    let length = session.int(&timeline, "GetEndFrame", []).await? - clock.start;
    let taken = take(session, &timeline, &clock, length, &args).await;
    if let Some(before) = before.filter(|before| *before != timeline) {
        session.make_current(&before).await?;
    }
    let (positions, paths) = taken?;
    let about = session.id_and_name(&timeline).await?;
    // The rest is work of this process: others may go on.
    session.release().await;
    let edge = args.maybe_int("max_edge").and_then(|edge| u32::try_from(edge).ok()).unwrap_or(LOOK_EDGE);
    let (folder, stills) = (paths.folder.clone(), paths.stills.clone());
    let sheet = tokio::task::spawn_blocking(move || {
        let sheet = contact_sheet::lay(&stills, edge)?;
        let path = folder.join("contact-sheet.png");
        std::fs::write(&path, &sheet.png).map_err(|error| format!("{} ({error})", path.display()))?;
        Ok::<_, String>((sheet, path))
    });
    let failed = |reason| CallError::Internal { method: "look".to_owned(), reason };
    let (sheet, path) = sheet.await.map_err(|error| failed(error.to_string()))?.map_err(failed)?;
    let path = path.to_string_lossy().into_owned();
    let frames = positions.iter().zip(&paths.stills).map(|(frame, path)| {
        let path = path.to_string_lossy().into_owned();
        Value::map([("position", clock.time(*frame).into()), ("path", path.into())])
    });
    let value = Value::Map(IndexMap::from_iter([
        ("timeline".to_owned(), Value::Map(about)),
        ("frames".to_owned(), frames.collect::<Vec<_>>().into()),
        ("columns".to_owned(), Value::Int(sheet.columns.into())),
        ("rows".to_owned(), Value::Int(sheet.rows.into())),
        ("frame_width".to_owned(), Value::Int(sheet.frame.0.into())),
        ("frame_height".to_owned(), Value::Int(sheet.frame.1.into())),
        ("path".to_owned(), path.as_str().into()),
    ]));
    Ok(Answer { picture: Some(Box::new(Picture { png: sheet.png, path })), ..value.into() })
}

struct Paths {
    folder: PathBuf,
    stills: Vec<PathBuf>,
}

/// Takes the stills; page and playhead are put back also when one fails.
async fn take(
    session: &Session,
    timeline: &Locator,
    clock: &Clock,
    length: i64,
    args: &Args,
) -> Result<(Vec<i64>, Paths), CallError> {
    let positions = positions(clock, length, args)?;
    let folder = picture_folder()?;
    let before = session.before_stills(timeline).await?;
    let mut stills = Vec::new();
    let mut taken = Ok(());
    for (number, frame) in positions.iter().enumerate() {
        let path = folder.join(format!("{:02}-frame-{frame}.png", number + 1));
        taken = session.still(timeline, clock, *frame, &path).await;
        stills.push(path);
        if taken.is_err() {
            break;
        }
    }
    session.after_stills(timeline, before).await?;
    taken?;
    Ok((positions, Paths { folder, stills }))
}

/// The frames to show, from the timeline start.
fn positions(clock: &Clock, length: i64, args: &Args) -> Result<Vec<i64>, CallError> {
    if length < 1 {
        return Err(invalid_with(
            "timeline",
            "the timeline is empty",
            "append clips with append_to_timeline",
        ));
    }
    let given = args.list("positions");
    if given.is_empty() {
        let count = args.maybe_int("count").unwrap_or(LOOK_FRAMES as i64).clamp(1, LOOK_FRAMES_MOST as i64);
        let count = count.min(length);
        // The middles of equal parts: neither the first frame, often black, nor one behind the last.
        return Ok((0..count).map(|number| (2 * number + 1) * length / (2 * count)).collect());
    }
    if given.len() > LOOK_FRAMES_MOST {
        return Err(invalid("positions", format!("at most {LOOK_FRAMES_MOST} positions at once")));
    }
    let each = given.iter().enumerate().map(|(number, given)| {
        let path = format!("positions[{number}]");
        let position = Position::from_value(given).ok_or_else(|| invalid(&*path, "must be a position"))?;
        let frame = frames(clock, &path, &position)?;
        if (0..length).contains(&frame) {
            return Ok(frame);
        }
        let reason = format!("frame {frame} is outside the timeline, whose frames are 0 to {}", length - 1);
        Err(invalid(path, reason))
    });
    each.collect()
}
