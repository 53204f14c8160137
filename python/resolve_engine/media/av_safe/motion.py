"""A picture between two others by the motion from one to the other, as FFmpeg's `minterpolate` estimates it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import av.error
from av.filter.graph import Graph

from resolve_engine.media.av_safe.graphs import PLACING
from resolve_engine.media.av_safe.pictures import Picture, has_alpha, signature, tag
from resolve_engine.media.errors import MediaError

FORMATS = frozenset(
    f"yuv{kind}" for kind in ("420p", "422p", "440p", "444p", "j420p", "j422p", "j444p", "a420p", "a422p", "a444p")
)
"""What the filter takes, all of eight bits; other pictures go through 4:4:4."""

UNIT = 90_000
"""Ticks from one picture to the next: a share is exact to one of them."""

MATCHES = {"mi_mode": "mci", "mc_mode": "obmc", "me_mode": "bilat", "me": "umh"}
"""Of the filter's ways of matching blocks the one that was nearest to the truth on textures that move, 3 to 9 dB
over blending, and half as dear as the next: 2 s of processor time a picture at 1080p."""


def between(pictures: Sequence[Picture], share: Fraction) -> Picture:
    """The picture `share` of the way, above 0 and below 1, from the second to the third of four that follow one another
    and have one signature. Where a cut lies between the two it is one of them."""
    forms = {signature(tag(picture)) for picture in pictures}
    if len(pictures) != 4 or len(forms) != 1 or not 0 < share < 1:
        raise ValueError("motion is found from four pictures of one size and format, for a share between 0 and 1")
    form = forms.pop()
    try:
        graph = Graph()
        graph.threads = 1
        ticks = form.buffer_arguments.replace("time_base=1/1", f"time_base=1/{UNIT}:frame_rate=1")
        nodes: list[Any] = [graph.add("buffer", ticks)]
        if form.format not in FORMATS:
            wide = "yuva444p" if has_alpha(form.format) else "yuv444p"
            nodes.append(graph.add("scale", flags="bicubic+accurate_rnd", out_color_matrix="bt709", out_range="tv"))
            nodes.append(graph.add("format", pix_fmts=wide))
        nodes += [graph.add("minterpolate", fps="1", **MATCHES), graph.add("buffersink")]
        for one, other in itertools.pairwise(nodes):
            one.link_to(other)
        graph.configure()
        return _second(nodes[0], nodes[-1], pictures, share)
    except (ValueError, OSError, av.error.FFmpegError) as error:
        raise MediaError(f"no motion can be found in pictures of {form.width} x {form.height}: {error}") from error


def _second(source: Any, sink: Any, pictures: Sequence[Picture], share: Fraction) -> Picture:
    """The filter makes a picture for every whole second; the second picture stands `share` before the second one."""
    found: Picture | None = None
    for number, picture in enumerate((*pictures, None), 1):
        with PLACING:
            if picture is not None:
                picture.pts, picture.time_base = number * UNIT - round(share * UNIT), Fraction(1, UNIT)
            source.push(picture)
        while found is None:
            try:
                made: Any = sink.pull()
            except (BlockingIOError, EOFError):
                break
            if made.pts * made.time_base == 2:
                found = made
    if found is None:
        raise MediaError("the filter for motion made no picture between two others")
    return tag(found)
