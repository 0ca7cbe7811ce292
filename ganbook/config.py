"""Every option of ganbook, once: name, type, default, bounds and one line of help.

The terminal, the magics, the docstrings and tab completion all read the models below. A default of ``None``
means that the value follows from another option; :meth:`TrainConfig.resolved` fills it in.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from ganbook.recipes import CRITIC, FEW_IMAGES, RECIPES, TASKS

Task = Literal["generate", "inpaint"]
Network = Literal["auto", "article", "compact", "dcgan", "context", "own"]
Weights = Literal["ema", "raw", "best"]
Loss = Literal["non-saturating", "minimax", "least-squares", "wasserstein", "hinge", "relativistic"]

Method = Literal["flat", "telea", "navier-stokes", "biharmonic", "patch", "latent", "context", "deep-prior"]

DEFAULT_STEPS = 3000
EVALUATE_SECONDS = 30.0
WEIGHTS_HELP = "averaged weights of G, those of the last step, or the averaged ones of --keep best"
RUNS_DIR_HELP = "where run folders live [GANBOOK_RUNS or runs]"


def default_runs_dir() -> Path:
    """Where run folders live when no one says otherwise: ``GANBOOK_RUNS``, else ``runs``."""
    return Path(os.environ.get("GANBOOK_RUNS", "runs"))


def option(
    default: Any,
    text: str,
    *,
    group: str,
    changes_result: bool = True,
    hidden: tuple[str, ...] = (),
    **bounds: Any,
) -> Any:
    """Declare one option.

    ``changes_result=False`` marks what may differ when a run is resumed, because the weights do not depend on it;
    ``hidden`` are choices that ganbook writes itself and offers to nobody.
    """
    extra = {"group": group, "changes_result": changes_result, "hidden": hidden}
    return Field(default, description=text, json_schema_extra=extra, **bounds)


class Options(BaseModel):
    """What all option models share: unknown names and non-finite numbers are refused, values are frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True, allow_inf_nan=False)


