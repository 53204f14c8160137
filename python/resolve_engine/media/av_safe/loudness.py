"""Measuring loudness as ITU-R BS.1770 defines it, with FFmpeg's meter."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import av
import av.error
import numpy
from av.audio.frame import AudioFrame
from av.filter.graph import Graph

from resolve_engine.media.errors import MediaError

if TYPE_CHECKING:
    from numpy.typing import NDArray

GATE = -70.0
"""LKFS below which nothing counts; the meter answers it when it has heard no more."""
_INTEGRATED = "lavfi.r128.I"


class LoudnessMeter:
    """Hears stereo sound block by block. Belongs to one thread."""

    def __init__(self, sample_rate: int) -> None:
        self._rate = sample_rate
        self._heard = 0
        self._integrated = GATE
        self._graph = Graph()
        form = f"sample_rate={sample_rate}:sample_fmt=flt:channel_layout=stereo:time_base=1/{sample_rate}"
        self._source = self._graph.add("abuffer", form)
        meter = self._graph.add("ebur128", metadata="1")
        self._sink = self._graph.add("abuffersink")
        self._source.link_to(meter)
        meter.link_to(self._sink)
        self._graph.configure()

    def hear(self, samples: NDArray[numpy.float32]) -> None:
        """The next samples, an array of samples x 2."""
        if not len(samples):
            return
        packed = numpy.ascontiguousarray(samples, numpy.float32).reshape(1, -1)
        frame = AudioFrame.from_ndarray(packed, format="flt", layout="stereo")
        frame.sample_rate = self._rate
        frame.pts, frame.time_base = self._heard, Fraction(1, self._rate)
        self._heard += len(samples)
        self._push(frame)

    def integrated(self) -> float | None:
        """The gated loudness of all that was heard, in LKFS; None when it was too quiet or shorter than 0.4 s."""
        self._push(None)
        return self._integrated if self._integrated > GATE else None

    def _push(self, frame: AudioFrame | None) -> None:
        try:
            self._source.push(frame)
            while True:
                told: Any = self._sink.pull()
                self._integrated = float(told.metadata.get(_INTEGRATED, self._integrated))
        except (av.error.BlockingIOError, av.error.EOFError):
            return  # it wants more, or there is no more
        except (ValueError, OSError, av.error.FFmpegError) as error:
            raise MediaError(f"the loudness cannot be measured: {error}") from error
