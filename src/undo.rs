//! The tool `undo`: takes back what was changed through this server, the newest first.

use std::collections::HashSet;

use resolve_actors::journal::Undoable;
use resolve_actors::undo::Step;
use resolve_actors::{Args, Proof, StepAnswer, Taking, What};
use resolve_api::batch::MAX_STEPS;
use resolve_api::catalogue::Effect;
use resolve_api::kind::{Kind, Param};
use resolve_api::wire::MethodCall;
use resolve_api::{Locator, Value};
use rmcp::model::Implementation;
use serde_json::{Map, Value as Json, json};
use tokio_util::sync::CancellationToken;

use crate::dry_run;
use crate::error::{Code, ToolError};
use crate::history::History;
use crate::server::ResolveServer;

/// What the tool says of itself to an agent.
pub const DOC: &str = "Takes back what was changed in this session through this server, the newest first: the last change, the \
last few (steps), or everything after an entry of history (to). Values are written back as they were before, what was \
made is removed, deleted markers return, a grade returns as the version that was kept, a cut as a copy of the timeline; each \
is read back. What cannot be taken back (clips in use), or was changed since, is refused with the reason, unless confirm \
is true. redo puts back what was taken back last; what it makes has new ids.";

/// Changes that are taken back at once.
const MOST: u32 = 50;

/// Its parameters.
pub fn params() -> Vec<Param> {
    let own = [
        Param::optional("steps", Kind::Int, "how many changes, as history lists them; 1 unless given")
            .at_least(1.0)
            .at_most(f64::from(MOST)),
        Param::optional(
            "to",
            Kind::Int,
            "id of an entry of history: it stays, every later change is taken back",
        ),
        Param::optional("confirm", Kind::Bool, "leave what cannot be taken back as it is").or(false),
        Param::optional("redo", Kind::Bool, "put back the last undo instead").or(false),
    ];
    own.into_iter().chain(dry_run::param(Effect::Destructive)).collect()
}

/// What was taken back.
#[derive(Default)]
pub struct Undone {
    entries: Vec<Json>,
    dry_run: bool,
    redo: bool,
}

impl Undone {
    /// As the answer, or beside the error, of the tool.
    pub fn body(self) -> Map<String, Json> {
        let name = match (self.dry_run, self.redo) {
            (true, false) => "would_undo",
            (true, true) => "would_redo",
            (false, false) => "undone",
            (false, true) => "redone",
        };
        let head = self.dry_run.then(|| (dry_run::DRY_RUN.to_owned(), true.into()));
        head.into_iter().chain([(name.to_owned(), self.entries.into())]).collect()
    }
}

/// Takes back what the arguments name.
///
/// # Errors
/// `not_found` where there is nothing to take back, `refused` where a part of it cannot be or another project is open,
/// and what a call met: then what was taken back before it is told too.
pub async fn undo(
    server: &ResolveServer,
    args: &Args,
    client: Option<&Implementation>,
    cancel: &CancellationToken,
) -> Result<Undone, (ToolError, Undone)> {
    let flag = |name: &str| args.get(name) == Some(&Value::Bool(true));
    let redo = flag("redo");
    let nothing = |error| (error, Undone { redo, ..Undone::default() });
    let history = server.history().map_err(nothing)?;
    let known = if redo { history.redoable(MOST) } else { history.undoable(MOST) };
    let chosen = chosen(known.map_err(nothing)?, args, redo).map_err(nothing)?;
    possible(&chosen, flag("confirm")).map_err(nothing)?;
    same_project(server, &chosen, cancel).await.map_err(nothing)?;
    if dry_run::asked(args) {
        return Ok(Undone { entries: chosen.iter().map(would).collect(), dry_run: true, redo });
    }
    let mut undone = Undone { redo, ..Undone::default() };
    let mut chosen = chosen;
    for place in 0..chosen.len() {
        let entry = &chosen[place];
        match take_back(server, history, entry, flag("confirm"), (client, cancel)).await {
            Ok(told) => undone.entries.push(told),
            Err(error) => return Err((error, undone)),
        }
        // A long undo has several entries; with the last of them what it had taken back is there again.
        let put_back = entry.of.filter(|of| chosen.get(place + 1).is_none_or(|next| next.of != Some(*of)));
        let noted = history.undone(entry.id, true);
        let noted = noted.and_then(|()| put_back.map_or(Ok(()), |of| history.undone(of, false)));
        let has_other_ids = entry.record.steps.iter().any(Step::changes_ids);
        let later = if has_other_ids { &mut chosen[place + 1..] } else { &mut [][..] };
        let again = |()| read_again(history, later, redo);
        if let Err(error) = noted.and_then(again) {
            return Err((error, undone));
        }
    }
    Ok(undone)
}

