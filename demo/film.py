"""Looks into the rendered file: everything is counted by decoding, nothing is taken from a header."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import numpy as np
from av.audio.resampler import AudioResampler


@dataclass(frozen=True)
class Film:
    """What is in the file."""

    path: Path
    size: int
    """Bytes."""
    video_codec: str
    width: int
    height: int
    rate: Fraction
    """Frames per second."""
    frames: int
    """Pictures that could be decoded."""
    audio_codec: str
    channels: int
    sample_rate: int
    audio_seconds: float
    peak: float
    """The loudest sample, 0 to 1; 0 is silence."""

    @property
    def seconds(self) -> Fraction:
        """How long the pictures run."""
        return self.frames / self.rate


def probe(path: Path) -> Film:
    """Decodes the whole file."""
    with av.open(str(path)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        resampler = AudioResampler("fltp", "mono")
        frames, samples, peak = 0, 0, 0.0
        for packet in container.demux(video, audio):
            for frame in packet.decode():
                if isinstance(frame, av.VideoFrame):
                    frames += 1
                elif isinstance(frame, av.AudioFrame):
                    samples += frame.samples
                    for block in resampler.resample(frame):
                        peak = max(peak, float(np.abs(block.to_ndarray()).max()))
        return Film(
            path=path,
            size=path.stat().st_size,
            video_codec=video.codec_context.name,
            width=video.codec_context.width,
            height=video.codec_context.height,
            rate=cast(Fraction, video.average_rate),
            frames=frames,
            audio_codec=audio.codec_context.name,
            channels=audio.codec_context.channels,
            sample_rate=audio.codec_context.sample_rate,
            audio_seconds=samples / audio.codec_context.sample_rate,
            peak=peak,
        )
