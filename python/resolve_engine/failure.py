"""Why the last call of the scripting API answered a failure: what Resolve itself never says."""

from __future__ import annotations

_reason: str | None = None


def last() -> str | None:
    """One lowercase sentence about the last API call, or None when it succeeded."""
    return _reason


def clear() -> None:
    """Forget the reason; done at the start of each API call."""
    global _reason
    _reason = None


def note(reason: str) -> None:
    """Keep why the call that is running cannot do (all of) what was asked. The first reason of a call stays."""
    global _reason
    if _reason is None:
        _reason = reason
