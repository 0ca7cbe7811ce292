"""How well each method restores what a degradation took: a table, worst cases, and the plane of both qualities."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ganbook.data import degradations
from ganbook.data.image_file import to_eight_bit
from ganbook.data.image_input import read_image
from ganbook.data.resampling import shrink
from ganbook.enhancement.enhance import enhance, run_that_restores
from ganbook.metrics.fidelity import luma, psnr, ssim
from ganbook.utils import backend
from ganbook.utils.progress import Watch

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ganbook.training.run import Run

METHODS = ("bicubic", "lanczos", "network")
HONEST = {True: ("bicubic", "lanczos"), False: ("non-local-means",)}  # rows that are always there, by "enlarges"


@dataclass(frozen=True, eq=False, repr=False)
class EnhancementStudy:
    """Results of :func:`ganbook.studies.enhancement`.

    Attributes
    ----------
    table
        One row for each degradation and method: means over the images of ``psnr`` (dB) and ``ssim`` of luma, borders
        of ``scale`` pixels left out; ``perceptual``, the distance in ``space``; ``seconds`` for each megapixel of
        input.
    image_scores
        One row for each image, degradation and method: the same.
    space
        Name of the space of ``perceptual``; empty where its weights are not installed.
    """

    table: pd.DataFrame
    image_scores: pd.DataFrame
    space: str
    _results: dict[tuple[str, str], list[np.ndarray]]
    _truth: list[np.ndarray]

    def worst(self, method: str, degradation: str, count: int = 4) -> list[tuple[np.ndarray, np.ndarray]]:
        """Return the results with the lowest PSNR beside the truth: pairs of uint8 (H, W, C)."""
        rows = self.image_scores.query("method == @method and degradation == @degradation")
        if rows.empty:
            raise ValueError(f"the study has no {method} on {degradation}: see its table")
        picked = rows.nsmallest(count, "psnr")["image"]
        pairs = [(self._results[degradation, method][index], self._truth[index]) for index in picked]
        return [(result, truth[: result.shape[0], : result.shape[1]]) for result, truth in pairs]

    def plot(self) -> Figure:
        """Draw the plane of distortion and perception (Blau & Michaeli 2018), or the distortion without a space."""
        import seaborn as sns

        from ganbook.utils.figures import new_figure

        figure = new_figure(6.0, 4.2)
        ax = figure.subplots()
        if self.space:
            sns.scatterplot(
                self.table, x="psnr", y="perceptual", hue="method", style="degradation", s=70, ax=ax,
                palette="colorblind",
            )  # fmt: skip
            ax.set(xlabel="PSNR of luma, dB (right is nearer to the truth)", ylabel=f"distance, {self.space}")
            ax.set_title("Lower looks more alike", loc="left", fontsize=10, fontweight="bold")
        else:
            sns.barplot(self.table, x="degradation", y="psnr", hue="method", ax=ax, palette="colorblind")
            ax.set(xlabel="", ylabel="PSNR of luma, dB")
        ax.spines[:].set_visible(False)
        ax.grid(color="#DDDDDD", linewidth=0.8)
        ax.set_axisbelow(True)
        ax.legend(frameon=False, fontsize=8, loc="upper left", bbox_to_anchor=(1, 1))
        return figure

    def __repr__(self) -> str:
        return repr(self.table)

    def _repr_html_(self) -> str:
        return self.table.to_html(index=False, float_format="{:.4g}".format)


def enhancement(
    data: Any,
    methods: Iterable[str] = METHODS,
    degrade: Iterable[str] = ("downscale:2",),
    runs: Iterable[Run | str] = (),
    crispness: Iterable[float] = (),
    count: int = 100,
    seed: int = 0,
    progress: Callable[[float], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> EnhancementStudy:
    """Degrade images, restore them in every way, and measure how near that comes.

    Parameters
    ----------
    data
        A folder of images, each in its own size; a list of arrays uint8 (H, W, C); or whatever
        :func:`ganbook.data.load` takes, of which the test split is used where there is one.
    methods
        Of :func:`ganbook.enhance`. Bicubic and Lanczos interpolation are there in any case, and non-local means where
        nothing is enlarged.
    degrade
        Degradations as texts, ``downscale:2``, ``noise:25`` or ``jpeg:20``, or chains of them; numbers, no ranges.
        Noise is removed knowing its σ.
    runs
        Runs of ``--task enhance``, or their names; each is measured on degradations that shrink as often as its own.
    crispness
        Further rows of the network that comes along, each with this crispness.
    count
        How many images, the first ones.
    seed
        Decides the noise.
    progress, stop
        As for :func:`~ganbook.enhancement.enhance.enhance`; stopped, the study holds what was measured.

    Raises
    ------
    ValueError
        Nothing to compare, a degradation that does not parse, images that are too small, or what
        :func:`~ganbook.enhancement.enhance.enhance` refuses.
    """
    policies = [(text, degradations.parse(text)) for text in degrade]
    for text, policy in policies:
        if any(part.low != part.high for part in policy):
            raise ValueError(f"{text!r} has a range: a study takes numbers, as in downscale:2,noise:10")
    runs = [run_that_restores(run) for run in runs]
    images = _images(data, count)
    if not images or not policies:
        raise ValueError("a study takes at least one image and one degradation")
    jobs = [
        (text, policy, name, way) for text, policy in policies for name, way in _ways(policy, methods, runs, crispness)
    ]
    measured = _perceptual()
    rows: list[dict[str, Any]] = []
    results: dict[tuple[str, str], list[np.ndarray]] = {}
    watch = Watch(progress, stop)
    for done, (text, policy, name, way) in enumerate(jobs):
        for index, truth in enumerate(images):
            if not watch.goes_on((done + index / len(images)) / len(jobs)):
                break
            scale = degradations.scale_of(text)
            truth = truth[: len(truth) // scale * scale, : truth.shape[1] // scale * scale]
            given = degraded(truth, policy, seed + index)
            made = enhance(given, **way)
            results.setdefault((text, name), []).append(made.image)
            border = scale if scale > 1 else 0
            a, b = luma(made.image), luma(truth)
            scores = {"psnr": psnr(a, b, border), "ssim": ssim(a, b, border)}
            if measured is not None:
                scores["perceptual"] = measured(made.image, truth)
            megapixels = given.shape[0] * given.shape[1] / 1e6
            rows.append(
                {"degradation": text, "method": name, "image": index} | scores | {"seconds": made.seconds / megapixels}
            )
    if not rows:
        raise InterruptedError("stopped before anything was measured")
    scores_table = pd.DataFrame(rows)
    means = scores_table.drop(columns="image").groupby(["degradation", "method"], sort=False).mean().reset_index()
    if measured is None:
        return EnhancementStudy(means, scores_table, "", results, images)
    from ganbook.metrics.perceptual import NAME

    return EnhancementStudy(means, scores_table, NAME, results, images)


def degraded(image: np.ndarray, policy: tuple[degradations.Degradation, ...], seed: int) -> np.ndarray:
    """Apply degradations to an image, uint8 (H, W, C); rounded to whole numbers at the end, as files hold them."""
    levels, rng = image.astype(np.float64), np.random.default_rng(seed)
    for part in policy:
        if part.kind == "downscale":
            levels = shrink(levels, int(part.low)) if part.low > 1 else levels
        elif part.kind == "noise":
            levels = levels + rng.normal(0, part.low, levels.shape)
        elif part.kind == "jpeg":
            levels = _compressed(_rounded(levels), int(part.low)).astype(np.float64)
        else:
            from scipy.ndimage import gaussian_filter

            levels = gaussian_filter(levels, (part.low, part.low, 0))
    return _rounded(levels)


def _rounded(levels: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(levels), 0, 255).astype(np.uint8)


def _compressed(image: np.ndarray, quality: int) -> np.ndarray:
    from io import BytesIO

    from PIL import Image

    stream = BytesIO()
    Image.fromarray(image if image.shape[2] == 3 else image[..., 0]).save(stream, "jpeg", quality=quality)
    return np.asarray(Image.open(stream)).reshape(image.shape)


def _ways(
    policy: tuple[degradations.Degradation, ...], methods: Iterable[str], runs: Iterable[Run],
    crispness: Iterable[float],
) -> list[tuple[str, dict[str, Any]]]:  # fmt: skip
    """Return what to call :func:`enhance` with for each row of a degradation, by its name in the table."""
    strength = {part.kind: part.low for part in policy}
    scale = int(strength.get("downscale", 1))
    options: dict[str, Any] = {"scale": scale, "jpeg": "jpeg" in strength}
    if strength.get("noise"):
        options["denoise"] = strength["noise"]
    names = dict.fromkeys((*HONEST[scale > 1], *methods))
    ways: dict[str, dict[str, Any]] = {}
    for name in names:
        if name == "network":
            ways[name] = options | {"method": name}
        elif name == "non-local-means" and scale == 1:
            ways[name] = {"denoise": options.get("denoise", "auto"), "method": name}
        elif name != "non-local-means" and scale > 1:
            ways[name] = {"scale": scale, "method": name}
    for value in crispness:
        if scale > 1:
            ways[f"network, crispness {value:g}"] = options | {"method": "network", "crispness": value}
    for run in runs:
        if degradations.scale_of(str(run.config.degrade)) == scale:
            ways[f"network ({run.name})"] = {"run": run}
    return list(ways.items())


def _images(data: Any, count: int) -> list[np.ndarray]:
    """Return images, uint8 (H, W, C), C 1 or 3."""
    if isinstance(data, list | tuple):
        images = [np.asarray(image) for image in data[:count]]
        return [image[..., None] if image.ndim == 2 else image[..., :3] for image in images]
    path = Path(data).expanduser() if isinstance(data, str | Path) else None
    if path is not None and path.is_dir():
        from ganbook.data.walk import image_files

        files = [path / file.path for file in image_files(str(path)).images][:count]
        return [to_eight_bit(read_image(file))[..., :3] for file in files]
    from ganbook.data import load_images

    source = load_images(data)
    return list(np.asarray((source.test_images if len(source.test_images) else source.images)[:count]))


def _perceptual() -> Callable[[np.ndarray, np.ndarray], float] | None:
    """Return the perceptual distance, None where its weights are not installed."""
    backend.tensorflow()
    from ganbook.metrics import efficientnet

    try:
        efficientnet.weights_file()
    except ValueError:
        return None
    from ganbook.metrics import perceptual

    return perceptual.distance
