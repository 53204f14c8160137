"""The methods of a timeline item about its speed, its fades and the transitions on its edges."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from resolve_engine.api import arguments
from resolve_engine.api.parts import ItemPart
from resolve_engine.errors import Refusal
from resolve_engine.model import speed
from resolve_engine.model.transition import DEFAULT_FRAMES, NAMES, add_transition
from resolve_engine.remote import PyRemoteObject

SPEED_KEYS = ("Percentage", "PitchCorrection", "StretchKeyframesToFit", "RippleTimeline")
MOST_PERCENT = 10000.0
"""A hundredfold; beyond it nothing can be seen or heard."""
LEAST_PERCENT = 1.0

FADES = ("FadeIn", "FadeOut")
TRANSITION_KEYS = ("type", "category", "position", "alignment", "duration")


class EditMethods(ItemPart):
    """They stand apart from the inspector's properties, as in Resolve."""

    # Speed

    def GetSpeed(self) -> dict[str, Any]:
        """The last two are ways to do it once and always read as off. A picture keeps the pitch of its sound."""
        numerator, denominator = self.item.speed
        return {
            "Percentage": 100 * numerator / denominator,
            "PitchCorrection": any(one.keep_pitch for one in self.project.linked(self.item)),
            "StretchKeyframesToFit": False,
            "RippleTimeline": False,
        }

    def SetSpeed(self, speedOptions: Any) -> bool:
        """Backwards below zero. Linked items follow; at 0 the picture alone holds the frame under the playhead."""
        given = _known(speedOptions, "the speed options", SPEED_KEYS)
        switches = {key: arguments.flag(given[key], key) for key in SPEED_KEYS[1:] if key in given}
        if "Percentage" not in given:
            raise Refusal("Percentage is missing; without it there is nothing to change")
        percent = arguments.number(given["Percentage"], "Percentage", -MOST_PERCENT, MOST_PERCENT)
        if percent == 0:
            if switches.get("PitchCorrection"):
                raise Refusal("a held frame has no sound to keep the pitch of; leave PitchCorrection out")
            if switches.get("RippleTimeline"):
                raise Refusal("a held frame has no length of its own to ripple to; leave RippleTimeline out")
            speed.freeze_frame(self.project, self.item, self.timeline.playhead)
            return True
        if abs(percent) < LEAST_PERCENT:
            raise Refusal(f"Percentage is {percent:g}; it must be 0 or at least {LEAST_PERCENT:g} either way")
        ratio = Fraction(repr(percent)) / 100
        ripple = switches.get("RippleTimeline", False)
        if ripple and self.item.speed[0] == 0:
            raise Refusal("the item holds one frame and has no length to ripple from; leave RippleTimeline out")
        kept = switches.get("PitchCorrection", self.GetSpeed()["PitchCorrection"])
        speed.set_speed(self.project, self.item, ratio, ripple, kept)
        return True

    # Fades

    def GetFades(self) -> dict[str, float]:
        return {"FadeIn": float(self.item.fade_in), "FadeOut": float(self.item.fade_out)}

    def SetFades(self, fades: Any) -> bool:
        """A fade that is not named stays. Both together are no longer than the item."""
        item = self.item
        if item.type in ("transition", "subtitle"):
            raise Refusal(f"a {item.type} has no fades")
        given = _known(fades, "the fades", FADES)
        if not given:
            raise Refusal("no fade was given; the keys are FadeIn and FadeOut, in frames")
        come, go = (
            arguments.whole(given[key], key, 0) if key in given else kept
            for key, kept in zip(FADES, (item.fade_in, item.fade_out), strict=True)
        )
        if come + go > item.duration:
            raise Refusal(f"fades of {come} and {go} frames are longer than {item.name!r}, which has {item.duration}")
        for transition in self.project.tracks[item.parent].crossing(item):
            if (come and transition.after == item.id) or (go and transition.before == item.id):
                raise Refusal(f"a transition stands on that edge of {item.name!r}; delete it first")
        item.fade_in, item.fade_out = come, go
        return True

    # Transitions

    def AddTransition(self, transitionOptions: Any) -> PyRemoteObject:
        """All keys but the length are needed, as Resolve answers None without them."""
        item = self.item
        if not item.clip:
            raise Refusal(f"{item.name!r} shows no clip and can have no transition")
        given = _known(transitionOptions, "the transition options", TRANSITION_KEYS)
        for key in TRANSITION_KEYS[:-1]:
            if key not in given:
                raise Refusal(f"{key} is missing; type, category, position and alignment are all needed")
        category = arguments.choice(given["category"], "category", ("simple", "fusion", "ofx", "audio"))
        wanted = "audio" if item.type == "audio" else "simple"
        name = arguments.text(given["type"], "type")
        if category != wanted or name not in NAMES[category]:
            raise Refusal(
                f"the engine does not render {name!r} of category {category!r} on an item of type {item.type}; it does "
                f"{', '.join(NAMES[wanted])} of category {wanted!r}"
            )
        at_start = arguments.choice(given["position"], "position", ("start", "end")) == "start"
        alignment = arguments.choice(given["alignment"], "alignment", ("left", "center", "right"))
        asked = given.get("duration")
        frames = DEFAULT_FRAMES if asked is None else arguments.whole(asked, "duration", 1)
        return self.item_handle(add_transition(self.project, item, name, at_start, alignment, frames))


def _known(value: Any, what: str, keys: tuple[str, ...]) -> dict[str, Any]:
    """A dict whose keys are all known."""
    given = arguments.table(value, what)
    for key in given:
        if key not in keys:
            raise Refusal(f"{key!r} is no key of {what}; the keys are {', '.join(keys)}")
    return given
