"""What stands where on a timeline, by the rules alone: a small model in fractions that shares no code with the engine.

The rules are those of python/api/facts: ranges are half-open, lengths are rounded down to frames of the timeline,
record frames count from midnight, nothing is overwritten, and what is shown is a stretch of the source between two
exact ends.
A method answers whether Resolve does what was asked; when it does not, the model stays as it was.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import count
from math import ceil, floor

RATES = {
    "23.976": Fraction(24000, 1001),
    "24": Fraction(24),
    "25": Fraction(25),
    "29.97": Fraction(30000, 1001),
    "29.97 DF": Fraction(30000, 1001),
    "30": Fraction(30),
    "50": Fraction(50),
    "59.94": Fraction(60000, 1001),
    "59.94 DF": Fraction(60000, 1001),
}
"""Timeline rates by their setting; sources have any of them, too."""

_links = count(1)


@dataclass(frozen=True)
class Clock:
    """Timecode at a rate."""

    nominal: int
    skipped: int
    """Numbers that each minute but the tenth ones leaves out."""

    @staticmethod
    def at(setting: str) -> Clock:
        """The clock of a timeline rate."""
        nominal = round(RATES[setting])
        return Clock(nominal, nominal // 15 if setting.endswith("DF") else 0)

    def frames(self, text: str) -> int:
        """Frames from midnight."""
        hours, minutes, seconds, frames = (int(part) for part in text.replace(";", ":").split(":"))
        whole = hours * 60 + minutes
        return (whole * 60 + seconds) * self.nominal + frames - self.skipped * (whole - whole // 10)

    def text(self, frame: int) -> str:
        """The timecode of a frame: the number that stands so many places after the left-out ones were left out."""
        number = frame
        while True:
            minutes = number // (60 * self.nominal)
            after = frame + self.skipped * (minutes - minutes // 10)
            if after == number:
                break
            number = after
        seconds, frames = divmod(number, self.nominal)
        separator = ";" if self.skipped else ":"
        return f"{seconds // 3600 % 24:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{separator}{frames:02}"


@dataclass(eq=False)
class Source:
    """A clip of the media pool."""

    rate: Fraction
    frames: int
    start: int
    """Frames from midnight at its own rate."""
    sounds: int
    """Mono sounds, each of which wants a track."""


@dataclass(eq=False)
class Piece:
    """An item; places count from the timeline's start."""

    source: Source | None
    """None for a generator."""
    start: int
    length: int
    low: Fraction
    """The lower and the upper end of what is shown, in source frames."""
    high: Fraction
    speed: Fraction = Fraction(1)
    link: int = 0
    enabled: bool = True

    @property
    def end(self) -> int:
        return self.start + self.length

    def part(self, first: int, after: int) -> tuple[Fraction, Fraction]:
        """The ends of what is shown in some of its frames."""
        if not self.speed:
            return self.low, self.high
        step = (self.high - self.low) / self.length
        if self.speed > 0:
            return self.low + first * step, self.low + after * step
        return self.high - after * step, self.high - first * step


@dataclass(eq=False)
class Row:
    """A track."""

    kind: str
    locked: bool = False
    enabled: bool = True
    pieces: list[Piece] = field(default_factory=list)
    """In order."""

    def put(self, piece: Piece) -> None:
        self.pieces.append(piece)
        self.pieces.sort(key=lambda one: one.start)

    @property
    def end(self) -> int:
        """Never before the timeline's start."""
        return max(0, *(piece.end for piece in self.pieces), 0)

    def free(self, start: int, end: int) -> bool:
        return all(piece.end <= start or piece.start >= end for piece in self.pieces)


