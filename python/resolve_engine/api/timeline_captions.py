"""The method of a timeline that makes subtitles of what is said on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from resolve_engine.api import arguments, grades
from resolve_engine.api.parts import TimelinePart
from resolve_engine.api.surface import constants
from resolve_engine.api.transcription import speech
from resolve_engine.emulated import build
from resolve_engine.errors import Refusal
from resolve_engine.model import captions
from resolve_engine.model.captions import Caption

KEYS = {
    "language": "SUBTITLE_LANGUAGE",
    "captionPreset": "SUBTITLE_CAPTION_PRESET",
    "charsPerLine": "SUBTITLE_CHARS_PER_LINE",
    "lineBreak": "SUBTITLE_LINE_BREAK",
    "gap": "SUBTITLE_GAP",
}
"""The settings by name, with the constants that stand for them as keys before 21.1."""
CHARACTERS = 42
"""Of a line, as Resolve begins with."""
LONGEST_S = 7.0
"""Seconds that one subtitle stands at most; readers of longer ones look away."""


class Settings(NamedTuple):
    """How subtitles are laid out."""

    characters: int
    lines: int
    gap: int
    """Frames between two."""


class CaptionMethods(TimelinePart):
    """Words are recognised as for the transcript of a clip (see `analyse.transcribe`)."""

    def CreateSubtitlesFromAudio(self, autoCaptionSettings: Any = None) -> bool:
        """They stand on a subtitle track of their own, above those that are there."""
        from resolve_engine.model.frozen import freeze

        settings = _settings(autoCaptionSettings)
        timeline = self.timeline
        if not any(track.enabled and track.items for track in timeline.tracks["audio"]):
            raise Refusal(f"nothing is heard on {timeline.name!r}")
        spec = replace(freeze(self.project, timeline, grades.lut_path), video=())
        gap_ms = settings.gap * 1000 * timeline.rate[1] / timeline.rate[0]
        made = list(laid_out(speech(spec, timeline.name), settings, gap_ms))
        if not made:
            raise Refusal(f"no word was recognised on {timeline.name!r}")
        captions.place(self.project, timeline, made, None, len(timeline.tracks["subtitle"]) + 1)
        return True


def laid_out(found: Sequence[Mapping[str, Any]], settings: Settings, gap_ms: float) -> Iterator[Caption]:
    """Stretches of speech as subtitles: words are kept whole, lines no longer than asked, none across a pause."""
    rows: list[tuple[float, float, str]] = []
    for stretch in found:
        lines: list[str] = []
        begin = end = 0.0
        for text, first, after in stretch["words"]:
            fits = bool(lines) and len(lines[-1]) + 1 + len(text) <= settings.characters
            full = not fits and len(lines) == settings.lines
            if lines and (full or after - begin > LONGEST_S):
                rows.append((begin, end, "\n".join(lines)))
                lines = []
            if not lines:
                begin = first
            if lines and fits:
                lines[-1] += f" {text}"
            else:
                lines.append(text)
            end = after
        if lines:
            rows.append((begin, end, "\n".join(lines)))
    for number, (begin, end, text) in enumerate(rows):
        last = end * 1000
        if number + 1 < len(rows):
            last = min(last, rows[number + 1][0] * 1000 - gap_ms)
        yield Caption(round(begin * 1000), max(round(last), round(begin * 1000) + 1), text)


def _settings(value: Any) -> Settings:
    given = {} if value is None else value
    if not isinstance(given, dict):
        raise Refusal("the settings must be a dict")
    by_constant = {constants()[constant]: name for name, constant in KEYS.items()}
    named: dict[str, Any] = {}
    for key, entry in given.items():
        name = by_constant.get(key) if isinstance(key, int | float) else key
        if name not in KEYS or (isinstance(key, str) and not build().sync_settings_have_names):
            raise Refusal(f"{key!r} is no setting; they are {', '.join(KEYS)}, as constants before 21.1")
        named[name] = entry
    language = arguments.constant(named.get("language"), "language", "AUTO_CAPTION_", "AUTO")
    if language not in ("AUTO", "ENGLISH"):
        raise Refusal("the engine recognises English alone; leave the language out or read AUTO_CAPTION_ENGLISH")
    presets = [constants()[f"AUTO_CAPTION_{name}"] for name in ("SUBTITLE_DEFAULT", "TELETEXT", "NETFLIX")]
    if named.get("captionPreset", presets[0]) not in presets:
        raise Refusal(f"captionPreset is {named['captionPreset']!r}; read AUTO_CAPTION_SUBTITLE_DEFAULT or another")
    lines = arguments.constant(named.get("lineBreak"), "lineBreak", "AUTO_CAPTION_LINE_", "SINGLE")
    return Settings(
        arguments.whole(named.get("charsPerLine", CHARACTERS), "charsPerLine", 1, 60),
        1 if lines == "SINGLE" else 2,
        arguments.whole(named.get("gap", 0), "gap", 0, 10),
    )
