//! The tool `api_batch`: several calls of the scripting API one after another, where later ones may use earlier answers.

use std::sync::LazyLock;

use resolve_actors::StepAnswer;
use resolve_api::batch::{Batch, BatchStep, MAX_EACH, MAX_STEPS, Part, StepRef, Target};
use resolve_api::catalogue::{Effect, Method};
use resolve_api::kind::{Kind, Param};
use rmcp::model::JsonObject;
use serde_json::{Map, Value as Json, json};

use crate::error::{Code, ToolError};
use crate::{advice, api_call, arguments, based_on, dry_run, object, reply, tools};

/// What the tool says of itself to an agent.
pub const DOC: &str = "Calls several methods of DaVinci Resolve's scripting API one after another, with nothing of \
another client in between; reads alone take one hop. A later call may use an earlier answer: \"on\": \"$0\" is what \
call 0 answered, \"$0[2]\" an entry of it, and {\"$step\": 0, \"path\": [2]} stands for it anywhere in args. With each \
the call is made on each object of the list that on names: {\"calls\": [{\"method\": \"Timeline.GetItemListInTrack\", \
\"args\": [\"video\", 1], \"quiet\": true}, {\"method\": \"TimelineItem.GetName\", \"on\": \"$0\", \"each\": 50}]}. \
Answers one result for each call; after one that fails the rest is skipped, unless go_on is true.";

/// What the tool says where only methods that change nothing may be called.
pub const DOC_READS: &str = "Calls several methods of DaVinci Resolve's scripting API that change nothing, one after \
another in one hop; this server was started to read only. A later call may use an earlier answer: \"on\": \"$0\" is \
what call 0 answered, \"$0[2]\" an entry of it, and {\"$step\": 0, \"path\": [2]} stands for it anywhere in args. With \
each the call is made on each object of the list that on names. Answers one result for each call; after one that fails \
the rest is skipped, unless go_on is true.";

/// Its parameters.
pub fn params() -> Vec<Param> {
    let calls = format!("the calls in their order, at most {MAX_STEPS}");
    let own = [
        Param::required("calls", Kind::list(Kind::dict("BatchCall")), calls),
        Param::optional("go_on", Kind::Bool, "whether the calls after one that failed are made all the same")
            .or(false),
    ];
    own.into_iter().chain(tools::beside(Effect::Destructive)).collect()
}

/// A batch as it was asked for, and the rows of its calls.
pub struct Made {
    /// What goes to the interpreter.
    pub batch: Batch,
    /// The row of each step.
    pub methods: Vec<&'static Method>,
    /// Whether only what would change is told.
    pub dry_run: bool,
    /// The revision that it is based on.
    pub based_on: Option<String>,
}

impl Made {
    /// What all of it does at most.
    pub fn effect(&self) -> Effect {
        let effects = || self.methods.iter().map(|method| method.effect);
        effects()
            .find(|effect| *effect == Effect::Destructive)
            .or_else(|| effects().find(|effect| *effect != Effect::Read))
            .unwrap_or(Effect::Read)
    }
}

/// The batch that the arguments describe.
///
/// # Errors
/// `no_such_method` and `invalid_argument`, with the path of what is wrong.
pub fn made(mut arguments: JsonObject) -> Result<Made, ToolError> {
    let own: Vec<Param> = params().into_iter().filter(|param| param.name != "calls").collect();
    let calls = match arguments.shift_remove("calls") {
        Some(Json::Array(calls)) if !calls.is_empty() => calls,
        Some(Json::Array(_)) | None => return Err(wrong("calls", "holds no call")),
        Some(_) => return Err(wrong("calls", "must be a list of calls")),
    };
    if calls.len() > MAX_STEPS {
        return Err(wrong("calls", &format!("holds {} calls, and {MAX_STEPS} at most", calls.len())));
    }
    let own = arguments::check(&own, arguments)?;
    let go_on = own.get("go_on").and_then(resolve_api::Value::as_bool).unwrap_or(false);
    let (mut steps, mut methods) = (Vec::new(), Vec::new());
    for (number, call) in calls.into_iter().enumerate() {
        let at = format!("calls[{number}]");
        let Json::Object(call) = call else { return Err(wrong(&at, "must be an object with a method")) };
        let (step, method) = step(call, &at).map_err(|error| within(error, &at))?;
        steps.push(step);
        methods.push(method);
    }
    let batch = Batch { steps, go_on };
    batch.check().map_err(|(number, reason)| wrong(&format!("calls[{number}]"), &reason))?;
    Ok(Made { batch, methods, dry_run: dry_run::asked(&own), based_on: based_on::named(&own) })
}

