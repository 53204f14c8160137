"""One-click exports: the render presets that are enabled for them, and a render that answers when it is done."""

from __future__ import annotations

import time
import uuid
from typing import Any

from resolve_engine.api import arguments, burn_in, grades
from resolve_engine.api.render_jobs import described, output_of
from resolve_engine.api.render_presets import FIRST_STATE, STOCK, PresetMethods
from resolve_engine.api.render_settings import check_codec, checked
from resolve_engine.errors import Refusal
from resolve_engine.model.timeline import Timeline

POLL_S = 0.05
"""How often a waiting export looks whether its job has ended; a render takes longer to start than that."""

ENABLED = "quick_export"
"""Key of a preset that says whether it is enabled; a stock preset's stands under its name among the user's."""

OUTCOMES = {"complete": "Render Complete", "failed": "Render Failed", "cancelled": "Render Cancelled"}


class QuickExportMethods(PresetMethods):
    """Quick exports go through the render queue's processes, but are no jobs of the queue that could be listed."""

    def GetQuickExportRenderPresets(self) -> list[str]:
        return [name for name in self.GetRenderPresetList() if self._is_enabled(name)]

    def _timeline_to_render(self) -> Timeline:
        timeline = self.project.open_timeline()
        if timeline is None or timeline.end == 0:
            raise Refusal("there is no current timeline with anything on it")
        return timeline

    def _is_enabled(self, name: str) -> bool:
        kept = self.app.render_presets.get(name, {})
        return bool(kept.get(ENABLED, name in STOCK))

    def SetQuickExportEnabledForRenderPreset(self, presetName: Any, isEnabled: Any) -> bool:
        name = arguments.text(presetName, "the name of the preset")
        if name not in self.GetRenderPresetList():
            raise Refusal(f"there is no render preset {name!r}")
        enabled = arguments.flag(isEnabled, "isEnabled")
        self.app.save_render_preset(name, {**self.app.render_presets.get(name, {}), ENABLED: enabled})
        return True

    def RenderWithQuickExport(self, presetName: Any, presetInfo: Any = None) -> dict[str, Any]:
        """Waits for the render, as measured; a job that fails is told in the answer."""
        from resolve_engine.model.frozen import freeze
        from resolve_engine.render.spec import RenderSpec

        name = arguments.text(presetName, "the name of the preset")
        if name not in self.GetQuickExportRenderPresets():
            offered = ", ".join(self.GetQuickExportRenderPresets()) or "none"
            raise Refusal(f"{name!r} is no preset that is enabled for quick exports; they are: {offered}")
        given = arguments.table({} if presetInfo is None else presetInfo, "the settings")
        if arguments.flag(given.get("EnableUpload", False), "EnableUpload"):
            raise Refusal("the engine uploads nothing; set EnableUpload to False and upload the file yourself")
        timeline = self._timeline_to_render()
        preset = {**FIRST_STATE, **self._preset(name)}
        settings = dict(preset["settings"])
        for key in ("TargetDir", "CustomName", "VideoQuality"):
            if key in given:
                settings.update(checked(key, given[key], timeline))
        check_codec(settings, preset["format"], preset["codec"])
        info, outputs, clips = described(self.project, timeline, {**preset, "settings": settings})
        if clips:
            raise Refusal(f"the preset {name!r} renders individual clips; add it to the render queue instead")
        kept = burn_in.queued(self.app, settings.get("DataBurnIn", burn_in.LIKE_PROJECT))
        frozen = burn_in.burnt(self.project, freeze(self.project, timeline, grades.lut_path), kept)
        job = str(uuid.uuid4())
        self.app.flush()
        self.app.render_queue.start([RenderSpec(job, frozen, output_of(timeline, outputs))])
        while self.app.render_queue.holds(job):
            time.sleep(POLL_S)
        status = self.app.render_queue.status(job)
        self.app.render_queue.forget(job)
        shown: dict[str, Any] = {
            "JobStatus": OUTCOMES.get(status["state"], "Render Failed"),
            "CompletionPercentage": int(status.get("percent", 0)),
        }
        if status["state"] == "complete":
            shown["TimeTakenToRenderInMs"] = int(status.get("elapsed_ms", 0))
        else:
            shown["Error"] = status.get("error") or f"{info['OutputFilename']} was not rendered"
        return shown
