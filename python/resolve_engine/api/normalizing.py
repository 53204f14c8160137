"""The methods of a timeline that bring sound items to a level or a loudness."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from resolve_engine.api import arguments, grades
from resolve_engine.api.parts import TimelinePart
from resolve_engine.errors import Refusal
from resolve_engine.model.item import Item
from resolve_engine.model.properties import SOUND

PEAK = "Sample Peak Program"
LOUDNESS = ("ITU-R BS.1770-4", "EBU R128")
"""Both are measured alike; they differ in the loudness that people ask for."""

LEAST_DB, MOST_DB = -100.0, 0.0
"""Targets: nothing is heard below, and what is above full scale is cut off."""

KEYS = ("normalizationMode", "targetLevel", "targetLoudness", "setLevelMode")
VOLUME = "AudioVolume"


class NormalizeMethods(TimelinePart):
    """Sound is measured as a render hears each item by itself, but at 0 dB; what is set is its AudioVolume."""

    def _items(self, value: Any) -> list[Item]:
        """Items of this timeline out of a list."""
        raise NotImplementedError

    def GetNormalizeAudioModes(self) -> list[str]:
        """Those that the engine measures; Resolve has fourteen."""
        return [PEAK, *LOUDNESS]

    def NormalizeAudioLevel(self, timelineItems: Any, normalizeAudioOptions: Any = None) -> bool:
        """The target must be given: targetLevel in dBFS for a peak, targetLoudness in LKFS for a loudness. Relative,
        which is the default, the loudest item reaches it and all are changed alike; a picture stands for its sound."""
        mode, target, alike = _options(normalizeAudioOptions)
        given = self._items(timelineItems)
        sounds = [one for item in given for one in self.project.linked(item) if one.type == "audio"]
        sounds = list(dict.fromkeys(item for item in given if item.type == "audio")) or list(dict.fromkeys(sounds))
        if not sounds:
            raise Refusal("there is no sound among the items; give sound items, or pictures that are linked with one")
        for item in sounds:
            track = self.project.tracks[item.parent]
            if track.locked:
                raise Refusal(f"{track.type} track {track.position} is locked")
        measured = {item: self._measured(item, mode) for item in sounds}
        loudest = max(measured.values())
        for item, level in measured.items():
            _set_volume(item, target - (loudest if alike else level))
        return True

    def _measured(self, item: Item, mode: str) -> float:
        """The level of an item at 0 dB: its peak in dBFS, or its loudness in LKFS."""
        from resolve_engine.media.errors import MediaError
        from resolve_engine.model.frozen import freeze
        from resolve_engine.worker.client import MediaWorker

        timeline = self.timeline
        spec = freeze(self.project, timeline, grades.lut_path, item)
        audio = tuple(
            replace(
                track,
                enabled=True,
                items=tuple(
                    replace(one, enabled=True, properties={**one.properties, VOLUME: 0.0}) for one in track.items
                ),
            )
            for track in spec.audio
        )
        first, end = timeline.start + item.position, timeline.start + item.end
        try:
            peak, integrated = MediaWorker.shared().loudness(replace(spec, audio=audio), first, end)
        except MediaError as error:
            raise Refusal(error.reason) from error
        if mode == PEAK and peak > 0:
            return 20 * math.log10(peak)
        if mode != PEAK and integrated is not None:
            return integrated
        raise Refusal(f"{item.name!r} is silent" + ("" if mode == PEAK else ", or too short to have a loudness"))


def _options(value: Any) -> tuple[str, float, bool]:
    """Mode, target and whether all items are changed alike."""
    given = {} if value is None else arguments.table(value, "the options")
    for key in given:
        if key not in KEYS:
            raise Refusal(f"{key!r} is no key of the options; the keys are {', '.join(KEYS)}")
    mode = arguments.text(given.get("normalizationMode", PEAK), "normalizationMode")
    if mode not in (PEAK, *LOUDNESS):
        raise Refusal(f"the engine does not measure {mode!r}; it measures {', '.join((PEAK, *LOUDNESS))}")
    key, unit = ("targetLevel", "dBFS") if mode == PEAK else ("targetLoudness", "LKFS")
    if key not in given:
        raise Refusal(f"{key} is missing: give it in {unit}, {LEAST_DB:g} to {MOST_DB:g}")
    prefix = "NORMALIZE_AUDIO_SET_LEVEL_"
    level_mode = arguments.constant(given.get("setLevelMode"), "setLevelMode", prefix, "RELATIVE")
    return mode, arguments.number(given[key], key, LEAST_DB, MOST_DB), level_mode == "RELATIVE"


def _set_volume(item: Item, decibels: float) -> None:
    known = SOUND[VOLUME]
    if not known.low <= decibels <= known.high:
        raise Refusal(
            f"{item.name!r} would need {decibels:+.1f} dB, and {VOLUME} goes from {known.low:g} to {known.high:g}"
        )
    values = {key: value for key, value in item.properties.items() if key not in (VOLUME, "AudioVolumeEnabled")}
    item.properties = {**values, VOLUME: decibels} if decibels else values
