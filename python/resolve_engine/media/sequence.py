"""Image sequences by their names: which numbered files belong together, and the pattern that stands for them.

Nothing is opened here; only names are looked at.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

from resolve_engine.media.errors import MediaError, quoted

IMAGE_EXTENSIONS = frozenset(
    {"png", "jpg", "jpeg", "tif", "tiff", "exr", "dpx", "bmp", "tga", "webp", "jp2", "j2k", "j2c", "psd", "pbm", "pgm",
     "ppm", "sgi", "hdr", "cin"}
)  # fmt: skip
"""Extensions whose numbered files form a sequence."""

MAX_FRAMES = 1_000_000
"""Most frames of one sequence: eleven hours at 24 frames per second; keeps a wild number from filling the memory."""

_NUMBERED = re.compile(r"^(?P<stem>.*?)(?P<number>\d{1,12})(?P<tail>\.[^.]+)$", re.DOTALL)
_SHOWN = re.compile(r"^(?P<stem>.*)\[(?P<first>\d+)-(?P<last>\d+)\](?P<tail>\.[^.]+)$", re.DOTALL)
_PERCENT = re.compile(r"%(?:0(?P<digits>\d{1,2}))?d")


@dataclass(frozen=True)
class Sequence:
    """A run of numbered files without a hole."""

    folder: str
    stem: str
    """What stands before the number in the file name."""
    tail: str
    """The extension with its dot."""
    first: int
    last: int
    """Number of the last frame, inclusive."""
    digits: int
    """Width of the number; 0 when it is not padded."""

    @property
    def frames(self) -> int:
        """Count of frames."""
        return self.last - self.first + 1

    def file(self, index: int) -> str:
        """Path of the frame with this index, counted from 0."""
        return os.path.join(self.folder, f"{self.stem}{self.first + index:0{self.digits or 1}d}{self.tail}")

    @property
    def shown(self) -> str:
        """The whole sequence as one path: `/x/shot.[0001-0048].png`."""
        width = self.digits or 1
        return os.path.join(self.folder, f"{self.stem}[{self.first:0{width}d}-{self.last:0{width}d}]{self.tail}")


def is_image_name(name: str) -> bool:
    """Whether the extension is one of a picture file."""
    return os.path.splitext(name)[1][1:].lower() in IMAGE_EXTENSIONS


def from_shown(path: str, first: int, frames: int, digits: int) -> Sequence:
    """The sequence that `Sequence.shown` names, with the range that was stored beside it."""
    folder, name = os.path.split(path)
    match = _SHOWN.match(name)
    if match is None:
        raise MediaError(f"{quoted(path)} is not the name of an image sequence such as shot.[0001-0048].png")
    return Sequence(folder, match["stem"], match["tail"], first, first + frames - 1, digits)


def from_pattern(pattern: str, first: int, last: int) -> Sequence:
    """The sequence of a name such as `/x/shot_%04d.png` and a range that the caller states, both ends included."""
    folder, name = os.path.split(pattern)
    marks = list(_PERCENT.finditer(name))
    if len(marks) != 1:
        raise MediaError(
            f"{quoted(pattern)} must have exactly one %d or %04d where the frame number stands", "invalid_argument"
        )
    if last < first or first < 0 or last - first >= MAX_FRAMES:
        raise MediaError(
            f"the range {first} to {last} of {quoted(pattern)} is not a range of frames; give a first number of 0 or"
            f" more and a last one that is not smaller, at most {MAX_FRAMES} frames apart",
            "invalid_argument",
        )
    mark = marks[0]
    digits = int(mark["digits"] or 0)
    return Sequence(folder, name[: mark.start()], name[mark.end() :], first, last, digits)


def around(path: str) -> Sequence | None:
    """The run of numbered pictures that a file belongs to, or None when it stands alone."""
    folder, name = os.path.split(path)
    if not is_image_name(name):
        return None
    match = _NUMBERED.match(name)
    if match is None:
        return None
    runs = _runs(folder, {(match["stem"], match["tail"])})
    number = int(match["number"])
    for run in runs:
        if run.first <= number <= run.last and run.frames > 1 and run.file(number - run.first) == path:
            return run
    return None


def in_folder(folder: str) -> list[Sequence]:
    """All runs of two or more numbered pictures in a folder, in the order of their names."""
    return [run for run in _runs(folder, None) if run.frames > 1]


def _runs(folder: str, only: set[tuple[str, str]] | None) -> list[Sequence]:
    """Runs without a hole; files of one run have one width of number, or none is padded."""
    numbers: dict[tuple[str, str, int], list[int]] = {}
    with os.scandir(folder) as entries:
        for entry in entries:
            match = _NUMBERED.match(entry.name)
            if match is None or not is_image_name(entry.name):
                continue
            if only is not None and (match["stem"], match["tail"]) not in only:
                continue
            text = match["number"]
            padded = len(text) if text.startswith("0") and len(text) > 1 else 0
            numbers.setdefault((match["stem"], match["tail"], padded or -len(text)), []).append(int(text))
    return _joined(folder, numbers)


def _joined(folder: str, numbers: dict[tuple[str, str, int], list[int]]) -> list[Sequence]:
    """Put `0999` and `1000` (padded to four) together, and `9` and `10` (not padded)."""
    groups: dict[tuple[str, str], dict[int, set[int]]] = {}
    for (stem, tail, width), found in numbers.items():
        groups.setdefault((stem, tail), {}).setdefault(width, set()).update(found)
    runs: list[Sequence] = []
    for (stem, tail), by_width in groups.items():
        padded = [width for width in by_width if width > 0]
        for width in padded:
            members = by_width[width] | by_width.pop(-width, set())
            runs.extend(_split(folder, stem, tail, width, members))
        loose: set[int] = set()
        for width, members in by_width.items():
            if width < 0:
                loose |= members
        runs.extend(_split(folder, stem, tail, 0, loose))
    return sorted(runs, key=lambda run: run.shown)


def _split(folder: str, stem: str, tail: str, digits: int, members: set[int]) -> list[Sequence]:
    """Cut a set of numbers where one is missing."""
    runs: list[Sequence] = []
    for number in sorted(members):
        if runs and runs[-1].last == number - 1 and runs[-1].frames < MAX_FRAMES:
            runs[-1] = Sequence(folder, stem, tail, runs[-1].first, number, digits)
        else:
            runs.append(Sequence(folder, stem, tail, number, number, digits))
    return runs
