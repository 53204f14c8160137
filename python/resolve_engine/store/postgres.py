"""Projects on a PostgreSQL server, shared by several seats; needs the optional package psycopg.

The server's advisory locks keep a project to one seat: they are freed when its connection ends, however that comes. A
seat whose connection is lost can write nothing more, so it never writes what another seat has opened since.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from resolve_engine.errors import ProjectInUse, StoreError
from resolve_engine.store.database import SCHEMA_VERSION, Database

if TYPE_CHECKING:
    import psycopg

CONNECT_S = 10
"""How long the server may take to answer a connection; one in the same house takes milliseconds."""
STATEMENT_MS = 30_000
"""How long a statement may take, waiting for locks included; the slowest, a project of 12,000 rows, took 0.4 s."""
SCHEMA_LOCK = 7_302_114
"""Taken while the tables are made, so that two seats that start at once do not both make them."""

T = TypeVar("T")


class PostgresDatabase(Database):
    """An open connection to a server. One thread only."""

    def __init__(self, name: str, address: str, options: dict[str, str], seat: str) -> None:
        """Connect, and make the tables in an empty database. `options` are libpq's (`port`, `user`, …); passwords are
        libpq's business (~/.pgpass or PGPASSWORD). Raises StoreError with the reason."""
        try:
            import psycopg
        except ImportError as error:
            raise StoreError(
                "PostgreSQL needs the package psycopg; install the engine with its extra, resolve-engine[postgresql]"
            ) from error
        self._errors: type[Exception] = psycopg.Error
        self._seat = seat
        self.name = f"{name!r} on {address}"
        try:
            self._server: psycopg.Connection[Any] = psycopg.connect(
                host=address,
                dbname=name,
                autocommit=True,
                connect_timeout=CONNECT_S,
                application_name=f"resolve-engine {seat[:8]}",
                options=f"-c statement_timeout={STATEMENT_MS} -c synchronous_commit=on",
                **options,  # type: ignore[arg-type]
            )
            self._in_transaction(self._make)
        except psycopg.Error as error:
            raise StoreError(f"the database {self.name} cannot be opened: {_sentence(error)}") from error

    def _make(self) -> None:
        self._execute("SELECT pg_advisory_xact_lock(?)", (SCHEMA_LOCK,))
        self._run("postgres.sql")
        ((version,),) = self._rows("SELECT version FROM resolve_engine_schema")
        if version == 1:
            self._run("postgres_upgrade.sql")
        if version > SCHEMA_VERSION:
            raise StoreError(f"the database {self.name} was made by a newer engine (version {version})")

    def _in_transaction(self, work: Callable[[], T]) -> T:
        try:
            with self._server.transaction():
                return work()
        except self._errors as error:
            raise StoreError(f"the change could not be written to {self.name}: {_sentence(error)}") from error

    def _execute(self, statement: str, values: Sequence[Any] = ()) -> None:
        self._server.execute(statement.replace("?", "%s").encode(), values)

    def _execute_each(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        with self._server.cursor() as cursor:
            cursor.executemany(statement.replace("?", "%s").encode(), rows)

    def _rows(self, query: str, *values: Any) -> list[Any]:
        try:
            return self._server.execute(query.replace("?", "%s").encode(), values).fetchall()
        except self._errors as error:
            raise StoreError(f"the database {self.name} cannot be read: {_sentence(error)}") from error

    def close(self) -> None:
        self._server.close()

    # The session of this seat

    def session(self) -> dict[str, str]:
        return dict(self._rows("SELECT key, value FROM session WHERE seat = ?", self._seat))

    def _set(self, key: str, value: str) -> None:
        self._execute(
            "INSERT INTO session VALUES (?, ?, ?) ON CONFLICT (seat, key) DO UPDATE SET value = excluded.value",
            (self._seat, key, value),
        )

    def _unset(self, key: str) -> None:
        self._execute("DELETE FROM session WHERE seat = ? AND key = ?", (self._seat, key))

    # One seat at a time

    def lock(self, id: str) -> AdvisoryLock:
        return AdvisoryLock(self, id)


class AdvisoryLock:
    """A project kept to this connection, until `release` or the end of the connection."""

    __slots__ = ("_database", "_number")

    def __init__(self, database: PostgresDatabase, project: str) -> None:
        """Take the lock of a project id. Raises ProjectInUse, with the holder's name, when it is taken."""
        self._database = database
        self._number = int(project.replace("-", "")[:15], 16)
        ((taken,),) = database._rows("SELECT pg_try_advisory_lock(?)", self._number)
        if not taken:
            high, low = self._number >> 32, self._number & 0xFFFFFFFF
            holders = database._rows(
                "SELECT a.application_name, coalesce(host(a.client_addr), 'the server') FROM pg_locks l "
                "JOIN pg_stat_activity a USING (pid) WHERE l.locktype = 'advisory' AND l.classid::bigint = ? "
                "AND l.objid::bigint = ?",
                high,
                low,
            )
            by = f" ({holders[0][0]} at {holders[0][1]})" if holders else ""
            raise ProjectInUse(f"is open on another seat{by}")

    def release(self, *, project_is_gone: bool = False) -> None:
        """Let others open the project."""
        if not self._database._server.closed:
            self._database._rows("SELECT pg_advisory_unlock(?)", self._number)


def _sentence(error: Exception) -> str:
    """What the server said, in one line."""
    return " ".join(str(error).split()) or type(error).__name__
