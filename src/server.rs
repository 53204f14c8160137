//! The MCP server: lists the tools, runs the calls, and says who it is in both eras of the protocol.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use resolve_actors::limits::CALLS_AT_ONCE;
use resolve_actors::{System, Ticket, Told};
use resolve_api::catalogue::Effect;
use rmcp::model::{
    CacheScope, CallToolRequestParams, CallToolResponse, CallToolResult, CompleteRequestParams,
    CompleteResult, CustomRequest, CustomResult, DiscoverResult, ErrorCode, GetPromptRequestParams,
    GetPromptResponse, Implementation, JsonObject, ListPromptsResult, ListResourceTemplatesResult,
    ListResourcesResult, ListToolsResult, PaginatedRequestParams, ProtocolVersion, ReadResourceRequestParams,
    ReadResourceResponse, ServerCapabilities, ServerConfig,
};
use rmcp::service::{NotificationContext, RequestContext};
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde_json::json;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use self::clients::Clients;
use crate::api_describe::Answering;
use crate::consent::person::Person;
use crate::error::{Code, ToolError};
use crate::history::History;
use crate::options::Missing;
use crate::spill::Spilled;
use crate::status::{self, Setup};
use crate::tools::{Entry, LIST_TTL_MS, Tools};
use crate::toolset::Toolset;
use crate::{completion, metrics, progress, prompts, reply, resources};

mod cancel;
mod clients;
mod consent;
mod job;
mod job_told;
mod jobs;
mod render_jobs;
mod replay;
mod restarts;
mod run;

/// How long a call that is cancelled may take to say what it leaves behind, which it knows at once.
const TOLD_WITHIN: Duration = Duration::from_millis(20);

/// How to work, in a few sentences: every client shows them to the model once.
const INSTRUCTIONS: &str = "Works in DaVinci Resolve (backend resolve) or in a headless engine with the same API \
(backend engine); status says which. Read before you write: project_read, media_pool_read and timeline_read give \
the unique ids that every other tool takes. A position is frames (96), timecode (\"01:00:04:00\") or seconds \
(\"4s\"); ranges are half-open. Answers hold what was observed after the change, not what was asked. With dry_run true a tool tells what it would \
change and changes nothing. What undo cannot bring back is destroyed only with the person's consent. When a call \
fails, branch on its code and follow its hint; repeat it unchanged only if may_retry is true. look shows frames as \
a picture. The whole scripting API of Resolve is there: api_search finds a method, api_describe tells its arguments, the \
tools …_read, …_edit and …_delete and api_call call it, and api_batch calls several at once.";

/// Who makes a call.
#[derive(Clone, Copy)]
struct Caller<'c> {
    /// The program, where it says what it is.
    client: Option<&'c Implementation>,
    /// Who is behind it, and may be asked.
    person: &'c Person<'c>,
}

/// Serves one client; a clone serves another on the same actors.
pub struct ResolveServer {
    shared: Arc<Shared>,
    told: Told,
}

/// What all clients share.
struct Shared {
    tools: Tools,
    reads_only: bool,
    setup: Setup,
    system: Result<Arc<System>, Missing>,
    calls: Semaphore,
    spilled: Spilled,
    history: Option<History>,
    clients: Clients,
    end: CancellationToken,
}

impl Shared {
    /// A client that comes now.
    fn newcomer(&self) -> Told {
        self.system.as_ref().map(|system| system.client()).unwrap_or_default()
    }
}

impl ResolveServer {
    /// A server over `system`, or over the reason why there is none, that notes in `history` what its clients change. When
    /// `end` is cancelled, calls in flight are answered with `cancelled`.
    pub fn new(
        setup: Setup,
        toolset: &Toolset,
        system: Result<Arc<System>, Missing>,
        history: Option<History>,
        end: CancellationToken,
    ) -> Self {
        let shared = Shared {
            tools: Tools::of(toolset),
            reads_only: toolset.reads_only(),
            setup,
            system,
            calls: Semaphore::new(CALLS_AT_ONCE),
            spilled: Spilled::default(),
            history,
            clients: Clients::default(),
            end,
        };
        let told = shared.newcomer();
        Self { shared: Arc::new(shared), told }
    }

    /// What `status` answers at this moment.
    pub(crate) fn status(&self) -> JsonObject {
        let mut body =
            status::answer(&self.shared.setup, self.shared.system.as_ref().map(|system| system.status()));
        if let Some(history) = &self.shared.history {
            body.insert("journal".to_owned(), history.status());
        }
        body
    }

