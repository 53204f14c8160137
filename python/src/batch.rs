//! Makes the calls of a batch one after another, and keeps what they answered for the later ones.

use std::ops::Range;

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};
use resolve_api::batch::{Batch, BatchStep, Part, StepOutcome, StepRef, Target};
use resolve_api::catalogue::catalogue;
use resolve_api::{Fault, Locator, Value};

use crate::call::{Calling, Made, could_be_lost};
use crate::host::Host;

/// What a step answered, as Python gave it.
#[derive(Debug)]
pub(crate) struct Answered {
    object: Py<PyAny>,
    /// The generation it was answered in: objects in it are dead in the next.
    generation: u64,
}

/// What is known while a batch runs.
#[derive(Default)]
struct Running {
    /// Objects that were located since the last step that may have changed something: reads that follow each other
    /// see one state, so they need no second look.
    located: Vec<(Locator, Py<PyAny>)>,
    /// Whether a step that changes something may have had its effect.
    changed: bool,
    /// The generation of the object cache that they were located in.
    generation: u64,
}

/// How a step ended, and whether the connection is to be doubted.
struct Ended {
    outcome: StepOutcome,
    doubtful: bool,
}

impl Host {
    /// Makes the calls of a batch. If the connection turns out to be lost before anything was changed, the batch is
    /// made once more on a new one.
    ///
    /// # Errors
    /// [`Fault::BadArgument`] for a batch that cannot be made, [`Fault::NotConnected`] where nothing answers. What a
    /// step meets is its own outcome.
    pub(crate) fn batch(&mut self, py: Python<'_>, batch: &Batch) -> Result<Vec<StepOutcome>, Fault> {
        batch
            .check()
            .map_err(|(number, reason)| Fault::BadArgument { path: format!("steps[{number}]"), reason })?;
        let outcomes = match self.run(py, batch)? {
            Some(outcomes) => Ok(outcomes),
            None => match self.run(py, batch)? {
                Some(outcomes) => Ok(outcomes),
                None => Err(Fault::NotConnected {
                    reason: "the connection was lost twice during a batch that changes nothing".to_owned(),
                }),
            },
        };
        self.answered.clear();
        outcomes
    }

    /// One attempt; `None` when the connection was lost and nothing had been changed.
    fn run(&mut self, py: Python<'_>, batch: &Batch) -> Result<Option<Vec<StepOutcome>>, Fault> {
        self.answered.clear();
        self.resolve(py)?;
        let mut running = Running { generation: self.generation(), ..Running::default() };
        let mut outcomes = Vec::with_capacity(batch.steps.len());
        let mut over = false;
        for step in &batch.steps {
            if over {
                self.answered.push(None);
                outcomes.push(StepOutcome::Skipped);
                continue;
            }
            let Ended { outcome, doubtful } = self.step(py, step, &mut running);
            if doubtful && !self.still_answers(py) {
                self.disconnect();
                if !running.changed {
                    return Ok(None);
                }
                let fault = Fault::Lost { method: step.label() };
                outcomes.push(StepOutcome::Failed { fault, done: Vec::new() });
                over = true;
                continue;
            }
            over = matches!(outcome, StepOutcome::Failed { .. }) && !batch.go_on;
            outcomes.push(outcome);
            if step.on == Target::Object(Locator::Resolve) && step.method == "Quit" {
                // Nothing that was handed out answers after it.
                self.disconnect();
                over = true;
            }
        }
        Ok(Some(outcomes))
    }

