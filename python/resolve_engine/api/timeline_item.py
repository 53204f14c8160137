"""`TimelineItem`: an item's place, source and properties; its grade stands in the class it inherits."""

from __future__ import annotations

from typing import Any

from resolve_engine.api import arguments, burn_in
from resolve_engine.api.audio_mapping import ItemMappingMethods
from resolve_engine.api.blanking import ItemBlankingMethods
from resolve_engine.api.labels import CLIP_COLORS, ColorMethods, FlagMethods
from resolve_engine.api.markers import MarkerMethods
from resolve_engine.api.multicam_item import MulticamItemMethods
from resolve_engine.api.stabilizing import StabilizeMethods
from resolve_engine.api.timeline_item_edit import EditMethods
from resolve_engine.api.timeline_item_fusion import FusionMethods
from resolve_engine.api.timeline_item_grade import GradeMethods
from resolve_engine.api.timeline_item_versions import VersionMethods
from resolve_engine.api.voice_isolation import ItemVoiceMethods
from resolve_engine.emulated import build
from resolve_engine.errors import Refusal
from resolve_engine.model import generated, properties
from resolve_engine.model.clip import Clip
from resolve_engine.model.item import Item
from resolve_engine.model.settings import timeline_size
from resolve_engine.remote import PyRemoteObject
from resolve_engine.timecode import Ratio, ceiling, floor, subtract


