//! Several calls in one message, where a later step may use what an earlier one answered.

use serde::{Deserialize, Serialize};

use crate::fault::Fault;
use crate::locator::Locator;
use crate::value::Value;
use crate::wire::MethodCall;

/// The most steps of a batch. A listing of one track with a dozen fields has 13; a list of more than 64 calls is
/// a program, and should look at what it did in between.
pub const MAX_STEPS: usize = 64;

/// The most objects that one step with [`BatchStep::each`] is made on: the items of a long reel. With real Resolve, at
/// about a millisecond a call, that is two seconds.
pub const MAX_EACH: usize = 2_000;

/// Calls made one after another in one hop to the interpreter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Batch {
    /// The calls, at most [`MAX_STEPS`].
    pub steps: Vec<BatchStep>,
    /// Whether the steps after one that failed are made all the same. Those that need its answer fail too.
    #[serde(default)]
    pub go_on: bool,
}

/// One call of a batch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BatchStep {
    /// The object that the method is called on.
    pub on: Target,
    /// The method's name, as Resolve has it.
    pub method: String,
    /// The arguments by position; anywhere in them may stand a [`Value::Step`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<Value>,
    /// Set where `on` is an earlier step that answered a list: the call is made on each object of this part of it,
    /// and the answer is the list of the answers. What is `None` in the list stays `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub each: Option<Each>,
    /// Whether the answer is only for later steps and is not sent: only its length is. Objects in it cost no call to
    /// find out their ids.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub quiet: bool,
}

/// What a step is called on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// An object of the project.
    Object(Locator),
    /// What an earlier step answered, or a part of it.
    Earlier {
        /// Resolve's name of its class, which the method belongs to.
        class: String,
        /// Which step, and which part.
        from: StepRef,
    },
}

/// The answer of an earlier step of the same batch, or a part of it: `{"$step": 0, "path": [2, "name"]}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepRef {
    /// The number of the step, from 0.
    #[serde(rename = "$step")]
    pub step: usize,
    /// The way into its answer; all of it when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub path: Vec<Part>,
}

/// One part of the way into an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Part {
    /// An entry of a list, from 0.
    Index(usize),
    /// An entry of a dict, by its key as a reply shows it.
    Key(String),
}

/// A part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Each {
    /// The first entry, from 0.
    #[serde(default)]
    pub from: usize,
    /// How many entries at most, not more than [`MAX_EACH`].
    pub limit: usize,
}

/// What came of one step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepOutcome {
    /// Its answer.
    Value(Value),
    /// It was made; its answer was for later steps only.
    Quiet {
        /// How long the list or dict is that it answered; absent for anything else.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        length: Option<usize>,
    },
    /// It failed.
    Failed {
        /// Why.
        fault: Fault,
        /// With [`BatchStep::each`], the answers of the objects before the one where it failed.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        done: Vec<Value>,
    },
    /// It was not made: an earlier step failed.
    Skipped,
}

impl BatchStep {
    /// A call of `method` on `on`.
    pub fn new(on: Target, method: impl Into<String>, args: impl Into<Vec<Value>>) -> Self {
        Self { on, method: method.into(), args: args.into(), each: None, quiet: false }
    }

    /// The same, on each object of the first `limit` from `from` on.
    pub fn on_each(self, from: usize, limit: usize) -> Self {
        Self { each: Some(Each { from, limit }), ..self }
    }

    /// The same, with an answer for later steps only.
    pub fn quietly(self) -> Self {
        Self { quiet: true, ..self }
    }

    /// `Class.Method`, for messages.
    pub fn label(&self) -> String {
        format!("{}.{}", self.on.class(), self.method)
    }

