"""The clone tool: copies a folder to one or several places, with checksums, while calls go on."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from resolve_engine.api import arguments
from resolve_engine.api.base import ApiClass
from resolve_engine.api.surface import constants
from resolve_engine.errors import Refusal

if TYPE_CHECKING:
    from resolve_engine.archive.cloning import Cloning

CHECKSUMS = ("NONE", "FILESIZE", "CRC32", "MD5", "SHA256", "SHA512", "XXH_64")
"""What is computed."""
MOST_TARGETS = 8


class CloneTool:
    """What the tool does; one in a process. What it is set to is among the preferences."""

    def __init__(self) -> None:
        self.running: Cloning | None = None


_tool = CloneTool()


class CloneMethods(ApiClass):
    """The methods of the media storage about the clone tool."""

    def SetCloneToolSettings(self, cloneToolSettings: Any = None) -> bool:
        """Without settings, back to the defaults."""
        given = arguments.table({} if cloneToolSettings is None else cloneToolSettings, "the settings")
        for key in given:
            if key not in ("PreserveFolderName", "ChecksumType"):
                raise Refusal(f"{key!r} is no setting; they are PreserveFolderName and ChecksumType")
        number = given.get("ChecksumType", constants()["CLONE_CHECKSUM_TYPE_MD5"])
        chosen = next((kind for kind in CHECKSUMS if constants()[f"CLONE_CHECKSUM_TYPE_{kind}"] == number), None)
        if chosen is None:
            raise Refusal(f"{number!r} is no checksum that the engine computes; it does {', '.join(CHECKSUMS)}")
        keep = arguments.flag(given.get("PreserveFolderName", False), "PreserveFolderName")
        self.app.prefer(clone_checksum=chosen, clone_keeps_folder=keep)
        return True

    def StartCloneMedia(self, sourceDir: Any, targetDirs: Any) -> bool:
        """Targets must be there (`storage.clone-false`); a file that is in one already is never overwritten."""
        from resolve_engine.archive.cloning import Cloning

        source = arguments.path(sourceDir, "the source folder")
        if not os.path.isdir(source):
            raise Refusal(f"there is no folder {source!r}")
        listed = [targetDirs] if isinstance(targetDirs, str) else arguments.listing(targetDirs, "the target folders")
        targets = list(dict.fromkeys(arguments.path(value, "a target folder") for value in listed))
        if not 1 <= len(targets) <= MOST_TARGETS:
            raise Refusal(f"1 to {MOST_TARGETS} target folders are needed, not {len(targets)}")
        for target in targets:
            if not os.path.isdir(target):
                raise Refusal(f"there is no target folder {target!r}; make it first")
        if _tool.running is not None and _tool.running.status()["JobStatus"] == "Cloning":
            raise Refusal("the clone tool is copying already; wait for it, or stop it with StopCloneMedia")
        if self.app.preferences["clone_keeps_folder"]:
            targets = [os.path.join(target, os.path.basename(source)) for target in targets]
        real = os.path.realpath(source)
        for target in targets:
            inside = os.path.commonpath([real, os.path.realpath(target)])
            if inside in (real, os.path.realpath(target)):
                raise Refusal(f"the target {target!r} and the source lie in each other")
        _tool.running = Cloning(source, targets, self.app.preferences["clone_checksum"])
        return True

    def StopCloneMedia(self) -> bool:
        if _tool.running is None or not _tool.running.stop():
            raise Refusal("the clone tool copies nothing")
        return True

    def GetCloneStatus(self) -> dict[str, Any]:
        if _tool.running is None:
            return {"JobStatus": "Complete", "CompletionPercentage": 100.0}
        return _tool.running.status()
