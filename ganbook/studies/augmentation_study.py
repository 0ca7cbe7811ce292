"""Does augmentation help a classifier? Real images alone, with classical augmentation, with a GAN's samples, or both.

Everything is judged on real images that neither classifier nor GAN has seen. Every arm takes as many update steps, on
batches of the same size, from the same initial weights. Accuracy of a classifier that saw synthetic images
alone is GAN-train; that of a classifier of real images on synthetic ones is GAN-test (Shmelkov et al. 2018, arXiv
1807.09499; the first is also called CAS, Ravuri & Vinyals 2019, arXiv 1905.10887).
"""

from __future__ import annotations

import contextlib
import csv
import dataclasses
import io
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ganbook.augmentation.policy import Policy, as_policy
from ganbook.data import ImageData, load_images
from ganbook.studies.augmentation_results import AugmentationStudy
from ganbook.studies.sample_filters import checked, chosen
from ganbook.utils.files import atomic, read_text, user_path, write_text
from ganbook.utils.progress import Watch
from ganbook.utils.progress import bar as progress_bar

if TYPE_CHECKING:
    from ganbook.studies.classifier import Classifier
    from ganbook.training.run import Run

SYNTHETIC = 2000  # images drawn from each GAN, as many of each class
# Of the time, the fraction that GANs take.
GAN_SHARE = 0.6
COLUMNS = ("fraction", "images", "seed", "arm", "accuracy", "gan_test", "accepted", "by_class", "seconds")
PLAN, CELLS = "study.json", "cells.csv"