    /// The calls that the step stands for, with the answers of the steps before it put in: one, or with
    /// [`BatchStep::each`] one for each object, and `None` for each `None`.
    ///
    /// # Errors
    /// [`Fault::BadArgument`] where an answer that it uses is not there or is no object.
    pub fn calls(&self, answers: &[Option<Value>]) -> Result<Vec<Option<MethodCall>>, Fault> {
        let args: Vec<Value> = self
            .args
            .iter()
            .enumerate()
            .map(|(index, value)| filled(value, answers, &format!("args[{index}]")))
            .collect::<Result<_, _>>()?;
        let call = |on: &Value| match on {
            Value::Object(object) => Ok(MethodCall::new(object.locator.clone(), &self.method, args.clone())),
            _ => Err(bad("on", "the answer that it is called on is no object of Resolve's".to_owned())),
        };
        let from = match &self.on {
            Target::Object(locator) => {
                return Ok(vec![Some(MethodCall::new(locator.clone(), &self.method, args))]);
            }
            Target::Earlier { from, .. } => from,
        };
        let on = from.of(answers).map_err(|reason| bad("on", reason))?;
        let Some(each) = self.each else { return Ok(vec![Some(call(on)?)]) };
        let entries: Vec<&Value> = match on {
            Value::List(items) => items.iter().collect(),
            Value::Map(entries) => entries.values().collect(),
            _ => return Err(bad("on", "each goes through a list, and the answer is none".to_owned())),
        };
        let entries = entries.into_iter().skip(each.from).take(each.limit);
        entries.map(|entry| (*entry != Value::Null).then(|| call(entry)).transpose()).collect()
    }

    /// Every earlier answer that the step uses.
    pub fn uses(&self) -> Vec<&StepRef> {
        fn walk<'v>(value: &'v Value, found: &mut Vec<&'v StepRef>) {
            match value {
                Value::Step(earlier) => found.push(earlier),
                Value::List(items) => items.iter().for_each(|item| walk(item, found)),
                Value::Map(entries) => entries.values().for_each(|item| walk(item, found)),
                _ => {}
            }
        }
        let mut found = Vec::new();
        if let Target::Earlier { from, .. } = &self.on {
            found.push(from);
        }
        self.args.iter().for_each(|value| walk(value, &mut found));
        found
    }
}

impl Target {
    /// Resolve's name of the class.
    pub fn class(&self) -> &str {
        match self {
            Self::Object(locator) => locator.class(),
            Self::Earlier { class, .. } => class,
        }
    }

    /// All that step `step` answered, as an object or a list of objects of `class`.
    pub fn earlier(class: impl Into<String>, step: usize) -> Self {
        Self::Earlier { class: class.into(), from: StepRef { step, path: Vec::new() } }
    }
}

