"""Damaged files of timelines brought into a project: 200 variants of each kind, and no crash, no hang, no word
missing, nothing changed that was there."""

from __future__ import annotations

import random
import time
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from clips import restart
from damage import VARIANTS, text_variants, variants
from exchanged import rich_timeline, shape

from resolve_engine import failure
from resolve_engine.archive import package
from resolve_engine.worker.client import MediaWorker

LONGEST_S = 10.0
"""For one file; those here take some thousandths of a second."""

KINDS = {
    "otio": "EXPORT_OTIO", "xml": "EXPORT_FCP_7_XML", "fcpxml": "EXPORT_FCPXML_1_9", "edl": "EXPORT_EDL",
    "aaf": "EXPORT_AAF", "drt": "EXPORT_DRT", "ale": "EXPORT_ALE_CDL", "csv": "EXPORT_TEXT_CSV",
}  # fmt: skip
BINARY = ("aaf", "drt")
UNREAD = ("ale", "csv")
"""Forms that name clips and no timeline: written, and refused when they are to be read."""


def damaged(kind: str, whole: bytes) -> Iterator[bytes]:
    """The variants of a kind, the same ones each time."""
    chance = random.Random(kind)
    return variants(whole, chance) if kind in BINARY else text_variants(whole, chance)


@pytest.mark.parametrize("kind", list(KINDS))
def test_damaged_timelines_cost_nothing_but_themselves(
    resolve: Any, project: Any, pool: Any, tmp_path: Path, kind: str
) -> None:
    """Each becomes a timeline or a sentence that names its file, never a sentence about the engine; what was in the
    project stays, also after a crash."""
    made = rich_timeline(project, other_rates=False)
    path = tmp_path / f"whole.{kind}"
    assert made.Export(str(path), getattr(resolve, KINDS[kind])), failure.last()
    kept, whole, came, slowest = shape(made), path.read_bytes(), 0, 0.0
    for number, data in enumerate(damaged(kind, whole)):
        bad = tmp_path / f"{number:03}.{kind}"
        bad.write_bytes(data)
        start = time.monotonic()
        options = {"timelineName": f"variant {number}", "importSourceClips": False}
        read = pool.ImportTimelineFromFile(str(bad), options)
        slowest = max(slowest, time.monotonic() - start)
        reason = str(failure.last())
        assert read or (bad.name in reason and "engine error" not in reason and "worker" not in reason), reason
        if read:
            came += 1
            assert read.GetEndFrame() >= read.GetStartFrame()
            project.SetCurrentTimeline(made)
    assert slowest < LONGEST_S
    assert project.GetTimelineCount() == 1 + came
    assert came < VARIANTS
    assert (came == 0) == (kind in (*UNREAD, "drt"))
    again = restart().GetProjectManager().GetCurrentProject()
    assert again.GetTimelineCount() == 1 + came
    assert shape(again.GetTimelineByIndex(1)) == kept


BOMB = """<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY a "aaaaaaaaaa">{more}]>
<{root} version="1.9"><sequence><name>&z;</name></sequence></{root}>"""


@pytest.mark.parametrize("root", ["xmeml", "fcpxml"])
def test_bombs_of_entities_are_refused(project: Any, pool: Any, tmp_path: Path, root: str) -> None:
    """Ten to the power of nine letters, and a part that lies in another file: refused at the declaration."""
    names = "abcdefghz"
    more = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise(names))
    outside = f'<!DOCTYPE {root} [<!ENTITY z SYSTEM "file:///etc/passwd">]><{root}><name>&z;</name></{root}>'
    for number, text in enumerate((BOMB.format(root=root, more=more), outside)):
        path = tmp_path / f"bomb{number}.xml"
        path.write_text(text)
        assert pool.ImportTimelineFromFile(str(path)) is None
        assert "declares the entity" in str(failure.last())
    assert project.GetTimelineCount() == 0