class TrainConfig(Options):
    """Options of a training, as ``ganbook train --help`` lists them."""

    # data
    data: str = option(
        "fashion",
        "what to learn: a bundled or keras.datasets name, a .npz, a folder of pictures",
        group="data",
    )
    image_size: int | None = option(
        None, "side of the square pictures in pixels [the data's own]", group="data", ge=4, le=1024
    )
    channels: Literal[1, 3] | None = option(None, "1 grey or 3 colour [the data's own]", group="data")
    conditional: bool = option(False, "learn to draw each class on demand, from the data's labels", group="data")

    # task
    task: Task = option("generate", "what G learns: to draw from noise, or to fill holes in pictures", group="task")
    masks: str | None = option(
        None,
        f"kinds of holes to learn to fill, with commas [{TASKS['inpaint']['masks']} for --task inpaint]",
        group="task",
    )
    reconstruction: float | None = option(
        None,
        f"weight of the squared error in the hole [{TASKS['inpaint']['reconstruction']:g} for --task inpaint]",
        group="task",
        ge=0,
    )

    # networks
    network: Network = option(
        "auto",
        "pair of networks: article (dense), dcgan (convolutional), or compact, which learns fastest and is auto; "
        "context fills holes and is auto for --task inpaint",
        group="networks",
        hidden=("own",),
    )
    latent_dim: int = option(100, "length of the noise vector z", group="networks", ge=1, le=4096)
    precision: Literal["auto", "float32", "bfloat16"] = option(
        "auto",
        "arithmetic of the networks; auto is float32, bfloat16 needs a CPU that has it",
        group="networks",
    )
    jit: Literal["auto", "on", "off"] = option(
        "auto",
        "compile the step with XLA; auto: on without convolutions (they become slow)",
        group="networks",
    )

    # objective
    loss: Loss | None = option(
        None, "adversarial loss [non-saturating article and your own, else relativistic]", group="objective"
    )
    r1: float | None = option(
        None,
        "weight γ of ½E‖∇D(x)‖² on real images [1 compact and dcgan, 0.1 context, else 0]",
        group="objective",
        ge=0,
    )
    r2: float = option(0.0, "weight γ of ½E‖∇D(G(z))‖² on generated images", group="objective", ge=0)
    gradient_penalty: float | None = option(
        None,
        "weight λ of E(‖∇D(x̂)‖ − 1)² between real and fake [10 for wasserstein, else 0]",
        group="objective",
        ge=0,
    )
    penalty_every: int | None = option(
        None,
        "penalties count at every n-th step only, n times as much, which is less work [1]",
        group="objective",
        ge=1,
        le=100,
    )
    critic_steps: int | None = option(
        None,
        "updates of D for one of G; --steps counts those of D [5 for wasserstein, else 1]",
        group="objective",
        ge=1,
        le=100,
    )
    augment: str | None = option(
        None,
        "let D see real and generated images through a differentiable policy: DiffAugment, or operations as in "
        "flip@0.5,translation:0.2,cutout (name:strength@probability), or none [DiffAugment if adaptive; "
        "translation,cutout for compact on fewer than 5,000 images]",
        group="objective",
    )
    adaptive: bool = option(
        False, "let D's overfitting decide how likely each operation of --augment is (ADA)", group="objective"
    )
    augment_weight: float = option(
        0.0,
        "weight λ of E[log D(y)], y = real images through --augment [translation], which then changes y alone; for "
        "--loss minimax",
        group="objective",
        ge=0,
    )
    one_backward: bool = option(
        False,
        "one backward pass through D serves both updates (faster; simultaneous updates)",
        group="objective",
    )

    # optimisation
    batch_size: int | None = option(
        None, "images per step [128 article, 64 your own, else 32]", group="optimisation", ge=1, le=65536
    )
    learning_rate: float | None = option(
        None,
        "Adam's learning rate of G [2e-4 article and your own, else 2e-3]",
        group="optimisation",
        gt=0,
        le=10,
    )
    d_learning_rate: float | None = option(
        None,
        "that of D [5e-4 compact, 2e-4 context, else the same as G's]",
        group="optimisation",
        gt=0,
        le=10,
    )
    beta_1: float | None = option(None, "Adam's β₁ [0 compact and dcgan, else 0.5]", group="optimisation", ge=0, lt=1)
    beta_2: float | None = option(None, "Adam's β₂ [0.999 article, else 0.99]", group="optimisation", ge=0, lt=1)
    ema_half_life: float = option(
        20_000,
        "half-life in images of the average of G's weights that draws the samples",
        group="optimisation",
        gt=0,
    )
    seed: int = option(0, "decides weights, noise and the order of images", group="optimisation", ge=0, lt=2**31)

    # run
    steps: int | None = option(
        None,
        f"total number of steps [{DEFAULT_STEPS} unless --seconds]",
        group="run",
        changes_result=False,
        ge=1,
        le=10**12,
    )
    seconds: float | None = option(None, "total seconds of training", group="run", changes_result=False, gt=0)
    name: str | None = option(
        None,
        "name of the run and of its folder [DATA-NETWORK-1, -2, …]",
        group="run",
        changes_result=False,
        pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.\-]{0,99}$",
    )
    runs_dir: Path | None = option(None, RUNS_DIR_HELP, group="run", changes_result=False)
    checkpoint_every: float = option(30.0, "seconds between checkpoints", group="run", changes_result=False, gt=0)
    keep_checkpoints: int = option(
        3, "how many of the last checkpoints to keep", group="run", changes_result=False, ge=1
    )
    evaluate_every: float | None = option(
        None,
        "seconds between measurements of how far samples are from real images [off; 30 with --keep best]",
        group="run",
        changes_result=False,
        gt=0,
    )
    keep: Literal["last", "best"] = option(
        "last",
        "best keeps one more checkpoint: that of the smallest distance to real images",
        group="run",
        changes_result=False,
    )

    def resolved(self, images: int | None = None) -> TrainConfig:
        """Return a copy in which every value that follows from another option, or from the number of images, is set.

        A ``jit`` or ``precision`` of ``auto`` stays: it is settled by the networks themselves.
        """
        auto = "context" if self.task == "inpaint" else "compact"
        network = auto if self.network == "auto" else self.network
        recipe = RECIPES[network] | (CRITIC if self.loss == "wasserstein" else {}) | TASKS[self.task]
        follows = {name: value for name, value in recipe.items() if getattr(self, name) is None}
        follows["network"] = network
        if self.steps is None and self.seconds is None:
            follows["steps"] = DEFAULT_STEPS
        if self.augment is None and (self.adaptive or self.augment_weight):
            follows["augment"] = "DiffAugment" if self.adaptive else "translation"
        elif self.augment is None and network == "compact" and images is not None and images < FEW_IMAGES:
            follows["augment"] = "translation,cutout"
        elif self.augment == "none":
            follows["augment"] = None
        if self.keep == "best" and self.evaluate_every is None:
            follows["evaluate_every"] = EVALUATE_SECONDS
        if self.runs_dir is None:
            follows["runs_dir"] = default_runs_dir()
        done = self.model_copy(update=follows)
        return done.model_copy(update={"d_learning_rate": done.d_learning_rate or done.learning_rate})

    def to_save(self) -> dict[str, Any]:
        """Options for ``config.json``; the folder knows its own name and place, and may be moved."""
        return self.model_dump(mode="json", exclude={"name", "runs_dir"})


