"""Decoding sound as packed floats, each block with its place in samples."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import av
import av.error
import numpy
from av.audio.resampler import AudioResampler

from resolve_engine.media.av_safe.opening import failure, open_source
from resolve_engine.media.errors import MediaError, quoted

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from numpy.typing import NDArray

COUNTED_FORMATS = frozenset({"mp3", "aac", "ac3", "eac3", "mpeg", "flv", "asf"})
"""Formats whose times after a seek are only near the truth: their samples are counted from the start."""

_JUMP = Fraction(1, 50)
"""Seconds by which a time stamp must differ from the count of samples to be believed: a hole in the stream."""

MAX_DAMAGED_PACKETS = 500
"""Packets in a row that may fail to decode before a file is given up."""


class SoundDecoder:
    """The samples of one stream in order. Belongs to one thread."""

    def __init__(self, path: str, stream_index: int) -> None:
        self.path = path
        self._index = stream_index
        self._open()
        self.counted = self._source.container.format.name in COUNTED_FORMATS
        """Whether the file can only be read from its start."""

    def _open(self) -> None:
        self._source = open_source(self.path, undecoded=True)
        streams = self._source.audio
        chosen = [stream for stream in streams if stream.index == self._index] or streams
        if not chosen:
            self._source.close()
            raise MediaError(f"{quoted(self.path)} holds no sound any more; it was replaced since its import")
        self._stream: AudioStream = chosen[0]
        context = self._stream.codec_context
        self.rate = context.sample_rate
        """Samples per second."""
        self.channels = context.channels
        self.layout = context.layout.name
        self.exact = context.codec.name.startswith("pcm_")
        """Whether a sample depends on no other, so that a seek needs no run-up."""
        picture = self._source.video
        if picture is not None and picture.start_time is not None and picture.time_base is not None:
            self._origin = picture.start_time * picture.time_base
        else:
            self._origin = (self._stream.start_time or 0) * (self._stream.time_base or Fraction(1, self.rate))
        self._restart()

    def _restart(self) -> None:
        self._packer = AudioResampler("flt", self._stream.codec_context.layout, self.rate)
        self._packets: Iterator[Any] = self._source.container.demux(self._stream)
        self._ready: deque[tuple[int, NDArray[numpy.float32]]] = deque()
        self._expected: int | None = None
        self._damaged = 0
        self._ended = False

    def close(self) -> None:
        """Let go of the file."""
        self._ready.clear()
        self._source.close()

    def rewind(self) -> None:
        """Start again with the first sample."""
        self.close()
        self._open()

    def seek(self, sample: int) -> None:
        """Go to a packet at or before a sample, as the container understands it."""
        base = self._stream.time_base
        if self.counted or base is None or sample <= 0:
            self.rewind()
            return
        try:
            offset = int((Fraction(sample, self.rate) + self._origin) / base)
            self._source.container.seek(offset, backward=True, stream=self._stream)
        except av.error.FFmpegError:
            self.rewind()
            return
        self._restart()

    def next(self) -> tuple[int, NDArray[numpy.float32]] | None:
        """The next block: its first sample, counted from the start of the file's picture, and samples x channels."""
        while not self._ready:
            if self._ended:
                return None
            self._decode_a_packet()
        return self._ready.popleft()

    def _decode_a_packet(self) -> None:
        try:
            packet = next(self._packets, None)
            if packet is None:
                self._ended = True
                return
            for frame in packet.decode():
                self._pack(frame)
            self._damaged = 0
        except av.error.InvalidDataError as error:
            self._damaged += 1
            if self._damaged > MAX_DAMAGED_PACKETS:
                raise MediaError(f"the sound of {quoted(self.path)} is damaged and cannot be decoded") from error
        except av.error.EOFError:
            self._ended = True
        except Exception as error:
            raise failure(self.path, error) from error

    def _pack(self, frame: Any) -> None:
        """Make a frame packed before anybody looks at its samples (planar ones of 8 channels kill the process)."""
        place = self._expected
        if frame.pts is not None and frame.time_base is not None:
            told = frame.pts * frame.time_base - self._origin
            if place is None or abs(told - Fraction(place, self.rate)) > _JUMP:
                place = round(told * self.rate)
        place = place or 0
        for packed in self._packer.resample(frame):
            block = packed.to_ndarray().reshape(-1, self.channels).astype(numpy.float32, copy=False)
            self._ready.append((place, block))
            place += len(block)
        self._expected = place
