"""Timelines as AAF files: a composition, and for each clip a master, its file and the timecode it was recorded with.

Places in clips count at the composition's rate, as the format wants it: a clip of another rate may begin between two.
"""

from __future__ import annotations

import os
from collections import Counter
from fractions import Fraction
from typing import Any
from urllib.parse import quote

import aaf2
from aaf2.auid import AUID

from resolve_engine import timecode
from resolve_engine.interchange import plain
from resolve_engine.model.transition import WIPES
from resolve_engine.timecode import Ratio

CHANNELS = "Sound channels"
"""The comment of a master that says how many channels each of its sounds has."""

OPERATIONS = {
    "dissolve picture": ("0c3bea40-fc05-11d2-8a29-0050040ef7d2", "Video Dissolve", 2),
    "dissolve sound": ("0c3bea41-fc05-11d2-8a29-0050040ef7d2", "Mono Audio Dissolve", 2),
    "speed picture": ("9d2ea890-0968-11d3-8a38-0050040ef7d2", "Motion Control", 1),
    "speed sound": ("9d2ea894-0968-11d3-8a38-0050040ef7d2", "Motion Control", 1),
}
"""What the format calls them: id, name, and how many segments go in. All but the last are of the standard; it names no
speed control for sound."""

SPEED_RATIO = AUID("72559a80-24d7-11d3-8a50-0050040ef7d2")
"""Of the standard: the length on the timeline over the length of the source."""

PICTURE_SLOT = 1


def written(found: plain.Timeline) -> tuple[bytes, list[str]]:
    """The file, and what it does not hold."""
    file = aaf2.open()
    writing = _Writing(file, found)
    writing.composition()
    file.save()
    file.cfb.close()
    content: bytes = file.f.getvalue()
    return content, [f"{count} {what}" for what, count in writing.lost.items() if count]


def rational(rate: Ratio) -> str:
    """A rate as the library takes it."""
    return f"{rate[0]}/{rate[1]}"


