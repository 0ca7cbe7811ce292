"""The answer of an evaluation of images."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from ganbook.evaluation.metric_info import NUMBERS, Number
from ganbook.evaluation.report import Report

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False, repr=False)
class ImageReport(Report):
    """The result of :func:`ganbook.evaluate` for images.

    Attributes
    ----------
    class_names
        Names of the data's classes.
    sample_images, real_images
        Some of the images, uint8 (N, H, W, C).
    pair_images
        The samples nearest to training images beside these, worst first, uint8 (P, 2, H, W, C).
    about, samples, floor, verdicts
        As for every :class:`~ganbook.evaluation.report.Report`.
    """

    class_names: tuple[str, ...]
    sample_images: np.ndarray
    real_images: np.ndarray
    pair_images: np.ndarray
    numbers: ClassVar[dict[str, Number]] = NUMBERS
    chief: ClassVar[tuple[str, ...]] = ("frechet", "precision", "coverage", "least_class", "sharpness", "copies")
    noun: ClassVar[str] = "image"

    @property
    def classes(self) -> pd.DataFrame:
        """One row per class: its fraction of ``samples`` and of ``data``, and the samples' ``diversity`` in it."""
        fractions = self.samples.get("classes", {"samples": [], "data": [], "diversity": []})
        names = list(self.class_names or range(len(fractions["data"])))[: len(fractions["data"])]
        return pd.DataFrame(fractions, index=pd.Index(names, name="class"), dtype=float)

    @property
    def pairs(self) -> pd.DataFrame:
        """The samples that lie nearest to training images: distance in grey levels, ratio to the nearest rival."""
        return pd.DataFrame(self.samples.get("pairs", []), columns=["sample", "train", "distance", "ratio"])

    @property
    def title(self) -> str:
        """What was compared, in one line."""
        about = self.about
        step = "" if about["step"] is None else f" at step {about['step']:,}"
        unseen = "held-out images" if about["held_out"] else "images"
        return f"{about['name']}{step}: {about['count']:,} samples against as many {unseen} of {about['data']}"

    @property
    def space(self) -> str:
        """The space of features, in words."""
        about = self.about
        features = f"Features: {about['space']}, {about['features']:,} features"
        if not about["task"]:
            return f"{features}."
        return f"{features} {about['task']} (accuracy {100 * about['accuracy']:.1f} %)."

    def plot(self) -> Figure:
        """Draw samples beside real images, what they cover, their classes and the worst pairs."""
        from ganbook.evaluation.figures import report_figure

        return report_figure(self)

    def _more(self) -> dict[str, Any]:
        return {"classes": self.classes.to_dict("index"), "pairs": self.pairs.to_dict("records")}
