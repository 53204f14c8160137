"""What a job of the render queue is to make: the state of the Deliver page turned into an output specification."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from resolve_engine import timecode
from resolve_engine.api import render_names
from resolve_engine.api.pictures import refuse_source
from resolve_engine.api.render_settings import SUBTITLE_FORMATS
from resolve_engine.errors import Refusal
from resolve_engine.model.captions import subtitles_of
from resolve_engine.model.project import Project
from resolve_engine.model.settings import timeline_size
from resolve_engine.model.timeline import Timeline

if TYPE_CHECKING:
    from resolve_engine.render.formats import Format, VideoCodec
    from resolve_engine.render.spec import OutputSpec

ALPHA_MODES = ("premultiplied", "straight")
"""By Resolve's value of AlphaMode."""

_, EMBEDDED, SEPARATE = SUBTITLE_FORMATS

SINGLE_CLIP = 1
"""Resolve's render mode for one file; 0 is a file for each clip."""


class Description(NamedTuple):
    """A job as it is queued."""

    info: dict[str, Any]
    """As the queue shows it."""
    outputs: dict[str, Any]
    """The fields of its output specification."""
    clips: dict[str, Any]
    """How individual clips are cut and named; empty for a single file."""


def described(project: Project, timeline: Timeline, state: Mapping[str, Any]) -> Description:
    """What a job is to make. Refusal for what cannot be made."""
    from resolve_engine.render.formats import AUDIO_CODECS, is_sequence

    settings = state["settings"]
    folder = settings.get("TargetDir", "")
    _check_folder(folder)
    form, codec = _kind(state)
    video = codec is not None
    audio_codec = _sound(settings, form, codec)
    if not video and not audio_codec:
        raise Refusal("neither picture nor sound would be exported")
    width, height = timeline_size(timeline, project)
    width, height = settings.get("FormatWidth", width), settings.get("FormatHeight", height)
    if codec is not None and codec.even and (width % 2 or height % 2):
        raise Refusal(f"{codec.description} takes even sizes only, not {width}x{height}")
    first, last = _range(timeline, settings)
    rate = _rate(timeline, settings)
    values = {
        "Project Name": project.name,
        "Timeline Name": timeline.name,
        "Render Codec": codec.id if codec is not None else audio_codec,
        "Render Resolution": f"{width}x{height}",
        "Frame Rate": f"{timecode.rate_number(rate):g}",
    }
    clips = _clips(state, values)
    extension = f".{form.extension}"
    name = f"{timeline.name}{extension}" if clips else _file_name(settings, timeline, values, extension)
    subtitles = _subtitles(timeline, settings, form, video, bool(clips))
    if not clips:
        refuse_source(project, os.path.join(folder, name))
        if subtitles == SEPARATE:
            refuse_source(project, os.path.join(folder, f"{os.path.splitext(name)[0]}.srt"))
    quality = settings.get("VideoQuality", 0)
    outputs = {
        "path": os.path.join(folder, name),
        "format": form.id,
        "codec": codec.id if codec is not None else "",
        "width": width,
        "height": height,
        "first": first,
        "last": last,
        "video": video,
        "audio": bool(audio_codec),
        "audio_codec": audio_codec,
        "audio_sample_rate": settings.get("AudioSampleRate", 48000),
        "audio_bit_depth": settings.get("AudioBitDepth", 24 if audio_codec == "lpcm" else 16),
        "quality": "" if quality == 0 else str(quality),
        "profile": _profile(settings, codec),
        "alpha": _alpha(settings, codec),
        "timecode": settings.get("TimelineStartTimecode", ""),
        "network_optimization": settings.get("NetworkOptimization", True),
        "subtitles": subtitles,
        "rate": None if rate == timeline.rate else rate,
        **_color_tags(settings, form, video),
    }
    info = {
        "RenderJobName": f"Job {len(project.render_jobs) + 1}",
        "TimelineName": timeline.name,
        "TargetDir": folder,
        "IsExportVideo": video,
        "IsExportAudio": bool(audio_codec),
        "FormatWidth": width,
        "FormatHeight": height,
        "FrameRate": f"{timecode.rate_number(rate):g}",
        "PixelAspectRatio": 1.0,
        "MarkIn": first,
        "MarkOut": last,
        "AudioBitDepth": outputs["audio_bit_depth"],
        "AudioSampleRate": outputs["audio_sample_rate"],
        "ExportAlpha": bool(outputs["alpha"]),
        "OutputFilename": name,
        "RenderMode": "Individual clips" if clips else "Single clip",
        "PresetName": "Custom",
        "VideoFormat": form.description,
        "VideoCodec": codec.description if codec is not None else "",
        "AudioCodec": AUDIO_CODECS.get(audio_codec, ""),
        "EncodingProfile": outputs["profile"],
        # A file that is there keeps its place until the new one is complete, whatever is said here.
        "ReplaceExistingFilesInPlace": settings.get("ReplaceExistingFilesInPlace", False),
        "NetworkOptimization": outputs["network_optimization"],
    }
    if outputs["alpha"]:
        info["AlphaMode"] = ALPHA_MODES.index(outputs["alpha"])
    if is_sequence(form.id) and not clips:
        info["OutputFilename"] = f"{os.path.splitext(name)[0]}{first:08}{extension}"
    return Description(info, outputs, clips)