class _Writing:
    """One file."""

    def __init__(self, file: Any, found: plain.Timeline) -> None:
        self.file = file
        self.found = found
        self.lost: Counter[str] = Counter()
        self._masters: dict[int, Any] = {}
        self._operations: dict[str, Any] = {}

    def composition(self) -> None:
        """The whole."""
        found = self.found
        made = self.file.create.CompositionMob(found.name)
        made.usage = "Usage_TopLevel"
        self.file.content.mobs.append(made)
        end = max((track.items[-1].end for track in found.tracks if track.items), default=0)
        self._timecode(made, found.rate, found.drop_frame, found.start, max(end, 1))
        for kind, media in (("video", "picture"), ("audio", "sound")):
            for number, track in enumerate(found.of_kind(kind), 1):
                slot = made.create_timeline_slot(rational(found.rate))
                slot.name = track.name or f"{'V' if kind == 'video' else 'A'}{number}"
                slot["PhysicalTrackNumber"].value = number
                slot.segment = self._sequence(track, media, end)
                self.lost["tracks that are off or locked"] += not track.enabled or track.locked
        if found.markers:
            self._markers(made)

    def _timecode(self, mob: Any, rate: Ratio, drop_frame: bool, start: int, length: int) -> None:
        slot = mob.create_timeline_slot(rational(rate))
        code = self.file.create.Timecode(timecode.nominal(rate), drop=drop_frame, length=length)
        code.start = start
        slot.segment = code
        slot["PhysicalTrackNumber"].value = 1

    def _markers(self, mob: Any) -> None:
        """Locators on the first picture track."""
        slot = self.file.create.EventMobSlot(len(mob.slots) + 1)
        slot.edit_rate = rational(self.found.rate)
        slot["PhysicalTrackNumber"].value = 1
        mob.slots.append(slot)
        sequence = self.file.create.Sequence(media_kind="DescriptiveMetadata")
        sequence["Components"].value = []
        for marker in self.found.markers:
            one = self.file.create.DescriptiveMarker()
            one.media_kind = "DescriptiveMetadata"
            one["Position"].value = marker.frame
            one["Length"].value = marker.duration
            one["Comment"].value = "\n".join((marker.name, marker.note)) if marker.note else marker.name
            one["DescribedSlots"].value = {2}
            sequence.components.append(one)
            self.lost["colours of markers"] += marker.color != "Blue"
        slot.segment = sequence

    def _sequence(self, track: plain.Track, media: str, end: int) -> Any:
        """A clip under a transition reaches to the transition's far end, and the next begins at its near one."""
        sequence = self.file.create.Sequence(media_kind=media)
        sequence["Components"].value = []
        coming, going = track.coming(), track.going()
        place = length = 0
        for number, item in enumerate(track.items):
            before, after = coming.get(number), going.get(number)
            start = before.start if before is not None and before.before >= 0 else item.start
            until = after.start + after.duration if after is not None and after.after >= 0 else item.end
            if before is not None:
                if before.before < 0:  # from black: black reaches under it
                    length += self._filler(sequence, media, before.start + before.duration - place)
                self._transition(sequence, media, before, item.start)
                length -= before.duration
            elif item.start > place:
                length += self._filler(sequence, media, item.start - place)
            sequence.components.append(self._segment(item, media, start, until))
            length += until - start
            place = item.end
            if after is not None and after.after < 0:
                self._transition(sequence, media, after, item.end)
                length += self._filler(sequence, media, after.duration) - after.duration
        if length < end:
            length += self._filler(sequence, media, end - length)
        sequence.length = length
        return sequence

    def _filler(self, sequence: Any, media: str, length: int) -> int:
        sequence.components.append(self.file.create.Filler(media, length))
        return length

    def _transition(self, sequence: Any, media: str, one: plain.Transition, edge: int) -> None:
        self.lost["shapes of transitions, which are written as dissolves"] += one.name in WIPES
        made = self.file.create.Transition(media, one.duration)
        made["OperationGroup"].value = self._group(f"dissolve {media}", media, one.duration)
        made["CutPoint"].value = edge - one.start
        sequence.components.append(made)

    def _group(self, name: str, media: str, length: int) -> Any:
        if name not in self._operations:
            id, called, inputs = OPERATIONS[name]
            made = self.file.create.OperationDef(AUID(id), called, "")
            self.file.dictionary.register_def(made)
            made.media_kind = media
            made["NumberInputs"].value = inputs
            made["IsTimeWarp"].value = name.startswith("speed")
            self._operations[name] = made
        return self.file.create.OperationGroup(self._operations[name], length, media)

    def _segment(self, item: plain.Item, media: str, start: int, until: int) -> Any:
        """A clip, or a clip in what plays it at another speed."""
        self.lost["inspector values"] += len(item.properties)
        self.lost["markers of items"] += len(item.markers)
        self.lost["clip colours"] += bool(item.color)
        self.lost["items that are off"] += not item.enabled
        self.lost["fades"] += bool(item.fade_in or item.fade_out)
        self.lost["grades"] += item.cdl is not None
        length = until - start
        if item.source < 0:
            self.lost["generators and titles"] += 1
            return self.file.create.Filler(media, length)
        source = self.found.sources[item.source]
        speed = Fraction(*item.speed)
        pace = abs(speed) or Fraction(1)
        early = until - item.end if speed < 0 else item.start - start
        first = Fraction(*item.source_in) * Fraction(*self.found.rate) / Fraction(*source.rate)
        self.lost["starts between two frames"] += first.denominator != 1
        first = Fraction(first.__floor__()) - early * pace
        used = 1 if speed == 0 else max((length * pace).__ceil__(), 1)
        master = self._master(item.source)
        number = PICTURE_SLOT if media == "picture" else self._sound(source, item.channels)
        clip = self.file.create.SourceClip(first.__floor__(), used, master.mob_id, number, media)
        if speed == 1:
            return clip
        if "ratio" not in self._operations:
            ratio = self.file.create.ParameterDef(SPEED_RATIO, "SpeedRatio", "", "Rational")
            self.file.dictionary.register_def(ratio)
            self._operations["ratio"] = ratio
        group = self._group(f"speed {media}", media, length)
        value = 1 / speed if speed else Fraction(length)
        made = self.file.create.ConstantValue(self._operations["ratio"], f"{value.numerator}/{value.denominator}")
        group.parameters.append(made)
        group.segments.append(clip)
        return group

    def _sound(self, source: plain.Source, channels: tuple[int, ...]) -> int:
        """The slot of a master that holds a sound: one for each stream."""
        first = 1
        for number, count in enumerate(source.sound):
            stream = tuple(range(first, first + count))
            if channels and channels[0] in stream:
                self.lost["single channels of sounds"] += channels != stream
                return PICTURE_SLOT + 1 + number
            first += count
        return PICTURE_SLOT + 1

    def _master(self, number: int) -> Any:
        if number not in self._masters:
            self._masters[number] = self._made_master(self.found.sources[number])
        return self._masters[number]

    def _made_master(self, source: plain.Source) -> Any:
        """The master of a clip, over its file, over the tape that gives it its timecode."""
        rate, frames = rational(source.rate), max(source.frames, 1)
        tape, file, master = (
            self.file.create.SourceMob(source.reel or source.name),
            self.file.create.SourceMob(os.path.basename(source.path) or source.name),
            self.file.create.MasterMob(source.name),
        )
        for mob in (tape, file, master):
            self.file.content.mobs.append(mob)
        tape.descriptor = self.file.create.TapeDescriptor()
        file.descriptor = self._descriptor(source, frames)
        if source.path:
            locator = self.file.create.NetworkLocator()
            locator["URLString"].value = f"file://{'' if source.path.startswith('/') else '/'}{quote(source.path)}"
            file.descriptor["Locator"].append(locator)
        kinds = ["picture"] * source.picture + ["sound"] * (len(source.sound) or not source.picture)
        for place, media in enumerate(kinds):
            id = PICTURE_SLOT + place + (not source.picture)
            below: Any = None
            for mob in (tape, file, master):
                slot = mob.create_timeline_slot(rate, id)
                slot.segment = self.file.create.SourceClip(
                    0, frames, below.mob_id if below is not None else None, id if below is not None else None, media
                )
                below = mob
        self._timecode(tape, source.rate, source.drop_frame, source.start, frames)
        if source.sound:
            master.comments[CHANNELS] = " ".join(map(str, source.sound))
        return master

    def _descriptor(self, source: plain.Source, frames: int) -> Any:
        rate = rational(source.rate)
        if not source.picture:
            made = self.file.create.PCMDescriptor()
            channels = source.sound[0] if source.sound else 1
            values = {
                "SampleRate": rate, "Length": frames, "Channels": channels, "QuantizationBits": 16,
                "AudioSamplingRate": f"{source.sample_rate}/1", "BlockAlign": 2 * channels,
                "AverageBPS": 2 * channels * source.sample_rate,
            }  # fmt: skip
        else:
            made = self.file.create.CDCIDescriptor()
            width, height = source.size
            values = {
                "SampleRate": rate, "Length": frames, "StoredWidth": width, "StoredHeight": height,
                "FrameLayout": "FullFrame", "ImageAspectRatio": f"{width or 16}/{height or 9}",
                "VideoLineMap": [0, 0], "ComponentWidth": 8, "HorizontalSubsampling": 2,
            }  # fmt: skip
        for name, value in values.items():
            made[name].value = value
        return made
