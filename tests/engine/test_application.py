"""The application object: what it keeps beside projects."""

from __future__ import annotations

from typing import Any

from resolve_engine import failure


def test_there_are_no_saved_preferences(resolve: Any) -> None:
    """A list that can be trusted: nothing can be saved that would have to be in it."""
    assert resolve.GetUserPreferencesPresetList() == []
    assert resolve.SaveUserPreferencesPreset("mine") is False
    assert failure.last() is not None
