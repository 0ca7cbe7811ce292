"""From options to a :class:`~ganbook.run.Run`: start one, go on with one, find those on disk."""

from __future__ import annotations

import datetime
import os
import platform
import re
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from ganbook.active import active_runs
from ganbook.augmentation.policy import Policy
from ganbook.config import TrainConfig, default_runs_dir
from ganbook.options import OptionError, flag, make, nearest
from ganbook.run import Run
from ganbook.store import RunFolder, names_in

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
        ``article``, ``dcgan``, or your own pair of Keras models ``(generator, discriminator)``.
    resume
        Name or folder of a run to go on with, to ``steps`` or ``seconds`` in total. Options that would change the
        result must be as they were.
    overwrite
        Replace a run of the same name.
    wait
        Return when the run has ended. Ctrl-C then pauses it and returns.
    **options
        The options of :class:`~ganbook.config.TrainConfig`.

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
        pair, options["network"] = _own_pair(network), "own"
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
    from ganbook import backend

    backend.tensorflow()
    from ganbook.networks import fit

    if len(pair) != 2:
        raise ValueError(f"network takes a name or two Keras models, (generator, discriminator), not {len(pair)}")
    fit.check(*pair)
    return tuple(pair)


def _new(data: Any, pair: Any, options: dict[str, Any], overwrite: bool) -> Run:
    source = options.pop("data", data)
    source = "fashion" if source is None else source
    named = str(source) if isinstance(source, str | os.PathLike) else getattr(source, "name", "array")
    config = make(TrainConfig, data=named, **options)
    if config.network == "own" and pair is None:
        raise OptionError("--network own means your own Keras models: gb.train(network=(generator, discriminator))")
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


def check(config: TrainConfig, data: ImageData, pair: Any = None) -> None:
    """Raise ``ValueError`` if these resolved options and data cannot make a training."""
    _check_task(config, data)
    if len(data) < 2:
        raise ValueError(f"{data.name} holds one image; a GAN needs at least two, and hundreds to be of use")
    if len(data) < config.batch_size:
        raise ValueError(
            f"{data.name} holds {len(data)} images, fewer than a batch of {config.batch_size}: give --batch-size "
            f"{len(data)} or less, or more images"
        )
    if config.conditional and data.labels is None:
        raise ValueError(f"--conditional needs labels and {data.name} has none: give labels, or subfolders as classes")
    if config.augment_weight and config.loss != "minimax":
        raise ValueError(f"--augment-weight extends --loss minimax; it has no meaning for {config.loss}: leave it at 0")
    if config.augment:
        Policy.parse(config.augment).check_differentiable()
    if config.adaptive and not config.augment:
        raise ValueError("--adaptive decides how likely each operation of --augment is: leave out --augment none")
    if config.augment_weight and config.adaptive:
        raise ValueError(
            "--adaptive steers what D sees of all images, --augment-weight makes y alone: leave out one of them"
        )
    if config.one_backward:
        reason = (
            f"--loss {config.loss}" if config.loss in ("hinge", "least-squares")
            else f"--critic-steps {config.critic_steps}" if config.critic_steps > 1 else None
        )  # fmt: skip
        if reason:
            raise ValueError(f"--one-backward is not exact with {reason}: leave it off")
    if pair is not None:
        made = tuple(pair[0].output_shape[1:])
        if made != data.shape:
            raise ValueError(
                f"your generator draws {made}, but the images of {data.name} are {data.shape}: make them equal"
            )
        if config.conditional != (len(pair[0].inputs) == 2):
            raise ValueError("networks with a second input for labels go with --conditional, others without it")


def _check_task(config: TrainConfig, data: ImageData) -> None:
    if config.task == "generate":
        if config.network == "context" or config.masks is not None or config.reconstruction is not None:
            raise ValueError("--network context, --masks and --reconstruction go with --task inpaint")
        return
    if config.network != "context":
        raise ValueError(f"--network {config.network} draws from noise; --task inpaint takes context")
    for name in ("conditional", "one_backward", "augment", "evaluate_every"):
        if getattr(config, name):
            raise ValueError(f"{flag(name)} is not for --task inpaint: leave it out")
    from ganbook.inpainting import masks

    for kind in config.masks.split(","):
        masks.draw(kind, data.shape[:2])