/// The parameters of one call, `args` left out: those are checked against its row.
fn of_call() -> &'static [Param] {
    static FIELDS: LazyLock<Vec<Param>> = LazyLock::new(|| {
        let fields = resolve_api::catalogue::catalogue().dict("BatchCall").map(|dict| dict.fields.clone());
        fields.unwrap_or_default().into_iter().filter(|field| field.name != "args").collect()
    });
    &FIELDS
}

fn step(mut call: JsonObject, at: &str) -> Result<(BatchStep, &'static Method), ToolError> {
    let args = call.shift_remove("args").unwrap_or(Json::Null);
    let own = arguments::check(of_call(), call)?;
    let text = |name: &str| own.get(name).and_then(resolve_api::Value::as_str);
    let number =
        |name: &str| own.get(name).and_then(resolve_api::Value::as_int).and_then(|n| usize::try_from(n).ok());
    let label = text("method").unwrap_or_default().trim();
    let method = api_call::find(label).ok_or_else(|| api_call::no_such_method(label))?;
    let on = match text("on").map(str::trim).filter(|on| on.starts_with('$')) {
        Some(on) => Target::Earlier {
            class: method.class.clone(),
            from: earlier(on).map_err(|why| wrong("on", &why))?,
        },
        None => Target::Object(object::locate(&method.class, text("on"))?),
    };
    // The path is whole at once here: the message of the check begins with it.
    let args = api_call::checked(method, &args, &format!("{at}.args"))?;
    let step = BatchStep::new(on, method.name.clone(), args);
    let step = match number("each") {
        Some(each) => step.on_each(number("from").unwrap_or(0), each.min(MAX_EACH)),
        None => step,
    };
    let quiet = own.get("quiet").and_then(resolve_api::Value::as_bool).unwrap_or(false);
    Ok((if quiet { step.quietly() } else { step }, method))
}

/// `$0`, `$0[2]` or `$1.items[0].name`: the answer of a step, or a part of it.
fn earlier(text: &str) -> Result<StepRef, String> {
    let unreadable = || format!("'{text}' names no earlier answer: write \"$0\" or \"$0[2]\"");
    let rest = &text[1..];
    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let step = rest[..digits].parse().map_err(|_| unreadable())?;
    let (mut path, mut rest) = (Vec::new(), &rest[digits..]);
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('[') {
            let (index, after) = after.split_once(']').ok_or_else(unreadable)?;
            path.push(Part::Index(index.trim().parse().map_err(|_| unreadable())?));
            rest = after;
        } else {
            let key = rest.strip_prefix('.').ok_or_else(unreadable)?;
            let end = key.find(['.', '[']).unwrap_or(key.len());
            if end == 0 {
                return Err(unreadable());
            }
            path.push(Part::Key(key[..end].to_owned()));
            rest = &key[end..];
        }
    }
    Ok(StepRef { step, path })
}

fn wrong(path: &str, why: &str) -> ToolError {
    ToolError::new(Code::InvalidArgument, format!("{path}: {why}")).at(path)
}

/// The same error with the call that it is in.
fn within(error: ToolError, at: &str) -> ToolError {
    match &error.path {
        Some(path) if !path.starts_with(at) => {
            let path = format!("{at}.{path}");
            ToolError { message: format!("{at}.{}", error.message), path: Some(path), ..error }
        }
        _ => error,
    }
}

/// The body of the answer, and the first failure with the call that it came from.
///
/// `version` is that of the build that answers; a call that it refused hears what is known of it.
pub fn body(
    methods: &[&Method],
    answers: Vec<StepAnswer>,
    version: Option<&str>,
) -> (Map<String, Json>, Option<ToolError>) {
    let mut first = None;
    let mut results = Vec::with_capacity(answers.len());
    for (number, (method, answer)) in methods.iter().zip(answers).enumerate() {
        let mut result = Map::from_iter([("method".to_owned(), Json::from(method.label()))]);
        match answer {
            StepAnswer::Done(answer) => reply::put_answer(answer, &mut result),
            StepAnswer::Quiet { length } => {
                result.insert("made".to_owned(), true.into());
                result.extend(length.map(|length| ("length".to_owned(), length.into())));
            }
            StepAnswer::Failed { error, done } => {
                let error = advice::advised(error, version);
                result.insert("error".to_owned(), Json::Object(reply::error_body(&error, method.effect)));
                if !done.is_empty() {
                    result.insert("done".to_owned(), done.into_iter().map(reply::plain).collect());
                }
                let message = format!("calls[{number}]: {}", error.message);
                first.get_or_insert(ToolError { message, path: Some(format!("calls[{number}]")), ..error });
            }
            StepAnswer::Skipped => drop(result.insert("skipped".to_owned(), true.into())),
        }
        results.push(Json::Object(result));
    }
    (Map::from_iter([("results".to_owned(), json!(results))]), first)
}

