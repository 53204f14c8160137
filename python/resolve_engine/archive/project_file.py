"""A project as a `.drp` file, and back."""

from __future__ import annotations

import os
from itertools import pairwise
from typing import Any

from resolve_engine import whole_file
from resolve_engine.archive import package
from resolve_engine.archive.package import Package, PackageError
from resolve_engine.model.clip import FUSION_CLIP
from resolve_engine.model.multicam import check_angles
from resolve_engine.model.placing import nesting
from resolve_engine.model.project import KINDS, Project
from resolve_engine.model.record import Changes, Record, restore
from resolve_engine.model.still import PICTURE, Still
from resolve_engine.store import home, stills


def export(project: Project, path: str, with_looks: bool) -> None:
    """Write a project; with its stills and the LUTs that its grades name, as far as their files are there. Raises
    PackageError."""
    package.write(path, package_of(project, with_looks))


def package_of(project: Project, with_looks: bool) -> Package:
    """A project as what a file holds."""
    records = project.all_records()
    if not with_looks:
        rows = package.rows(record for record in records if not isinstance(record, Still))
        return Package("project", project.name, project.body(), rows, {})
    pictures = {still.picture: str(stills.path(project.id, still.picture)) for still in project.stills.values()}
    there = {picture: path for picture, path in sorted(pictures.items()) if os.path.isfile(path)}
    return Package("project", project.name, project.body(), package.rows(records), lut_files(project), there)


def lut_files(project: Project) -> dict[str, bytes]:
    """The LUTs that any grade of a project names, by their path below the LUT folder."""
    grades = [
        *(item.nodes for item in project.items.values()),
        *(nodes for item in project.items.values() for _, nodes in item.versions),
        *(nodes for clip in project.clips.values() for _, nodes in clip.versions),
        *(timeline.nodes for timeline in project.timelines.values()),
        *(nodes for group in project.color_groups.values() for nodes in (group.pre, group.post)),
        *(still.nodes for still in project.stills.values()),
    ]
    names = {node.lut for nodes in grades for node in nodes if node.lut}
    files = {}
    for name in sorted(names):
        path = home.luts().joinpath(*name.split("/"))
        if path.is_file():
            files[name] = path.read_bytes()
    return files


def build(found: Package, folder: str, name: str, now: float) -> Project:
    """A project that is stored nowhere yet, with ids of its own only for itself; the pictures of its stills are kept
    already. Raises PackageError."""
    try:
        project = _build(found, folder, name, now)
        if project.stills:
            package.unpack_stills(found, str(stills.folder(project.id)))
        return project
    except (ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        raise PackageError(f"the project in the file is damaged: {type(error).__name__}: {error}") from error


def _build(found: Package, folder: str, name: str, now: float) -> Project:
    known: dict[str, Any] = {
        key: tuple(value) if type(value) is list else value
        for key, value in found.project.items()
        if key in Project.FIELDS
    }
    for key, value in known.items():
        default = Project.FIELDS[key]
        if not isinstance(value, (int, float) if isinstance(default, float) else type(default)):
            raise ValueError(f"the field {key!r} of the project is a {type(value).__name__}")
    project = Project(
        Changes(), parent=folder, **{**known, "name": name, "untitled": False, "created": now, "modified": now}
    )
    add_records(project, found.objects)
    if not hasattr(project, "root"):
        raise ValueError("it has no root folder")
    check(project)
    return project


def add_records(project: Project, objects: list[tuple[str, str, str, int, dict[str, Any]]]) -> None:
    """Take stored records into a project as new ones."""
    classes = {kind.KIND: kind for kind in KINDS}
    records: list[Record] = [
        restore(classes[kind], project.changes, id, parent, position, body)
        for kind, id, parent, position, body in objects
    ]
    if len({record.id for record in records}) != len(records):
        raise ValueError("two records have one id")
    order = {kind.KIND: index for index, kind in enumerate(KINDS)}
    records.sort(key=lambda record: (order[record.KIND], record.position))
    project.attach(records)
    for record in records:
        project.changes.written[record.id] = record


def check(project: Project) -> None:
    """Every record belongs to one that exists, and items do not overlap: what the engine relies on everywhere."""
    for clip in project.clips.values():
        stands_for = clip.timeline or clip.type == FUSION_CLIP
        if clip.parent not in project.folders or (stands_for and clip.timeline not in project.timelines):
            raise ValueError(f"the clip {clip.id!r} belongs to nothing")
    check_angles(project)
    for folder in project.folders.values():
        seen = {folder.id}
        while folder.parent:
            folder = project.folders[folder.parent]
            if folder.id in seen:
                raise ValueError("a folder lies in itself")
            seen.add(folder.id)
    for still in project.stills.values():
        whole = all(type(part) is int for part in still.number) and len(still.number) == 3
        if still.parent not in project.albums or not PICTURE.fullmatch(still.picture) or not whole:
            raise ValueError(f"the still {still.id!r} belongs to no album, or its picture or its number is none")
    for item in project.items.values():
        shown = item.content or item.clip in project.clips
        if not 0 <= item.composition <= len(item.compositions) or (item.compositions and not shown):
            raise ValueError(f"the compositions of the item {item.id!r} are none")
    for timeline in project.timelines.values():
        if timeline.clip not in project.clips:
            raise ValueError(f"the timeline {timeline.id!r} has no clip")
        for track in timeline.all_tracks():
            ends = [(item.position, item.end) for item in track.items]
            if any(after[0] < before[1] for before, after in pairwise(ends)):
                raise ValueError(f"items overlap on the track {track.id!r}")
        nested = {project.clips[item.clip].timeline for item in timeline.all_items() if item.clip}
        if any(timeline in nesting(project, project.timelines[id]) for id in nested - {""}):
            raise ValueError(f"the timeline {timeline.id!r} shows itself")


def install_luts(luts: dict[str, bytes]) -> None:
    """Put the LUTs of a file below the LUT folder; one that is there already stays as it is."""
    for name, content in luts.items():
        path = home.luts().joinpath(*name.split("/"))
        if path.exists():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        whole_file.write(path, content)
