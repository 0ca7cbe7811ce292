"""What a sweep does: data, options, what is tried and how long a trial is. Its folder keeps it in ``sweep.json``."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ganbook.config import space as spaces
from ganbook.config.parser import flag, make
from ganbook.config.sweep import MINUTES, SweepConfig
from ganbook.config.train import TrainConfig
from ganbook.data import ImageData, load
from ganbook.data.array_name import array_name
from ganbook.data.hold_out import LEAST
from ganbook.data.hold_out import hold_out as set_aside
from ganbook.training.checks import check
from ganbook.utils.errors import OptionError
from ganbook.utils.files import atomic, read_text, temporary_name, write_text

PLAN, DATA = "sweep.json", "data.npz"
VERSION = 1
# Images that are set aside: this many, but not more than this fraction.
HELD_OUT, HELD_OUT_FRACTION = 2000, 0.25
# A process takes about this long until its training begins; no trial is shorter than the second.
START_SECONDS, SHORTEST = 15.0, 5.0
BEST = 3  # so many are trained again with other seeds


@dataclass(frozen=True)
class Metric:
    """A column of ``history.csv`` by which trials are compared."""

    name: str
    column: str
    maximize: bool = False
    unit: str = ""


METRICS = {
    "frechet": Metric("Fréchet distance", "frechet"),
    "psnr": Metric("PSNR", "psnr", maximize=True, unit=" dB"),
}


@dataclass(frozen=True)
class Plan:
    """What all processes of a sweep agree on.

    Attributes
    ----------
    data
        Record of the data, before any were held out; ``source`` is None if the sweep's folder keeps them.
    space
        What is tried.
    options
        Options of all trials; ``steps`` or ``seconds`` is among them.
    metric
        Name of an entry of :data:`METRICS`.
    timed
        Whether ``seconds`` followed from a budget, and may differ where the same sweep is asked for again.
    """

    data: dict[str, Any]
    space: spaces.Space
    options: dict[str, Any]
    metric: str
    timed: bool

    @property
    def measure(self) -> Metric:
        """What trials are compared by."""
        return METRICS[self.metric]

    @property
    def code(self) -> str:
        """Six hex digits that tell sweeps apart."""
        return hashlib.sha256(json.dumps(self._identity(), sort_keys=True).encode()).hexdigest()[:6]

    def _identity(self) -> dict[str, Any]:
        """Return what two processes must agree on to be of one sweep."""
        content = self.to_json()
        if self.timed:
            content["options"] = {name: value for name, value in self.options.items() if name != "seconds"}
        return content | {"data": self.data["fingerprint"]}

    def to_json(self) -> dict[str, Any]:
        """Return the content of ``sweep.json``."""
        return {
            "ganbook_sweep": VERSION, "data": self.data, "metric": self.metric, "options": self.options,
            "space": {name: str(values) for name, values in self.space.items()}, "timed": self.timed,
        }  # fmt: skip

    def differences(self, other: Plan) -> list[str]:
        """Say in words in what another sweep differs from this one."""
        if other.data["fingerprint"] != self.data["fingerprint"]:
            return [f"its data are {self.data['name']} ({self.data['fingerprint']}), yours {other.data['name']} "
                    f"({other.data['fingerprint']})"]  # fmt: skip
        lines = []
        if self.metric != other.metric:
            lines.append(f"--metric {self.metric} there, {other.metric} here")
        spaces_ = [{name: str(values) for name, values in plan.space.items()} for plan in (self, other)]
        options = [
            {name: value for name, value in plan.options.items() if not (plan.timed and name == "seconds")}
            for plan in (self, other)
        ]
        for kind, (there, here) in (("--try ", spaces_), ("", options)):
            for name in sorted({*there, *here}):
                if there.get(name) != here.get(name):
                    named = f"--try {name}=" if kind else f"{flag(name)} "
                    lines.append(f"{named}{there.get(name, '(not)')} there, {here.get(name, '(not)')} here")
        return lines

    def trial_options(self, folder: Path, params: dict[str, Any]) -> dict[str, Any]:
        """Return the options of one trial, as :func:`ganbook.train` takes them, but for name and place."""
        return {"data": self.source(folder)} | self.options | params

    def source(self, folder: Path) -> str:
        """Return what :func:`ganbook.data.load` takes to get the data."""
        return self.data["source"] or str((folder / DATA).resolve())


def planned(data: Any, space: Any, config: SweepConfig, options: dict[str, Any]) -> tuple[Plan, ImageData]:
    """Check everything and return the plan, and all of the data.

    Raises
    ------
    ValueError, OSError
        One line. Nothing has been written.
    """
    space = spaces.parse(space)
    for name in options:
        if name in spaces.LEFT_OUT:
            raise OptionError(f"{flag(name)} is chosen by the sweep for each of its trials: leave it out")
        if name in space:
            raise OptionError(f"{flag(name)} is given and tried (--try {name}=…): leave one of them out")
    options = {name: value for name, value in options.items() if value is not None}
    source = options.pop("data", data)
    source = "fashion" if source is None else source
    name = source if isinstance(source, str) else getattr(source, "name", array_name())
    checked = make(TrainConfig, data=str(name), **options)
    options = {name: getattr(checked, name) for name in options}
    whole = load(source, checked.image_size, checked.channels, crop=checked.crop)
    if not isinstance(whole, ImageData):
        raise ValueError(f"a sweep compares runs that learn images, and {whole.name} holds {whole.noun}s")
    if not isinstance(source, str | os.PathLike):  # other processes cannot load it: the sweep's folder keeps it
        whole = dataclasses.replace(whole, source=None)
        options = {name: value for name, value in options.items() if name not in ("image_size", "channels", "crop")}
    metric = config.metric if config.metric != "auto" else "psnr" if checked.task == "enhance" else "frechet"
    if (metric == "psnr") != (checked.task == "enhance") or checked.task == "inpaint":
        goes = {"enhance": "psnr", "generate": "frechet"}
        raise OptionError(
            f"--metric {metric} is not measured by --task {checked.task}: "
            + "; ".join(f"--task {task} takes {measure}" for task, measure in goes.items())
        )
    least = int(LEAST / HELD_OUT_FRACTION)
    if len(whole) < least and not checked.hold_out:
        raise ValueError(
            f"{whole.name} has {len(whole)} training images; a sweep sets a quarter of them aside to compare on, and "
            f"needs {least} or more"
        )
    options["hold_out"] = checked.hold_out or min(HELD_OUT, int(HELD_OUT_FRACTION * len(whole)))
    timed = checked.steps is None and checked.seconds is None
    if timed:
        options["seconds"] = _seconds(config)
    plan = Plan(whole.record(), space, options, metric, timed)
    check_some(plan, set_aside(whole, options["hold_out"]))
    return plan, whole


def _seconds(config: SweepConfig) -> float:
    """Return how long a trial may train, so that all trials and the seeds of the best fit into the budget."""
    minutes = config.minutes or MINUTES
    again = config.seeds * (min(BEST, config.trials) + 1)  # the defaults, too
    each = 60 * minutes * config.at_once / (config.trials + again)
    seconds = 0.9 * (each - START_SECONDS)
    if seconds < SHORTEST:
        least = (config.trials + again) * (SHORTEST / 0.9 + START_SECONDS) / 60 / config.at_once
        raise OptionError(
            f"{minutes:g} minutes leave {each:.0f} s to each of {config.trials} trials and {again} trainings with "
            f"other seeds, starting included: give --minutes {least:.0f} or more, "
            "fewer --trials, or --seeds 0"
        )
    return round(seconds, 1)


def refusal_of(plan: Plan, data: ImageData, params: dict[str, Any]) -> str:
    """Return why options cannot make a training, in one line; empty if they can."""
    options = {name: value for name, value in (plan.options | params).items() if value is not None}
    try:
        config = make(TrainConfig, data=data.name, **options).resolved(*data.traits)
        check(config, data)
    except ValueError as error:
        return str(error)
    return ""


def check_some(plan: Plan, data: ImageData, draws: int = 100) -> None:
    """Raise ``ValueError`` if no combination, of a hundred, can make a training."""
    rng = np.random.default_rng(0)
    reason = ""
    for _ in range(draws):
        reason = refusal_of(plan, data, {name: _drawn(values, rng) for name, values in plan.space.items()})
        if not reason:
            return
    raise ValueError(f"no combination of what is tried can be trained: {reason}")


def _drawn(values: spaces.Choices | spaces.Range, rng: np.random.Generator) -> Any:
    if isinstance(values, spaces.Choices):
        return values.values[rng.integers(len(values.values))]
    if isinstance(values.low, int):
        return int(rng.integers(values.low, values.high + 1))
    return float(rng.uniform(values.low, values.high))


def defaults(plan: Plan, data: ImageData) -> dict[str, Any] | None:
    """Return the default of each option that is tried; None unless all of them can be tried."""
    options = {name: value for name, value in plan.options.items() if name not in ("image_size", "crop", "channels")}
    config = make(TrainConfig, data=data.name, **options).resolved(*data.traits)
    found: dict[str, Any] = {}
    for name, values in plan.space.items():
        value = getattr(config, name)
        if name == "augment" and value is None:
            value = "none"
        if value not in values and isinstance(values, spaces.Choices) and None in values.values:
            value = None
        if value not in values:
            return None
        found[name] = value
    return found


def begin(folder: Path, plan: Plan, data: ImageData) -> Plan:
    """Make the folder of a sweep, or join the one that it holds; return the plan that counts.

    Raises
    ------
    FileExistsError
        The folder holds another sweep, or something else.
    """
    if folder.exists() and not folder.is_dir():
        raise FileExistsError(f"{folder} is a file: choose a folder")
    if (folder / PLAN).exists():
        there = read(folder)
        if lines := there.differences(plan):
            more = " …" if len(lines) > 4 else ""
            raise FileExistsError(
                f"{folder} holds another sweep: {'; '.join(lines[:4])}{more}: choose another --folder"
            )
        return there
    if folder.exists() and any(not file.name.startswith(".") and file.name != DATA for file in folder.iterdir()):
        raise FileExistsError(f"{folder} holds something else than a sweep: choose another --folder")
    folder.mkdir(parents=True, exist_ok=True)
    if plan.data["source"] is None:
        _save(folder / DATA, data)
    temporary = folder / temporary_name("sweep", ".json")
    write_text(temporary, json.dumps(plan.to_json(), indent=1))
    try:
        os.link(temporary, folder / PLAN)  # the first of several processes wins
    except FileExistsError:
        return begin(folder, plan, data)
    except OSError:  # a file system without links
        temporary.replace(folder / PLAN)
    finally:
        temporary.unlink(missing_ok=True)
    return plan


def _save(path: Path, data: ImageData) -> None:
    arrays = {"x_train": data.images, "x_test": data.test_images}
    if data.labels is not None:
        arrays |= {"y_train": data.labels, "class_names": np.array(data.class_names)}
        if data.test_labels is not None:
            arrays["y_test"] = data.test_labels
    arrays = {name: array for name, array in arrays.items() if len(array)}
    with atomic(path) as temporary, temporary.open("wb") as file:
        np.savez(file, **arrays)


def read(folder: Path) -> Plan:
    """Read the plan of a sweep.

    Raises
    ------
    FileNotFoundError, ValueError
        There is no sweep, or it cannot be read.
    """
    file = folder / PLAN
    if not file.is_file():
        raise FileNotFoundError(f"{folder} holds no sweep (it has no {PLAN})")
    try:
        content = json.loads(read_text(file))
        if content["ganbook_sweep"] > VERSION:
            raise ValueError("a newer ganbook wrote it")
        return Plan(
            content["data"], spaces.parse(content["space"]), content["options"], content["metric"], content["timed"]
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ValueError(f"{file} cannot be read: {error}") from None
