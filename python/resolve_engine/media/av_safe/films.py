"""Decoding the pictures of a film one after the other, each with its place in frames."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import av.error

from resolve_engine.media.av_safe.opening import Source, failure, open_film, open_source
from resolve_engine.media.av_safe.pictures import Picture, finite, tag
from resolve_engine.media.errors import MediaError, quoted
from resolve_engine.media.rates import is_variable, nominal, snapped

if TYPE_CHECKING:
    from av.packet import Packet
    from av.video.stream import VideoStream

COUNTED_FORMATS = frozenset({"mpeg", "mpegvideo", "m4v", "h264", "hevc", "obu", "dv"})
"""Formats whose packets lack times: their pictures are counted from the start, and a seek would lose the count."""

AT_ONCE = 2
"""Threads of a decoder for whoever waits for a picture. Measured at 1080p on two cores: more gain nothing and each
holds pictures."""

MOST_THREADS = 4
"""Of a decoder whatever the machine has: each holds a picture, 12 MB at 2160p."""


def beside_others() -> int:
    """Threads of a decoder that works while pictures are put together and encoded: half the cores, which are enough,
    but two at least. One alone has its share of two cores beside an encoder of several threads, which then waits for it
    (a render with 13 cuts took 4 % longer, with the same processor time)."""
    return min(MOST_THREADS, max(2, (os.cpu_count() or 1) // 2))


SKIPPABLE = frozenset({"h264"})
"""Codecs that say of each picture whether any other leans on it. HEVC says so only within a temporal layer."""

MOST_HELD = 300
"""Packets that are read ahead to find the picture that a seek is for: 10 s of a long group of pictures."""

MAX_DAMAGED_PACKETS = 500
"""Packets in a row that may fail to decode before a file is given up."""


_QUARTER = Fraction(1, 4)


class FilmDecoder:
    """The pictures of one stream in the order of showing. Belongs to one thread."""

    def __init__(self, path: str, stream_index: int, threads: int = AT_ONCE) -> None:
        self.path = path
        self._threads = threads
        self._stream_index = stream_index
        self._open()
        average = self._stream.average_rate or self._stream.guessed_rate or self._stream.base_rate
        if not average:
            raise MediaError(f"{quoted(path)} does not say its frame rate, so its frames cannot be counted")
        self.variable = is_variable(self._stream.average_rate, self._stream.base_rate)
        """Whether the frames are unevenly spaced."""
        self.rate: Fraction = nominal(average) if self.variable else snapped(average)
        """Frames per second that places are counted in."""
        self.counted = self._source.container.format.name in COUNTED_FORMATS
        """Whether the file can only be read from its start."""
        aspect = self._stream.sample_aspect_ratio
        self.aspect = aspect if aspect and aspect > 0 else Fraction(1)
        """Width of a pixel for its height."""
        self.damaged = 0
        """Packets that failed to decode since the last seek."""
        self._base: Fraction | None = None
        self._step = Fraction(0)
        """Frames for one unit of the pictures' time base, which is `_base`."""

    def _open(self) -> None:
        self._source: Source = open_film(self.path)
        self._stream: VideoStream = self._choose(self._source)
        context = self._stream.codec_context
        context.thread_count = self._threads
        context.thread_type = "AUTO"
        start = self._stream.start_time
        self._origin = start if start is not None else 0
        self._packets: Iterator[Packet[VideoStream]] = self._source.container.demux(self._stream)
        self._ready: deque[Picture] = deque()
        self._shown = 0
        self._ended = False

    def _choose(self, source: Source) -> VideoStream:
        """The stream that the probe saw; the file may have been replaced since."""
        streams = source.container.streams
        if self._stream_index < len(streams) and streams[self._stream_index] in streams.video:
            return streams.video[[stream.index for stream in streams.video].index(self._stream_index)]
        if source.video is None:
            source.close()
            raise MediaError(f"{quoted(self.path)} holds no picture any more; it was replaced since its import")
        return source.video

    def close(self) -> None:
        """Let go of the file."""
        self._ready.clear()
        self._source.close()

    def rewind(self) -> None:
        """Start again with the first picture."""
        self.close()
        self.damaged = 0
        self._open()

    def seek(self, place: Fraction) -> None:
        """Go to a key picture at or before a place, as the container understands it: the caller checks what comes."""
        base = self._stream.time_base
        if self.counted or base is None or place <= 0:
            self.rewind()
            return
        offset = self._origin + int(place / self.rate / base)
        try:
            self._source.container.seek(offset, backward=True, stream=self._stream)
        except av.error.FFmpegError:
            self.rewind()
            return
        self.damaged = 0
        self._ready.clear()
        self._ended = False
        self._packets = self._towards(place)

    def _towards(self, place: Fraction) -> Iterator[Packet[VideoStream]]:
        """The packets from here on. Of those that stand before a place only what others lean on is decoded, if a
        picture stands at the place itself: what was on show there before it is not asked for."""
        packets = self._source.container.demux(self._stream)
        context, base = self._stream.codec_context, self._stream.time_base
        held: list[Packet[VideoStream]] = []
        wanted: int | None = None
        if base is not None and not self.variable and context.codec.name in SKIPPABLE:
            for packet in packets:
                held.append(packet)
                here = packet.pts is not None and abs((packet.pts - self._origin) * base * self.rate - place) < _QUARTER
                wanted = packet.pts if here else None
                if here or len(held) == MOST_HELD:
                    break
        for packet in held:
            early = wanted is not None and packet.pts is not None and packet.pts < wanted
            context.skip_frame = "NONREF" if early else "DEFAULT"
            yield packet
        context.skip_frame = "DEFAULT"
        yield from packets

    def next(self) -> tuple[Fraction, Picture] | None:
        """The next picture with its place in frames from the start of the file (exact), or None after the last."""
        while not self._ready:
            if self._ended:
                return None
            self._decode_a_packet()
        frame = finite(tag(self._ready.popleft()))
        if self.counted or frame.pts is None or frame.time_base is None:
            place = Fraction(self._shown)
        else:
            if frame.time_base != self._base:
                self._base, self._step = frame.time_base, frame.time_base * self.rate
            place = (frame.pts - self._origin) * self._step
        self._shown += 1
        return place, frame

    def _decode_a_packet(self) -> None:
        try:
            packet = next(self._packets, None)
            if packet is None:
                self._ended = True
                return
            self._ready.extend(packet.decode())
        except av.error.InvalidDataError as error:
            self.damaged += 1
            if self.damaged > MAX_DAMAGED_PACKETS:
                raise MediaError(
                    f"{quoted(self.path)} is damaged: {self.damaged} pieces in a row could not be decoded",
                    "not_readable",
                ) from error
        except av.error.EOFError:
            self._ended = True
        except Exception as error:
            raise failure(self.path, error) from error


def decode_still(path: str) -> Picture:
    """The one picture of a picture file."""
    with open_source(path) as source:
        stream = source.video
        if stream is None or not source.is_picture:
            raise MediaError(f"{quoted(path)} is not a picture any more; it was replaced since its import")
        try:
            for frame in source.container.decode(stream):
                return finite(tag(frame))
        except Exception as error:
            raise failure(path, error) from error
    raise MediaError(f"{quoted(path)} holds no picture that can be decoded; it is damaged", "not_readable")
