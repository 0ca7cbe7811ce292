"""A larger data set on disk: the pictures as they are, and augmented copies of them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from ganbook.augmentation.images import PIECE, augment
from ganbook.augmentation.policy import Policy
from ganbook.config.augment import AugmentConfig
from ganbook.config.parser import make
from ganbook.data import ImageData, load
from ganbook.utils.files import atomic

PLAN, PIXELS = "augmentation.json", "images.npy"


def augment_dataset(source: Any, out: str | Path, policy: Policy | str = "standard", **options: Any) -> Path:
    """Write a data set and augmented copies of its training pictures; interrupted and called again, go on.

    Parameters
    ----------
    source
        Whatever :func:`ganbook.data.load` takes.
    out
        A ``.npz`` file with ``x_train``, and ``y_train``, ``x_test``, ``y_test`` and ``class_names`` as far as the
        source has them; or a folder of PNG pictures, ``train/CLASS/`` and ``test/CLASS/``. The test split is not
        augmented.
    policy
        What is done: a :class:`~ganbook.augmentation.Policy` or its text.
    **options
        The options of :class:`~ganbook.config.augment.AugmentConfig`.

    Returns
    -------
    Path
        What was written; :func:`ganbook.data.load` takes it.

    Raises
    ------
    FileExistsError
        ``out`` exists, and is not the beginning of this very data set.
    ValueError
        Options out of bounds, or a policy that mixes labels.
    """
    asked = make(AugmentConfig, policy=str(policy), **options)
    policy = Policy.parse(policy, asked.seed) if isinstance(policy, str) else policy
    if policy.mixes:
        raise ValueError("mixup and cutmix make labels that are shares of classes, which no data set on disk holds")
    out = Path(out).expanduser()
    if not out.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {out.parent} to write {out.name} into")
    if out.suffix not in ("", ".npz"):
        raise ValueError(f"{out} is neither a .npz file nor a folder")
    data = load(source, asked.image_size, asked.channels)
    policy.check(data.shape[2], data.labels is not None)
    plan = {
        "policy": json.loads(policy.to_json()), "copies": asked.copies, "originals": not asked.without_originals,
        "data": data.fingerprint,
    }  # fmt: skip
    return (_to_npz if out.suffix else _to_folder)(data, policy, plan, out)


def _pieces(data: ImageData, policy: Policy, plan: dict[str, Any], done: int) -> Iterator[tuple[int, np.ndarray]]:
    """Pictures from number ``done`` on: first the originals, then one copy of each after the other."""
    at_once, count = max(1, PIECE // int(np.prod(data.shape))), len(data)
    with tqdm(total=_count(data, plan), initial=done, unit="image", desc="augmenting", delay=1, leave=False) as bar:
        while done < _count(data, plan):
            copy, start = divmod(done, count)
            pictures = np.asarray(data.images[start : start + at_once])
            if copy or not plan["originals"]:
                pictures = augment(pictures, policy, first=done)
            yield done, pictures
            done += len(pictures)
            bar.update(len(pictures))


def _count(data: ImageData, plan: dict[str, Any]) -> int:
    return len(data) * (plan["copies"] + plan["originals"])


def _begin(place: Path, out: Path, plan: dict[str, Any]) -> int:
    """Make a folder for this plan, or find it; return how many pictures are in it already."""
    if not place.exists():
        place.mkdir()
        _note(place, plan, 0)
    try:
        noted = json.loads((place / PLAN).read_text())
        done = noted.pop("done")
    except (OSError, ValueError, KeyError):
        noted, done = None, 0
    if noted != plan:
        raise FileExistsError(f"{out} exists and is another data set: choose another place, or delete {place}")
    return done


def _note(place: Path, plan: dict[str, Any], done: int) -> None:
    with atomic(place / PLAN) as temporary:
        temporary.write_text(json.dumps(plan | {"done": done}))


def _to_npz(data: ImageData, policy: Policy, plan: dict[str, Any], out: Path) -> Path:
    place = out.with_name(f".{out.name}.part")
    if out.exists():
        raise FileExistsError(f"{out} exists already: choose another place")
    done = _begin(place, out, plan)
    shape = (_count(data, plan), *data.shape)
    pixels = np.lib.format.open_memmap(
        place / PIXELS, "r+" if (place / PIXELS).exists() else "w+", dtype=np.uint8, shape=shape
    )
    for start, pictures in _pieces(data, policy, plan, done):
        pixels[start : start + len(pictures)] = pictures
        pixels.flush()
        _note(place, plan, start + len(pictures))
    arrays = {"x_train": pixels}
    if len(data.test_images):
        arrays["x_test"] = data.test_images
    if data.labels is not None:
        arrays |= {"y_train": np.tile(data.labels, shape[0] // len(data)), "class_names": np.array(data.class_names)}
    if data.test_labels is not None and len(data.test_images):
        arrays["y_test"] = data.test_labels
    with atomic(out) as temporary:
        np.savez_compressed(temporary, **arrays)
    shutil.rmtree(place)
    return out


def _to_folder(data: ImageData, policy: Policy, plan: dict[str, Any], out: Path) -> Path:
    done = _begin(out, out, plan)
    splits = bool(len(data.test_images))
    for start, pictures in _pieces(data, policy, plan, done):
        for number, picture in enumerate(pictures, start):
            copy, which = divmod(number, len(data))
            _save(picture, _class_folder(out, "train" if splits else "", data, data.labels, which), which, copy)
        _note(out, plan, start + len(pictures))
    for which, picture in enumerate(data.test_images):
        _save(np.asarray(picture), _class_folder(out, "test", data, data.test_labels, which), which, 0)
    return out


def _class_folder(out: Path, split: str, data: ImageData, labels: np.ndarray | None, which: int) -> Path:
    folder = out / split if labels is None else out / split / data.class_names[labels[which]].replace("/", "-")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _save(picture: np.ndarray, folder: Path, which: int, copy: int) -> None:
    from PIL import Image

    Image.fromarray(picture[..., 0] if picture.shape[2] == 1 else picture).save(folder / f"{which:07d}-{copy}.png")
