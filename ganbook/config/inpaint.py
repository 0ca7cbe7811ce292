"""Options of filling holes."""

from __future__ import annotations

from typing import Literal

from ganbook.config.base import RUNS_DIR_HELP, Options, PathOption, option

Method = Literal[
    "flat", "telea", "navier-stokes", "biharmonic", "patch", "pyramid", "latent", "context", "deep-prior"
]  # fmt: skip

# The method that fills with a run of each task, the one without a run, and the iterations of those that search.
BY_TASK: dict[str, Method] = {"generate": "latent", "inpaint": "context"}
WITHOUT_RUN: Method = "pyramid"
ITERATIONS = {"latent": 200, "deep-prior": 300}


class InpaintConfig(Options):
    """Options of filling holes, as ``ganbook inpaint --help`` lists them."""

    method: Method | None = option(
        None,
        f"method that fills the hole [default: {' or '.join(BY_TASK.values())} with --run, else {WITHOUT_RUN}]",
        group="inpaint",
    )
    candidates: int = option(
        1, "number of results, best first, for methods that give several", group="inpaint", ge=1, le=64
    )
    seed: int = option(0, "random seed of random masks and of searches", group="inpaint", ge=0, lt=2**31)
    resize_mask: bool = option(
        False, "resize a mask whose size differs from the image's, by nearest neighbour", group="inpaint"
    )
    redraw: bool = option(
        False, "return the method's own version of the known pixels too, not the exact ones", group="inpaint"
    )
    runs_dir: PathOption | None = option(None, RUNS_DIR_HELP, group="inpaint")

    iterations: int | None = option(
        None,
        "steps of the search [default: "
        + ", ".join(f"{steps} for {method}" for method, steps in ITERATIONS.items())
        + "]",
        group="latent and deep-prior",
        ge=1,
        le=100_000,
    )
    starts: int = option(4, "starting points of each search, at least --candidates", group="latent", ge=1, le=1024)
    prior: float = option(0.1, "weight λ of the discriminator's term beside the context loss", group="latent", ge=0)
    blend: Literal["poisson", "none"] = option(
        "poisson", "how the filled region is blended into its surroundings", group="latent"
    )
    fine_tune: int = option(
        0,
        "steps in which the generator is then fitted to the known pixels of each image",
        group="latent",
        ge=0,
        le=100_000,
    )

    def resolved(self, task: str | None = None) -> InpaintConfig:
        """Return a copy with method and iterations set, for a run of this task or for none."""
        method = self.method or (BY_TASK.get(task, WITHOUT_RUN) if task else WITHOUT_RUN)
        iterations = self.iterations or ITERATIONS.get(method, 1)
        return self.model_copy(update={"method": method, "iterations": iterations})