def _parameters(model: type[Options]) -> str:
    """The options as the Parameters section of a docstring."""
    lines = [f"{name}\n    {field.description}" for name, field in model.model_fields.items()]
    return "\n\nParameters\n----------\n" + "\n".join(lines) + "\n"


TrainConfig.__doc__ += _parameters(TrainConfig)


class AugmentConfig(Options):
    """Options of making a data set larger."""

    policy: str = option(
        "standard",
        "what to do: light, standard, strong, RandAugment, TrivialAugment, AugMix, DiffAugment, a policy's JSON file, "
        "or operations as in flip@0.5,zoom:0.2 (name:strength@probability)",
        group="augment",
    )
    times: int = option(1, "how many augmented copies of each picture", group="augment", ge=1, le=10_000)
    seed: int = option(0, "decides all that is drawn", group="augment", ge=0, lt=2**31)
    without_originals: bool = option(False, "write the augmented copies alone", group="augment")
    image_size: int | None = option(
        None, "side of the square pictures in pixels [the data's own]", group="augment", ge=4, le=1024
    )
    channels: Literal[1, 3] | None = option(None, "1 grey or 3 colour [the data's own]", group="augment")


class StudyConfig(Options):
    """Options of measuring what augmentation does for a classifier."""

    folder: str = option("augmentation-study", "where results and GANs are kept; a study goes on there", group="study")
    shares: str = option("1,5,10,100", "per cent of the training pictures", group="study")
    seeds: int = option(3, "how often everything is repeated", group="study", ge=1, le=100)
    filters: str = option(
        "agreement", "how samples are chosen before they are added: agreement,score,distance", group="study"
    )
    minutes: float | None = option(None, "a budget, within which GANs train as long as fits", group="study", gt=0)


class SampleConfig(Options):
    """Options of sampling from a run."""

    count: int = option(64, "how many images", group="sample", ge=1, le=10_000_000)
    seed: int = option(0, "decides the noise", group="sample", ge=0, lt=2**31)
    truncation: float = option(
        1.0, "scales the noise: smaller is more typical, less varied", group="sample", gt=0, le=2
    )
    label: int | None = option(None, "class to draw, for conditional runs [all in turn]", group="sample", ge=0)
    weights: Weights = option("ema", WEIGHTS_HELP, group="sample")


