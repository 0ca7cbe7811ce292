"""Options of a training."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from ganbook.config import learning_rates
from ganbook.config.base import RUNS_DIR_HELP, OneOf, Options, PathOption, default_runs_dir, option, parameters_section
from ganbook.config.cluster import MOST_WORKERS, addresses
from ganbook.config.presets import (
    CRITIC,
    FEW_IMAGES,
    FEW_IMAGES_POLICY,
    LATENT_DIM,
    NETWORKS,
    POINTS,
    POINTS_CRITIC,
    TASKS,
    network_defaults,
    networks_help,
    points_default,
    task_default,
)
from ganbook.utils.bounds import LARGEST_CROP, SMALLEST_CROP, SMALLEST_IMAGE

Loss = Literal["non-saturating", "minimax", "least-squares", "wasserstein", "hinge", "relativistic"]
CropSide = Annotated[int, Field(ge=SMALLEST_CROP, le=LARGEST_CROP)]

DEFAULT_STEPS = 3000
MOST_LAYERS, WIDEST = 8, 4096
_AUGMENT_FEW = " or ".join(name for name, preset in NETWORKS.items() if preset.augments_few)
EVALUATE_SECONDS = 30.0


class TrainConfig(Options):
    """Options of a training, as ``ganbook train --help`` lists them."""

    # data
    data: str = option(
        "fashion",
        "data set: a bundled or keras.datasets name, a .npz file, a folder of images, points in the plane by name "
        "(ring, grid, spiral, moons, line, two-gaussians, disjoint, checkerboard), or lines of text (names, words, "
        "poems, sums, or a .txt file with one item a line)",
        group="data",
    )
    image_size: int | None = option(
        None,
        "height and width of the images in pixels [default: as in the data]",
        group="data",
        ge=SMALLEST_IMAGE,
        le=1024,
        kinds=("images",),
    )
    crop: CropSide | Literal["center", "random", "none"] | None = option(
        None,
        "what becomes of images of another aspect with --image-size: center cuts out the middle, random a part at a "
        "random place, the same each time, none squeezes the whole; or a side in pixels, for --task enhance: images "
        "are cut into squares at their full resolution, and not resized [default: center]",
        group="data",
        kinds=("images",),
    )
    channels: Literal[1, 3] | None = option(
        None, "1 for grey, 3 for colour [default: as in the data]", group="data", kinds=("images",)
    )
    hold_out: int | None = option(
        None,
        "number of training images to set aside: distances while training are measured on them, and the test split is "
        "left for the report",
        group="data",
        ge=1,
        kinds=("images",),
    )
    max_length: int | None = option(
        None, "most characters of a line of text [default: 32]", group="data", ge=1, le=128, kinds=("text",)
    )
    long_lines: Literal["refuse", "cut", "drop"] | None = option(
        None, "what is done with lines of text that are longer [default: refuse]", group="data", kinds=("text",)
    )
    flip: Literal["auto", "on", "off"] | None = option(
        None,
        "mirror images left to right with probability 1/2 as they are learned; generated images are not mirrored; auto "
        "mirrors if images and their mirror images cannot be told apart [default: off]",
        group="data",
        kinds=("images",),
    )
    conditional: bool = option(False, "learn to generate each class on demand, from the data's labels", group="data")

    # task
    task: Annotated[str, OneOf(TASKS)] = option(
        "generate",
        "what the generator learns: "
        + ", ".join(f"{name} ({preset.summary})" for name, preset in TASKS.items())
        + "; lines of text are learned by --task text",
        group="task",
    )
    masks: str | None = option(
        None,
        f"kinds of masks to learn to fill, separated by commas [default: {task_default('masks')}]",
        group="task",
        kinds=("images",),
    )
    reconstruction: float | None = option(
        None,
        f"weight of the mean squared error inside the mask [default: {task_default('reconstruction')}]",
        group="task",
        ge=0,
        kinds=("images",),
    )

    degrade: str | None = option(
        None,
        "degradations that the generator learns to undo, kind:value or kind:lowest-highest, in this order, as in "
        "blur:0-1.5,downscale:2,noise:0-10,jpeg:30-95 "
        f"[default: {task_default('degrade')}]",
        group="task",
        kinds=("images",),
    )
    adversarial: float | None = option(
        None,
        "weight of the adversarial loss beside the distance to the truth, images in [−1, 1]; 0 is most faithful "
        f"[default: {task_default('adversarial')}]",
        group="task",
        ge=0,
        kinds=("images",),
    )
    warm_up: int | None = option(
        None,
        f"steps in which the distance alone counts [default: {task_default('warm_up')}]",
        group="task",
        ge=0,
        le=10**9,
        kinds=("images",),
    )

    # networks
    network: Annotated[str, OneOf(NETWORKS, also=("auto",))] = option(
        "auto", f"pair of networks: {networks_help()}", group="networks"
    )
    start_from: str | None = option(
        None,
        "run whose networks this one starts from, by name or folder: of the same task, network and image size",
        group="networks",
    )
    latent_dim: int | None = option(
        None,
        f"length of the latent vector z [default: {LATENT_DIM}; points: {points_default('latent_dim')}]",
        group="networks",
        ge=1,
        le=4096,
    )
    noise: Literal["gaussian", "uniform"] = option(
        "gaussian", "distribution of z: gaussian, N(0, 1), or uniform in [−1, 1]", group="networks"
    )
    hidden: str | None = option(
        None,
        "widths of the hidden layers of --network mlp and text, as in 128,128; the discriminator has them in reverse, "
        "and the generator of text half of them at each place "
        f"[default: {network_defaults('hidden')}; points: {points_default('hidden')}]",
        group="networks",
    )
    activation: Literal["relu", "leaky_relu", "tanh", "elu", "silu"] | None = option(
        None,
        "activation of the hidden layers of --network mlp and text "
        f"[default: {network_defaults('activation')}; points: {points_default('activation')}]",
        group="networks",
    )
    width: int | None = option(
        None,
        f"channels of the generator of --network restorer [default: {network_defaults('width')}]",
        group="networks",
        ge=1,
        le=512,
    )
    depth: int | None = option(
        None,
        "convolutions of the generator of --network restorer between the first and the last one "
        f"[default: {network_defaults('depth')}]",
        group="networks",
        ge=1,
        le=64,
    )
    precision: Literal["auto", "float32", "bfloat16"] = option(
        "auto",
        "arithmetic of the networks; auto is float32; bfloat16 needs a CPU that supports it",
        group="networks",
    )
    jit: Literal["auto", "on", "off"] = option(
        "auto",
        "compile the training step with XLA; auto: on a CPU only for networks without convolutions that learn images",
        group="networks",
    )

    # objective
    loss: Loss | None = option(
        None, f"adversarial loss of both networks [default: {network_defaults('loss')}]", group="objective"
    )
    r1: float | None = option(
        None,
        f"weight γ of the R1 penalty, γ/2 E‖∇D(x)‖² on real images [default: {network_defaults('r1')}]",
        group="objective",
        ge=0,
    )
    r2: float | None = option(
        None,
        f"weight γ of the R2 penalty, γ/2 E‖∇D(G(z))‖² on generated images [default: {network_defaults('r2')}]",
        group="objective",
        ge=0,
    )
    gradient_penalty: float | None = option(
        None,
        "weight λ of the gradient penalty, λ E(‖∇D(x̂)‖ − 1)² between real and generated images "
        f"[default: {CRITIC['gradient_penalty']:g} for --loss wasserstein, with points "
        f"{POINTS_CRITIC['gradient_penalty']:g}, else 0]",
        group="objective",
        ge=0,
    )
    penalty_every: int | None = option(
        None,
        "apply penalties every n steps, scaled by n (lazy regularization) "
        f"[default: {network_defaults('penalty_every')}]",
        group="objective",
        ge=1,
        le=100,
    )
    critic_steps: int | None = option(
        None,
        "discriminator updates per generator update; --steps counts discriminator updates "
        f"[default: {CRITIC['critic_steps']} for --loss wasserstein, else {network_defaults('critic_steps')}]",
        group="objective",
        ge=1,
        le=100,
    )
    augment: str | None = option(
        None,
        "differentiable augmentation of everything the discriminator sees: DiffAugment, none, or operations "
        "as in flip@0.5,translation:0.2,cutout (name:strength@probability) [default: DiffAugment with --adaptive; "
        f"{FEW_IMAGES_POLICY} for {_AUGMENT_FEW} and fewer than {FEW_IMAGES:,} images; else none]",
        group="objective",
        kinds=("images",),
    )
    adaptive: bool = option(
        False,
        "adapt the probability of --augment to how much the discriminator overfits (ADA)",
        group="objective",
        kinds=("images",),
    )
    augment_weight: float = option(
        0.0,
        "weight λ of the extra term E[log D(y)] of --loss minimax, where y are real images augmented by --augment "
        "[translation]; other images are then not augmented",
        group="objective",
        ge=0,
        kinds=("images",),
    )
    one_backward: bool = option(
        False,
        "use one backward pass through the discriminator for both updates (faster; the updates are simultaneous)",
        group="objective",
    )

    # optimisation
    batch_size: int | None = option(
        None,
        f"images per training step [default: {network_defaults('batch_size')}]",
        group="optimisation",
        ge=1,
        le=65536,
    )
    learning_rate: float | None = option(
        None,
        f"learning rate of the generator [default: {network_defaults('learning_rate')}]",
        group="optimisation",
        gt=0,
        le=10,
    )
    d_learning_rate: float | None = option(
        None,
        f"learning rate of the discriminator [default: as --learning-rate; {network_defaults('d_learning_rate')}]",
        group="optimisation",
        gt=0,
        le=10,
    )
    optimizer: Literal["adam", "sgd"] = option(
        "adam", "optimiser of both networks: adam, or sgd, plain gradient descent", group="optimisation"
    )
    rate_half_life: int | None = option(
        None,
        "steps in which both learning rates halve, again and again [default: they stay]",
        group="optimisation",
        ge=1,
        le=10**9,
    )
    rate_changes: str | None = option(
        None,
        "other learning rates from a step on, generator/discriminator@step, as in 1e-4/4e-4@2000,5e-5/2e-4@4000; "
        "Run.set_learning_rates adds to them [default: they stay]",
        group="optimisation",
    )
    beta_1: float | None = option(
        None, f"Adam's β₁ [default: {network_defaults('beta_1')}]", group="optimisation", ge=0, lt=1
    )
    beta_2: float | None = option(
        None, f"Adam's β₂ [default: {network_defaults('beta_2')}]", group="optimisation", ge=0, lt=1
    )
    ema_half_life: float = option(
        20_000,
        "half-life, in images, of the moving average of the generator's weights that draws the samples (EMA)",
        group="optimisation",
        gt=0,
    )
    seed: int = option(
        0,
        "random seed of the initial weights, the noise and the order of the images",
        group="optimisation",
        ge=0,
        lt=2**31,
    )

    # run
    steps: int | None = option(
        None,
        f"total number of training steps [default: {DEFAULT_STEPS:,}, unless --seconds is set]",
        group="run",
        changes_result=False,
        ge=1,
        le=10**12,
    )
    seconds: float | None = option(None, "total training time in seconds", group="run", changes_result=False, gt=0)
    name: str | None = option(
        None,
        "name of the run and of its folder [default: DATA-NETWORK-1, -2, …]",
        group="run",
        changes_result=False,
        pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.\-]{0,99}$",
    )
    runs_dir: PathOption | None = option(None, RUNS_DIR_HELP, group="run", changes_result=False)
    checkpoint_every: float = option(30.0, "seconds between checkpoints", group="run", changes_result=False, gt=0)
    keep_checkpoints: int = option(
        3, "number of most recent checkpoints to keep", group="run", changes_result=False, ge=1
    )
    devices: str | None = option(
        None,
        "devices that share each batch: all, or a number; without GPUs, parts of the processor "
        "[default: all GPUs if there are several]",
        group="run",
        changes_result=False,
        pattern=r"^(all|[1-9][0-9]{0,2})$",
    )
    workers: str | None = option(
        None,
        "addresses of the processes that share each batch, host:port,host:port, the chief first: the same command on "
        "each machine, but for --worker-index [default: those of $TF_CONFIG in a terminal, else one process]",
        group="run",
        changes_result=False,
    )
    worker_index: int | None = option(
        None,
        "which of --workers this process is: 0 is the chief, which writes the run",
        group="run",
        changes_result=False,
        ge=0,
        lt=MOST_WORKERS,
    )
    keep: Literal["last", "best"] = option(
        "last",
        "best also keeps the checkpoint with the lowest Fréchet distance",
        group="run",
        changes_result=False,
        kinds=("images",),
    )
    evaluate_every: float | None = option(
        None,
        "seconds between measurements of the Fréchet distance to real images "
        f"[default: never; {EVALUATE_SECONDS:g} with --keep best]",
        group="run",
        changes_result=False,
        kinds=("images",),
        gt=0,
    )

    @field_validator("hidden")
    @classmethod
    def _check_hidden(cls, value: str | None) -> str | None:
        """Write widths in one way; refuse what is no list of widths."""
        if value is None:
            return None
        parts = [part.strip() for part in value.strip("()[] ").split(",") if part.strip()]
        if not 1 <= len(parts) <= MOST_LAYERS:
            raise ValueError(f"give 1 to {MOST_LAYERS} widths, as in 128,128")
        if not all(part.isascii() and part.isdecimal() and 1 <= int(part[:9]) <= WIDEST for part in parts):
            raise ValueError(f"widths are whole numbers from 1 to {WIDEST:,}, as in 128,128")
        return ",".join(str(int(part)) for part in parts)

    @field_validator("rate_changes")
    @classmethod
    def _check_rate_changes(cls, value: str | None) -> str | None:
        return learning_rates.written(learning_rates.parse(value))

    @field_validator("workers")
    @classmethod
    def _check_workers(cls, value: str | None) -> str | None:
        return None if value is None else ",".join(addresses(value))

    @property
    def addresses(self) -> tuple[str, ...]:
        """The addresses of the processes that train together, the chief's first; none where one process trains."""
        return addresses(self.workers) if self.workers else ()

    @property
    def hidden_widths(self) -> tuple[int, ...]:
        """The widths of the hidden layers of ``mlp`` and ``text``."""
        return tuple(int(part) for part in str(self.hidden).split(",")) if self.hidden else ()

    def resolved(
        self, images: int | None = None, shape: tuple[int, ...] | None = None, photographs: bool = False
    ) -> TrainConfig:
        """Return a copy with every value set that follows from another option, or from the data.

        ``images`` is how many the data are, ``shape`` that of one of them: (H, W, C), or
        (2,) for points, and ``photographs`` whether they are photographs in colour.

        A ``jit`` or ``precision`` of ``auto`` stays: the networks themselves decide it.
        """
        task = TASKS[self.task]
        network = task.auto(images, shape, photographs) if self.network == "auto" else self.network
        points = shape is not None and len(shape) == 1
        defaults = {
            "latent_dim": LATENT_DIM,
            **NETWORKS[network].defaults,
            **(POINTS if points and network == "mlp" else {}),
            **((POINTS_CRITIC if points else CRITIC) if self.loss == "wasserstein" else {}),
            **task.defaults,
        }
        chosen: dict[str, Any] = {name: value for name, value in defaults.items() if getattr(self, name) is None}
        chosen["network"] = network
        if self.steps is None and self.seconds is None:
            chosen["steps"] = DEFAULT_STEPS
        if self.augment is None and (self.adaptive or self.augment_weight):
            chosen["augment"] = "DiffAugment" if self.adaptive else "translation"
        elif self.augment is None and NETWORKS[network].augments_few and images is not None and images < FEW_IMAGES:
            chosen["augment"] = FEW_IMAGES_POLICY
        elif self.augment == "none":
            chosen["augment"] = None
        if self.keep == "best" and self.evaluate_every is None:
            chosen["evaluate_every"] = EVALUATE_SECONDS
        if self.runs_dir is None:
            chosen["runs_dir"] = default_runs_dir()
        config = self.model_copy(update=chosen)
        return config.model_copy(update={"d_learning_rate": config.d_learning_rate or config.learning_rate})

    def chosen(
        self, images: int | None = None, shape: tuple[int, ...] | None = None, photographs: bool = False
    ) -> dict[str, Any]:
        """Return those of resolved options, as :meth:`to_save` has them, that do not follow from the others."""
        chosen = self.to_save()
        for name, field in type(self).model_fields.items():
            if name in chosen and not field.is_required():
                without = self.model_copy(update={name: field.default}).resolved(images, shape, photographs)
                if getattr(without, name) == getattr(self, name):
                    del chosen[name]
        return chosen

    def to_save(self) -> dict[str, Any]:
        """Return the options for ``config.json``, without those that may be others each time.

        The folder knows its name and place, and may be moved; workers have other addresses tomorrow.
        """
        return self.model_dump(mode="json", exclude={"name", "runs_dir", "workers", "worker_index"})


TrainConfig.__doc__ = f"{TrainConfig.__doc__}{parameters_section(TrainConfig)}"
