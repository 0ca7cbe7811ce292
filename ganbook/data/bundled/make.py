"""Make the bundled data sets from the full ones.

``python -m ganbook.data.bundled.make SOURCE_DIR`` reads ``mnist.npz``, ``fashion_mnist.npz`` and
``emoji64.npz`` (each with x_train, y_train, x_test, y_test; the last with class_names) and writes
``digits.npz``, ``fashion.npz`` and ``emoji.npz`` beside this file. The images chosen depend on the sources
and SEED alone.
"""

import sys
from pathlib import Path

import numpy as np
from PIL import Image

from ganbook.data.keras_datasets import FASHION_NAMES

SEED = 0
TRAIN_PER_CLASS = 1_000
TEST_PER_CLASS = 200
EMOJI_SIZE = 32


def stratified(labels: np.ndarray, per_class: int, rng: np.random.Generator) -> np.ndarray:
    """Choose `per_class` random examples of every class; return their indices in random order."""
    chosen = [rng.choice(np.flatnonzero(labels == c), per_class, replace=False) for c in np.unique(labels)]
    return rng.permutation(np.concatenate(chosen))


def subset(source: Path, class_names: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Take 10,000 training and 2,000 test images, the same number of each class."""
    full = np.load(source, allow_pickle=False)
    rng = np.random.default_rng(SEED)
    train = stratified(full["y_train"], TRAIN_PER_CLASS, rng)
    test = stratified(full["y_test"], TEST_PER_CLASS, rng)
    return {
        "x_train": full["x_train"][train],
        "y_train": full["y_train"][train],
        "x_test": full["x_test"][test],
        "y_test": full["y_test"][test],
        "class_names": np.array(class_names),
    }


def shrunk(source: Path) -> dict[str, np.ndarray]:
    """Halve all emoji, each pixel the mean of four: flat areas stay flat, on which Lanczos would ring."""
    full = np.load(source, allow_pickle=False)

    def shrink(images: np.ndarray) -> np.ndarray:
        size = (EMOJI_SIZE, EMOJI_SIZE)
        return np.stack([np.asarray(Image.fromarray(i).resize(size, Image.Resampling.BOX)) for i in images])

    return {
        "x_train": shrink(full["x_train"]),
        "y_train": full["y_train"],
        "x_test": shrink(full["x_test"]),
        "y_test": full["y_test"],
        "class_names": full["class_names"],
    }


def main(source_dir: str) -> None:
    """Write the three archives and print their sizes."""
    source, here = Path(source_dir), Path(__file__).parent
    sets = {
        "digits": subset(source / "mnist.npz", tuple("0123456789")),
        "fashion": subset(source / "fashion_mnist.npz", FASHION_NAMES),
        "emoji": shrunk(source / "emoji64.npz"),
    }
    for name, arrays in sets.items():
        path = here / f"{name}.npz"
        np.savez_compressed(path, **arrays)
        print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m ganbook.data.bundled.make SOURCE_DIR")
    main(sys.argv[1])
