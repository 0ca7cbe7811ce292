"""From options to a run: start a new one or continue one."""

from __future__ import annotations

import contextlib
import datetime
import os
import platform
import re
import warnings
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ganbook.augmentation.policy import Policy
from ganbook.config import cluster, signature
from ganbook.config.base import declaration
from ganbook.config.parser import flag, make
from ganbook.config.presets import tasks_of
from ganbook.config.train import TrainConfig
from ganbook.data import amount
from ganbook.data.array_name import array_name
from ganbook.data.dataset import Dataset
from ganbook.data.image_data import ImageData
from ganbook.data.load import load_recorded
from ganbook.training import devices, flips, start_from
from ganbook.training.checks import check
from ganbook.training.cluster import gathered
from ganbook.training.run import Run
from ganbook.training.run_folder import RunFolder
from ganbook.training.runs import ActiveRunError, active_in, find
from ganbook.utils import backend
from ganbook.utils.bounds import switch
from ganbook.utils.errors import OptionError

if TYPE_CHECKING:
    import keras

LONGEST_STEM = 60  # of a name that is made from the data's


@signature.takes(TrainConfig)
def train(
    data: Any = None,
    *,
    network: str | tuple[keras.Model, keras.Model] | None = None,
    resume: str | Path | None = None,
    overwrite: bool = False,
    wait: bool = False,
    **options: Any,
) -> Run:
    """Train a GAN in the background.

    Parameters
    ----------
    data
        Data set, in any form that :func:`ganbook.data.load` takes; ``fashion`` by default.
    network
        Name of a network, or your own pair of Keras models ``(generator, discriminator)``.
    resume
        Name or folder of a run to continue, until it has ``steps`` or ``seconds`` in total. Options that would change
        the result must stay as they were.
    overwrite
        Replace a run of the same name; one that trains in this process is stopped first.
    wait
        Return when the run has ended. Ctrl-C then pauses it and returns.
    **options
        The options of :class:`~ganbook.config.train.TrainConfig`.

    Returns
    -------
    Run
        Training, or queued while another run trains.

    Raises
    ------
    ValueError, OSError
        One line: what was given, what is allowed and what to do. Nothing has been changed.
    """
    wait = switch(wait, "wait")
    run = prepared(data, network=network, resume=resume, overwrite=overwrite, **options)
    run.start()
    return run.wait() if wait else run


@signature.takes(TrainConfig)
def again(run: Run, *, wait: bool = False, **options: Any) -> Run:
    """Train once more on the same data with the same options, but for those that are given.

    The first run is not touched; one that trains is waited for.

    Parameters
    ----------
    run
        Whose data and options, the seed among them, to take. Steps and seconds are those that it was to have.
    wait
        Return when the new run has ended. Ctrl-C then pauses it and returns.
    **options
        What differs, options of :class:`~ganbook.config.train.TrainConfig`. The name is a free one unless given.
        Defaults that follow from these are those of a new training: the penalties of another loss, the rates of another
        network.
        Learning rates that were changed while ``run`` trained change at the same steps, unless rates are given.

    Returns
    -------
    Run
        The new one.

    Raises
    ------
    ValueError, OSError
        One line; nothing has been changed.

    Examples
    --------
    >>> second = gb.again(first, r1=1.0)
    """
    config = run.config
    if options.get("data") is not None:
        raise OptionError(f"again takes the data of {run.name}: for other data call gb.train")
    if config.network == "custom":
        raise OptionError(f"{run.name} has your own networks: gb.train(…, network=(generator, discriminator)) again")
    asked = options_of(run) | {"runs_dir": run.folder.path.parent}
    if any(options.get(name) is not None for name in ("steps", "seconds")):
        asked |= {"steps": None, "seconds": None}
    if any(options.get(name) is not None for name in ("learning_rate", "d_learning_rate", "rate_half_life")):
        asked |= {"rate_changes": None}
    return train(**(asked | {name: value for name, value in options.items() if value is not None}), wait=wait)


