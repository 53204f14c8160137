"""What is said in the sound of a timeline, word by word; English alone, as the recogniser's own model is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy

from resolve_engine.media.errors import MediaError
from resolve_engine.render.mix import Mixer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from resolve_engine.render.spec import TimelineSpec

SAMPLE_RATE = 16_000
"""What the model was trained on."""
FRAME_S = 0.01
"""Seconds of one frame of the recogniser."""
_VARIANT = re.compile(r"\(\d+\)$")
"""Behind a word that is spoken in several ways."""


def transcribe(timeline: TimelineSpec) -> list[dict[str, Any]]:
    """The stretches of speech in order: `begin` and `end` in seconds from the timeline's start, and `words`, each a
    text with its own begin and end. Noises and pauses are left out; a stretch of noise alone has no words.

    Raises MediaError when the recogniser is not installed or the sound cannot be read.
    """
    try:
        from pocketsphinx import Decoder, Endpointer
    except ImportError as error:
        raise MediaError("the recogniser of speech, pocketsphinx, is not installed", "unsupported") from error
    # The model takes a second and 300 MB: sound that cannot be read, or says nothing, does not wait for it.
    decoder: Any = None
    ends: Any = Endpointer(sample_rate=SAMPLE_RATE)
    found: list[dict[str, Any]] = []
    begin = 0.0
    for piece, last in _pieces(timeline, ends.frame_bytes):
        spoken_before = ends.in_speech
        speech = ends.end_stream(piece) if last else ends.process(piece)
        if speech is None:
            continue
        if decoder is None:
            decoder = Decoder(samprate=SAMPLE_RATE, loglevel="FATAL")
        if not spoken_before:
            begin = ends.speech_start
            decoder.start_utt()
        decoder.process_raw(speech)
        if not ends.in_speech:
            decoder.end_utt()
            found.append({"begin": begin, "end": ends.speech_end, "words": list(_words(decoder, begin))})
    return found


def _pieces(timeline: TimelineSpec, size: int) -> Iterator[tuple[bytes, bool]]:
    """The sound as one channel of 16 bits, in pieces of so many bytes; the last one, shorter or empty, is told."""
    mixer = Mixer(timeline, timeline.start, timeline.end, SAMPLE_RATE)
    rest = b""
    try:
        for frame in range(timeline.start, timeline.end):
            mono = mixer.block(frame).mean(axis=1)
            rest += (numpy.clip(mono, -1, 1) * 32767).astype("<i2").tobytes()
            while len(rest) > size:
                yield rest[:size], False
                rest = rest[size:]
    finally:
        mixer.close()
    yield rest, True


def _words(decoder: Any, begin: float) -> Iterator[tuple[str, float, float]]:
    for segment in decoder.seg() or ():
        if segment.word[0] not in "<[":
            first, after = segment.start_frame * FRAME_S, (segment.end_frame + 1) * FRAME_S
            yield _VARIANT.sub("", segment.word), begin + first, begin + after
