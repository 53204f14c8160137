//! The tools `<part>_read`, `<part>_edit` and `<part>_delete`: one action for each method of a part of Resolve.

use std::sync::LazyLock;

use resolve_actors::{Args, Operation};
use resolve_api::catalogue::{Effect, Method};
use resolve_api::kind::{Kind, Param};
use resolve_api::nearest::nearest_names;
use rmcp::model::JsonObject;
use serde_json::{Value as Json, json};

use crate::api_call::{self, Made};
use crate::error::{Code, ToolError};
use crate::groups::{Actions, GROUPS, Group, Part};
use crate::paging::{self, Page};
use crate::{arguments, based_on, dry_run, schema, tools};

/// Methods that are suggested for an action that does not exist.
const SUGGESTED: usize = 5;

/// One of the tools.
pub struct DomainTool {
    /// Its name, such as `timeline_read`.
    pub name: String,
    /// A title for people.
    pub title: String,
    /// What it says of itself to an agent.
    pub doc: String,
    /// Its part of Resolve.
    pub group: &'static Group,
    /// What its actions do.
    pub part: Part,
    /// The action that is taken when none is named, and what it runs: a reading that is made of many calls.
    pub overview: Option<(&'static str, &'static Operation)>,
}

/// What a call of such a tool comes to.
pub enum Chosen {
    /// The overview, with its arguments, and the fields of its lists that are asked for.
    Overview(&'static Operation, Args, Vec<String>),
    /// A method.
    Method(Made),
}

/// Every one, part by part.
pub fn all() -> &'static [DomainTool] {
    static TOOLS: LazyLock<Vec<DomainTool>> = LazyLock::new(|| {
        let each = GROUPS.iter().flat_map(|group| Part::ALL.map(|part| (group, part)));
        let with_actions = each.filter(|(group, part)| !group.actions(*part).is_empty());
        with_actions.map(|(group, part)| DomainTool::new(group, part)).collect()
    });
    &TOOLS
}

/// The operation that a reading tool runs when no method is named, and what that action is called.
fn overview(group: &Group, part: Part) -> Option<(&'static str, &'static Operation)> {
    let (action, name) = match (group.name, part) {
        ("project", Part::Read) => ("overview", "project_read"),
        ("media_pool", Part::Read) => ("overview", "media_pool_read"),
        ("timeline", Part::Read) => ("overview", "timeline_read"),
        ("render", Part::Read) => ("status", "render_read"),
        _ => return None,
    };
    let operation = resolve_actors::operations().iter().find(|operation| operation.name == name)?;
    Some((action, operation))
}

impl DomainTool {
    fn new(group: &'static Group, part: Part) -> Self {
        let overview = overview(group, part);
        let name = format!("{}_{}", group.name, part.word());
        let words = group.name.replace('_', " ");
        let (title, does) = match part {
            Part::Read => (format!("Read {words}"), "Reads"),
            Part::Edit => (format!("Edit {words}"), "Changes"),
            Part::Delete => (format!("Delete in {words}"), "Removes or overwrites"),
        };
        let calls = "action is Resolve's method of that name; its args: api_describe";
        let doc = match overview {
            Some((_, operation)) => {
                format!("{} Any other {calls}. They read {}.", operation.doc, group.about)
            }
            None => format!("{does} {}. Each {calls}.", group.about),
        };
        Self { name, title, doc, group, part, overview }
    }