#[cfg(test)]
mod tests {
    use resolve_api::{Locator, Value};

    use super::*;

    fn called(arguments: Json) -> Result<Made, ToolError> {
        let Json::Object(arguments) = arguments else { panic!("arguments are an object") };
        made(arguments)
    }

    /// The names of all items of a track, as the description has it: one list, and a call on each of it.
    #[test]
    fn a_later_call_uses_an_earlier_answer() {
        let made = called(json!({"calls": [
            {"method": "Timeline.GetItemListInTrack", "args": ["video", 1], "quiet": true},
            {"method": "TimelineItem.GetName", "on": "$0", "each": 50},
            {"method": "MediaPool.DeleteClips", "args": [[{"$step": 0, "path": [2]}]]}
        ]}))
        .unwrap();

        let [list, names, delete] = &made.batch.steps[..] else { panic!("three steps") };
        assert!(list.quiet && names.each.is_some());
        assert_eq!(Target::earlier("TimelineItem", 0), names.on);
        let third = Value::Step(StepRef { step: 0, path: vec![Part::Index(2)] });
        assert_eq!(vec![Value::List(vec![third])], delete.args);
        assert_eq!(Target::Object(Locator::MediaPool), delete.on);
        assert_eq!(Effect::Destructive, made.effect());
    }

    /// Nothing of a batch is made when something of it is wrong, and what is wrong is named with its call.
    #[test]
    fn what_is_wrong_is_named_with_its_call() {
        let fine = json!({"method": "Timeline.GetTrackCount", "args": ["video"]});
        for (second, path) in [
            (
                json!({"method": "Timeline.GetTrackCount", "args": {"trackTyp": "video"}}),
                "calls[1].args.trackTyp",
            ),
            (json!({"method": "Timeline.GetTrackCounts"}), "calls[1].method"),
            (json!({"method": "TimelineItem.GetName", "on": "$x"}), "calls[1].on"),
            (json!({"method": "TimelineItem.GetName", "on": "$1"}), "calls[1]"),
            (json!({"method": "TimelineItem.GetName", "onn": "$0"}), "calls[1].onn"),
            (json!("Timeline.GetName"), "calls[1]"),
        ] {
            let error = called(json!({"calls": [fine, second]})).err().expect("it is wrong");
            assert_eq!(Some(path), error.path.as_deref(), "{second}");
            assert!(error.message.starts_with(path), "{}", error.message);
        }
        assert_eq!(Some("calls"), called(json!({"calls": []})).err().and_then(|error| error.path).as_deref());
        assert!(called(json!({"calls": vec![fine; MAX_STEPS + 1]})).is_err());
    }

    /// `color.drx-old-nodes` and its like: a refusal within a batch hears what is known of it, as a single call does.
    #[test]
    fn a_refused_call_hears_what_its_build_does() {
        let method = resolve_api::catalogue::catalogue().method_by_label("Graph.ApplyGradeFromDRX").unwrap();
        let fault = resolve_api::Fault::Refused { method: method.label(), reason: None };
        let refused = StepAnswer::Failed { error: fault.into(), done: Vec::new() };

        let (body, first) = body(&[method], vec![refused], Some("19.1.3.7"));

        let hint = body["results"][0]["error"]["hint"].as_str().unwrap();
        assert!(hint.contains("known of Resolve: "), "{hint}");
        assert_eq!(Some(hint), first.map(|error| error.hint).as_deref());
    }

    /// Parts of an answer are named as people write them.
    #[test]
    fn a_part_of_an_answer_is_named() {
        let path = vec![Part::Key("items".into()), Part::Index(0), Part::Key("name".into())];
        assert_eq!(Ok(StepRef { step: 12, path }), earlier("$12.items[0].name"));
        for text in ["$", "$a", "$0[", "$0[x]", "$0.", "$0x"] {
            assert!(earlier(text).is_err(), "{text}");
        }
    }
}
