"""The methods of a project about sound on the Fairlight page."""

from __future__ import annotations

import math
import time
from typing import Any

from resolve_engine.api import arguments
from resolve_engine.api.base import ApiClass
from resolve_engine.errors import Refusal
from resolve_engine.model.clip import Clip

MOST_SAMPLES = 1 << 40
"""No recording is near this; a larger number is a mistake."""


class AudioMethods(ApiClass):
    """There is no window to select a track in: the first audio track is the selected one."""

    def InsertAudioToCurrentTrackAtPlayhead(
        self, mediaPath: Any, startOffsetInSamples: Any, durationInSamples: Any
    ) -> bool:
        """The stretch begins at its very sample and lasts whole frames, rounded down; nothing is overwritten."""
        from fractions import Fraction

        from resolve_engine.model.placing import AUDIO_ONLY, Placement, place

        path = arguments.path(mediaPath, "the path")
        offset = arguments.whole(startOffsetInSamples, "the offset", 0, MOST_SAMPLES)
        samples = arguments.whole(durationInSamples, "the duration", 1, MOST_SAMPLES)
        timeline = self.project.open_timeline()
        if timeline is None:
            raise Refusal("there is no current timeline")
        if self.app.page != "fairlight":
            raise Refusal("sound is inserted on the Fairlight page; open it with OpenPage('fairlight') first")
        clip = self._sound(path)
        stream: Any = clip.media["audio"][0] if clip.media is not None else None
        if offset + samples > stream["samples"]:
            raise Refusal(
                f"samples {offset} to {offset + samples} are outside {clip.name!r}, which has {stream['samples']}"
            )
        begin, length = Fraction(offset, stream["sample_rate"]), Fraction(samples, stream["sample_rate"])
        frames = math.floor(length * Fraction(*timeline.rate))
        if frames < 1:
            raise Refusal(f"{samples} samples are less than one frame of the timeline")
        start = begin * Fraction(*clip.rate)
        first, after = math.floor(start), math.ceil((begin + length) * Fraction(*clip.rate))
        wanted = Placement(clip, first, min(max(after, first + 1), clip.frames), timeline.playhead, 1, AUDIO_ONLY)
        for item in place(self.project, timeline, wanted):
            item.source_start, item.duration = (start.numerator, start.denominator), frames
        return True

    def _sound(self, path: str) -> Clip:
        """The clip of a file with sound: the one in the pool, or a new one."""
        from resolve_engine.api.media_pool_import import probed
        from resolve_engine.model import ingest

        for clip in self.project.clips.values():
            if clip.path == path and not clip.offline and clip.own_channels and ingest.stretch(clip) is None:
                return clip
        found = probed(path)
        if not found["audio"]:
            raise Refusal(f"{path!r} has no sound")
        return ingest.new_clip(self.project, found, time.time())
