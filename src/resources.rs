//! Resources: the scripting API as reading matter, what is open in Resolve, and long answers that were cut.

use percent_encoding::percent_decode_str;
use resolve_actors::What;
use resolve_api::wire::MethodCall;
use resolve_api::{Locator, catalogue::catalogue};
use rmcp::ErrorData;
use rmcp::model::{CacheScope, ReadResourceResult, Resource, ResourceContents, ResourceTemplate};
use serde_json::{Map, Value as Json, json};
use tokio_util::sync::CancellationToken;

use crate::error::{Code, ToolError};
use crate::server::ResolveServer;
use crate::tools::LIST_TTL_MS;
use crate::{api_call, api_describe, arguments, reply};

/// How every address begins.
pub const SCHEME: &str = "resolve://";

/// A method of the scripting API.
pub const METHOD: &str = "resolve://api/{class}/{method}";
/// A class of the scripting API.
pub const CLASS: &str = "resolve://api/{class}";
/// A timeline.
pub const TIMELINE: &str = "resolve://timeline/{id}";
/// A long answer.
pub const REPLY: &str = "resolve://reply/{id}";

/// Items of a timeline that its resource holds: the most that its tool reads at once.
const TIMELINE_ITEMS: u64 = 200;

/// Those that are always there.
pub fn listed() -> Vec<Resource> {
    let resource = |path: &str, title: &str, doc: &str| {
        Resource::new(format!("{SCHEME}{path}"), path)
            .with_title(title)
            .with_description(doc)
            .with_mime_type(JSON)
    };
    vec![
        resource(
            "project",
            "The open project",
            "Its settings, timelines and what is current, as project_read answers it.",
        ),
        resource(
            "journal",
            "The journal",
            "What was changed in this session through this server, the newest first, with what was observed.",
        ),
        resource(
            "metrics",
            "Counters and times",
            "Restarts, crashes, missed deadlines and refusals, and how long the calls of each method took.",
        ),
        resource("render-queue", "The render queue", "The jobs of the open project with their settings."),
    ]
}

/// Those that are made from a part of their address.
pub fn templates() -> Vec<ResourceTemplate> {
    let template = |uri: &str, name: &str, title: &str, doc: &str| {
        ResourceTemplate::new(uri, name).with_title(title).with_description(doc).with_mime_type(JSON)
    };
    vec![
        template(
            CLASS,
            "class",
            "A class of the scripting API",
            "What it is and its methods, each with one line.",
        ),
        template(
            METHOD,
            "method",
            "A method of the scripting API",
            "All that is known of it, as api_describe answers it.",
        ),
        template(
            TIMELINE,
            "timeline",
            "A timeline",
            "Its tracks, items and markers, as timeline_read answers it; by id or name.",
        ),
        template(
            REPLY,
            "reply",
            "A long answer",
            "All of an answer that was cut; kept until sixteen later ones were cut.",
        ),
    ]
}

const JSON: &str = "application/json";

/// The content of a resource.
///
/// # Errors
/// That there is none of that address, or why it cannot be read; the data are a failure as tools answer it.
pub async fn read(
    uri: &str,
    server: &ResolveServer,
    cancel: &CancellationToken,
) -> Result<ReadResourceResult, ErrorData> {
    let (text, ttl, scope) = match content(uri, server, cancel).await {
        Ok(found) => found,
        Err(error) => return Err(failed(uri, &error)),
    };
    let contents = ResourceContents::text(text, uri).with_mime_type(JSON);
    Ok(ReadResourceResult::new(vec![contents]).with_ttl_ms(ttl).with_cache_scope(scope))
}

/// The text of a resource, how long it stays true, and for whom.
async fn content(
    uri: &str,
    server: &ResolveServer,
    cancel: &CancellationToken,
) -> Result<(String, u64, CacheScope), ToolError> {
    let nothing =
        || ToolError::new(Code::NotFound, format!("there is no resource '{uri}'")).with_hint(ADDRESSES);
    let path = uri.strip_prefix(SCHEME).ok_or_else(nothing)?;
    let parts: Vec<String> =
        path.split('/').map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned()).collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    // The rows do not change; whether what is connected has a method may.
    let known = |body: Json| (body.to_string(), LIST_TTL_MS, CacheScope::Private);
    let live = |text: String| (text, 0, CacheScope::Private);
    match parts[..] {
        ["api", class] => {
            let class = catalogue().classes().find(|known| known.name.eq_ignore_ascii_case(class));
            Ok(known(api_describe::describe_class(class.ok_or_else(nothing)?, &server.answering())))
        }
        ["api", class, method] => {
            let label = format!("{class}.{method}");
            let method = api_call::find(&label).ok_or_else(|| api_call::no_such_method(&label))?;
            Ok(known(api_describe::describe_method(method, &server.answering())))
        }
        ["project"] => Ok(live(operation("project_read", Map::new(), server, cancel).await?.to_string())),
        ["timeline", id] if !id.is_empty() => {
            let given = Map::from_iter([
                ("timeline".to_owned(), id.into()),
                ("limit".to_owned(), TIMELINE_ITEMS.into()),
            ]);
            Ok(live(operation("timeline_read", given, server, cancel).await?.to_string()))
        }
        ["render-queue"] => {
            let call = MethodCall::new(Locator::Project, "GetRenderJobList", []);
            let answer = server.answer(What::Method(call), cancel).await?;
            Ok(live(json!({ "jobs": reply::plain(answer.value) }).to_string()))
        }
        ["metrics"] => Ok(live(server.metrics()?.to_string())),
        ["journal"] => Ok(live(server.history()?.resource()?)),
        ["reply", id] => {
            let gone = "the answer is not kept any more: only the last sixteen are";
            let kept = server.spilled().get(id);
            kept.map(live).ok_or_else(|| nothing().with_hint(gone))
        }
        _ => Err(nothing()),
    }
}

const ADDRESSES: &str = "resources are resolve://project, resolve://timeline/{id}, resolve://render-queue, resolve://journal, resolve://metrics, \
                         resolve://api/{class}, resolve://api/{class}/{method} and resolve://reply/{id}";

/// What an operation that reads answers.
pub async fn operation(
    name: &str,
    given: Map<String, Json>,
    server: &ResolveServer,
    cancel: &CancellationToken,
) -> Result<Json, ToolError> {
    let operation = resolve_actors::operations().iter().find(|operation| operation.name == name);
    let operation = operation
        .ok_or_else(|| ToolError::new(Code::Internal, format!("the operation '{name}' is not there")))?;
    let args = arguments::check(&(operation.params)(), given)?;
    Ok(reply::plain(server.answer(What::Operation(operation, args), cancel).await?.value))
}

/// A failure as an error of the protocol; reading a resource has no other.
fn failed(uri: &str, error: &ToolError) -> ErrorData {
    let mut data = reply::error_body(error, resolve_api::catalogue::Effect::Read);
    data.insert("uri".to_owned(), uri.into());
    let message = error.message.clone();
    match error.code {
        Code::NotFound | Code::NoSuchMethod | Code::Ambiguous | Code::Stale => {
            ErrorData::resource_not_found(message, Some(Json::Object(data)))
        }
        Code::InvalidArgument => ErrorData::invalid_params(message, Some(Json::Object(data))),
        _ => ErrorData::internal_error(message, Some(Json::Object(data))),
    }
}
