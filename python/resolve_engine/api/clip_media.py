"""The methods of a clip about the files behind it: proxies, replacing."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from resolve_engine.api import arguments
from resolve_engine.api.audio_mapping import ClipMappingMethods
from resolve_engine.api.media_pool_import import probed, replace_media
from resolve_engine.emulated import build
from resolve_engine.errors import Refusal
from resolve_engine.model import ingest
from resolve_engine.model.clip import Clip


class ClipMediaMethods(ClipMappingMethods):
    """A clip's own file is in `clip.media`, what stands in for it in `clip.proxy`; renders use the full file."""

    def LinkProxyMedia(self, proxyMediaFilePath: Any) -> bool:
        """The proxy must show the same frames: as many, at the same rate, from the same timecode where it has one."""
        clip = self._with_picture()
        found = probed(arguments.path(proxyMediaFilePath, "the path"))
        self._check_same_frames(clip, found)
        clip.proxy = found
        return True

    def UnlinkProxyMedia(self) -> bool:
        if self.clip.proxy is None:
            raise Refusal(f"{self.clip.name!r} has no proxy")
        self.clip.proxy = None
        return True

    def LinkFullResolutionMedia(self, fullResMediaPath: Any) -> bool:
        """What the clip was imported from becomes its proxy."""
        clip = self._with_picture()
        found = probed(arguments.path(fullResMediaPath, "the path"))
        self._check_same_frames(clip, found)
        small: Any = clip.media
        if found["video"]["width"] < small["video"]["width"]:
            raise Refusal(f"{found['path']!r} is smaller than what {clip.name!r} has; link it as a proxy instead")
        ingest.replace_media(self.project, clip, found)
        clip.proxy = small
        return True

    def ReplaceClip(self, filePath: Any) -> bool:
        """Every use follows, places and lengths stay, and so does the clip's name (from 21.1 on)."""
        path = arguments.path(filePath, "the path")
        if self.clip.media is None:
            raise Refusal("only a clip that comes from a file can be given another file")
        replace_media(self, self.clip, path)
        if build().replacing_renames_a_clip:
            self.clip.name = os.path.basename(path)
        return True

    def ReplaceClipPreserveSubClip(self, filePath: Any) -> bool:
        """The subclip shows the same stretch of the other file."""
        clip = self.clip
        if clip.media is None:
            raise Refusal("only a clip that comes from a file can be given another file")
        found = probed(arguments.path(filePath, "the path"))
        ingest.replace_media(self.project, clip, found, ingest.stretch(clip))
        return True

    def _with_picture(self) -> Clip:
        clip = self.clip
        if clip.media is None or clip.media["video"] is None or clip.media["kind"] == "still":
            raise Refusal(f"{clip.name!r} has no moving picture of a file, so it has no proxy")
        return clip

    def _check_same_frames(self, clip: Clip, found: Mapping[str, Any]) -> None:
        video = found["video"]
        if video is None:
            raise Refusal(f"{found['path']!r} has no picture")
        rate, frames = tuple(video["rate"]), video["frames"]
        if rate != tuple(clip.rate) or frames != _length(clip):
            raise Refusal(
                f"{found['path']!r} has {frames} frames at {rate[0] / rate[1]:g} fps, {clip.name!r} {_length(clip)} at "
                f"{clip.rate[0] / clip.rate[1]:g}; they must show the same frames"
            )
        media: Any = clip.media
        times = [info["start_timecode"] for info in (found, media) if info["start_timecode"]]
        if len(times) == 2 and times[0] != times[1]:
            raise Refusal(f"{found['path']!r} starts at {times[0]}, {clip.name!r} at {times[1]}")


def _length(clip: Clip) -> int:
    """Frames of the whole file, also behind a subclip."""
    media: Any = clip.media
    return int(media["video"]["frames"]) if media["video"] is not None else clip.frames + clip.offset
