"""The priority that the operating system gives to the engine's process."""

from __future__ import annotations

import os

from resolve_engine.errors import Refusal

HIGH = -10
"""The niceness of a high priority; most processes have 0, and -20 is the most."""

_usual: int | None = None
"""The niceness that the process had before it was raised; None while it is not."""


def set_high(high: bool) -> None:
    """Give the process a high priority, or the one again that it had. Raises Refusal when the system does not allow
    it."""
    global _usual
    if not hasattr(os, "setpriority"):
        raise Refusal("the engine sets no priority on this system")
    before = os.getpriority(os.PRIO_PROCESS, os.getpid()) if _usual is None else _usual
    if high is (_usual is not None):
        return
    try:
        os.setpriority(os.PRIO_PROCESS, os.getpid(), HIGH if high else before)
    except PermissionError as error:
        raise Refusal(
            "the system does not let this user raise the priority; start the server as one who may, or leave it"
        ) from error
    _usual = before if high else None


def restore() -> None:
    """Go back to the priority that it had, when the application ends before its process does."""
    if _usual is not None:
        set_high(False)
