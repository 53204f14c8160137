"""`Resolve`: the application."""

from __future__ import annotations

from typing import Any

from resolve_engine.api import application, arguments
from resolve_engine.api.base import ApiClass
from resolve_engine.errors import Refusal
from resolve_engine.remote import PyRemoteObject

VERSION = (21, 1, 0, 0, "")
"""The Resolve whose API the engine answers: major, minor, patch, build, suffix."""


class Resolve(ApiClass):
    """The application."""

    CLASS = "Resolve"

    def GetProductName(self) -> str:
        return "DaVinci Resolve Studio"

    def GetVersion(self) -> list[Any]:
        return list(VERSION)

    def GetVersionString(self) -> str:
        return ".".join(str(part) for part in VERSION[:3])

    def IsStudio(self) -> bool:
        return True

    def GetCurrentPage(self) -> str:
        return self.app.page

    def OpenPage(self, pageName: Any) -> bool:
        self.app.page = arguments.choice(pageName, "the page", application.PAGES)
        return True

    def GetProjectManager(self) -> PyRemoteObject:
        return PyRemoteObject("ProjectManager")

    def GetMediaStorage(self) -> PyRemoteObject:
        return PyRemoteObject("MediaStorage")

    def GetCurrentProject(self) -> PyRemoteObject:
        return self.handle("Project", self.project.id)

    def GetMediaPool(self) -> PyRemoteObject:
        return self.handle("MediaPool")

    def GetGallery(self) -> PyRemoteObject:
        return self.handle("Gallery")

    def GetCurrentTimeline(self) -> PyRemoteObject | None:
        timeline = self.project.open_timeline()
        return None if timeline is None else self.timeline_handle(timeline)

    def GetKeyframeMode(self) -> float:
        return float(self.app.keyframe_mode)

    def SetKeyframeMode(self, keyframeMode: Any) -> bool:
        mode = arguments.whole(keyframeMode, "the keyframe mode")
        if mode not in (0, 1, 2):
            raise Refusal(f"{mode} is no keyframe mode; read KEYFRAME_MODE_ALL, _COLOR or _SIZING off the object")
        self.app.keyframe_mode = mode
        return True

    def Quit(self) -> None:
        application.stop()
