"""``gb.evaluate``: measure samples against real images, and say what the metrics mean."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ganbook.config import signature
from ganbook.config.evaluate import EvaluateConfig
from ganbook.config.parser import check_kinds, make
from ganbook.data import ImageData, TextData, cache, load, load_images, names
from ganbook.data.dataset import check_images
from ganbook.data.image_data import array_digest
from ganbook.data.text import holds_text, lines_of
from ganbook.evaluation.diagnosis import Verdict, verdicts
from ganbook.evaluation.image_report import ImageReport
from ganbook.evaluation.report import Report
from ganbook.training.run import Run
from ganbook.training.runs import find, load_run
from ganbook.utils import backend
from ganbook.utils.arrays import size_in_words
from ganbook.utils.cached import read_cached, write_cached
from ganbook.utils.files import read_text, write_text
from ganbook.utils.progress import bar as progress_bar

if TYPE_CHECKING:
    from ganbook.evaluation.splits import Real, Subject

VERSION = 3  # to be raised whenever a number is measured in another way
SHEET = 49


@signature.takes(EvaluateConfig)
def evaluate(
    what: Any, data: Any = None, *, runs_dir: str | Path | None = None, progress: bool = True, **options: Any
) -> Report:
    """Measure how close samples are to real data, and judge them in words.

    Every metric is measured twice: for the samples, and for real images in their place, which is what a perfect
    generator would get. What was measured before is read from the cache. An interrupt (Ctrl-C) ends it and gives a
    report of what there is so far.

    Parameters
    ----------
    what
        A :class:`~ganbook.training.run.Run`, its name or folder; or images: an array uint8 (N, H, W, C), or whatever
        :func:`ganbook.data.load` takes; or a list of lines.
    data
        Reference images or lines, as :func:`ganbook.data.load` takes them; the run's own data unless given.
    runs_dir
        The folder that holds the run.
    progress
        Show a bar on stderr.
    **options
        The options of :class:`~ganbook.config.evaluate.EvaluateConfig`.

    Returns
    -------
    Report
        A table, verdicts, figures and JSON: an :class:`~ganbook.evaluation.image_report.ImageReport`, or a
        :class:`~ganbook.evaluation.text_report.TextReport`.

    Raises
    ------
    ValueError, OSError
        What was given, what is allowed and what to do, in one line.
    """
    config = make(EvaluateConfig, **{name: value for name, value in options.items() if value is not None})
    if (report := _of_text(what, data, runs_dir, config)) is not None:
        return report
    began = time.perf_counter()
    request = _requested(what, runs_dir, config)
    if data is None:
        if request.run is None:
            raise ValueError("images are compared with reference images: give --data, or a run, which has its own")
        data = request.run.data
    against = load_images(data, config.image_size, config.channels)
    _check_shape(request, against)
    backend.tensorflow()
    from ganbook.evaluation.splits import LEAST, real
    from ganbook.metrics import features

    if request.at_most < LEAST:
        raise ValueError(f"{request.at_most} samples are too few to be judged: give at least {LEAST}")
    dealt = real(against, request.at_most, config.seed)
    count = len(dealt.reference)
    images = request.draw(count)
    space = features.space(against, config.space, progress=progress)
    subject = dealt.samples(images, space)
    (samples, floor), stopped = _measured(subject, dealt.floor(space), dealt, against.fingerprint, progress)

    size = space.network.output_shape[0][1]
    judgement = verdicts(samples, floor, count, size, against.class_names)
    if stopped:
        judgement.insert(0, Verdict("stopped", "some metrics were not measured, so other faults may have gone unseen"))
    about = {
        "name": request.name, "step": request.step, "count": count, "seed": config.seed,
        "data": against.name, "fingerprint": against.fingerprint, "held_out": dealt.held_out,
        "space": space.name, "features": size, "task": space.task, "accuracy": space.accuracy,
        "sigma": samples.get("parzen_sigma"), "stopped": stopped, "seconds": round(time.perf_counter() - began, 1),
    }  # fmt: skip
    pairs = [(subject.unseen[pair["sample"]], subject.known[pair["train"]]) for pair in samples.get("pairs", ())]
    shown, reference = images[:SHEET], dealt.reference[:SHEET]
    return ImageReport(about, samples, floor, tuple(judgement), against.class_names, shown, reference, np.array(pairs))


def _of_text(what: Any, data: Any, runs_dir: str | Path | None, config: EvaluateConfig) -> Report | None:
    """Evaluate lines of text, if it is lines that are meant."""
    run = _run(what, runs_dir)
    if run is None and not (holds_text(what) or isinstance(what, TextData)):
        return None
    if run is not None and run.folder.config()["data"].get("kind") != "text":
        return None
    if data is None and run is None:
        raise ValueError("lines are compared with reference lines: give --data, or a run, which has its own")
    against = run.data if data is None and run is not None else load(data)
    if not isinstance(against, TextData):
        raise ValueError(f"lines are compared with lines, and {against.name} holds {against.holds}: give other --data")
    check_kinds(config, against.kind, against.holds)
    from ganbook.evaluation.text_report import evaluate_lines

    if run is None:
        lines = list(what.lines) if isinstance(what, TextData) else lines_of(what)
        return evaluate_lines(lines[: config.count], against, config, name=getattr(what, "name", None) or "lines")
    count = min(config.count, max(1, len(against.test_lines) // 2))
    try:
        drawn: Any = run.sample(count, config.seed, truncation=config.truncation, weights=config.weights)
    except RuntimeError as error:  # no weights yet
        raise ValueError(str(error)) from None
    best = run.folder.checkpoints.best() if config.weights == "best" else None
    return evaluate_lines(drawn, against, config, name=run.name, step=best.step if best else run.steps_done)


@dataclass(frozen=True)
class _Request:
    """What is to be evaluated: its name and shape, how many images there can be, and how to get them."""

    name: str
    shape: tuple[int, int, int]
    at_most: int
    draw: Callable[[int], np.ndarray]
    step: int | None = None
    run: Run | None = None


def _requested(what: Any, runs_dir: str | Path | None, config: EvaluateConfig) -> _Request:
    if run := _run(what, runs_dir):
        check_images(run.folder.config()["data"], "an evaluation")

        def draw(count: int) -> np.ndarray:
            return run.sample(count, config.seed, truncation=config.truncation, weights=config.weights)

        try:
            draw(1)
        except RuntimeError as error:  # no weights yet
            raise ValueError(str(error)) from None
        shape = run.folder.config()["data"]["shape"]
        best = run.folder.checkpoints.best() if config.weights == "best" else None
        step = best.step if best else run.steps_done
        return _Request(run.name, tuple(shape), config.count, draw, step, run)
    data = load_images(what, config.image_size, config.channels)
    order = np.random.default_rng(config.seed).permutation(len(data))
    at_most = min(config.count, len(data))
    return _Request(data.name, data.shape, at_most, lambda count: data.images[order[:count]])


def _run(what: Any, runs_dir: str | Path | None) -> Run | None:
    """The run that is meant, or None for images."""
    if isinstance(what, Run):
        return what
    if not isinstance(what, str | Path):
        return None
    try:
        find(what, runs_dir)
    except FileNotFoundError:
        if what in names() or Path(what).expanduser().exists():
            return None
        raise
    return load_run(what, runs_dir)


def _check_shape(request: _Request, data: ImageData) -> None:
    if request.shape == data.shape:
        return
    high, wide, channels = request.shape
    theirs, ours = size_in_words(request.shape), size_in_words(data.shape)
    resize = f"resize them with --image-size {high} --channels {channels}"
    raise ValueError(
        f"samples of {request.name} are {theirs} and images of {data.name} are {ours}: "
        f"{resize if high == wide else 'give data of the same shape'}"
    )


def _measured(
    subject: Subject, floor: Subject, real: Real, fingerprint: str, progress: bool
) -> tuple[list[dict[str, Any]], bool]:
    """Return rows of metrics for the samples and for the floor, and whether an interrupt cut them short."""
    from ganbook.evaluation.measure import PARTS
    from ganbook.evaluation.splits import Subject as Kind

    reference = Kind(real.reference, subject.space, real.tests, real.train, None)
    rows: list[dict[str, Any]] = [{}, {}]
    files = [_cache_file(images, real, fingerprint) for images in (subject, floor)]
    with progress_bar(total=2 * len(PARTS), unit="part", disable=not progress, delay=1) as bar:
        try:
            for row, images, file in zip(rows, (subject, floor), files, strict=True):
                if (measured := read_cached(file, _read_row)) is not None:
                    row |= measured
                    bar.update(len(PARTS))
                    continue
                for words, part in PARTS.items():
                    bar.set_description(f"{'samples' if images is subject else 'real images'}: {words}")
                    row |= part(images, reference, real)
                    bar.update()
                write_cached(file, partial(_write_row, row), "this evaluation")
        except KeyboardInterrupt:
            return rows, True
    return rows, False


def _read_row(file: Path) -> dict[str, Any]:
    row = json.loads(read_text(file))
    if not isinstance(row, dict):
        raise ValueError(f"{file} is damaged")
    return row


def _write_row(row: dict[str, Any], file: Path) -> None:
    write_text(file, json.dumps(row))


def _cache_file(subject: Subject, real: Real, fingerprint: str) -> Path:
    """Return the file of the cache that holds the row of these images."""
    from ganbook.metrics import features

    digests = [array_digest(part) for part in (subject.images, subject.unseen, real.reference)]
    key = "\n".join([*digests, fingerprint, subject.space.name, f"{VERSION} {features.VERSION}"])
    return Path(cache.root()) / "evaluations" / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.json"
