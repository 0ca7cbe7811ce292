"""The tasks that a generator can learn: one entry of :data:`TASKS` each.

Its defaults are in :data:`ganbook.config.presets.TASKS`, its network in :data:`ganbook.config.presets.NETWORKS`. The
trainer, the terminal and the magics know no task by name.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ganbook.config.train import TrainConfig
from ganbook.data import degradations
from ganbook.data.dataset import Dataset

if TYPE_CHECKING:
    from ganbook.gan.model import GAN

LEAST = 8  # side of a degraded image


@dataclass(frozen=True)
class Quality:
    """The curve that tells how good a run is.

    Attributes
    ----------
    title
        Of the chart.
    lines
        Columns of the history, with the name of each line, three at most.
    short, unit
        Its name and unit in a line of words.
    lower
        Whether lower is better.
    """

    title: str
    lines: Mapping[str, str]
    short: str
    unit: str = ""
    lower: bool = True

    @property
    def column(self) -> str:
        """The column of the history that is judged."""
        return next(iter(self.lines))


PATCHES = Quality(
    "Patch distance to real images, of 64 samples",
    {"patches": "generator", "patches_real": "real images"},
    "patch distance",
)
FRECHET = Quality("Fréchet distance to real images", {"frechet": "EMA generator"}, "Fréchet distance")


@dataclass(frozen=True)
class Task:
    """A task, as training needs it.

    Attributes
    ----------
    gan
        Where the class of its GAN lives, ``module:class``. The class decides what the generator takes, what it
        minimises beside the adversarial loss, and what previews are drawn from.
    gan_options
        Takes resolved options; returns further arguments of that class.
    network_options
        Takes resolved options; returns further arguments of its network.
    normal
        Kinds of faults, of :data:`ganbook.training.monitors.FAULTS`, that are none in this task.
    qualities
        Its curves of quality, of which the first that is measured is shown; what is compared with comes second.
    check
        Takes resolved options and data; raises ``ValueError`` where they do not fit the task.
    """

    gan: str
    gan_options: Callable[[TrainConfig], Mapping[str, Any]] = lambda config: {}
    network_options: Callable[[TrainConfig], Mapping[str, Any]] = lambda config: {}
    normal: frozenset[str] = frozenset()
    check: Callable[[TrainConfig, Dataset], None] = lambda config, data: None
    qualities: tuple[Quality, ...] = (FRECHET, PATCHES)

    def gan_class(self) -> type[GAN]:
        """Import the class of the GAN, and TensorFlow with it."""
        module, _, name = self.gan.partition(":")
        return getattr(importlib.import_module(module), name)


def _inpainting_options(config: TrainConfig) -> dict[str, Any]:
    return {"masks": tuple(str(config.masks).split(",")), "reconstruction": config.reconstruction}


def _check_masks(config: TrainConfig, data: Dataset) -> None:
    from ganbook.data import masks

    height, width, _ = data.shape
    for kind in str(config.masks).split(","):
        masks.draw(kind, (height, width))


def _restoration_options(config: TrainConfig) -> dict[str, Any]:
    return {"degrade": config.degrade, "adversarial": config.adversarial, "warm_up": config.warm_up}


def _restorer_options(config: TrainConfig) -> dict[str, Any]:
    sizes = {"width": config.width, "depth": config.depth}
    own = {name: value for name, value in sizes.items() if value is not None}  # a pair of the user's has none
    return {"scale": degradations.scale_of(str(config.degrade))} | own


def _check_degradations(config: TrainConfig, data: Dataset) -> None:
    if isinstance(config.crop, str):
        raise ValueError(
            f"--crop {config.crop} resizes whole images, and --task enhance learns detail: give a side in pixels, as "
            "in --crop 64"
        )
    scale = degradations.scale_of(str(config.degrade))
    height, width, _ = data.shape
    if height % scale or width % scale:
        raise ValueError(
            f"images are {width}×{height} and --degrade shrinks them {scale} times: give a --crop or --image-size "
            f"that is a multiple of {scale}"
        )
    if min(height, width) < LEAST * scale:
        raise ValueError(
            f"images are {width}×{height}: give a --crop or --image-size of {LEAST * scale} or more, so that something "
            f"is left after --degrade {config.degrade}"
        )


TASKS: dict[str, Task] = {
    "generate": Task("ganbook.gan.model:GAN"),
    "inpaint": Task(
        "ganbook.gan.inpainting:InpaintingGAN", _inpainting_options, check=_check_masks, qualities=(FRECHET,)
    ),
    "enhance": Task(
        "ganbook.gan.restoration:RestorationGAN",
        _restoration_options,
        _restorer_options,
        # In the warm-up nobody learns from the discriminator, and restored images hardly change later.
        frozenset({"The discriminator has won", "The discriminator has lost", "No progress"}),
        _check_degradations,
        (
            Quality(
                "PSNR of held-out images, dB",
                {"psnr": "restored", "psnr_bicubic": "bicubic", "psnr_lanczos": "Lanczos"},
                "PSNR",
                " dB",
                lower=False,
            ),
        ),
    ),
    "text": Task(
        "ganbook.gan.text:TextGAN",
        # Its penalties are so strong that D's outputs hardly differ, while the distance of n-grams goes on falling.
        normal=frozenset({"The discriminator has lost"}),
        qualities=(
            Quality(
                "Distance of 3-grams to held-out lines",
                {"js_3": "EMA generator", "js_3_real": "real lines"},
                "distance of 3-grams",
            ),
        ),
    ),
}
