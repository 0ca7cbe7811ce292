"""How a run is, in one line: faults that last, the balance of the networks, diversity, and the course of quality."""

from __future__ import annotations

import math
import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ganbook.config.train import TrainConfig
from ganbook.training.monitors import DIVERSE, FAULTS, PATIENCE_STEPS
from ganbook.training.tasks import TASKS

OUTPUTS = 20  # reports over which D's outputs are averaged
AHEAD, FAR_AHEAD = 0.7, 0.95  # D(x) − D(G(z)) from which on D is ahead
FAR = 1.5  # times the patch distance between real images: coloured clouds have 1.8 to 3, well trained runs 1.2 or less
FAR_FOR = 3  # measurements; single ones differ by half on drawings
OLD = 0.9  # of the steps so far: a measurement from before then is shown with its step
TREND, LEVEL = 4, 0.03  # measurements from which on there is a trend, and the change that is none
Series = list[tuple[int, float]]  # steps and what was measured then
_KINDS = re.compile(r"([A-Z][^.:]*?) since step ")


@dataclass(frozen=True)
class Line:
    """The health of a run: whether all is well, and in words."""

    healthy: bool
    text: str


class Health:
    """Follow the reports of a run.

    Parameters
    ----------
    config
        Its resolved options.
    rows
        Reports so far, rows of the history.
    """

    def __init__(self, config: TrainConfig, rows: Iterable[dict[str, Any]] = ()):
        task = TASKS[config.task]
        # The most telling one of which there are measurements.
        self._qualities = task.qualities
        self._measured: dict[str, Series] = {quality.column: [] for quality in task.qualities}
        # A critic's outputs are no probabilities; in some tasks D may win.
        self._normal = task.normal
        self._balanced = config.loss != "wasserstein" and "The discriminator has won" not in task.normal
        self._outputs: deque[tuple[int, float]] = deque(maxlen=OUTPUTS)
        self._diversities: Series = []
        self._patches: Series = []  # as multiples of the distance between real images
        self._faults: dict[str, int] = {}  # by kind, the step at which it was named
        self._step = 0
        for row in rows:
            self.add(row)

    def add(self, row: dict[str, Any]) -> None:
        """Take a report; one of an earlier step than the last says that the run went back to it."""
        if row["step"] < self._step:
            self._go_back(row["step"])
        self._step = step = int(row["step"])
        gap = _number(row, "d_real") - _number(row, "d_fake")
        if math.isfinite(gap):
            self._outputs.append((step, gap))
        for column, values in self._measured.items():
            if math.isfinite(value := _number(row, column)):
                values.append((step, value))
        if math.isfinite(times := _number(row, "patches") / (_number(row, "patches_real") or math.nan)):
            self._patches.append((step, times))
        if math.isfinite(diversity := _number(row, "diversity")):
            self._diversities.append((step, diversity))
            self._forget(row)
        warning = row.get("warning")
        for kind in _KINDS.findall(warning) if isinstance(warning, str) else ():
            if kind not in self._normal:  # as an earlier version may have named it
                self._faults[kind] = int(row["step"])

    def _go_back(self, step: int) -> None:
        """Forget what came after a step."""
        for values in (self._outputs, self._diversities, self._patches, *self._measured.values()):
            while values and values[-1][0] > step:
                values.pop()
        self._faults = {kind: at for kind, at in self._faults.items() if at <= step}

    def _forget(self, row: dict[str, Any]) -> None:
        """Forget faults that show no more, after as many steps as it took to name them."""
        shows = {fault.kind: fault.shows for fault in FAULTS}
        numbers = {name: _number(row, name) for name in ("d_loss", "g_loss", "d_real", "d_fake", "nearest", "change")}
        now = numbers | {"diversity": row["diversity"], "reach": 1.0, "beginning": False}
        for kind, since in list(self._faults.items()):
            old = row["step"] - since >= PATIENCE_STEPS
            if old and not (kind in shows and shows[kind](now)):
                del self._faults[kind]

    @property
    def line(self) -> Line:
        """The health as it is known; without measurements its text is empty."""
        if not self._outputs and not self._diversities:
            return Line(True, "")
        faults = list(self._faults)
        words = [", ".join(faults) or self._stage(), self._balance()]
        if self._diversities:
            words.append(f"diversity {100 * self._diversities[-1][1]:.0f} %")
        words.append(self._course())
        return Line(not faults, " · ".join(word for word in words if word))

    def _stage(self) -> str:
        """Say how far a run without faults has come."""
        if all(value <= DIVERSE for _, value in self._diversities):
            return "Getting started"
        far = [times > FAR for _, times in self._patches[-FAR_FOR:]]
        return "Far from real images" if far and all(far) else "Healthy"

    def _balance(self) -> str:
        if not self._outputs or self._faults or not self._balanced:
            return ""
        gap = sum(gap for _, gap in self._outputs) / len(self._outputs)
        if gap > FAR_AHEAD:
            return "D far ahead of G"
        return "D ahead of G" if gap > AHEAD else "D and G in balance"

    def _course(self) -> str:
        """Say the last measurement, and whether it still gets better."""
        quality = next((each for each in self._qualities if self._measured[each.column]), None)
        if quality is None:
            return ""
        steps, values = zip(*self._measured[quality.column], strict=True)
        said = f"{quality.short} {values[-1]:.3g}{quality.unit}"
        if steps[-1] < OLD * self._step:
            return f"{said} at step {steps[-1]:,}"
        if len(values) < TREND:
            return said
        last = values[-max(2, len(values) // 4) :]
        earlier = values[: -len(last)][-len(last) :]
        before, now = sum(earlier) / len(earlier), sum(last) / len(last)
        if abs(now - before) <= LEVEL * abs(before):
            return f"{said}, level"
        falls = now < before
        still = "still " if falls == quality.lower else ""
        return f"{said}, {still}{'falling' if falls else 'rising'}"


def _number(row: dict[str, Any], name: str) -> float:
    value = row.get(name)
    return math.nan if value is None else float(value)
