"""A folder of the media pool as a `.drb` file, and back, with new ids so that it can stand beside the original."""

from __future__ import annotations

import os
from typing import Any

from resolve_engine.archive import package, project_file
from resolve_engine.archive.package import Package, PackageError
from resolve_engine.archive.renewing import renewed
from resolve_engine.model.clip import Clip
from resolve_engine.model.folder import Folder
from resolve_engine.model.project import Project
from resolve_engine.model.record import Record


def export(project: Project, folder: Folder, path: str) -> None:
    """Write a folder. Raises PackageError, also when a timeline in it shows clips that lie elsewhere."""
    inside = [folder]
    for outer in inside:
        inside.extend(other for other in project.folders.values() if other.parent == outer.id)
    ids = {one.id for one in inside}
    clips = [clip for clip in project.clips.values() if clip.parent in ids]
    records: list[Record] = [*inside, *clips]
    known = {clip.id for clip in clips}
    for clip in clips:
        if not clip.timeline:
            continue
        timeline = project.timelines[clip.timeline]
        records.append(timeline)
        for track in timeline.all_tracks():
            records.append(track)
            for item in (*track.items, *track.transitions):
                outside = {item.clip, *(take.clip for take in item.takes)} - known - {""}
                if outside:
                    name = project.clips[outside.pop()].name
                    raise PackageError(f"the timeline {timeline.name!r} shows {name!r}, which lies outside the folder")
                records.append(item)
    package.write(path, Package("folder", folder.name, {}, package.rows(records), {}))


def take_in(project: Project, found: Package, parent: Folder, name: str, now: float) -> list[Clip]:
    """Add what a file holds below a folder, under a name; the clips. Raises PackageError."""
    try:
        return _take_in(project, found, parent, name, now)
    except (ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        raise PackageError(f"the folder in the file is damaged: {type(error).__name__}: {error}") from error


def _take_in(project: Project, found: Package, parent: Folder, name: str, now: float) -> list[Clip]:
    new, rows = renewed(found)
    tops = [row[1] for row in found.objects if row[0] == "folder" and row[2] not in new]
    if len(tops) != 1:
        raise ValueError(f"it holds {len(tops)} folders at the top")
    objects: list[tuple[str, str, str, int, dict[str, Any]]] = []
    for kind, id, owner, position, fields in rows:
        if id == tops[0]:
            fields["name"] = name
        if kind == "clip":
            fields["added"] = now
        if kind in ("folder", "clip", "timeline"):
            position = project.next_position()
        # A timeline belongs to nothing; a clip, track or item must belong to something that the file holds.
        above = parent.id if id == tops[0] else "" if kind == "timeline" else new[owner]
        objects.append((kind, new[id], above, position, fields))
    project_file.add_records(project, objects)
    project_file.check(project)
    return [project.clips[new[row[1]]] for row in found.objects if row[0] == "clip"]


def relink(clips: list[Clip], place: str) -> None:
    """Look for the files of clips that are gone below a folder, by their names."""
    places = {name: os.path.join(where, name) for where, _, names in os.walk(place) for name in names}
    for clip in clips:
        name = os.path.basename(clip.path)
        if clip.media is not None and not os.path.exists(clip.path) and name in places:
            clip.media = {**clip.media, "path": places[name]}
            clip.offline = False