/// Reads entries again after objects that they are about have got other ids.
fn read_again(history: &History, entries: &mut [Undoable], redo: bool) -> Result<(), ToolError> {
    if entries.is_empty() {
        return Ok(());
    }
    let now = if redo { history.redoable(MOST)? } else { history.undoable(MOST)? };
    for entry in entries {
        if let Some(now) = now.iter().find(|now| now.id == entry.id) {
            entry.record = now.record.clone();
        }
    }
    Ok(())
}

/// The entries that are meant, the newest first.
fn chosen(entries: Vec<Undoable>, args: &Args, redo: bool) -> Result<Vec<Undoable>, ToolError> {
    let number = |name: &str| args.get(name).and_then(Value::as_int);
    if redo && number("to").is_some() {
        let error = ToolError::new(
            Code::InvalidArgument,
            "to: redo puts back the last undo, or the last few (steps)",
        );
        return Err(error.at("to").with_hint("leave to out"));
    }
    if number("steps").is_some() && number("to").is_some() {
        let hint = "give one of them";
        return Err(ToolError::new(Code::InvalidArgument, "to: steps says already how far to go")
            .at("to")
            .with_hint(hint));
    }
    let chosen: Vec<Undoable> = match number("to") {
        Some(to) => entries.into_iter().take_while(|entry| entry.id > to).collect(),
        None => {
            let steps = usize::try_from(number("steps").unwrap_or(1)).unwrap_or(1);
            let (mut begun, mut last) = (0, None);
            // The entries of one undo count as one.
            let within = |entry: &Undoable| {
                let same = entry.of.is_some() && entry.of == last;
                last = entry.of;
                begun += usize::from(!same);
                begun <= steps
            };
            entries.into_iter().take_while(within).collect()
        }
    };
    if chosen.is_empty() && redo {
        return Err(ToolError::new(Code::NotFound, "there is nothing to put back")
            .with_hint("only what undo took back last can be, as long as nothing else was changed since"));
    }
    if chosen.is_empty() {
        return Err(ToolError::new(Code::NotFound, "there is nothing to take back in this session")
            .with_hint("history lists what was changed; what earlier sessions did is not taken back"));
    }
    Ok(chosen)
}

/// Refuses what cannot be taken back, unless the caller leaves it as it is.
fn possible(chosen: &[Undoable], confirmed: bool) -> Result<(), ToolError> {
    let blocked = chosen.iter().flat_map(|entry| {
        let steps = entry.record.steps.iter();
        steps.filter_map(move |step| Some((entry, step, step.why_not.as_deref()?)))
    });
    match blocked.into_iter().next() {
        Some((entry, step, why)) if !confirmed => {
            let what =
                format!("{} of entry {} ({}) cannot be taken back: {why}", step.method, entry.id, entry.tool);
            Err(ToolError::new(Code::Refused, what).with_hint(
                "give confirm true to leave that as it is and take back the rest, or change it by hand",
            ))
        }
        _ => Ok(()),
    }
}

/// Ids are those of one project: in another one they name nothing, or something else.
async fn same_project(
    server: &ResolveServer,
    chosen: &[Undoable],
    cancel: &CancellationToken,
) -> Result<(), ToolError> {
    let call = MethodCall::new(Locator::Project, "GetUniqueId", []);
    let open = server.answer(What::Method(call), cancel).await?.value;
    let open = open.as_str().unwrap_or_default();
    match chosen.iter().find(|entry| !entry.record.project.is_empty() && entry.record.project != open) {
        Some(entry) => {
            let what = format!(
                "entry {} ({}) changed another project than the one that is open",
                entry.id, entry.tool
            );
            Err(ToolError::new(Code::Refused, what)
                .with_hint("open that project with open_project, then call again"))
        }
        None => Ok(()),
    }
}