impl Batch {
    /// Whether the batch can be made at all.
    ///
    /// # Errors
    /// The number of the step and what is wrong with it: one that uses an answer that is not there before it, or a
    /// bound that is exceeded.
    pub fn check(&self) -> Result<(), (usize, String)> {
        if self.steps.len() > MAX_STEPS {
            return Err((
                MAX_STEPS,
                format!("there are {} steps, and {MAX_STEPS} at most", self.steps.len()),
            ));
        }
        for (number, step) in self.steps.iter().enumerate() {
            if let Some(later) = step.uses().into_iter().find(|earlier| earlier.step >= number) {
                let reason =
                    format!("it uses the answer of step {}, which is not made before it", later.step);
                return Err((number, reason));
            }
            match (&step.each, &step.on) {
                (Some(_), Target::Object(_)) => {
                    let reason = "each needs the answer of an earlier step to go through".to_owned();
                    return Err((number, reason));
                }
                (Some(each), _) if each.limit > MAX_EACH => {
                    return Err((number, format!("each goes through {MAX_EACH} objects at most")));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

impl StepRef {
    /// The part that is meant of the answers so far.
    fn of<'v>(&self, answers: &'v [Option<Value>]) -> Result<&'v Value, String> {
        let answer = answers.get(self.step).and_then(Option::as_ref);
        self.within(answer.ok_or_else(|| format!("step {} has no answer", self.step))?)
    }

    /// The part of an answer that is meant; the error says what is not there.
    pub fn within<'v>(&self, answer: &'v Value) -> Result<&'v Value, String> {
        let mut value = answer;
        for part in &self.path {
            let entry = match part {
                Part::Index(index) => value.as_list().and_then(|items| items.get(*index)),
                Part::Key(key) => value.get(key),
            };
            value = entry.ok_or_else(|| self.missing(part))?;
        }
        Ok(value)
    }

    /// Says that the answer has no such part.
    pub fn missing(&self, part: &Part) -> String {
        match part {
            Part::Index(index) => format!("the answer of step {} has no entry {index}", self.step),
            Part::Key(key) => format!("the answer of step {} has no entry '{key}'", self.step),
        }
    }
}

/// An argument with the answers of earlier steps put in.
fn filled(value: &Value, answers: &[Option<Value>], path: &str) -> Result<Value, Fault> {
    match value {
        Value::Step(earlier) => earlier.of(answers).cloned().map_err(|reason| bad(path, reason)),
        Value::List(items) => {
            let fill = |(index, item)| filled(item, answers, &format!("{path}[{index}]"));
            items.iter().enumerate().map(fill).collect::<Result<_, _>>().map(Value::List)
        }
        Value::Map(entries) => {
            let fill = |(key, item): (&String, &Value)| {
                Ok((key.clone(), filled(item, answers, &format!("{path}.{key}"))?))
            };
            entries.iter().map(fill).collect::<Result<_, _>>().map(Value::Map)
        }
        plain => Ok(plain.clone()),
    }
}

fn bad(path: &str, reason: String) -> Fault {
    Fault::BadArgument { path: path.to_owned(), reason }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locator::Key;

    fn timeline() -> Target {
        Target::Object(Locator::Timeline(Key::Current))
    }

    /// A reference is told from a dict on the wire, at any depth, or a step would hand Resolve a dict for an object.
    #[test]
    fn a_reference_survives_the_wire_within_arguments() {
        let item = Value::Step(StepRef { step: 0, path: vec![Part::Index(2), Part::Key("name".into())] });
        let step = BatchStep::new(timeline(), "DeleteClips", [Value::List(vec![item])]).on_each(50, 25);

        let line = serde_json::to_string(&step).unwrap();

        assert!(line.contains(r#"{"$step":0,"path":[2,"name"]}"#), "{line}");
        assert_eq!(step, serde_json::from_str(&line).unwrap());
    }

    /// A step that uses an answer from behind it would wait for ever or use nothing.
    #[test]
    fn a_batch_uses_only_what_comes_before() {
        let of = |steps| Batch { steps, go_on: false };
        let list = || BatchStep::new(timeline(), "GetItemListInTrack", ["video".into(), Value::Int(1)]);
        let names = |step| BatchStep::new(Target::earlier("TimelineItem", step), "GetName", []);

        assert_eq!(Ok(()), of(vec![list(), names(0).on_each(0, 50)]).check());
        assert_eq!(Some(1), of(vec![list(), names(1)]).check().err().map(|(number, _)| number));
        assert_eq!(Some(0), of(vec![list().on_each(0, 1)]).check().err().map(|(number, _)| number));
        assert_eq!(Some(1), of(vec![list(), names(0).on_each(0, 5_000)]).check().err().map(|(at, _)| at));
        assert!(of(vec![list(); MAX_STEPS + 1]).check().is_err());
    }

    /// The way into an answer leads to what is there, and says what is not.
    #[test]
    fn a_path_leads_into_an_answer() {
        let answer = Value::List(vec![Value::map([("name", "A".into())])]);
        let at = |path| StepRef { step: 3, path };

        assert_eq!(Ok(&"A".into()), at(vec![Part::Index(0), Part::Key("name".into())]).within(&answer));
        assert_eq!(
            Err("the answer of step 3 has no entry 1".into()),
            at(vec![Part::Index(1)]).within(&answer)
        );
    }

    /// A step becomes calls on what the steps before it answered; what is not there is named.
    #[test]
    fn a_step_becomes_calls_with_the_answers_put_in() {
        let item = |id: &str| Locator::TimelineItem(Key::Id(id.into()));
        let list = Value::List(vec![Value::object(item("a")), Value::Null, Value::object(item("b"))]);
        let answers = [Some(list), None];
        let args = || [Value::Step(StepRef { step: 0, path: vec![Part::Index(2)] })];

        let each = BatchStep::new(Target::earlier("TimelineItem", 0), "GetName", []).on_each(0, 2);
        assert_eq!(Ok(vec![Some(MethodCall::new(item("a"), "GetName", [])), None]), each.calls(&answers));

        let one = BatchStep::new(timeline(), "DeleteClips", args());
        let call =
            MethodCall::new(Locator::Timeline(Key::Current), "DeleteClips", [Value::object(item("b"))]);
        assert_eq!(Ok(vec![Some(call)]), one.calls(&answers));

        let failed = BatchStep::new(Target::earlier("TimelineItem", 1), "GetName", []);
        let reason = "step 1 has no answer".to_owned();
        assert_eq!(Err(Fault::BadArgument { path: "on".into(), reason }), failed.calls(&answers));
    }
}