    /// The methods by the name of their action.
    pub fn actions(&self) -> &'static Actions {
        self.group.actions(self.part)
    }

    /// What it does at most.
    pub fn effect(&self) -> Effect {
        self.part.effect()
    }

    /// The parameters of an action that calls a method, `args` left out: those are checked against its row. Made once,
    /// since every call is checked against them.
    fn of_method(&self) -> &'static [Param] {
        static OF_PARTS: LazyLock<Vec<(Part, Vec<Param>)>> = LazyLock::new(|| {
            let of_part = |part: Part| {
                let on = Param::optional("on", Kind::Str, "id, name or #2; the current one when absent");
                let mut params = vec![Param::optional("action", Kind::Str, "what to do"), on];
                if part == Part::Read {
                    params.extend(paging::params());
                }
                params.extend(tools::beside(part.effect()));
                (part, params)
            };
            Part::ALL.map(of_part).into()
        });
        OF_PARTS.iter().find(|(part, _)| *part == self.part).map_or(&[], |(_, params)| params)
    }

    /// Every parameter, as they are listed.
    pub fn params(&self) -> Vec<Param> {
        let by_name = Kind::Map(Box::new(Kind::Str), Box::new(Kind::Any));
        let mut params = self.of_method().to_vec();
        params[0].required = self.overview.is_none();
        params[0].default = self.overview.map(|(action, _)| action.into());
        params.insert(2, Param::optional("args", by_name, "its arguments by name"));
        if let Some((action, operation)) = self.overview {
            for param in (operation.params)() {
                match params.iter_mut().find(|known| known.name == param.name) {
                    // Both take it: what it means there is said first, since that is the default.
                    Some(known) if known.name == "fields" => {
                        known.doc = format!("for {action}: {}; else {}", param.doc, known.doc);
                    }
                    Some(_) => {}
                    None => {
                        let doc = format!("for {action}: {}", param.doc);
                        params.push(Param { required: false, doc, ..param });
                    }
                }
            }
        }
        params
    }

    /// The schema, with the actions as an enumeration.
    pub fn schema(&self) -> JsonObject {
        let mut schema = schema::of_params(&self.params());
        let overview = self.overview.map(|(action, _)| action);
        let actions: Vec<&str> =
            overview.into_iter().chain(self.actions().keys().map(String::as_str)).collect();
        schema["properties"]["action"]["enum"] = json!(actions);
        schema
    }

    /// What a call with these arguments runs.
    ///
    /// # Errors
    /// `invalid_argument` with the path of what is wrong and the nearest names.
    pub fn choose(&self, mut arguments: JsonObject) -> Result<Chosen, ToolError> {
        let named = match arguments.get("action") {
            None => None,
            Some(Json::String(action)) => Some(action.trim().to_owned()),
            Some(_) => return Err(self.wrong_action("", "must be text")),
        };
        if let Some((action, operation)) = self.overview
            && named.as_deref().is_none_or(|named| named == action)
        {
            arguments.remove("action");
            return overview_of(operation, arguments);
        }
        let named = named.ok_or_else(|| self.wrong_action("", "is missing"))?;
        let method = self.method(&named)?;
        let args = arguments.remove("args").unwrap_or(Json::Null);
        let own = arguments::check(self.of_method(), arguments)?;
        let on = own.get("on").and_then(resolve_api::Value::as_str);
        let page = Page::of(&own, method.effect)?;
        let (dry_run, based_on) = (dry_run::asked(&own), based_on::named(&own));
        let call = api_call::call(method, on, &args, "args")?;
        Ok(Chosen::Method(Made { call, method, page, dry_run, based_on }))
    }

    /// The method of an action; its whole name is understood too.
    fn method(&self, action: &str) -> Result<&'static Method, ToolError> {
        if let Some(method) = self.actions().get(action) {
            return Ok(method);
        }
        let elsewhere = all().iter().find(|tool| tool.actions().contains_key(action));
        if let Some(tool) = elsewhere {
            return Err(self.wrong_action(action, &format!("belongs to {}", tool.name)));
        }
        match api_call::find(action) {
            Some(method)
                if self.group.domains.contains(&method.domain) && Part::of(method.effect) == self.part =>
            {
                Ok(method)
            }
            Some(method) => Err(match Group::action_of(method) {
                Some((tool, _)) => self.wrong_action(action, &format!("belongs to {tool}")),
                None => self.wrong_action(action, "is called with api_call"),
            }),
            None => Err(self.wrong_action(action, "is no action of this tool")),
        }
    }

    fn wrong_action(&self, action: &str, why: &str) -> ToolError {
        let known = self.actions().keys().map(String::as_str);
        let nearest = nearest_names(action, known, SUGGESTED);
        let quoted = if action.is_empty() { String::new() } else { format!("'{action}' ") };
        let hint = match nearest.first() {
            Some(nearest) => format!("use the action {nearest}, or look for the right one with api_search"),
            None => "look for the right action with api_search".to_owned(),
        };
        ToolError::new(Code::InvalidArgument, format!("action: {quoted}{why}"))
            .at("action")
            .with_hint(hint)
            .with_candidates(nearest)
    }
}

