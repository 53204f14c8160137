//! The person at the client: how they can be asked, and what they answered.

use std::sync::LazyLock;
use std::time::Duration;

use rmcp::RoleServer;
use rmcp::model::{
    ClientCapabilities, ClientResult, ElicitRequest, ElicitRequestParams, ElicitationAction, InputRequest,
    InputRequests, InputRequiredResult, InputResponses, JsonObject, ProtocolVersion, RequestStateCodec,
    SealOptions, ServerRequest,
};
use rmcp::service::{PeerRequestOptions, RequestContext};
use serde_json::{Value as Json, json};

/// The name of the one question in an answer that wants input.
const QUESTION: &str = "consent";

/// How long a person may think about it: they may have to look at the project first.
const ASK_WITHIN: Duration = Duration::from_secs(600);

/// How the person behind a call can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// By an answer that wants input, as the newer era does.
    Rounds,
    /// By a request of ours while the call waits, as the older era does.
    Request,
    /// Not at all: the client did not say that it can.
    Nobody,
}

/// What the person said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// They agree.
    Accept,
    /// They do not, in the protocol's word for how.
    No(&'static str),
    /// They were not asked yet, or so long ago that it does not count any more.
    Nothing,
}

/// The person behind one call.
pub struct Person<'c> {
    context: &'c RequestContext<RoleServer>,
    reach: Reach,
    answers: Option<InputResponses>,
    state: Option<String>,
    /// What a consent is for: another call needs its own.
    call: String,
}

impl<'c> Person<'c> {
    /// The person behind a call of `tool`, with what the client brings back of an earlier question.
    pub fn behind(
        context: &'c RequestContext<RoleServer>,
        tool: &str,
        arguments: &JsonObject,
        answers: Option<InputResponses>,
        state: Option<String>,
    ) -> Self {
        let able = can_ask(&context.client_capabilities().unwrap_or_default());
        let newer =
            context.protocol_version().is_some_and(|version| version >= ProtocolVersion::V_2026_07_28);
        let reach = match (able, newer) {
            (false, _) => Reach::Nobody,
            // Without random bytes nothing can be sealed: then it is as if the client could not ask.
            (true, true) if CODEC.is_none() => Reach::Nobody,
            (true, true) => Reach::Rounds,
            (true, false) => Reach::Request,
        };
        // Most clients cannot ask: then nothing is sealed, and nothing of it opened.
        let sealed = reach == Reach::Rounds || state.is_some();
        let call = if sealed { format!("{tool} {}", sorted_entries(arguments)) } else { String::new() };
        Self { context, reach, answers, state, call }
    }

    /// How they can be asked.
    pub fn reach(&self) -> Reach {
        self.reach
    }

    /// What they answered to the question of an earlier round about this very call.
    pub fn said(&self) -> Said {
        let (Some(answers), Some(state), Some(codec)) = (&self.answers, &self.state, &*CODEC) else {
            return Said::Nothing;
        };
        if let Err(error) = codec.open_with(state, self.call.as_bytes()) {
            tracing::info!("a consent does not count: {error}");
            return Said::Nothing;
        }
        match answers.get(QUESTION).and_then(|answer| answer.get("action")?.as_str()) {
            Some("accept") => Said::Accept,
            Some("decline") => Said::No("decline"),
            _ => Said::No("cancel"),
        }
    }

    /// The answer that wants them to be asked; none where it cannot be put.
    pub fn question(&self, message: &str) -> Option<InputRequiredResult> {
        let codec = CODEC.as_ref()?;
        let request = InputRequest::Elicitation(ElicitRequest::new(form(message)?));
        let options = SealOptions::new().associated_data(self.call.as_bytes()).ttl(ASK_WITHIN);
        let requests: InputRequests = [(QUESTION.to_owned(), request)].into();
        Some(InputRequiredResult::new(Some(requests), Some(codec.seal_with(QUESTION.as_bytes(), &options))))
    }

    /// Asks them now, and waits. Dropping the future takes the question back.
    pub async fn ask(&self, message: &str) -> Said {
        let Some(form) = form(message) else { return Said::Nothing };
        let request = ServerRequest::ElicitRequest(ElicitRequest::new(form));
        let options = PeerRequestOptions::with_timeout(ASK_WITHIN);
        let answer = async {
            self.context.peer.send_cancellable_request(request, options).await?.await_response().await
        };
        match answer.await {
            Ok(ClientResult::ElicitResult(result)) => match result.action {
                ElicitationAction::Accept => Said::Accept,
                ElicitationAction::Decline => Said::No("decline"),
                _ => Said::No("cancel"),
            },
            Ok(_) => Said::Nothing,
            Err(error) => {
                tracing::info!("the person could not be asked: {error}");
                Said::Nothing
            }
        }
    }
}

/// Seals what a client brings back, with a key of this process: a consent does not outlive it. Every server in it has
/// the same, since a round of the newer era may come to another one.
static CODEC: LazyLock<Option<RequestStateCodec>> = LazyLock::new(|| {
    let mut key = [0; RequestStateCodec::MIN_KEY_LENGTH];
    getrandom::fill(&mut key)
        .inspect_err(|error| tracing::error!("no consent can be sealed: {error}"))
        .ok()?;
    RequestStateCodec::try_new(key).ok()
});

/// Whether a client can show a form. One that says no more than that it can elicit can.
fn can_ask(able: &ClientCapabilities) -> bool {
    able.elicitation.as_ref().is_some_and(|able| able.form.is_some() || able.url.is_none())
}

/// A form without fields: to agree is all that is asked.
fn form(message: &str) -> Option<ElicitRequestParams> {
    let schema = json!({"type": "object", "properties": {}});
    let form = json!({"mode": "form", "message": message, "requestedSchema": schema});
    serde_json::from_value(form).inspect_err(|error| tracing::error!("no form: {error}")).ok()
}

/// The same JSON with its keys in one order: a client may send them back in another.
fn sorted(json: &Json) -> Json {
    match json {
        Json::Object(entries) => sorted_entries(entries),
        Json::Array(items) => items.iter().map(sorted).collect(),
        other => other.clone(),
    }
}

fn sorted_entries(entries: &JsonObject) -> Json {
    let mut entries: Vec<(&String, &Json)> = entries.iter().collect();
    entries.sort_by_key(|(key, _)| *key);
    Json::Object(entries.into_iter().map(|(key, value)| (key.clone(), sorted(value))).collect())
}
