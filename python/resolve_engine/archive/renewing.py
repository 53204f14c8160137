"""Records of a file with new ids, so that they can stand beside those they were written from."""

from __future__ import annotations

import json
import uuid
from typing import Any

from resolve_engine.archive.package import Package

Row = tuple[str, str, str, int, dict[str, Any]]
"""Kind, id, parent, position and fields of a record."""


def renewed(found: Package, known: dict[str, str] | None = None) -> tuple[dict[str, str], list[Row]]:
    """New ids by old ones, and the records with them in every field that names a record; parents are left as they are.

    `known` are ids of records that stand in the project already, by those of the file; they are left out. Items leave
    a colour group that the file does not hold. Raises ValueError and KeyError for records that do not hang together.
    """
    known = known or {}
    new = {row[1]: known.get(row[1]) or str(uuid.uuid4()) for row in found.objects}
    if len(new) != len(found.objects):
        raise ValueError("two records have one id")
    links: dict[str, str] = {}
    rows: list[Row] = []
    for kind, id, owner, position, body in found.objects:
        if id in known:
            continue
        fields = json.loads(json.dumps(body))
        for field in ("clip", "timeline", "before", "after"):
            if fields.get(field):
                fields[field] = new[fields[field]]
        if fields.get("takes"):
            fields["takes"] = [[new[clip], *stretch] for clip, *stretch in fields["takes"]]
        if fields.get("link"):
            fields["link"] = links.setdefault(fields["link"], str(uuid.uuid4()))
        group = fields.pop("group", None)
        if group in new:
            fields["group"] = new[group]
        rows.append((kind, id, owner, position, fields))
    return new, rows
