//! The tool `api_call`: any method of the scripting API, checked against the catalogue before it goes anywhere.

use resolve_api::catalogue::{Effect, Method, catalogue};
use resolve_api::check::check_call;
use resolve_api::kind::{Kind, Param};
use resolve_api::wire::MethodCall;
use rmcp::model::JsonObject;
use serde_json::Value as Json;

use crate::error::{Code, ToolError};
use crate::paging::{self, Page};
use crate::{advice, arguments, based_on, dry_run, object, signature, tools};

/// What the tool says of itself to an agent.
pub const DOC: &str = "Calls any method of DaVinci Resolve's scripting API by its name, for what has no tool of its \
own. The method and its arguments are checked first; an invented name gets the right one back. A read \
answers {value}; a write is read back where Resolve can show it and answers {value, requested, observed, verified}, or \
verified false and why. Objects are {\"class\", \"id\"}, and an id can be given as on or as an argument of a later \
call. Prefer the other tools where one fits.";

/// What the tool says where only methods that change nothing may be called.
pub const DOC_READS: &str = "Calls any method of DaVinci Resolve's scripting API that changes nothing, by its name; this \
server was started to read only. The method and its arguments are checked first; an invented name gets the right one \
back. Answers {value}; objects in it are {\"class\", \"id\"}, and an id can be given as on or as an argument of a \
later call.";

/// The object that a method is called on, as every tool that calls methods takes it.
pub fn on_param() -> Param {
    Param::optional(
        "on",
        Kind::Str,
        "the object to call it on; left out: the only one or the current one of the class. A unique id, an id \
         held-… of an earlier answer, a name, #2 for the second, a path such as \"/Master/Day 1\" for a folder; \
         for a Graph the id of its item, \"timeline\", or the name of a color group",
    )
}

/// Its parameters.
pub fn params() -> Vec<Param> {
    let by_name = Kind::Map(Box::new(Kind::Str), Box::new(Kind::Any));
    let by_position = Kind::List(Box::new(Kind::Any));
    let own = [
        Param::required("method", Kind::Str, "class and method, such as \"Timeline.GetTrackCount\""),
        on_param(),
        Param::optional(
            "args",
            Kind::OneOf(vec![by_name, by_position]),
            "the arguments by parameter name, such as {\"trackType\": \"video\"}, or a list by position",
        ),
    ];
    own.into_iter().chain(paging::params()).chain(tools::beside(Effect::Destructive)).collect()
}

/// A call as it was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Made {
    /// The call.
    pub call: MethodCall,
    /// Its row.
    pub method: &'static Method,
    /// The part of a long answer that is asked for.
    pub page: Page,
    /// Whether only what would change is told.
    pub dry_run: bool,
    /// The revision that it is based on.
    pub based_on: Option<String>,
}

/// Whether the arguments name a method that changes nothing: then there is nothing to note.
pub fn only_reads(arguments: &JsonObject) -> bool {
    let label = arguments.get("method").and_then(Json::as_str).unwrap_or_default();
    catalogue().method_by_label(label.trim()).is_some_and(|method| method.effect == Effect::Read)
}

/// The call that the arguments of the tool describe; `params` are those of the tool.
///
/// # Errors
/// `no_such_method` with the nearest ones; `invalid_argument` with the path of what is wrong.
pub fn made(params: &[Param], mut arguments: JsonObject) -> Result<Made, ToolError> {
    // The arguments of the method are checked against its row, from the JSON as it came.
    let args = arguments.remove("args").unwrap_or(Json::Null);
    let own = arguments::check(params, arguments)?;
    let text = |name: &str| own.get(name).and_then(resolve_api::Value::as_str);
    let label = text("method").unwrap_or_default().trim();
    let method = find(label).ok_or_else(|| no_such_method(label))?;
    let page = Page::of(&own, method.effect)?;
    let (dry_run, based_on) = (dry_run::asked(&own), based_on::named(&own));
    Ok(Made { call: call(method, text("on"), &args, "args")?, method, page, dry_run, based_on })
}

/// The call of `method` on the object that `on` names; `at` is the path of `args`.
///
/// # Errors
/// `invalid_argument` with the path of what is wrong, and the method's form as the hint.
pub fn call(method: &Method, on: Option<&str>, args: &Json, at: &str) -> Result<MethodCall, ToolError> {
    let on = object::locate(&method.class, on)?;
    Ok(MethodCall::new(on, method.name.clone(), checked(method, args, at)?))
}

