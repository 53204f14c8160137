"""Sources that are read ahead: every frame comes in its place, faults reach the render, nothing is left running."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from resolve_engine.media.errors import MediaError
from resolve_engine.render.footage import View
from resolve_engine.render.read_ahead import AHEAD, ReadAhead


class Numbers:
    """Footage whose views say which frame was read, by which thread; one frame may fail."""

    def __init__(self, fails: int = -1) -> None:
        self.fails = fails
        self.threads: set[str] = set()
        self.read: list[int] = []
        self.closed = ""
        self.reached = threading.Event()

    def view(self, frame: int) -> View:
        """The frame's own number."""
        self.threads.add(threading.current_thread().name)
        self.read.append(frame)
        if len(self.read) == AHEAD + 1:
            self.reached.set()
        if frame == self.fails:
            raise MediaError("the file is damaged")
        return View(frame, ())

    def close(self) -> None:
        """Who closed it."""
        self.closed = threading.current_thread().name


def test_frames_come_in_order_and_are_read_by_one_other_thread() -> None:
    """In the order that was asked for, which may repeat; the thread that read them closes the files."""
    footage: Any = Numbers()
    asked = [5, 5, 6, 9, 2, 3, 4, 5, 6, 7, 8]
    views = ReadAhead(footage, asked)
    assert [views.next().frame for _ in asked] == asked
    views.close()
    assert footage.threads == {"footage"}
    assert footage.closed == "footage"


def test_no_more_is_read_than_the_queue_holds() -> None:
    """One more than that waits in the hands of the reading thread, and the end does not wait for the rest."""
    footage: Any = Numbers()
    views = ReadAhead(footage, range(1000))
    assert footage.reached.wait(10)
    views.close()
    assert footage.read == list(range(AHEAD + 1))
    assert footage.closed == "footage"


def test_a_fault_is_told_at_its_own_frame() -> None:
    """The frames before it are rendered; a render says which frame it was by how far it came."""
    footage: Any = Numbers(fails=2)
    views = ReadAhead(footage, range(10))
    assert [views.next().frame for _ in range(2)] == [0, 1]
    with pytest.raises(MediaError, match="the file is damaged"):
        views.next()
    views.close()
    assert footage.read == [0, 1, 2]
    assert footage.closed == "footage"
