"""Which of several microphones somebody speaks into, and when another one does."""

from __future__ import annotations

from itertools import groupby

QUIET = 0.003
"""Root mean square below which nobody speaks: -50 dB of full scale."""
LOUDER = 1.4
"""How much louder another microphone must be than the speaker's own: 3 dB, so that two alike do not alternate."""
WINDOW_S = 0.4
"""Seconds over which loudness is averaged: longer than a syllable, shorter than a word of another speaker."""


def changes(microphones: list[list[float]], rate: float, least: float, delay: float) -> list[tuple[int, int]]:
    """From which frame on which microphone is spoken into, by its index; the first from frame 0.

    `microphones` holds one loudness for each frame, all lists of one length; `rate` is frames per second, `least` the
    seconds that a speaker is heard at least before the next, `delay` the seconds by which a change comes later.
    """
    smooth = [_smooth(one, max(1, round(WINDOW_S * rate))) for one in microphones]
    speakers: list[int] = []
    current: int | None = None
    for frame in range(len(smooth[0])):
        heard = [one[frame] for one in smooth]
        loudest = max(range(len(heard)), key=heard.__getitem__)
        if heard[loudest] >= QUIET and (current is None or heard[loudest] > LOUDER * heard[current]):
            current = loudest
        speakers.append(-1 if current is None else current)
    runs = [[speaker, len(list(frames))] for speaker, frames in groupby(speakers)]
    if runs and runs[0][0] == -1:  # before anybody speaks it is the first who will
        silent = runs.pop(0)[1]
        if runs:
            runs[0][1] += silent
        else:
            runs = [[0, silent]]
    merged: list[list[int]] = []
    for speaker, frames in runs:
        if merged and (merged[-1][0] == speaker or frames < least * rate):
            merged[-1][1] += frames
        elif merged and merged[-1][1] < least * rate and len(merged) == 1:
            merged[0] = [speaker, merged[0][1] + frames]
        else:
            merged.append([speaker, frames])
    found, frame = [], 0
    end = len(speakers)
    for speaker, frames in merged:
        at = min(frame + round(delay * rate), end) if frame else 0
        if at < end:
            found.append((at, speaker))
        frame += frames
    return found


def _smooth(values: list[float], window: int) -> list[float]:
    """The mean of the squares around each value, as a root."""
    sums = [0.0]
    for value in values:
        sums.append(sums[-1] + value * value)
    half = window // 2
    smoothed = []
    for place in range(len(values)):
        low, high = max(0, place - half), min(len(values), place + half + 1)
        smoothed.append(max(0.0, (sums[high] - sums[low]) / (high - low)) ** 0.5)
    return smoothed
