"""A database of an earlier version of the engine is opened, and everything in it is as it was."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

from clips import restart

from resolve_engine import fusionscript
from resolve_engine.api import application

VERSION_1 = """
CREATE TABLE old (
    project  TEXT NOT NULL REFERENCES project (id) ON DELETE CASCADE,
    id       TEXT NOT NULL,
    kind     TEXT NOT NULL,
    parent   TEXT NOT NULL,
    position INTEGER NOT NULL,
    body     TEXT NOT NULL,
    PRIMARY KEY (project, id)
) WITHOUT ROWID;
INSERT INTO old SELECT project, id, kind, parent, position, body FROM object JOIN place USING (project, id);
DROP TABLE place;
DROP TABLE object;
ALTER TABLE old RENAME TO object;
PRAGMA user_version = 1;
"""
"""Makes a file of version 2 one of version 1, where a place stood in the object's row."""


def records() -> dict[str, Any]:
    """Every record of the open project, as JSON has it."""
    rows = {
        record.id: [record.KIND, record.parent, record.position, record.body()]
        for record in application.start().project.all_records()
    }
    plain: dict[str, Any] = json.loads(json.dumps(rows))
    return plain


def test_a_file_of_version_1_is_upgraded_when_it_is_opened(engine_home: Path, timeline: Any, item: Any) -> None:
    """Its project is resumed with every record in its place, edits are kept, and deleting it leaves no row behind."""
    item.AddMarker(3, "Blue", "n", "", 1)
    before = records()
    application.abandon()
    path = engine_home / "databases" / "Local Database.sqlite3"
    with sqlite3.connect(path) as old:
        old.executescript(VERSION_1)
    manager: Any = fusionscript.scriptapp("Resolve").GetProjectManager()  # type: ignore[union-attr]
    assert records() == before
    assert manager.GetCurrentProject().GetCurrentTimeline().SetName("edited")
    assert restart().GetCurrentProject().GetCurrentTimeline().GetName() == "edited"
    manager = fusionscript.scriptapp("Resolve").GetProjectManager()  # type: ignore[union-attr]
    project = manager.GetCurrentProject()
    assert manager.CloseProject(project)
    assert manager.DeleteProject("probe")
    with sqlite3.connect(path) as upgraded:
        assert upgraded.execute("PRAGMA user_version").fetchone() == (2,)
        rows = "SELECT count(*) FROM {} JOIN project ON project = project.id WHERE untitled = 0"
        assert [upgraded.execute(rows.format(table)).fetchone() for table in ("object", "place")] == [(0,), (0,)]
        left = "SELECT count(*) FROM {} WHERE project NOT IN (SELECT id FROM project)"
        assert [upgraded.execute(left.format(table)).fetchone() for table in ("object", "place")] == [(0,), (0,)]
