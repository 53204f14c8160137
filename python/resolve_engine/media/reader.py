"""Any frame of a file by its number, exactly; sequential reading costs no seek. One reader belongs to one thread."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection
from fractions import Fraction
from typing import TYPE_CHECKING, Protocol

from resolve_engine.media import sequence
from resolve_engine.media.av_safe.films import AT_ONCE, FilmDecoder, decode_still
from resolve_engine.media.errors import MediaError, quoted

if TYPE_CHECKING:
    from resolve_engine.media.av_safe import Picture
    from resolve_engine.render.spec import SourceSpec

MOST_IDLE = 1
"""Files that stay open though nothing at hand shows them: those of the next cuts, more likely than not. Each holds a
decoder's pictures, up to 100 MB at 1080p; opening one again costs 10 ms."""

MAX_SEQUENCE_PICTURES = 2
"""Decoded pictures kept of a sequence: the one that two outputs in a row may show."""

_HALF = Fraction(1, 2)
_QUARTER = Fraction(1, 4)
_SQUARE = Fraction(1)
"""Pictures are taken as square-pixelled: what their headers say is a print resolution more often than not."""
_SHORT = 2
"""Frames that a file may lack at its end against its own count; more is a cut-off file."""


class Reader(Protocol):
    """Answers frames by their number, counted from 0."""

    aspect: Fraction
    """Width of a pixel for its height."""

    def read(self, index: int) -> Picture:
        """The frame with this number. Do not change it: the same object may be answered again."""

    def close(self) -> None:
        """Let go of files."""


class FilmReader:
    """Frames of a film. Frame n is the last picture that starts no later than half a frame after n / rate.

    For a constant rate that is the n-th picture, whatever the rounding of its time stamps; for a variable one it is
    the picture on show at that time.
    """

    def __init__(self, path: str, stream_index: int, threads: int = AT_ONCE) -> None:
        """`threads` are those of the decoder."""
        self._decoder = FilmDecoder(path, stream_index, threads)
        self.aspect = self._decoder.aspect
        self._now: tuple[Fraction, Picture] | None = None
        self._next: tuple[Fraction, Picture] | None = None
        self._reach = max(1, round(self._decoder.rate))
        """Frames ahead that are read through rather than sought: one second."""

    def close(self) -> None:
        """Let go of the file."""
        self._now = self._next = None
        self._decoder.close()

    def read(self, index: int) -> Picture:
        """The frame with this number, counted from 0."""
        if self._now is None or not self._now[0] - _QUARTER <= index <= self._now[0] + self._reach:
            self._jump(index)
        return self._advance(index)

    def _jump(self, index: int) -> None:
        """Place the decoder so that the next picture is not after the frame."""
        if self._covers(index):
            return
        ahead = self._now is not None and index > self._now[0]
        if self._decoder.counted and ahead:
            return
        back = 0
        while True:
            self._decoder.seek(Fraction(index - back))
            self._now = None
            self._next = self._decoder.next()
            if (self._next is not None and self._next[0] <= index + _HALF) or index - back <= 0:
                return
            back = max(self._reach, back * 4)

    def _covers(self, index: int) -> bool:
        """Whether the picture at hand is the one, though its time lies before the frame's."""
        return self._now is not None and self._next is not None and self._now[0] <= index + _HALF < self._next[0]

    def _advance(self, index: int) -> Picture:
        limit = index + _HALF
        while True:
            if self._now is not None and not self._decoder.variable and abs(self._now[0] - index) < _QUARTER:
                break
            candidate = self._next if self._next is not None else self._decoder.next()
            self._next = candidate
            if candidate is None or (candidate[0] > limit and self._now is not None):
                break
            self._now, self._next = candidate, None
            if candidate[0] > limit:
                break
        if self._now is None:
            raise MediaError(
                f"frame {index} of {quoted(self._decoder.path)} cannot be decoded; the file is damaged or cut off",
                "not_readable",
            )
        self._check(index, self._now[0])
        return self._now[1]

    def _check(self, index: int, place: Fraction) -> None:
        """Refuse to show another frame in the place of one that is lost."""
        if self._decoder.variable:
            return
        missing = index - round(place)
        at_end = self._next is None
        if (at_end and missing > _SHORT) or (not at_end and missing > 0 and self._decoder.damaged):
            raise MediaError(
                f"frame {index} of {quoted(self._decoder.path)} cannot be decoded (the last good one before it is"
                f" {round(place)}); the file is damaged or cut off, copy it again from its origin",
                "not_readable",
            )


class StillReader:
    """One picture that answers for every frame."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._picture: Picture | None = None
        self.aspect = _SQUARE

    def read(self, index: int) -> Picture:
        """The picture, decoded once."""
        del index
        if self._picture is None:
            self._picture = decode_still(self._path)
        return self._picture

    def close(self) -> None:
        """Forget the picture."""
        self._picture = None


class SequenceReader:
    """Numbered picture files, each opened on its own."""

    def __init__(self, run: sequence.Sequence) -> None:
        self._run = run
        self.aspect = _SQUARE
        self._pictures: OrderedDict[int, Picture] = OrderedDict()

    def read(self, index: int) -> Picture:
        """The picture of the file with this place in the sequence."""
        picture = self._pictures.get(index)
        if picture is None:
            picture = decode_still(self._run.file(index))
            self._pictures[index] = picture
            while len(self._pictures) > MAX_SEQUENCE_PICTURES:
                self._pictures.popitem(last=False)
        return picture

    def close(self) -> None:
        """Forget the pictures."""
        self._pictures.clear()


def open_reader(source: SourceSpec, threads: int = AT_ONCE) -> Reader:
    """The reader for an item's pictures; `threads` are those of a film's decoder."""
    if source.kind == "still":
        return StillReader(source.path)
    if source.kind == "sequence":
        return SequenceReader(
            sequence.from_shown(source.path, source.sequence_first, source.frames, source.sequence_digits)
        )
    if source.kind == "video":
        return FilmReader(source.path, source.video_stream, threads)
    raise MediaError(f"{quoted(source.path)} has no pictures: its kind is {source.kind!r}", "invalid_argument")


Place = tuple[int, str]
"""A track and the path of a file."""


class ReaderCache:
    """Open readers, one for each track and file, so that two layers of one file do not make each other seek."""

    def __init__(self, threads: int = AT_ONCE) -> None:
        """`threads` are those of each decoder."""
        self._threads = threads
        self._readers: OrderedDict[Place, Reader] = OrderedDict()

    def reader(self, track: int, source: SourceSpec) -> Reader:
        """The reader of a track's file, opened when it is new."""
        key = (track, source.path)
        reader = self._readers.get(key)
        if reader is None:
            reader = self._readers[key] = open_reader(source, self._threads)
        self._readers.move_to_end(key)
        return reader

    def keep(self, shown: Collection[Place]) -> None:
        """Close the readers of files that are not shown, but for the few that were used last."""
        idle = [place for place in self._readers if place not in shown]
        for place in idle[: max(0, len(idle) - MOST_IDLE)]:
            self._readers.pop(place).close()

    def forget(self, track: int, source: SourceSpec) -> None:
        """Close a reader that failed: its decoder may be in any state."""
        reader = self._readers.pop((track, source.path), None)
        if reader is not None:
            reader.close()

    def close(self) -> None:
        """Close all."""
        while self._readers:
            self._readers.popitem()[1].close()
