//! The tools: which there are, in which order, and what each runs.

use resolve_actors::Operation;
use resolve_api::catalogue::Effect;
use resolve_api::kind::Param;
use rmcp::model::{CacheScope, ListToolsResult, Tool, ToolAnnotations};

use crate::schema;
use crate::{api_call, status};

/// How long a client may keep the list, in milliseconds. It never changes while the server runs; a day bounds
/// how long a client works with the list of an older build.
pub const LIST_TTL_MS: u64 = 24 * 60 * 60 * 1000;

/// What a tool runs.
#[derive(Clone, Copy)]
pub enum Runs {
    /// [`status`].
    Status,
    /// [`api_call`].
    ApiCall,
    /// A task-shaped tool of the actors.
    Operation(&'static Operation),
}

/// One tool: what is listed and what it runs, with the parameters that its arguments are checked against.
pub struct Entry {
    /// As the client sees it.
    pub tool: Tool,
    /// What it runs.
    pub runs: Runs,
    /// What it does at most; its annotations derive from it.
    pub effect: Effect,
    /// Its parameters.
    pub params: Vec<Param>,
}

/// All tools, in the order in which they are listed.
pub struct Tools {
    entries: Vec<Entry>,
}

impl Tools {
    /// The standard surface: `status` first, then the tasks, then the door to the whole API.
    pub fn standard() -> Self {
        let mut entries =
            vec![entry("status", "Status", status::DOC, Effect::Read, Vec::new(), Runs::Status)];
        entries.extend(resolve_actors::operations().iter().map(|operation| {
            entry(
                operation.name,
                operation.title,
                operation.doc,
                operation.effect,
                (operation.params)(),
                Runs::Operation(operation),
            )
        }));
        entries.push(entry(
            "api_call",
            "Call a method of the scripting API",
            api_call::DOC,
            Effect::Destructive,
            api_call::params(),
            Runs::ApiCall,
        ));
        Self { entries }
    }

    /// Every tool, in order.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The tool of that name. A walk over at most 32 names, which is faster than hashing one.
    pub fn get(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.tool.name == name)
    }

    /// The name that comes nearest to one that does not exist, if any is near enough to be meant.
    pub fn nearest(&self, name: &str) -> Option<&str> {
        let distance = |tool: &Entry| strsim::normalized_damerau_levenshtein(name, &tool.tool.name);
        let nearest = self.entries.iter().max_by(|a, b| distance(a).total_cmp(&distance(b)))?;
        (distance(nearest) > 0.5).then_some(nearest.tool.name.as_ref())
    }

    /// The answer to `tools/list`.
    pub fn list(&self) -> ListToolsResult {
        let mut list =
            ListToolsResult::with_all_items(self.entries.iter().map(|entry| entry.tool.clone()).collect());
        list.ttl_ms = Some(LIST_TTL_MS);
        list.cache_scope = Some(CacheScope::Public);
        list
    }
}

fn entry(
    name: &'static str,
    title: &str,
    doc: &'static str,
    effect: Effect,
    params: Vec<Param>,
    runs: Runs,
) -> Entry {
    let tool = Tool::new(name, doc, schema::of_params(&params))
        .with_title(title)
        .annotate(annotations(title, effect, runs));
    Entry { tool, runs, effect, params }
}

/// What a client may conclude from the effect. `openWorldHint` is false: Resolve and the disk are a closed world.
fn annotations(title: &str, effect: Effect, runs: Runs) -> ToolAnnotations {
    let read_only = effect == Effect::Read;
    // Moving what the window shows twice leaves it where it is; anything else may do something twice.
    let idempotent = read_only || (effect == Effect::Ui && matches!(runs, Runs::Operation(_)));
    ToolAnnotations::with_title(title)
        .read_only(read_only)
        .destructive(effect == Effect::Destructive)
        .idempotent(idempotent)
        .open_world(false)
}
