//! What the conformance suite demands of any server beside its own tools, around the real server. It is in builds
//! with the feature `conformance` alone, never in one that is given to anybody.
#![expect(deprecated, reason = "the suite tries both eras, and the newer one deprecates parts of the older")]

mod asking;
mod content;
mod prompts;
mod resources;
mod rounds;
mod tools;

use std::sync::atomic::{AtomicU8, Ordering};

use rmcp::model::*;
use rmcp::service::{RequestContext, SubscriptionContext};
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};
use tokio::sync::broadcast;

use crate::server::ResolveServer;

/// Changes that a listener may lag behind; the suite makes one at a time.
const CHANGES: usize = 16;

/// A list that a fixture says has changed.
#[derive(Debug, Clone, Copy)]
enum Changed {
    Tools,
    Prompts,
}

/// The real server with the suite's tools, resources and prompts beside its own.
pub struct Fixtures {
    real: ResolveServer,
    rounds: rounds::Rounds,
    changes: broadcast::Sender<Changed>,
    /// The least severe level that clients of the older era asked for, by its place in [`content::LEVELS`].
    level: AtomicU8,
}

impl Fixtures {
    /// Puts the fixtures around `real`.
    pub fn around(real: ResolveServer) -> Self {
        let level = AtomicU8::new(0);
        Self { real, rounds: rounds::Rounds::new(), changes: broadcast::channel(CHANGES).0, level }
    }

    /// Tells every listener that a list has changed. Nobody listening is no failure.
    fn change(&self, what: Changed) -> CallToolResult {
        let told = self.changes.send(what).unwrap_or(0);
        CallToolResult::success(vec![ContentBlock::text(format!("told {told} listeners"))])
    }
}

/// A value of the protocol from the JSON that the suite gives for it.
fn from_json<T: DeserializeOwned>(json: Json) -> Result<T, ErrorData> {
    serde_json::from_value(json)
        .map_err(|error| ErrorData::internal_error(format!("a fixture does not fit its type: {error}"), None))
}

/// The same of a result, which the newer era marks as complete; rmcp takes the mark off for the older one.
fn complete<T: DeserializeOwned>(mut json: Json) -> Result<T, ErrorData> {
    json["resultType"] = "complete".into();
    from_json(json)
}

impl ServerHandler for Fixtures {
    fn get_info(&self) -> ServerConfig {
        let mut info = self.real.get_info();
        info.capabilities = ServerCapabilities::builder()
            .enable_completions()
            .enable_logging()
            .enable_prompts()
            .enable_prompts_list_changed()
            .enable_resources()
            .enable_resources_subscribe()
            .enable_tools()
            .enable_tool_list_changed()
            .build();
        info
    }

    async fn discover(&self, _context: RequestContext<RoleServer>) -> Result<DiscoverResult, ErrorData> {
        Ok(DiscoverResult::from_server_info(
            self.supported_protocol_versions().into_owned(),
            ServerHandler::get_info(self),
        ))
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        tools::all().into_iter().find(|tool| tool.name == name)
    }

    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let mut list = self.real.list_tools(request, context).await?;
        list.tools.extend(tools::all());
        Ok(list)
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let name = request.name.clone();
        if let Some(result) = content::answer(&name) {
            return Ok(complete::<CallToolResult>(result)?.into());
        }
        match name.as_ref() {
            "test_tool_with_logging" | "test_logging_tool" => {
                let least = self.level.load(Ordering::Relaxed);
                Ok(content::with_logging(&context, least).await.into())
            }
            "test_tool_with_progress" => Ok(content::with_progress(&context).await.into()),
            "test_trigger_tool_change" => Ok(self.change(Changed::Tools).into()),
            "test_trigger_prompt_change" => Ok(self.change(Changed::Prompts).into()),
            _ if rounds::has_tool(&name) => self.rounds.call(request, &context),
            _ if asking::has_tool(&name) => asking::call(request, &context).await.map(Into::into),
            _ => self.real.call_tool(request, context).await,
        }
    }

    async fn set_level(
        &self,
        request: SetLevelRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        if context.protocol_version().is_some_and(|version| version >= ProtocolVersion::V_2026_07_28) {
            return Err(ErrorData::method_not_found::<SetLevelRequestMethod>());
        }
        let place = content::LEVELS.iter().position(|level| *level == request.level).unwrap_or(0);
        self.level.store(u8::try_from(place).unwrap_or(0), Ordering::Relaxed);
        Ok(())
    }

    async fn list_prompts(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        complete(json!({"prompts": prompts::all()}))
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        if request.name == rounds::PROMPT {
            return self.rounds.prompt(request, &context);
        }
        Ok(complete::<GetPromptResult>(prompts::get(&request)?)?.into())
    }

    async fn complete(
        &self,
        request: CompleteRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<CompleteResult, ErrorData> {
        let matching: Vec<&str> = ["paris", "park", "party"]
            .into_iter()
            .filter(|value| value.starts_with(&request.argument.value))
            .collect();
        complete(json!({"completion": {"values": matching, "total": matching.len(), "hasMore": false}}))
    }

    async fn list_resources(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        complete(json!({"resources": resources::all()}))
    }

    async fn list_resource_templates(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        complete(json!({"resourceTemplates": resources::templates()}))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let contents = resources::read(&request.uri).ok_or_else(|| {
            ErrorData::resource_not_found("there is no such resource", Some(json!({"uri": request.uri})))
        })?;
        Ok(complete::<ReadResourceResult>(json!({"contents": [contents]}))?.into())
    }

    async fn subscribe(
        &self,
        _request: SubscribeRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        // Nothing here changes, so nothing would ever be sent.
        Ok(())
    }

    async fn unsubscribe(
        &self,
        _request: UnsubscribeRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        Ok(())
    }

    fn accepted_subscription_filter(&self, requested: &SubscriptionFilter) -> Option<SubscriptionFilter> {
        Some(requested.clone())
    }

    async fn listen(&self, subscription: SubscriptionContext) -> Result<(), ErrorData> {
        let mut changes = self.changes.subscribe();
        loop {
            let changed = tokio::select! {
                () = subscription.cancelled() => return Ok(()),
                changed = changes.recv() => changed,
            };
            let accepted = subscription.accepted();
            let sink = subscription.sink();
            let sent = match changed {
                Ok(Changed::Tools) if accepted.tools_list_changed == Some(true) => {
                    sink.notify_tool_list_changed().await
                }
                Ok(Changed::Prompts) if accepted.prompts_list_changed == Some(true) => {
                    sink.notify_prompt_list_changed().await
                }
                _ => Ok(()),
            };
            if let Err(error) = sent {
                tracing::debug!("a listener did not hear of a change: {error}");
                return Ok(());
            }
        }
    }

    fn on_custom_request(
        &self,
        request: CustomRequest,
        context: RequestContext<RoleServer>,
    ) -> impl Future<Output = Result<CustomResult, ErrorData>> + Send + '_ {
        self.real.on_custom_request(request, context)
    }
}
