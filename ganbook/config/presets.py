"""Defaults that go with each network, task and loss.

A network is an entry of :data:`NETWORKS` and a file ``networks/NAME.py``; a task is an entry of :data:`TASKS` and of
:data:`ganbook.training.tasks.TASKS`. Help texts quote these values; they are typed nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ganbook.utils.bounds import CLASS_IMAGES, FEW_IMAGES


@dataclass(frozen=True)
class NetworkPreset:
    """A network as the options know it.

    Attributes
    ----------
    summary
        What it is, in a few words.
    defaults
        Options that follow from it.
    task
        The task that it serves.
    hidden
        Whether it is left out where choices are listed.
    augments_few
        Whether :data:`FEW_IMAGES_POLICY` is its default on few images.
    reuse_logits
        Whether its steps judge real samples once, see :meth:`ganbook.GAN.compile`.
    learns_classes
        Whether it is conditional by default where each class has :data:`CLASS_IMAGES`.
    bfloat16
        Whether it computes in bfloat16 where the processor multiplies that faster: its samples were judged.
    """

    summary: str
    defaults: Mapping[str, Any]
    task: str = "generate"
    hidden: bool = False
    augments_few: bool = False
    reuse_logits: bool = False
    learns_classes: bool = False
    bfloat16: bool = False


@dataclass(frozen=True)
class TaskPreset:
    """A task as the options know it.

    Attributes
    ----------
    summary
        What the generator learns.
    network
        The network that ``auto`` stands for.
    kinds
        Kinds of data that it learns; the first task that learns a kind is its default.
    colour_network
        The network that ``auto`` stands for on photographs in colour, and on :data:`FEW_IMAGES` colour images of any
        kind or more, if another.
    defaults
        The task's own options; other tasks refuse them.
    refused
        Options that have no meaning for it.
    own_pair
        Whether it takes a pair of networks of the user's own.
    """

    summary: str
    network: str
    defaults: Mapping[str, Any] = field(default_factory=dict)
    refused: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ("images",)
    colour_network: str = ""
    own_pair: bool = False

    def auto(self, images: int | None = None, shape: tuple[int, ...] | None = None, photographs: bool = False) -> str:
        """Return the network that ``auto`` stands for on this many samples of a shape; (H, W, 3) are colour images."""
        if shape is not None and len(shape) == 1:
            return "mlp"
        colour = shape is not None and len(shape) == 3 and shape[2] == 3
        suited = photographs or (images is not None and images >= FEW_IMAGES)
        return self.colour_network if self.colour_network and colour and suited else self.network


_PLAIN: dict[str, Any] = {
    "loss": "non-saturating", "r1": 0.0, "r2": 0.0, "gradient_penalty": 0.0, "penalty_every": 1,
    "critic_steps": 1, "beta_1": 0.5, "beta_2": 0.99,
}  # fmt: skip
# Found by search, see benchmarks/RESULTS.md.
_SEARCHED = _PLAIN | {"loss": "relativistic", "r1": 1.0, "beta_1": 0.0, "batch_size": 32, "learning_rate": 2e-3}

NETWORKS: dict[str, NetworkPreset] = {
    "compact": NetworkPreset(
        "learns fastest on grey images and few drawings", _SEARCHED | {"d_learning_rate": 5e-4}, augments_few=True
    ),
    "photo": NetworkPreset(
        "convolutional; for colour photographs",
        _SEARCHED | {"learning_rate": 1e-3},  # at twice that its samples fall apart after some 3,000 steps
        augments_few=True,
        reuse_logits=True,
        learns_classes=True,
        bfloat16=True,
    ),
    "dcgan": NetworkPreset("convolutional", _SEARCHED),
    # The options of Goodfellow et al. (2014) as tutorials have them.
    "mlp": NetworkPreset(
        "dense layers; for points in the plane",
        _PLAIN
        | {"batch_size": 128, "learning_rate": 2e-4, "beta_2": 0.999, "hidden": "256,512,1024", "activation": "relu"},
    ),
    "context": NetworkPreset(
        "fills holes", _SEARCHED | {"r1": 0.1, "beta_1": 0.5, "d_learning_rate": 2e-4}, task="inpaint"
    ),
    "restorer": NetworkPreset(
        "enlarges images",
        _SEARCHED
        | {"r1": 0.1, "beta_1": 0.9, "batch_size": 16, "learning_rate": 1e-3, "d_learning_rate": 2e-4}
        | {"width": 24, "depth": 10},
        task="enhance",
    ),
    "text": NetworkPreset(
        "writes short lines",
        _SEARCHED
        | {
            "r1": 1.0,
            "r2": 1.0,
            "batch_size": 64,
            "learning_rate": 2e-4,
            "d_learning_rate": 1e-3,
            "hidden": "256,256",
            "activation": "relu",
        },
        task="text",
    ),
    "custom": NetworkPreset("your own pair", _PLAIN | {"batch_size": 64, "learning_rate": 2e-4}, hidden=True),
}

TASKS: dict[str, TaskPreset] = {
    "generate": TaskPreset(
        "draw images from noise", "compact", kinds=("images", "points"), colour_network="photo", own_pair=True
    ),
    "inpaint": TaskPreset(
        "fill holes in images",
        "context",
        {"masks": "center,half,rectangle,random,thick,irregular", "reconstruction": 30.0},
        refused=("conditional", "one_backward", "augment", "evaluate_every", "flip"),
    ),
    "enhance": TaskPreset(
        "enlarge or restore images",
        "restorer",
        {"degrade": "downscale:2", "adversarial": 0.01, "warm_up": 2000},
        refused=("conditional", "one_backward", "augment", "adaptive", "evaluate_every", "flip"),
    ),
    "text": TaskPreset("write short lines", "text", kinds=("text",), own_pair=True),
}


def tasks_of(kind: str) -> list[str]:
    """Return the names of the tasks that learn a kind of data, the default first."""
    return [name for name, preset in TASKS.items() if kind in preset.kinds]


def tasks_with(option: str) -> list[str]:
    """Return the names of the tasks that an option has a meaning for."""
    owners = [name for name, preset in TASKS.items() if option in preset.defaults]
    return owners or [name for name, preset in TASKS.items() if option not in preset.refused]


LATENT_DIM = 100

# What differs for points in the plane, whose network is `mlp`. Found by search, see benchmarks/RESULTS.md.
POINTS: dict[str, Any] = {
    "loss": "relativistic", "r1": 0.1, "beta_1": 0.0, "beta_2": 0.99, "batch_size": 128, "learning_rate": 1e-3,
    "latent_dim": 2, "hidden": "64,64,64,64", "activation": "relu",
}  # fmt: skip

# What follows from the loss `wasserstein` (Gulrajani et al. 2017).
CRITIC: dict[str, Any] = {"r1": 0.0, "r2": 0.0, "gradient_penalty": 10.0, "penalty_every": 1, "critic_steps": 5}
POINTS_CRITIC: dict[str, Any] = CRITIC | {"gradient_penalty": 0.1}  # as their code has it for points

# For fewer than FEW_IMAGES.
FEW_IMAGES_POLICY = "translation,cutout"


def network_defaults(option: str) -> str:
    """Describe the default of an option by network, as in ``2e-3; mlp, custom: 2e-4; points: 1e-3``."""
    by_value: dict[Any, list[str]] = {}
    for name, preset in NETWORKS.items():
        by_value.setdefault(preset.defaults.get(option), []).append(name)
    everywhere = not by_value.pop(None, None)
    ordered = sorted(by_value.items(), key=lambda item: -len(item[1]))
    parts = [
        _written(value) if everywhere and not index else f"{', '.join(names)}: {_written(value)}"
        for index, (value, names) in enumerate(ordered)
    ]
    if option in POINTS and POINTS[option] != NETWORKS["mlp"].defaults.get(option):
        parts.append(f"points: {_written(POINTS[option])}")
    return "; ".join(parts)


def task_default(option: str) -> str:
    """Describe the default of a task's own option."""
    return "; ".join(
        f"{_written(preset.defaults[option])} for --task {name}"
        for name, preset in TASKS.items()
        if option in preset.defaults
    )


def classes_help() -> str:
    """Describe when a run is conditional by default."""
    names = " or ".join(name for name, preset in NETWORKS.items() if preset.learns_classes)
    return f"yes with --network {names} if each of several classes has {CLASS_IMAGES} images, else no"


def networks_help() -> str:
    """Describe the networks that a user may choose."""
    offered = [f"{name} ({preset.summary})" for name, preset in NETWORKS.items() if not preset.hidden]
    auto = []
    for index, (name, preset) in enumerate(TASKS.items()):
        auto.append(preset.network + (f" with --task {name}" if index else ""))
        if preset.colour_network:
            auto.append(
                f"{preset.colour_network} for photographs in colour and for {FEW_IMAGES:,} colour images or more"
            )
    auto.append("mlp for points")
    return f"{', '.join(offered)}; auto is {'; '.join(auto)}"


def _written(value: Any) -> str:
    if isinstance(value, float) and 0 < value < 0.01:
        mantissa, exponent = f"{value:e}".split("e")
        return f"{float(mantissa):g}e{int(exponent)}"
    return f"{value:g}" if isinstance(value, int | float) else str(value)
