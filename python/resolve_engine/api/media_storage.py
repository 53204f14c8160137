"""`MediaStorage`: the disks, and bringing what lies on them into the media pool."""

from __future__ import annotations

import os
from typing import Any

from resolve_engine.api import arguments
from resolve_engine.api.clone_tool import CloneMethods
from resolve_engine.api.mattes import MatteImportMethods
from resolve_engine.api.media_pool_import import Request, path_requests
from resolve_engine.api.names import numbered
from resolve_engine.errors import Refusal
from resolve_engine.model import ingest
from resolve_engine.model.clip import Clip
from resolve_engine.remote import PyRemoteObject

MOST_ENTRIES = 50_000
"""Of one folder; a listing of more would not fit an answer."""


class MediaStorage(MatteImportMethods, CloneMethods):
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
        stretches: dict[int, tuple[int, int | None]] = {}
        for entry in given:
            if isinstance(entry, dict):
                stretches[len(requests)] = _stretch(entry)
                entry = entry.get("media")
            requests.extend(path_requests(arguments.path(entry, "a path")))
        if not any(first or after is not None for first, after in stretches.values()):
            return [self.clip_handle(clip) for clip in self.import_requests(requests)]
        made = []
        for number, request in enumerate(requests):
            for clip in self.import_requests([request]):
                _cut(clip, *stretches.get(number, (0, None)))
                made.append(self.clip_handle(clip))
        return made

    def AddItemsToMediaPool(self, *items: Any) -> dict[float, PyRemoteObject]:
        return numbered(self.AddItemListToMediaPool(*items))


def _stretch(entry: dict[str, Any]) -> tuple[int, int | None]:
    """First frame and last frame of a subclip, the last one None for the end."""
    for key in arguments.table(entry, "the item"):
        if key not in ("media", "startFrame", "endFrame"):
            raise Refusal(f"{key!r} is no key of an item; the keys are media, startFrame, endFrame")
    last = arguments.whole(entry["endFrame"], "endFrame", low=0) if "endFrame" in entry else None
    return arguments.whole(entry.get("startFrame", 0), "startFrame", low=0), last


def _cut(clip: Clip, first: int, last: int | None) -> None:
    last = clip.frames - 1 if last is None else last
    if clip.type == "Still" or not first <= last < clip.frames:
        raise Refusal(
            f"frames {first} to {last} are no stretch of {clip.name!r}, whose frames are 0 to {clip.frames - 1}"
        )
    ingest.subclip(clip, first, last + 1 - first)


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
