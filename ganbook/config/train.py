"""Options of a training."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from ganbook.config.base import RUNS_DIR_HELP, Options, default_runs_dir, option, parameters_section
from ganbook.config.presets import CRITIC, FEW_IMAGES, RECIPES, TASKS

Task = Literal["generate", "inpaint"]
Network = Literal["auto", "mlp", "compact", "dcgan", "context", "custom"]
Loss = Literal["non-saturating", "minimax", "least-squares", "wasserstein", "hinge", "relativistic"]

DEFAULT_STEPS = 3000
EVALUATE_SECONDS = 30.0


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
        "pair of networks: mlp (dense), dcgan (convolutional), or compact, which learns fastest and is auto; "
        "context fills holes and is auto for --task inpaint",
        group="networks",
        hidden=("custom",),
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
        None, "adversarial loss [non-saturating mlp and your own, else relativistic]", group="objective"
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
        None, "images per step [128 mlp, 64 your own, else 32]", group="optimisation", ge=1, le=65536
    )
    learning_rate: float | None = option(
        None,
        "Adam's learning rate of G [2e-4 mlp and your own, else 2e-3]",
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
    beta_2: float | None = option(None, "Adam's β₂ [0.999 mlp, else 0.99]", group="optimisation", ge=0, lt=1)
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


TrainConfig.__doc__ += parameters_section(TrainConfig)
