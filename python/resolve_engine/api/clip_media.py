"""The methods of a clip about the files behind it: proxies, replacing, its audio tracks."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from resolve_engine.api import arguments
from resolve_engine.api.base import ApiClass
from resolve_engine.api.media_pool_import import probed, replace_media
from resolve_engine.emulated import build
from resolve_engine.errors import Refusal
from resolve_engine.model import ingest
from resolve_engine.model.clip import Clip

MOST_TRACKS = 24
"""Audio tracks of one clip."""


class ClipMediaMethods(ApiClass):
    """A clip's own file is in `clip.media`, what stands in for it in `clip.proxy`; renders use the full file."""

    @property
    def clip(self) -> Clip:
        """The clip."""
        return self.project.clips[self.key]

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

    # Audio tracks

    def GetAudioMapping(self) -> str:
        clip = self.clip
        if not clip.audio_mapping:
            raise Refusal(f"{clip.name!r} has no sound")
        tracks = {
            str(number): {"channel_idx": list(channels), "mute": False, "type": format}
            for number, (format, channels) in enumerate(clip.audio_mapping, 1)
        }
        linked = {
            str(number): {
                "channels": _channels(entry["media"]),
                "offset": entry["offset"],
                "path": entry["media"]["path"],
            }
            for number, entry in enumerate(clip.linked_audio, 1)
        }
        return json.dumps(
            {"embedded_audio_channels": clip.own_channels, "linked_audio": linked, "track_mapping": tracks}
        )

    def SetAudioMapping(self, audioMapping: Any) -> bool:
        """Tracks are laid out anew; items on timelines keep playing what they play."""
        clip = self.clip
        given = _parsed(audioMapping)
        tracks = given.get("track_mapping")
        if not isinstance(tracks, dict) or not 1 <= len(tracks) <= MOST_TRACKS:
            raise Refusal(f"track_mapping must have 1 to {MOST_TRACKS} tracks, numbered from '1'")
        if sorted(tracks) != sorted(str(number) for number in range(1, len(tracks) + 1)):
            raise Refusal("the tracks of track_mapping are numbered from '1' without gaps")
        groups = _streams(clip)
        clip.audio_mapping = tuple(_track(tracks[str(number)], groups) for number in range(1, len(tracks) + 1))
        return True


def _length(clip: Clip) -> int:
    """Frames of the whole file, also behind a subclip."""
    media: Any = clip.media
    return int(media["video"]["frames"]) if media["video"] is not None else clip.frames + clip.offset


def _channels(media: Mapping[str, Any]) -> int:
    return sum(stream["channels"] for stream in media["audio"])


def _parsed(value: Any) -> dict[str, Any]:
    text = arguments.text(value, "the audio mapping")
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refusal(f"the audio mapping is no JSON text: {error}") from error
    if not isinstance(given, dict):
        raise Refusal("the audio mapping must be a JSON object with track_mapping")
    return given


def _streams(clip: Clip) -> list[set[int]]:
    """The channels of each stream, the file's own before those of linked sounds."""
    groups, before = [], 0
    media = [clip.media, *(entry["media"] for entry in clip.linked_audio)]
    for info in media:
        for stream in info["audio"] if info is not None else ():
            groups.append(set(range(before + 1, before + 1 + stream["channels"])))
            before += stream["channels"]
    return groups


def _track(given: Any, groups: list[set[int]]) -> tuple[str, tuple[int, ...]]:
    if not isinstance(given, dict):
        raise Refusal("a track of the mapping must be an object with type and channel_idx")
    channels = [
        arguments.whole(value, "a channel", 1) for value in arguments.listing(given.get("channel_idx"), "channel_idx")
    ]
    if given.get("mute"):
        raise Refusal("the engine does not mute a track of a clip; leave the track out instead")
    known = {channel for group in groups for channel in group}
    if not channels or len(set(channels)) != len(channels) or not set(channels) <= known:
        raise Refusal(f"channel_idx {channels} is no choice of the clip's channels, 1 to {max(known, default=0)}")
    for group in groups:
        if group & set(channels) and not group <= set(channels):
            raise Refusal(f"the engine plays a stream as a whole: channels {sorted(group)} must be on one track")
    format = ingest.FORMATS.get(len(channels), f"adaptive{len(channels)}")
    wanted = str(given.get("type", format)).lower()
    if wanted != format and not (wanted.startswith("adaptive") and len(channels) > 1):
        raise Refusal(f"a track of {len(channels)} channels is {format}, not {wanted}")
    return format, tuple(channels)
