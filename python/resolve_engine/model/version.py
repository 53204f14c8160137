"""Versions of a grade: local ones belong to an item, remote ones to its clip and so to every item that uses them."""

from __future__ import annotations

from resolve_engine.errors import Refusal
from resolve_engine.model.clip import Clip
from resolve_engine.model.grade import FRESH, Nodes
from resolve_engine.model.item import FIRST_VERSION, Item
from resolve_engine.model.project import Project

LOCAL, REMOTE = 0, 1
"""Resolve's versionType."""

MOST_VERSIONS = 200
"""Of one kind; one row should not grow without bound."""

Versions = tuple[tuple[str, Nodes], ...]


def set_nodes(project: Project, item: Item, nodes: Nodes) -> None:
    """Grade an item. A remote version is changed on all items of the clip that use it."""
    item.nodes = nodes
    if item.remote:
        clip = project.clips[item.clip]
        clip.versions = _with(remote_versions(clip), item.remote, nodes)
        for other in project.items.values():
            if other is not item and other.clip == clip.id and other.remote == item.remote:
                other.nodes = nodes


def versions(project: Project, item: Item, kind: int) -> Versions:
    """The versions of a kind, in the order in which they were made."""
    if kind == REMOTE:
        return remote_versions(project.clips[item.clip])
    known = item.versions or ((FIRST_VERSION, FRESH if item.remote else item.nodes),)
    return known if item.remote else _with(known, item.version, item.nodes)


def remote_versions(clip: Clip) -> Versions:
    """Those of a clip."""
    return clip.versions or ((FIRST_VERSION, FRESH),)


def add_version(project: Project, item: Item, name: str, kind: int) -> None:
    """Add a version that begins as the grade in use, and use it."""
    known = versions(project, item, kind)
    if name in dict(known):
        raise Refusal(f"{item.name!r} has a version named {name!r} already")
    if len(known) >= MOST_VERSIONS:
        raise Refusal(f"{item.name!r} has {MOST_VERSIONS} versions, and more are not taken")
    _store(project, item, kind, (*known, (name, item.nodes)))
    load_version(project, item, name, kind)


def load_version(project: Project, item: Item, name: str, kind: int) -> None:
    """Use a version."""
    known = versions(project, item, kind)
    nodes = _of(item, known, name)
    if not item.remote:
        item.versions = versions(project, item, LOCAL)  # what is in use now may have changed since it was kept
    item.nodes = nodes
    if kind == REMOTE:
        item.remote = name
    else:
        item.remote, item.version = "", name


def rename_version(project: Project, item: Item, old: str, new: str, kind: int) -> None:
    """Give a version another name; items that use it follow."""
    known = versions(project, item, kind)
    _of(item, known, old)
    if new in dict(known):
        raise Refusal(f"{item.name!r} has a version named {new!r} already")
    _store(project, item, kind, tuple((new if name == old else name, nodes) for name, nodes in known))
    if kind == REMOTE:
        for other in project.items.values():
            if other.clip == item.clip and other.remote == old:
                other.remote = new
    elif item.version == old:
        item.version = new


def delete_version(project: Project, item: Item, name: str, kind: int) -> None:
    """Remove a version that nothing uses."""
    known = versions(project, item, kind)
    _of(item, known, name)
    if kind == REMOTE:
        used = any(other.clip == item.clip and other.remote == name for other in project.items.values())
    else:
        used = item.version == name
    if used:
        raise Refusal(f"the version {name!r} is in use; load another one first")
    _store(project, item, kind, tuple(entry for entry in known if entry[0] != name))


def _store(project: Project, item: Item, kind: int, known: Versions) -> None:
    if kind == REMOTE:
        project.clips[item.clip].versions = known
    else:
        item.versions = known


def _with(known: Versions, name: str, nodes: Nodes) -> Versions:
    return tuple((entry, nodes if entry == name else kept) for entry, kept in known)


def _of(item: Item, known: Versions, name: str) -> Nodes:
    found = dict(known)
    if name not in found:
        raise Refusal(f"{item.name!r} has no version {name!r} of that type; it has {', '.join(found)}")
    return found[name]
