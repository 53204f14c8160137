"""Reading what the next frames show in a thread of its own, while those before them are put together and encoded."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resolve_engine.render.footage import Footage, View

AHEAD = 4
"""Frames that are read before they are wanted: each holds a picture of every layer. Measured on two cores, with ten
frames from a cut to the key picture before it."""

WAIT_S = 0.2
"""How long one of the two threads waits before it looks whether the other is still there."""


class ReadAhead:
    """The views of the frames of a render, in order. The footage is read and closed by its thread alone."""

    def __init__(self, footage: Footage, frames: Iterable[int]) -> None:
        """`frames` are the timeline's. From now on nobody else may use the footage."""
        self._footage = footage
        self._frames = frames
        self._views: queue.Queue[View | Exception] = queue.Queue(AHEAD)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="footage", daemon=True)
        self._thread.start()

    def next(self) -> View:
        """The view of the next frame. Raises what reading it has raised."""
        found = self._views.get()
        if isinstance(found, Exception):
            raise found
        return found

    def close(self) -> None:
        """Stop reading and close the footage, when the frame at hand has been read."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            for frame in self._frames:
                if not self._hand(self._footage.view(frame)):
                    return
        except Exception as error:  # noqa: BLE001  whatever it is must reach the thread that waits
            self._hand(error)
        finally:
            self._footage.close()

    def _hand(self, found: View | Exception) -> bool:
        """Whether it was taken into the queue, before the reading was to stop."""
        while not self._stop.is_set():
            try:
                self._views.put(found, timeout=WAIT_S)
                return True
            except queue.Full:
                continue
        return False