def options_of(run: Run) -> dict[str, Any]:
    """Return data and options with which :func:`train` would repeat a run, but for its name and place.

    What follows from other options is left out, so that it follows from those that are changed: penalties from the
    loss, rates from the network.
    """
    data = run.data
    chosen = run.config.chosen(*data.traits)
    # None would be read as "not chosen", and few images are then augmented
    options = {name: "none" if name == "augment" and value is None else value for name, value in chosen.items()}
    return {name: value for name, value in options.items() if value is not None} | {"data": data}


def prepared(
    data: Any = None,
    *,
    network: str | tuple[keras.Model, keras.Model] | None = None,
    resume: str | Path | None = None,
    overwrite: bool = False,
    **options: Any,
) -> Run:
    """Return a run that has not started; :func:`train` describes arguments and errors."""
    overwrite = switch(overwrite, "overwrite")
    _check_workers(options, network)
    pair = None
    if isinstance(network, tuple | list):
        pair, options["network"] = _checked_pair(network), "custom"
    elif network is not None:
        options["network"] = network
    if resume is not None and overwrite:
        raise OptionError("--resume continues a run and --overwrite replaces it: give one of them")
    options = {name: value for name, value in options.items() if value is not None}
    policy = options.get("augment", "none")
    if policy != "none":  # as text, so that the run needs no file to continue
        options["augment"] = str(policy if isinstance(policy, Policy) else Policy.parse(policy))
    if isinstance(start := options.get("start_from"), Run | os.PathLike):
        options["start_from"] = str(start.folder.path if isinstance(start, Run) else start)
    return _continued(resume, data, options) if resume is not None else _new(data, pair, options, overwrite)


def _check_workers(options: dict[str, Any], network: Any) -> None:
    """Raise ``ValueError`` where this process cannot be the chief of the workers asked for."""
    if options.get("workers") is None and options.get("worker_index") is None:
        return
    asked = make(TrainConfig, **{name: options.get(name) for name in ("workers", "worker_index")})
    cluster.check(asked.workers, asked.worker_index)
    if asked.worker_index:
        raise OptionError(
            "the chief alone, --worker-index 0, has a run: start the others in a terminal, with ganbook train --workers"
        )
    if isinstance(network, tuple | list):
        raise ValueError("your own pair of networks trains in one process: leave --workers out")


def _checked_pair(pair: Any) -> tuple[keras.Model, keras.Model]:
    backend.tensorflow()
    from ganbook.networks import checks

    if len(pair) != 2:
        raise ValueError(f"network takes a name or two Keras models, (generator, discriminator), not {len(pair)}")
    generator, discriminator = pair
    checks.check(generator, discriminator)
    return generator, discriminator


def _new(source: Any, pair: tuple[keras.Model, keras.Model] | None, options: dict[str, Any], overwrite: bool) -> Run:
    from ganbook.data import load

    source = options.pop("data", source)
    source = "fashion" if source is None else source
    data_name = str(source) if isinstance(source, str | os.PathLike) else getattr(source, "name", array_name())
    config = make(TrainConfig, data=data_name, **options)
    if config.network == "custom" and pair is None:
        raise OptionError("--network custom means your own Keras models: gb.train(network=(generator, discriminator))")
    with gathered(config) as workers:
        data = load(
            source, config.image_size, config.channels, crop=config.crop, hold_out=config.hold_out,
            max_length=config.max_length, long_lines=config.long_lines,
        )  # fmt: skip
        if "task" not in options:
            config = config.model_copy(update={"task": tasks_of(data.kind)[0]})
        config = config.resolved(*data.traits)
        check(config, data, pair)
        config, why = flips.decided(config, data)
        if why:
            warnings.warn(why, stacklevel=5)
        _warn_of_few(config, data)
        if config.start_from:
            source_run = find(config.start_from, config.runs_dir)
            start_from.check(source_run, config, data)
            config = config.model_copy(update={"start_from": str(source_run.path.resolve())})
        if workers is not None:
            workers.agree(config, data, backend.onednn())
        if config.name is not None:
            return Run(_created(config, data, overwrite), config, data, pair, workers)
        while True:
            config = config.model_copy(update={"name": _free_name(config, data)})
            try:
                return Run(_created(config, data), config, data, pair, workers)
            except (FileExistsError, BlockingIOError):  # another process took this name meanwhile
                if not os.path.lexists(config.runs_dir / config.name):
                    raise


