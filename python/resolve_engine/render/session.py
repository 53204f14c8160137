"""Rendering one job from its first frame to its last, in this process."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from resolve_engine.media.errors import MediaError
from resolve_engine.render.compositor import Compositor
from resolve_engine.render.encode import EncoderThread
from resolve_engine.render.formats import is_sequence
from resolve_engine.render.frame_rate import frames, shown
from resolve_engine.render.mix import Mixer
from resolve_engine.render.read_ahead import ReadAhead
from resolve_engine.render.subtitles import BURN_IN, SEPARATE, write_separate
from resolve_engine.render.targets import pixel_format

if TYPE_CHECKING:
    from resolve_engine.render.spec import RenderSpec

Progress = Callable[[int], None]
"""Told the count of frames done."""


class Stopped(Exception):
    """The job was told to stop; nothing of it is left on disk."""


def render(spec: RenderSpec, stop: threading.Event, progress: Progress) -> None:
    """Render a job. Raises `MediaError` with the reason when it fails, `Stopped` when `stop` was set before the end.

    In both cases what was written of the file at hand is removed; a file under its final name is always complete.
    """
    done = itertools.count(1)
    for file in spec.files:
        _render_file(file, stop, lambda: progress(next(done)))


def _render_file(spec: RenderSpec, stop: threading.Event, one_more: Callable[[], None]) -> None:
    output, timeline = spec.output, spec.timeline
    if output.last < output.first:
        raise MediaError(f"the range {output.first} to {output.last} holds no frame", "invalid_argument")
    with_sound = output.audio and not is_sequence(output.format)
    compositor, views = None, None
    if output.video:
        form = pixel_format(spec)
        burnt = output.captions if output.subtitles == BURN_IN else ()
        asked = range(output.first, output.last + 1)
        compositor = Compositor(timeline, output.width, output.height, form, captions=burnt, frames=asked)
    mixer = Mixer(timeline, output.first, output.last + 1, output.audio_sample_rate) if with_sound else None
    numbers = range(frames(output, timeline.rate))
    encoder = None
    try:
        encoder = EncoderThread(spec)
        if compositor is not None:
            views = ReadAhead(compositor.footage, (shown(output, timeline.rate, number) for number in numbers))
        heard = output.first
        for number in numbers:
            if stop.is_set():
                raise Stopped
            picture = None
            if compositor is not None and views is not None:
                clear, premultiplied, view = bool(output.alpha), output.alpha == "premultiplied", views.next()
                picture = compositor.with_alpha(view, premultiplied) if clear else compositor.shown(view)
            until = shown(output, timeline.rate, number + 1)
            encoder.put(picture, mixer.blocks(heard, min(until, output.last + 1)) if mixer else None)
            heard = until
            one_more()
        encoder.finish()
        if output.subtitles == SEPARATE:
            write_separate(spec)
    except BaseException:
        if encoder is not None:
            encoder.abandon()
        raise
    finally:
        if views is not None:
            views.close()
        if mixer is not None:
            mixer.close()
