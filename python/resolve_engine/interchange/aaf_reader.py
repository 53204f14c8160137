"""Reading AAF files: the first composition, as the engine, Media Composer and Resolve write it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

import aaf2
from aaf2 import components, mobs, mobslots

from resolve_engine import timecode
from resolve_engine.interchange import plain
from resolve_engine.interchange.aaf_writer import CHANNELS
from resolve_engine.interchange.plain import InterchangeError
from resolve_engine.model.marker import Marker
from resolve_engine.timecode import Ratio

DEEPEST = 40
"""Of segments in segments, and of mobs behind mobs; a file that goes round in circles ends here."""


def read(path: str) -> plain.Timeline:
    """The timeline of a file. Raises InterchangeError, and whatever the library raises on damage."""
    logging.disable(logging.WARNING)  # the library warns of every oddity of a damaged file, and nobody reads it
    with open(path, "rb") as head:
        _check_sectors(head.read(76))
    with aaf2.open(path, "r") as file:
        found = list(file.content.toplevel()) or list(file.content.compositionmobs())
        if not found:
            raise InterchangeError("the file holds no composition")
        return _Reading(found[0]).timeline()


def _check_sectors(head: bytes) -> None:
    """Sector sizes of a damaged head would make the library ask for any amount of memory."""
    shift, small = int.from_bytes(head[30:32], "little"), int.from_bytes(head[32:34], "little")
    if shift not in (9, 12) or small != 6:
        raise InterchangeError("its sectors have a size that no AAF file has")


class _Part(NamedTuple):
    """A segment as it is played: so many edit units of what, and how fast."""

    length: int
    clip: Any
    """A SourceClip, or None for nothing."""
    speed: Fraction


class _Known(NamedTuple):
    """What a clip of the composition shows."""

    number: int
    """Of its source."""
    name: str
    rate: Ratio
    channels: tuple[int, ...]
    """The channels that it plays; empty for a picture."""


class _Reading:
    """One composition."""

    def __init__(self, mob: Any) -> None:
        self._mob = mob
        self._sources: dict[tuple[Any, ...], int] = {}
        self._known: dict[tuple[Any, Any], _Known] = {}
        self._lost: set[str] = set()
        self._links: dict[tuple[Any, ...], int] = {}
        """A picture and a sound of one clip at one place belong together: the format has no word for it."""
        slots = [slot for slot in mob.slots if isinstance(slot, mobslots.TimelineMobSlot)]
        self._tracks = [slot for slot in slots if slot.media_kind in ("Picture", "Sound")]
        pictures = [slot for slot in self._tracks if slot.media_kind == "Picture"]
        if not self._tracks:
            raise InterchangeError("the composition has no track")
        self.rate = _rate((pictures or self._tracks)[0].edit_rate)
        self._code = next((one.segment for one in slots if isinstance(one.segment, components.Timecode)), None)

    def timeline(self) -> plain.Timeline:
        """The whole."""
        tracks = sorted((self._track(slot) for slot in self._tracks), key=lambda track: track.kind == "audio")
        return plain.Timeline(
            name=self._mob.name or "",
            rate=self.rate,
            drop_frame=self._code is not None and bool(self._code.drop) and self.rate in timecode.DROP_FRAME_RATES,
            start=int(self._code.start) if self._code is not None else 0,
            tracks=tuple(tracks),
            sources=tuple(plain.Source(*source) for source in self._sources),
            markers=tuple(self._markers()),
            lost=tuple(sorted(self._lost)),
        )

    def _track(self, slot: Any) -> plain.Track:
        """Its segments one after the other; a transition takes its length back from both sides."""
        kind = "video" if slot.media_kind == "Picture" else "audio"
        scale = Fraction(*self.rate) / Fraction(*_rate(slot.edit_rate))
        items: list[plain.Item] = []
        transitions: list[plain.Transition] = []
        place, early, waiting = Fraction(0), 0, None
        parts = list(_inside(slot.segment))
        for number, one in enumerate(parts):
            if isinstance(one, components.Transition):
                length = round(one.length * scale)
                cut = round(int(one.cutpoint or 0) * scale)
                start = round(place) - length
                waiting = (start, length, start + min(max(cut, 0), length))
                place -= one.length * scale
                continue
            part = self._part(one, 0)
            start, after = round(place), round(place + part.length * scale)
            place += part.length * scale
            if waiting is not None:
                early = waiting[2] - start
            late = 0
            following = parts[number + 1] if number + 1 < len(parts) else None
            if isinstance(following, components.Transition):
                late = round((following.length - min(max(int(following.cutpoint or 0), 0), following.length)) * scale)
            comes = -1
            if part.clip is not None and after - late > start + early:
                made = self._item(part, kind, start + early, after - late, start, after, scale)
                if made is not None:
                    items.append(made)
                    comes = len(items) - 1
            if waiting is not None:
                goes = len(items) - 1 - (comes >= 0)
                goes = goes if goes >= 0 and items[goes].end == waiting[2] else -1
                transitions.append(plain.Transition(waiting[0], waiting[1], "", goes, comes))
            early, waiting = 0, None
        return plain.Track(kind, tuple(items), tuple(one for one in transitions if one.duration > 0), slot.name or "")

    def _part(self, one: Any, level: int) -> _Part:
        """What a segment comes down to."""
        if level > DEEPEST:
            raise InterchangeError(f"segments stand in each other more than {DEEPEST} deep")
        length = int(one.length or 0)
        if isinstance(one, components.SourceClip):
            return _Part(length, one if one.mob is not None else None, Fraction(1))
        if isinstance(one, components.OperationGroup):
            return self._operated(one, length, level)
        inner: Any = None
        if isinstance(one, components.Sequence):
            inner = next((part for part in one.components if isinstance(part, components.SourceClip)), None)
            if inner is None:
                inner = next(iter(one.components), None)
            if len(list(one.components)) > 1:
                self._lost.add("all but one clip of a sequence in the sequence")
        elif isinstance(one, components.Selector):
            inner = one["Selected"].value
        elif isinstance(one, components.EssenceGroup):
            inner = next(iter(one["Choices"].value or ()), None)
        elif isinstance(one, components.NestedScope):
            slots = list(one.slots or ())
            inner = slots[-1] if slots else None
        elif not isinstance(one, components.Filler | components.ScopeReference):
            self._lost.add(f"a {type(one).__name__}")
        if inner is None:
            return _Part(length, None, Fraction(1))
        return self._part(inner, level + 1)._replace(length=length)

    def _operated(self, one: Any, length: int, level: int) -> _Part:
        """An effect: its first input, at the speed that it says."""
        inputs = list(one.segments or ())
        if not inputs:
            return _Part(length, None, Fraction(1))
        inner = self._part(inputs[0], level + 1)
        ratio = None
        parameters = one.get("Parameters")
        for parameter in list(parameters.value or ()) if parameters is not None else ():
            if parameter.name in ("SpeedRatio", "ParameterDef_SpeedRatio") and hasattr(parameter, "value"):
                ratio = Fraction(str(parameter.value))
        if ratio is None:
            self._lost.add(f"the effect {one.operation.name}")
            return inner._replace(length=length)
        held = inner.length == 1 and abs(ratio) == length and length > 1
        return _Part(length, inner.clip, Fraction(0) if held or ratio == 0 else inner.speed / ratio)

    def _item(
        self, part: _Part, kind: str, start: int, end: int, begin: int, after: int, scale: Fraction
    ) -> plain.Item | None:
        """A clip from its cut to its cut; its own place and end are those under the transitions at its sides."""
        known = self._source(part.clip, kind)
        number = known.number
        step = Fraction(*known.rate) / Fraction(*self.rate)
        hidden = after - end if part.speed < 0 else start - begin
        low = (Fraction(int(part.clip.start or 0)) * scale + hidden * (abs(part.speed) or 1)) * step
        key = (number, start, end, low, part.speed)
        return plain.Item(
            name=known.name,
            start=start,
            duration=end - start,
            source=number,
            source_in=(max(low, Fraction(0)).numerator, low.denominator),
            speed=(part.speed.numerator, part.speed.denominator),
            channels=known.channels,
            link=self._links.setdefault(key, len(self._links) + 1),
        )

    def _source(self, clip: Any, kind: str) -> _Known:
        """A clip's source."""
        key = (clip.mob_id, clip.slot_id)
        if key not in self._known:
            self._known[key] = self._described(clip, kind)
        return self._known[key]

    def _described(self, clip: Any, kind: str) -> _Known:
        mob = clip.mob
        slot = clip.slot
        rate = _rate(slot.edit_rate) if slot is not None else self.rate
        frames = int(slot.length or 0) if slot is not None else 0
        path, start, drop, code, reel, size = "", 0, False, False, "", (0, 0)
        for below, at in _chain(mob, slot):
            if isinstance(below, mobs.SourceMob) and below.descriptor is not None:
                for locator in below.descriptor.locator:
                    path = path or _path(str(locator.getvalue("URLString") or ""))
                width, height = (int(below.descriptor.getvalue(f"Stored{one}") or 0) for one in ("Width", "Height"))
                size = (width, height) if width > 0 and height > 0 else size
            found = next((one for one in below.slots if isinstance(one.segment, components.Timecode)), None)
            if found is not None and not code:
                start, drop, code = int(found.segment.start or 0) + at, bool(found.segment.drop), True
                reel = below.name or ""
        if isinstance(mob, mobs.CompositionMob):
            self._lost.add("what stands in a sequence in the sequence")
        sound = _sound(mob)
        pictures = any(one.media_kind == "Picture" for one in mob.slots)
        if kind == "audio" and not pictures and rate[0] > 1000 * rate[1]:  # a sound that counts samples
            frames, rate = int(frames * Fraction(*self.rate) / Fraction(*rate)), self.rate
        source = plain.Source(
            name=mob.name or "",
            path=path,
            rate=rate,
            frames=max(frames, 0),
            start=max(start, 0),
            drop_frame=drop,
            picture=pictures,
            size=size,
            sound=sound,
            reel=reel if reel != mob.name else "",
            has_timecode=code,
        )
        number = self._sources.setdefault(tuple(source), len(self._sources))
        sounds = [one.slot_id for one in mob.slots if one.media_kind == "Sound"]
        channels: tuple[int, ...] = ()
        if kind == "audio" and clip.slot_id in sounds:  # which of its sounds: by the order of their slots
            place = sounds.index(clip.slot_id)
            first = 1 + sum(sound[:place])
            channels = tuple(range(first, first + sound[place])) if place < len(sound) else ()
        return _Known(number, source.name, rate, channels)

    def _markers(self) -> Iterator[Marker]:
        for slot in self._mob.slots:
            if not isinstance(slot, mobslots.EventMobSlot):
                continue
            for one in _inside(slot.segment):
                if isinstance(one, components.CommentMarker):
                    name, _, note = str(one.getvalue("Comment") or "").partition("\n")
                    place = int(one.getvalue("Position") or 0)
                    yield Marker(place, "Blue", name, note, max(int(one.length or 1), 1), "")


