"""Options of a sweep: many short trainings with other options."""

from __future__ import annotations

from typing import Literal

from ganbook.config.base import Options, PathOption, option

MINUTES = 30.0


class SweepConfig(Options):
    """Options of a sweep."""

    trials: int = option(20, "number of trials", group="sweep", ge=1, le=10_000)
    minutes: float | None = option(
        None,
        "time budget in minutes, from which the length of a trial follows "
        f"[default: {MINUTES:g}; none with --steps or --seconds, the length of a trial]",
        group="sweep",
        gt=0,
    )
    metric: Literal["auto", "frechet", "psnr"] = option(
        "auto",
        "what is compared: frechet, the Fréchet distance of samples to images held out; psnr of held-out images, dB; "
        "auto: psnr for --task enhance, else frechet",
        group="sweep",
    )
    seeds: int = option(
        3,
        "number of other seeds with which the best three and the defaults are trained again",
        group="sweep",
        ge=0,
        le=100,
    )
    folder: PathOption | None = option(
        None,
        "folder of the sweep; the same command, in any process that sees it, joins or continues the sweep "
        "[default: sweeps/DATA-CODE, CODE follows from the options]",
        group="sweep",
    )
    at_once: int = option(1, "number of trainings at a time in this process", group="sweep", ge=1, le=64)
    threads: int | None = option(
        None, "threads of each training [default: the processor's cores over --at-once]", group="sweep", ge=1, le=1024
    )
