"""From options to a :class:`~ganbook.training.run.Run`: start one, go on with one, find those on disk."""

from __future__ import annotations

import datetime
import os
import platform
import re
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ganbook.augmentation.policy import Policy
from ganbook.config.parser import flag, make
from ganbook.config.train import TrainConfig
from ganbook.training.checks import check
from ganbook.training.run import Run
from ganbook.training.run_folder import RunFolder, names_in
from ganbook.training.runs import active_in, find
from ganbook.utils.errors import OptionError

if TYPE_CHECKING:
    import keras

    from ganbook.data import ImageData


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
        Whatever :func:`ganbook.data.load` takes; ``fashion`` unless given.
    network
        ``mlp``, ``dcgan``, or your own pair of Keras models ``(generator, discriminator)``.
    resume
        Name or folder of a run to go on with, to ``steps`` or ``seconds`` in total. Options that would change the
        result must be as they were.
    overwrite
        Replace a run of the same name.
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
        What was given, what is allowed and what to do, in one line. Nothing has been changed.
    """
    pair = None
    if isinstance(network, tuple | list):
        pair, options["network"] = _own_pair(network), "custom"
    elif network is not None:
        options["network"] = network
    if resume is not None and overwrite:
        raise OptionError("--resume goes on with a run and --overwrite replaces it: give one of them")
    options = {name: value for name, value in options.items() if value is not None}
    given = options.get("augment", "none")
    if given != "none":  # as text, so that the run needs no file to go on
        options["augment"] = str(given if isinstance(given, Policy) else Policy.parse(given))
    run = _resumed(resume, data, options) if resume is not None else _new(data, pair, options, overwrite)
    run.start()
    return run.wait() if wait else run


def _own_pair(pair: Any) -> tuple[keras.Model, keras.Model]:
    from ganbook.utils import backend

    backend.tensorflow()
    from ganbook.networks import checks

    if len(pair) != 2:
        raise ValueError(f"network takes a name or two Keras models, (generator, discriminator), not {len(pair)}")
    checks.check(*pair)
    return tuple(pair)


def _new(data: Any, pair: Any, options: dict[str, Any], overwrite: bool) -> Run:
    source = options.pop("data", data)
    source = "fashion" if source is None else source
    named = str(source) if isinstance(source, str | os.PathLike) else getattr(source, "name", "array")
    config = make(TrainConfig, data=named, **options)
    if config.network == "custom" and pair is None:
        raise OptionError("--network custom means your own Keras models: gb.train(network=(generator, discriminator))")
    loaded = _load(source, config)
    config = config.resolved(len(loaded))
    check(config, loaded, pair)
    name = config.name or _free_name(config, loaded)
    config = config.model_copy(update={"name": name})
    folder = RunFolder(config.runs_dir / name)
    if overwrite:
        _refuse_active(folder)
    try:
        folder.create(_description(config, loaded), overwrite=overwrite)
    except (FileExistsError, BlockingIOError):
        raise
    except OSError as error:
        raise PermissionError(
            f"{folder.path} cannot be written ({error.strerror}): choose another place with --runs-dir"
        ) from None
    return Run(folder, config, loaded, pair)


def _load(source: Any, config: TrainConfig) -> ImageData:
    from ganbook.data import load

    return load(source, config.image_size, config.channels)


def _free_name(config: TrainConfig, data: ImageData) -> str:
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", f"{data.name}-{config.network}").strip("-")
    taken = set(names_in(config.runs_dir))
    return next(name for i in range(1, len(taken) + 2) if (name := f"{stem}-{i}") not in taken)


def _description(config: TrainConfig, data: ImageData) -> dict[str, Any]:
    """What ``config.json`` says: options as used, versions, the data's fingerprint."""
    return {
        "created": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "versions": {name: version(name) for name in ("ganbook", "tensorflow", "keras", "numpy")}
        | {"python": platform.python_version()},
        "options": config.to_save(),
        "data": data.record(),
    }


def _resumed(which: str | Path, data: Any, options: dict[str, Any]) -> Run:
    from ganbook.data.dataset import load_recorded

    folder = find(which, options.pop("runs_dir", None))
    saved = folder.config()
    if options.get("name", folder.name) != folder.name:
        raise OptionError(f"--resume goes on with {folder.name}, which keeps its name: leave out --name")
    given = make(TrainConfig, **{k: v for k, v in options.items() if k not in ("name", "data")})
    changed = [
        f"{flag(name)} {getattr(given, name)} (was {saved['options'].get(name)})"
        for name in sorted(given.model_fields_set)
        if TrainConfig.model_fields[name].json_schema_extra["changes_result"]
        and getattr(given, name) != saved["options"].get(name)
    ]
    if changed:
        raise ValueError(
            f"{folder.name} was trained with other options, and these would change the result: {', '.join(changed)}; "
            "leave them out, or start a new run"
        )
    _refuse_active(folder)
    budget = {"steps": None, "seconds": None} if given.model_fields_set & {"steps", "seconds"} else {}
    new = {name: getattr(given, name) for name in given.model_fields_set}
    place = {"name": folder.name, "runs_dir": folder.path.parent}
    config = make(TrainConfig, **saved["options"] | budget | new | place).resolved()
    source = options.pop("data", data)
    run = Run(folder, config, load_recorded(saved["data"], source))
    if run.state == "finished":
        done = f"{run.steps_done:,} steps" if config.steps else f"{run.seconds:.0f} seconds"
        raise ValueError(f"{folder.name} has its {done} already: give a larger total with --steps or --seconds")
    folder.change_options(config.to_save())
    return run


def _refuse_active(folder: RunFolder) -> None:
    if run := active_in(folder):
        raise BlockingIOError(
            f"{folder.name} is {run.state} here: stop() it first, or pause(), resume() or extend() it"
        )
