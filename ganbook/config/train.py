"""Options of a training."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import field_validator

from ganbook.config import learning_rates
from ganbook.config.base import RUNS_DIR_HELP, PathOption, default_runs_dir, option, parameters_section
from ganbook.config.cluster import MOST_WORKERS, addresses
from ganbook.config.presets import (
    CRITIC,
    FEW_IMAGES_POLICY,
    LATENT_DIM,
    NETWORKS,
    POINTS,
    POINTS_CRITIC,
    TASKS,
    network_defaults,
)
from ganbook.config.train_data import DataOptions
from ganbook.config.train_networks import NetworkOptions
from ganbook.utils.bounds import CLASS_IMAGES, FEW_IMAGES

DEFAULT_STEPS = 3000
MOST_STEPS = 10**12  # of a training that has no end
EVALUATE_SECONDS = 30.0


class TrainConfig(NetworkOptions, DataOptions):
    """Options of a training, as ``ganbook train --help`` lists them."""

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

    def resolved(
        self,
        images: int | None = None,
        shape: tuple[int, ...] | None = None,
        photographs: bool = False,
        each_class: int = 0,
    ) -> TrainConfig:
        """Return a copy with every value set that follows from another option, or from the data.

        ``images`` is how many the data are, ``shape`` that of one of them: (H, W, C), or (2,) for points,
        ``photographs`` whether they are photographs in colour, and ``each_class`` how many of them each of several
        classes has at least, 0 if there are none.

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
        if self.conditional is None:
            chosen["conditional"] = NETWORKS[network].learns_classes and each_class >= CLASS_IMAGES
        if self.keep == "best" and self.evaluate_every is None:
            chosen["evaluate_every"] = EVALUATE_SECONDS
        if self.runs_dir is None:
            chosen["runs_dir"] = default_runs_dir()
        config = self.model_copy(update=chosen)
        return config.model_copy(update={"d_learning_rate": config.d_learning_rate or config.learning_rate})

    def chosen(self, *traits: Any) -> dict[str, Any]:
        """Return those of resolved options, as :meth:`to_save` has them, that do not follow from the others.

        ``traits`` are those of the data, as :meth:`resolved` takes them.
        """
        chosen = self.to_save()
        for name, field in type(self).model_fields.items():
            if name in chosen and not field.is_required():
                without = self.model_copy(update={name: field.default}).resolved(*traits)
                if getattr(without, name) == getattr(self, name):
                    del chosen[name]
        return chosen

    def to_save(self) -> dict[str, Any]:
        """Return the options for ``config.json``, without those that may be others each time.

        The folder knows its name and place, and may be moved; workers have other addresses tomorrow.
        """
        return self.model_dump(mode="json", exclude={"name", "runs_dir", "workers", "worker_index"})


TrainConfig.__doc__ = f"{TrainConfig.__doc__}{parameters_section(TrainConfig)}"