def augmentation(
    data: Any,
    folder: str | Path,
    *,
    fractions: Sequence[float] | str = (0.01, 0.05, 0.1, 1.0),
    seeds: int = 3,
    policy: Policy | str = "standard",
    steps: int = 500,
    gan_steps: int = 3000,
    filters: Sequence[str] | str = ("agreement",),
    minutes: float | None = None,
    progress: Callable[[float], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> AugmentationStudy:
    """Measure what augmentation does for a classifier, and say so.

    Parameters
    ----------
    data
        Labelled images with a test split; whatever :func:`ganbook.data.load` takes.
    folder
        Folder of the results, and of the GANs as runs. Called again with the same plan, a study continues.
    fractions
        Of the training split, drawn class by class; each in (0, 1], or per cent in words: ``1,5,10,100``.
    seeds
        How often everything is repeated, with other images and weights.
    policy
        The classical augmentation.
    steps
        Updates of each classifier.
    gan_steps
        Steps of each GAN, which learns the classes from the chosen fraction alone.
    filters
        Ways to choose among a GAN's samples before they are added, each an arm of its own:
        :data:`ganbook.studies.sample_filters.FILTERS`.
    minutes
        A budget. GANs then train as long as fits, and no part is begun that would not end in time.
    progress
        Called with the fraction done, 0 to 1; without it there is a bar.
    stop
        Called now and then; where it returns True, the study ends with what was measured so far.

    Returns
    -------
    AugmentationStudy
        What is known when it ends or is interrupted (Ctrl-C).

    Raises
    ------
    ValueError
        No labels, one class, no test split, an unknown filter, or a fraction so small that a class vanishes.
    FileExistsError
        The folder holds another study.
    """
    data, policy = load_images(data), as_policy(policy)
    fractions, filters = _read(fractions) if isinstance(fractions, str) else fractions, checked(filters)
    _check(data, fractions, seeds, minutes)
    folder = user_path(folder, "folder")
    plan = {
        "data": data.fingerprint, "fractions": list(fractions), "policy": json.loads(policy.to_json()), "steps": steps,
        "gan_steps": None if minutes else gan_steps, "filters": list(filters),
    }  # fmt: skip
    _begin(folder, plan)
    cells = [(fraction, seed) for seed in range(seeds) for fraction in fractions]
    done = {
        (row["fraction"], row["seed"])
        for row in AugmentationStudy.load(folder).cells.to_dict("records")
        if row["arm"] == "last"
    }
    budget = {"steps": gan_steps}
    if minutes:
        budget = {"seconds": GAN_SHARE * 60 * minutes / len(cells)}
    from ganbook.utils import backend

    backend.tensorflow()
    from ganbook.studies.classifier import Classifier

    classifier = Classifier(data.shape, data.num_classes)
    arms = Arms(data, policy, classifier, steps, filters)
    began, longest, watch = time.perf_counter(), 0.0, Watch(progress, stop)
    bar = progress_bar(cells, desc="study", unit="part", delay=1, disable=progress is not None)
    with contextlib.suppress(KeyboardInterrupt, InterruptedError):
        for place, (fraction, seed) in enumerate(bar):
            if (fraction, seed) in done:
                continue
            if minutes and time.perf_counter() - began + longest > 60 * minutes:
                break
            start = time.perf_counter()
            with watch.part(place / len(cells), (place + 1) / len(cells)):
                _append(folder, _cell(arms, fraction, seed, folder, budget, watch))
            longest = max(longest, time.perf_counter() - start)
    return AugmentationStudy.load(folder)


def _read(fractions: str) -> list[float]:
    try:
        return [float(fraction) / 100 for fraction in fractions.split(",")]
    except ValueError:
        raise ValueError(f"--fractions {fractions}: write per cent, as in 1,5,100") from None


def check_data(data: ImageData) -> None:
    """Raise ``ValueError`` if a study cannot be made of these images."""
    if data.labels is None:
        raise ValueError(f"{data.name} has no labels, and the study trains a classifier: give labels")
    if data.num_classes < 2:
        raise ValueError(f"{data.name} has one class: a classifier needs two")
    if not len(data.test_images) or data.test_labels is None:
        raise ValueError(f"{data.name} has no test split to judge on: give x_test, y_test, or folders train and test")


def _check(data: ImageData, fractions: Sequence[float], seeds: int, minutes: float | None) -> None:
    check_data(data)
    if seeds < 1 or (minutes is not None and not minutes > 0):
        raise ValueError(f"seeds is {seeds} and minutes {minutes}: give 1 or more, and more than 0")
    for fraction in fractions:
        if not 0 < fraction <= 1:
            raise ValueError(f"a fraction is {fraction:g}: it is more than 0 and at most 1 (0.05 is 5 %)")
        few = np.bincount(data.labels, minlength=data.num_classes)
        least = int(few.argmin())
        if round(fraction * few[least]) < 1:
            raise ValueError(
                f"{fraction:.2%} of {data.name} leaves nothing of class {data.class_names[least]} "
                f"({few[least]} images): give fractions of {1 / max(1, few[least]):.3g} or more"
            )


def _begin(folder: Path, plan: dict[str, Any]) -> None:
    if folder.exists() and not folder.is_dir():
        raise FileExistsError(f"{folder} is a file: choose a folder")
    if not folder.exists() or all(file.name.startswith(".") for file in folder.iterdir()):
        folder.mkdir(parents=True, exist_ok=True)
        with atomic(folder / PLAN) as temporary:
            write_text(temporary, json.dumps(plan, indent=1))
    try:
        same = json.loads(read_text(folder / PLAN)) == plan
    except (OSError, ValueError):
        same = False
    if not same:
        raise FileExistsError(f"{folder} holds another study, or something else: choose another folder")


def _append(folder: Path, rows: list[dict[str, Any]]) -> None:
    """Add the rows of a cell to those before, all or none of them."""
    file, text = folder / CELLS, io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    if not file.exists():
        writer.writeheader()
    writer.writerows(rows)
    with atomic(file) as temporary:
        write_text(temporary, (read_text(file) if file.exists() else "") + text.getvalue())


def part_of(data: ImageData, fraction: float, seed: int) -> ImageData:
    """A fraction of the training split, drawn class by class."""
    rng, chosen = np.random.default_rng(seed), []
    for label in range(data.num_classes):
        where = np.flatnonzero(data.labels == label)
        chosen.append(rng.permutation(where)[: max(1, round(fraction * len(where)))])
    chosen = np.sort(np.concatenate(chosen))
    return dataclasses.replace(
        data, images=data.images[chosen], labels=data.labels[chosen], name=f"{data.name}-{fraction:g}", source=None,
        known_fingerprint=None,
    )  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Arms:
    """What is compared, the same in every part of a study."""

    data: ImageData
    policy: Policy
    classifier: Classifier
    steps: int
    filters: Sequence[str]


def _cell(
    arms: Arms, fraction: float, seed: int, folder: Path, budget: dict[str, float], watch: Watch
) -> list[dict[str, Any]]:
    """All arms of one fraction and seed."""
    began, data, part = time.perf_counter(), arms.data, part_of(arms.data, fraction, seed)
    with watch.part(0, GAN_SHARE):
        run = _gan(part, seed, folder, budget, watch)
    labels = np.arange(SYNTHETIC, dtype=np.int32) % data.num_classes
    drawn, real = run.sample(SYNTHETIC, seed, labels), (part.images, part.labels)
    rows: list[dict[str, Any]] = []

    def train(arm: str, sources: list[tuple[np.ndarray, np.ndarray]], augmented: bool, accepted: float = 1.0) -> None:
        _goes_on(watch, GAN_SHARE + (1 - GAN_SHARE) * len(rows) / (5 + len(arms.filters)))
        arms.classifier.train(sources, arms.steps, seed, arms.policy if augmented else None)
        right = arms.classifier.classes(data.test_images) == data.test_labels
        by_class = [round(float(right[data.test_labels == k].mean()), 4) for k in range(data.num_classes)]
        row = {
            "fraction": fraction,
            "images": len(part),
            "seed": seed,
            "arm": arm,
            "accuracy": round(float(right.mean()), 4),
        }
        rows.append(row | {"accepted": round(accepted, 3), "by_class": json.dumps(by_class)})

    train("real", [real], False)
    seen = arms.classifier.classes(drawn)
    rows[0]["gan_test"] = round(float(np.mean(seen == labels)), 4)
    train("real + classical", [real], True)
    train("real + synthetic", [real, (drawn, labels)], False)
    for name in arms.filters:
        good = chosen(name, run, part, drawn, labels, seen)
        if good.any():
            train(f"real + synthetic by {name}", [real, (drawn[good], labels[good])], False, float(good.mean()))
    train("real + both", [real, (drawn, labels)], True)
    train("synthetic only", [(drawn, labels)], False)
    return [
        *rows,
        {"fraction": fraction, "seed": seed, "arm": "last", "seconds": round(time.perf_counter() - began, 1)},
    ]


def _goes_on(watch: Watch, fraction: float) -> None:
    if not watch.goes_on(fraction):
        raise InterruptedError


def _gan(part: ImageData, seed: int, folder: Path, budget: dict[str, float], watch: Watch) -> Run:
    """The GAN of a part: trained, trained further, or loaded."""
    from ganbook.training.run_folder import names_in
    from ganbook.training.runs import load_run
    from ganbook.training.train import train

    name, runs = f"{part.name}-{seed}".replace(".", "_"), folder / "gans"
    if name not in names_in(runs):
        options = {"batch_size": min(32, len(part)), "conditional": True, "seed": seed, "runs_dir": runs, "name": name}
        run = train(part, **options, **budget)
    elif (run := load_run(name, runs)).state != "finished":
        run = train(part, resume=runs / name)
    try:
        while not run.ended.wait(0.2):
            done = run.seconds / budget["seconds"] if "seconds" in budget else run.steps_done / budget["steps"]
            _goes_on(watch, min(1.0, done))
    except BaseException:
        run.stop()
        run.wait()
        raise
    if run.error is not None:
        raise run.error
    return run
