"""What goes wrong with media: one exception that carries a sentence for the user; imports nothing heavy."""

from __future__ import annotations


class MediaError(Exception):
    """A file could not be read, or a picture or a file could not be made.

    `reason` is one lowercase sentence: what failed, why, and what to do next. `code` is stable:
    `not_found`, `not_readable`, `unsupported`, `timed_out`, `worker_died`, `invalid_argument`, `no_space`, `failed`.
    """

    def __init__(self, reason: str, code: str = "failed") -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code


def quoted(path: str) -> str:
    """A path as it can be shown on one line: newlines and other control characters escaped."""
    return "'" + "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in path) + "'"
