"""Render jobs as processes of their own: starting, asking, cancelling; and the process itself.

`python -m resolve_engine.render.job FOLDER JOB` reads its job as one JSON line from its standard input and renders it,
whether or not the engine that started it is still there: a render goes on as it does in Resolve when a script ends. It
is told to stop by a file, and whether it lives is told by a lock, so that the next engine can do and see both.
"""

from __future__ import annotations

import gc
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
from resolve_engine.render.alive import hold, is_alive
from resolve_engine.render.spec import RenderSpec
from resolve_engine.worker.environment import child_environment

GRACE = 5.0
"""Seconds that a job which was told to stop has to finish the frame at hand; a frame that hangs is cut off."""

if sys.platform == "win32":
    _OF_ITS_OWN = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.DETACHED_PROCESS
else:
    _OF_ITS_OWN = 0
"""Windows: without the console of the engine, whose end would end it."""

WATCH_S = 0.1
"""How often a job looks whether it was told to stop."""

_running: dict[str, subprocess.Popen[bytes]] = {}
"""The jobs that this process started, by id, so that it is seen how they end."""


def cancel_path(job_id: str, folder: str | os.PathLike[str]) -> Path:
    """The file whose presence tells a job to stop."""
    return Path(folder) / f"{job_id}.cancel"


def start_job(spec: RenderSpec, folder: str) -> int:
    """Start a job's process and answer its process id. Its status file is `FOLDER/<job id>.json`."""
    _forget_ended()
    os.makedirs(folder, exist_ok=True)
    statuses.status_path(spec.job_id, folder).unlink(missing_ok=True)
    cancel_path(spec.job_id, folder).unlink(missing_ok=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "resolve_engine.render.job", folder, spec.job_id],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        env=child_environment(),
        cwd=folder,
        # Not of the group that is ended with the engine.
        start_new_session=True,
        creationflags=_OF_ITS_OWN,
    )
    assert process.stdin is not None
    _running[spec.job_id] = process
    with suppress(BrokenPipeError):  # it ended already; its status, or its lack of one, says so
        process.stdin.write(json.dumps(spec.to_json()).encode() + b"\n")
        process.stdin.close()
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
    """Tell a running job to stop; its state becomes `cancelled` within moments. False when it is not running."""
    if not is_alive(job_id, folder):
        return False
    cancel_path(job_id, folder).touch()
    return True


def _forget_ended() -> None:
    for job_id, process in list(_running.items()):
        if process.poll() is not None:
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


def _watch(stop: _Stop, done: threading.Event, cancelled: Path, give_up: threading.Thread) -> None:
    """Wait until the job is told to stop, or is done. Runs in a thread."""
    while not done.wait(WATCH_S):
        if cancelled.exists():
            stop.set("cancelled", "the render was cancelled")
            give_up.start()
            return


def main(arguments: list[str]) -> int:
    """The process: 0 when the file is complete, 1 when it failed or was cancelled."""
    folder, job_id = arguments
    text = sys.stdin.buffer.readline()
    if not text.strip():
        return 1
    hold(job_id, folder)
    spec = specs.render_from_json(json.loads(text))
    status = statuses.StatusFile(job_id, folder, spec.output.path, spec.frames)
    status.write("rendering")
    from resolve_engine.render.partial import remove_partial
    from resolve_engine.render.session import Stopped, render

    gc.freeze()  # what is there now stays, and is not looked through whenever a file is closed
    stop, done = _Stop(), threading.Event()

    def cut_off() -> None:
        if not done.wait(GRACE):
            for file in spec.files:
                remove_partial(file)
            status.write(stop.state, stop.error)
            os._exit(1)

    give_up = threading.Thread(target=cut_off, daemon=True)
    cancelled = cancel_path(job_id, folder)
    threading.Thread(target=_watch, args=(stop, done, cancelled, give_up), daemon=True).start()
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
    cancelled.unlink(missing_ok=True)
    return 0 if state == "complete" else 1


if __name__ == "__main__":
    Path(sys.argv[1]).mkdir(parents=True, exist_ok=True)
    code = main(sys.argv[1:])
    # Not sys.exit: a frame that hangs in native code would keep the interpreter from its end.
    sys.stderr.flush()
    os._exit(code)