class Reference:
    """A timeline."""

    def __init__(self, setting: str, start: str) -> None:
        self.rate, self.clock = RATES[setting], Clock.at(setting)
        self.start = self.clock.frames(start)
        self.rows = {"video": [Row("video")], "audio": [Row("audio")]}
        self.playhead = 0

    def all_rows(self) -> list[Row]:
        return [*self.rows["video"], *self.rows["audio"]]

    def pieces(self) -> list[Piece]:
        return [piece for row in self.all_rows() for piece in row.pieces]

    def row_of(self, piece: Piece) -> Row:
        return next(row for row in self.all_rows() if piece in row.pieces)

    @property
    def end(self) -> int:
        return max(0, *(row.end for row in self.all_rows()))

    def linked(self, piece: Piece) -> list[Piece]:
        """The pieces linked with one, itself among them."""
        return [one for one in self.pieces() if one is piece or (piece.link and one.link == piece.link)]

    def unlink(self, piece: Piece) -> None:
        left = [one for one in self.linked(piece) if one is not piece]
        piece.link = 0
        if len(left) == 1:
            left[0].link = 0

    def link(self, pieces: list[Piece]) -> None:
        for piece in pieces:
            self.unlink(piece)
        if len(pieces) > 1:
            link = next(_links)
            for piece in pieces:
                piece.link = link

    def append(
        self, source: Source, first: int, after: int, record: int | None, track: int, picture: bool, sound: bool
    ) -> bool:
        """Place a stretch of a source; `record` counts from midnight, `track` is the picture's, or the sound's where
        there is no picture."""
        length = floor((after - first) * self.rate / source.rate)
        sounds = source.sounds if sound else 0
        base = 1 if picture else track
        wanted = ([("video", track)] if picture else []) + [("audio", base + index) for index in range(sounds)]
        if length < 1 or not wanted or (picture and track > len(self.rows["video"]) + 1):
            return False
        there = [self.rows[kind][number - 1] for kind, number in wanted if number <= len(self.rows[kind])]
        at = max((row.end for row in there), default=0) if record is None else record - self.start
        if any(row.locked or not row.free(at, at + length) for row in there):
            return False
        link = next(_links) if len(wanted) > 1 else 0
        span = length * source.rate / self.rate
        for kind, number in wanted:
            # A picture track that is added brings a sound track along.
            for each, least in ((kind, number), ("audio", number if kind == "video" else 0)):
                while len(self.rows[each]) < least:
                    self.rows[each].append(Row(each))
            piece = Piece(source, at, length, Fraction(first), first + span, link=link)
            self.rows[kind][number - 1].put(piece)
        self.playhead = max(0, at + length)
        return True

    def cut(self, piece: Piece, at: int) -> Piece:
        """Cut a piece in two; its right part."""
        row, offset = self.row_of(piece), at - piece.start
        left, right = piece.part(0, offset), piece.part(offset, piece.length)
        rest = Piece(piece.source, at, piece.length - offset, *right, piece.speed, 0, piece.enabled)
        piece.length, (piece.low, piece.high) = offset, left
        row.put(rest)
        return rest

    def cut_all(self, pieces: list[Piece], at: int) -> None:
        """Cut pieces at one place; right parts are linked with each other where the wholes were."""
        fresh: dict[int, list[Piece]] = {}
        for piece in pieces:
            fresh.setdefault(piece.link, []).append(self.cut(piece, at))
        for link, parts in fresh.items():
            if link and len(parts) > 1:
                self.link(parts)

    def shift(self, since: int, by: int) -> None:
        """Move what begins at a frame or later on tracks that are not locked."""
        for row in self.all_rows():
            for piece in row.pieces if not row.locked else []:
                piece.start += by if piece.start >= since else 0

    def insert(self, length: int) -> bool:
        """Put a generator in at the playhead."""
        video, at = self.rows["video"], self.playhead
        unlocked = [row for row in video if not row.locked]
        if not unlocked or (unlocked[0] is not video[0] and len(unlocked) > 1):
            return False
        open_rows = [row for row in self.all_rows() if not row.locked]
        self.cut_all([one for row in open_rows for one in row.pieces if one.start < at < one.end], at)
        self.shift(at, length)
        unlocked[0].put(Piece(None, at, length, Fraction(0), Fraction(length)))
        self.playhead = at + length
        return True

    def delete(self, pieces: list[Piece], ripple: bool) -> bool:
        """Take pieces away; with ripple, their ranges are cut out of all tracks that are not locked."""
        if any(self.row_of(piece).locked for piece in pieces):
            return False
        gone = sorted({frame for piece in pieces for frame in range(piece.start, piece.end)}) if ripple else []
        gaps = [
            (start, next(frame for frame in range(start, gone[-1] + 2) if frame not in set(gone)))
            for start in gone
            if start - 1 not in set(gone)
        ]
        open_rows = [row for row in self.all_rows() if not row.locked]
        for row in open_rows:
            for one in row.pieces:
                if one not in pieces and any(start <= one.start and one.end <= end for start, end in gaps):
                    return False
        for piece in pieces:
            self.unlink(piece)
            self.row_of(piece).pieces.remove(piece)
        for start, end in reversed(gaps):
            spanning = [one for row in open_rows for one in row.pieces if one.start < start and one.end > end]
            self.cut_all(spanning, end)
            for row in open_rows:
                for one in row.pieces:
                    if one.start < start < one.end:
                        one.low, one.high = one.part(0, start - one.start)
                        one.length = start - one.start
                    elif start <= one.start < end:
                        one.low, one.high = one.part(end - one.start, one.length)
                        one.start, one.length = end, one.end - end
            self.shift(end, start - end)
        return True

    def retime(self, piece: Piece, speed: Fraction, ripple: bool) -> bool:
        """Give a piece and what is linked with it a speed other than 0."""
        together = self.linked(piece)
        if any(one.source is None or self.row_of(one).locked for one in together):
            return False
        length, end = piece.length, piece.end  # without ripple each of them keeps its own
        if ripple:
            length = floor(piece.length * abs(piece.speed) / abs(speed))
            same = all((one.start, one.length) == (piece.start, piece.length) for one in together)
            if length < 1 or not same or not piece.speed:
                return False
            others = [one for row in self.all_rows() if not row.locked for one in row.pieces if one not in together]
            if any(one.start < end and one.end > piece.start + length for one in others) and length < piece.length:
                return False
        wanted = []
        for one in together:
            assert one.source is not None
            span = (length if ripple else one.length) * abs(speed) * one.source.rate / self.rate
            low, high = (one.low, one.low + span) if speed > 0 else (one.high - span, one.high)
            if low < 0 or high > one.source.frames:
                return False
            wanted.append((low, high))
        if length != piece.length:
            self.shift(end, length - piece.length)
        for one, (low, high) in zip(together, wanted, strict=True):
            one.length = length if ripple else one.length
            one.low, one.high, one.speed = low, high, speed
        return True

    def hold(self, piece: Piece) -> bool:
        """Hold the frame under the playhead."""
        row = self.row_of(piece)
        if row.locked or row.kind != "video" or piece.source is None:
            return False
        offset = min(max(self.playhead - piece.start, 0), piece.length - 1)
        piece.low = piece.high = Fraction(floor(piece.part(offset, offset + 1)[0]))
        piece.speed = Fraction(0)
        return True

    def take(self, piece: Piece, source: Source, first: int, after: int) -> bool:
        """Show a stretch of another source from its first frame on, at a picture's own place and length."""
        row = self.row_of(piece)
        if row.locked or row.kind != "video" or piece.source is None or piece.speed != 1:
            return False
        span = piece.length * source.rate / self.rate
        same = (source, first, after) == (piece.source, floor(piece.low), ceil(piece.high))
        if same or first + ceil(span) > source.frames:
            return False
        piece.source, piece.low, piece.high = source, Fraction(first), first + span
        return True
