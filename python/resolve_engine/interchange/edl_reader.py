"""Reading edit decision lists in the CMX 3600 form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from resolve_engine import timecode
from resolve_engine.colour import cdl_text
from resolve_engine.interchange import plain
from resolve_engine.interchange.events import AUDIO_CHANNELS, NO_REEL
from resolve_engine.interchange.plain import InterchangeError
from resolve_engine.model.grade import Cdl
from resolve_engine.model.marker import COLORS, Marker
from resolve_engine.timecode import Ratio

_CODE = r"(\d\d:\d\d:\d\d[:;]\d\d)"
_EVENT = re.compile(rf"(\d+)\s+(\S+)\s+(\S+)\s+(C|D|W\d+|K\w*)\s+(?:(\d+)\s+)?{_CODE}\s+{_CODE}\s+{_CODE}\s+{_CODE}$")
_NUMBERED = re.compile(r"\d{3,}\s")
_SPEED = re.compile(r"M2\s+\S+\s+(-?\d+(?:\.\d+)?)\s")
_PLACE = re.compile(rf"\*\s*LOC:\s+{_CODE}\s+(\w+)\s*(.*)$")
_CHANNELS = {
    "V": "V",
    "A": "A1",
    **{f"A{number}": f"A{number}" for number in range(1, AUDIO_CHANNELS + 1)},
    "B": "V A1",
    "AA": "A1 A2",
    "NONE": "",
}
LONGEST_LINE = 1000
"""Characters; a comment of more is no comment, and the patterns above are tried on shorter ones only."""


@dataclass
class Entry:
    """One event as it is written; ranges are half-open, in frames of the timeline's rate from midnight."""

    number: str
    reel: str
    channels: list[str]
    dissolve: int
    source_in: int
    record_in: int
    record_out: int
    name: str = ""
    speed: Fraction = Fraction(1)
    cdl: Cdl | None = None
    """Of its picture, from the comments behind it."""

    @property
    def called(self) -> str:
        """What names its source."""
        return self.name or self.reel


def read(text: str, rate: Ratio, drop_frame: bool) -> plain.Timeline:
    """What the list says, at a rate that it does not name. Sources are named by its comments, or else by their reels.

    Raises InterchangeError for a list that is none, or says what the engine does not do.
    """
    reading = _Reading(rate, drop_frame)
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) <= LONGEST_LINE:
            reading.line(number, line.strip())
    return reading.timeline()


