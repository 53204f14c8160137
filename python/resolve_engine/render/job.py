"""Render jobs as processes of their own: starting, asking, cancelling; and the process itself.

`python -m resolve_engine.render.job FOLDER JOB` reads its job as one JSON line from its standard input and renders it.
The input stays open as long as the engine lives: when it ends, the job stops and removes what it wrote.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from resolve_engine.media.errors import MediaError
from resolve_engine.render import spec as specs
from resolve_engine.render import status as statuses
from resolve_engine.render.spec import RenderSpec
from resolve_engine.worker.environment import child_environment

GRACE = 5.0
"""Seconds that a job which was told to stop has to finish the frame at hand; a frame that hangs is cut off."""

_running: dict[str, subprocess.Popen[bytes]] = {}
"""The jobs that this process started, by id; the pipe to a job must stay open for it to go on."""


def start_job(spec: RenderSpec, folder: str) -> int:
    """Start a job's process and answer its process id. Its status file is `FOLDER/<job id>.json`."""
    _forget_ended()
    os.makedirs(folder, exist_ok=True)
    statuses.status_path(spec.job_id, folder).unlink(missing_ok=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "resolve_engine.render.job", folder, spec.job_id],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        env=child_environment(),
        cwd=folder,
    )
    assert process.stdin is not None
    _running[spec.job_id] = process
    try:
        process.stdin.write(json.dumps(spec.to_json()).encode() + b"\n")
        process.stdin.flush()
    except BrokenPipeError:
        pass  # it ended already; its status, or its lack of one, says so
    return process.pid


def read_status(job_id: str, folder: str) -> dict[str, Any] | None:
    """What is known of a job (keys: see `status.read_status`), or None when its process wrote nothing yet.

    A job of this process that ended without a last word has failed.
    """
    process = _running.get(job_id)
    ended = process.poll() if process is not None else None
    status = statuses.read_status(job_id, folder)
    if status is not None and status["state"] != "rendering":
        return status
    if process is None or ended is None:
        return status
    how = f"signal {-ended}" if ended < 0 else f"exit code {ended}"
    reason = f"the render process ended before the file was complete ({how}); start the job again"
    empty = {"percent": 0, "frame": 0, "frames": 0, "elapsed_ms": 0, "pid": process.pid, "path": ""}
    return {**empty, **(status or {}), "state": "failed", "eta_ms": 0, "error": reason}


def cancel_job(job_id: str, folder: str) -> bool:
    """Tell a running job to stop; its state becomes `cancelled` within moments. False when it is not running here."""
    del folder
    process = _running.get(job_id)
    if process is None or process.poll() is not None or process.stdin is None:
        return False
    try:
        process.stdin.write(b"cancel\n")
        process.stdin.flush()
    except (BrokenPipeError, ValueError):
        return False
    return True


def _forget_ended() -> None:
    for job_id, process in list(_running.items()):
        if process.poll() is not None:
            if process.stdin is not None:
                with suppress(OSError):
                    process.stdin.close()
            del _running[job_id]


class _Stop:
    """Why a job was told to stop, and the event that its loop looks at."""

    def __init__(self) -> None:
        self.event = threading.Event()
        self.state = ""
        self.error = ""

    def set(self, state: str, error: str) -> None:
        """The first reason counts."""
        if not self.event.is_set():
            self.state, self.error = state, error
            self.event.set()


def _watch(stop: _Stop, done: threading.Event, give_up: threading.Thread) -> None:
    """Wait for a word on standard input, or its end. Runs in a thread."""
    line = sys.stdin.buffer.readline()
    if done.is_set():
        return
    if line.strip() == b"cancel":
        stop.set("cancelled", "the render was cancelled")
    else:
        stop.set("failed", "the engine ended while the job was rendered; start the job again")
    give_up.start()


def main(arguments: list[str]) -> int:
    """The process: 0 when the file is complete, 1 when it failed or was cancelled."""
    folder, job_id = arguments
    text = sys.stdin.buffer.readline()
    if not text.strip():
        return 1
    spec = specs.render_from_json(json.loads(text))
    status = statuses.StatusFile(job_id, folder, spec.output.path, spec.frames)
    status.write("rendering")
    from resolve_engine.render.encode import remove_partial
    from resolve_engine.render.session import Stopped, render

    stop, done = _Stop(), threading.Event()

    def cut_off() -> None:
        if not done.wait(GRACE):
            for file in spec.files:
                remove_partial(file)
            status.write(stop.state, stop.error)
            os._exit(1)

    give_up = threading.Thread(target=cut_off, daemon=True)
    threading.Thread(target=_watch, args=(stop, done, give_up), daemon=True).start()
    state, error = "complete", ""
    try:
        render(spec, stop.event, status.progress)
    except Stopped:
        state, error = stop.state, stop.error
    except MediaError as problem:
        state, error = "failed", problem.reason
    except Exception as problem:  # noqa: BLE001  the last word of the process must be its status
        state, error = "failed", f"the render failed: {type(problem).__name__}: {problem}"
    done.set()
    status.write(state, error)
    return 0 if state == "complete" else 1


if __name__ == "__main__":
    Path(sys.argv[1]).mkdir(parents=True, exist_ok=True)
    code = main(sys.argv[1:])
    # Not sys.exit: the thread that waits on standard input holds its lock, and the interpreter's end aborts on that.
    sys.stderr.flush()
    os._exit(code)