/// The overview with checked arguments; it need not know `fields` itself.
fn overview_of(operation: &'static Operation, mut arguments: JsonObject) -> Result<Chosen, ToolError> {
    let params = (operation.params)();
    let mut fields = Args::new();
    if params.iter().all(|param| param.name != "fields")
        && let Some(given) = arguments.remove("fields")
    {
        fields =
            arguments::check(&paging::params()[2..], JsonObject::from_iter([("fields".to_owned(), given)]))?;
    }
    let fields = fields.get("fields").and_then(resolve_api::Value::as_list).unwrap_or_default();
    let fields = fields.iter().filter_map(resolve_api::Value::as_str).map(str::to_owned).collect();
    Ok(Chosen::Overview(operation, arguments::check(&params, arguments)?, fields))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tool(name: &str) -> &'static DomainTool {
        all().iter().find(|tool| tool.name == name).expect(name)
    }

    fn chosen(name: &str, arguments: Json) -> Result<Chosen, ToolError> {
        let Json::Object(arguments) = arguments else { panic!("arguments are an object") };
        tool(name).choose(arguments)
    }

    fn method(name: &str, arguments: Json) -> Made {
        match chosen(name, arguments).expect("it is right") {
            Chosen::Method(made) => made,
            Chosen::Overview(operation, ..) => panic!("not {}", operation.name),
        }
    }

    /// Without an action the reading tools answer what an agent wants first.
    #[test]
    fn the_overview_is_the_default() {
        for arguments in [json!({}), json!({"action": "overview"}), json!({"timeline": "Cut 1", "limit": 5})]
        {
            match chosen("timeline_read", arguments.clone()) {
                Ok(Chosen::Overview(operation, args, _)) => {
                    assert_eq!(
                        ("timeline_read", arguments.get("timeline").is_some()),
                        (operation.name, args.contains_key("timeline"))
                    );
                }
                _ => panic!("{arguments}"),
            }
        }
        let error = chosen("timeline_read", json!({"on": "x"})).err().expect("on is of a method");
        assert_eq!(Some("on"), error.path.as_deref());
    }

    /// An action is a method under a shorter name; longer ones are understood.
    #[test]
    fn an_action_calls_its_method() {
        for action in ["get_track_count", "timeline_get_track_count", "Timeline.GetTrackCount"] {
            let made = method("timeline_read", json!({"action": action, "args": {"trackType": "video"}}));
            assert_eq!("Timeline.GetTrackCount", made.call.label());
        }
        let made = method(
            "timeline_edit",
            json!({"action": "timeline_item_add_marker", "on": "#1",
            "args": {"frameId": 1, "color": "blue", "name": "", "note": "", "duration": 1}}),
        );
        assert_eq!("TimelineItem.AddMarker", made.call.label());
    }

    /// A wrong action or argument comes back with the right one.
    #[test]
    fn what_is_wrong_is_named() {
        let fails = |name: &str, arguments: Json| chosen(name, arguments).err().expect("it is wrong");

        let error = fails("timeline_edit", json!({"action": "get_track_count"}));
        assert!(error.message.contains("belongs to timeline_read"), "{}", error.message);
        let error = fails("timeline_edit", json!({"action": "add_tracks"}));
        assert_eq!(Some(&"add_track".into()), error.candidates.first());
        assert_eq!(Some("action"), fails("color_read", json!({})).path.as_deref());
        let error = fails("timeline_edit", json!({"action": "add_track", "args": {"trackTyp": "video"}}));
        assert_eq!(Some("args.trackTyp"), error.path.as_deref());
        assert!(error.hint.contains("Timeline.AddTrack(trackType: "), "{}", error.hint);
        assert_eq!(
            Some("limit"),
            fails("timeline_edit", json!({"action": "add_track", "limit": 3})).path.as_deref()
        );
    }
}
