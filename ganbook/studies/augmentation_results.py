"""Results of a study: a table with intervals, a figure, and a verdict that may be "no difference" or "inconclusive"."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# The 97.5 % quantile of Student's t for 1, 2, … degrees of freedom.
_T = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228)
# A difference of less than so much accuracy is none.
MATTERS = 0.01


@dataclass(frozen=True)
class AugmentationStudy:
    """Results of :func:`ganbook.studies.augmentation`.

    Attributes
    ----------
    cells
        DataFrame, a row for each fraction, seed and arm.
    """

    cells: pd.DataFrame

    @classmethod
    def load(cls, folder: str | Path) -> AugmentationStudy:
        """Read the results of a study so far."""
        file = Path(folder) / "cells.csv"
        columns = ["fraction", "images", "seed", "arm", "accuracy", "gan_test", "accepted", "by_class", "seconds"]
        return cls(pd.read_csv(file) if file.exists() else pd.DataFrame(columns=columns))

    @property
    def table(self) -> pd.DataFrame:
        """A row for each fraction and arm: ``accuracy``, and the ``gain`` over real images alone, seed by seed, with
        its 95 % interval ``low`` to ``high`` and ``verdict``: ``helps``, ``hurts``, ``no difference`` or
        ``inconclusive``; ``accepted``, the fraction of a GAN's samples that a filter accepts.
        """  # noqa: D205
        rows = []
        whole = self.cells[self.cells["arm"].ne("last")]
        for fraction, part in whole.groupby("fraction"):
            wide = part.pivot(index="seed", columns="arm", values="accuracy")
            for arm in part["arm"].unique():
                gains = (wide[arm] - wide["real"]).dropna().to_numpy()
                row = {"fraction": fraction, "images": int(part["images"].iloc[0]), "arm": arm, "seeds": len(gains)}
                row["accepted"] = float(part.loc[part["arm"].eq(arm), "accepted"].mean())
                rows.append(row | {"accuracy": float(wide[arm].mean())} | ({} if arm == "real" else _judged(gains)))
        columns = ["fraction", "images", "arm", "accepted", "seeds", "accuracy", "gain", "low", "high", "verdict"]
        return pd.DataFrame(rows, columns=columns)

    @property
    def by_class(self) -> pd.DataFrame:
        """Mean gain over real images alone by class (columns), for each fraction and arm."""
        whole = self.cells[self.cells["arm"].ne("last")].copy()
        accuracies = np.array([json.loads(text) for text in whole["by_class"]])
        long = pd.concat([whole[["fraction", "arm", "seed"]].reset_index(drop=True), pd.DataFrame(accuracies)], axis=1)
        mean = long.drop(columns="seed").groupby(["fraction", "arm"]).mean()
        return mean - mean.xs("real", level="arm").reindex(mean.index.get_level_values("fraction")).to_numpy()

    @property
    def verdict(self) -> str:
        """The outcome in plain words, a line for each fraction."""
        if self.cells.empty:
            return "No results yet."
        lines = []
        for fraction, rows in self.table.groupby("fraction"):
            verdicts = [_in_words(row) for row in rows.itertuples() if row.arm not in ("real", "synthetic only")]
            only = rows[rows["arm"].eq("synthetic only")]
            real = rows[rows["arm"].eq("real")].iloc[0]
            if len(only):
                verdicts.append(f"synthetic only reaches {only['accuracy'].iloc[0]:.1%} (GAN-train)")
            accuracy = f"At {fraction:.0%} ({real.images:,} images), accuracy {real.accuracy:.1%}"
            lines.append(f"{accuracy}: {'; '.join(verdicts)}.")
        return "\n".join(lines)

    def plot(self) -> Figure:
        """Accuracy over the fraction of the data, by arm."""
        import seaborn as sns

        from ganbook.utils.figures import new_figure

        figure = new_figure(8.5, 4.0)
        ax = figure.subplots()
        whole = self.cells[self.cells["arm"].ne("last")].assign(
            fraction=lambda cells: cells["fraction"].map("{:.0%}".format)
        )
        sns.pointplot(
            whole, x="fraction", y="accuracy", hue="arm", ax=ax, dodge=0.4, linestyle="none", errorbar=("se", 2)
        )
        ax.set_ylabel("accuracy on real test images")
        ax.set_xlabel("fraction of the training images")
        ax.legend(frameon=False, fontsize=9, loc="upper left", bbox_to_anchor=(1, 1))
        ax.spines[["top", "right"]].set_visible(False)
        return figure

    def __repr__(self) -> str:
        return f"{self.verdict}\n{self.table.to_string(index=False, float_format='{:.3f}'.format)}"

    def _repr_html_(self) -> str:
        lines = "".join(f"<p>{line}</p>" for line in self.verdict.splitlines())
        return lines + self.table.to_html(index=False, float_format="{:.3f}".format)


def _judged(gains: np.ndarray) -> dict[str, float | str]:
    gain = float(gains.mean()) if len(gains) else float("nan")
    if len(gains) < 2:
        return {"gain": gain, "low": np.nan, "high": np.nan, "verdict": "inconclusive"}
    reach = _T[min(len(gains) - 2, len(_T) - 1)] * gains.std(ddof=1) / np.sqrt(len(gains))
    low, high = gain - reach, gain + reach
    verdict = (
        "no difference" if max(abs(low), abs(high)) < MATTERS
        else "helps" if low > 0
        else "hurts" if high < 0
        else "inconclusive"
    )  # fmt: skip
    return {"gain": gain, "low": low, "high": high, "verdict": verdict}


def _in_words(row: tuple) -> str:
    name = row.arm.removeprefix("real + ") + (f" ({row.accepted:.0%} of the samples)" if row.accepted < 1 else "")
    if row.seeds < 2:
        return f"{name}: inconclusive with one seed ({100 * row.gain:+.1f} points)"
    points = f"{100 * row.gain:+.1f} points, 95 % interval {100 * row.low:+.1f} to {100 * row.high:+.1f}"
    return f"{name}: {row.verdict} ({points})"
