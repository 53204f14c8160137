//! The journal's table in SQLite.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, Row, named_params, params};
use serde_json::Value as Json;

use super::entry::{Asked, Ending, Entry, Outcome, Undoable, Which};
use super::{MOST_ENTRIES, MOST_LISTED, MOST_STEP_BYTES, kept};
use crate::undo::{Copied, Record, Step, renamed_in};

/// How long a write waits for that of another server to the same file; each takes well below a millisecond.
const OTHERS_WITHIN: Duration = Duration::from_secs(2);

/// Entries between two looks at how many there are.
const TIDY_EVERY: i64 = 500;

/// `steps` is what takes the call back, as JSON. `began` is in seconds since 1970, UTC.
const TABLE: &str = "
CREATE TABLE IF NOT EXISTS entry (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    began     REAL NOT NULL,
    session   TEXT NOT NULL,
    client    TEXT NOT NULL,
    tool      TEXT NOT NULL,
    arguments TEXT NOT NULL,
    outcome   TEXT NOT NULL,
    code      TEXT,
    observed  TEXT,
    took_ms   REAL,
    project   TEXT,
    steps     TEXT,
    undone    INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS entry_of_session ON entry (session, id);
";

/// What may be in the way of putting something back that was taken back before it: of what was done, what leaves nothing behind (an
/// export, another page) is not.
const CHANGES: &str = "tool NOT IN ('undo', 'redo') AND outcome NOT IN ('failed', 'not_started') \
                       AND NOT (outcome = 'done' AND steps IS NULL)";

/// In the order in which [`entry`] takes them.
const COLUMNS: &str = "id, strftime('%Y-%m-%dT%H:%M:%fZ', began, 'unixepoch', 'subsec'), session, client, tool, \
                       arguments, outcome, code, observed, took_ms, undone";

/// Opens the file, which is made when it is not there.
pub(super) fn open(path: &Path) -> rusqlite::Result<Connection> {
    let file = Connection::open(path)?;
    file.busy_timeout(OTHERS_WITHIN)?;
    // With the write-ahead log a killed process loses nothing that was written; only a power cut may cost the last
    // entries, which is worth not waiting for the disk with every edit.
    file.pragma_update(None, "journal_mode", "WAL")?;
    file.pragma_update(None, "synchronous", "NORMAL")?;
    // Pages that are kept in memory, 64 kB: the journal is written in order and seldom read.
    file.pragma_update(None, "cache_size", -64)?;
    file.execute_batch(TABLE)?;
    super::jobs::make(&file)?;
    file.execute_batch(super::pace::TABLE)?;
    tidy(&file)?;
    Ok(file)
}

/// Writes a call that is about to start.
pub(super) fn begin(file: &Connection, asked: &Asked) -> rusqlite::Result<i64> {
    let mut insert = file.prepare(
        "INSERT INTO entry (began, session, client, tool, arguments, outcome) \
         VALUES (unixepoch('subsec'), ?1, ?2, ?3, ?4, ?5)",
    )?;
    let id = insert.insert(params![
        asked.session,
        asked.client,
        asked.tool,
        kept(&asked.arguments),
        Outcome::Open.as_str()
    ])?;
    if id % TIDY_EVERY == 0 {
        tidy(file)?;
    }
    Ok(id)
}

/// Completes an entry.
pub(super) fn end(file: &Connection, id: i64, ending: &Ending) -> rusqlite::Result<()> {
    let mut update = file.prepare(
        "UPDATE entry SET outcome = ?2, code = ?3, observed = ?4, took_ms = ?5, project = ?6, steps = ?7 \
         WHERE id = ?1",
    )?;
    let took_ms = ending.took.as_secs_f64() * 1000.0;
    let steps = (!ending.record.steps.is_empty()).then(|| kept_steps(&ending.record.steps));
    update.execute(params![
        id,
        ending.outcome.as_str(),
        ending.code,
        kept(&ending.observed),
        took_ms,
        ending.record.project,
        steps
    ])?;
    Ok(())
}

/// Says how a call ended of which that was not known; what takes it back stays.
pub(super) fn correct(file: &Connection, id: i64, ending: &Ending) -> rusqlite::Result<()> {
    let mut update = file.prepare(
        "UPDATE entry SET outcome = ?2, code = ?3, observed = ?4, took_ms = ?5 \
         WHERE id = ?1 AND outcome IN (?6, ?7)",
    )?;
    update.execute(params![
        id,
        ending.outcome.as_str(),
        ending.code,
        kept(&ending.observed),
        ending.took.as_secs_f64() * 1000.0,
        Outcome::Open.as_str(),
        Outcome::Unknown.as_str()
    ])?;
    Ok(())
}

/// The entries that are meant, the newest first.
pub(super) fn list(file: &Connection, which: &Which) -> rusqlite::Result<Vec<Entry>> {
    let mut select = file.prepare(&format!(
        "SELECT {COLUMNS} FROM entry \
         WHERE (:session IS NULL OR session = :session) AND (:before IS NULL OR id < :before) \
         ORDER BY id DESC LIMIT :limit",
    ))?;
    let limit = which.limit.unwrap_or(MOST_LISTED).min(MOST_LISTED);
    let rows = select.query_map(
        named_params! { ":session": which.session, ":before": which.before, ":limit": limit },
        entry,
    )?;
    rows.collect()
}

/// Every entry that is meant, the oldest first.
pub(super) fn each(
    file: &Connection,
    which: &Which,
    take: &mut dyn FnMut(Entry) -> bool,
) -> rusqlite::Result<()> {
    let mut select =
        file.prepare(&format!("SELECT {COLUMNS} FROM entry WHERE (?1 IS NULL OR session = ?1) ORDER BY id"))?;
    let mut rows = select.query(params![which.session])?;
    while let Some(row) = rows.next()? {
        if !take(entry(row)?) {
            break;
        }
    }
    Ok(())
}

/// How many entries are meant.
pub(super) fn count(file: &Connection, which: &Which) -> rusqlite::Result<i64> {
    let mut select = file.prepare("SELECT count(*) FROM entry WHERE (?1 IS NULL OR session = ?1)")?;
    select.query_row(params![which.session], |row| row.get(0))
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    // What somebody else wrote into the file is shown as text, not taken for a reason to show nothing.
    let json = |text: String| serde_json::from_str(&text).unwrap_or(Json::String(text));
    Ok(Entry {
        id: row.get(0)?,
        began: row.get(1)?,
        session: row.get(2)?,
        client: row.get(3)?,
        tool: row.get(4)?,
        arguments: json(row.get(5)?),
        outcome: Outcome::named(&row.get::<_, String>(6)?),
        code: row.get(7)?,
        observed: row.get::<_, Option<String>>(8)?.map_or(Json::Null, json),
        took_ms: row.get(9)?,
        undone: row.get(10)?,
    })
}

/// The newest entries of a session that left something behind and were not taken back.
pub(super) fn undoable(file: &Connection, session: &str, most: u32) -> rusqlite::Result<Vec<Undoable>> {
    with_steps(file, "tool NOT IN ('undo', 'redo')", session, most)
}

/// The newest entries of a session that took others back, as long as nothing else was changed since.
pub(super) fn redoable(file: &Connection, session: &str, most: u32) -> rusqlite::Result<Vec<Undoable>> {
    let last = format!(
        "tool = 'undo' AND id > coalesce((SELECT max(id) FROM entry WHERE session = ?1 AND {CHANGES}), 0)"
    );
    with_steps(file, &last, session, most)
}

fn with_steps(file: &Connection, which: &str, session: &str, most: u32) -> rusqlite::Result<Vec<Undoable>> {
    let mut select = file.prepare(&format!(
        "SELECT id, tool, project, steps, CASE WHEN json_valid(arguments) THEN \
         json_extract(arguments, '$.entry') END FROM entry \
         WHERE session = ?1 AND steps IS NOT NULL AND undone = 0 AND {which} ORDER BY id DESC LIMIT ?2",
    ))?;
    let rows = select.query_map(params![session, most], |row| {
        let steps: String = row.get(3)?;
        let tool: String = row.get(1)?;
        Ok(Undoable {
            id: row.get(0)?,
            of: if tool == "undo" { row.get(4)? } else { None },
            tool,
            record: Record {
                project: row.get::<_, Option<String>>(2)?.unwrap_or_default(),
                // What somebody else wrote there is no list of steps, and takes nothing back.
                steps: match serde_json::from_str::<Vec<Step>>(&steps) {
                    Ok(steps) => steps.into_iter().map(Step::if_kept).collect(),
                    Err(error) => vec![no_way(format!("what takes it back cannot be read: {error}"))],
                },
            },
        })
    })?;
    rows.collect()
}

/// Notes whether an entry is taken back.
pub(super) fn undone(file: &Connection, id: i64, is: bool) -> rusqlite::Result<()> {
    file.execute("UPDATE entry SET undone = ?2 WHERE id = ?1", params![id, is])?;
    Ok(())
}

/// The copies of timelines that entries of a project keep, the newest first.
pub(super) fn copies(file: &Connection, project: &str) -> rusqlite::Result<Vec<(i64, Copied)>> {
    copies_of(file, project, "TRUE")
}

/// Those of entries that took others back, where something else was changed since.
pub(super) fn spent_copies(file: &Connection, project: &str) -> rusqlite::Result<Vec<(i64, Copied)>> {
    let spent = format!(
        "tool = 'undo' AND id < (SELECT max(id) FROM entry AS later WHERE later.session = entry.session AND {CHANGES})"
    );
    copies_of(file, project, &spent)
}

fn copies_of(file: &Connection, project: &str, which: &str) -> rusqlite::Result<Vec<(i64, Copied)>> {
    let mut select = file.prepare(&format!(
        "SELECT id, steps FROM entry WHERE project = ?1 AND undone = 0 AND steps LIKE '%\"copied\":%' \
         AND {which} ORDER BY id DESC",
    ))?;
    let rows = select.query_map([project], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?;
    let mut found = Vec::new();
    for row in rows {
        let (id, steps) = row?;
        let steps: Vec<Step> = serde_json::from_str(&steps).unwrap_or_default();
        found.extend(steps.into_iter().filter_map(|step| Some((id, step.copied?))));
    }
    Ok(found)
}

/// Notes that the copies of timelines of an entry are gone, and why.
pub(super) fn drop_copies(file: &Connection, id: i64, why: &str) -> rusqlite::Result<()> {
    let text: String = file.query_row("SELECT steps FROM entry WHERE id = ?1", [id], |row| row.get(0))?;
    let mut steps: Vec<Step> = serde_json::from_str(&text).unwrap_or_default();
    for step in steps.iter_mut().filter(|step| step.copied.is_some()) {
        step.copied = None;
        step.back.clear();
        step.why_not = Some(why.to_owned());
    }
    file.execute("UPDATE entry SET steps = ?2 WHERE id = ?1", params![id, kept_steps(&steps)])?;
    Ok(())
}

/// Puts the present ids in place of earlier ones in what takes earlier entries back, also of those that are taken back:
/// they may be put back.
pub(super) fn renamed(
    file: &Connection,
    session: &str,
    before: i64,
    ids: &[(&str, &str)],
) -> rusqlite::Result<()> {
    let mut select =
        file.prepare("SELECT id, steps FROM entry WHERE session = ?1 AND id < ?2 AND steps IS NOT NULL")?;
    let rows = select.query_map(params![session, before], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let rows: Vec<(i64, String)> = rows.collect::<rusqlite::Result<_>>()?;
    // All of them or none: half of an undo would be worse.
    let together = file.unchecked_transaction()?;
    for (id, steps) in rows {
        let now = renamed_in(&steps, ids);
        if now != steps {
            together.execute("UPDATE entry SET steps = ?2 WHERE id = ?1", params![id, now])?;
        }
    }
    together.commit()
}

/// Steps as an entry keeps them: all, or what takes them back without what puts them back then, or that they were too many.
fn kept_steps(steps: &[Step]) -> String {
    let json = |steps: &[Step]| serde_json::to_string(steps).unwrap_or_default();
    let text = json(steps);
    if text.len() <= MOST_STEP_BYTES {
        return text;
    }
    if steps.iter().any(|step| step.forth.is_some()) {
        return kept_steps(
            &steps.iter().map(|step| Step { forth: None, ..step.clone() }).collect::<Vec<_>>(),
        );
    }
    json(&[no_way(format!("what takes it back has {} bytes, and {MOST_STEP_BYTES} are kept", text.len()))])
}

fn no_way(why: String) -> Step {
    Step::impossible("all of it".to_owned(), why)
}

/// Removes the oldest entries beyond those that are kept.
fn tidy(file: &Connection) -> rusqlite::Result<()> {
    file.execute(
        "DELETE FROM entry WHERE id <= (SELECT id FROM entry ORDER BY id DESC LIMIT 1 OFFSET ?1)",
        [MOST_ENTRIES],
    )?;
    Ok(())
}