def _warn_of_few(config: TrainConfig, data: Dataset) -> None:
    """Warn that there are hardly images enough to learn to draw such images."""
    if isinstance(data, ImageData) and config.task == "generate" and not config.start_from:
        for line in amount.too_few(len(data), amount.class_counts(data), config.conditional):
            warnings.warn(f"{data.name}: {line}", stacklevel=6)


def _created(config: TrainConfig, data: Dataset, overwrite: bool = False) -> RunFolder:
    """Make the folder of a new run."""
    folder = RunFolder(config.runs_dir / config.name)
    if active := active_in(folder):
        if not overwrite:
            raise ActiveRunError(active)
        active.stop()
        active.ended.wait()
    try:
        folder.create(_description(config, data), overwrite=overwrite)
    except (FileExistsError, BlockingIOError):
        raise
    except OSError as error:
        raise PermissionError(
            f"{folder.path} cannot be written ({error.strerror or error}): choose another place with --runs-dir"
        ) from None
    return folder


def _free_name(config: TrainConfig, data: Dataset) -> str:
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", data.name).strip("-")[:LONGEST_STEM]
    stem = f"{stem}-{config.network}".strip("-")
    taken = set(os.listdir(config.runs_dir)) if config.runs_dir.is_dir() else set()
    return next(name for i in range(1, len(taken) + 2) if (name := f"{stem}-{i}") not in taken)


def _description(config: TrainConfig, data: Dataset) -> dict[str, Any]:
    """Return the content of ``config.json``: options as used, versions, the data's fingerprint."""
    return {
        "created": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "versions": {name: version(name) for name in ("ganbook", "tensorflow", "keras", "numpy")}
        | {"python": platform.python_version()},
        "onednn": backend.onednn(),
        "options": config.to_save(),
        "data": data.record(),
    }


def _continued(run_name: str | Path, source: Any, options: dict[str, Any]) -> Run:
    folder = find(run_name, options.pop("runs_dir", None))
    saved = folder.config()
    folder.options()  # where they are damaged, it is the file that is named, not what was typed
    if options.get("name", folder.name) != folder.name:
        raise OptionError(f"--resume continues {folder.name}, which keeps its name: leave out --name")
    source = options.pop("data", source)
    asked = make(TrainConfig, **{name: value for name, value in options.items() if name != "name"})
    new = {name: getattr(asked, name) for name in asked.model_fields_set}
    _refuse_changes(folder.name, saved["options"], new)
    if active := active_in(folder):
        raise ActiveRunError(active)
    budget = {"steps": None, "seconds": None} if {"steps", "seconds"} & set(new) else {}
    place = {"name": folder.name, "runs_dir": folder.path.parent}
    if "workers" in new and "devices" not in new:  # other devices than last time
        place["devices"] = None
    config = make(TrainConfig, **saved["options"] | budget | new | place).resolved()
    with gathered(config) as workers:
        run = Run(folder, config, load_recorded(saved["data"], source), None, workers)
        if run.state == "finished":
            with contextlib.suppress(OSError):
                folder.clean()  # of what a kill at the very end left
            done = f"{run.steps_done:,} steps" if config.steps else f"{run.seconds:.0f} seconds"
            raise ValueError(f"{folder.name} already has its {done}: give a larger total with --steps or --seconds")
        if workers is not None:
            devices.check(config)
            workers.agree(config, run.data, saved.get("onednn", backend.onednn_by_itself()))
    return run  # its options are written when it has locked the folder


def _refuse_changes(run_name: str, saved: dict[str, Any], new: dict[str, Any]) -> None:
    """Raise ``ValueError`` if new options would change the result of a run that is to continue."""
    changes = [
        f"{flag(name)} {value} (was {saved.get(name)})"
        for name, value in sorted(new.items())
        if declaration(TrainConfig.model_fields[name]).changes_result and value != saved.get(name)
    ]
    if changes:
        raise ValueError(
            f"{run_name} was trained with other options, and these would change the result: {', '.join(changes)}; "
            "leave them out, or start a new run"
        )
