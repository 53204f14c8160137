"""The engine's side of the media worker: asks, waits no longer than it should, and starts a new one after a crash."""

from __future__ import annotations

import atexit
import itertools
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from resolve_engine.media.errors import MediaError, quoted
from resolve_engine.media.info import MediaInfo, ProbeFailure
from resolve_engine.worker.environment import child_environment
from resolve_engine.worker.protocol import receive, send

if TYPE_CHECKING:
    from resolve_engine.render.spec import NodeSpec, SourceSpec, TimelineSpec

START_TIMEOUT = 30.0
"""Seconds added to the first request's: a cold start loads FFmpeg and NumPy, 0.2 s here, more on a busy machine."""

PROBE_TIMEOUT = 120.0
"""Seconds for one file: a Matroska file of some 20 GB must be read as a whole to count its frames."""

SYNC_TIMEOUT = 300.0
"""Seconds for two sounds: two hours of each take about a minute on one core."""

STEADY_SECONDS = 2.0
"""For each picture whose motion is measured: 0.05 at 1080p, and 8K is decoded at a picture a second."""

SPEECH_TIMEOUT = 60.0
"""Seconds for the recogniser's start, beside twice the sound's own length: it hears four times as fast on one core."""

READ_TIMEOUT = 10.0
"""Seconds for a file with a timeline of up to a megabyte: a damaged one may not cost longer."""

READ_RATES = {"aaf": 100_000}
"""Bytes of a larger file for each further second: an AAF's library takes 2 ms for an item of 500 bytes on an idle
machine. A million for any other form."""

PICTURE_TIMEOUT = 60.0
"""Seconds for one frame: the slowest that was measured (a long-GOP 8K file, many layers) took 5."""


