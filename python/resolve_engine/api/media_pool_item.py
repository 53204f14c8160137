"""`MediaPoolItem`: a clip of the media pool."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from resolve_engine import timecode
from resolve_engine.api import arguments, clip_properties, color_settings
from resolve_engine.api.clip_media import ClipMediaMethods
from resolve_engine.api.growing import GrowingMethods
from resolve_engine.api.labels import ColorMethods, FlagMethods, MarkMethods
from resolve_engine.api.markers import MarkerMethods
from resolve_engine.api.transcription import ClipTranscriptMethods
from resolve_engine.errors import Refusal
from resolve_engine.model.clip import Clip
from resolve_engine.remote import PyRemoteObject


class MediaPoolItem(
    MarkerMethods,
    FlagMethods,
    ColorMethods,
    MarkMethods,
    ClipMediaMethods,
    GrowingMethods,
    ClipTranscriptMethods,
):
    """One clip of the open project."""

    CLASS = "MediaPoolItem"

    @property
    def marked(self) -> Clip:
        return self.clip

    @property
    def flagged(self) -> Clip:
        return self.clip

    @property
    def colored(self) -> Clip:
        return self.clip

    @property
    def ranged(self) -> Clip:
        return self.clip

    @property
    def last_frame(self) -> int:
        clip = self.clip
        return (self.project.timelines[clip.timeline].end if clip.timeline else clip.frames) - 1

    def GetName(self) -> str:
        return self.clip.name

    def SetName(self, name: Any) -> bool:
        chosen = arguments.text(name, "the name of the clip", empty=False)
        if self.clip.type == "Timeline":
            raise Refusal("a timeline is renamed with Timeline.SetName")
        if self.clip.timeline:  # that of a compound or a multicam clip, which has no other name
            self.project.timelines[self.clip.timeline].name = chosen
        self.clip.name = chosen
        return True

    def GetUniqueId(self) -> str:
        return self.clip.id

    def GetMediaId(self) -> str:
        import uuid

        return str(uuid.uuid5(uuid.NAMESPACE_URL, self.clip.path or self.clip.id))

    def GetTimeline(self) -> PyRemoteObject | None:
        """None for a compound clip, as in Resolve."""
        return self.handle("Timeline", self.clip.timeline) if self.clip.type == "Timeline" else None

    # Attributes

    def GetClipProperty(self, propertyName: Any = None) -> Any:
        if not isinstance(propertyName, str) or not propertyName:
            # All of them are texts; asked for alone, a number is a number.
            values = clip_properties.attributes(self.project, self.clip)
            return {key: value if isinstance(value, str) else f"{value:g}" for key, value in values.items()}
        return clip_properties.attribute(self.project, self.clip, propertyName)

    def SetClipProperty(self, propertyName: Any, propertyValue: Any) -> bool:
        key = arguments.text(propertyName, "the name of the property")
        writer = WRITERS.get(key)
        if writer is not None:
            writer(self, propertyValue)
        elif key in clip_properties.keys("metadata"):
            self._write_metadata({key: propertyValue})
        elif key in clip_properties.keys("attributes"):
            raise Refusal(f"{key!r} cannot be written, or the engine does not act on it yet")
        else:
            raise Refusal(f"a clip has no property {key!r}")
        return True

    def _write_start(self, value: Any) -> None:
        clip = self.clip
        if clip.timeline:
            raise Refusal("the start of a timeline is set with Timeline.SetStartTimecode")
        clip.start = self._frames(value)

    def _write_rate(self, value: Any) -> None:
        clip = self.clip
        if clip.media is None or clip.media["kind"] != "sequence":
            raise Refusal("only the rate of an image sequence can be set")
        parsed = timecode.parse_rate(str(value))
        if parsed is None:
            raise Refusal(f"{value!r} is no frame rate that the engine knows")
        if any(item.clip == clip.id for item in self.project.items.values()):
            raise Refusal("the sequence is used on a timeline; set its rate before it is placed")
        clip.rate = parsed[0]

    def _write_space(self, key: str, value: Any) -> None:
        clip = self.clip
        if clip.media is None or clip.media["video"] is None:
            raise Refusal(f"{clip.name!r} has no picture of a file, so it has no colour space of its own")
        color_settings.check_clip(key, arguments.text(value, key), self.project.settings)
        clip.overrides = {**clip.overrides, key: value}

    def _write_mark(self, value: Any, place: int) -> None:
        frame = self._frames(value) - self.clip.start
        if not 0 <= frame <= self.last_frame:
            raise Refusal(f"{value!r} is outside the clip")
        marks = list(self.clip.marks.get("video", (0, self.last_frame)))
        marks[place] = frame
        if marks[0] > marks[1]:
            raise Refusal("the in point would be after the out point")
        both = (marks[0], marks[1])
        self.clip.marks = {"video": both, "audio": both}

    def _frames(self, value: Any) -> int:
        try:
            return timecode.to_frames(arguments.text(value, "the timecode"), self.clip.rate, self.clip.drop_frame)
        except ValueError as error:
            raise Refusal(str(error)) from error

    # Metadata

    def GetMetadata(self, metadataType: Any = None) -> Any:
        fields = dict(self.clip.metadata)
        if not isinstance(metadataType, str) or not metadataType:
            return fields
        return fields.get(OTHER_NAMES.get(metadataType, metadataType), "")

    def SetMetadata(self, metadata: Any, metadataValue: Any = None) -> bool:
        self._write_metadata(_fields(metadata, metadataValue))
        return True

    def _write_metadata(self, fields: dict[str, Any]) -> None:
        known = clip_properties.keys("metadata")
        checked = {}
        for given, value in fields.items():
            key = OTHER_NAMES.get(given, given)
            if key in ("Clip Color", "Flags"):
                raise Refusal(f"{key!r} has methods of its own")
            if key not in known and key != "Reel Name":
                raise Refusal(f"{key!r} is no metadata field")
            checked[key] = arguments.text(value, f"the value of {key!r}")
        name = checked.pop("Clip Name", None)
        if name is not None:
            self.SetName(name)
        if "Reel Name" in checked:
            self.clip.overrides = {**self.clip.overrides, "Reel Name": checked["Reel Name"]}
        if checked:
            self.clip.metadata = {key: value for key, value in {**self.clip.metadata, **checked}.items() if value}

    def GetThirdPartyMetadata(self, metadataType: Any = None) -> Any:
        fields = dict(self.clip.third_party)
        if not isinstance(metadataType, str) or not metadataType:
            return fields
        return fields.get(metadataType, "")

    def SetThirdPartyMetadata(self, metadata: Any, metadataValue: Any = None) -> bool:
        fields = _fields(metadata, metadataValue)
        checked = {key: arguments.text(value, f"the value of {key!r}") for key, value in fields.items()}
        self.clip.third_party = {**self.clip.third_party, **checked}
        return True


OTHER_NAMES = {"Keywords": "Keyword"}
"""What public scripts call metadata fields that Resolve's list of attributes has under another name."""

WRITERS: dict[str, Callable[[MediaPoolItem, Any], object]] = {
    "Clip Name": lambda item, value: item.SetName(value),
    "Start TC": MediaPoolItem._write_start,
    "FPS": MediaPoolItem._write_rate,
    "Input Color Space": lambda item, value: item._write_space("Input Color Space", value),
    "Input Gamma": lambda item, value: item._write_space("Input Gamma", value),
    "IDT": lambda item, value: item._write_space("IDT", value),
    "In": lambda item, value: item._write_mark(value, 0),
    "Out": lambda item, value: item._write_mark(value, 1),
    "Reel Name": lambda item, value: item._write_metadata({"Reel Name": value}),
}
"""The attributes that can be written and what writes them."""


def _fields(metadata: Any, value: Any) -> dict[str, Any]:
    """A dict of fields, or a field and its value."""
    if value is None:
        return arguments.table(metadata, "the metadata")
    return {arguments.text(metadata, "the name of the field", empty=False): value}
