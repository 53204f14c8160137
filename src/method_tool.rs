//! The tools of the full toolset: one for each method of the scripting API, named and described by its row.

use resolve_api::catalogue::{Effect, Method, Status, catalogue};
use resolve_api::kind::Param;
use resolve_api::{Key, Locator};
use rmcp::model::JsonObject;
use serde_json::Value as Json;

use crate::api_call::{self, Made};
use crate::error::ToolError;
use crate::paging::{self, Page};
use crate::{arguments, based_on, dry_run, schema, signature, tools};

/// The longest description that every client passes on whole, in bytes.
const MAX_DESCRIPTION: usize = 1024;

/// The methods that have a tool: all but those that Resolve has removed.
pub fn methods() -> impl Iterator<Item = &'static Method> {
    catalogue().methods().filter(|method| method.status != Status::Removed)
}

/// What the tool of a method says of itself.
pub fn doc(method: &Method) -> String {
    let mut doc = format!("{} Calls {}.", method.doc, signature::of(method));
    if let Some(instead) = &method.replaced_by {
        doc += &format!(" Deprecated: use {instead}.");
    }
    if !method.page_required.is_empty() {
        doc += &format!(" Needs the page {}.", method.page_required.join(" or "));
    }
    for note in &method.notes {
        if doc.len() + note.len() + 1 > MAX_DESCRIPTION {
            break;
        }
        doc += &format!(" {note}");
    }
    if doc.ends_with('.') { doc } else { doc + "." }
}

/// Its parameters: those of the method, each with a description, and which object is meant where there are several.
pub fn params(method: &Method) -> Vec<Param> {
    method.params.iter().map(told).chain(beside(method)).collect()
}

/// A parameter whose name says all has no description in its row; a client shows one for each.
fn told(param: &Param) -> Param {
    let doc = if param.doc.len() < 8 {
        [param.doc.as_str(), &format!("{}, as {} takes it", param.kind.describe(), param.name)].concat()
    } else {
        param.doc.clone()
    };
    Param { doc, ..param.clone() }
}

/// The object to call a method on, where there is more than one of its class.
fn on(method: &Method) -> Option<Param> {
    let implied = Locator::implied(&method.class);
    let only = implied.is_some() && Locator::with_key(&method.class, Key::Current).is_none();
    let must = implied.is_none() && method.class != "Graph";
    (!only).then(|| Param { required: must, ..api_call::on_param() })
}

/// The schema: the form to prefer, and the object.
pub fn schema(method: &Method) -> JsonObject {
    schema::of_params(&params(method))
}

/// The call that the arguments describe. Other forms of the method than the one in the schema are understood.
///
/// # Errors
/// `invalid_argument` with the path of what is wrong.
pub fn made(method: &'static Method, mut arguments: JsonObject) -> Result<Made, ToolError> {
    let own: Vec<Param> = beside(method).collect();
    let given: JsonObject =
        own.iter().filter_map(|param| arguments.shift_remove_entry(&param.name)).collect();
    let given = arguments::check(&own, given)?;
    let page = Page::of(&given, method.effect)?;
    let on = given.get("on").and_then(resolve_api::Value::as_str);
    let (dry_run, based_on) = (dry_run::asked(&given), based_on::named(&given));
    let call = api_call::call(method, on, &Json::Object(arguments), "")?;
    Ok(Made { call, method, page, dry_run, based_on })
}

/// What we add to the parameters of a method: the object, and of a reading the part of its answer.
fn beside(method: &Method) -> impl Iterator<Item = Param> {
    let free = |own: &Param| method.params.iter().all(|param| param.name != own.name);
    let reads = method.effect == Effect::Read;
    let paging = paging::params().into_iter().filter(move |_| reads);
    on(method).into_iter().chain(paging).chain(tools::beside(method.effect)).filter(free)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn called(label: &str, arguments: Json) -> Result<Made, ToolError> {
        let Json::Object(arguments) = arguments else { panic!("arguments are an object") };
        made(api_call::find(label).expect(label), arguments)
    }

    /// A tool is the method: its parameters at the root, the object beside them.
    #[test]
    fn arguments_stand_at_the_root() {
        let made = called("Timeline.GetTrackCount", json!({"trackType": "video", "on": "#2"})).unwrap();
        assert_eq!(("Timeline.GetTrackCount", 1), (made.call.label().as_str(), made.call.args.len()));

        let error = called("Timeline.GetTrackCount", json!({"tracktype": "video"})).unwrap_err();
        assert_eq!(Some("tracktype"), error.path.as_deref());
        assert_eq!(Some("on"), called("MediaPoolItem.GetName", json!({})).unwrap_err().path.as_deref());
        assert_eq!(
            Some("on"),
            called("MediaPool.GetRootFolder", json!({"on": "x"})).unwrap_err().path.as_deref()
        );
    }

    /// No parameter of a method hides the ones that we add.
    #[test]
    fn no_parameter_has_a_name_of_ours() {
        for method in methods() {
            let params = params(method);
            for (at, param) in params.iter().enumerate() {
                assert!(
                    params[..at].iter().all(|other| other.name != param.name),
                    "{}: {}",
                    method.label(),
                    param.name
                );
            }
        }
    }
}
