"""`Resolve`: the application."""

from __future__ import annotations

from typing import Any

from resolve_engine.api import application, arguments
from resolve_engine.api.application_presets import ApplicationPresetMethods
from resolve_engine.api.preset_files import PresetFileMethods
from resolve_engine.api.priority import set_high
from resolve_engine.emulated import build
from resolve_engine.errors import Refusal
from resolve_engine.remote import PyRemoteObject


class Resolve(PresetFileMethods, ApplicationPresetMethods):
    """The application."""

    CLASS = "Resolve"

    def GetProductName(self) -> str:
        return build().product

    def GetVersion(self) -> list[Any]:
        return [*build().number, ""]

    def GetVersionString(self) -> str:
        return ".".join(str(part) for part in build().number)

    def IsStudio(self) -> bool:
        return build().studio

    def GetCurrentPage(self) -> str:
        return self.app.page

    def OpenPage(self, pageName: Any) -> bool:
        pages = tuple(page for page in application.PAGES if page != "photo" or build().has_photo_page)
        self.app.page = arguments.word(pageName, "the page", pages)
        return True

    def GetProjectManager(self) -> PyRemoteObject:
        return PyRemoteObject("ProjectManager")

    def GetMediaStorage(self) -> PyRemoteObject:
        return PyRemoteObject("MediaStorage")

    def Fusion(self) -> PyRemoteObject:
        """An object on which no composition is open."""
        return PyRemoteObject("Fusion")

    def GetCurrentProject(self) -> PyRemoteObject:
        return self.handle("Project", self.project.id)

    def GetMediaPool(self) -> PyRemoteObject:
        return self.handle("MediaPool")

    def GetGallery(self) -> PyRemoteObject:
        return self.handle("Gallery")

    def GetCurrentTimeline(self) -> PyRemoteObject | None:
        timeline = self.project.open_timeline()
        return None if timeline is None else self.timeline_handle(timeline)

    def GetKeyframeMode(self) -> float | None:
        return float(self.app.keyframe_mode) if build().keyframe_mode_is_readable else None

    def SetKeyframeMode(self, keyframeMode: Any) -> bool:
        mode = arguments.whole(keyframeMode, "the keyframe mode")
        if mode not in (0, 1, 2):
            raise Refusal(f"{mode} is no keyframe mode; read KEYFRAME_MODE_ALL, _COLOR or _SIZING off the object")
        self.app.keyframe_mode = mode
        return True

    def GetFairlightPresets(self) -> list[str]:
        return []

    def SetHighPriority(self, highPriority: Any = True) -> bool:
        """The system's priority of the engine's process, until it ends; older builds take no argument."""
        set_high(arguments.flag(highPriority, "highPriority"))
        return True

    def DisableBackgroundTasksForCurrentResolveSession(self) -> None:
        """The engine has none: what it does, it does when it is asked."""

    def Quit(self) -> bool | None:
        """True from 21.1 on, None before, as their texts say."""
        application.stop()
        return True if build().has("21.1") else None