    fn step(&mut self, py: Python<'_>, step: &BatchStep, running: &mut Running) -> Ended {
        let mut done = Vec::new();
        self.reached = false;
        let made = self.step_on_each(py, step, running, &mut done);
        let changes = catalogue()
            .method(step.on.class(), &step.method)
            .is_none_or(|row| row.effect != resolve_api::catalogue::Effect::Read);
        if changes {
            running.changed |= self.reached;
            // What is current, or has a name or a place, may be another object now; an id stays, until the project goes.
            let generation = self.generation();
            let stays = |locator: &Locator| locator.id().is_some() && running.generation == generation;
            running.located.retain(|(locator, _)| stays(locator));
        }
        match made {
            Ok(object) => {
                let length = || object.len().ok().filter(|_| is_container(&object));
                let outcome = match (step.quiet, step.each) {
                    (true, _) => StepOutcome::Quiet { length: length() },
                    (false, Some(_)) => StepOutcome::Value(Value::List(std::mem::take(&mut done))),
                    (false, None) => StepOutcome::Value(done.pop().unwrap_or(Value::Null)),
                };
                let doubtful = match &outcome {
                    StepOutcome::Value(Value::List(items)) if step.each.is_some() => {
                        items.contains(&Value::Null)
                    }
                    StepOutcome::Value(value) => *value == Value::Null,
                    _ => object.is_none(),
                };
                let generation = self.generation();
                self.answered.push(Some(Answered { object: object.unbind(), generation }));
                Ended { outcome, doubtful }
            }
            Err(fault) => {
                self.answered.push(None);
                let doubtful = could_be_lost(&Err(fault.clone()));
                let done = if step.each.is_some() { done } else { Vec::new() };
                Ended { outcome: StepOutcome::Failed { fault, done }, doubtful }
            }
        }
    }

    /// Makes the call of a step on its object, or on each of its objects, and gives Python's answer or the list of
    /// them. The values go to `done`, unless the step is quiet and its answer needs no judging.
    fn step_on_each<'py>(
        &mut self,
        py: Python<'py>,
        step: &BatchStep,
        running: &mut Running,
        done: &mut Vec<Value>,
    ) -> Result<Bound<'py, PyAny>, Fault> {
        let class = step.on.class();
        let row = catalogue().method(class, &step.method);
        let on = match &step.on {
            Target::Object(locator) => Some(locator),
            Target::Earlier { .. } => None,
        };
        let calling = Calling { class, method: &step.method, args: &step.args, on, row };
        self.require_supported(py, &calling)?;
        if step.each.is_none()
            && let Some(answer) = self.fixed(py, &calling)
        {
            if !step.quiet {
                let resolve = self.resolve(py)?;
                let made = Made { answer: answer.clone(), reason: None };
                done.push(self.value_of(&calling, &resolve, made)?);
            }
            return Ok(answer);
        }
        let target = match &step.on {
            Target::Object(locator) => self.located(py, locator, running)?,
            Target::Earlier { from, .. } => self.earlier(py, from, "on")?,
        };
        let Some(each) = step.each else {
            if target.is_none() {
                let reason = "the step that it is called on answered None".to_owned();
                return Err(Fault::BadArgument { path: "on".to_owned(), reason });
            }
            return self.one(py, &calling, &target, step.quiet, done);
        };
        let entries = entries(&target)?;
        let answers = PyList::empty(py);
        for entry in &entries[within(each.from, each.limit, entries.len())] {
            let answer = if entry.is_none() {
                if !step.quiet {
                    done.push(Value::Null);
                }
                entry.clone()
            } else {
                self.one(py, &calling, entry, step.quiet, done)?
            };
            answers.append(answer).map_err(|error| out_of_form(&calling, &error))?;
        }
        Ok(answers.into_any())
    }

    fn one<'py>(
        &mut self,
        py: Python<'py>,
        calling: &Calling<'_>,
        target: &Bound<'py, PyAny>,
        quiet: bool,
        done: &mut Vec<Value>,
    ) -> Result<Bound<'py, PyAny>, Fault> {
        let made = self.make(py, calling, target)?;
        let answer = made.answer.clone();
        if calling.method == "GetUniqueId"
            && Locator::by_id(calling.class, "").is_some()
            && let Ok(id) = answer.extract::<String>()
        {
            // Whoever is told an id will ask for its object.
            self.objects.insert(calling.class, &id, target.clone().unbind());
        }
        // Whether a write happened is only told by the value of its answer.
        if !quiet || calling.changes() {
            let value = self.value_of(calling, target, made)?;
            if !quiet {
                done.push(value);
            }
        }
        Ok(answer)
    }

    fn located<'py>(
        &mut self,
        py: Python<'py>,
        locator: &Locator,
        running: &mut Running,
    ) -> Result<Bound<'py, PyAny>, Fault> {
        let known = running.located.iter().find(|(known, _)| known == locator);
        if let Some((_, object)) = known.filter(|_| running.generation == self.generation()) {
            return Ok(object.bind(py).clone());
        }
        let object = self.locate(py, locator, "on")?;
        if running.generation != self.generation() {
            // Locating it noticed another project.
            running.located.clear();
            running.generation = self.generation();
        }
        running.located.push((locator.clone(), object.clone().unbind()));
        Ok(object)
    }

    /// What an earlier step of the batch at hand answered, or a part of it.
    ///
    /// # Errors
    /// [`Fault::BadArgument`] where there is no such answer or part, or where its objects have died since.
    pub(crate) fn earlier<'py>(
        &self,
        py: Python<'py>,
        earlier: &StepRef,
        path: &str,
    ) -> Result<Bound<'py, PyAny>, Fault> {
        let bad = |reason: String| Fault::BadArgument { path: path.to_owned(), reason };
        if self.answered.is_empty() {
            return Err(bad("an earlier step can be meant within a batch only".to_owned()));
        }
        let Some(Some(answered)) = self.answered.get(earlier.step) else {
            return Err(bad(format!("step {} has no answer", earlier.step)));
        };
        let mut object = answered.object.bind(py).clone();
        for part in &earlier.path {
            object = entry(&object, part).ok_or_else(|| bad(earlier.missing(part)))?;
        }
        if answered.generation != self.generation() && !is_plain(&object) {
            let reason = format!(
                "the answer of step {} is of the project or connection before a step that changed it",
                earlier.step
            );
            return Err(bad(reason));
        }
        Ok(object)
    }
}

