//! What takes the writes of one tool call back: looked up before each of them, kept with its answer.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use resolve_api::catalogue::{Effect, catalogue};
use resolve_api::facts::undo::{Plan, Way, table};
use resolve_api::facts::watch::Watch;
use resolve_api::wire::MethodCall;
use resolve_api::{Fault, Value};

use crate::error::CallError;
use crate::session::Session;

mod added;
mod analyses;
mod appended;
pub(crate) mod beside;
pub(crate) mod clips;
mod color_group;
mod colors;
mod copies;
pub(crate) mod exchange;
pub(crate) mod folder_file;
mod folder_told;
mod folders;
mod found;
mod grade;
pub(crate) mod import_again;
mod interchange;
pub(crate) mod jobs;
pub(crate) mod kept;
mod links;
mod look;
mod mattes;
pub(crate) mod open_timeline;
mod pinned;
mod placed;
mod pool;
pub(crate) mod presets;
pub(crate) mod project_settings;
mod projects;
mod regraded;
pub(crate) mod render_settings;
pub(crate) mod replay;
mod step;
pub(crate) mod stills;
mod structure;
mod synced;
mod timeline_copy;
mod watched;

pub(crate) use copies::{clips_can_be_kept, folders_can_be_kept, timelines_can_be_kept};
pub(crate) use links::can_be_restored as links_can_be_restored;
use pinned::{pinned, pinned_call, watches};
pub use presets::Preset;
pub use render_settings::RenderSettings;
pub use replay::{Forth, Replay};
pub use step::{Record, Remade, Step};
pub(crate) use step::{renamed, renamed_in, with_present_ids};
pub use timeline_copy::Copied;
pub(crate) use watched::Side;
pub use watched::Watched;

/// Writes of one tool call that are kept; what makes more can be taken back in no sensible time.
pub const MOST_STEPS: usize = 500;

/// Copies of timelines that are kept in a project, those of the latest changes: more would be in the way of the people there.
pub const MOST_COPIES: usize = 20;

/// Calls after which another project is open.
const OPENS: [&str; 2] = ["ProjectManager.LoadProject", "ProjectManager.CreateProject"];

/// Calls that are refused where a timeline shows what they delete, and be it a copy that is kept for an undo.
const FREES: [&str; 3] = ["MediaPool.DeleteClips", "MediaPool.DeleteTimelines", "MediaPool.DeleteFolders"];

/// Collects the steps of a tool call; does nothing for one that is not noted.
#[derive(Clone, Default)]
pub(crate) struct Recorder {
    record: Option<Arc<Mutex<Collected>>>,
    /// Whether timelines are copied before what nothing else takes back.
    copies: bool,
    /// Where files lie that put something back; absent where none are kept.
    files: Option<PathBuf>,
}

/// What was collected so far.
#[derive(Default)]
struct Collected {
    record: Record,
    /// The step whose write nobody has looked at since.
    unread: Option<usize>,
    /// Grades that were to be looked at.
    looks: usize,
}

/// A write that is about to be made.
pub(crate) struct Before {
    method: String,
    how: Result<Kept, String>,
    /// What makes it again, where what takes it back deletes what it made.
    forth: Option<Forth>,
}

enum Kept {
    /// What was there, as the reader of the plan answered.
    Value(Plan, Value),
    /// Nothing: a project is opened, and it is read which one, so that its first change need not.
    Opened,
    /// The version of an item's grade, under another name.
    Grade(grade::Grade),
    /// Calls, what they make anew, and what shows that they did.
    Looked { back: Vec<MethodCall>, remade: Vec<Remade>, watched: Vec<Watched> },
    /// A preset in a file, and the settings of the Deliver page where the write loads it.
    Preset(Preset, Option<render_settings::Settings>),
    /// All settings of the project.
    ProjectSettings(project_settings::Settings),
    /// The settings of the Deliver page, in a file.
    RenderSettings(render_settings::Settings),
    /// A copy of the timeline.
    Timeline(Box<timeline_copy::Copy>),
    /// Several steps that take it back together.
    Steps(Vec<Step>),
    /// The timeline before items are placed on it.
    Appended(appended::Before),
    /// The media pool before the call, which is looked through again after it.
    Pool(Box<added::Before>),
    /// The album before the call, with what it deletes in files.
    Stills(stills::Before),
    /// The mattes of a clip before the call, which are looked at again after it.
    Mattes(mattes::Before),
    /// What an analysis had found in clips before the call, which is looked at again after it.
    Analysed(analyses::Before),
    /// Clips before sound is synced to them, which are looked at again after it.
    Synced(synced::Before),
    /// The files of clips before the call, which are looked at again after it.
    Links(links::Before),
    /// The copy that an earlier write of the same call has made.
    Covered,
}

