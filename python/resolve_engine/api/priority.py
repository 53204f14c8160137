"""The priority that the operating system gives to the engine's process."""

from __future__ import annotations

import os

from resolve_engine.errors import Refusal

HIGH = -10
"""The niceness of a high priority; 0 is the usual one, -20 the most."""


_raised = False
"""Whether the process has the high priority from us."""


def set_high(high: bool) -> None:
    """Give the process a high priority, or the usual one again. Raises Refusal when the system does not allow it."""
    global _raised
    if not hasattr(os, "setpriority"):
        raise Refusal("the engine sets no priority on this system")
    try:
        os.setpriority(os.PRIO_PROCESS, os.getpid(), HIGH if high else 0)
        _raised = high
    except PermissionError as error:
        raise Refusal(
            "the system does not let this user raise the priority; start the server as one who may, or leave it"
        ) from error


def restore() -> None:
    """Go back to the usual priority, when the application ends before its process does."""
    if _raised:
        set_high(False)
