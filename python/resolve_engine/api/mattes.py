"""Mattes: pictures that go with a clip, and those that stand in a folder for timelines."""

from __future__ import annotations

from typing import Any

from resolve_engine.api import arguments
from resolve_engine.api.base import ApiClass
from resolve_engine.api.media_pool_import import ImportMethods, path_requests, probed
from resolve_engine.errors import Refusal
from resolve_engine.remote import PyRemoteObject

MOST_MATTES = 100
"""Of one clip."""
TYPE = "Matte"
"""The type of a clip that is a timeline matte."""


class MatteImportMethods(ImportMethods):
    """The methods of the media storage that bring mattes in."""

    def AddClipMattesToMediaPool(self, mediaPoolItem: Any, paths: Any, stereoEye: Any = None) -> bool:
        """All of them or none; each must be a picture that can be read."""
        if stereoEye is not None and stereoEye != "":
            raise Refusal("stereoscopic pictures are not built yet; leave the eye out")
        clip = self.given_clip(mediaPoolItem)
        if clip.media is None or clip.media["video"] is None:
            raise Refusal(f"{clip.name!r} has no picture of a file, so it takes no matte")
        found = []
        for value in arguments.listing(paths, "the paths"):
            info = probed(arguments.path(value, "a path"))
            if info["video"] is None:
                raise Refusal(f"{info['path']!r} has no picture")
            found.append(info["path"])
        new = [path for path in dict.fromkeys(found) if path not in clip.mattes]
        if not new or len(clip.mattes) + len(new) > MOST_MATTES:
            raise Refusal(f"no new matte was given, or there would be more than {MOST_MATTES}")
        clip.mattes = (*clip.mattes, *new)
        return True

    def AddTimelineMattesToMediaPool(self, paths: Any) -> list[PyRemoteObject]:
        requests = [
            request
            for value in arguments.listing(paths, "the paths")
            for request in path_requests(arguments.path(value, "a path"))
        ]
        clips = self.import_requests(requests)
        for clip in clips:
            if not clip.has_video:
                raise Refusal(f"{clip.path!r} has no picture, so it is no matte", [])
            clip.type = TYPE
        return [self.clip_handle(clip) for clip in clips]


class MatteMethods(ApiClass):
    """The methods of the media pool about mattes."""

    def GetClipMatteList(self, mediaPoolItem: Any) -> list[str]:
        return list(self.given_clip(mediaPoolItem).mattes)

    def GetTimelineMatteList(self, folder: Any) -> list[PyRemoteObject]:
        chosen = self.given_folder(folder)
        clips = self.project.clips.values()
        return [self.clip_handle(clip) for clip in clips if clip.type == TYPE and clip.parent == chosen.id]

    def DeleteClipMattes(self, mediaPoolItem: Any, paths: Any) -> bool:
        clip = self.given_clip(mediaPoolItem)
        gone = [arguments.path(value, "a path") for value in arguments.listing(paths, "the paths")]
        missing = [path for path in gone if path not in clip.mattes]
        if missing or not gone:
            raise Refusal(f"{clip.name!r} has no matte {missing[0]!r}" if missing else "no matte was given")
        clip.mattes = tuple(path for path in clip.mattes if path not in gone)
        return True