def _inside(segment: Any) -> list[Any]:
    """The parts of a track, which may be one that is no sequence."""
    return list(segment.components) if isinstance(segment, components.Sequence) else [segment]


def _chain(mob: Any, slot: Any) -> Iterator[tuple[Any, int]]:
    """A mob and those behind it, with how far into each it begins."""
    at = 0
    for _ in range(DEEPEST):
        yield mob, at
        segment = slot.segment if slot is not None else None
        if isinstance(segment, components.Sequence):
            segment = next((one for one in segment.components if isinstance(one, components.SourceClip)), None)
        if not isinstance(segment, components.SourceClip) or segment.mob is None:
            return
        at += int(segment.start or 0)
        mob, slot = segment.mob, segment.slot


def _rate(value: Any) -> Ratio:
    exact = Fraction(int(value.numerator), int(value.denominator))
    if exact <= 0:
        raise InterchangeError("a track has no edit rate")
    return exact.numerator, exact.denominator


def _sound(mob: Any) -> tuple[int, ...]:
    """How many channels each of a master's sounds has: as its comment says, else one each."""
    count = sum(one.media_kind == "Sound" for one in mob.slots)
    said = [int(one) for one in str(dict(mob.comments.items()).get(CHANNELS, "")).split() if one.isdigit()]
    return tuple(said) if len(said) == count and all(1 <= one <= 64 for one in said) else (1,) * min(count, 64)


def _path(url: str) -> str:
    """The path in a `file:` address; '' for anything else."""
    if not url.lower().startswith("file:"):
        return ""
    path = unquote(urlsplit(url.replace("#", "%23").replace("?", "%3F")).path)
    return path[1:] if len(path) > 2 and path[2] == ":" else path