class _Reading:
    """One list."""

    def __init__(self, rate: Ratio, drop_frame: bool) -> None:
        self.rate = rate
        self.drop_frame = drop_frame
        self.title = ""
        self.entries: list[Entry] = []
        self.places: list[tuple[int, str, str]] = []
        self.unread = 0
        """Lines that begin as events and are none."""

    def line(self, number: int, line: str) -> None:
        """Take in one line."""
        if line.upper().startswith("FCM:") and self.rate in timecode.DROP_FRAME_RATES:
            self.drop_frame = "NON" not in line.upper()
        elif line.startswith("TITLE:"):
            self.title = line[6:].strip()
        elif match := _EVENT.match(line):
            self._event(match, number)
        elif (speed := _SPEED.match(line)) and self.entries:
            ratio = Fraction(speed[1]) / timecode.nominal(self.rate)
            self.entries[-1].speed = ratio.limit_denominator(1000)
        elif place := _PLACE.match(line):
            self.places.append((self._frame(place[1], number), place[2].capitalize(), place[3].strip()))
        elif _NUMBERED.match(line):
            self.unread += 1
        elif self.entries:
            self._comment(self.entries[-1], number, line)

    def _comment(self, last: Entry, number: int, line: str) -> None:
        try:
            last.cdl = cdl_text.with_comment(last.cdl, line)
        except ValueError as error:
            raise InterchangeError(f"line {number}: {error}") from error
        label, _, rest = line.lstrip("* ").partition(":")
        # After a dissolve the first name is the one that goes, which has an event of its own.
        if rest and label == ("TO CLIP NAME" if last.dissolve else "FROM CLIP NAME"):
            last.name = rest.strip()

    def _frame(self, code: str, number: int) -> int:
        try:
            return timecode.to_frames(code, self.rate, self.drop_frame)
        except ValueError as error:
            raise InterchangeError(f"line {number}: {error}") from error

    def _event(self, match: re.Match[str], number: int) -> None:
        event, reel, channels, kind, frames, *codes = match.groups()
        if kind not in ("C", "D"):
            raise InterchangeError(
                f"line {number}: the engine does not do wipes and keys ({kind}); make the event a cut or a dissolve"
            )
        source_in, _, record_in, record_out = (self._frame(code, number) for code in codes)
        if record_out == record_in or reel.upper() in ("BL", "BLACK"):
            return  # the first half of a dissolve, or black
        if record_out < record_in:
            raise InterchangeError(f"line {number}: the event ends before it begins")
        wanted: list[str] = []
        for part in channels.upper().split("/"):
            if part not in _CHANNELS:
                raise InterchangeError(f"line {number}: {channels!r} is no channel that the engine knows")
            wanted += _CHANNELS[part].split()
        dissolve = min(int(frames or 0), record_out - record_in) if kind == "D" else 0
        if len(self.entries) >= plain.MOST_ITEMS:
            raise InterchangeError(f"the list holds more than {plain.MOST_ITEMS} events")
        self.entries.append(Entry(event, reel, wanted, dissolve, source_in, record_in, record_out))

    def timeline(self) -> plain.Timeline:
        """Everything that was taken in."""
        if not self.entries:
            raise InterchangeError("the file holds no event of an edit decision list")
        start = min(entry.record_in for entry in self.entries)
        sources = self._sources()
        placing = _Placing(start, {name: number for number, name in enumerate(sources)}, sources)
        tracks = [placing.track("V", self.entries)]
        for number in range(1, AUDIO_CHANNELS + 1):
            track = placing.track(f"A{number}", self.entries)
            if track.items or number == 1:
                tracks.append(track)
        while len(tracks) > 2 and not tracks[-1].items:
            tracks.pop()
        return plain.Timeline(
            name=self.title,
            rate=self.rate,
            drop_frame=self.drop_frame,
            start=start,
            tracks=tuple(tracks),
            sources=tuple(sources.values()),
            markers=tuple(
                Marker(frame - start, color if color in COLORS else "Blue", name, "", 1, "")
                for frame, color, name in self.places
                if frame >= start
            ),
            lost=(f"{self.unread} lines that begin as events and are none",) if self.unread else (),
        )

    def _sources(self) -> dict[str, plain.Source]:
        """By name; each begins with the first frame that is used of it, as the list says no more."""
        found: dict[str, plain.Source] = {}
        for entry in self.entries:
            reel = "" if entry.reel.upper() == NO_REEL else entry.reel
            fresh = plain.Source(
                entry.called,
                rate=self.rate,
                start=entry.source_in,
                drop_frame=self.drop_frame,
                picture=False,
                reel=reel,
            )
            known = found.setdefault(entry.called, fresh)
            found[entry.called] = known._replace(
                start=min(known.start, entry.source_in), picture=known.picture or "V" in entry.channels
            )
        return found


class _Placing:
    """Events on their way to tracks."""

    def __init__(self, start: int, numbers: dict[str, int], sources: dict[str, plain.Source]) -> None:
        self.start = start
        self.numbers = numbers
        self.sources = sources
        self._links: dict[tuple[str, int, int, Fraction], int] = {}
        """A picture and a sound of one clip at one place belong together: the form has no word for it."""

    def track(self, channel: str, entries: list[Entry]) -> plain.Track:
        """The events of a channel. A dissolve lies in the middle of the cut that it stands for, so that both items
        reach to there; one from black lies in the item that comes."""
        on = sorted((entry for entry in entries if channel in entry.channels), key=lambda entry: entry.record_in)
        items: list[plain.Item] = []
        transitions: list[plain.Transition] = []
        for number, entry in enumerate(on):
            following = on[number + 1] if number + 1 < len(on) else None
            crossing = bool(items) and entry.dissolve > 0 and items[-1].end > entry.record_in - self.start
            late = entry.dissolve // 2 if crossing else 0
            begin, end = entry.record_in - self.start + late, entry.record_out - self.start
            if following is not None and following.record_in == entry.record_out:
                end += following.dissolve // 2
            if end <= begin or (items and begin < items[-1].end):
                raise InterchangeError(f"event {entry.number} overlaps another one on {channel}, or holds no frame")
            if entry.dissolve:
                before = len(items) - 1 if crossing else -1
                transitions.append(plain.Transition(begin - late, entry.dissolve, "", before, len(items)))
            items.append(self._item(entry, channel, begin, end, late))
        return plain.Track("video" if channel == "V" else "audio", tuple(items), tuple(transitions))

    def _item(self, entry: Entry, channel: str, begin: int, end: int, late: int) -> plain.Item:
        low = entry.source_in - self.sources[entry.called].start + late * abs(entry.speed)
        key = (entry.called, begin, end, low)
        cdl = entry.cdl if channel == "V" and entry.cdl != Cdl() else None
        return plain.Item(
            name=entry.called,
            start=begin,
            duration=end - begin,
            source=self.numbers[entry.called],
            source_in=(low.numerator, low.denominator),
            speed=(entry.speed.numerator, entry.speed.denominator),
            link=self._links.setdefault(key, len(self._links) + 1),
            cdl=None if cdl is None else (*cdl.slope, *cdl.offset, *cdl.power, cdl.saturation),
        )
