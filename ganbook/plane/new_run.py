"""A new run on points, under the name asked for or the first free one."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ganbook.config.base import default_runs_dir
from ganbook.config.presets import POINTS, POINTS_CRITIC
from ganbook.config.train import MOST_STEPS
from ganbook.training.train import options_of, prepared

if TYPE_CHECKING:
    from ganbook.config.train import TrainConfig
    from ganbook.training.run import Run

NAME = "playground"
PENALTIES = ("r1", "r2", "gradient_penalty")


Asked = dict[str, Any]  # `data`, and options of TrainConfig, as they were given


def new_run(asked: Asked) -> Run:
    """Return a run of the name asked for, or of the first free one of playground-1, playground-2 and so on."""
    from ganbook.data import load

    data = asked["data"]
    options = {name: value for name, value in asked.items() if name != "data"}
    refuse_images(load(data).record())
    if not {"steps", "seconds"} & set(options):
        options["steps"] = MOST_STEPS
    if options.get("name") is not None:
        return prepared(data, **options)
    folder = Path(options.get("runs_dir") or default_runs_dir())
    for number in itertools.count(1):
        if not (folder / f"{NAME}-{number}").exists():
            with contextlib.suppress(FileExistsError):  # another process took it meanwhile
                return prepared(data, **options | {"name": f"{NAME}-{number}"})
    raise AssertionError("numbers do not end")


def in_place(old: Run, asked: Asked) -> Run:
    """Return a run in the folder of an old one, which is ended only once all options have been found good."""
    asked = asked | {"name": old.name, "runs_dir": old.folder.path.parent, "overwrite": True}
    old.folder.let_go()  # if it has not begun
    try:
        return new_run(asked)
    except BlockingIOError:
        if not old.active:
            raise
    old.stop()
    old.ended.wait()
    return new_run(asked)


def asked_for(run: Run) -> Asked:
    """Return what a run would have to be asked for again, but for its name."""
    return options_of(run) | {"runs_dir": run.config.runs_dir, "steps": None, "seconds": None}


def changed(before: Asked, options: Asked) -> Asked:
    """Change some options; into and out of the loss ``wasserstein``, what follows from the loss changes with it."""
    asked = before | options
    losses = {before.get("loss"), asked.get("loss")}
    if len(losses) == 2 and "wasserstein" in losses:
        asked = {name: value for name, value in asked.items() if name in options or name not in (*POINTS_CRITIC, "r2")}
    return {name: value for name, value in asked.items() if value is not None}


def opposite_penalty(config: TrainConfig) -> Asked:
    """Return what takes the penalties on D away, or adds the usual one where there is none."""
    if any(getattr(config, name) for name in PENALTIES):
        return dict.fromkeys(PENALTIES, 0.0)
    if config.loss == "wasserstein":
        return {"gradient_penalty": POINTS_CRITIC["gradient_penalty"]}
    return {"r1": POINTS["r1"]}


def refuse_images(record: Mapping[str, Any]) -> None:
    """Raise ``ValueError`` unless a record is that of points."""
    if record.get("kind", "images") != "points":
        raise ValueError(
            f"the playground takes points in the plane, and {record['name']} holds images: give ring, grid, another "
            "of gb.data's distributions, or an array (N, 2)"
        )