def _free_name(config: TrainConfig, data: ImageData) -> str:
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", f"{data.name}-{config.network}").strip("-")
    taken = set(names_in(config.runs_dir))
    return next(name for i in range(1, len(taken) + 2) if (name := f"{stem}-{i}") not in taken)


def _description(config: TrainConfig, data: ImageData) -> dict[str, Any]:
    """What ``config.json`` says: options as used, versions, the data's fingerprint."""
    from ganbook.data.record import record

    return {
        "created": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "versions": {name: version(name) for name in ("ganbook", "tensorflow", "keras", "numpy")}
        | {"python": platform.python_version()},
        "options": config.to_save(),
        "data": record(data),
    }


def _resumed(which: str | Path, data: Any, options: dict[str, Any]) -> Run:
    from ganbook.data.record import load_recorded

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
    if run := _active_in(folder):
        raise BlockingIOError(
            f"{folder.name} is {run.state} here: stop() it first, or pause(), resume() or extend() it"
        )


def _active_in(folder: RunFolder) -> Run | None:
    """The run of this process that works in this folder."""
    path = folder.path.resolve()
    return next((run for run in active_runs() if run.folder.path.resolve() == path), None)


def find(which: str | Path, runs_dir: str | Path | None = None) -> RunFolder:
    """Find a run by name or by the path of its folder.

    Raises
    ------
    FileNotFoundError
        There is none; the message names the nearest.
    """
    base = Path(runs_dir) if runs_dir is not None else default_runs_dir()
    by_path = Path(which).expanduser()
    is_path = len(by_path.parts) > 1 or by_path.is_absolute()
    if is_path or (by_path / "config.json").is_file():
        folder = RunFolder(by_path)
        folder.config()
        return folder
    folder = RunFolder(base / by_path)
    if not (folder.path / "config.json").is_file():
        known = names_in(base)
        there = f"runs there: {', '.join(known[:8])}" if known else "there are no runs there"
        raise FileNotFoundError(f"no run {str(which)!r} in {base}{nearest(str(which), known)} ({there})")
    return folder


def load_run(which: str | Path, runs_dir: str | Path | None = None) -> Run:
    """Open a run on disk by name or path, or return the one that this process trains.

    Raises
    ------
    FileNotFoundError, ValueError
        There is no such run, or a newer ganbook wrote it.
    """
    folder = find(which, runs_dir)
    if run := _active_in(folder):
        return run
    place = {"name": folder.name, "runs_dir": folder.path.parent}
    return Run(folder, make(TrainConfig, **folder.config()["options"] | place))


def runs(runs_dir: str | Path | None = None) -> pd.DataFrame:
    """List the runs in a folder of runs, newest first.

    Returns
    -------
    DataFrame
        ``name``, ``state``, ``step``, ``of``, ``data``, ``network``, ``loss``, ``created``.
    """
    base = Path(runs_dir) if runs_dir is not None else default_runs_dir()
    rows = []
    for name in names_in(base):
        try:
            run = load_run(base / name)
            saved = run.folder.config()
        except ValueError as error:
            rows.append({"name": name, "state": str(error)})
            continue
        elsewhere = not run.active and run.folder.is_locked()
        options = run.config
        rows.append({
            "name": name, "state": "training elsewhere" if elsewhere else run.state, "step": run.steps_done,
            "of": f"{options.steps:,} steps" if options.steps else f"{options.seconds:g} s",
            "data": saved["data"]["name"], "network": options.network, "loss": options.loss,
            "created": saved["created"],
        })  # fmt: skip
    columns = ["name", "state", "step", "of", "data", "network", "loss", "created"]
    return pd.DataFrame(rows, columns=columns).astype({"step": "Int64"})