/// What taking an entry back would call.
fn would(entry: &Undoable) -> Json {
    let calls = entry.record.steps.iter().rev().flat_map(|step| &step.back);
    let calls: Vec<String> = calls.map(MethodCall::label).collect();
    json!({"entry": entry.id, "tool": entry.tool, "count": calls.len(), "calls": calls})
}

/// Takes back one entry.
async fn take_back(
    server: &ResolveServer,
    history: &History,
    entry: &Undoable,
    confirmed: bool,
    caller: (Option<&Implementation>, &CancellationToken),
) -> Result<Json, ToolError> {
    let mut taking = Taking { steps: entry.record.steps.clone(), from: 0, confirmed };
    let within = |error: ToolError| ToolError {
        message: format!("entry {} ({}): {}", entry.id, entry.tool, error.message),
        ..error
    };
    let (calls, mut verified, mut compared) = (taking.calls().len(), true, Vec::new());
    let (mut ids, mut beware, mut not_compared) = (Vec::new(), Vec::new(), Vec::new());
    for from in (0..calls.max(1)).step_by(MAX_STEPS) {
        taking.from = from;
        // Whether a call needs no other proof: what it puts back is compared with how it was before.
        let made: Vec<(String, bool)> =
            taking.part().iter().map(|back| (back.call.label(), back.step.is_compared())).collect();
        let told = Map::from_iter([
            ("entry".to_owned(), entry.id.into()),
            ("tool".to_owned(), entry.tool.as_str().into()),
            ("calls".to_owned(), made.len().into()),
            ("part".to_owned(), (from / MAX_STEPS + 1).into()),
        ]);
        let noted = history.noted_undo(caller.0, &told, entry.of.is_some());
        let taken = server.take_back(taking.clone(), noted, caller.1).await.map_err(within)?;
        taking = taking.after(&taken);
        ids.extend(taken.remade);
        for ((label, is_shown), answer) in made.iter().zip(taken.answers) {
            match answer {
                StepAnswer::Done(answer) => {
                    verified &= *is_shown || !matches!(answer.proof, Proof::Unverified { .. });
                    beware.extend(answer.remarks);
                }
                StepAnswer::Failed { error, .. } => {
                    let mut error = ToolError::from(error);
                    error.message = format!("not wholly taken back: {label}: {}", error.message);
                    return Err(within(error));
                }
                StepAnswer::Quiet { .. } | StepAnswer::Skipped => {}
            }
        }
        if !taken.differences.is_empty() {
            let what = format!("not as before: {}", taken.differences.join("; "));
            let error = ToolError::new(Code::NotVerified, what);
            return Err(within(match taking.steps.iter().any(|step| step.replay.is_some()) {
                true => {
                    error.with_hint("nothing of it stays; make the change anew with the tool that made it")
                }
                false => error,
            }));
        }
        compared.extend(taken.compared);
        not_compared.extend(taken.not_compared);
    }
    for all in [&mut compared, &mut not_compared] {
        let mut seen = HashSet::new();
        all.retain(|one| seen.insert(one.clone()));
    }
    let mut told = json!({
        "entry": entry.id, "tool": entry.tool, "calls": calls, "verified": verified, "compared": compared
    });
    if !not_compared.is_empty() {
        told["not_compared"] = not_compared.into();
    }
    if !ids.is_empty() {
        told["remade"] = ids.iter().map(|(was, is)| json!({"was": was, "is": is})).collect();
        // Its own as well: what is put back may be taken back again.
        history.renamed(entry.id + 1, &pairs(&ids))?;
    }
    for copied in entry.record.steps.iter().filter_map(|step| step.copied.as_ref()) {
        let ids: Vec<(&str, &str)> = copied.renamed().collect();
        // What is put back stays as it is: it says which of the two is the copy.
        history.renamed(entry.of.unwrap_or(entry.id), &ids)?;
        told["timeline"] = json!({"was": copied.timeline, "is": copied.copy});
        beware.push("its items have other ids now: read the timeline again".to_owned());
    }
    beware.dedup();
    if !beware.is_empty() {
        told["beware"] = beware.join("; ").into();
    }
    Ok(told)
}

fn pairs(ids: &[(String, String)]) -> Vec<(&str, &str)> {
    ids.iter().map(|(was, is)| (was.as_str(), is.as_str())).collect()
}
