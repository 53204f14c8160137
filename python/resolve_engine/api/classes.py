"""Which Python class implements which Resolve class; each module is imported when the first handle of it is used."""

from __future__ import annotations

from importlib import import_module

from resolve_engine.api.base import ApiClass

MODULES = {
    "Resolve": "resolve",
    "ProjectManager": "project_manager",
    "Project": "project",
    "MediaStorage": "media_storage",
    "MediaPool": "media_pool",
    "Folder": "folder",
    "MediaPoolItem": "media_pool_item",
    "Timeline": "timeline",
    "TimelineItem": "timeline_item",
    "Graph": "graph",
    "Gallery": "gallery",
    "GalleryStillAlbum": "gallery_still_album",
    "ColorGroup": "color_group",
    "Fusion": "fusion",
    "FusionComp": "fusion_comp",
    "FusionTool": "fusion_tool",
}
"""Class to module; the class in the module has the same name."""

_loaded: dict[str, type[ApiClass]] = {}


def implementation(class_name: str) -> type[ApiClass] | None:
    """The class that implements a Resolve class, or None when the engine has nothing of it."""
    chosen = _loaded.get(class_name)
    if chosen is None and class_name in MODULES:
        module = import_module(f"resolve_engine.api.{MODULES[class_name]}")
        chosen = _loaded[class_name] = getattr(module, class_name)
    return chosen


def implements(class_name: str, method: str) -> bool:
    """Whether the engine does a method's work."""
    chosen = implementation(class_name)
    return chosen is not None and callable(getattr(chosen, method, None))
