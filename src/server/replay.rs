//! Makes the changes of an earlier session again, in a new project: what an agent did once becomes a recipe.

use std::collections::HashMap;
use std::io::Write;

use resolve_actors::journal::{CALL, Entry as Noted, Outcome};
use resolve_actors::limits::JOB_WAIT_MOST_S;
use resolve_actors::{Args, Ticket, What};
use resolve_api::Value;
use resolve_api::locate::is_unique_id;
use rmcp::model::{Implementation, JsonObject};
use serde::Serialize;
use serde_json::{Value as Json, json};
use tokio_util::sync::CancellationToken;

use super::ResolveServer;
use crate::error::{Code, ToolError};
use crate::prepare::{Prepared, prepare};

/// The tools that make or open a project.
const CREATE: &str = "create_project";
const OPEN: &str = "open_project";

/// The method of the project manager that leaves the same project open.
const STAYS: &str = "SaveProject";

/// What became of one entry, as a line of the report.
#[derive(Debug, Serialize)]
struct Told<'a> {
    entry: i64,
    tool: &'a str,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

impl ResolveServer {
    /// Makes the changes of a session of the journal again, in their order, in a project of that name, which is made.
    /// Objects that the session made have other ids now; those in arguments are replaced. What had failed, had no effect
    /// or was taken back is left out. Writes a JSON line for each entry, and stops at the first that cannot be made.
    ///
    /// # Errors
    /// There is no such session or no journal, the first failure of an entry, or `output` cannot be written to.
    pub async fn replay(
        &self,
        session: &str,
        project: &str,
        output: &mut dyn Write,
        cancel: &CancellationToken,
    ) -> Result<(), ToolError> {
        let history = self.history()?;
        let entries = history.changes_of(session)?;
        if entries.is_empty() {
            let hint =
                "davinci-mcp-server journal writes all sessions; the tool history tells the present one";
            let error = ToolError::new(
                Code::NotFound,
                format!("the journal has no changes of a session '{session}'"),
            );
            return Err(error.with_hint(hint));
        }
        let mut again = Again { server: self, cancel, ids: HashMap::new() };
        if entries.iter().find(|entry| left_out(entry).is_none()).is_none_or(|first| first.tool != CREATE) {
            let Json::Object(fresh) = json!({ "name": project }) else { unreachable!("an object is one") };
            again.make(CREATE, fresh, None).await?;
        }
        let mut created = false;
        for entry in &entries {
            let mut tell = |outcome, why| {
                let told = Told { entry: entry.id, tool: &entry.tool, outcome, why };
                let line = serde_json::to_string(&told).unwrap_or_default();
                writeln!(output, "{line}").map_err(|error| {
                    ToolError::new(Code::Internal, format!("the report cannot be written ({error})"))
                })
            };
            if let Some(why) = left_out(entry) {
                tell("left_out", Some(why.to_owned()))?;
                continue;
            }
            let mut arguments = match &entry.arguments {
                Json::Object(arguments) if !arguments.contains_key("bytes") => arguments.clone(),
                _ => {
                    let why = "its arguments were too long to be kept".to_owned();
                    tell("failed", Some(why.clone()))?;
                    return Err(ToolError::new(Code::Refused, format!("entry {}: {why}", entry.id)));
                }
            };
            if entry.tool == CREATE && !created {
                arguments.insert("name".to_owned(), project.into());
            } else if entry.tool == OPEN && !created {
                // The new project stands for the one that was opened.
                created = true;
                tell("left_out", Some(format!("'{project}' stands for it")))?;
                continue;
            }
            created = true;
            if let Err(error) = again.make(&entry.tool, arguments, Some(&entry.observed)).await {
                tell("failed", Some(error.message.clone()))?;
                return Err(ToolError { message: format!("entry {}: {}", entry.id, error.message), ..error });
            }
            tell("done", None)?;
        }
        Ok(())
    }
}

/// Why an entry is not made again; nothing where it is.
fn left_out(entry: &Noted) -> Option<&'static str> {
    match entry.outcome {
        _ if entry.undone => Some("it was taken back"),
        _ if entry.tool == "undo" => Some("what it took back is left out"),
        _ if entry.tool == "jobs_edit" => Some("the job that it cancelled was one of that session"),
        _ if entry.tool == "redo" => Some("what it put back is made where it was made first"),
        Outcome::Failed => Some("it had failed"),
        Outcome::NotStarted => Some("it had no effect"),
        Outcome::Open | Outcome::Unknown => Some("nobody knows whether it took effect"),
        Outcome::Done => None,
    }
}

/// The second run of a session.
struct Again<'s> {
    server: &'s ResolveServer,
    cancel: &'s CancellationToken,
    /// The ids of the objects of the first run, and of those that stand for them now.
    ids: HashMap<String, String>,
}

