//! Jobs: work that goes on after its caller was told an id. What is known of it lies beside the entries of the calls
//! that began it, so that the next server can tell of it and take it up again.

use rusqlite::{Connection, OptionalExtension, Row, named_params, params};
use serde::Serialize;
use serde_json::Value as Json;

use super::entry::Outcome;
use super::{Journal, JournalError};
use crate::limits::{RENDER_RESTART_WITHIN, RENDER_RESTARTS};
use crate::ticket::Progress;

/// Jobs that are kept; the oldest go first. A day of steady work makes some dozen.
const MOST_JOBS: u32 = 2_000;

/// Bytes of a result that are kept; one that is larger is told by its size. 1000 imported clips have 400 kB.
const MOST_RESULT_BYTES: usize = 1 << 20;

/// What stands before the number of its entry in the id of a job that is a call.
pub const CALL: &str = "call-";

/// The states of a render to which nothing more happens.
const FINAL: [&str; 3] = ["complete", "failed", "cancelled"];

/// The same as a list of SQL.
fn ended() -> String {
    FINAL.map(|state| format!("'{state}'")).join(", ")
}

/// Whether nothing more happens to a render in that state.
pub fn is_final(state: &str) -> bool {
    FINAL.contains(&state)
}

/// `id` is `call-` and the number of the entry, or the id of a render job. `state` is that of a render when it was
/// last seen; that of a call stands in its entry.
const TABLE: &str = "
CREATE TABLE IF NOT EXISTS job (
    id      TEXT PRIMARY KEY,
    entry   INTEGER,
    session TEXT NOT NULL,
    began   REAL NOT NULL,
    name    TEXT NOT NULL,
    state   TEXT NOT NULL,
    done    REAL,
    total   REAL,
    result  TEXT,
    restarts INTEGER NOT NULL DEFAULT 0
);
";

/// Makes the table, also of a file from before renders were started again.
pub(super) fn make(file: &Connection) -> rusqlite::Result<()> {
    file.execute_batch(TABLE)?;
    let has = "SELECT 1 FROM pragma_table_info('job') WHERE name = 'restarts'";
    if !file.prepare(has)?.exists([])? {
        file.execute_batch("ALTER TABLE job ADD COLUMN restarts INTEGER NOT NULL DEFAULT 0")?;
    }
    Ok(())
}

/// Work that goes on by itself.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Job {
    /// `call-17`, or the id of a render job.
    pub id: String,
    /// The number of the entry of the call that it is, or that began it.
    pub entry: Option<i64>,
    /// The run of the server that began it.
    pub session: String,
    /// When it began, in UTC to the millisecond.
    pub began: String,
    /// Seconds since then.
    pub age_s: f64,
    /// Of a call: its tool. Of a render: the project that it is of.
    pub name: String,
    /// Of a render: what it was doing when it was last seen.
    pub state: String,
    /// Of a render: how often it was started again.
    pub restarts: u32,
    /// Parts that were done when that was last noted, and parts in all.
    #[serde(skip)]
    pub progress: Option<Progress>,
    /// What it answered in the end, if that is kept here.
    pub result: Option<Json>,
    /// Of a call: how its entry says that it ended, after how many milliseconds, with which code, and what was observed.
    #[serde(skip)]
    pub ended: Option<(Outcome, Option<f64>, Option<String>, Json)>,
}

impl Job {
    /// Whether it is a render, which Resolve does by itself.
    pub fn is_render(&self) -> bool {
        !self.id.starts_with(CALL)
    }
}

/// In the order in which [`job`] takes them.
const COLUMNS: &str = "
SELECT job.id, job.entry, job.session, strftime('%Y-%m-%dT%H:%M:%fZ', job.began, 'unixepoch', 'subsec'),
       unixepoch('subsec') - job.began, job.name, job.state, job.done, job.total, job.result,
       entry.outcome, entry.took_ms, entry.code, entry.observed, job.restarts
FROM job LEFT JOIN entry ON entry.id = job.entry";

