"""The methods of a project about rendering: format and codec, settings, the queue."""

from __future__ import annotations

import os
from typing import Any

from resolve_engine import failure, timecode
from resolve_engine.api import arguments, grades, render_settings
from resolve_engine.api.names import numbered
from resolve_engine.api.pictures import refuse_source
from resolve_engine.api.render_presets import PresetMethods
from resolve_engine.errors import Refusal
from resolve_engine.model.render_job import RenderJob
from resolve_engine.model.settings import timeline_size
from resolve_engine.model.timeline import Timeline

FIRST_STATE = {"format": "mov", "codec": "H264"}
"""What the Deliver page shows in a new project."""

SINGLE_CLIP = 1
"""Resolve's render mode for one file; 0 is a file for each clip."""

SIZES = ((1280, 720), (1920, 1080), (2048, 1080), (2048, 1556), (2560, 1440), (3840, 2160), (4096, 2160))
"""Frame sizes on offer; others can be set."""

FALLING_BACK = ("FormatWidth", "FormatHeight")
"""Settings that are the timeline's again unless they are named each time."""

JOB_STATUS = {
    "ready": "Ready",
    "rendering": "Rendering",
    "complete": "Complete",
    "failed": "Failed",
    "cancelled": "Cancelled",
}


class RenderMethods(PresetMethods):
    """Jobs are rendered one after the other, each in a process of its own."""

    # Format and codec

    def GetRenderFormats(self) -> dict[str, str]:
        from resolve_engine.render.formats import render_formats

        return render_formats()

    def GetRenderCodecs(self, renderFormatFileExtension: Any) -> dict[str, str]:
        from resolve_engine.render.formats import render_codecs

        return render_codecs(arguments.text(renderFormatFileExtension, "the format"))

    def GetAudioRenderFormats(self) -> dict[str, str]:
        from resolve_engine.render.formats import audio_formats

        return audio_formats()

    def GetAudioRenderCodecs(self, audioRenderFormatFileExtension: Any) -> dict[str, str]:
        from resolve_engine.render.formats import audio_codecs

        return audio_codecs(arguments.text(audioRenderFormatFileExtension, "the format"))

    def GetCurrentRenderFormatAndCodec(self) -> dict[str, str]:
        state = self._state
        return {"format": state["format"], "codec": state["codec"]}

    def SetCurrentRenderFormatAndCodec(self, format: Any, codec: Any) -> bool:
        from resolve_engine.render.formats import render_codecs

        chosen = arguments.text(format, "the format")
        codecs = render_codecs(chosen)
        if not codecs:
            formats = ", ".join(sorted(self.GetRenderFormats().values()))
            raise Refusal(f"there is no picture codec for the format {chosen!r}; the formats are {formats}")
        if codec not in codecs.values():
            raise Refusal(f"{codec!r} is no codec of {chosen}; the codecs are {', '.join(codecs.values())}")
        self._set(format=chosen, codec=codec)
        return True

    def GetRenderResolutions(self, format: Any = None, codec: Any = None) -> list[dict[str, int]]:
        if format is not None or codec is not None:
            from resolve_engine.render.formats import render_codecs

            codecs = render_codecs(arguments.text(format, "the format"))
            if arguments.text(codec, "the codec") not in codecs.values():
                raise Refusal(f"{codec!r} is no codec of {format!r}")
        return [{"Width": width, "Height": height} for width, height in SIZES]

    def GetCurrentRenderMode(self) -> int:
        return SINGLE_CLIP

    def SetCurrentRenderMode(self, renderMode: Any) -> bool:
        if arguments.whole(renderMode, "the render mode", 0, 1) != SINGLE_CLIP:
            raise Refusal("the engine renders one file (mode 1) only; a file for each clip is not built yet")
        return True

    # Settings

    @property
    def _state(self) -> dict[str, Any]:
        return {**FIRST_STATE, "settings": {}, **self.project.render}

    def _set(self, **values: Any) -> None:
        self.project.render = {**self._state, **values}

    def SetRenderSettings(self, settings: Any) -> bool:
        """As in Resolve, a refused key answers False while the others are kept, and unknown keys vanish."""
        given = arguments.table(settings, "the render settings")
        timeline = self.project.open_timeline()
        kept: dict[str, Any] = {}
        for key, value in given.items():
            try:
                kept.update(render_settings.checked(key, value, timeline))
            except Refusal as refusal:
                failure.note(refusal.reason)
        stored = {key: value for key, value in self._state["settings"].items() if key not in FALLING_BACK}
        if timeline is not None and ("MarkIn" in kept or "MarkOut" in kept):
            self._mark(timeline, kept.pop("MarkIn", None), kept.pop("MarkOut", None))
            stored["SelectAllFrames"] = False
        self._set(settings={**stored, **kept})
        self.app.page = "deliver"
        return failure.last() is None

    def _mark(self, timeline: Timeline, first: int | None, last: int | None) -> None:
        """The render marks are the timeline's own; one that is not given is its first or last frame."""
        start = 0 if first is None else first - timeline.start
        end = timeline.end - 1 if last is None else last - timeline.start
        if start > end:
            raise Refusal(f"MarkIn {first} is after MarkOut {last}")
        timeline.marks = {"video": (start, end), "audio": (start, end)}

    # The queue

    def AddRenderJob(self) -> str:
        timeline = self.project.open_timeline()
        if timeline is None or timeline.end == 0:
            raise Refusal("there is no current timeline with anything on it")
        info, outputs = self._job(timeline)
        job = RenderJob(
            self.project.changes,
            position=self.project.next_position(),
            timeline=timeline.id,
            info=info,
            outputs=outputs,
        )
        job.info = {"JobId": job.id, **info}
        self.project.add(job)
        self.app.page = "deliver"
        return job.id

    def _job(self, timeline: Timeline) -> tuple[dict[str, Any], dict[str, Any]]:
        """A job as the queue shows it, and the fields of its output specification."""
        from resolve_engine.render.formats import AUDIO_CODECS, codec_of, format_of, is_sequence

        state = self._state
        settings = state["settings"]
        form = format_of(state["format"])
        codec = codec_of(form.id, state["codec"])
        folder = settings.get("TargetDir", "")
        _check_folder(folder)
        video, audio = settings.get("ExportVideo", True), settings.get("ExportAudio", True) and bool(form.audio)
        if not video and not audio:
            raise Refusal("neither picture nor sound would be exported")
        width, height = timeline_size(timeline, self.project)
        width, height = settings.get("FormatWidth", width), settings.get("FormatHeight", height)
        if video and codec.even and (width % 2 or height % 2):
            raise Refusal(f"{codec.description} takes even sizes only, not {width}x{height}")
        first, last = self._range(timeline)
        name = settings.get("CustomName", timeline.name)
        extension = f".{form.extension}"
        name = name if name.lower().endswith(extension) else name + extension
        audio_codec = settings.get("AudioCodec", form.audio[0] if form.audio else "")
        if audio and audio_codec not in form.audio:
            raise Refusal(f"{form.description} takes {', '.join(form.audio)} as AudioCodec, not {audio_codec!r}")
        refuse_source(self.project, os.path.join(folder, name))
        quality = settings.get("VideoQuality", 0)
        outputs = {
            "path": os.path.join(folder, name),
            "format": form.id,
            "codec": codec.id,
            "width": width,
            "height": height,
            "first": first,
            "last": last,
            "video": video,
            "audio": audio,
            "audio_codec": audio_codec if audio else "",
            "audio_sample_rate": settings.get("AudioSampleRate", 48000),
            "audio_bit_depth": settings.get("AudioBitDepth", 24 if audio_codec == "lpcm" else 16),
            "quality": "" if quality == 0 else str(quality),
        }
        info = {
            "RenderJobName": f"Job {len(self.project.render_jobs) + 1}",
            "TimelineName": timeline.name,
            "TargetDir": folder,
            "IsExportVideo": video,
            "IsExportAudio": audio,
            "FormatWidth": width,
            "FormatHeight": height,
            "FrameRate": f"{timecode.rate_number(timeline.rate):g}",
            "PixelAspectRatio": 1.0,
            "MarkIn": first,
            "MarkOut": last,
            "AudioBitDepth": outputs["audio_bit_depth"],
            "AudioSampleRate": outputs["audio_sample_rate"],
            "ExportAlpha": False,
            "OutputFilename": name,
            "RenderMode": "Single clip",
            "PresetName": "Custom",
            "VideoFormat": form.description,
            "VideoCodec": codec.description,
            "AudioCodec": AUDIO_CODECS.get(audio_codec, ""),
        }
        if is_sequence(form.id):
            info["OutputFilename"] = f"{os.path.splitext(name)[0]}{first:08}{extension}"
        return info, outputs

    def _range(self, timeline: Timeline) -> tuple[int, int]:
        """First and last frame: between the timeline's marks, else all of it."""
        last = timeline.end - 1
        if self._state["settings"].get("SelectAllFrames", False):
            return timeline.start, timeline.start + last
        marks = timeline.marks.get("video") or timeline.marks.get("audio") or (0, last)
        if marks[0] > last:
            raise Refusal(
                f"the in mark {timeline.start + marks[0]} is after the last frame of the timeline, "
                f"{timeline.start + last}"
            )
        return timeline.start + marks[0], timeline.start + min(marks[1], last)

    def GetRenderJobList(self) -> list[dict[str, Any]]:
        return [dict(job.info) for job in self.project.render_jobs.values()]

    def GetRenderJobs(self) -> dict[float, dict[str, Any]]:
        return numbered(self.GetRenderJobList())

    def _given_job(self, value: Any) -> RenderJob:
        id = arguments.text(value, "the job id")
        job = self.project.render_jobs.get(id)
        if job is None:
            raise Refusal(f"there is no render job {id!r}")
        return job

    def DeleteRenderJob(self, jobId: Any) -> bool:
        job = self._given_job(jobId)
        self._delete([job])
        return True

    def DeleteAllRenderJobs(self) -> bool:
        self._delete(list(self.project.render_jobs.values()))
        return True

    def _delete(self, jobs: list[RenderJob]) -> None:
        for job in jobs:
            if self.app.render_queue.holds(job.id):
                raise Refusal(f"{job.info['RenderJobName']} is being rendered; stop it first")
        for job in jobs:
            self.project.remove(job)
            self.app.render_queue.forget(job.id)

    def StartRendering(self, *jobIds: Any, isInteractiveMode: Any = False) -> bool:
        """Takes ids one after the other or in one list, each form with a switch behind it that changes nothing here;
        without ids, every job that is ready."""
        jobs = self._chosen(list(jobIds))
        arguments.flag(isInteractiveMode, "isInteractiveMode")
        specs = []
        for job in jobs:
            if self.app.render_queue.holds(job.id):
                raise Refusal(f"{job.info['RenderJobName']} is being rendered already")
            specs.append(self._spec(job))
        for job in jobs:
            job.cancelled = False
        self.app.page = "deliver"
        self.app.flush()
        self.app.render_queue.start(specs)
        return True

    def _chosen(self, given: list[Any]) -> list[RenderJob]:
        if given and isinstance(given[-1], bool):
            given.pop()
        if len(given) == 1 and not isinstance(given[0], str):
            given = arguments.listing(given[0], "the job ids")
            if not given:
                raise Refusal("the list of job ids is empty; leave it out to start every job that is ready")
        if given:
            return list(dict.fromkeys(self._given_job(id) for id in given))
        ready = [job for job in self.project.render_jobs.values() if self._status(job)["state"] == "ready"]
        if not ready:
            raise Refusal("no job of the render queue is ready")
        return ready

    def _spec(self, job: RenderJob) -> Any:
        from resolve_engine.model.frozen import freeze
        from resolve_engine.render.spec import OutputSpec, RenderSpec

        timeline = self.project.timelines.get(job.timeline)
        if timeline is None:
            raise Refusal(f"the timeline of {job.info['RenderJobName']} was deleted")
        if job.outputs["last"] >= timeline.start + timeline.end:
            raise Refusal(
                f"the timeline of {job.info['RenderJobName']} is shorter now; delete the job and add it again"
            )
        frozen = freeze(self.project, timeline, grades.lut_path)
        return RenderSpec(job.id, frozen, OutputSpec(**job.outputs))

    def StopRendering(self) -> None:
        """What runs and what waits is cancelled; jobs that are complete stay so."""
        for id in self.app.render_queue.stop():
            job = self.project.render_jobs.get(id)
            if job is not None:
                job.cancelled = True

    def IsRenderingInProgress(self) -> bool:
        return self.app.render_queue.busy

    def GetRenderJobStatus(self, jobId: Any) -> dict[str, Any]:
        status = self._status(self._given_job(jobId))
        state = status["state"]
        shown: dict[str, Any] = {
            "JobStatus": JOB_STATUS[state],
            "CompletionPercentage": 100 if state == "complete" else int(status.get("percent", 0)),
        }
        if state == "rendering" and status.get("eta_ms") is not None:
            shown["EstimatedTimeRemainingInMs"] = int(status["eta_ms"])
        if state == "complete":
            shown["TimeTakenToRenderInMs"] = int(status.get("elapsed_ms", 0))
        if status.get("error"):
            shown["Error"] = status["error"]
        return shown

    def _status(self, job: RenderJob) -> dict[str, Any]:
        status = self.app.render_queue.status(job.id)
        if job.cancelled and status["state"] in ("ready", "failed"):
            return {**status, "state": "cancelled"}
        return status


def _check_folder(folder: str) -> None:
    """Refuse a target folder that nothing can be written to."""
    if not folder:
        raise Refusal("no target folder is set; set TargetDir with SetRenderSettings")
    if not os.path.isdir(folder):
        raise Refusal(f"the target folder {folder!r} does not exist")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise Refusal(f"the target folder {folder!r} is not writable")