/// The entries that are meant, of so many.
fn within(from: usize, limit: usize, length: usize) -> Range<usize> {
    let from = from.min(length);
    from..from.saturating_add(limit).min(length)
}

/// The entries of a list; older versions answer a dict with numbers as keys.
fn entries<'py>(list: &Bound<'py, PyAny>) -> Result<Vec<Bound<'py, PyAny>>, Fault> {
    if let Ok(list) = list.cast::<PyList>() {
        Ok(list.iter().collect())
    } else if let Ok(tuple) = list.cast::<PyTuple>() {
        Ok(tuple.iter().collect())
    } else if let Ok(dict) = list.cast::<PyDict>() {
        Ok(dict.values().iter().collect())
    } else {
        let reason =
            format!("each goes through a list; the step answered {}", crate::convert::type_name(list));
        Err(Fault::BadArgument { path: "on".to_owned(), reason })
    }
}

/// One entry of a list or dict.
fn entry<'py>(object: &Bound<'py, PyAny>, part: &Part) -> Option<Bound<'py, PyAny>> {
    match part {
        Part::Index(index) if object.cast::<PyDict>().is_err() => {
            entries(object).ok()?.into_iter().nth(*index)
        }
        Part::Index(index) => keyed(object, &index.to_string()),
        Part::Key(key) => keyed(object, key),
    }
}

/// The entry of a dict whose key reads so: number keys as their shortest text, as on the wire.
fn keyed<'py>(object: &Bound<'py, PyAny>, wanted: &str) -> Option<Bound<'py, PyAny>> {
    let dict = object.cast::<PyDict>().ok()?;
    let reads = |key: &Bound<'py, PyAny>| match key.extract::<f64>() {
        Ok(number) => number.to_string() == wanted,
        Err(_) => key.extract::<String>().is_ok_and(|key| key == wanted),
    };
    dict.iter().find(|(key, _)| reads(key)).map(|(_, entry)| entry)
}

/// Whether it is data that outlives a project.
fn is_plain(object: &Bound<'_, PyAny>) -> bool {
    object.is_none()
        || object.is_instance_of::<PyString>()
        || object.is_instance_of::<PyBool>()
        || object.is_instance_of::<PyInt>()
        || object.is_instance_of::<PyFloat>()
}

fn is_container(object: &Bound<'_, PyAny>) -> bool {
    object.is_instance_of::<PyList>()
        || object.is_instance_of::<PyTuple>()
        || object.is_instance_of::<PyDict>()
}

fn out_of_form(calling: &Calling<'_>, error: &PyErr) -> Fault {
    Fault::Raised {
        method: calling.label(),
        exception: "UnexpectedAnswer".to_owned(),
        message: format!("the answers cannot be kept: {error}"),
    }
}
