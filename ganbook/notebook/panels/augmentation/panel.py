"""The augmentation panel: put a policy together, and see at once what it does.

The page keeps the list that is edited; each change is read here by :class:`~ganbook.augmentation.Policy`, becomes
``panel.policy``, and is drawn. Only the newest of several changes is drawn.
"""

from __future__ import annotations

import json
import time
import warnings
from io import BytesIO
from typing import Any

import numpy as np

from ganbook.augmentation import OPERATIONS, PRESETS, Policy, augment
from ganbook.augmentation.operations import Operation
from ganbook.data import ImageData
from ganbook.notebook.panels import bundle
from ganbook.notebook.panels.augmentation.studying import Studying, in_full
from ganbook.notebook.panels.base import Panel
from ganbook.notebook.panels.snapshot import png
from ganbook.studies.augmentation_results import AugmentationStudy

ROWS, DRAWS = 6, 8
SWEEP = (0.0, 0.25, 0.5, 0.75, 1.0)
# Pictures whose augmentation is timed, and the largest side that a picture has on the sheet.
TIMED, SIDE, VALUES = 128, 128, 2**22


class AugmentationPanel(Panel):
    """A policy being made. ``policy`` is what it is now; assign another one to show that."""

    _esm = bundle.script("augmentation")
    _css = bundle.styles("panel", "augmentation")

    def __init__(self, data: ImageData, policy: Policy):
        self._data, self._policy = data, policy
        self._studying, self._found = None, None
        chosen = np.linspace(0, len(data) - 1, min(ROWS, len(data))).astype(int)
        self._images = np.stack([data.images[i] for i in chosen])
        super().__init__()

    @property
    def policy(self) -> Policy:
        """The policy as it is shown."""
        return self._policy

    @policy.setter
    def policy(self, policy: Policy) -> None:
        self._policy = policy
        self._show(None)
        self._draw_stills()

    @property
    def study(self) -> AugmentationStudy | None:
        """What the study that was made here last has found."""
        return self._found

    def __repr__(self) -> str:
        return f"<AugmentationPanel: {self._data.name}, {self._policy!r}>"

    # From the page

    def _heard(self, _: Any, content: dict[str, Any], buffers: Any) -> None:
        try:
            if content["do"] == "hello":
                self.send(self._all())
                self._show(None)
                return
            if content["do"] == "halt":
                self._halt()
                return
            policy = Policy.from_json(content["policy"])
            if content["do"] == "study":
                self._begin(policy, content["asked"])
                return
            if content["do"] == "sweep":
                self._show_sweep(policy, int(content["part"]), content["stamp"])
                return
            self._policy = policy
            self._show(content["stamp"])
            if content["do"] == "settled":
                self._draw_stills()
        except Exception as error:
            self.send({"kind": "said", "text": f"{type(error).__name__}: {error}", "stamp": content.get("stamp")})

    # The study

    def _begin(self, policy: Policy, asked: dict[str, Any]) -> None:
        if self._studying is not None and self._studying.is_alive():  # begun in another view
            self._told("failed", "a study still runs here: stop it, or wait until it ends")
            return
        self._told("share", 0.0)
        try:
            self._studying = Studying(self._data, policy, {k: v for k, v in asked.items() if v != ""}, self._told)
        except ValueError as error:
            self._told("failed", error)
        else:
            self._studying.start()

    def _halt(self) -> None:
        if self._studying is not None:
            self._studying.stop()

    def _told(self, event: str, value: Any) -> None:
        if event == "share":
            self.send({"kind": "study", "share": value})
        elif event == "failed":
            self.send({"kind": "study", "error": " ".join(str(value).split())})
        else:
            self._found = value
            pictures = [] if value.cells.empty else [png(value.plot())]
            self.send({"kind": "study"} | in_full(value), pictures)

    # To the page

    def _all(self) -> dict[str, Any]:
        height, width, channels = self._data.shape
        kinds = {
            name: {"text": kind.text, "strength": kind.strength, "fixed": kind.draws == 0, "family": kind.family}
            for name, kind in OPERATIONS.items()
            if channels > 1 or not kind.colour_only
        }
        return {
            "kind": "all", "data": f"{self._data.name} · {width}×{height}", "kinds": kinds,
            "presets": {name: json.loads(Policy.named(name).to_json())["operations"] for name in PRESETS},
        }  # fmt: skip

    def _show(self, stamp: int | None) -> None:
        policy = self._policy
        sheet, said = self._draws(policy)
        text = policy.to_json()
        message = {
            "kind": "shown", "stamp": stamp, "policy": json.loads(text), "json": text,
            "rows": len(self._images), "columns": DRAWS + 1, "done": said, "speed": self._speed(policy),
            "labels": not policy.mixes, "leaks": self._leaks(policy),
            "python": _python(policy),
        }  # fmt: skip
        self.send(message, [_png(sheet, DRAWS + 1)])

    def _draws(self, policy: Policy) -> tuple[np.ndarray, list[str]]:
        """Each picture, then draws of it; and in words what was done to each."""
        repeated = np.repeat(self._images, DRAWS, axis=0)
        drawn, log = _augmented(repeated, policy)
        rows = drawn.reshape(len(self._images), DRAWS, *drawn.shape[1:])
        sheet = np.concatenate([self._images[:, None], rows], 1).reshape(-1, *drawn.shape[1:])
        said = [""] * len(sheet)
        for number, rows_of in log[log["operation"].ne("blend")].groupby("image"):
            words = (_in_words(row.operation, row.parameters) for row in rows_of.itertuples())
            said[number // DRAWS * (DRAWS + 1) + number % DRAWS + 1] = ", ".join(words)
        return sheet, said

    def _show_sweep(self, policy: Policy, part: int, stamp: int) -> None:
        """Show one operation at several strengths, the same draw for each."""
        operation = policy.operations[part]
        columns = [_augmented(self._images, Policy([Operation(operation.name, s)], policy.seed))[0] for s in SWEEP]
        sheet = np.stack([self._images, *columns], 1).reshape(-1, *self._images.shape[1:])
        message = {
            "kind": "sweep", "stamp": stamp, "name": operation.name, "strengths": SWEEP, "rows": len(self._images),
            "columns": len(SWEEP) + 1,
        }  # fmt: skip
        self.send(message, [_png(sheet, len(SWEEP) + 1)])

    def _speed(self, policy: Policy) -> float:
        """Pictures a second, timed now."""
        count = max(1, min(TIMED, VALUES // self._images[0].size))
        images = self._images[np.arange(count) % len(self._images)]
        began = time.perf_counter()
        _augmented(images, policy)
        return count / (time.perf_counter() - began)

    @staticmethod
    def _leaks(policy: Policy) -> list[str]:
        """Operations that a GAN could draw at their probability."""
        single = (part for part in policy.operations if isinstance(part, Operation))
        return [part.name for part in single if part.kind.leaks is not None and part.probability >= part.kind.leaks]

    # Without a kernel

    def _paint_still(self) -> tuple[bytes, str]:
        sheet, _ = self._draws(self._policy)
        return _png(sheet, DRAWS + 1), "<p>The first of each row is the picture as it is.</p>"


def _augmented(images: np.ndarray, policy: Policy) -> tuple[np.ndarray, Any]:
    """Augmented pictures and the log; what does nothing to grey pictures is not warned of at each change."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        drawn, _, log = augment(images, policy, np.zeros(len(images), int), return_log=True)
    return drawn, log


def _python(policy: Policy) -> str:
    code = repr(policy)
    used = [name for name in ("Choice", "Mix", "Operation", "Policy") if name in code]
    return f"from ganbook.augmentation import {', '.join(used)}\n\npolicy = {code}"


def _in_words(name: str, parameters: dict[str, float]) -> str:
    shown = [f"{key.replace('_', ' ')} {value:.3g}" for key, value in parameters.items() if key != "key"]
    return f"{name} ({', '.join(shown)})" if shown else name


def _png(pictures: np.ndarray, columns: int) -> bytes:
    from PIL import Image

    from ganbook.data.grid import image_grid

    sheet, out = image_grid(pictures, columns, gap=0), BytesIO()
    height, width = pictures.shape[1:3]
    if max(height, width) > SIDE:
        share = SIDE / max(height, width)
        sheet = sheet.resize((round(sheet.width * share), round(sheet.height * share)), Image.Resampling.BILINEAR)
    sheet.save(out, "PNG", compress_level=1)
    return out.getvalue()
