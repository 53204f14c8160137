"""The methods of a timeline about its settings, which are the project's until `useCustomSettings` is '1'."""

from __future__ import annotations

from typing import Any

from resolve_engine import timecode
from resolve_engine.api import arguments, color_settings, settings
from resolve_engine.api.parts import TimelinePart
from resolve_engine.errors import Refusal
from resolve_engine.model.settings import DROP_FRAME, FRAME_RATE

CUSTOM = "useCustomSettings"


class TimelineSettingMethods(TimelinePart):
    """Only texts are taken as values."""

    def GetSettings(self) -> dict[str, Any]:
        timeline = self.timeline
        if timeline.settings is None:
            return settings.all_values(self.project.settings, "project")
        return {**settings.all_values(timeline.settings, "timeline"), CUSTOM: "1"}

    def GetSetting(self, settingName: Any = None) -> Any:
        """All of them without a key; None for a key that there is not."""
        if settingName is None or settingName == "":
            return self.GetSettings()
        key = arguments.text(settingName, "the name of the setting")
        if key == CUSTOM:
            return "0" if self.timeline.settings is None else "1"
        return self.GetSettings().get(key)

    def SetSettings(self, settings: Any) -> bool:
        given = arguments.table(settings, "the settings")
        if not given:
            raise Refusal("no setting was given")
        if CUSTOM in given and len(given) > 1:
            raise Refusal(f"{CUSTOM} is set first, in a call of its own")
        for key, value in given.items():
            self.SetSetting(key, str(value) if key == FRAME_RATE else value)
        return True

    def SetSetting(self, settingName: Any, settingValue: Any) -> bool:
        key = arguments.text(settingName, "the name of the setting")
        value = arguments.text(settingValue, key)
        if key == CUSTOM:
            return self._follow_project(arguments.choice(value, CUSTOM, ("0", "1")) == "0")
        if self.timeline.settings is None:
            raise Refusal(f"the timeline follows the project's settings; set {CUSTOM} to '1' first")
        checked = settings.checked(key, value, "timeline")
        if FRAME_RATE in checked or DROP_FRAME in checked:
            self._retime({**self.timeline.settings, **checked})
        merged = {**self.timeline.settings, **checked}
        color_settings.check_together(checked, merged, self.project.settings)
        self.timeline.settings = merged
        return True

    def _follow_project(self, follow: bool) -> bool:
        timeline = self.timeline
        if follow and timeline.settings is not None:
            self._retime(self.project.settings)
            timeline.settings = None
        elif not follow and timeline.settings is None:
            inherited = settings.keys_of("timeline")
            timeline.settings = {key: value for key, value in self.project.settings.items() if key in inherited}
        return True

    def _retime(self, wanted: Any) -> None:
        """Give the timeline another rate. Its start keeps its timecode; anything on it would not keep its place."""
        timeline = self.timeline
        rate, drop = _rate(wanted)
        if (rate, drop) == (timeline.rate, timeline.drop_frame):
            return
        if not timeline.empty or timeline.markers:
            raise Refusal("the frame rate can be changed only while the timeline is empty")
        start = timeline.to_timecode(0).replace(";", ":")
        timeline.rate, timeline.drop_frame = rate, drop
        timeline.start = timecode.to_frames(start, rate, drop)
        timeline.playhead = 0
        clip = self.project.clips[timeline.clip]
        clip.rate, clip.drop_frame = rate, drop


def _rate(stored: Any) -> tuple[timecode.Ratio, bool]:
    parsed = timecode.parse_rate(str(stored.get(FRAME_RATE, settings.known()[FRAME_RATE]["default"])))
    if parsed is None:
        raise Refusal("the frame rate is unreadable")
    rate, drop = parsed
    return rate, (drop or stored.get(DROP_FRAME) == "1") and rate in timecode.DROP_FRAME_RATES