class MediaWorker:
    """A worker process, started when it is first asked. Its methods may be called from any thread, one at a time."""

    _shared: MediaWorker | None = None
    _sharing = threading.Lock()

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._replies: queue.Queue[tuple[dict[str, Any], bytes] | None] = queue.Queue()
        self._numbers = itertools.count(1)

    @classmethod
    def shared(cls) -> MediaWorker:
        """The one worker of this process."""
        with cls._sharing:
            if cls._shared is None:
                cls._shared = MediaWorker()
                atexit.register(cls._shared.close)
            return cls._shared

    def probe(self, paths: Sequence[str | dict[str, Any]]) -> list[MediaInfo | ProbeFailure]:
        """What is in each file, in order (see `media.probe.probe` for what may stand in place of a path).

        A file that makes the decoder crash or hang costs its own answer only: it becomes a `ProbeFailure`.
        """
        return [self._probe(path) for path in paths]

    def render_frame(self, timeline: TimelineSpec, frame: int, path: str, width: int, height: int) -> None:
        """Write the picture at a timeline frame to a file whose extension names its kind (png, tif, dpx, exr, …)."""
        request = {"do": "render_frame", "timeline": asdict(timeline), "frame": frame, "path": path,
                   "width": width, "height": height}  # fmt: skip
        self._ask(request, PICTURE_TIMEOUT, f"it rendered frame {frame}")

    def thumbnail(self, timeline: TimelineSpec, frame: int, width: int, height: int) -> bytes:
        """The picture at a timeline frame as RGB bytes, three a pixel, row by row; width x height x 3 of them."""
        request = {"do": "thumbnail", "timeline": asdict(timeline), "frame": frame, "width": width, "height": height}
        return self._ask(request, PICTURE_TIMEOUT, f"it rendered frame {frame}")[1]

    def encoders_that_open(self, names: Sequence[str]) -> list[str]:
        """Those of FFmpeg's encoders of pictures that open on this machine."""
        reply, _ = self._ask(
            {"do": "encoders_that_open", "encoders": list(names)}, PICTURE_TIMEOUT, "it tried encoders"
        )
        return [str(name) for name in reply["encoders"]]

    def lag(self, first: dict[str, Any], second: dict[str, Any]) -> float:
        """Seconds by which the second recording begins after the first (see `analyse.waveform.lag`)."""
        request = {"do": "lag", "first": first, "second": second}
        reply, _ = self._ask(request, SYNC_TIMEOUT, f"it compared {quoted(first['path'])} and {quoted(second['path'])}")
        return float(reply["seconds"])

    def scene_cuts(self, timeline: TimelineSpec, first: int, end: int, since: int) -> list[int]:
        """The frames of a range with which new scenes begin (see `analyse.scenes.scene_cuts`)."""
        request = {"do": "scene_cuts", "timeline": asdict(timeline), "first": first, "end": end, "since": since}
        reply, _ = self._ask(request, SYNC_TIMEOUT, f"it looked for cuts in frames {first} to {end}")
        return [int(frame) for frame in reply["cuts"]]

    def levels(self, timeline: TimelineSpec) -> list[float]:
        """How loud each frame of a timeline is (see `analyse.levels.levels`)."""
        request = {"do": "levels", "timeline": asdict(timeline)}
        reply, _ = self._ask(request, SYNC_TIMEOUT, f"it measured the sound of {timeline.name!r}")
        return [float(level) for level in reply["levels"]]

    def loudness(self, timeline: TimelineSpec, first: int, end: int) -> tuple[float, float | None]:
        """The highest sample and the loudness in LKFS of a range of frames (see `analyse.loudness`)."""
        request = {"do": "loudness", "timeline": asdict(timeline), "first": first, "end": end}
        reply, _ = self._ask(request, SYNC_TIMEOUT, f"it measured the sound of {timeline.name!r}")
        return float(reply["peak"]), reply["integrated"]

    def transcribe(self, timeline: TimelineSpec) -> list[dict[str, Any]]:
        """What is said in the sound of a timeline (see `analyse.transcribe.transcribe`)."""
        request = {"do": "transcribe", "timeline": asdict(timeline)}
        seconds = (timeline.end - timeline.start) * timeline.rate[1] / timeline.rate[0]
        reply, _ = self._ask(request, SPEECH_TIMEOUT + 2 * seconds, f"it transcribed {timeline.name!r}")
        found: list[dict[str, Any]] = reply["speech"]
        return found

    def steadying(self, source: SourceSpec, first: int, end: int) -> tuple[float, tuple[tuple[float, float], ...]]:
        """How much pictures are enlarged, and where each is moved, to be steady (see `analyse.steadying`)."""
        request = {"do": "steadying", "source": asdict(source), "first": first, "end": end}
        seconds = PICTURE_TIMEOUT + STEADY_SECONDS * (end - first)
        reply, _ = self._ask(request, seconds, f"it measured the motion of {quoted(source.path)}")
        return float(reply["zoom"]), tuple((float(x), float(y)) for x, y in reply["shifts"])

    def export_lut(self, nodes: Sequence[NodeSpec], size: int, path: str) -> None:
        """Write a grade as a LUT file (see `colour.lut_writer.export_lut`)."""
        request = {"do": "export_lut", "nodes": [asdict(node) for node in nodes], "size": size, "path": path}
        self._ask(request, PICTURE_TIMEOUT, f"it wrote the LUT {quoted(path)}")

    def read_timeline(self, path: str, form: str, rate: tuple[int, int], drop_frame: bool) -> Any:
        """The timeline of a file as JSON (see `interchange.forms.read`)."""
        request = {"do": "read_timeline", "path": path, "form": form, "rate": rate, "drop_frame": drop_frame}
        further = max(os.path.getsize(path) - 1_000_000, 0)
        seconds = READ_TIMEOUT + further / READ_RATES.get(form, 1_000_000)
        return self._ask(request, seconds, f"it read {quoted(path)}")[0]["timeline"]

    def write_timeline(self, timeline: Any, form: str, items: int) -> tuple[bytes, list[str]]:
        """A timeline as a file, and what that does not hold (see `interchange.forms.write`); `items` stand on it."""
        request = {"do": "write_timeline", "timeline": timeline, "form": form}
        reply, content = self._ask(request, READ_TIMEOUT + items / 100, f"it wrote a timeline as {form}")
        return content, [str(one) for one in reply["lost"]]

    def pid(self) -> int | None:
        """Process id of the running worker, or None."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def close(self) -> None:
        """End the worker; the next request starts a new one."""
        with self._lock:
            self._end()

    def _probe(self, path: str | dict[str, Any]) -> MediaInfo | ProbeFailure:
        shown = path if isinstance(path, str) else str(path.get("pattern", path.get("path", "")))
        try:
            reply, _ = self._ask({"do": "probe", "path": path}, PROBE_TIMEOUT, f"it read {quoted(shown)}")
        except MediaError as error:
            return ProbeFailure(shown, error.reason)
        if "failure" in reply:
            return ProbeFailure(**reply["failure"])
        return MediaInfo.from_json(reply["info"])

    def _ask(self, request: dict[str, Any], timeout: float, doing: str) -> tuple[dict[str, Any], bytes]:
        with self._lock:
            number = next(self._numbers)
            message = {"id": number, **request}
            for attempt in range(2):
                allowed = timeout + self._ready()
                begun, answer = self._answer(message, number, allowed, doing)
                if answer is not None:
                    break
                how = self._end()
                if begun or attempt:
                    raise MediaError(
                        f"the media worker died ({how}) while {doing}; the next call starts a new one", "worker_died"
                    )
        assert answer is not None
        reply, data = answer
        if not reply["ok"]:
            raise MediaError(reply["reason"], reply["code"])
        return reply, data

    def _answer(
        self, message: dict[str, Any], number: int, timeout: float, doing: str
    ) -> tuple[bool, tuple[dict[str, Any], bytes] | None]:
        """Whether the worker began with a request, and its answer; None when it died.

        A worker says that it begins, so that one that was dying already costs nothing: another one can be asked.
        """
        process = self._process
        assert process is not None
        assert process.stdin is not None
        try:
            send(process.stdin, message)
        except BrokenPipeError:
            return False, None
        except ValueError as error:
            raise MediaError(str(error), "invalid_argument") from error
        begun = False
        end = time.monotonic() + timeout
        while True:
            try:
                answer = self._replies.get(timeout=max(0.0, end - time.monotonic()))
            except queue.Empty:
                self._end()
                raise MediaError(
                    f"the media worker gave no answer within {timeout:.0f} s while {doing}; it was ended, the next call"
                    " starts a new one",
                    "timed_out",
                ) from None
            if answer is None:
                return begun, None
            if answer[0].get("id") == number:
                if "ok" in answer[0]:
                    return True, answer
                begun = True

    def _ready(self) -> float:
        """Make sure that a worker runs; answers the seconds to allow for its start."""
        if self._process is not None and self._process.poll() is None:
            return 0.0
        self._end()
        self._start()
        return START_TIMEOUT

    def _start(self) -> None:
        try:
            process = subprocess.Popen(
                [sys.executable, "-m", "resolve_engine.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=child_environment(),
            )
        except OSError as error:
            raise MediaError(
                f"the media worker cannot be started with {quoted(sys.executable)}: {error.strerror}", "worker_died"
            ) from error
        self._process = process
        self._replies = queue.Queue()
        threading.Thread(target=_pump, args=(process, self._replies), name="media worker", daemon=True).start()

    def _end(self) -> str:
        """Kill and reap the worker; answers how it ended."""
        process, self._process = self._process, None
        if process is None:
            return "it was not running"
        with suppress(OSError):
            process.kill()
        code = process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        return f"signal {-code}" if code < 0 else f"exit code {code}"


def _pump(process: subprocess.Popen[bytes], replies: queue.Queue[tuple[dict[str, Any], bytes] | None]) -> None:
    """Carry replies from the worker's pipe to whoever waits, and tell when the worker is gone."""
    assert process.stdout is not None
    try:
        while (message := receive(process.stdout)) is not None:
            replies.put(message)
    except (OSError, ValueError):
        pass  # the pipe was closed under us: the worker was ended on purpose
    replies.put(None)
