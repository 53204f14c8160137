"""The methods about voice isolation, which is kept and read back; the engine has none and refuses to render it."""

from __future__ import annotations

from typing import Any

from resolve_engine.api import arguments
from resolve_engine.api.base import ApiClass
from resolve_engine.api.parts import ItemPart
from resolve_engine.errors import Refusal
from resolve_engine.model.item import Item
from resolve_engine.model.properties import VOICE_AMOUNT, VOICE_ISOLATION
from resolve_engine.model.track import Track, VoiceIsolation

AT_FIRST = (False, 100)
"""What reads back before anything was set."""


def _read(state: VoiceIsolation) -> dict[str, Any]:
    enabled, amount = state or AT_FIRST
    return {"isEnabled": enabled, "amount": amount}


def _checked(value: Any, state: VoiceIsolation) -> tuple[bool, int]:
    """The state with what is given laid over it."""
    given = arguments.table(value, "the state")
    for key in given:
        if key not in ("isEnabled", "amount"):
            raise Refusal(f"{key!r} is no key of the state; the keys are isEnabled and amount")
    if not given:
        raise Refusal("no state was given; the keys are isEnabled and amount")
    enabled, amount = state or AT_FIRST
    return (
        arguments.flag(given.get("isEnabled", enabled), "isEnabled"),
        arguments.whole(given.get("amount", amount), "amount", 0, 100),
    )


class TrackVoiceMethods(ApiClass):
    """Of the sound tracks of a timeline."""

    def _track(self, kind: Any, index: Any) -> Track:
        """A track by kind and number."""
        raise NotImplementedError

    def GetVoiceIsolationState(self, trackIndex: Any) -> dict[str, Any]:
        return _read(self._track("audio", trackIndex).voice_isolation)

    def SetVoiceIsolationState(self, trackIndex: Any, voiceIsolationState: Any) -> bool:
        """Kept and read back. While it is on, a render that hears the track fails and says so."""
        track = self._track("audio", trackIndex)
        track.voice_isolation = _checked(voiceIsolationState, track.voice_isolation)
        return True


class ItemVoiceMethods(ItemPart):
    """Of a sound item, whose properties of that name are the same."""

    def _voiced(self) -> Item:
        if self.item.type != "audio":
            raise Refusal(f"{self.item.name!r} is no sound and has no voice isolation")
        return self.item

    def _state(self) -> tuple[bool, int]:
        values = self._voiced().properties
        return bool(values.get(VOICE_ISOLATION, AT_FIRST[0])), int(values.get(VOICE_AMOUNT, AT_FIRST[1]))

    def GetVoiceIsolationState(self) -> dict[str, Any]:
        return _read(self._state())

    def SetVoiceIsolationState(self, state: Any) -> bool:
        """Kept and read back. While it is on, a render that hears the item fails and says so."""
        enabled, amount = _checked(state, self._state())
        kept = {key: value for key, value in self.item.properties.items() if key not in (VOICE_ISOLATION, VOICE_AMOUNT)}
        changed = {VOICE_ISOLATION: enabled, VOICE_AMOUNT: float(amount)}
        first = dict(zip(changed, AT_FIRST, strict=True))
        self.item.properties = {**kept, **{key: value for key, value in changed.items() if value != first[key]}}
        return True