def test_bombs_of_nesting_are_refused(project: Any, pool: Any, tmp_path: Path) -> None:
    """Lists and elements ten thousand deep: no end of the worker process, which OpenTimelineIO alone would be."""
    worker = MediaWorker.shared()
    (tmp_path / "deep.otio").write_text(
        '{"OTIO_SCHEMA": "Timeline.1", "metadata": {"a": ' + '{"a":' * 300 + "1" + "}" * 302
    )
    (tmp_path / "deeper.otio").write_text('{"a":' * 100_000)
    (tmp_path / "deep.xml").write_text("<xmeml>" + "<a>" * 10_000)
    pids = set()
    for name, reason in (
        ("deep.otio", "nested deeper"),
        ("deeper.otio", "nested too deep"),
        ("deep.xml", "nested deeper"),
    ):
        assert pool.ImportTimelineFromFile(str(tmp_path / name)) is None
        assert reason in str(failure.last())
        pids.add(worker.pid())
    assert len(pids) == 1
    assert project.GetTimelineCount() == 0


def test_a_bomb_of_zip_is_refused(
    resolve: Any, pool: Any, timeline: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An entry that unpacks to more than any timeline, whatever its header says; the bound is lowered to be quick."""
    monkeypatch.setattr(package, "MOST_BYTES", 1 << 20)
    path = str(tmp_path / "whole.drt")
    assert timeline.Export(path, resolve.EXPORT_DRT), failure.last()
    assert pool.ImportTimelineFromFile(path), failure.last()
    bomb = tmp_path / "bomb.drt"
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("manifest.json", whole.read("manifest.json"))
        file.writestr("objects.jsonl", b"\n" * (2 << 20))
    assert bomb.stat().st_size < 1 << 14
    assert pool.ImportTimelineFromFile(str(bomb)) is None
    assert "unpacks to more than" in str(failure.last())


def test_a_wrong_extension_is_read_by_what_is_in_the_file(
    resolve: Any, pool: Any, timeline: Any, tmp_path: Path
) -> None:
    """Every form named as every other one."""
    for kind in ("otio", "xml", "fcpxml", "edl", "aaf"):
        path = tmp_path / f"{kind}.edl"
        assert timeline.Export(str(path), getattr(resolve, KINDS[kind])), failure.last()
        for other in ("otio", "xml", "aaf", "drt"):
            path = path.rename(tmp_path / f"{kind}.{other}")
            options = {"timelineName": f"{kind} as {other}", "importSourceClips": False}
            read = pool.ImportTimelineFromFile(str(path), options)
            assert read, failure.last()
            assert shape(read, "items") == shape(timeline, "items")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('"name": "clip.mov"', '"name": "\\ud800"', "surrogate"),
        ('"link": 1', '"properties": {"Pan": NaN}', "a number that is none"),
        ('"link": 1', '"properties": {"Pan": Infinity}', "a number that is none"),
        ('"rate": 24.0', '"rate": 0.0', "0.0 frames per second"),
        ('"value": 48.0', '"value": 1e300', "was not read"),
        ('"value": 48.0', '"value": -48.0', "no clip on any track"),
    ],
)
def test_what_cannot_be_stored_is_refused(
    resolve: Any, project: Any, pool: Any, timeline: Any, tmp_path: Path, old: str, new: str, reason: str
) -> None:
    """Well-formed files with texts and numbers that no project can hold."""
    path = tmp_path / "odd.otio"
    assert timeline.Export(str(path), resolve.EXPORT_OTIO), failure.last()
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    assert pool.ImportTimelineFromFile(str(path), {"timelineName": "x", "importSourceClips": False}) is None
    assert reason in str(failure.last())
    assert project.GetTimelineCount() == 1


def test_what_is_no_regular_file_is_refused(pool: Any, tmp_path: Path) -> None:
    """A folder, nothing, and an empty file: a sentence each, and no waiting."""
    (tmp_path / "empty.otio").touch()
    for name, reason in ((".", "a folder"), ("missing.aaf", "no file"), ("empty.otio", "holds no timeline")):
        assert pool.ImportTimelineFromFile(str(tmp_path / name)) is None
        assert reason in str(failure.last())
