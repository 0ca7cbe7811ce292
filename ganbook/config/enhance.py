"""Options of enlarging and restoring images."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from ganbook.config.base import RUNS_DIR_HELP, Options, PathOption, option
from ganbook.utils.errors import OptionError

Method = Literal["nearest", "bicubic", "lanczos", "network", "non-local-means"]

BY_TASK: dict[str, Method] = {"enhance": "network"}  # the method that uses a run of a task
SCALES = (1, 2, 3, 4)
TILE = 256  # side, in pixels of the input
STRONGEST = 100.0  # noise that can be removed, standard deviation in grey levels of 255


def _noise(value: Any) -> float | str | None:
    """Return a standard deviation, ``auto`` or None; refuse everything else, also True, which is no noise of σ 1."""
    word = value.strip().lower() if isinstance(value, str) else value
    if word is None or word == "auto":
        return word
    try:
        sigma = math.nan if isinstance(word, bool) else float(word)
    except (TypeError, ValueError):
        sigma = math.nan
    if not 0 < sigma <= STRONGEST:
        raise ValueError(f"give a number above 0, up to {STRONGEST:g}, or auto")
    return sigma


class EnhanceConfig(Options):
    """Options of enlarging and restoring images, as ``ganbook enhance --help`` lists them."""

    scale: int | None = option(
        None,
        "times that the image is enlarged, 1 to 4 [default: 2, and 1 with --denoise or --jpeg]",
        group="enhance",
        ge=1,
        le=4,
    )
    denoise: Annotated[float | str | None, BeforeValidator(_noise)] = option(
        None,
        "remove noise of this standard deviation, in grey levels of 255, before enlarging; auto estimates it "
        "[default: none, and auto for non-local-means]",
        group="enhance",
    )
    jpeg: bool = option(False, "remove the traces of JPEG compression first", group="enhance")
    crispness: float = option(
        0.0,
        "0 to 1: from what is most probably right to texture that looks right and is invented",
        group="enhance",
        ge=0,
        le=1,
    )
    method: Method | None = option(
        None,
        "how it is enlarged and noise removed; non-local-means only removes noise [default: network if there is one "
        "for this scale, else lanczos]",
        group="enhance",
    )
    tile: int = option(
        TILE,
        "side of the tiles that are worked on, in pixels; less takes less memory, the result is the same",
        group="enhance",
        ge=16,
        le=4096,
    )
    runs_dir: PathOption | None = option(None, RUNS_DIR_HELP, group="enhance")

    def resolved(
        self, run_scale: int | None = None, networks: Mapping[int, bool] = MappingProxyType({})
    ) -> EnhanceConfig:
        """Return a copy with scale, method and noise set.

        ``run_scale`` is how many times the network of a run enlarges, if there is a run; ``networks`` are the
        scales of those that come with ganbook, and whether there is a crisp one.

        Raises
        ------
        OptionError
            Options that do not go together.
        """
        denoise, method, scale = self.denoise, self.method, self.scale
        restores = denoise is not None or self.jpeg
        if method == "non-local-means":
            scale, denoise = scale or 1, denoise or "auto"
            if scale != 1:
                raise OptionError(
                    f"--method non-local-means only removes noise: for --scale {scale} leave --method out and give "
                    "--denoise"
                )
        if run_scale is not None:
            if method not in (None, "network"):
                raise OptionError(f"--method {method} uses no run: leave out --run, or the method")
            method, scale = "network", scale or run_scale
            if scale != run_scale:
                raise OptionError(f"the run enlarges {run_scale} times: give --scale {run_scale}, or leave it out")
        if scale is None:
            scale = 1 if restores and method in (None, "network") else 2
        if scale == 1 and method != "non-local-means" and run_scale is None:
            if method not in (None, "network"):
                raise OptionError(f"--method {method} enlarges: give --scale 2 or more")
            if not restores:
                raise OptionError("there is nothing to do: give --scale 2 or more, --denoise, or --jpeg")
            method = "network"
        if method is None:
            method = "network" if scale in networks else "lanczos"
        if method == "network" and run_scale is None and scale > 1 and scale not in networks:
            raise OptionError(
                f"no network enlarges {scale} times: give --run, a run of ganbook train --task enhance --degrade "
                f"downscale:{scale}, or --method lanczos"
            )
        if self.crispness and (run_scale is not None or method != "network" or not networks.get(scale)):
            scales = (
                " or ".join(str(one) for one in sorted(networks) if networks[one])
                or "a scale with such a network, and there is none"
            )
            raise OptionError(f"--crispness goes with --method network and --scale {scales}: leave it out")
        return self.model_copy(update={"scale": scale, "denoise": denoise, "method": method})
