//! The tools: which there are, in which order, and what each runs.

use std::collections::HashMap;

use resolve_actors::Operation;
use resolve_api::catalogue::{Effect, Method};
use resolve_api::kind::Param;
use rmcp::model::{CacheScope, JsonObject, ListToolsResult, Tool, ToolAnnotations};

use crate::domain_tool::{self, DomainTool};
use crate::groups::Group;
use crate::toolset::Toolset;
use crate::{
    api_batch, api_call, api_describe, api_search, based_on, consent, dry_run, history, jobs, method_tool,
    schema, status, undo,
};

/// How long a client may keep the list, in milliseconds. It never changes while the server runs; a day bounds
/// how long a client works with the list of an older build.
pub const LIST_TTL_MS: u64 = 24 * 60 * 60 * 1000;

/// What a tool runs.
#[derive(Clone, Copy)]
pub enum Runs {
    /// [`status`].
    Status,
    /// [`history`].
    History,
    /// [`undo`].
    Undo,
    /// [`jobs`], to read them.
    JobsRead,
    /// [`jobs`], to cancel one.
    JobsEdit,
    /// [`api_search`].
    ApiSearch,
    /// [`api_describe`].
    ApiDescribe,
    /// [`api_call`].
    ApiCall,
    /// [`api_batch`].
    ApiBatch,
    /// A task-shaped tool of the actors.
    Operation(&'static Operation),
    /// A part of Resolve, with an action for each method.
    Domain(&'static DomainTool),
    /// One method of the scripting API.
    Method(&'static Method),
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
    /// Whether it belongs to the standard surface.
    pub standard: bool,
    /// The part of Resolve that it belongs to; none for what belongs to all.
    group: Option<&'static str>,
}

impl Entry {
    /// Whether it is offered where only a part of Resolve is: the tools of that part, and what belongs to all. The
    /// single methods are not: the part's own tools have them as actions.
    pub fn is_of(&self, group: &str) -> bool {
        !matches!(self.runs, Runs::Method(_)) && self.group.is_none_or(|own| own == group)
    }
}

/// Tools in the order in which they are listed.
pub struct Tools {
    entries: Vec<Entry>,
    places: HashMap<String, usize>,
}

/// The order of the task-shaped tools and the parts of Resolve: by the way of the work. What is not here comes after.
const ORDER: [&str; 27] = [
    "status",
    "history",
    "undo",
    "create_project",
    "open_project",
    "project_read",
    "project_edit",
    "switch_page",
    "import_media",
    "media_pool_read",
    "media_pool_edit",
    "create_timeline",
    "append_to_timeline",
    "timeline_read",
    "timeline_edit",
    "timeline_delete",
    "add_marker",
    "set_item_properties",
    "apply_grade",
    "color_read",
    "color_edit",
    "look",
    "queue_render",
    "start_render",
    "render_read",
    "jobs_read",
    "jobs_edit",
];

/// Tools of a part that are seldom needed. The standard surface has no room for them; `api_call` reaches their methods.
const SELDOM: [&str; 7] = [
    "project_delete",
    "media_pool_delete",
    "color_delete",
    "render_delete",
    "fusion_read",
    "fusion_edit",
    "fusion_delete",
];

impl Tools {
    /// The tools that are chosen.
    pub fn of(toolset: &Toolset) -> Self {
        let entries = all(toolset.reads_only(), toolset.may_have_methods()).into_iter();
        let entries = entries.filter(|entry| toolset.has(entry));
        Self::from_entries(entries.collect())
    }

    /// The standard surface.
    pub fn standard() -> Self {
        Self::of(&Toolset::default())
    }

    /// Every tool there is.
    pub fn everything() -> Self {
        Self::from_entries(all(false, true))
    }

    fn from_entries(entries: Vec<Entry>) -> Self {
        let places = entries.iter().enumerate();
        let places = places.map(|(place, entry)| (entry.tool.name.to_string(), place)).collect();
        Self { entries, places }
    }

    /// Every tool, in order.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The tool of that name.
    pub fn get(&self, name: &str) -> Option<&Entry> {
        self.entries.get(*self.places.get(name)?)
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

/// Every tool in its order: the tasks and parts, the doors to the whole API, what is seldom needed, single methods.
/// The last are nearly 500 with large schemas: they are left out where none of them is wanted.
fn all(reads_only: bool, with_methods: bool) -> Vec<Entry> {
    let overviews =
        || domain_tool::all().iter().filter_map(|tool| tool.overview).map(|(_, operation)| operation.name);
    let tasks = resolve_actors::operations().iter().filter(|task| overviews().all(|name| name != task.name));
    let mut entries = vec![
        own("status", "Status", status::DOC, Effect::Read, Vec::new(), Runs::Status),
        own("history", "History", history::DOC, Effect::Read, history::params(), Runs::History),
        own("undo", "Undo", undo::DOC, Effect::Destructive, undo::params(), Runs::Undo),
        own("jobs_read", "Jobs", jobs::DOC_READ, Effect::Read, jobs::read_params(), Runs::JobsRead),
        own(
            "jobs_edit",
            "Cancel a job",
            jobs::DOC_EDIT,
            Effect::Destructive,
            jobs::edit_params(),
            Runs::JobsEdit,
        ),
    ];
    entries.extend(tasks.map(of_operation));
    entries.extend(domain_tool::all().iter().map(of_domain));
    let place = |entry: &Entry| ORDER.iter().position(|name| *name == entry.tool.name).unwrap_or(ORDER.len());
    entries.sort_by_key(|entry| (!entry.standard, place(entry)));
    let seldom = entries.split_off(entries.iter().position(|entry| !entry.standard).unwrap_or(entries.len()));
    entries.extend(doors(reads_only));
    entries.extend(seldom);
    if with_methods {
        entries.extend(method_tool::methods().map(of_method));
    }
    entries
}

/// The tools that reach every method.
fn doors(reads_only: bool) -> [Entry; 4] {
    let (effect, call, batch) = match reads_only {
        true => (Effect::Read, api_call::DOC_READS, api_batch::DOC_READS),
        false => (Effect::Destructive, api_call::DOC, api_batch::DOC),
    };
    let search = ("api_search", "Search the scripting API", api_search::DOC);
    let describe = ("api_describe", "Describe a method of the scripting API", api_describe::DOC);
    [
        own(search.0, search.1, search.2, Effect::Read, api_search::params(), Runs::ApiSearch),
        own(describe.0, describe.1, describe.2, Effect::Read, api_describe::params(), Runs::ApiDescribe),
        own(
            "api_call",
            "Call a method of the scripting API",
            call,
            effect,
            api_call::params(),
            Runs::ApiCall,
        ),
        own(
            "api_batch",
            "Call several methods of the scripting API",
            batch,
            effect,
            api_batch::params(),
            Runs::ApiBatch,
        ),
    ]
}

fn own(
    name: &'static str,
    title: &str,
    doc: &'static str,
    effect: Effect,
    mut params: Vec<Param>,
    runs: Runs,
) -> Entry {
    let for_changes = [dry_run::DRY_RUN, based_on::BASED_ON, consent::CONFIRM];
    params.retain(|param| effect != Effect::Read || !for_changes.contains(&param.name.as_str()));
    let tool = Tool::new(name, doc, schema::of_params(&params));
    entry(tool, title, runs, effect, params, None)
}

fn of_operation(operation: &'static Operation) -> Entry {
    let params: Vec<Param> = (operation.params)().into_iter().chain(beside(operation.effect)).collect();
    let tool = Tool::new(operation.name, operation.doc, schema::of_params(&params));
    let group = Group::of(operation.domain).name;
    entry(tool, operation.title, Runs::Operation(operation), operation.effect, params, Some(group))
}

/// The parameters that tools with this effect have beside their own.
pub fn beside(effect: Effect) -> impl Iterator<Item = Param> {
    dry_run::param(effect).into_iter().chain(based_on::param(effect)).chain(consent::param(effect))
}

fn of_domain(domain: &'static DomainTool) -> Entry {
    let tool = tool(&domain.name, domain.doc.clone(), domain.schema());
    let mut entry = entry(
        tool,
        &domain.title,
        Runs::Domain(domain),
        domain.effect(),
        domain.params(),
        Some(domain.group.name),
    );
    entry.standard = !SELDOM.contains(&domain.name.as_str());
    entry
}

fn of_method(method: &'static Method) -> Entry {
    let tool = tool(&method.tool, method_tool::doc(method), method_tool::schema(method));
    let group = Group::of(method.domain).name;
    let params = method_tool::params(method);
    let mut entry = entry(tool, &method.label(), Runs::Method(method), method.effect, params, Some(group));
    entry.standard = false;
    entry
}

fn tool(name: &str, doc: String, schema: JsonObject) -> Tool {
    Tool::new(name.to_owned(), doc, schema)
}

fn entry(
    tool: Tool,
    title: &str,
    runs: Runs,
    effect: Effect,
    params: Vec<Param>,
    group: Option<&'static str>,
) -> Entry {
    let tool = tool.with_title(title).annotate(annotations(effect, runs));
    Entry { tool, runs, effect, params, standard: true, group }
}

/// What a client may conclude from the effect; the title stands in the tool itself. `openWorldHint` is false: Resolve and the disk are a closed world.
fn annotations(effect: Effect, runs: Runs) -> ToolAnnotations {
    let read_only = effect == Effect::Read;
    // Moving what the window shows twice leaves it where it is; anything else may do something twice.
    let idempotent = read_only || (effect == Effect::Ui && matches!(runs, Runs::Operation(_)));
    ToolAnnotations::new()
        .read_only(read_only)
        .destructive(effect == Effect::Destructive)
        .idempotent(idempotent)
        .open_world(false)
}
