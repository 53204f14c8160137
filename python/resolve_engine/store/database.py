"""One SQLite file of projects. Every write is one transaction that is on disk when it returns.

WAL with synchronous=FULL: a killed process loses nothing that was answered, and neither does a power cut.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

from resolve_engine.errors import StoreError
from resolve_engine.model.project import KINDS, Project
from resolve_engine.model.record import Changes, Record, restore
from resolve_engine.store.lock import ProjectLock

SCHEMA_VERSION = 2
WAIT_S = 5.0
"""How long a write waits for another process's write. Writes take about a millisecond, so longer means trouble."""

T = TypeVar("T")


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


class Lock(Protocol):
    """A project kept to this process."""

    def release(self, *, project_is_gone: bool = False) -> None:
        """Let others open the project."""


class Database:
    """An open database. One thread only. What a file is asked in SQL, a server is asked too (`store.postgres`)."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it. Raises StoreError with the reason."""
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path, timeout=WAIT_S, isolation_level=None)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = FULL")
            self._connection.execute("PRAGMA foreign_keys = ON")
            self._prepare()
        except (OSError, sqlite3.Error) as error:
            raise StoreError(f"the database {str(path)!r} cannot be opened: {error}") from error

    def _prepare(self) -> None:
        """Make the tables in a new file; refuse a file of a newer engine."""

        def make() -> None:
            (version,) = self._connection.execute("PRAGMA user_version").fetchone()
            if version > SCHEMA_VERSION:
                raise StoreError(f"the database {str(self.path)!r} was made by a newer engine (version {version})")
            if version < SCHEMA_VERSION:
                self._run("upgrade.sql" if version else "schema.sql")

        self._in_transaction(make)

    def _run(self, script: str) -> None:
        """Run a script beside this file, statement by statement, inside a transaction."""
        for statement in (Path(__file__).parent / script).read_text(encoding="utf-8").split(";\n"):
            self._execute(statement)

    def _in_transaction(self, work: Callable[[], T]) -> T:
        """Run `work` in one transaction; all of it is on disk afterwards, or none."""
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                result = work()
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            try:
                self._connection.execute("COMMIT")
            except sqlite3.Error:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise StoreError(f"the change could not be written to {str(self.path)!r}: {error}") from error
        return result

    def _execute(self, statement: str, values: Sequence[Any] = ()) -> None:
        """Run a statement inside a transaction."""
        self._connection.execute(statement, values)

    def _execute_each(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run a statement for each row inside a transaction."""
        self._connection.executemany(statement, rows)

    def lock(self, id: str) -> Lock:
        """Keep a project to this process. Raises ProjectInUse."""
        return ProjectLock(self.path.parent.parent / "locks", id)

    def _rows(self, query: str, *values: Any) -> list[Any]:
        """The rows of a query."""
        try:
            return self._connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise StoreError(f"the database {str(self.path)!r} cannot be read: {error}") from error

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    # Project folders

    def folder_names(self, parent: str) -> list[str]:
        """Names of the folders in a folder, in order."""
        rows = self._rows("SELECT name FROM project_folder WHERE parent = ? ORDER BY name", parent)
        return [name for (name,) in rows]

    def folder_id(self, parent: str, name: str) -> str | None:
        """The id of a folder by its name."""
        rows = self._rows("SELECT id FROM project_folder WHERE parent = ? AND name = ?", parent, name)
        return rows[0][0] if rows else None

    def folder(self, id: str) -> tuple[str, str] | None:
        """Parent and name of a folder."""
        rows = self._rows("SELECT parent, name FROM project_folder WHERE id = ?", id)
        return rows[0] if rows else None

    def create_folder(self, id: str, parent: str, name: str) -> None:
        """Add a folder; the name is free, as the caller has made sure."""
        self._in_transaction(lambda: self._execute("INSERT INTO project_folder VALUES (?, ?, ?)", (id, parent, name)))

    def delete_folder(self, id: str) -> None:
        """Remove an empty folder."""
        self._in_transaction(lambda: self._execute("DELETE FROM project_folder WHERE id = ?", (id,)))

    # Projects

    def project_names(self, folder: str) -> list[str]:
        """Names of the projects in a folder, in order; untitled ones are in none."""
        rows = self._rows("SELECT name FROM project WHERE folder = ? AND untitled = 0 ORDER BY name", folder)
        return [name for (name,) in rows]

    def project_id(self, folder: str, name: str) -> str | None:
        """The id of a project by its name."""
        rows = self._rows("SELECT id FROM project WHERE folder = ? AND name = ? AND untitled = 0", folder, name)
        return rows[0][0] if rows else None

    def project_dates(self, folder: str) -> dict[str, tuple[float, float, str]]:
        """Creation and last change, in seconds since the epoch, and the notes of the projects in a folder by name."""
        rows = self._rows(
            "SELECT name, created, modified, body FROM project WHERE folder = ? AND untitled = 0 ORDER BY name", folder
        )
        return {name: (created, changed, json.loads(body).get("notes", "")) for name, created, changed, body in rows}

    def untitled_ids(self) -> list[str]:
        """Ids of projects that were never named."""
        return [id for (id,) in self._rows("SELECT id FROM project WHERE untitled = 1")]

    def load(self, id: str) -> Project | None:
        """A project with everything in it; None when there is none of that id."""
        found = self._rows("SELECT folder, body FROM project WHERE id = ?", id)
        if not found:
            return None
        rows = self._rows(
            "SELECT kind, id, parent, position, body FROM object JOIN place USING (project, id) WHERE project = ?", id
        )
        changes = Changes()
        try:
            project = restore(Project, changes, id, found[0][0], 0, json.loads(found[0][1]))
            # One parse for all bodies: half the time of one each.
            bodies = json.loads("[" + ",".join(row[4] for row in rows) + "]")
        except ValueError as error:
            raise StoreError(f"the project {id} cannot be read: {error}") from error
        by_kind: dict[str, list[Record]] = {kind.KIND: [] for kind in KINDS}
        classes = {kind.KIND: kind for kind in KINDS}
        for (kind, object_id, parent, position, _), body in zip(rows, bodies, strict=True):
            by_kind[kind].append(restore(classes[kind], changes, object_id, parent, position, body))
        for records in by_kind.values():
            records.sort(key=_position)
            project.attach(records)
        return project

    def write(self, project: Project, session: Mapping[str, str | None]) -> None:
        """Store what changed in a project and in the session (None removes a key), all or nothing.

        Raises StoreError.
        """
        changes = project.changes
        written = [record for record in changes.written.values() if record is not project]
        rows = [(project.id, record.id, record.KIND, _json(record.body())) for record in written]
        places = [(project.id, record.id, record.parent, record.position) for record in written]
        gone = [(project.id, id) for id in changes.removed]

        def work() -> None:
            if changes:
                object.__setattr__(project, "modified", time.time())
                self._execute(
                    "INSERT INTO project VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
                    "folder = excluded.folder, name = excluded.name, untitled = excluded.untitled, "
                    "modified = excluded.modified, body = excluded.body",
                    (
                        project.id,
                        project.parent,
                        project.name,
                        int(project.untitled),
                        project.created,
                        project.modified,
                        _json(project.body()),
                    ),
                )
            # Shifts first: the rows that are written have their places after all of them.
            for parent, since, by in changes.shifts:
                self._execute(
                    "UPDATE place SET position = position + ? WHERE project = ? AND parent = ? AND position >= ?",
                    (by, project.id, parent, since),
                )
            if gone:
                self._execute_each("DELETE FROM object WHERE project = ? AND id = ?", gone)
                self._execute_each("DELETE FROM place WHERE project = ? AND id = ?", gone)
            if rows:
                self._execute_each(
                    "INSERT INTO object VALUES (?, ?, ?, ?) ON CONFLICT (project, id) DO UPDATE SET "
                    "kind = excluded.kind, body = excluded.body",
                    rows,
                )
                self._execute_each(
                    "INSERT INTO place VALUES (?, ?, ?, ?) ON CONFLICT (project, id) DO UPDATE SET "
                    "parent = excluded.parent, position = excluded.position",
                    places,
                )
            self._write_session(session)

        self._in_transaction(work)
        changes.clear()

    def write_session(self, session: Mapping[str, str | None]) -> None:
        """Store what changed in the session alone."""
        self._in_transaction(lambda: self._write_session(session))

    def _write_session(self, session: Mapping[str, str | None]) -> None:
        for key, value in session.items():
            if value is None:
                self._unset(key)
            else:
                self._set(key, value)

    def _set(self, key: str, value: str) -> None:
        self._execute(
            "INSERT INTO session VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", (key, value)
        )

    def _unset(self, key: str) -> None:
        self._execute("DELETE FROM session WHERE key = ?", (key,))

    def delete(self, id: str) -> None:
        """Remove a project and everything in it."""
        self._in_transaction(lambda: self._execute("DELETE FROM project WHERE id = ?", (id,)))

    # The session

    def session(self) -> dict[str, str]:
        """What was stored of the session."""
        return dict(self._rows("SELECT key, value FROM session"))


def _position(record: Record) -> int:
    return record.position