def _rate(timeline: Timeline, settings: Mapping[str, Any]) -> timecode.Ratio:
    """Frames per second of the file: what is set, else the timeline's."""
    parsed = timecode.parse_rate(str(settings.get("FrameRate", "")))
    return timeline.rate if parsed is None else parsed[0]


def _color_tags(settings: Mapping[str, Any], form: Format, video: bool) -> dict[str, str]:
    """What the file is to say of its colours. Refusal where it cannot say anything."""
    from resolve_engine.render.color_tags import LIKE_PROJECT

    fields = {"color_space_tag": "ColorSpaceTag", "gamma_tag": "GammaTag"}
    chosen = {field: settings.get(key, "") for field, key in fields.items()}
    for field, tag in chosen.items():
        if tag not in ("", LIKE_PROJECT) and video and not form.muxer:
            raise Refusal(f"{form.description} carries no {fields[field]}; set it to {LIKE_PROJECT!r} or choose a film")
    return chosen


def _subtitles(timeline: Timeline, settings: Mapping[str, Any], form: Format, video: bool, clips: bool) -> str:
    """Where the subtitles go, '' for nowhere. Refusal where there are none, or where they cannot go there."""
    if not settings.get("ExportSubtitle", False):
        return ""
    if clips:
        raise Refusal(
            "subtitles go with one file for the whole timeline; set the render mode to 1 or ExportSubtitle off"
        )
    if not subtitles_of(timeline):
        raise Refusal("ExportSubtitle is on, and no enabled subtitle track of the timeline holds one; switch it off")
    where: str = settings.get("SubtitleFormat", SUBTITLE_FORMATS[0])
    if where != SEPARATE and not video:
        raise Refusal(f"{where} needs pictures; switch ExportVideo on, or set SubtitleFormat to {SEPARATE}")
    if where == EMBEDDED and not form.subtitles:
        raise Refusal(f"{form.description} carries no subtitles; choose QuickTime, MP4 or MKV, or {SEPARATE}")
    return where


def output_of(timeline: Timeline, outputs: Mapping[str, Any]) -> OutputSpec:
    """The output specification of a job that is started, with what the timeline's subtitles say now."""
    from resolve_engine.render.spec import CaptionSpec, OutputSpec

    rows = subtitles_of(timeline) if outputs.get("subtitles") else []
    if outputs.get("subtitles") and not rows:
        raise Refusal(
            f"the timeline {timeline.name!r} has no enabled subtitles any more; delete the job and add it again"
        )
    return OutputSpec(**outputs, captions=tuple(CaptionSpec(*row) for row in rows))


def _file_name(settings: Mapping[str, Any], timeline: Timeline, values: Mapping[str, str], extension: str) -> str:
    """The name of a single file."""
    template = settings.get("CustomName")
    name = timeline.name if template is None else render_names.expanded(template, values)
    return name if name.lower().endswith(extension) else name + extension