impl Journal {
    /// Notes a call that may go on after its caller was answered, before it begins.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(super) fn begin_job(&self, entry: i64, session: &str, tool: &str) -> Result<(), JournalError> {
        self.put_job(&format!("{CALL}{entry}"), Some(entry), session, tool)
    }

    /// Notes a render that is about to be started.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn begin_render(&self, id: &str, session: &str, project: &str) -> Result<(), JournalError> {
        self.put_job(id, None, session, project)
    }

    fn put_job(&self, id: &str, entry: Option<i64>, session: &str, name: &str) -> Result<(), JournalError> {
        let values = params![id, entry, session, name];
        self.noted(self.with("written", |file| {
            file.execute(
                "INSERT OR REPLACE INTO job (id, entry, session, began, name, state) \
                 VALUES (?1, ?2, ?3, unixepoch('subsec'), ?4, 'running')",
                values,
            )?;
            let oldest = "DELETE FROM job WHERE began <= (SELECT began FROM job ORDER BY began DESC LIMIT 1 OFFSET ?1)";
            file.execute(oldest, [MOST_JOBS])
        }))
        .map(drop)
    }

    /// Notes how far a job is.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(super) fn job_is_at(&self, id: &str, progress: Progress) -> Result<(), JournalError> {
        let values = params![id, progress.done, progress.total];
        let update = "UPDATE job SET done = ?2, total = ?3 WHERE id = ?1";
        self.noted(self.with("written", |file| file.execute(update, values))).map(drop)
    }

    /// Notes what a job was seen doing, and what it answered if it has ended. One that has ended stays so, whatever was
    /// seen of it before.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn job_is(&self, id: &str, state: &str, result: Option<&Json>) -> Result<(), JournalError> {
        let text = result.map(Json::to_string).map(|text| match text.len() {
            bytes if bytes > MOST_RESULT_BYTES => format!("{{\"bytes\":{bytes}}}"),
            _ => text,
        });
        let values = params![id, state, text];
        let ended = ended();
        let update = format!(
            "UPDATE job SET state = ?2, result = coalesce(?3, result) \
             WHERE id = ?1 AND (state NOT IN ({ended}) OR ?2 IN ({ended}))"
        );
        self.noted(self.with("written", |file| file.execute(&update, values))).map(drop)
    }

    /// Notes that a render is about to be started again by this session, unless it has been as often as is allowed, or has
    /// ended; whether it may be.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn restart_render(&self, id: &str, session: &str) -> Result<bool, JournalError> {
        let ended = ended();
        let update = format!(
            "UPDATE job SET restarts = restarts + 1, session = ?2 \
             WHERE id = ?1 AND restarts < ?3 AND state NOT IN ({ended})"
        );
        // One statement, so that of two servers one does.
        let changed =
            self.with("written", |file| file.execute(&update, params![id, session, RENDER_RESTARTS]));
        self.noted(changed).map(|changed| changed == 1)
    }

    /// The renders that may still be started again: not seen to end, begun lately, and not started again as often as is
    /// allowed; the first to begin first.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn restartable(&self) -> Result<Vec<Job>, JournalError> {
        let ended = ended();
        let select = format!(
            "{COLUMNS} WHERE job.entry IS NULL AND job.state NOT IN ({ended}) AND job.restarts < ?1 \
             AND unixepoch('subsec') - job.began < ?2 ORDER BY job.began, job.rowid"
        );
        self.read(|file| {
            let mut select = file.prepare(&select)?;
            let rows =
                select.query_map(params![RENDER_RESTARTS, RENDER_RESTART_WITHIN.as_secs_f64()], job)?;
            rows.collect()
        })
    }

    /// Forgets a job: one that its caller was answered at once, or a render that did not start.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn forget_job(&self, id: &str) -> Result<(), JournalError> {
        self.noted(self.with("written", |file| file.execute("DELETE FROM job WHERE id = ?1", [id]))).map(drop)
    }

    /// The job of that id.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn job(&self, id: &str) -> Result<Option<Job>, JournalError> {
        self.read(|file| file.query_row(&format!("{COLUMNS} WHERE job.id = ?1"), [id], job).optional())
    }

    /// The jobs of a session and those of others that have not ended as far as is noted, the newest first, at most `most`.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn jobs(&self, session: &str, most: u32) -> Result<Vec<Job>, JournalError> {
        self.read(|file| list(file, session, most))
    }
}

fn list(file: &Connection, session: &str, most: u32) -> rusqlite::Result<Vec<Job>> {
    let ended = ended();
    let mut select = file.prepare(&format!(
        "{COLUMNS} WHERE job.session = :session OR CASE WHEN job.entry IS NULL \
         THEN job.state NOT IN ({ended}) ELSE entry.outcome = 'open' END \
         ORDER BY job.began DESC, job.rowid DESC LIMIT :most",
    ))?;
    let rows = select.query_map(named_params! {":session": session, ":most": most}, job)?;
    rows.collect()
}

