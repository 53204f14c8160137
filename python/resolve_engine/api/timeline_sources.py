"""Finding a clip of the media pool for every source that a timeline in a file names."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from fractions import Fraction
from math import ceil
from typing import Any

from resolve_engine.api.base import ApiClass
from resolve_engine.api.media_pool_import import MOST_FILES, SEQUENCE_LABEL, path_requests
from resolve_engine.errors import Refusal
from resolve_engine.interchange import plain, to_model
from resolve_engine.model import ingest
from resolve_engine.model.clip import Clip
from resolve_engine.timecode import Ratio

Uses = Sequence[tuple[str, plain.Item]]
"""The items that show a source, each with the kind of its track."""


class Sources:
    """One file's sources on their way to clips."""

    def __init__(self, api: ApiClass, found: plain.Timeline, among: Sequence[Clip], ignore_extensions: bool) -> None:
        """`among` are the clips of the media pool that may be found."""
        self.project = api.project
        self.found = found
        self.uses = found.uses()
        self._ways = _ways(among, ignore_extensions)
        self.said: list[str] = []
        """Why clips are offline, for the reason of a call that succeeds all the same."""

    def from_files(self, place: str) -> list[Clip]:
        """The files themselves, imported anew, from where they are said to lie or from below another folder; what has
        no file there is looked for in the media pool, and is offline when it is not there either."""
        moved = _files_below(place) if place else {}
        paths: dict[str, None] = {}
        wanted: list[str] = []
        for source in self.found.sources:
            path = source.path
            if path and not is_there(path):
                path = moved.get(os.path.basename(path), "")
            wanted.append(path)
            if path:
                paths[path] = None
        imported = self._imported(list(paths))
        clips = []
        for number, path in enumerate(wanted):
            clip = imported.get(path)
            if clip is not None and not self._fits(number, clip):
                self.said.append(f"{path!r} is shorter than what the timeline shows of it")
                clip = None
            clips.append(clip or self._in_pool(number) or self.offline(number))
        return clips

    def from_pool(self) -> list[Clip]:
        """Clips of the media pool; what is not there is offline."""
        return [self._in_pool(number) or self.offline(number) for number in range(len(self.found.sources))]

    def offline(self, number: int) -> Clip:
        """A clip without its file, as long as the file says or as what is used of it."""
        source = self.found.sources[number]
        self.said.append(f"no media was found for {source.name!r}; its items are offline")
        media = _described(self.found.rate, source, self.uses.get(number, []))
        clip = ingest.new_clip(self.project, media, time.time())
        clip.name = source.name or clip.name
        clip.start, clip.drop_frame, clip.rate = source.start, source.drop_frame, source.rate
        clip.frames = 1 if source.still else _frames(self.found.rate, source, self.uses.get(number, []))
        clip.offline = True
        if source.reel:
            clip.metadata = {"Reel Name": source.reel}
        return clip

    def _imported(self, paths: list[str]) -> dict[str, Clip]:
        from resolve_engine.media.info import ProbeFailure
        from resolve_engine.worker.client import MediaWorker

        if len(paths) > MOST_FILES:
            raise Refusal(f"the timeline names {len(paths)} files, more than the {MOST_FILES} that one import takes")
        clips = {}
        for path in paths:
            requests = list(path_requests(path)) if not os.path.isdir(path) else []
            if len(requests) != 1:
                self.said.append(f"{path!r} is no file of media")
                continue
            (found,) = MediaWorker.shared().probe(requests)
            if isinstance(found, ProbeFailure):
                self.said.append(found.reason)
            else:
                clips[path] = ingest.new_clip(self.project, found.to_json(), time.time())
        return clips

    def _in_pool(self, number: int) -> Clip | None:
        """The clip with the file's path, else with its name, that holds all that is shown of it."""
        source = self.found.sources[number]
        stem = os.path.splitext(source.name)[0]
        for way, wanted in zip(self._ways, (source.path, source.name, source.name, stem, source.reel), strict=True):
            for clip in way.get(wanted, ()):
                if self._fits(number, clip):
                    return clip
        return None

    def _fits(self, number: int, clip: Clip) -> bool:
        frames = self.project.extent(clip)[1]
        return to_model.fits(self.found.rate, self.found.sources[number], self.uses.get(number, ()), clip, frames)


def _ways(among: Sequence[Clip], ignore_extensions: bool) -> tuple[dict[str, list[Clip]], ...]:
    """Clips by path, by name, by the name of their file with and without its extension, and by reel; the best first."""
    ways: tuple[dict[str, list[Clip]], ...] = ({}, {}, {}, {}, {})
    for clip in among:
        file = os.path.basename(clip.path)
        stem = os.path.splitext(file)[0] if ignore_extensions else ""
        for way, key in zip(ways, (clip.path, clip.name, file, stem, clip.metadata.get("Reel Name", "")), strict=True):
            if key:
                way.setdefault(key, []).append(clip)
    return ways


def is_there(path: str) -> bool:
    """Whether a file, or the sequence that a label stands for, may be there."""
    return os.path.isfile(path) or (os.path.isabs(path) and SEQUENCE_LABEL.fullmatch(path) is not None)


def _files_below(place: str) -> dict[str, str]:
    """Name to path of the files below a folder. Raises Refusal."""
    if not os.path.isdir(place):
        raise Refusal(f"{place!r} is no folder")
    return {name: os.path.join(where, name) for where, _, names in os.walk(place) for name in names}


def _frames(rate: Ratio, source: plain.Source, uses: Uses) -> int:
    """The length of a source: as the file says, and never less than what a timeline of a rate uses of it."""
    used = source.frames
    for _, item in uses:
        step = abs(Fraction(*item.speed)) * Fraction(*source.rate) / Fraction(*rate)
        used = max(used, ceil(Fraction(*item.source_in) + item.duration * step))
    return max(used, 1)


def _described(timeline_rate: Ratio, source: plain.Source, uses: Uses) -> dict[str, Any]:
    """What the probe would have found, as far as the timeline's file says; what it does not say is empty."""
    frames = _frames(timeline_rate, source, uses)
    heard = [max(item.channels, default=1) for kind, item in uses if kind == "audio"]
    sound = source.sound or (1,) * max(heard, default=0)
    picture = not sound or any(kind == "video" for kind, _ in uses)
    rate = source.rate
    video = {
        "width": source.size[0], "height": source.size[1], "rate": rate, "frames": frames, "codec": "", "profile": "",
        "pixel_format": "", "bit_depth": 0, "has_alpha": False, "sample_aspect": (1, 1), "color_range": "",
        "color_space": "", "color_primaries": "", "color_transfer": "", "field_order": "progressive", "rotation": 0,
        "variable_rate": False, "stream_index": 0,
    }  # fmt: skip
    samples = frames * rate[1] * source.sample_rate // rate[0]
    audio = [
        {"channels": channels, "layout": "", "sample_rate": source.sample_rate, "samples": samples, "codec": "",
         "bit_depth": 0, "stream_index": index}
        for index, channels in enumerate(sound, 1)
    ]  # fmt: skip
    return {
        "path": source.path or source.name or "offline", "kind": "still" if source.still else
        "video" if picture else "audio", "container": "", "size": 0, "modified": 0.0, "created": 0.0,
        "video": video if picture else None, "audio": audio, "start_timecode": None, "reel": source.reel,
        "metadata": {}, "sequence_first": 0, "sequence_digits": 0,
    }  # fmt: skip
