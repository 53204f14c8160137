"""What a frozen timeline needs to know to draw burn-ins: their texts, and the names and timecodes of its clips."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

from resolve_engine.errors import Refusal
from resolve_engine.model.item import Item
from resolve_engine.model.project import Project
from resolve_engine.render.spec import BurnInSpec, TimelineSpec


def check_nested(items: Iterable[Item]) -> None:
    """Refuse what would be left out of the picture."""
    for item in items:
        if item.burn_in:
            raise Refusal(
                f"the item {item.name!r} has a burn-in of its own on a timeline that stands as a clip, where none is "
                "drawn; load a burn-in preset without items on it, or render its timeline itself"
            )


def project_burn_in(project: Project, spec: TimelineSpec) -> BurnInSpec | None:
    """The burn-in that a project and the items on a timeline of it have; None for none."""
    own = {
        item.id: tuple(dict(one) for one in project.items[item.id].burn_in)
        for track in spec.video
        for item in track.items
        if item.id in project.items and project.items[item.id].burn_in
    }
    return burn_in_of(project, spec, project.burn_in, own) if project.burn_in or own else None


def burn_in_of(
    project: Project,
    spec: TimelineSpec,
    texts: Iterable[Mapping[str, Any]],
    own: dict[str, tuple[dict[str, Any], ...]] | None = None,
) -> BurnInSpec:
    """A burn-in with these texts over every frame, and those of `own` over the frames of its items."""
    sources = {
        item.id: _source(project, project.items[item.id])
        for track in spec.video
        for item in track.items
        if item.id in project.items and project.items[item.id].clip in project.clips
    }
    return BurnInSpec(tuple(dict(one) for one in texts), own or {}, project.name, sources)


def _source(project: Project, item: Item) -> dict[str, Any]:
    clip = project.clips[item.clip]
    timeline = project.timelines[clip.timeline] if clip.timeline else None
    return {
        "name": clip.name,
        "file": os.path.basename(clip.path),
        "start": clip.start if timeline is None else timeline.start,
        "offset": clip.offset,
        "rate": list(clip.rate if timeline is None else timeline.rate),
        "drop_frame": clip.drop_frame if timeline is None else timeline.drop_frame,
    }