impl Recorder {
    /// One that collects; with `copies`, timelines are copied before what nothing else takes back.
    pub(crate) fn collecting(copies: bool) -> Self {
        Self { record: Some(Arc::default()), copies, files: None }
    }

    /// The same, which keeps files in this folder.
    pub(crate) fn keeping(self, files: Option<PathBuf>) -> Self {
        Self { files, ..self }
    }

    /// How many steps it has collected.
    fn noted(&self) -> usize {
        self.record.as_ref().map_or(0, |record| lock(record).record.steps.len())
    }

    /// Whether it collects anything.
    pub(crate) fn collects(&self) -> bool {
        self.record.is_some()
    }

    /// What it has collected; taken out of it.
    pub(crate) fn take(&self) -> Option<Record> {
        let record = self.record.as_ref()?;
        Some(std::mem::take(&mut lock(record).record))
    }

    /// The reads that show what the last write has left, as far as nobody has made them since.
    fn unread(&self) -> Option<(usize, Vec<Watch>)> {
        let collected = lock(self.record.as_ref()?);
        let number = collected.unread?;
        let watched = &collected.record.steps.get(number)?.watched;
        let unread = watched.iter().filter(|watched| watched.after.is_none());
        let watches: Vec<Watch> = unread.map(|watched| watched.watch.clone()).collect();
        (!watches.is_empty()).then_some((number, watches))
    }

    /// Notes what one of them has shown.
    fn read(&self, step: usize, now: Option<Value>, meant: impl Fn(&Watch) -> bool) {
        let Some(record) = &self.record else { return };
        let mut collected = lock(record);
        let step = collected.record.steps.get_mut(step);
        let watched = step.and_then(|step| step.watched.iter_mut().find(|known| meant(&known.watch)));
        if let Some(watched) = watched {
            watched.after = now;
        }
    }

    /// Nothing more is read of what the last write has left.
    fn settled(&self) {
        if let Some(record) = &self.record {
            lock(record).unread = None;
        }
    }

    /// Whether a call may leave something that is to be taken back, and somebody collects.
    pub(crate) fn is_concerned(&self, call: &MethodCall) -> bool {
        let row = catalogue().method(call.on.class(), &call.method);
        self.record.is_some() && row.is_some_and(|row| !matches!(row.effect, Effect::Read | Effect::Ui))
    }

    /// Looks at what a write will change. `None` where there is nothing to take back.
    pub(crate) async fn before(&self, session: &Session, call: &MethodCall) -> Option<Before> {
        let method = call.label();
        // Objects that are current now may not be when it is taken back.
        let call = match pinned_call(session, call).await {
            Ok(call) => call,
            Err(error) => {
                let how = Err(format!("its object was not found: {error}"));
                return Some(Before { method, how, forth: None });
            }
        };
        if FREES.contains(&method.as_str()) {
            self.free_of_copies(session, &call).await;
        }
        let way = table().way(&call);
        let how = match way {
            Way::Nothing if OPENS.contains(&method.as_str()) => Ok(Kept::Opened),
            Way::Nothing => return None,
            Way::Cannot(why) => Err(why),
            Way::Grade(item) => grade::keep(session, item).await.map(Kept::Grade),
            Way::ProjectSettings => project_settings::read(session).await.map(Kept::ProjectSettings),
            Way::Timeline(on) => self.keep_timeline(session, &on).await,
            Way::Timelines => self.keep_timelines(session, &call).await,
            Way::Calls(plan) => match plan.reader().cloned() {
                None => Ok(Kept::Value(plan, Value::Null)),
                Some(reader) => match session.ask(reader.on, &reader.method, reader.args).await {
                    Ok(old) => Ok(Kept::Value(plan, old)),
                    Err(error) => Err(format!("what was there before could not be read: {error}")),
                },
            },
            _ => look::before(session, &call, &way).await,
        };
        let forth = replay::forth(session, &call, &how).await;
        Some(Before { method, how, forth })
    }

    /// Keeps what takes a write back that was made by other calls than its own, with its answer.
    pub(crate) async fn stands_for(&self, session: &Session, call: &MethodCall, answer: &Value) {
        if let (true, Way::Calls(plan)) = (self.record.is_some(), table().way(call)) {
            let how = Ok(Kept::Value(plan, Value::Null));
            self.after(session, Before { method: call.label(), how, forth: None }, &Ok(answer.clone())).await;
        }
    }

    /// Keeps what takes a write back that was made together with a look at what was there before it, and after.
    pub(crate) async fn made(&self, session: &Session, call: &MethodCall, old: Value, now: &Value) {
        if self.record.is_none() {
            return;
        }
        let how = match table().way(call) {
            Way::Calls(plan) => Ok(Kept::Value(plan, old)),
            Way::Cannot(why) => Err(why),
            _ => return,
        };
        self.after(session, Before { method: call.label(), how, forth: None }, &Ok(Value::Null)).await;
        if let Some((_, watches)) = self.unread() {
            watches.iter().for_each(|watch| self.saw(&watch.by, now));
        }
    }

