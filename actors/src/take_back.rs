//! Takes back what a tool call changed: only if nothing else has changed it since, and with a look at what is there then.

use resolve_api::Value;
use resolve_api::batch::MAX_STEPS;
use resolve_api::wire::MethodCall;

use crate::batch::StepAnswer;
use crate::error::CallError;
use crate::guard::{self, Proof};
use crate::operation::Answer;
use crate::session::{Session, Unrecorded};
use crate::undo::beside::Beside;
use crate::undo::import_again::import_again;
use crate::undo::replay::{self, Again, Unmaking};
use crate::undo::{
    Side, Step, clips, exchange, folder_file, jobs, open_timeline, presets, project_settings, renamed,
    render_settings, stills, with_present_ids,
};

/// What is taken back: the calls of one part, within one lease.
#[derive(Debug, Clone, Default)]
pub struct Taking {
    /// All writes of the call, in the order in which they were made.
    pub steps: Vec<Step>,
    /// The part: of the calls that take them back so many are left out at the beginning.
    pub from: usize,
    /// Whether it is taken back even if something else has changed it since.
    pub confirmed: bool,
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TakenBack {
    /// The answers of the calls of this part, up to the first that failed.
    pub answers: Vec<StepAnswer>,
    /// The unique ids of objects that were made anew, before and now.
    pub remade: Vec<(String, String)>,
    /// The methods by which what is there now was compared with what was there before; after the last part only.
    pub compared: Vec<String>,
    /// What is other than before, a sentence each.
    pub differences: Vec<String>,
    /// What nobody compared with what was there before, a phrase each.
    pub not_compared: Vec<String>,
}

/// A call that takes a write back.
#[derive(Debug, Clone, Copy)]
pub struct Back<'t> {
    /// The call.
    pub call: &'t MethodCall,
    /// The write.
    pub step: &'t Step,
    /// Its number among the calls that take that write back.
    number: usize,
}

impl Back<'_> {
    /// The unique id that the object had which the call makes anew.
    fn was(&self) -> Option<&str> {
        let remade = self.step.remade.iter().find(|remade| remade.call == self.number)?;
        Some(&remade.was)
    }
}

impl Taking {
    /// Every call that takes them back, in their order.
    pub fn calls(&self) -> Vec<Back<'_>> {
        let mut all = Vec::new();
        for step in self.steps.iter().rev() {
            let calls = step.back.iter().enumerate();
            all.extend(calls.map(|(number, call)| Back { call, step, number }));
        }
        all
    }

    /// Those of this part.
    pub fn part(&self) -> Vec<Back<'_>> {
        self.calls().into_iter().skip(self.from).take(MAX_STEPS).collect()
    }

    fn is_last(&self) -> bool {
        self.from + MAX_STEPS >= self.calls().len()
    }

    /// The same after a part was made: what was made anew has other ids.
    pub fn after(self, taken: &TakenBack) -> Self {
        Self { steps: renamed(&self.steps, &taken.remade), ..self }
    }
}

