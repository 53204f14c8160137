"""A timeline as a `.drt` file, and back: the engine's own zip file (`package`) of the kind `timeline`.

It holds the timeline with its tracks and items, every timeline that stands on it as a clip, the clips of all of them
by the paths of their files, the colour groups of the items, and the LUTs that all their grades name; `project` in its
manifest names the outermost one.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from resolve_engine.archive import package, project_file
from resolve_engine.archive.package import Package, PackageError
from resolve_engine.archive.renewing import renewed
from resolve_engine.model.clip import MULTICAM, Clip
from resolve_engine.model.color_group import ColorGroup
from resolve_engine.model.placing import nesting
from resolve_engine.model.project import Project
from resolve_engine.model.record import Record
from resolve_engine.model.timeline import Timeline

KIND = "timeline"


def export(project: Project, timeline: Timeline, path: str) -> None:
    """Write a timeline. Raises PackageError."""
    inside = nesting(project, timeline)
    clips: dict[str, Clip] = {}
    below: list[Record] = []
    groups: dict[str, ColorGroup] = {}
    names: set[str] = set()
    for one in inside:
        clips[one.clip] = project.clips[one.clip]
        names.update(node.lut for node in one.nodes if node.lut)
        for track in one.all_tracks():
            below.append(track)
            for item in (*track.items, *track.transitions):
                below.append(item)
                if item.group:
                    groups[item.group] = project.color_groups[item.group]
                shown = [item.clip, *(take.clip for take in item.takes)]
                clips.update({id: project.clips[id] for id in shown if id in project.clips})
                grades = [item.nodes, *(nodes for _, nodes in item.versions)]
                names.update(node.lut for nodes in grades for node in nodes if node.lut)
    names.update(node.lut for clip in clips.values() for _, nodes in clip.versions for node in nodes if node.lut)
    names.update(node.lut for group in groups.values() for node in (*group.pre, *group.post) if node.lut)
    records: list[Record] = [*groups.values(), *clips.values(), *inside, *below]
    luts = {name: content for name, content in project_file.lut_files(project).items() if name in names}
    package.write(path, Package(KIND, timeline.name, {"timeline": timeline.id}, package.rows(records), luts))


def take_in(
    project: Project, path: str, name: str, free_name: Callable[[str], str], now: float, link: bool
) -> Timeline:
    """Add the timeline of a file to the open folder, under a name. Timelines inside it get free names; with `link`,
    clips whose files the media pool has are those of the pool. Raises PackageError."""
    found = package.read(path, KIND)
    try:
        made = _take_in(project, found, name, free_name, now, link)
    except (ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        raise PackageError(f"the timeline in the file is damaged: {type(error).__name__}: {error}") from error
    try:
        project_file.install_luts(found.luts)
    except OSError as error:
        raise PackageError(f"the LUTs of {path!r} cannot be kept: {error.strerror or error}") from error
    return made


def _take_in(
    project: Project, found: Package, name: str, free_name: Callable[[str], str], now: float, link: bool
) -> Timeline:
    known: dict[str, str] = {}
    if link:
        pool = {clip.path: clip for clip in project.clips.values() if clip.path}
        for kind, id, _, _, body in found.objects:
            media: Any = body.get("media") if kind == "clip" else None
            clip = pool.get(media["path"]) if media else None
            if clip is not None and _same(clip, body):
                known[id] = clip.id
        known.update(_multicams(project, found))
    new, rows = renewed(found, known)
    top = new[found.project["timeline"]]
    if {row[0] for row in rows} - {"clip", "timeline", "track", "item", "color_group"}:
        raise ValueError("it holds something that is no part of a timeline")
    objects = []
    names: dict[str, str] = {}
    groups = {group.name for group in project.color_groups.values()}
    for kind, id, owner, position, fields in rows:
        if kind == "timeline":
            fields["name"] = names[fields["clip"]] = name if new[id] == top else free_name(fields.get("name", ""))
        if kind == "clip":
            fields["added"] = now
        if kind == "color_group":
            fields["name"] = _free(str(fields.get("name", "")), groups)
        if kind in ("clip", "timeline", "color_group"):
            position = project.next_position()
        above = project.open_folder().id if kind == "clip" else new[owner] if kind in ("track", "item") else ""
        objects.append((kind, new[id], above, position, fields))
    for kind, id, _, _, fields in objects:
        if kind == "clip" and id in names:
            fields["name"] = names[id]
    project_file.add_records(project, objects)
    project_file.check(project)
    return project.timelines[top]


def _multicams(project: Project, found: Package) -> dict[str, str]:
    """The multicam clips of a file that the media pool has, with what is inside of them; such a clip never changes."""
    known: dict[str, str] = {}
    inside = {
        body.get("timeline"): id
        for kind, id, _, _, body in found.objects
        if kind == "clip" and body.get("type") == MULTICAM and id in project.clips
    }
    owners = {row[1]: row[2] for row in found.objects}
    for _, id, owner, _, _ in found.objects:
        timeline = id if id in inside else owner if owner in inside else owners.get(owner)
        if timeline in inside:
            known[id] = id
            known[inside[timeline]] = inside[timeline]
    return known


def _free(name: str, taken: set[str]) -> str:
    """A name that no colour group has, and which is taken then."""
    free = next(one for one in (name, *(f"{name} {n}" for n in range(2, len(taken) + 3))) if one not in taken)
    taken.add(free)
    return free


def _same(clip: Clip, body: dict[str, Any]) -> bool:
    """Whether a clip of the pool can stand in for one of a file: the same stretch of the same media."""
    kept = {"rate": list(clip.rate), "frames": clip.frames, "start": clip.start, "offset": clip.offset}
    defaults = {field: Clip.FIELDS[field] for field in kept}
    stored = {field: body.get(field, default) for field, default in defaults.items()}
    return all(
        list(one) == list(other) if isinstance(one, list | tuple) else one == other
        for one, other in zip(kept.values(), stored.values(), strict=True)
    )


def name_of(path: str) -> str:
    """What a timeline is called that comes from a file: a file's name says it, whatever stands inside."""
    return os.path.splitext(os.path.basename(path))[0]