class TimelineItem(
    MarkerMethods,
    FlagMethods,
    ColorMethods,
    GradeMethods,
    EditMethods,
    VersionMethods,
    ItemMappingMethods,
    MulticamItemMethods,
    ItemBlankingMethods,
    ItemVoiceMethods,
    FusionMethods,
    StabilizeMethods,
):
    """One item on a timeline of the open project."""

    CLASS = "TimelineItem"

    @property
    def marked(self) -> Item:
        return self.item

    @property
    def flagged(self) -> Clip:
        return self.clip

    @property
    def colored(self) -> Item:
        return self.item

    def SetClipColor(self, colorName: Any) -> bool:
        """Old builds answer True for a generator or a title, which keeps no colour."""
        if self.item.type == "generator" and not build().generators_have_colors:
            arguments.choice(colorName, "the clip color", CLIP_COLORS)
            return True
        return super().SetClipColor(colorName)

    def GetName(self) -> str:
        return self.item.name

    def SetName(self, name: Any) -> bool:
        self._no_transition()
        self.item.name = arguments.text(name, "the name of the item", empty=False)
        return True

    def GetUniqueId(self) -> str:
        return self.item.id

    def GetType(self) -> str:
        return self.item.type

    def GetMediaPoolItem(self) -> PyRemoteObject | None:
        return self.handle("MediaPoolItem", self.item.clip) if self.item.clip else None

    def GetTrackTypeAndIndex(self) -> list[Any]:
        track = self.project.tracks[self.item.parent]
        return [track.type, track.position]

    def GetLinkedItems(self) -> list[PyRemoteObject]:
        others = [other for other in self.project.linked(self.item) if other is not self.item]
        return [self.item_handle(other) for other in others]

    def GetClipEnabled(self) -> bool:
        return self.item.enabled

    def SetClipEnabled(self, enabled: Any) -> bool:
        self._no_transition()
        self.item.enabled = arguments.flag(enabled, "enabled")
        return True

    def _no_transition(self) -> None:
        """Refuse to change a transition: it can only be deleted and added anew, as in Resolve."""
        if self.item.type == "transition":
            raise Refusal("a transition cannot be changed; delete it and add another")

    # Place and source. Items start and end on whole frames, so the precise forms differ only in being floats.

    def GetStart(self, subframePrecision: Any = False) -> float:
        return _frames(self.timeline.start + self.item.position, subframePrecision)

    def GetEnd(self, subframePrecision: Any = False) -> float:
        return _frames(self.timeline.start + self.item.end, subframePrecision)

    def GetDuration(self, subframePrecision: Any = False) -> float:
        return _frames(self.item.duration, subframePrecision)

    def GetLeftOffset(self, subframePrecision: Any = False) -> float:
        """How far into its source it starts: source frames for a picture, timeline frames for sound. At another speed
        both count what is played: half as many at 200%, so that they fit the item's length."""
        low, high = self._source_range()
        if self.item.speed[0] < 0:  # backwards, what could be added at its start lies above it
            low = self._above(high)
        return _fraction(self._in_unit(low), subframePrecision)

    def GetRightOffset(self, subframePrecision: Any = False) -> float:
        """How far it could be extended at its end, in the same unit."""
        if self.clip.type == "Still":
            return _frames(0, subframePrecision)
        low, high = self._source_range()
        left = low if self.item.speed[0] < 0 else self._above(high)
        return _fraction(self._in_unit(left), subframePrecision)

    def _above(self, high: Ratio) -> Ratio:
        """How many frames the source has above one."""
        left = subtract((self.project.extent(self.clip)[1], 1), high)
        return left if left[0] > 0 else (0, 1)

    def _in_unit(self, source: Ratio) -> Ratio:
        unit = self._in_timeline_frames(source) if self.item.type == "audio" else source
        numerator, denominator = self.item.speed
        return (unit[0] * denominator, unit[1] * abs(numerator)) if numerator else unit  # one frame held is not played

    def _in_timeline_frames(self, source: Ratio) -> Ratio:
        """Source frames of the clip's rate as timeline frames, exact."""
        clip, timeline = self.clip.rate, self.timeline.rate
        return source[0] * timeline[0] * clip[1], source[1] * timeline[1] * clip[0]

    def _source_range(self) -> tuple[Ratio, Ratio]:
        """The exact stretch of source frames that it shows, the end exclusive."""
        return self.item.source_range(self.clip.rate, self.timeline.rate)

    def GetSourceStartFrame(self) -> int:
        """Backwards it is the higher of the two."""
        return self._source_ends()[0]

    def GetSourceEndFrame(self) -> int:
        """The last source frame, inclusive; older builds name the frame after it where the rates are equal."""
        return self._source_ends()[1]

    def _source_ends(self) -> tuple[int, int]:
        """The source frames at its start and at its end."""
        low, high = self._source_range()
        exclusive = not build().source_end_is_inclusive and self.clip.rate == self.timeline.rate
        first, last = floor(low), ceiling(high) if exclusive else max(ceiling(high) - 1, floor(low))
        return (last, first) if self.item.speed[0] < 0 else (first, last)

    def GetSourceStartTime(self) -> float:
        return self._source_time(self._source_range()[0])

    def GetSourceEndTime(self) -> float:
        return self._source_time(self._source_range()[1])

    def _source_time(self, frame: Ratio) -> float:
        """Seconds on the clip's timecode clock."""
        clip = self.clip
        numerator = (self.project.extent(clip)[0] * frame[1] + frame[0]) * clip.rate[1]
        return numerator / (frame[1] * clip.rate[0])

    def LoadBurnInPreset(self, presetName: Any) -> bool:
        """The item keeps what the preset shows; a preset that shows nothing takes it away."""
        self._no_transition()
        self.item.burn_in = burn_in.loaded(self.app, presetName)
        return True

    # Properties

    def GetProperties(self) -> dict[str, Any]:
        item = self.item
        known = self._known_properties()
        values = {key: item.properties.get(key, one.default) for key, one in known.items()}
        text = generated.text_of(item)
        return values if text is None else {**values, generated.TEXT: text}

    def GetProperty(self, propertyKey: Any = None) -> Any:
        if propertyKey is None or propertyKey == "":
            return self.GetProperties()
        return self.GetProperties().get(arguments.text(propertyKey, "the property"))

    def SetProperties(self, properties: Any) -> bool:
        """All or none. Numbers out of bounds are clipped."""
        return self._set(arguments.table(properties, "the properties"))

    def SetProperty(self, propertyKey: Any, propertyValue: Any = None) -> bool:
        if propertyValue is None:
            return self.SetProperties(propertyKey)
        return self._set({arguments.text(propertyKey, "the property"): propertyValue})

    def _known_properties(self) -> dict[str, properties.Property]:
        if self.item.type == "audio" and not build().sound_items_have_properties:
            return {}
        return properties.table_for(self.item.type)

    def _set(self, given: dict[str, Any]) -> bool:
        if not given:
            raise Refusal("no property was given")
        if self.item.type == "audio" and not self._known_properties():
            raise Refusal("a sound item has no properties before 21.1; answer as a newer build to set its volume")
        if generated.TEXT in given:
            generated.set_text(self.item, given[generated.TEXT])
            given = {key: value for key, value in given.items() if key != generated.TEXT}
        for key in given:
            if key in properties.CURRENT_ONLY and self.project.current_timeline != self.timeline.id:
                raise Refusal(f"{key} is set on items of the current timeline only; make theirs current first")
        size = timeline_size(self.timeline, self.project)
        self.item.properties = properties.with_values(self.item.type, self.item.properties, given, size)
        return True


def _frames(frames: int, precise: Any) -> float:
    return float(frames) if arguments.flag(precise, "subframePrecision") else frames


def _fraction(value: Ratio, precise: Any) -> float:
    return value[0] / value[1] if arguments.flag(precise, "subframePrecision") else floor(value)
