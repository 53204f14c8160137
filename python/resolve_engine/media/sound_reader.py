"""Any range of a file's samples by their number; reading on costs no seek. One reader belongs to one thread."""

from __future__ import annotations

from collections import OrderedDict, deque
from typing import TYPE_CHECKING

import numpy

from resolve_engine.media.av_safe.sound import SoundDecoder

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_READERS = 16
"""Open sound files per process: the tracks of a busy mix; each holds at most a few seconds of samples."""

_RUN_UP = 0.25
"""Seconds decoded before the wanted sample where a codec's samples lean on the ones before."""

_REACH = 2.0
"""Seconds ahead that are read through rather than sought."""


class SoundReader:
    """Samples of one stream, zero outside of it."""

    def __init__(self, path: str, stream_index: int) -> None:
        self._decoder = SoundDecoder(path, stream_index)
        self.rate, self.channels, self.layout = self._decoder.rate, self._decoder.channels, self._decoder.layout
        self._blocks: deque[tuple[int, NDArray[numpy.float32]]] = deque()
        self._position = 0
        """First sample that was not decoded yet."""
        self._ended = False

    def close(self) -> None:
        """Let go of the file."""
        self._blocks.clear()
        self._decoder.close()

    def read(self, first: int, count: int) -> NDArray[numpy.float32]:
        """Samples `first` up to `first + count`, as samples x channels; counted from the start of the picture."""
        result = numpy.zeros((count, self.channels), numpy.float32)
        if count <= 0 or first + count <= 0:
            return result
        self._place(max(first, 0))
        self._decode_until(first + count)
        for start, block in self._blocks:
            begin, end = max(start, first), min(start + len(block), first + count)
            if begin < end:
                result[begin - first : end - first] = block[begin - start : end - start]
        while self._blocks and self._blocks[0][0] + len(self._blocks[0][1]) <= first:
            self._blocks.popleft()
        return result

    def _place(self, first: int) -> None:
        held = self._blocks[0][0] if self._blocks else self._position
        reach = int(_REACH * self.rate)
        if held <= first <= self._position + reach or (self._decoder.counted and first >= held):
            return
        run_up = 0 if self._decoder.exact else int(_RUN_UP * self.rate)
        self._blocks.clear()
        back = run_up
        while True:
            self._decoder.seek(first - back)
            self._ended = False
            block = self._decoder.next()
            if block is None:
                self._ended = True
                self._position = first
                return
            if block[0] <= max(first - run_up, 0) or first - back <= 0:
                self._blocks.append(block)
                self._position = block[0] + len(block[1])
                return
            back = max(reach, back * 4)

    def _decode_until(self, end: int) -> None:
        while self._position < end and not self._ended:
            block = self._decoder.next()
            if block is None:
                self._ended = True
                return
            self._blocks.append(block)
            self._position = block[0] + len(block[1])


class SoundCache:
    """Open sound readers, one for each item and stream; the one unused for longest is closed."""

    def __init__(self, size: int = MAX_READERS) -> None:
        self._size = size
        self._readers: OrderedDict[tuple[str, int], SoundReader] = OrderedDict()

    def reader(self, owner: str, path: str, stream: int) -> SoundReader:
        """The reader of a file's stream for its owner, opened when it is new."""
        key = (f"{owner}\0{path}", stream)
        reader = self._readers.get(key)
        if reader is None:
            reader = SoundReader(path, stream)
            self._readers[key] = reader
            while len(self._readers) > self._size:
                self._readers.popitem(last=False)[1].close()
        self._readers.move_to_end(key)
        return reader

    def close(self) -> None:
        """Close all."""
        while self._readers:
            self._readers.popitem()[1].close()
