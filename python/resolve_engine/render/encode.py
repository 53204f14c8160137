"""From pictures and samples to a file: the encoder runs in a thread of its own behind a short queue."""

from __future__ import annotations

import os
import queue
import shutil
import threading
from typing import TYPE_CHECKING, Protocol

from resolve_engine.media.av_safe.captions import read_cues
from resolve_engine.media.av_safe.writing import FilmWriter, encode_picture
from resolve_engine.media.errors import MediaError, quoted
from resolve_engine.media.info import ProbeFailure
from resolve_engine.media.probe import probe
from resolve_engine.render.color_tags import check_tags
from resolve_engine.render.formats import VideoCodec, codec_of, format_of
from resolve_engine.render.frame_rate import shown, start_timecode
from resolve_engine.render.partial import frame_name, partial_name
from resolve_engine.render.subtitles import EMBEDDED, cues
from resolve_engine.render.targets import picture_target, sound_target

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    from resolve_engine.media.av_safe import Picture
    from resolve_engine.render.spec import RenderSpec

QUEUE = 6
"""Frames between compositing and encoding: measured, more gain nothing and each holds a picture."""


class Output(Protocol):
    """Takes the frames of a render in order, then `finish` or `abandon`."""

    def write(self, picture: Picture | None, sound: NDArray[numpy.float32] | None) -> None:
        """The next frame."""

    def finish(self) -> None:
        """Complete the files and give them their final names."""

    def abandon(self) -> None:
        """Throw away what was written."""


def open_output(spec: RenderSpec) -> Output:
    """The output of a job, or an error that says what about the job cannot be."""
    output = spec.output
    form = format_of(output.format)
    if output.width < 16 or output.height < 16 or output.width > 16384 or output.height > 16384:
        raise MediaError(f"{output.width} x {output.height} cannot be rendered; use 16 to 16384 pixels on each side")
    if not output.video and not output.audio:
        raise MediaError("a render needs pictures or sound; switch ExportVideo or ExportAudio on", "invalid_argument")
    folder = os.path.dirname(output.path)
    if not os.path.isdir(folder):
        raise MediaError(f"the folder {quoted(folder)} does not exist; make it or choose another", "not_found")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise MediaError(f"the folder {quoted(folder)} is not writable; change its permissions or choose another")
    if not form.muxer:
        return PictureFiles(spec, codec_of(output.format, output.codec))
    return FilmFile(spec)


def _muxing(spec: RenderSpec) -> tuple[str, dict[str, str]]:
    """The muxer and its options: with network optimization the index stands in front of the data."""
    output = spec.output
    form = format_of(output.format)
    muxer, options = form.muxer, dict(form.options)
    if options.get("movflags") and not output.network_optimization:
        del options["movflags"]
    if output.video:
        codec = codec_of(output.format, output.codec)
        muxer = codec.muxer or muxer
        options.update(codec.muxing)
    return muxer, options


class FilmFile:
    """One film or sound file."""

    def __init__(self, spec: RenderSpec) -> None:
        output = spec.output
        form = format_of(output.format)
        self._final = output.path
        self._spec = spec
        self._partial = partial_name(output.path, spec.job_id)
        video = picture_target(spec)[1] if output.video else None
        audio = sound_target(spec) if output.audio else None
        start = start_timecode(output, spec.timeline)
        muxer, options = _muxing(spec)
        self._cues = cues(spec) if output.subtitles == EMBEDDED else []
        if self._cues and not (form.subtitles and video):
            raise MediaError(
                f"{form.description} carries no subtitles; set SubtitleFormat to SeparateFile", "invalid_argument"
            )
        self._writer = FilmWriter(
            self._partial,
            muxer,
            video,
            audio,
            start if form.timecode and video else None,
            options,
            form.subtitles if self._cues else "",
        )
        self._said = 0
        """How many of the subtitles have been written."""
        self._count = 0
        self._with_pictures, self._with_sound = video is not None, audio is not None

    def write(self, picture: Picture | None, sound: NDArray[numpy.float32] | None) -> None:
        """The next frame."""
        while self._said < len(self._cues) and self._cues[self._said].frame < self._reached():
            self._writer.write_subtitle(self._cues[self._said])
            self._said += 1
        if picture is not None:
            self._writer.write_picture(picture, self._count)
        if sound is not None:
            self._writer.write_sound(sound)
        self._count += 1

    def _reached(self) -> int:
        """The timeline frame, counted from the first of the file, up to which the frame at hand lasts."""
        output, rate = self._spec.output, self._spec.timeline.rate
        return shown(output, rate, self._count + 1) - output.first

    def finish(self) -> None:
        """Complete the file, look into it, force it to the disk and give it its name."""
        self._writer.finish()
        self._verify()
        _to_disk(self._partial)
        try:
            os.replace(self._partial, self._final)
        except OSError as error:
            raise MediaError(f"{quoted(self._final)} cannot be written: {error.strerror}") from error

    def _verify(self) -> None:
        """Read back what was written: a file is complete when it says so itself."""
        found = probe(self._partial)
        if isinstance(found, ProbeFailure):
            raise MediaError(f"the finished file cannot be read: {found.reason}")
        frames = found.video.frames if found.video is not None else None
        if found.video is not None:
            check_tags(self._spec, found.video.color_primaries, found.video.color_transfer)
        if self._with_pictures and frames != self._count:
            raise MediaError(f"the finished file holds {frames} of {self._count} frames; start the job again")
        if self._with_sound and not any(stream.samples for stream in found.audio):
            raise MediaError("the finished file holds no sound; start the job again")
        if self._cues and len(said := read_cues(self._partial)) != len(self._cues):
            raise MediaError(f"the finished file holds {len(said)} of {len(self._cues)} subtitles; start the job again")

    def abandon(self) -> None:
        """Close and remove the partial file."""
        self._writer.abandon()
        if os.path.lexists(self._partial):
            os.remove(self._partial)


