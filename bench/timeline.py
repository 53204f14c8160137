"""`python -m bench.timeline`: what edits of a long timeline cost, written through, beside plain SQLite in one run.

10,000 items, pictures linked with their sound, of 2,000 clips. A busy machine slows both alike, so the ratios say more
than the times; each figure is the best of several runs, as the least disturbed one.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ITEMS, CLIPS = 10_000, 2_000
LENGTH = 10
RUNS = 15
"""Of each edit; the best counts."""
ROW = "x" * 200
"""About as long as an item's row."""


@dataclass(frozen=True)
class Figure:
    """A cost beside what plain SQLite or plain Python takes for as much."""

    name: str
    ms: float
    plain_ms: float
    plain: str
    target_ms: float

    @property
    def met(self) -> bool:
        """Whether it is within its target."""
        return self.ms <= self.target_ms


def best(work: Callable[[], Any], runs: int = RUNS) -> float:
    """Milliseconds of the fastest run."""
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        answer = work()
        times.append((time.perf_counter() - started) * 1e3)
        if not answer:
            raise SystemExit("an edit was refused, so nothing was measured")
    return min(times)


class Plain:
    """A SQLite file with a table of as many rows, kept as safe as the engine's."""

    def __init__(self, folder: Path) -> None:
        self.connection = sqlite3.connect(folder / "plain.sqlite3", isolation_level=None)
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.execute("PRAGMA synchronous = FULL")
        self.connection.execute("CREATE TABLE row (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID")

    def write(self, rows: list[tuple[str, str]]) -> bool:
        """Write rows in one transaction."""
        self.connection.execute("BEGIN IMMEDIATE")
        self.connection.executemany(
            "INSERT INTO row VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body", rows
        )
        self.connection.execute("COMMIT")
        return True


def clips(count: int) -> list[Any]:
    """Clips of two seconds at 24 frames a second; their files are never opened."""
    from resolve_engine.api import application
    from resolve_engine.media.info import MediaInfo, VideoStream
    from resolve_engine.model import ingest
    from resolve_engine.remote import PyRemoteObject

    video = VideoStream(
        width=1920, height=1080, rate=(24, 1), frames=48, codec="h264", profile="High", pixel_format="yuv420p",
        bit_depth=8, has_alpha=False, sample_aspect=(1, 1), color_range="tv", color_space="bt709",
        color_primaries="bt709", color_transfer="bt709", field_order="progressive", rotation=0, variable_rate=False,
        stream_index=0,
    )  # fmt: skip
    app = application.start()
    made = []
    for number in range(count):
        info = MediaInfo(
            path=f"/bench/{number}.mov", kind="video", container="mov", size=1, modified=0.0, created=0.0, video=video,
            audio=(), start_timecode=None, reel="", metadata={}, sequence_first=0, sequence_digits=0,
        )  # fmt: skip
        made.append(ingest.new_clip(app.project, info.to_json(), 0.0))
    app.flush()
    return [PyRemoteObject("MediaPoolItem", clip.id, app.opening) for clip in made]


def measure(folder: Path) -> list[Figure]:
    """All figures, on a fresh engine."""
    from resolve_engine import fusionscript

    os.environ["RESOLVE_ENGINE_HOME"] = str(folder / "home")
    plain = Plain(folder)
    resolve: Any = fusionscript.scriptapp("Resolve")
    project = resolve.GetProjectManager().CreateProject("bench")
    resolve.OpenPage("edit")
    pool = project.GetMediaPool()
    timeline = pool.CreateEmptyTimeline("long")
    handles = clips(CLIPS)
    infos = [{"mediaPoolItem": handles[n % CLIPS], "startFrame": 0, "endFrame": LENGTH} for n in range(ITEMS // 2)]
    rows = [(f"{number:036}", ROW) for number in range(ITEMS)]
    bulk = best(lambda: pool.AppendToTimeline(infos), 1)
    plain_bulk = best(lambda: plain.write(rows), 1)
    numbers = iter(range(RUNS))  # a row that is as it was is not written
    one_row = best(lambda: plain.write([(rows[ITEMS // 2][0], f"{next(numbers)}{ROW}")]))
    items = timeline.GetItemListInTrack("video", 1)
    middle = iter(items[ITEMS // 4 :])
    kinds = ("video", "audio")
    listing = best(lambda: [timeline.GetItemListInTrack(kind, 1) for kind in kinds])
    objects = best(lambda: [Figure(str(number), 0, 0, "", 0) for number in range(ITEMS)])
    title = "01:17:00:00"  # about the middle
    edits: list[tuple[str, Callable[[], Any], float]] = [
        ("a property", lambda: next(middle).SetProperty("Pan", 3.0), 20),
        ("a marker (one more edit)", lambda: next(middle).AddMarker(1, "Blue", "n", "", 1), 10),
        ("a speed that ripples", lambda: next(middle).SetSpeed({"Percentage": 200, "RippleTimeline": True}), 20),
        ("a deletion that ripples", lambda: timeline.DeleteClips([next(middle)], True), 20),
        (
            "a title put in, with the playhead set",
            lambda: timeline.SetCurrentTimecode(title) and timeline.InsertTitleIntoTimeline("Text"),
            20,
        ),
    ]
    figures = [
        Figure(f"{ITEMS} items appended", bulk, plain_bulk, "rows in one transaction", 5000),
        Figure(f"{ITEMS} items listed", listing, objects, "objects made", 100),
    ]
    figures += [Figure(name, best(work), one_row, "one row", target) for name, work, target in edits]
    resolve.Quit()
    return figures


def main() -> int:
    """Print the table; 1 when a target is missed and --strict is given."""
    parser = argparse.ArgumentParser(prog="python -m bench.timeline", description=__doc__)
    parser.add_argument("--strict", action="store_true", help="exit with 1 when a target is missed")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="timeline-bench-") as folder:
        figures = measure(Path(folder))
    print(f"\n{'timeline of 10,000 items':<40}{'ms':>9}{'of plain':>10}{'target ms':>11}  beside")
    for one in figures:
        ratio = one.ms / one.plain_ms
        print(f"{one.name:<40}{one.ms:>9.2f}{ratio:>10.1f}{one.target_ms:>11.0f}  {one.plain}, {one.plain_ms:.2f} ms")
    missed = [one.name for one in figures if not one.met]
    print("targets missed: " + "; ".join(missed) if missed else "targets met")
    return 1 if missed and given.strict else 0


if __name__ == "__main__":
    sys.exit(main())