/// The arguments of a call by position, as its row has them; `at` is their path.
///
/// # Errors
/// `invalid_argument` with the path of what is wrong, and the method's form as the hint.
pub fn checked(method: &Method, args: &Json, at: &str) -> Result<Vec<resolve_api::Value>, ToolError> {
    check_call(method, args, at, None)
        .map_err(|error| ToolError::from(error).with_hint(format!("call {}", signature::of(method))))
}

/// The method of that name: `Class.Method`, also in other capitals, or the name of a tool made of it.
pub fn find(name: &str) -> Option<&'static Method> {
    let exact = catalogue().method_by_label(name);
    exact.or_else(|| {
        catalogue().methods().find(|method| method.tool == name || method.label().eq_ignore_ascii_case(name))
    })
}

/// Agents invent `Timeline.AppendToTimeline`, leave the class out or write snake_case; each gets the right name back.
pub fn no_such_method(label: &str) -> ToolError {
    let (class, name) = match label.rsplit_once('.') {
        Some((class, name)) => (Some(class), name),
        None => (None, label),
    };
    let nearest: Vec<String> =
        catalogue().nearest_method(class, name).into_iter().map(Method::label).collect();
    let error =
        ToolError::new(Code::NoSuchMethod, format!("method: the scripting API has no method '{label}'"));
    let hint = match nearest.first() {
        Some(first) => format!("call {first}, or another of candidates; api_search finds methods by words"),
        None => {
            "look for it with api_search, or name it as in Resolve's scripting API: Class.Method, such as \
                 Timeline.GetTrackCount"
                .to_owned()
        }
    };
    // Methods that people look for and that no build has are known by what to do instead.
    advice::with_facts(error.at("method").with_hint(hint).with_candidates(nearest), label, None)
}

#[cfg(test)]
mod tests {
    use resolve_api::{Key, Locator, Value};
    use serde_json::json;

    use super::*;

    fn called(arguments: Json) -> Result<Made, ToolError> {
        let Json::Object(arguments) = arguments else { panic!("arguments are an object") };
        made(&params(), arguments)
    }

    /// Resolve takes arguments by position; an agent may name them.
    #[test]
    fn arguments_by_name_and_by_position_are_the_same_call() {
        let expected =
            MethodCall::new(Locator::Timeline(Key::Current), "GetTrackCount", [Value::from("video")]);
        for args in [json!({"trackType": "video"}), json!(["video"])] {
            let made = called(json!({"method": "Timeline.GetTrackCount", "args": args})).unwrap();
            assert_eq!((&expected, Effect::Read), (&made.call, made.method.effect));
        }
    }

    /// What reads is not noted, and its arguments are not copied for that.
    #[test]
    fn a_call_that_only_reads_is_known_before_it_is_checked() {
        for (label, reads) in [
            ("Timeline.GetTrackCount", true),
            (" Timeline.GetName ", true),
            ("Timeline.SetName", false),
            ("", false),
        ] {
            let Json::Object(arguments) = json!({"method": label}) else { unreachable!() };
            assert_eq!(reads, only_reads(&arguments), "{label}");
        }
    }

    /// The names that agents invent, and what they meant.
    #[test]
    fn an_invented_method_gets_the_right_one_back() {
        for (invented, meant) in [
            ("Timeline.AppendToTimeline", "MediaPool.AppendToTimeline"),
            ("Folder.AddSubFolder", "MediaPool.AddSubFolder"),
            ("GetCurrentPage", "Resolve.GetCurrentPage"),
            ("project.get_timeline_count", "Project.GetTimelineCount"),
        ] {
            let error = called(json!({"method": invented})).unwrap_err();
            assert_eq!(
                (Code::NoSuchMethod, Some(&Value::from(meant))),
                (error.code, error.candidates.first()),
                "{invented}"
            );
        }
    }

    /// Nothing wrong reaches Resolve, which would answer None without a word.
    #[test]
    fn a_wrong_argument_is_refused_with_its_path() {
        for (arguments, path) in [
            (json!({}), "method"),
            (json!({"method": "Timeline.GetTrackCount"}), "args.trackType"),
            (json!({"method": "Timeline.GetTrackCount", "args": {"tracktype": "video"}}), "args.tracktype"),
            (json!({"method": "Timeline.GetTrackCount", "args": ["video", 2]}), "args[1]"),
            (json!({"method": "Timeline.GetTrackCount", "on": "#0", "args": ["video"]}), "on"),
            (json!({"method": "Timeline.GetTrackCount", "arg": ["video"]}), "arg"),
        ] {
            let error = called(arguments.clone()).unwrap_err();
            assert_eq!(
                (Code::InvalidArgument, Some(path)),
                (error.code, error.path.as_deref()),
                "{arguments}"
            );
        }
    }
}