def _clips(state: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, Any]:
    """How individual clips are cut and named; empty for one file, where the settings of clips are refused."""
    settings = state["settings"]
    if state.get("mode", SINGLE_CLIP) == SINGLE_CLIP:
        for key in ("UseUniqueFilenames", "UseFullExtents", "AddFrameHandles"):
            if settings.get(key):
                raise Refusal(
                    f"{key} is for individual clips: set the render mode to 0, or {key} to {type(settings[key])()}"
                )
        return {}
    full = settings.get("UseFullExtents", False)
    return {
        "template": settings.get("CustomName", ""),
        "unique": settings.get("UseUniqueFilenames", False),
        "style": settings.get("UniqueFilenameStyle", render_names.PREFIX),
        "full": full,
        "handles": 0 if full else settings.get("AddFrameHandles", 0),
        "values": dict(values),
    }


def _kind(state: Mapping[str, Any]) -> tuple[Format, VideoCodec | None]:
    """The format, and the codec of its pictures; None for sound alone, whose format is AudioFormat."""
    from resolve_engine.render.formats import SOUND_ALONE, codec_of, format_of

    settings = state["settings"]
    if settings.get("ExportVideo", True):
        if state["format"] == "unknown":
            raise Refusal("the preset is for sound alone; choose a format with SetCurrentRenderFormatAndCodec")
        form = format_of(state["format"])
        return form, codec_of(form.id, state["codec"])
    chosen = settings.get("AudioFormat", state["format"])
    if chosen not in SOUND_ALONE:
        raise Refusal(f"{chosen!r} is no format of sound alone; set AudioFormat to one of {', '.join(SOUND_ALONE)}")
    return format_of(chosen), None


def _sound(settings: Mapping[str, Any], form: Format, codec: VideoCodec | None) -> str:
    """The id of the sound codec, '' for none. A codec that was set for another format is refused, not replaced."""
    from resolve_engine.render.formats import sounds_of

    offered = sounds_of(form.id, codec)
    if not settings.get("ExportAudio", True) or not offered:
        return ""
    chosen: str = settings.get("AudioCodec", offered[0])
    if chosen not in offered:
        beside = f" with {codec.description}" if codec is not None else ""
        raise Refusal(f"{form.description}{beside} takes {', '.join(offered)} as AudioCodec, not {chosen!r}")
    return chosen


def _alpha(settings: Mapping[str, Any], codec: VideoCodec | None) -> str:
    """How alpha is written, '' for none."""
    if codec is None or not settings.get("ExportAlpha", False):
        return ""
    if not codec.alpha:
        raise Refusal(f"{codec.description} carries no alpha; switch ExportAlpha off or choose ProRes 4444, PNG or EXR")
    return ALPHA_MODES[settings.get("AlphaMode", 0)]


def _profile(settings: Mapping[str, Any], codec: VideoCodec | None) -> str:
    """The encoder's profile, '' for its own choice."""
    profile: str = settings.get("EncodingProfile", "")
    if codec is None or profile in ("", "Auto"):
        return ""
    if profile not in codec.profiles:
        offered = ", ".join(codec.profiles) or "none"
        raise Refusal(f"{codec.description} has no EncodingProfile {profile!r}; it has {offered}")
    return profile


def _range(timeline: Timeline, settings: Mapping[str, Any]) -> tuple[int, int]:
    """First and last frame: between the timeline's marks, else all of it."""
    last = timeline.end - 1
    if settings.get("SelectAllFrames", False):
        return timeline.start, timeline.start + last
    marks = timeline.marks.get("video") or timeline.marks.get("audio") or (0, last)
    if marks[0] > last:
        raise Refusal(
            f"the in mark {timeline.start + marks[0]} is after the last frame of the timeline, {timeline.start + last}"
        )
    return timeline.start + marks[0], timeline.start + min(marks[1], last)


def _check_folder(folder: str) -> None:
    """Refuse a target folder that nothing can be written to."""
    if not folder:
        raise Refusal("no target folder is set; set TargetDir with SetRenderSettings")
    if not os.path.isdir(folder):
        raise Refusal(f"the target folder {folder!r} does not exist")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise Refusal(f"the target folder {folder!r} is not writable")
