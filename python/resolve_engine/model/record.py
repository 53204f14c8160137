"""The base of everything that is stored: named fields, one database row each, and a note of every change.

Field values are never changed in place (they are numbers, texts, tuples and read-only mappings): a change assigns a
new value, and the assignment itself marks the row as changed. So nothing can be changed and not stored.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, NamedTuple, TypeVar


class Shift(NamedTuple):
    """Everything that belongs to a parent and stands at a position or later, moved alike."""

    parent: str
    since: int
    by: int


class Changes:
    """What differs from what is stored: the shifts first, in order, and then the rows."""

    __slots__ = ("removed", "shifts", "written")

    def __init__(self) -> None:
        self.shifts: list[Shift] = []
        self.written: dict[str, Record] = {}
        self.removed: dict[str, Record] = {}

    def __bool__(self) -> bool:
        return bool(self.written or self.removed or self.shifts)

    def clear(self) -> None:
        """Called when everything has been stored."""
        self.shifts.clear()
        self.written.clear()
        self.removed.clear()


class Record:
    """One stored object. Subclasses name their fields and defaults in FIELDS."""

    __slots__ = ("changes", "id", "parent", "position")

    KIND: ClassVar[str]
    """Names the kind of row; unique among the subclasses."""

    FIELDS: ClassVar[dict[str, Any]]
    """Stored fields with their defaults; a default is left out of the row."""

    FROM_JSON: ClassVar[dict[str, Callable[[Any], Any]]] = {}
    """For fields whose values need more than lists made into tuples after a trip through JSON."""

    changes: Changes
    id: str
    """UUID, unique for ever."""
    parent: str
    """Id of the record that this one belongs to; '' at the top."""
    position: int
    """Its place among its siblings; for a timeline item, its first frame counted from the timeline's start."""

    def __init__(self, changes: Changes, parent: str = "", position: int = 0, id: str = "", **values: Any) -> None:
        fill = object.__setattr__
        fill(self, "changes", changes)
        fill(self, "id", id or str(uuid.uuid4()))
        fill(self, "parent", parent)
        fill(self, "position", position)
        for name, default in self.FIELDS.items():
            fill(self, name, values.pop(name, default))
        if values:
            raise TypeError(f"{self.KIND} has no field {next(iter(values))}")
        changes.written[self.id] = self
        self.derive()

    def derive(self) -> None:
        """Set what follows from the fields and is not stored."""

    def __setattr__(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)
        if name in self.FIELDS or name == "parent" or name == "position":
            self.changes.written[self.id] = self

    def shifted(self, by: int) -> None:
        """Move it as part of a Shift, which is what is stored of the move."""
        object.__setattr__(self, "position", self.position + by)

    def body(self) -> dict[str, Any]:
        """The fields that differ from their defaults, ready for JSON."""
        body = {}
        for name, default in self.FIELDS.items():
            value = getattr(self, name)
            if value is not default and value != default:
                body[name] = value
        return body

    def forget(self) -> None:
        """Mark the row as removed."""
        self.changes.written.pop(self.id, None)
        self.changes.removed[self.id] = self


R = TypeVar("R", bound=Record)


def restore(kind: type[R], changes: Changes, id: str, parent: str, position: int, body: Mapping[str, Any]) -> R:
    """The record that a row holds; not a change."""
    record = kind.__new__(kind)
    fill = object.__setattr__
    fill(record, "changes", changes)
    fill(record, "id", id)
    fill(record, "parent", parent)
    fill(record, "position", position)
    convert = kind.FROM_JSON
    for name, default in kind.FIELDS.items():
        if name in body:
            value = body[name]
            if name in convert:
                value = convert[name](value)
            elif type(value) is list:
                value = tuple(value)
            fill(record, name, value)
        else:
            fill(record, name, default)
    record.derive()
    return record
