"""The methods about markers that timelines, clips and timeline items share."""

from __future__ import annotations

from typing import Any, Protocol

from resolve_engine.api import arguments
from resolve_engine.api.base import ApiClass
from resolve_engine.errors import Refusal
from resolve_engine.model import marker as markers
from resolve_engine.model.marker import COLORS, Marker, Markers


class Marked(Protocol):
    """A record that carries markers."""

    markers: Markers


class MarkerMethods(ApiClass):
    """Frames count from the first frame of what carries the markers; they go out as floats, as Resolve's do."""

    @property
    def marked(self) -> Marked:
        """The record that carries the markers."""
        raise NotImplementedError

    def AddMarker(self, frameId: Any, color: Any, name: Any, note: Any, duration: Any, customData: Any = "") -> bool:
        new = Marker(
            frame=arguments.whole(frameId, "the frame of the marker", low=0),
            color=arguments.choice(color, "the color of the marker", COLORS),
            name=arguments.text(name, "the name of the marker"),
            note=arguments.text(note, "the note of the marker"),
            duration=arguments.whole(duration, "the duration of the marker", low=1),
            custom_data=arguments.text(customData, "the custom data of the marker"),
        )
        if markers.at(self.marked.markers, new.frame):
            raise Refusal(f"frame {new.frame} carries a marker already; delete it or choose another frame")
        self.marked.markers = markers.with_marker(self.marked.markers, new)
        return True

    def GetMarkers(self) -> dict[float, dict[str, Any]]:
        return {float(marker.frame): _shown(marker) for marker in self.marked.markers}

    def GetMarkerByCustomData(self, customData: Any) -> dict[str, Any]:
        found = markers.by_custom_data(self.marked.markers, arguments.text(customData, "the custom data"))
        return _shown(found) if found else {}

    def GetMarkerCustomData(self, frameId: Any) -> str:
        found = markers.at(self.marked.markers, arguments.whole(frameId, "the frame of the marker"))
        return found.custom_data if found else ""

    def UpdateMarkerCustomData(self, frameId: Any, customData: Any) -> bool:
        found = self._at(frameId)
        new = found._replace(custom_data=arguments.text(customData, "the custom data"))
        self.marked.markers = markers.with_marker(markers.without(self.marked.markers, found), new)
        return True

    def DeleteMarkersByColor(self, color: Any) -> bool:
        chosen = arguments.choice(color, "the color", (*COLORS, "All"))
        left = tuple(m for m in self.marked.markers if chosen not in (m.color, "All"))
        if len(left) == len(self.marked.markers):
            raise Refusal("there is no marker" if chosen == "All" else f"there is no {chosen} marker")
        self.marked.markers = left
        return True

    def DeleteMarkerAtFrame(self, frameNum: Any) -> bool:
        self.marked.markers = markers.without(self.marked.markers, self._at(frameNum))
        return True

    def DeleteMarkerByCustomData(self, customData: Any) -> bool:
        custom_data = arguments.text(customData, "the custom data")
        found = markers.by_custom_data(self.marked.markers, custom_data)
        if found is None:
            raise Refusal(f"no marker carries the custom data {custom_data!r}")
        self.marked.markers = markers.without(self.marked.markers, found)
        return True

    def _at(self, frame: Any) -> Marker:
        number = arguments.whole(frame, "the frame of the marker")
        found = markers.at(self.marked.markers, number)
        if found is None:
            raise Refusal(f"there is no marker at frame {number}")
        return found


def _shown(marker: Marker) -> dict[str, Any]:
    return {
        "color": marker.color,
        "duration": float(marker.duration),
        "note": marker.note,
        "name": marker.name,
        "customData": marker.custom_data,
    }