class PictureFiles:
    """One file for each frame, made in a hidden folder and moved beside it at the end."""

    def __init__(self, spec: RenderSpec, codec: VideoCodec) -> None:
        self._path = spec.output.path
        self._size = spec.output.width, spec.output.height
        self._frame = self._first = spec.output.first
        self._codec = codec
        if not spec.output.video:
            raise MediaError("a sequence of pictures needs ExportVideo; switch it on", "invalid_argument")
        self._folder = os.path.splitext(partial_name(spec.output.path, spec.job_id))[0]
        shutil.rmtree(self._folder, ignore_errors=True)  # of the same job, whose machine went down
        try:
            os.mkdir(self._folder)
        except OSError as error:
            raise MediaError(f"{quoted(self._folder)} cannot be made: {error.strerror}") from error

    def write(self, picture: Picture | None, sound: NDArray[numpy.float32] | None) -> None:
        """The next frame; a sequence carries no sound."""
        del sound
        if picture is None:
            raise MediaError("a sequence of pictures was given no picture")
        data = encode_picture(picture, self._codec.encoder, self._codec.options)
        path = self._partial(self._frame)
        try:
            with open(path, "wb") as file:
                file.write(data)
        except OSError as error:
            raise MediaError(
                f"{quoted(path)} cannot be written: {(error.strerror or str(error)).lower()}", "no_space"
            ) from error
        self._frame += 1

    def _partial(self, frame: int) -> str:
        return os.path.join(self._folder, os.path.basename(frame_name(self._path, frame)))

    def _verify(self, frame: int) -> None:
        """Read back a picture that was written."""
        found = probe({"path": self._partial(frame), "sequence": False})
        if isinstance(found, ProbeFailure):
            raise MediaError(f"the frame {frame} cannot be read: {found.reason}")
        if found.video is None or (found.video.width, found.video.height) != self._size:
            raise MediaError(
                f"the frame {frame} is not of {self._size[0]} x {self._size[1]} pixels; start the job again"
            )

    def finish(self) -> None:
        """Look at the first and the last frame, and move all to their names, or none where one is a folder's."""
        for frame in sorted({self._first, self._frame - 1}):
            self._verify(frame)
        for frame in range(self._first, self._frame):
            if os.path.isdir(final := frame_name(self._path, frame)):
                raise MediaError(f"{quoted(final)} is a folder; choose another name or folder for the frames")
        try:
            for frame in range(self._first, self._frame):
                os.replace(self._partial(frame), frame_name(self._path, frame))
            os.rmdir(self._folder)
        except OSError as error:
            raise MediaError(f"{quoted(self._path)} cannot be written: {error.strerror}") from error

    def abandon(self) -> None:
        """Remove the folder with all frames."""
        shutil.rmtree(self._folder, ignore_errors=True)


def _to_disk(path: str) -> None:
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class EncoderThread:
    """Feeds an output from a thread of its own, so that compositing goes on meanwhile.

    The output is opened, written and closed by that thread alone. An error there comes out of `put` or `finish`.
    """

    def __init__(self, spec: RenderSpec) -> None:
        self._spec = spec
        self._queue: queue.Queue[tuple[Picture | None, NDArray[numpy.float32] | None] | None] = queue.Queue(QUEUE)
        self._error: Exception | None = None
        self._stop = threading.Event()
        self._opened = threading.Event()
        self._thread = threading.Thread(target=self._run, name="encoder", daemon=True)
        self._thread.start()
        self._opened.wait()
        self._raise()

    def put(self, picture: Picture | None, sound: NDArray[numpy.float32] | None) -> None:
        """Hand over the next frame; waits while the queue is full."""
        while True:
            self._raise()
            try:
                self._queue.put((picture, sound), timeout=0.2)
                return
            except queue.Full:
                continue

    def finish(self) -> None:
        """Wait until all is encoded and the file has its name."""
        self._hand(None)
        self._thread.join()
        self._raise()

    def abandon(self) -> None:
        """Stop encoding and remove what was written."""
        self._stop.set()
        self._hand(None)
        self._thread.join()

    def _hand(self, end: None) -> None:
        while self._thread.is_alive():
            try:
                self._queue.put(end, timeout=0.2)
                return
            except queue.Full:
                continue

    def _raise(self) -> None:
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        output: Output | None = None
        try:
            output = open_output(self._spec)
            self._opened.set()
            while (entry := self._queue.get()) is not None and not self._stop.is_set():
                output.write(*entry)
            if self._stop.is_set():
                output.abandon()
            else:
                output.finish()
        except Exception as error:  # noqa: BLE001  whatever it is must reach the thread that waits
            self._error = error
            if output is not None:
                output.abandon()
        finally:
            self._opened.set()
