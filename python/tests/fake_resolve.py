"""A small stand-in for Resolve's scripting module, with the traps of the real one, for the tests of the host.

Any attribute name answers (None when unknown), every object has one type, handles of a closed project
answer None to every call, and answers come as Resolve gives them: False, None, numbers as floats.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

_addresses = itertools.count(0x7F00)
constants: dict[str, Any] = {"EXPORT_EDL": 2.0, "EXPORT_NONE": -1.0}


class PyRemoteObject:
    """A handle: a class name, methods by name, and whether what it stands for is still there."""

    def __init__(self, kind: str, methods: dict[str, Callable[..., Any]], alive: Callable[[], bool]) -> None:
        self.__dict__.update(_kind=kind, _methods=methods, _alive=alive, _address=next(_addresses))

    def __getattr__(self, name: str) -> Any:
        method = self._methods.get(name)
        if method is None:
            return constants.get(name) if self._kind == "Resolve" else None
        return lambda *args: method(*args) if self._alive() else None

    def __dir__(self) -> list[str]:
        return [*self._methods, "Print"]

    def __repr__(self) -> str:
        return f"{self._kind} (0x0x{self._address:x}) [App: 'Resolve' on 127.0.0.1, UUID: 0-0]"


class Item:
    """Something with a unique id and a name."""

    def __init__(self, id: str, name: str) -> None:
        self.id, self.name, self.deleted = id, name, False
        self.markers: dict[float, dict[str, Any]] = {}


class Timeline(Item):
    """Its items, on one video track."""

    def __init__(self, id: str, name: str) -> None:
        super().__init__(id, name)
        self.items: list[Item] = []


class Folder(Item):
    """Its folders and clips."""

    def __init__(self, id: str, name: str) -> None:
        super().__init__(id, name)
        self.folders: list[Folder] = []
        self.clips: list[Item] = []


class Project(Item):
    """Timelines, a root folder, color groups and stills."""

    def __init__(self, id: str, name: str) -> None:
        super().__init__(id, name)
        self.timelines: list[Timeline] = []
        self.current: Timeline | None = None
        self.root = Folder(f"{id}-root", "Master")
        self.groups: list[str] = []
        self.stills = 3
        self.settings: dict[str, str] = {}


class World:
    """All projects, and which one is open."""

    def __init__(self) -> None:
        self.projects: list[Project] = []
        self.open: Project | None = None
        self.running = True

    def add(self, name: str) -> Project:
        """Makes a project with two timelines of three items each and a few folders, and opens it."""
        project = Project(f"project-{len(self.projects) + 1}", name)
        for number in (1, 2):
            timeline = Timeline(f"{project.id}-timeline-{number}", f"Cut {number}")
            timeline.items = [Item(f"{timeline.id}-item-{index}", f"Shot {index}") for index in (1, 2, 3)]
            project.timelines.append(timeline)
        project.current = project.timelines[0]
        day = Folder(f"{project.id}-day", "Day 1")
        slashed = Folder(f"{project.id}-slashed", "A/B")
        slashed.folders.append(Folder(f"{project.id}-below", "Below"))
        project.root.folders += [day, slashed]
        day.clips = [Item(f"{project.id}-clip-1", "bird.mov"), Item(f"{project.id}-clip-2", "twin.mov")]
        slashed.clips = [Item(f"{project.id}-clip-3", "twin.mov")]
        self.projects.append(project)
        self.open = project
        return project


world = World()
world.add("First")


def item(kind: str, of: Item, project: Project, more: dict[str, Callable[..., Any]] | None = None) -> PyRemoteObject:
    """A handle on an item of a project."""

    def mark(frame: float, color: str, *rest: Any) -> bool | str:
        if color == "Sentence":
            return "The color is not one that Resolve knows"
        if color not in ("Blue", "Red"):
            return False
        of.markers[float(frame)] = {"color": color, "rest": list(rest)}
        return True

    methods: dict[str, Callable[..., Any]] = {
        "GetUniqueId": lambda: of.id,
        "GetName": lambda: of.name,
        "AddMarker": mark,
        "GetMarkers": lambda: of.markers,
    }
    return PyRemoteObject(
        kind, methods | (more or {}), lambda: world.running and world.open is project and not of.deleted
    )


def timeline(of: Timeline, project: Project) -> PyRemoteObject:
    """A handle on a timeline."""
    return item(
        "Timeline",
        of,
        project,
        {
            "GetTrackCount": lambda kind: 1 if kind == "video" else 0,
            "GetItemListInTrack": lambda kind, track: [timeline_item(each, project) for each in of.items],
            "GetCurrentVideoItem": lambda: timeline_item(of.items[0], project) if of.items else None,
            "GetNodeGraph": lambda: graph(of, project, 0),
            "GrabStill": lambda: item_without_id("GalleryStill", project),
        },
    )


def timeline_item(of: Item, project: Project) -> PyRemoteObject:
    """A handle on an item of a timeline."""
    return item("TimelineItem", of, project, {"GetNodeGraph": lambda layer=1: graph(of, project, layer)})


def graph(of: Item, project: Project, layer: int) -> PyRemoteObject:
    """A handle on a node graph; its first node is called after its owner."""
    methods: dict[str, Callable[..., Any]] = {"GetNodeLabel": lambda node: f"{of.id} layer {layer}"}
    return PyRemoteObject("Graph", methods, lambda: world.running and world.open is project)


def item_without_id(kind: str, project: Project) -> PyRemoteObject:
    """A handle on something that has no unique id."""
    return PyRemoteObject(kind, {"GetLabel": lambda: kind}, lambda: world.running and world.open is project)


def folder(of: Folder, project: Project) -> PyRemoteObject:
    """A handle on a folder."""
    return item(
        "Folder",
        of,
        project,
        {
            "GetSubFolderList": lambda: [folder(each, project) for each in of.folders],
            "GetClipList": lambda: [item("MediaPoolItem", each, project) for each in of.clips],
        },
    )


def color_group(name: str, project: Project) -> PyRemoteObject:
    """A handle on a color group."""
    methods: dict[str, Callable[..., Any]] = {
        "GetName": lambda: name,
        "GetPreClipNodeGraph": lambda: graph(Item(f"{name} before", ""), project, 0),
        "GetPostClipNodeGraph": lambda: graph(Item(f"{name} after", ""), project, 0),
    }
    return PyRemoteObject("ColorGroup", methods, lambda: world.running and world.open is project)


def project_handle(of: Project | None) -> PyRemoteObject | None:
    """A handle on a project."""
    if of is None:
        return None

    def by_index(index: float) -> PyRemoteObject | None:
        place = int(index) - 1
        return timeline(of.timelines[place], of) if 0 <= place < len(of.timelines) else None

    def set_setting(name: str, value: str) -> bool | str:
        if name == "odd":
            return "There is no setting of that name"
        of.settings[name] = value
        return True

    pool = item(
        "MediaPool",
        Item(f"{of.id}-pool", ""),
        of,
        {
            "GetRootFolder": lambda: folder(of.root, of),
            "GetCurrentFolder": lambda: folder(of.root, of),
            "ImportMedia": lambda paths: [],
        },
    )
    return item(
        "Project",
        of,
        of,
        {
            "GetTimelineCount": lambda: float(len(of.timelines)),
            "GetTimelineByIndex": by_index,
            "GetCurrentTimeline": lambda: timeline(of.current, of) if of.current else None,
            "GetMediaPool": lambda: pool,
            "SetSetting": set_setting,
            "GetColorGroupsList": lambda: [color_group(name, of) for name in of.groups],
        },
    )


def open_project(name: str) -> PyRemoteObject | None:
    """Opens the project of that name."""
    for each in world.projects:
        if each.name == name:
            world.open = each
            return project_handle(each)
    return None


manager = PyRemoteObject(
    "ProjectManager",
    {
        "GetCurrentProject": lambda: project_handle(world.open),
        "GetProjectListInCurrentFolder": lambda: [each.name for each in world.projects],
        "LoadProject": open_project,
        "CreateProject": lambda name: (
            None if any(each.name == name for each in world.projects) else project_handle(world.add(name))
        ),
    },
    lambda: world.running,
)

resolve_methods: dict[str, Callable[..., Any]] = {
    "GetProductName": lambda: "DaVinci Resolve Studio",
    "GetVersionString": lambda: "21.1.0.14",
    "GetCurrentPage": lambda: "edit",
    "GetProjectManager": lambda: manager,
}
resolve = PyRemoteObject("Resolve", resolve_methods, lambda: world.running)


def scriptapp(name: str) -> PyRemoteObject | None:
    """The resolve object, while Resolve runs."""
    return resolve if name == "Resolve" and world.running else None
