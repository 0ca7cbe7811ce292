"""The augmentation panel: put a policy together, and see at once what it does.

The page keeps the list that is edited; each change is read here by :class:`~ganbook.augmentation.Policy`, becomes
``panel.policy``, and is drawn. Only the newest of several changes is drawn.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from ganbook.augmentation import OPERATIONS, PRESETS, Policy
from ganbook.augmentation.operations import Operation
from ganbook.augmentation.units import UNITS
from ganbook.data import ImageData
from ganbook.notebook.panels import bundle
from ganbook.notebook.panels.augmentation import listed, preview
from ganbook.notebook.panels.augmentation.own_images import OwnImages
from ganbook.notebook.panels.augmentation.study_thread import StudyThread, table, why_not
from ganbook.notebook.panels.base import Panel, verb
from ganbook.notebook.panels.image_files import LIMITS
from ganbook.studies.augmentation_results import AugmentationStudy
from ganbook.utils import figures

HERE = Path(__file__).parent


class AugmentationPanel(Panel):
    """A policy being made. ``policy`` is what it is now; assign another one to show that."""

    _esm = bundle.script(HERE)
    _css = bundle.styles(HERE)

    def __init__(self, data: ImageData, policy: Policy):
        self._data, self._policy = data, policy
        self._listed = listed.of(policy)
        self._study_thread: StudyThread | None = None
        self._study_result: AugmentationStudy | None = None
        self._studied: Policy | None = None  # by the last study
        self._own = OwnImages(data.shape)
        super().__init__()

    @property
    def policy(self) -> Policy:
        """The policy as it is shown."""
        return self._policy

    @policy.setter
    def policy(self, policy: Policy) -> None:
        self._policy, self._listed = policy, listed.of(policy)
        self._send_preview(adopt=True)
        self._draw_snapshots()

    @property
    def study(self) -> AugmentationStudy | None:
        """The result of the last study that was made in the panel."""
        return self._study_result

    def __repr__(self) -> str:
        return f"<AugmentationPanel: {self._data.name}, {self._policy!r}>"

    @property
    def _images(self) -> np.ndarray:
        """What the policy is tried on, uint8 (N, H, W, C)."""
        return self._own.images if len(self._own) else self._examples

    @cached_property
    def _examples(self) -> np.ndarray:
        return preview.examples(self._data)

    # From pages

    @verb
    def _upload(self, what: str, name: str, file: bytes, first: bool = True) -> None:
        """Try the policy on an image file, too; the first of several replaces those before."""
        if first:
            self._own.clear()
        self._own.add(file, name)
        self._send_preview()
        self.say(self._own.remark, failed=True)
        self._draw_snapshots()

    @verb
    def _use_data(self) -> None:
        """Try the policy on images of the data set again."""
        self._own.clear()
        self._send_preview()
        self.say("")
        self._draw_snapshots()

    @verb
    def _edit(self, policy: str, final: bool = True) -> None:
        """Take and show a policy; one that is not final comes from a slider that still moves."""
        self._policy, self._listed = listed.read(policy)
        self._send_preview()
        if final:
            self._draw_snapshots()

    @verb
    def _sweep(self, policy: str, index: int) -> None:
        """Show one operation at several strengths."""
        self._policy, self._listed = listed.read(policy)
        part = self._listed[index]
        if "name" not in part:
            raise ValueError("a group of operations has no strength of its own")
        operation = Operation(part["name"])
        sheet, columns = preview.sweep(self._images, operation, self._policy.seed), len(preview.STRENGTHS) + 1
        strengths = [UNITS[operation.name].text(strength) for strength in preview.STRENGTHS]
        message = {"kind": "sweep", "name": operation.name, "strengths": strengths,
                   "rows": len(self._images), "columns": columns}  # fmt: skip
        self.send(message, [preview.png(sheet, columns)])

    @verb
    def _code(self) -> None:
        """Send the policy as code to copy; a page asks for it while someone may read it."""
        self.send({"kind": "code", **preview.programs(self._policy, self._images.shape[1:3])})

    @verb
    def _start_study(self, policy: str, options: dict[str, Any]) -> None:
        if self._study_thread is not None and self._study_thread.is_alive():  # started in another view
            self._study_event("failed", ValueError("a study is still running here: stop it, or wait until it ends"))
            return
        options = {name: value for name, value in options.items() if value != ""}
        studied, _ = listed.read(policy)
        try:
            thread = StudyThread(self._data, studied, options, self._study_event)
        except ValueError as error:
            self._study_event("failed", error)
        else:
            self._studied, self._study_thread = studied, thread
            self._study_event("progress", 0.0)
            thread.start()

    @verb
    def _stop_study(self) -> None:
        if self._study_thread is not None:
            self._study_thread.stop()

    def _study_event(self, event: str, value: Any) -> None:
        if event == "finished":
            self._study_result = value
            self._send_study()
        elif event == "progress":
            self.send({"kind": "study", "progress": value, "of": str(self._studied)})
        else:
            self.send({"kind": "study", "error": " ".join(str(value).split())})

    # To pages

    def send_all(self) -> None:
        """Send the operations and presets to choose from, and the policy as it stands."""
        height, width, channels = self._data.shape
        operations = {
            name: {
                "text": kind.text, "strength": kind.strength, "fixed": kind.draws == 0,
                "group": listed.GROUPS[kind.family], "idle": channels == 1 and kind.colour_only,
                # in words, in steps of 0.005
                "strengths": [UNITS[name].text(step / 200) for step in range(201)] if kind.draws else [],
            }
            for name, kind in OPERATIONS.items()
        }  # fmt: skip
        presets = {name: listed.of(Policy.named(name)) for name in PRESETS}
        data = f"{self._data.name} · {width}×{height}"
        self.send({"kind": "about", "data": data, "operations": operations, "presets": presets,
                   "name": self._data.name, "no_study": why_not(self._data), **LIMITS})  # fmt: skip
        self._send_preview(adopt=True)
        self._send_study()

    def _send_study(self) -> None:
        """Send the result of the last study, with the policy it is of."""
        study = self._study_result
        if study is not None:
            plots = [] if study.cells.empty else [figures.png(study.plot())]
            self.send({"kind": "study", "of": str(self._studied or "")} | table(study), plots)

    def _is_studied(self) -> bool:
        """Return whether the last study, if there is one, is of the policy as it is now; its seed does not matter."""
        return self._studied is None or self._studied.operations == self._policy.operations

    def _send_preview(self, *, adopt: bool = False) -> None:
        """Send the policy's preview; a page adopts the policy itself unless it comes from there."""
        policy, columns = self._policy, preview.DRAWS + 1
        sheet, captions = preview.samples(self._images, policy)
        message = {
            "kind": "preview", "adopt": adopt, "policy": {"seed": policy.seed, "operations": self._listed},
            "rows": len(self._images), "columns": columns, "captions": captions,
            "speed": preview.speed(self._images, policy), "keeps_labels": not policy.mixes,
            "leaks": preview.leaks(policy), "refusal": preview.refusal(policy),
            "studied": self._is_studied(), "own": len(self._own),
        }  # fmt: skip
        self.send(message, [preview.png(sheet, columns)])

    # Without a kernel

    def snapshot(self) -> tuple[bytes, str]:
        """Draw the policy's preview."""
        sheet, _ = preview.samples(self._images, self._policy)
        return preview.png(sheet, preview.DRAWS + 1), "<p>The first image of each row is the original.</p>"
