//! The journal's table in SQLite.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, Row, named_params, params};
use serde_json::Value as Json;

use super::entry::{Asked, Ending, Entry, Outcome, Which};
use super::{MOST_ENTRIES, MOST_LISTED, kept};

/// How long a write waits for that of another server to the same file; each takes well below a millisecond.
const OTHERS_WITHIN: Duration = Duration::from_secs(2);

/// Entries between two looks at how many there are.
const TIDY_EVERY: i64 = 500;

/// Version 1. `began` is in seconds since 1970, UTC.
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
    took_ms   REAL
);
CREATE INDEX IF NOT EXISTS entry_of_session ON entry (session, id);
";

/// In the order in which [`entry`] takes them.
const COLUMNS: &str = "id, strftime('%Y-%m-%dT%H:%M:%fZ', began, 'unixepoch', 'subsec'), session, client, tool, \
                       arguments, outcome, code, observed, took_ms";

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
    let mut update =
        file.prepare("UPDATE entry SET outcome = ?2, code = ?3, observed = ?4, took_ms = ?5 WHERE id = ?1")?;
    let took_ms = ending.took.as_secs_f64() * 1000.0;
    update.execute(params![id, ending.outcome.as_str(), ending.code, kept(&ending.observed), took_ms])?;
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
    })
}

/// Removes the oldest entries beyond those that are kept.
fn tidy(file: &Connection) -> rusqlite::Result<()> {
    file.execute(
        "DELETE FROM entry WHERE id <= (SELECT id FROM entry ORDER BY id DESC LIMIT 1 OFFSET ?1)",
        [MOST_ENTRIES],
    )?;
    Ok(())
}
