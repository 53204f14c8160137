"""What scripts keep with markers, on everything that has markers: a clip, a timeline and an item."""

from __future__ import annotations

from typing import Any

import pytest

from resolve_engine import failure


@pytest.fixture(params=["clip", "timeline", "item"])
def marked(request: pytest.FixtureRequest, timeline: Any) -> Any:
    """Something with a red marker at 1 that carries `a`, a blue one at 20 that carries `b`, and a blue one at 30."""
    marked = request.getfixturevalue(request.param)
    assert marked.AddMarker(1, "Red", "one", "", 1, "a")
    assert marked.AddMarker(20, "Blue", "two", "note", 5, "b")
    assert marked.AddMarker(30, "Blue", "three", "", 1)
    return marked


def test_a_marker_is_found_by_what_it_carries(marked: Any) -> None:
    """As a table without its frame; nothing for what no marker carries."""
    assert marked.GetMarkerByCustomData("b") == {
        "color": "Blue", "duration": 5, "note": "note", "name": "two", "customData": "b",
    }  # fmt: skip
    assert marked.GetMarkerByCustomData("nothing") == {}
    assert (marked.GetMarkerCustomData(20), marked.GetMarkerCustomData(30)) == ("b", "")
    assert marked.GetMarkerCustomData(21) == ""


def test_what_a_marker_carries_is_changed(marked: Any) -> None:
    """Nothing else of it; a frame without a marker is refused."""
    before = marked.GetMarkers()[30]
    assert marked.UpdateMarkerCustomData(30, "c") is True
    assert marked.GetMarkers()[30] == {**before, "customData": "c"}
    assert marked.UpdateMarkerCustomData(31, "c") is False
    assert "31" in str(failure.last())


def test_markers_go_by_what_they_carry_and_by_color(marked: Any) -> None:
    """One by its data, all of a colour, all there are."""
    assert marked.DeleteMarkerByCustomData("a") is True
    assert sorted(marked.GetMarkers()) == [20, 30]
    assert marked.DeleteMarkerByCustomData("a") is False
    assert failure.last() == "no marker carries the custom data 'a'"
    assert marked.DeleteMarkersByColor("Red") is False
    assert marked.DeleteMarkersByColor("Blue") is True
    assert marked.GetMarkers() == {}
    assert marked.AddMarker(2, "Green", "", "", 1)
    assert marked.DeleteMarkersByColor("All") is True
    assert marked.GetMarkers() == {}
