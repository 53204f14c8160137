//! Values for the arguments of resource addresses and prompts, while a person types.

use resolve_api::catalogue::{Status, catalogue};
use rmcp::model::{CompleteRequestParams, CompletionInfo, Reference};
use serde_json::Map;
use tokio_util::sync::CancellationToken;

use crate::server::ResolveServer;
use crate::{prompts, resources};

/// What fits what has been typed: what begins with it first, then what holds it. Nothing, where nothing is known.
pub async fn complete(
    request: &CompleteRequestParams,
    server: &ResolveServer,
    cancel: &CancellationToken,
) -> CompletionInfo {
    let argument = request.argument.name.as_str();
    let known = match &request.r#ref {
        Reference::Resource(reference) => match (reference.uri.as_str(), argument) {
            (resources::CLASS | resources::METHOD, "class") => classes(),
            (resources::METHOD, "method") => methods(class_of(request)),
            (resources::TIMELINE, "id") => timelines("id", server, cancel).await,
            _ => Vec::new(),
        },
        Reference::Prompt(reference) => match prompts::values(&reference.name, argument) {
            Some(values) => values,
            None if argument == "timeline" => timelines("name", server, cancel).await,
            None => Vec::new(),
        },
        // A kind of reference that a later protocol brings.
        _ => Vec::new(),
    };
    fitting(known, &request.argument.value)
}

fn class_of(request: &CompleteRequestParams) -> Option<&str> {
    request.context.as_ref()?.arguments.as_ref()?.get("class").map(String::as_str)
}

fn classes() -> Vec<String> {
    catalogue().classes().map(|class| class.name.clone()).collect()
}

/// The methods of a class, or of all where none is chosen yet.
fn methods(class: Option<&str>) -> Vec<String> {
    let of_class = |name: &String| class.is_none_or(|class| name.eq_ignore_ascii_case(class));
    let methods = catalogue().methods().filter(|row| row.status != Status::Removed && of_class(&row.class));
    let mut names: Vec<String> = methods.map(|row| row.name.clone()).collect();
    if class.is_none() {
        names.sort();
        names.dedup();
    }
    names
}

/// The timelines of the open project. Without one, or without a connection, there are none to offer.
async fn timelines(field: &str, server: &ResolveServer, cancel: &CancellationToken) -> Vec<String> {
    match resources::operation("project_read", Map::new(), server, cancel).await {
        Ok(project) => {
            let timelines = project["timelines"].as_array().map(Vec::as_slice).unwrap_or_default();
            timelines.iter().filter_map(|timeline| timeline[field].as_str()).map(str::to_owned).collect()
        }
        Err(error) => {
            tracing::debug!("no timelines can be offered: {}", error.message);
            Vec::new()
        }
    }
}

fn fitting(known: Vec<String>, typed: &str) -> CompletionInfo {
    let typed = typed.to_lowercase();
    let (mut begin, rest): (Vec<String>, Vec<String>) =
        known.into_iter().partition(|value| value.to_lowercase().starts_with(&typed));
    begin.extend(rest.into_iter().filter(|value| value.to_lowercase().contains(&typed)));
    let total = begin.len();
    begin.truncate(CompletionInfo::MAX_VALUES);
    let more = total > begin.len();
    CompletionInfo::with_pagination(begin, u32::try_from(total).ok(), more).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A person types the beginning; what only holds the letters comes after, and no answer exceeds the protocol's bound.
    #[test]
    fn what_begins_with_it_comes_first() {
        let classes = fitting(classes(), "timeline");
        assert_eq!(vec!["Timeline", "TimelineItem"], classes.values);
        let found = fitting(methods(Some("timeline")), "marker");
        assert!(found.values.contains(&"AddMarker".to_owned()), "{:?}", found.values);

        let all = fitting(methods(None), "");
        assert_eq!((100, Some(true)), (all.values.len(), all.has_more));
    }
}
