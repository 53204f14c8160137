"""The engine's own exceptions.

EngineError
├── Refusal         a call cannot be done; becomes Resolve's failure value, the reason is kept for `failure.last()`
└── StoreError      the database could not be opened, read or written
    └── ProjectInUse    another process has the project open
"""

from __future__ import annotations

from typing import Any

USUAL: Any = object()
"""Stands for the failure value that Resolve's text gives for the method."""


class EngineError(Exception):
    """Anything the engine raises on purpose. The text is one lowercase sentence."""


class Refusal(EngineError):
    """What was asked for cannot be done; whatever the call changed is taken back."""

    def __init__(self, reason: str, answer: Any = USUAL) -> None:
        """`answer` is what the method gives back where that is not its usual failure value."""
        super().__init__(reason)
        self.reason = reason
        self.answer = answer


class StoreError(EngineError):
    """The database of projects failed."""


class ProjectInUse(StoreError):
    """The project is open in another process."""

    def __init__(self, reason: str, *, ends: bool = False) -> None:
        """`ends` says that whoever started that process is gone, so that it ends by itself within moments."""
        super().__init__(reason)
        self.ends = ends