impl Again<'_> {
    /// Makes one call, and learns from its answer which objects stand for those of `before`.
    async fn make(
        &mut self,
        tool: &str,
        mut arguments: JsonObject,
        before: Option<&Json>,
    ) -> Result<(), ToolError> {
        let Some(entry) = self.server.tools().get(tool) else {
            let error = ToolError::new(Code::NoSuchMethod, format!("this server offers no tool {tool}"));
            return Err(error.with_hint("start it with the --toolset of that session"));
        };
        arguments.values_mut().for_each(|value| self.renamed(value));
        if tool != CREATE && leaves_the_project(&prepare(entry, arguments.clone(), self.server)?) {
            let error = ToolError::new(Code::Refused, "the session went on in another project");
            return Err(error.with_hint("replay what it did there as a session of its own"));
        }
        let client = Implementation::new("replay", env!("CARGO_PKG_VERSION"));
        let result = self.server.run(entry, arguments, Some(&client), self.cancel).await;
        if result.is_error == Some(true) {
            let text = result.content.iter().find_map(|block| block.as_text());
            let body: Json = text.and_then(|text| serde_json::from_str(&text.text).ok()).unwrap_or_default();
            let text = |key: &str| body[key].as_str().unwrap_or_default().to_owned();
            let code = Code::ALL.into_iter().find(|code| code.name() == text("code"));
            return Err(
                ToolError::new(code.unwrap_or(Code::Internal), text("message")).with_hint(text("hint"))
            );
        }
        if let Some(job) = result.structured_content.as_ref().and_then(goes_on) {
            self.to_its_end(job).await?;
        }
        if let (Some(before), Some(now)) = (before, self.server.history()?.latest()?) {
            self.learn(before, &now.observed);
        }
        Ok(())
    }

    /// Waits for the end of a call that goes on as a job: the next one needs what it answers.
    async fn to_its_end(&self, job: &str) -> Result<(), ToolError> {
        let args = Args::from_iter([
            ("job".to_owned(), job.into()),
            ("wait_s".to_owned(), Value::Float(JOB_WAIT_MOST_S)),
        ]);
        loop {
            let told = self.server.jobs(&args, &Ticket::default(), self.cancel).await?;
            match told["state"].as_str() {
                Some("complete") => return Ok(()),
                Some("running") if !self.cancel.is_cancelled() => {}
                _ => {
                    let message = format!("the job {job} did not come to its end: {}", Json::Object(told));
                    return Err(ToolError::new(Code::Internal, message));
                }
            }
        }
    }

    /// Puts the present ids in place of the earlier ones.
    fn renamed(&self, value: &mut Json) {
        match value {
            Json::String(text) => {
                if let Some(now) = self.ids.get(text) {
                    text.clone_from(now);
                }
            }
            Json::Array(items) => items.iter_mut().for_each(|item| self.renamed(item)),
            Json::Object(entries) => entries.values_mut().for_each(|entry| self.renamed(entry)),
            _ => {}
        }
    }

    /// Where the first answer had an id, the second has that of the object that stands for it.
    fn learn(&mut self, before: &Json, now: &Json) {
        match (before, now) {
            (Json::String(before), Json::String(now)) if before != now && names_an_object(before) => {
                self.ids.insert(before.clone(), now.clone());
            }
            (Json::Array(before), Json::Array(now)) => {
                before.iter().zip(now).for_each(|(before, now)| self.learn(before, now));
            }
            (Json::Object(before), Json::Object(now)) => {
                for (key, before) in before {
                    now.get(key).into_iter().for_each(|now| self.learn(before, now));
                }
            }
            _ => {}
        }
    }
}

/// The job as which a call goes on, by its answer.
fn goes_on(answer: &Json) -> Option<&str> {
    answer["job"].as_str().filter(|job| answer["state"] == "running" && job.starts_with(CALL))
}

/// Whether a call opens, makes or closes a project.
fn leaves_the_project(prepared: &Prepared) -> bool {
    let leaves = |class: &str, method: &str| class == "ProjectManager" && method != STAYS;
    match prepared {
        Prepared::Call { what: What::Method(call), .. } => leaves(call.on.class(), &call.method),
        Prepared::Call { what: What::Operation(operation, _), .. } => {
            [CREATE, OPEN].contains(&operation.name)
        }
        Prepared::Batch(made) => made.batch.steps.iter().any(|step| leaves(step.on.class(), &step.method)),
        _ => false,
    }
}

/// Whether text is a unique id of Resolve's, or a token of an object that has none.
fn names_an_object(text: &str) -> bool {
    is_unique_id(text) || text.starts_with("held-")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A name that happens to be in an answer is no id, and must not be changed in later calls.
    #[test]
    fn ids_are_told_from_names() {
        assert!(names_an_object("0b7e7a0e-7d3c-4a57-9c1d-0a4f1f0a9b11") && names_an_object("held-17-3"));
        for name in
            ["Cut 1", "", "2026-01-31T12:00:00.000Z-abcdefghijk", "0b7e7a0e-7d3c-4a57-9c1d-0a4f1f0a9b1"]
        {
            assert!(!names_an_object(name), "{name}");
        }
    }
}
