"""Subtitles as a track of text in a film: written packet by packet, and read back.

A packet of QuickTime's timed text is its length and the text; one of SubRip is the text. The encoders are opened only
for what they write at the head of the track, so that no text passes through their marks of style.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NamedTuple

import av
import av.error

from resolve_engine.media.av_safe.opening import failure, open_source
from resolve_engine.media.errors import MediaError

MILLISECONDS = Fraction(1, 1000)
TIMED_TEXT, SUBRIP = "mov_text", "subrip"
"""FFmpeg's names of the two."""
MOST_BYTES = 2**16 - 1
"""Of a subtitle of timed text, whose length has two bytes; what can be read is a hundredth of that."""

_STYLE = (
    b"[Script Info]\r\nScriptType: v4.00+\r\n\r\n[V4+ Styles]\r\nFormat: Name, Fontname, Fontsize, PrimaryColour\r\n"
    b"Style: Default,Arial,16,&Hffffff\r\n\r\n[Events]\r\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, "
    b"MarginV, Effect, Text\r\n"
)
"""What the encoders want to know before they open: white letters."""


class Cue(NamedTuple):
    """A subtitle of a film."""

    frame: int
    """The film's frame that it begins with, counted from 0."""
    start: int
    """Milliseconds from the film's first frame, as the end, which is after it."""
    end: int
    text: str


def add_track(container: Any, codec: str) -> Any:
    """A track for subtitles in a film that is being written; `codec` is one of the two."""
    stream = container.add_stream(codec)
    stream.codec_context.subtitle_header = _STYLE
    stream.codec_context.time_base = MILLISECONDS
    stream.time_base = MILLISECONDS
    stream.metadata["language"] = "und"
    return stream


def packet(stream: Any, codec: str, cue: Cue) -> Any:
    """The packet of a subtitle. Raises MediaError for one that is too long."""
    text = cue.text.encode()
    if len(text) > MOST_BYTES:
        raise MediaError(f"a subtitle has {len(text)} bytes, and a film takes {MOST_BYTES} at most; make it shorter")
    if codec == TIMED_TEXT:
        text = len(text).to_bytes(2, "big") + text
    made = av.Packet(text)
    made.stream, made.time_base = stream, MILLISECONDS
    made.pts = made.dts = cue.start
    made.duration = cue.end - cue.start
    return made


def read_cues(path: str) -> list[tuple[Fraction, Fraction, str]]:
    """The subtitles of the first track of text: start and end in seconds, and text. Raises MediaError."""
    found = []
    try:
        with open_source(path) as source:
            streams = source.container.streams.subtitles
            for one in source.container.demux(streams[0]) if streams else ():
                content = bytes(one)
                if streams[0].codec_context.name == TIMED_TEXT:
                    content = content[2:]
                if content and one.pts is not None:
                    start = one.pts * one.time_base
                    found.append((start, start + (one.duration or 0) * one.time_base, content.decode()))
    except av.error.FFmpegError as error:
        raise failure(path, error) from error
    return found
