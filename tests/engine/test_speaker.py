"""Who speaks when, told from how loud each microphone is."""

from __future__ import annotations

import pytest

from resolve_engine.analyse.speaker import changes

LOUD, LOW = 0.3, 0.01


def loudness(frames: int, *spoken: tuple[int, int]) -> list[float]:
    """One microphone: loud in some ranges."""
    return [LOUD if any(first <= frame < end for first, end in spoken) else LOW for frame in range(frames)]


TURNS = [loudness(100, (0, 40), (80, 100)), loudness(100, (40, 80))]


def test_the_loudest_is_shown() -> None:
    """From frame 0 the first speaker, and each next one where he begins."""
    found = changes(TURNS, 10, 0.5, 0)
    assert [speaker for _, speaker in found] == [0, 1, 0]
    assert [frame for frame, _ in found] == pytest.approx([0, 40, 80], abs=2)


def test_a_change_comes_later_by_the_delay() -> None:
    """All but the first, which has nothing before it."""
    plain, late = changes(TURNS, 10, 0.5, 0), changes(TURNS, 10, 0.5, 0.4)
    assert late == [plain[0], *((frame + 4, speaker) for frame, speaker in plain[1:])]


def test_a_short_word_is_no_change() -> None:
    """Eight frames of another speaker are less than a second; at the beginning they count to who comes next."""
    assert changes([loudness(100, (0, 50), (58, 100)), loudness(100, (50, 58))], 10, 1.0, 0) == [(0, 0)]
    assert changes([loudness(100, (0, 5)), loudness(100, (5, 100))], 10, 1.0, 0) == [(0, 1)]


def test_silence_changes_nothing() -> None:
    """Who spoke last stays, and before anybody spoke it is who will; with nobody at all it is the first."""
    quiet = [0.0] * 30
    assert changes([[*quiet, *quiet], [*quiet, *loudness(30, (0, 30))]], 10, 0.5, 0) == [(0, 1)]
    assert changes([[*loudness(30, (0, 30)), *quiet], [*quiet, *quiet]], 10, 0.5, 0) == [(0, 0)]
    assert changes([quiet, quiet], 10, 0.5, 0) == [(0, 0)]


def test_two_alike_do_not_alternate() -> None:
    """A tenth louder is not louder."""
    first = [0.3 if frame // 10 % 2 else 0.27 for frame in range(100)]
    second = [0.27 if frame // 10 % 2 else 0.3 for frame in range(100)]
    assert len(changes([first, second], 10, 0.5, 0)) == 1
