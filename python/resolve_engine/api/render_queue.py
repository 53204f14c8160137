"""The render processes: one job after the other, each in a process of its own, watched from a thread.

The thread never touches the project. How far a job is stands in a file that its process writes, and the process goes
on without this one, so that the next one can read it; a job whose process ended without a last word has failed.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from resolve_engine.store import home

if TYPE_CHECKING:
    from resolve_engine.render.spec import RenderSpec

WATCH_S = 0.1
"""How often the thread looks whether the running job has ended; the next one starts at most this much later."""

FINAL = ("complete", "failed", "cancelled")


class RenderQueue:
    """Jobs that were started, in order."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[RenderSpec] = deque()
        self._active = ""
        self._to_cancel = ""
        self._failures: dict[str, str] = {}
        self._wake = threading.Event()

    def start(self, specs: list[RenderSpec]) -> None:
        """Render these jobs, after those that were started before."""
        for spec in specs:
            status_file(spec.job_id).unlink(missing_ok=True)
        with self._lock:
            for spec in specs:
                self._failures.pop(spec.job_id, None)
            self._waiting.extend(specs)
            if self._active:
                self._wake.set()  # that job may have ended, unseen
            else:
                self._active = self._waiting[0].job_id
                threading.Thread(target=self._run, name="render queue", daemon=True).start()

    def stop(self, jobs: Iterable[str] = ()) -> list[str]:
        """Cancel the running job and forget the waiting ones; gives the ids of both. Of `jobs` those are cancelled too
        that an earlier engine started and that still run."""
        from resolve_engine.render.job import cancel_job

        folder = str(home.render_jobs())
        with self._lock:
            left = [job for job in jobs if job != self._active and cancel_job(job, folder)]
            stopped = [spec.job_id for spec in self._waiting if spec.job_id != self._active]
            self._waiting.clear()
            if self._active:
                stopped.insert(0, self._active)
                self._to_cancel = self._active
                self._wake.set()
        return stopped + left

    def holds(self, job: str) -> bool:
        """Whether a job is running or waits to."""
        with self._lock:
            if any(spec.job_id == job for spec in self._waiting):
                return True
            active = job == self._active
        return (active or _is_alive(job)) and self.status(job)["state"] not in FINAL

    def forget(self, job: str) -> None:
        """Drop what is known of a job that was deleted."""
        with self._lock:
            self._failures.pop(job, None)
        from resolve_engine.render.alive import lock_path

        status_file(job).unlink(missing_ok=True)
        lock_path(job, home.render_jobs()).unlink(missing_ok=True)

    def busy(self, jobs: Iterable[str] = ()) -> bool:
        """Whether any job is running that was started here, or one of `jobs` that an earlier engine started. One whose
        process has said that it has ended is not, though that may have moments to live."""
        with self._lock:
            active, waits = self._active, bool(self._waiting)
        started = waits or (bool(active) and not _has_ended(active))
        return started or any(_is_alive(job) and not _has_ended(job) for job in jobs)

    def status(self, job: str) -> dict[str, Any]:
        """`state` is `ready`, `rendering`, `complete`, `failed` or `cancelled`; the rest as the process wrote it."""
        from resolve_engine.render.job import read_status

        with self._lock:
            waiting = any(spec.job_id == job for spec in self._waiting)
            active = job == self._active
            problem = self._failures.get(job)
        if problem is not None:
            return {"state": "failed", "error": problem}
        if waiting:
            return {"state": "ready"}
        written = read_status(job, str(home.render_jobs()))
        if written is None:
            return {"state": "rendering" if active or _is_alive(job) else "ready"}
        if written["state"] not in FINAL and not active and not _is_alive(job):
            # Its last word may have come between the two looks.
            written = read_status(job, str(home.render_jobs())) or written
        if written["state"] not in FINAL and not active and not _is_alive(job):
            return {**written, "state": "failed", "error": "the render process ended before the file was complete"}
        return dict(written)

    def _run(self) -> None:
        """One job after the other until none waits."""
        while True:
            with self._lock:
                if not self._waiting:
                    self._active = ""
                    return
                spec = self._waiting.popleft()
                self._active = spec.job_id
            try:
                self._render(spec)
            except Exception as error:  # noqa: BLE001 - shown as the job's error; the other jobs must go on
                with self._lock:
                    self._failures[spec.job_id] = f"the render process could not be started: {error}"

    def _render(self, spec: RenderSpec) -> None:
        from resolve_engine.render.job import cancel_job, read_status, start_job
        from resolve_engine.render.partial import remove_partial

        folder = str(home.render_jobs())
        start_job(spec, folder)
        while True:
            with self._lock:
                cancel, self._to_cancel = self._to_cancel == spec.job_id, ""
            if cancel:
                cancel_job(spec.job_id, folder)
            status = read_status(spec.job_id, folder)
            if status is not None and status["state"] in FINAL:
                if status["state"] == "failed":  # a process that was killed could not clear away what it had written
                    for file in spec.files:
                        with suppress(OSError):
                            remove_partial(file)
                return
            self._wake.wait(WATCH_S)
            self._wake.clear()


def _is_alive(job: str) -> bool:
    from resolve_engine.render.alive import is_alive

    return is_alive(job, home.render_jobs())


def _has_ended(job: str) -> bool:
    """Whether a job's process itself has said so: it has left nothing that is to be cleared away."""
    from resolve_engine.render.status import read_status

    written = read_status(job, home.render_jobs())
    return written is not None and written["state"] in FINAL


def status_file(job: str) -> Any:
    """The file in which a job's process says how far it is."""
    return home.render_jobs() / f"{job}.json"