/// Makes the calls of a part.
///
/// # Errors
/// [`CallError::ChangedSince`] before the first part, and what keeps all of it from starting.
pub(crate) async fn run(session: &Session, taking: Taking) -> Result<TakenBack, CallError> {
    if taking.from == 0 && !taking.confirmed {
        let left = session.compare(&taking.steps, Side::After).await?;
        if !left.differences.is_empty() {
            return Err(CallError::ChangedSince { differences: left.differences });
        }
    }
    if taking.from == 0 {
        let all = taking.calls();
        clips::all_there(&all.iter().map(|back| back.call).collect::<Vec<_>>()).await?;
        let direct = all.iter().filter(|back| back.step.copied.is_none());
        open_timeline::leave(session, &direct.map(|back| back.call).collect::<Vec<_>>()).await?;
    }
    let mut taken = TakenBack::default();
    // What is deleted of one write; and the calls that delete again what was made again, of the latest first: half of an
    // entry is of no use.
    let (mut unmaking, mut made_again): (Option<Unmaking>, Vec<MethodCall>) = (None, Vec::new());
    // The copies that have taken the place of timelines.
    let mut exchanges: Vec<(String, String)> = Vec::new();
    let mut of = None;
    for back in taking.part() {
        let present: Vec<(String, String)> = exchanges.iter().chain(&taken.remade).cloned().collect();
        let call = renamed(back.call, &present);
        if back.number == 0 {
            let step = of.insert(renamed(back.step, &present));
            unmaking = Unmaking::before(session, step).await;
        }
        let step: &Step = of.get_or_insert_with(|| renamed(back.step, &present));
        let beside = Beside::of(session, &call).await?;
        let made = make(session, step, call, &mut taken, &mut made_again).await;
        match made {
            Ok(mut answer) => {
                let is = match &answer.value {
                    Value::Object(object) => object.locator.id().map(str::to_owned),
                    value => value.as_str().map(str::to_owned),
                };
                taken.remade.extend(back.was().map(str::to_owned).zip(is));
                exchanges.extend(step.exchanged().iter().flat_map(|copied| copied.renamed()).map(owned));
                if let Some(beside) = beside {
                    let differences = beside.differences(session).await?;
                    if let (true, Proof::Unverified { .. }) = (differences.is_empty(), &answer.proof) {
                        let how = "what it deletes is gone, and no more".to_owned();
                        answer.proof = Proof::Seen { how };
                    }
                    taken.differences.extend(differences);
                }
                taken.answers.push(StepAnswer::Done(answer));
                if back.number + 1 == back.step.back.len()
                    && let Some(unmaking) = unmaking.take()
                {
                    unmaking.after(session).await;
                }
            }
            Err(error) => {
                if let Some(unmaking) = unmaking.filter(|_| back.number > 0) {
                    unmaking.failed(session).await;
                }
                let error = replay::without(session, &made_again, error).await;
                taken.answers.push(StepAnswer::Failed { error, done: Vec::new() });
                session.finish().await;
                return Ok(taken);
            }
        }
        if back.step.replay.is_some() && !taken.differences.is_empty() {
            replay::clear(session, &made_again, &mut taken.differences).await;
            session.finish().await;
            return Ok(taken);
        }
    }
    if let Some(unmaking) = unmaking {
        unmaking.after(session).await;
    }
    session.finish().await;
    if taking.is_last() {
        let compared = session.compare(&with_present_ids(&taking.steps, &taken.remade), Side::Before).await?;
        taken.compared.extend(compared.by);
        taken.differences.extend(compared.differences);
        taken.not_compared.extend(compared.left_out);
    }
    Ok(taken)
}

/// Makes one of the calls that take a write back: itself, or all that it stands for.
async fn make(
    session: &Session,
    step: &Step,
    call: MethodCall,
    taken: &mut TakenBack,
    made_again: &mut Vec<MethodCall>,
) -> Result<Answer, CallError> {
    if let Some(replay) = &step.replay {
        let again = replay::again(session, &call, replay).await;
        again.map(|again| taken.has(again, made_again))
    } else if step.forth.is_some() && session.recorder().collects() {
        guard::guarded(&Unrecorded(session), call).await.map(Answer::from)
    } else if let Some(copied) = step.exchanged() {
        exchange::exchange(session, step, copied).await
    } else if let Some(job) = jobs::queued_again(&call) {
        jobs::queue(session, job).await
    } else if let Some(clip) = clips::imported_again(&call) {
        import_again(session, clip).await
    } else if let Some(folder) = folder_file::imported_again(&call) {
        let imported = folder_file::import_again(session, &folder).await;
        imported.map(|(answer, ids)| {
            taken.remade.extend(ids);
            answer
        })
    } else if let Some(still) = stills::imported_again(&call) {
        stills::import_again(session, &call, still).await
    } else if let Some(path) = render_settings::restored(&call) {
        render_settings::restore(session, path, step).await
    } else if let Some(preset) = &step.preset {
        presets::restore(session, preset, &call).await
    } else if project_settings::restored(&call) {
        project_settings::restore(session, call).await
    } else {
        guard::guarded(session, call).await.map(Answer::from)
    }
}

impl TakenBack {
    /// Notes what a call has made again; its answer.
    fn has(&mut self, again: Again, made_again: &mut Vec<MethodCall>) -> Answer {
        let Again { answer, ids, by, left_out, differences, back } = again;
        if differences.is_empty() {
            made_again.splice(..0, back);
        }
        self.remade.extend(ids);
        self.compared.extend(by);
        self.not_compared.extend(left_out);
        self.differences.extend(differences);
        answer
    }
}

fn owned((was, is): (&str, &str)) -> (String, String) {
    (was.to_owned(), is.to_owned())
}
