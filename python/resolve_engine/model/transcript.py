"""The transcript of a clip: stretches of speech with their words, in frames of the clip, and how it is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from resolve_engine import timecode
from resolve_engine.model.clip import Clip
from resolve_engine.model.project import Project
from resolve_engine.timecode import Ratio

SILENCE = "(...)"
"""What Resolve writes for a pause."""
PAUSE_S = 1.0
"""Seconds without speech that are told as a pause."""
PREVIEW = 100
"""Characters of the attribute `Transcription`."""
LANGUAGE = "en-US"
"""Of the recogniser's model."""

Segment = tuple[int, int, tuple[tuple[str, int, int], ...]]
"""First frame, the frame after the last, and the words with theirs; no words where there is a pause or no speech."""


def from_speech(found: Sequence[Mapping[str, Any]], rate: Ratio, frames: int) -> tuple[Segment, ...]:
    """A transcript of stretches of speech in seconds. Without a word it is one empty segment of the whole clip."""
    spoken = [one for one in found if one["words"]]
    if not spoken:
        return ((0, frames, ()),)
    segments: list[Segment] = []
    silent_since = 0.0
    length = frames * rate[1] / rate[0]
    for one in spoken:
        if one["begin"] - silent_since >= PAUSE_S:
            segments.append((_frame(silent_since, rate), _frame(one["begin"], rate), ()))
        words = tuple((str(text), _frame(first, rate), _frame(after, rate)) for text, first, after in one["words"])
        segments.append((_frame(one["begin"], rate), _frame(one["end"], rate), words))
        silent_since = one["end"]
    if length - silent_since >= PAUSE_S:
        segments.append((_frame(silent_since, rate), frames, ()))
    return tuple(segments)


def _frame(seconds: float, rate: Ratio) -> int:
    return int(seconds * rate[0] / rate[1])


def told(project: Project, clip: Clip) -> dict[str, Any]:
    """A transcript as Resolve answers it, with timecodes at the clip's own rate."""
    start = project.extent(clip)[0]

    def at(frame: int) -> str:
        return timecode.to_timecode(start + frame, clip.rate, clip.drop_frame)

    def word(text: str, first: int, after: int) -> dict[str, Any]:
        return {"start": at(first), "end": at(after), "text": text}

    segments = []
    for first, after, words in clip.transcript:
        told_words = [word(*one) for one in words]
        if not words and len(clip.transcript) > 1:
            told_words = [word(SILENCE, first, after)]
        text = " ".join(one["text"] for one in told_words)
        segments.append({"start": at(first), "end": at(after), "text": text, "speaker": None, "words": told_words})
    return {"language": LANGUAGE, "segments": segments}


def preview(clip: Clip) -> str:
    """The words in one line, cut off with an ellipsis."""
    text = " ".join(word for _, _, words in clip.transcript for word, _, _ in words)
    return text if len(text) <= PREVIEW else f"{text[: PREVIEW - 3].rstrip()}..."