fn job(row: &Row<'_>) -> rusqlite::Result<Job> {
    let json = |column: usize| -> rusqlite::Result<Option<Json>> {
        let text: Option<String> = row.get(column)?;
        Ok(text.map(|text| serde_json::from_str(&text).unwrap_or(Json::Null)))
    };
    let outcome: Option<String> = row.get(10)?;
    let outcome = outcome.map(|outcome| Outcome::named(&outcome)).filter(|outcome| *outcome != Outcome::Open);
    let (done, total): (Option<f64>, Option<f64>) = (row.get(7)?, row.get(8)?);
    Ok(Job {
        id: row.get(0)?,
        entry: row.get(1)?,
        session: row.get(2)?,
        began: row.get(3)?,
        age_s: row.get(4)?,
        name: row.get(5)?,
        state: row.get(6)?,
        restarts: row.get(14)?,
        progress: done.zip(total).map(|(done, total)| Progress { done, total }),
        result: json(9)?,
        ended: match outcome {
            Some(outcome) => Some((outcome, row.get(11)?, row.get(12)?, json(13)?.unwrap_or(Json::Null))),
            None => None,
        },
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::*;
    use crate::CallError;
    use crate::journal::{Asked, Ending};
    use crate::undo::Record;

    fn code(_: &CallError) -> &'static str {
        "other"
    }

    /// What a server leaves when it is killed: the next one finds the calls that were open and the renders that were not
    /// seen to end, with how far they were, and nothing of what had ended.
    #[test]
    fn the_next_session_finds_what_had_not_ended() {
        let folder = tempfile::tempdir().expect("a folder");
        let journal = Journal::at(folder.path().join("journal.db"), code);
        let asked = Asked {
            session: "one".into(),
            client: String::new(),
            tool: "import_media".into(),
            arguments: json!({}),
        };
        let [open, ended] = [(); 2].map(|()| {
            let entry = journal.begin(&asked).expect("written");
            journal.begin_job(entry, "one", "import_media").expect("written");
            entry
        });
        journal.job_is_at(&format!("call-{open}"), Progress { done: 8.0, total: 20.0 }).expect("written");
        let (outcome, took) = (Outcome::Done, Duration::from_secs(1));
        let ending = Ending { outcome, code: None, observed: json!(1), took, record: Record::default() };
        journal.end(ended, &ending).expect("written");
        for render in ["a", "b"] {
            journal.begin_render(render, "one", "Film").expect("written");
        }
        journal.job_is("a", "complete", Some(&json!({"path": "/a.mp4"}))).expect("written");

        let next = Journal::at(journal.path(), code);
        let found = next.jobs("two", 10).expect("read");

        let ids: Vec<&str> = found.iter().map(|job| job.id.as_str()).collect();
        assert_eq!(vec!["b".to_owned(), format!("call-{open}")], ids);
        assert_eq!(
            (Some(Progress { done: 8.0, total: 20.0 }), None),
            (found[1].progress, found[1].ended.clone())
        );
        assert_eq!(4, next.jobs("one", 10).expect("read").len());
        let complete = next.job("a").expect("read").expect("it is there");
        assert_eq!(("complete", Some(json!({"path": "/a.mp4"}))), (&*complete.state, complete.result));
    }

    /// A render is started again once, by one server, and not when it has ended; who starts it anew begins a new count.
    #[test]
    fn a_render_is_started_again_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let journal = Journal::at(folder.path().join("journal.db"), code);
        for render in ["a", "b", "c"] {
            journal.begin_render(render, "one", "Film").expect("written");
        }
        journal.job_is("b", "cancelled", None).expect("written");
        let left = || -> Vec<String> {
            journal.restartable().expect("read").into_iter().map(|job| job.id).collect()
        };
        assert_eq!(["a", "c"], left()[..]);

        assert!(journal.restart_render("a", "two").expect("written"));

        assert_eq!(["c"], left()[..]);
        assert!(!journal.restart_render("a", "three").expect("written"));
        assert!(!journal.restart_render("b", "two").expect("written"));
        let again = journal.job("a").expect("read").expect("it is there");
        assert_eq!(("two", 1), (&*again.session, again.restarts));
        journal.begin_render("a", "two", "Film").expect("written");
        assert_eq!(0, journal.job("a").expect("read").expect("it is there").restarts);
    }
}
