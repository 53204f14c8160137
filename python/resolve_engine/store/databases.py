"""Which databases there are, which one is attached, and opening one.

A file in `databases/` is a Disk database by its name; servers stand in `databases.json`, as libpq's options without any
password. `current_database.json` names the one that is attached, for the next start.
"""

from __future__ import annotations

import json
import os
import uuid
from pathlib import Path
from typing import Any, NamedTuple

from resolve_engine import whole_file
from resolve_engine.errors import StoreError
from resolve_engine.store.database import Database

TYPES = ("Disk", "PostgreSQL")
LOCAL = "127.0.0.1"
"""The address of a server that none was given for."""
SUFFIX = ".sqlite3"


class Name(NamedTuple):
    """What a database is called."""

    type: str
    """One of TYPES."""
    name: str
    address: str = ""
    """Of a server; '' for a file."""

    def shown(self) -> dict[str, str]:
        """In Resolve's form."""
        shown = {"DbType": self.type, "DbName": self.name}
        return {**shown, "IpAddress": self.address} if self.address else shown


DEFAULT = Name("Disk", "Local Database")
"""There without being made."""


def known(home: Path) -> list[Name]:
    """Every database, files before servers."""
    folder = home / "databases"
    names = {path.name.removesuffix(SUFFIX) for path in folder.glob(f"*{SUFFIX}")} if folder.is_dir() else set()
    files = [Name("Disk", name) for name in sorted(names | {DEFAULT.name})]
    return [*files, *(Name("PostgreSQL", entry["name"], entry["address"]) for entry in _servers(home))]


def current(home: Path) -> Name:
    """The one that was attached last, or the default. Raises StoreError when it is not known any more."""
    stored = _read(home / "current_database.json", {})
    if not stored:
        return DEFAULT
    name = Name(stored.get("type", ""), stored.get("name", ""), stored.get("address", ""))
    if name not in known(home):
        raise StoreError(
            f"the database {name.name!r} that was attached is not there any more; put it back, or delete "
            f"{str(home / 'current_database.json')!r} to begin with {DEFAULT.name!r}"
        )
    return name


def remember(home: Path, name: Name) -> None:
    """Note which one is attached."""
    _write(home / "current_database.json", name._asdict())


def attach(home: Path, name: Name) -> Database:
    """Open a database. Raises StoreError."""
    if name.type == "Disk":
        return Database(home / "databases" / f"{name.name}{SUFFIX}")
    from resolve_engine.store.postgres import PostgresDatabase

    for entry in _servers(home):
        if (entry["name"], entry["address"]) == (name.name, name.address):
            return PostgresDatabase(name.name, name.address, entry["options"], seat(home))
    raise StoreError(f"the database {name.name!r} on {name.address} is not known")


def add_file(home: Path, name: str) -> Name:
    """Make a Disk database. Raises StoreError."""
    if not name or name != os.path.basename(name) or "\0" in name or name.startswith("."):
        raise StoreError(f"{name!r} is no name for a database")
    if Name("Disk", name) in known(home):
        raise StoreError(f"there is a database named {name!r} already")
    Database(home / "databases" / f"{name}{SUFFIX}").close()
    return Name("Disk", name)


def add_server(home: Path, name: str, address: str, options: dict[str, str]) -> Name:
    """Make the database of a server known, when it answers. Raises StoreError."""
    if "password" in options:
        raise StoreError("a password is not stored here; put it into ~/.pgpass or PGPASSWORD")
    from resolve_engine.store.postgres import PostgresDatabase

    PostgresDatabase(name, address, options, seat(home)).close()
    others = [entry for entry in _servers(home) if (entry["name"], entry["address"]) != (name, address)]
    _write(home / "databases.json", [*others, {"name": name, "address": address, "options": options}])
    return Name("PostgreSQL", name, address)


def seat(home: Path) -> str:
    """Tells this home folder from others on a shared server; made once."""
    path = home / "seat.json"
    stored = _read(path, {})
    if not stored:
        stored = {"id": str(uuid.uuid4())}
        _write(path, stored)
    return str(stored["id"])


def _servers(home: Path) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = _read(home / "databases.json", [])
    return entries


def _read(path: Path, default: Any) -> Any:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return default
    except (OSError, ValueError) as error:
        raise StoreError(f"{str(path)!r} cannot be read: {error}") from error
    if type(value) is not type(default):
        raise StoreError(f"{str(path)!r} holds something else than it should")
    return value


def _write(path: Path, value: Any) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        whole_file.write(path, json.dumps(value, indent=1).encode())
    except OSError as error:
        raise StoreError(f"{str(path)!r} cannot be written: {error.strerror}") from error
