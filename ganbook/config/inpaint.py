"""Options of filling holes."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from ganbook.config.base import RUNS_DIR_HELP, Options, option

Method = Literal["flat", "telea", "navier-stokes", "biharmonic", "patch", "latent", "context", "deep-prior"]


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