    /// Keeps what takes a write back that was made, or that may have been.
    pub(crate) async fn after(&self, session: &Session, before: Before, answer: &Result<Value, CallError>) {
        let Some(record) = &self.record else { return };
        let null = Value::Null;
        let answer = match answer {
            Ok(answer) => answer,
            Err(CallError::Fault(Fault::Lost { .. })) => &null,
            // Resolve refuses settings of which it has taken some.
            Err(CallError::Fault(Fault::Refused { .. })) if before.is_partly_made() => &null,
            // It was refused: there is nothing to take back.
            Err(
                CallError::Fault(_)
                | CallError::Cancelled
                | CallError::Busy { .. }
                | CallError::Occupied { .. },
            ) => {
                if let Ok(kept) = before.how {
                    look::forget(session, kept).await;
                }
                return;
            }
            Err(_) => &null,
        };
        if note_project(session, record).await {
            self.drop_spent_copies(session).await;
        }
        let mut copied = None;
        let (mut remade, mut watched, mut unseen) = (Vec::new(), Vec::new(), Vec::new());
        let how = match before.how {
            Ok(Kept::Opened) => return,
            Ok(Kept::RenderSettings(settings)) => {
                let step = settings.into_step(self, before.method);
                return self.push(step);
            }
            Ok(Kept::Preset(preset, settings)) => {
                let step = presets::into_step(preset, settings, session, before.method).await;
                return self.push(step);
            }
            Ok(Kept::ProjectSettings(settings)) => {
                let step = settings.into_step(session, before.method).await;
                return self.push(step);
            }
            Err(why) => Err(why),
            Ok(Kept::Covered) => Ok(Vec::new()),
            Ok(Kept::Timeline(copy)) => {
                self.drop_old_copies(session, 1).await;
                copied = Some(copy.copied);
                Ok(copy.back)
            }
            Ok(Kept::Steps(steps)) => {
                let copies = steps.iter().filter(|step| step.copied.is_some()).count();
                self.drop_old_copies(session, copies).await;
                steps.into_iter().for_each(|step| self.push(step));
                return;
            }
            Ok(Kept::Grade(grade)) => {
                (watched, unseen) = (grade.watched(), grade.unseen());
                Ok(grade.back())
            }
            Ok(Kept::Looked { back, remade: made, watched: shown }) => {
                (remade, watched) = (made, shown);
                Ok(back)
            }
            Ok(Kept::Value(plan, old)) => match plan.calls(answer, &old) {
                None => Err("what was there before does not tell how it is put back".to_owned()),
                Some(calls) => {
                    watched = watches(session, &plan, answer, &old).await;
                    pinned(session, calls).await.map_err(|error| error.to_string())
                }
            },
            Ok(looked_at_again) => {
                let step = look::after(session, before.method.clone(), looked_at_again, answer).await;
                return self.push(match step {
                    Ok(step) => Step { forth: before.forth, ..step },
                    Err(why) => Step::impossible(before.method, why),
                });
            }
        };
        self.push(match how {
            Ok(back) => {
                let forth = before.forth;
                Step { back, copied, forth, remade, watched, unseen, ..Step::of(before.method) }
            }
            Err(why) => Step::impossible(before.method, why),
        });
    }

    /// Keeps what takes back what several calls did together.
    async fn keep(&self, session: &Session, step: Step) {
        if let Some(record) = &self.record {
            note_project(session, record).await;
            self.push(step);
        }
    }

    /// Keeps a step, as long as they are not too many.
    fn push(&self, mut step: Step) {
        let Some(record) = &self.record else { return };
        let mut collected = lock(record);
        let number = collected.record.steps.len();
        if number >= MOST_STEPS {
            return;
        }
        if number + 1 == MOST_STEPS {
            let why = format!("only the first {MOST_STEPS} changes of one call are kept");
            step = Step { copied: step.copied, ..Step::impossible(step.method, why) };
        }
        collected.record.steps.push(step);
        collected.unread = Some(number);
    }
}

impl Before {
    /// Whether a refusal of the write does not say that nothing was changed.
    fn is_partly_made(&self) -> bool {
        matches!(self.how, Ok(Kept::RenderSettings(_))) && self.method == "Project.SetRenderSettings"
    }
}

/// Notes once which project is open; whether it was that time.
async fn note_project(session: &Session, collected: &Mutex<Collected>) -> bool {
    let first = lock(collected).record.project.is_empty();
    if first && let Some(id) = session.project_id().await {
        lock(collected).record.project = id;
    }
    first
}

/// A lock whose last holder panicked guards data that are whole all the same.
fn lock(collected: &Mutex<Collected>) -> MutexGuard<'_, Collected> {
    collected.lock().unwrap_or_else(PoisonError::into_inner)
}