class EvaluateConfig(Options):
    """Options of an evaluation."""

    count: int = option(
        10_000,
        "how many samples at most; as many real images are needed to compare",
        group="evaluate",
        ge=1,
        le=100_000,
    )
    space: Literal["auto", "classifier", "turns", "random", "inception"] = option(
        "auto",
        "where images are compared: a classifier of the data's labels, a network that tells how far a picture was "
        "turned, one of random weights, or Inception (downloaded); auto is the first that the data allow",
        group="evaluate",
    )
    seed: int = option(0, "decides the noise, and which real images are compared", group="evaluate", ge=0, lt=2**31)
    truncation: float = option(
        1.0, "scales the noise: smaller is more typical, less varied", group="evaluate", gt=0, le=2
    )
    weights: Weights = option("ema", WEIGHTS_HELP, group="evaluate")
    image_size: int | None = option(
        None, "resize the data to squares of this side [the data's own]", group="evaluate", ge=4, le=1024
    )
    channels: Literal[1, 3] | None = option(None, "make the data grey or colour [their own]", group="evaluate")


class BrowseConfig(Options):
    """How a generator is looked at."""

    seed: int = option(0, "decides the noise of the gallery", group="look", ge=0, lt=2**31)
    label: int | None = option(None, "class to show, for conditional generators [all in turn]", group="look", ge=0)
    truncation: float = option(1.0, "scales the noise: smaller is more typical, less varied", group="look", gt=0, le=2)
    weights: Literal["ema", "raw"] = option("ema", "averaged weights of G, or those of the step", group="look")
    step: int | None = option(None, "checkpoint to look at [the newest]", group="look", ge=0)
    sort: Literal["drawn", "score", "nearest"] = option(
        "drawn", "order: as drawn, D's score (best first), or distance to the nearest training image", group="look"
    )
    directions: Literal["activations", "z"] = option(
        "activations",
        "what to steer along: principal components of G's activations (GANSpace), or z's own axes",
        group="look",
    )


class InpaintConfig(Options):
    """Options of filling holes, as ``ganbook inpaint --help`` lists them."""

    method: Method | None = option(
        None, "how to fill the hole [context or latent with --run, else navier-stokes]", group="inpaint"
    )
    candidates: int = option(
        1, "how many answers to give, best first, where a method knows several", group="inpaint", ge=1, le=64
    )
    seed: int = option(0, "decides random masks and starts", group="inpaint", ge=0, lt=2**31)
    resize_mask: bool = option(False, "resize a mask of another size, pixel by nearest pixel", group="inpaint")
    redraw: bool = option(False, "show known pixels as the method sees them, too, instead of exactly", group="inpaint")
    runs_dir: Path | None = option(None, RUNS_DIR_HELP, group="inpaint")

    iterations: int | None = option(
        None, "steps of the search [200 latent, 300 deep-prior]", group="latent and deep-prior", ge=1, le=100_000
    )
    starts: int = option(4, "starts of each search, at least --candidates", group="latent", ge=1, le=1024)
    prior: float = option(0.1, "weight λ of what D thinks beside the context", group="latent", ge=0)
    blend: Literal["poisson", "none"] = option("poisson", "how what is drawn meets the rim", group="latent")
    fine_tune: int = option(
        0, "steps in which G then learns the known pixels of each picture", group="latent", ge=0, le=100_000
    )

    def resolved(self, task: str | None = None) -> InpaintConfig:
        """Return a copy in which method and iterations are filled in, for a run of this task."""
        method = self.method or BY_TASK.get(task, "navier-stokes")
        iterations = self.iterations or ITERATIONS.get(method, 1)
        return self.model_copy(update={"method": method, "iterations": iterations})


# The method that fills with a run of each task.
BY_TASK = {"generate": "latent", "inpaint": "context"}
ITERATIONS = {"latent": 200, "deep-prior": 300}
