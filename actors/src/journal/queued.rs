//! Which render jobs were queued through this server, as the entries of the calls tell that queued them.

use rusqlite::params;

use super::{Journal, JournalError};

/// The calls that queue a job, under each of their names, and the job's id in what was observed.
const QUEUED: &str = "
SELECT 1 FROM entry
WHERE outcome = 'done' AND instr(observed, ?1) > 0
  AND (tool = 'queue_render' OR tool LIKE '%add_render_job' OR arguments LIKE '%AddRenderJob%'
       OR arguments LIKE '%add_render_job%')
LIMIT 1";

impl Journal {
    /// Whether a call that is noted, of this session or an earlier one, queued the render job of that id.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn has_queued(&self, job: &str) -> Result<bool, JournalError> {
        // As it stands in JSON: an id is part of no other id.
        let quoted = serde_json::Value::from(job).to_string();
        self.read(|file| file.prepare(QUEUED)?.exists(params![quoted]))
    }
}
