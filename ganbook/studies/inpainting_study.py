"""Which way of filling is best for which hole: a table, plots, and the worst cases."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ganbook.config.inpaint import BY_TASK
from ganbook.data import masks as mask_kinds
from ganbook.inpainting import scores
from ganbook.inpainting.fill import inpaint, opened
from ganbook.utils.progress import Watch

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ganbook.data import ImageData
    from ganbook.metrics.features import FeatureSpace
    from ganbook.training.run import Run

WITHOUT_RUN = ("flat", "telea", "navier-stokes", "biharmonic", "patch", "pyramid")
KINDS = ("center", "half", "random", "thick")


@dataclass(frozen=True, eq=False, repr=False)
class InpaintingStudy:
    """Results of :func:`ganbook.studies.inpainting`.

    Attributes
    ----------
    table
        One row for each mask and method: means over the images of what :func:`ganbook.inpainting.scores.compare`
        gives; ``perceptual``, mean squared distance of features of the filled and the true image over that between
        two true ones, and ``frechet``, the Fréchet distance of filled to true images, both in ``space``;
        ``seconds`` for each image.
    image_scores
        One row for each image, mask and method: the same scores, ``ratio`` of the hole and its ``bucket``.
    space
        Name of the feature space; empty without one.
    """

    table: pd.DataFrame
    image_scores: pd.DataFrame
    space: str
    _filled: dict[tuple[str, str], np.ndarray]
    _truth: np.ndarray
    _holes: dict[str, np.ndarray]

    def by_ratio(self, measure: str = "psnr_hole") -> pd.DataFrame:
        """Mean of a measure, one row for each bucket of hole ratio, one column for each method."""
        return self.image_scores.pivot_table(measure, "bucket", "method", sort=False).sort_index()

    def worst(self, method: str, mask: str, count: int = 8) -> np.ndarray:
        """Return the fills with the lowest PSNR on the hole, uint8 (3, count, H, W, C): with hole, filled, true."""
        rows = self.image_scores.query("method == @method and mask == @mask")
        if rows.empty:
            raise ValueError(f"the study has no {method} on {mask}: see its table")
        picked = rows.nsmallest(count, "psnr_hole")["image"].to_numpy()
        truth = self._truth[picked]
        with_hole = np.where(self._holes[mask][picked][..., None], 128, truth).astype(np.uint8)
        return np.stack([with_hole, self._filled[mask, method][picked], truth])

    def side_by_side(self, mask: str, count: int = 8) -> np.ndarray:
        """Return the first images, uint8 (M + 2, count, H, W, C): with hole, filled by each of M methods, true."""
        fills = [filled[:count] for (kind, _), filled in self._filled.items() if kind == mask]
        if not fills:
            raise ValueError(f"the study has no mask {mask}: see its table")
        truth = self._truth[:count]
        with_hole = np.where(self._holes[mask][:count][..., None], 128, truth).astype(np.uint8)
        return np.stack([with_hole, *fills, truth])

    def plot(self) -> Figure:
        """Draw PSNR on the hole by mask and method and, with a feature space, the distance of features beside it."""
        import seaborn as sns

        from ganbook.utils.figures import new_figure

        measures = {"psnr_hole": "PSNR on the hole, dB (higher is better)"}
        if self.space:
            measures["frechet"] = f"Fréchet distance, {self.space} (lower is better)"
        last = list(measures)[-1]
        figure = new_figure(5.5 * len(measures), 3.6)
        axes = figure.subplots(1, len(measures), squeeze=False)[0]
        for ax, (measure, title) in zip(axes, measures.items(), strict=True):
            sns.barplot(
                self.table, x="mask", y=measure, hue="method", ax=ax, palette="colorblind", legend=measure == last
            )
            ax.set_title(title, loc="left", fontsize=10, fontweight="bold")
            ax.set(xlabel="", ylabel="")
            ax.spines[:].set_visible(False)
            ax.grid(axis="y", color="#DDDDDD", linewidth=0.8)
            ax.set_axisbelow(True)
        ax.legend(frameon=False, fontsize=8, loc="upper left", bbox_to_anchor=(1, 1))
        return figure

    def __repr__(self) -> str:
        return repr(self.table)

    def _repr_html_(self) -> str:
        return self.table.to_html(index=False, float_format="{:.3g}".format)


def inpainting(
    data: Any,
    methods: Iterable[str] = WITHOUT_RUN,
    masks: Iterable[str] = KINDS,
    runs: Iterable[Run | str] = (),
    count: int = 200,
    seed: int = 0,
    progress: Callable[[float], None] | None = None,
    stop: Callable[[], bool] | None = None,
    **options: Any,
) -> InpaintingStudy:
    """Fill the same holes in every way and measure.

    Parameters
    ----------
    data
        Whatever :func:`ganbook.data.load` takes. Its test split is filled, so that runs trained on the data have not
        seen the images; all images, where there is no test split.
    methods
        Those that need no run.
    masks
        Kinds of :mod:`ganbook.data.masks`.
    runs
        Runs, each of which fills by ``latent`` or ``context``, as it was trained for.
    count
        How many images, the first ones.
    seed
        Decides masks and starts.
    progress, stop
        As for :func:`~ganbook.inpainting.fill.inpaint`; stopped, the study holds what was measured.
    **options
        Options of :class:`~ganbook.config.inpaint.InpaintConfig` for every method.

    Raises
    ------
    ValueError
        Nothing to compare, or what :func:`~ganbook.inpainting.fill.inpaint` refuses.
    """
    from ganbook.data import load_images

    source = load_images(data)
    held_out = source.test_images if len(source.test_images) else source.images
    truth = np.asarray(held_out[:count])
    kinds, ways = list(masks), _ways(methods, runs)
    if not ways or not kinds or not len(truth):
        raise ValueError("a study takes at least one method or run, one kind of mask and one image")
    space = _space(source)
    features = None if space is None else space.features(truth)
    holes = {kind: mask_kinds.draw(kind, truth.shape[1:3], len(truth), seed) for kind in kinds}
    rows, means, filled = [], [], {}
    watch = Watch(progress, stop)
    pairs = [(kind, name) for kind in kinds for name in ways]
    for index, (kind, name) in enumerate(pairs):
        with watch.part(index / len(pairs), (index + 1) / len(pairs)):
            result = inpaint(
                truth,
                holes[kind],
                seed=seed,
                progress=watch.goes_on,
                stop=lambda: watch.stopped,
                **ways[name],
                **options,
            )
        if watch.stopped:
            break
        filled[kind, name] = result.image
        values = scores.compare(result.image, truth, holes[kind])
        mean = {"mask": kind, "method": name}
        if space is not None:
            values["perceptual"], mean["frechet"] = _distances(space.features(result.image), features)
        ratio = holes[kind].mean((1, 2))
        rows.append(pd.DataFrame(
            {"mask": kind, "method": name, "image": range(len(truth)), "ratio": ratio, "bucket": scores.bucket(ratio)}
            | values
        ))  # fmt: skip
        means.append(
            mean | {key: value.mean() for key, value in values.items()} | {"seconds": result.seconds / len(truth)}
        )
    if not rows:
        raise InterruptedError("stopped before anything was measured")
    return InpaintingStudy(
        pd.DataFrame(means), pd.concat(rows), "" if space is None else space.name, filled, truth, holes
    )


def _ways(methods: Iterable[str], runs: Iterable[Run | str]) -> dict[str, dict[str, Any]]:
    """What to pass on for each way of filling, by its name in the table."""
    ways: dict[str, dict[str, Any]] = {name: {"method": name} for name in methods}
    for run in map(opened, runs):
        name = BY_TASK[run.config.task]
        ways[f"{name} ({run.name})" if name in ways else name] = {"run": run}
    return ways


def _space(data: ImageData) -> FeatureSpace | None:
    """Return what tells labelled images apart, or photographs; None where nothing does."""
    from ganbook.utils import backend

    backend.tensorflow()
    from ganbook.metrics.features import classifier_space, efficientnet_space

    if data.labels is not None:
        return classifier_space(data)
    try:
        return efficientnet_space(data) if data.shape[2] == 3 else None
    except ValueError:  # its weights are not installed
        return None


def _distances(filled: np.ndarray, truth: np.ndarray) -> tuple[np.ndarray, float]:
    """Squared distance of each fill to its truth over that of two truths, and the Fréchet distance of all."""
    from ganbook.metrics.frechet import frechet_distance

    apart = 2 * truth.var(0, dtype=np.float64).sum()
    return np.square(filled - truth).sum(1) / apart, frechet_distance(filled, truth)