    /// What its clients changed.
    ///
    /// # Errors
    /// This server notes nothing: the environment names no home folder.
    pub(crate) fn history(&self) -> Result<&History, ToolError> {
        let nowhere = "nothing is noted: the environment names no home folder";
        let hint = "start the server with HOME (LOCALAPPDATA on Windows) or XDG_STATE_HOME set";
        self.shared.history.as_ref().ok_or_else(|| ToolError::new(Code::Unavailable, nowhere).with_hint(hint))
    }

    /// What was counted and measured since the start.
    ///
    /// # Errors
    /// There is nothing that could be measured, since there is no host to start.
    pub(crate) fn metrics(&self) -> Result<serde_json::Value, ToolError> {
        let system = self.shared.system.as_ref().map_err(|missing| {
            ToolError::new(Code::Unavailable, missing.reason.clone()).with_hint(missing.hint.clone())
        })?;
        Ok(metrics::resource(&system.status(), &system.latencies()))
    }

    /// Who answers as Resolve, as far as that is known at this moment.
    pub(crate) fn answering(&self) -> Answering {
        let status = self.shared.system.as_ref().ok().map(|system| system.status());
        let connected = status.and_then(|status| Some((status.product?, status.version?)));
        Answering { backend: self.shared.setup.backend, connected }
    }

    /// The tools that this server offers.
    pub(crate) fn tools(&self) -> &Tools {
        &self.shared.tools
    }

    /// Whether it was started to change nothing.
    pub(crate) fn reads_only(&self) -> bool {
        self.shared.reads_only
    }

    /// The long answers that are kept.
    pub(crate) fn spilled(&self) -> &Spilled {
        &self.shared.spilled
    }
}

impl ServerHandler for ResolveServer {
    fn get_info(&self) -> ServerConfig {
        let mut about = Implementation::new(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
        about.title = Some("DaVinci Resolve".to_owned());
        let capabilities = ServerCapabilities::builder();
        let capabilities =
            capabilities.enable_completions().enable_prompts().enable_resources().enable_tools().build();
        ServerConfig::new(capabilities).with_server_info(about).with_instructions(INSTRUCTIONS)
    }

    fn discover(
        &self,
        _context: RequestContext<RoleServer>,
    ) -> impl Future<Output = Result<DiscoverResult, ErrorData>> + Send + '_ {
        let versions = self.supported_protocol_versions().into_owned();
        let mut result = DiscoverResult::from_server_info(versions, self.get_info()).with_ttl_ms(LIST_TTL_MS);
        result.cache_scope = CacheScope::Public;
        std::future::ready(Ok(result))
    }

    fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> impl Future<Output = Result<ListToolsResult, ErrorData>> + Send + '_ {
        std::future::ready(one_page(request).map(|()| self.shared.tools.list()))
    }

    fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> impl Future<Output = Result<ListResourcesResult, ErrorData>> + Send + '_ {
        std::future::ready(one_page(request).map(|()| ListResourcesResult {
            ttl_ms: Some(LIST_TTL_MS),
            cache_scope: Some(CacheScope::Public),
            ..ListResourcesResult::with_all_items(resources::listed())
        }))
    }

    fn list_resource_templates(
        &self,
        request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> impl Future<Output = Result<ListResourceTemplatesResult, ErrorData>> + Send + '_ {
        std::future::ready(one_page(request).map(|()| ListResourceTemplatesResult {
            ttl_ms: Some(LIST_TTL_MS),
            cache_scope: Some(CacheScope::Public),
            ..ListResourceTemplatesResult::with_all_items(resources::templates())
        }))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        Ok(resources::read(&request.uri, self, &context.ct).await?.into())
    }

    fn list_prompts(
        &self,
        request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> impl Future<Output = Result<ListPromptsResult, ErrorData>> + Send + '_ {
        std::future::ready(one_page(request).map(|()| ListPromptsResult {
            ttl_ms: Some(LIST_TTL_MS),
            cache_scope: Some(CacheScope::Public),
            ..ListPromptsResult::with_all_items(prompts::all())
        }))
    }

    fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> impl Future<Output = Result<GetPromptResponse, ErrorData>> + Send + '_ {
        std::future::ready(prompts::get(&request.name, request.arguments.as_ref()).map(Into::into))
    }

    async fn complete(
        &self,
        request: CompleteRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CompleteResult, ErrorData> {
        Ok(CompleteResult::new(completion::complete(&request, self, &context.ct).await))
    }

    /// From here on it may come to know which project is open.
    fn on_initialized(
        &self,
        context: NotificationContext<RoleServer>,
    ) -> impl Future<Output = ()> + Send + '_ {
        drop(self.for_sender(&context.extensions, None));
        std::future::ready(())
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let Some(entry) = self.shared.tools.get(&request.name) else {
            return Err(self.unknown_tool(&request.name));
        };
        // Cancelled when this future is dropped or done, whichever way: a call that waits then never starts.
        let cancel = CancellationToken::new();
        let _on_leaving = cancel.clone().drop_guard();
        let (arguments, client) = (request.arguments.unwrap_or_default(), context.client_info());
        let server = self.for_sender(&context.extensions, client.as_ref());
        let (answers, state) = (request.input_responses, request.request_state);
        let person = Person::behind(&context, &request.name, &arguments, answers, state);
        let caller = Caller { client: client.as_ref(), person: &person };
        let ticket = Ticket::of(Some(server.told.clone()));
        let running =
            AssertUnwindSafe(server.run_for(entry, arguments, caller, &cancel, &ticket)).catch_unwind();
        let running =
            running.map(|result| result.unwrap_or_else(|panic| panicked(entry, panic.as_ref()).into()));
        let mut running = std::pin::pin!(running);
        let why = tokio::select! {
            biased;
            response = &mut running => return Ok(server.with_news(response)),
            never = progress::report(&context, &entry.tool.name, &ticket) => match never {},
            () = context.ct.cancelled() => "the client cancelled the call",
            () = self.shared.end.cancelled() => "the server is stopping",
        };
        // Whether it has started, and may have had an effect, is known where it waits or runs.
        cancel.cancel();
        let told = tokio::time::timeout(TOLD_WITHIN, running).await;
        Ok(told.unwrap_or_else(|_| cancelled(why, entry.effect).into()))
    }

    /// rmcp takes a request that fits none of its types for a custom one, also when only its parameters are wrong.
    fn on_custom_request(
        &self,
        request: CustomRequest,
        context: RequestContext<RoleServer>,
    ) -> impl Future<Output = Result<CustomResult, ErrorData>> + Send + '_ {
        // The sessionless era has no handshake: there it is a method like any that does not exist.
        let sessionless =
            context.meta.protocol_version().is_some_and(|version| version >= ProtocolVersion::V_2026_07_28);
        std::future::ready(Err(match request.method.as_str() {
            "tools/call" => wrong_params(
                "tools/call takes params {\"name\": text, \"arguments\": object}; one of them is missing or of another kind",
            ),
            "initialize" if !sessionless => wrong_params(
                "initialize takes params {\"protocolVersion\": text, \"capabilities\": object, \"clientInfo\": {\"name\", \"version\"}}",
            ),
            "resources/read" => wrong_params("resources/read takes params {\"uri\": text}"),
            "prompts/get" => {
                wrong_params("prompts/get takes params {\"name\": text, \"arguments\": object of texts}")
            }
            "completion/complete" => wrong_params(
                "completion/complete takes params {\"ref\": {\"type\", \"uri\" or \"name\"}, \"argument\": {\"name\", \"value\"}}",
            ),
            list @ ("tools/list" | "resources/list" | "resources/templates/list" | "prompts/list") => {
                ErrorData::invalid_params(format!("{list} takes params {{\"cursor\": text}} or none"), None)
            }
            method => ErrorData::new(ErrorCode::METHOD_NOT_FOUND, format!("unknown method '{method}'"), None),
        }))
    }
}

impl ResolveServer {
    /// The only mistake of a call that is an error of the protocol: nothing of ours has that name.
    fn unknown_tool(&self, name: &str) -> ErrorData {
        let (meant, data) = match self.shared.tools.nearest(name) {
            Some(nearest) => (format!("; did you mean '{nearest}'?"), Some(json!({ "nearest": nearest }))),
            None => (String::new(), None),
        };
        ErrorData::invalid_params(format!("unknown tool '{name}'{meant}"), data)
    }
}

fn wrong_params(takes: &'static str) -> ErrorData {
    ErrorData::invalid_params(takes, None)
}

/// There is one page of everything; a cursor can only be one that we never gave.
fn one_page(request: Option<PaginatedRequestParams>) -> Result<(), ErrorData> {
    match request.and_then(|page| page.cursor) {
        Some(cursor) => Err(ErrorData::invalid_params(format!("unknown cursor '{cursor}'"), None)),
        None => Ok(()),
    }
}

/// A call of which nothing is known but that nobody waits for it.
fn cancelled(why: &str, effect: Effect) -> CallToolResult {
    let error = ToolError::new(Code::Cancelled, why)
        .with_hint("read back whether it took effect before calling again");
    reply::failure(&ToolError { outcome_unknown: true, ..error }, effect)
}

fn panicked(entry: &Entry, panic: &(dyn std::any::Any + Send)) -> CallToolResult {
    let text = panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no text".to_owned());
    tracing::error!(tool = %entry.tool.name, "panicked: {text}");
    let error =
        ToolError::new(Code::Internal, format!("{} failed inside the server: {text}", entry.tool.name));
    reply::failure(&error, entry.effect)
}
