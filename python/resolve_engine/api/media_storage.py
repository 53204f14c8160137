"""`MediaStorage`: the disks, and bringing what lies on them into the media pool."""

from __future__ import annotations

import os
from typing import Any

from resolve_engine.api import arguments
from resolve_engine.api.media_pool_import import ImportMethods, Request, path_requests
from resolve_engine.api.names import numbered
from resolve_engine.errors import Refusal
from resolve_engine.remote import PyRemoteObject

MOST_ENTRIES = 50_000
"""Of one folder; a listing of more would not fit an answer."""


class MediaStorage(ImportMethods):
    """Paths are absolute. On one machine every disk is mounted, so volumes are the roots of its file systems."""

    CLASS = "MediaStorage"

    def GetMountedVolumeList(self) -> list[str]:
        if os.name == "nt":
            return [f"{letter}:\\" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if os.path.exists(f"{letter}:\\")]
        mounts = [os.path.join(base, name) for base in ("/Volumes", "/media", "/mnt") for name in _names(base)]
        return ["/", *(path for path in mounts if os.path.ismount(path))]

    def GetMountedVolumes(self) -> dict[float, str]:
        return numbered(self.GetMountedVolumeList())

    def GetSubFolderList(self, folderPath: Any) -> list[str]:
        folder = _folder(folderPath)
        return [path for path in (os.path.join(folder, name) for name in _names(folder)) if os.path.isdir(path)]

    def GetSubFolders(self, folderPath: Any) -> dict[float, str]:
        return numbered(self.GetSubFolderList(folderPath))

    def GetFileList(self, folderPath: Any) -> list[str]:
        """Files, each image sequence as one entry such as `shot_[0001-0024].png`."""
        from resolve_engine.media import sequence

        folder = _folder(folderPath)
        runs = sequence.in_folder(folder)
        folded = {os.path.basename(run.file(index)) for run in runs for index in range(run.frames)}
        names = [name for name in _names(folder) if name not in folded]
        files = [path for path in (os.path.join(folder, name) for name in names) if os.path.isfile(path)]
        return sorted([*files, *(run.shown for run in runs)])

    def GetFiles(self, folderPath: Any) -> dict[float, str]:
        return numbered(self.GetFileList(folderPath))

    def AddItemListToMediaPool(self, *itemInfos: Any) -> list[PyRemoteObject]:
        """Takes paths one after the other, a list of paths, or a list of dicts with `media`, `startFrame` and
        `endFrame`."""
        given = list(itemInfos)
        if len(given) == 1 and not isinstance(given[0], str):
            given = arguments.listing(given[0], "the items")
        requests: list[Request] = []
        for entry in given:
            if isinstance(entry, dict):
                if "startFrame" in entry or "endFrame" in entry:
                    raise Refusal("the engine cannot import a part of a file yet; leave startFrame and endFrame out")
                entry = entry.get("media")
            requests.extend(path_requests(arguments.path(entry, "a path")))
        return [self.clip_handle(clip) for clip in self.import_requests(requests)]

    def AddItemsToMediaPool(self, *items: Any) -> dict[float, PyRemoteObject]:
        return numbered(self.AddItemListToMediaPool(*items))


def _folder(value: Any) -> str:
    path = arguments.path(value, "the folder")
    if not os.path.isabs(value):
        raise Refusal(f"the folder must be an absolute path, not {value!r}")
    if not os.path.isdir(path):
        raise Refusal(f"there is no folder {path!r}")
    return path


def _names(folder: str) -> list[str]:
    """The names in a folder, in order; none when it cannot be read."""
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return []
    if len(names) > MOST_ENTRIES:
        raise Refusal(f"{folder!r} holds more than {MOST_ENTRIES} entries")
    return [name for name in names if not name.startswith(".")]
