"""The methods of a timeline item that plays an angle of a multicam clip."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, NamedTuple

from resolve_engine.api import arguments, grades
from resolve_engine.api.parts import ItemPart
from resolve_engine.errors import Refusal
from resolve_engine.model import flattening, multicam
from resolve_engine.model.clip import MULTICAM, Clip
from resolve_engine.model.item import Item
from resolve_engine.model.splitting import cut_apart

SETTINGS = (
    "minEditDuration", "editChangeDelay", "isAutoDetectWideAngle", "analysisMode", "wideAngleID", "wideAngleFrequency",
    "isUseWideAngleForIntroOutro", "isUseWideAngleForSilence", "switchOnVideoOnly", "quality",
)  # fmt: skip


class _Settings(NamedTuple):
    """What the switching goes by."""

    least: float
    delay: float
    picture_only: bool


class MulticamItemMethods(ItemPart):
    """An item plays the angle that its name tells; there is no call that chooses one."""

    def FlattenMulticam(self, gradeOption: Any) -> bool:
        """The item becomes the angle's own clip, with what is linked with it."""
        option = arguments.constant(gradeOption, "the grade option", "FLATTEN_MULTICAM_", "COPY_GRADE")
        flattening.flatten(self.project, self.item, keep_grade=option == "COPY_GRADE")
        return True

    def PerformMulticamSmartSwitch(self, smartSwitchSettings: Any) -> bool:
        """The item is cut where another angle's sound is the loudest, and every part plays that angle."""
        item, settings = self.item, _settings(smartSwitchSettings)
        clip = self.project.clips.get(item.clip)
        if clip is None or clip.type != MULTICAM or item.type != "video":
            raise Refusal(f"{item.name!r} is no picture of a multicam clip")
        if settings.picture_only and clip.multicam["sound"] in (multicam.ADAPTIVE, multicam.SOURCE):
            raise Refusal("switchOnVideoOnly needs a multicam clip whose sound does not follow its angles")
        if item.speed[0] <= 0:
            raise Refusal(f"{item.name!r} plays backwards or stands still; switch it at another speed")
        together = [item] if settings.picture_only else self.project.linked(item)
        together = [one for one in together if one.clip == clip.id]
        found = self._changes(clip, item, settings)
        pieces: list[tuple[list[Item], int]] = []
        for offset, angle in reversed(found):
            frame = item.position + offset
            inside = [one for one in together if one.position < frame < one.end]
            pieces.append((cut_apart(self.project, inside, frame) if offset else together, angle))
        for parts, angle in pieces:
            for part in parts:
                if part.type == "video" or (part.angle and clip.multicam["sound"] == multicam.SOURCE):
                    multicam.switch(self.project, part, angle)
        return True

    def _changes(self, clip: Clip, item: Item, settings: _Settings) -> list[tuple[int, int]]:
        """The frames of the item, from 0, with which another angle begins, and its number."""
        from resolve_engine.analyse.speaker import changes
        from resolve_engine.media.errors import MediaError
        from resolve_engine.model.angles import one_angle
        from resolve_engine.model.frozen import freeze
        from resolve_engine.worker.client import MediaWorker

        heard = [number for number, angle in enumerate(clip.multicam["angles"], 1) if angle["audio"] and angle["video"]]
        if not heard:
            raise Refusal(f"no angle of {clip.name!r} has picture and sound, by which it could be chosen")
        whole = freeze(self.project, self.project.timelines[clip.timeline], grades.lut_path)
        rate = self.project.timeline_of(item).rate
        shown = [math.floor(_place(item, offset, clip, rate)) for offset in range(item.duration)]
        loudness = []
        for number in heard:
            angle = replace(one_angle(whole, clip, number), video=())
            try:
                levels = MediaWorker.shared().levels(angle)
            except MediaError as error:
                raise Refusal(f"the angle {clip.multicam['angles'][number - 1]['name']!r}: {error.reason}") from error
            loudness.append([levels[frame] if 0 <= frame < len(levels) else 0.0 for frame in shown])
        return [
            (frame, heard[index])
            for frame, index in changes(loudness, rate[0] / rate[1], settings.least, settings.delay)
        ]


def _place(item: Item, offset: int, clip: Clip, rate: tuple[int, int]) -> float:
    numerator, denominator = item.source_at(offset, clip.rate, rate)
    return numerator / denominator


def _settings(value: Any) -> _Settings:
    given = arguments.table(value, "the smart switch settings")
    for key in given:
        if key not in SETTINGS:
            raise Refusal(f"{key!r} is no smart switch setting; they are {', '.join(SETTINGS)}")
    for key in ("isUseWideAngleForIntroOutro", "isUseWideAngleForSilence"):
        arguments.flag(given.get(key, True), key)
    arguments.constant(given.get("wideAngleFrequency"), "wideAngleFrequency", "SMART_SWITCH_WIDE_ANGLE_FREQ_", "MEDIUM")
    arguments.constant(given.get("quality"), "quality", "SMART_SWITCH_QUALITY_", "BETTER")
    detects = arguments.flag(given.get("isAutoDetectWideAngle", True), "isAutoDetectWideAngle")
    default = "DETECT_WIDE_ANGLE" if detects else "NONE"
    mode = arguments.constant(given.get("analysisMode"), "analysisMode", "SMART_SWITCH_ANALYSIS_MODE_", default)
    if mode == "DETECT_WIDE_ANGLE":
        raise Refusal(
            "the engine does not recognise which angle is the wide one; send analysisMode "
            "SMART_SWITCH_ANALYSIS_MODE_AUDIO_ONLY to switch by sound"
        )
    if given.get("wideAngleID", "None") not in ("", "None"):
        raise Refusal("the engine switches between speakers alone; leave wideAngleID out or send 'None'", answer=None)
    return _Settings(
        least=arguments.number(given.get("minEditDuration", 1.0), "minEditDuration", 0.5, 10.0),
        delay=arguments.number(given.get("editChangeDelay", 0.3), "editChangeDelay", 0.0, 2.0),
        picture_only=arguments.flag(given.get("switchOnVideoOnly", False), "switchOnVideoOnly"),
    )
