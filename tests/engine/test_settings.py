"""What settings read as before anything was set: values of the kind that Resolve answers, seen in public dumps."""

from __future__ import annotations

from typing import Any

NAMES = {
    "perfCacheClipsLocation", "colorSpaceTimelineGamma", "colorSpaceInputGamma", "colorSpaceOutputGamma",
    "colorGalleryStillsLocation", "colorGalleryStillsNamingCustomPattern", "hdrDolbyMasterDisplay",
    "cloudProjectMediaLocation", "projectMediaLocation",
}  # fmt: skip
"""Places, and names that stand only where something else is switched on."""

NUMBERS = (
    "audioCaptureNumChannels", "audioPlayoutNumChannels", "limitAudioMeterAlignLevel", "limitAudioMeterHighLevel",
    "limitAudioMeterLowLevel", "limitAudioMeterLUFS", "limitSubtitleCPL", "limitSubtitleCaptionDurationSec",
    "colorKeyframeDynamicsStartProfile", "hdrMasteringLuminanceMax", "graphicsWhiteLevel", "inputDRTSatRolloffLimit",
    "perfAutoRenderCacheAfterTime", "videoDeckPrerollSec", "videoPlayoutBatchHeadDuration", "timelinePlaybackFrameRate",
)  # fmt: skip


def test_only_names_and_places_read_empty(project: Any) -> None:
    """Public programs check every setting against its kind before they touch one."""
    assert {key for key, value in project.GetSettings().items() if value == ""} == NAMES


def test_numbers_are_whole_numbers_in_texts(project: Any) -> None:
    """As all settings but the frame rate, and the playback rate without a fraction that is not there."""
    settings = project.GetSettings()
    assert all(str(int(settings[key])) == settings[key] for key in NUMBERS)
    assert project.SetSetting("timelineFrameRate", "23.976") is True
    assert project.GetSetting("timelinePlaybackFrameRate") == "23.976"


def test_choices_read_as_resolve_stores_them(project: Any) -> None:
    """Not as its window shows them, which has `-20 - 120` for the first."""
    keys = (
        "limitBroadcastSafeLevels",
        "limitAudioMeterLoudnessScale",
        "limitAudioMeterDisplayMode",
        "videoPlayoutMode",
    )
    assert [project.GetSetting(key) for key in keys] == ["20_120", "ebu_9_scale", "post_fader", "video_audio"]
