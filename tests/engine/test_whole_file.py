"""Files that have their name only when they are complete."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from resolve_engine import whole_file


def test_a_file_that_fails_half_way_leaves_the_old_one_and_nothing_else(tmp_path: Path) -> None:
    """A full disk or a killed encoder must not cost the file that was there, nor leave litter beside it."""
    path = tmp_path / "cut.edl"
    path.write_text("old")
    with pytest.raises(UnicodeEncodeError), whole_file.replacing(path) as fresh:
        Path(fresh).write_text("half\ud800", encoding="utf-8")
    assert (path.read_text(), os.listdir(tmp_path)) == ("old", ["cut.edl"])


def test_a_users_own_partial_file_is_never_taken(tmp_path: Path) -> None:
    """People keep downloads as `name.partial`; the unfinished form must not use that name."""
    own = tmp_path / "cut.edl.partial"
    own.write_text("mine")
    whole_file.write(tmp_path / "cut.edl", b"new")
    assert sorted(file.read_text() for file in tmp_path.iterdir()) == ["mine", "new"]


def test_the_longest_name_that_a_file_system_allows_can_be_written(tmp_path: Path) -> None:
    """The unfinished form's name must not be longer than the name that the user gave."""
    path = tmp_path / ("n" * 255)
    whole_file.write(path, b"all")
    assert path.read_bytes() == b"all"
