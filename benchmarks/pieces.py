"""Cut photographs that come with scikit-image into pieces, a data set of larger images than the others here.

    python -m benchmarks.pieces FOLDER [--size 128] [--train 1000] [--test 300]

A picture is a class. Pieces for training lie in its left two thirds, those for testing in the right third, so that none
shows what another set shows. They are 1 to 1.5 times as wide as wanted, then reduced; JPEG files.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import skimage
from PIL import Image

PICTURES = ("astronaut.png", "chelsea.png", "coffee.png", "hubble_deep_field.jpg", "ihc.png", "motorcycle_left.png",
            "rocket.jpg")  # fmt: skip


def pieces(picture: Image.Image, size: int, count: int, rng: np.random.Generator) -> list[Image.Image]:
    """Cut so many squares out of a picture."""
    cut = []
    for side in rng.integers(size, min(1.5 * size, *picture.size), count, endpoint=True):
        left, top = (rng.integers(0, length - side, endpoint=True) for length in picture.size)
        cut.append(picture.resize((size, size), Image.Resampling.BICUBIC, (left, top, left + side, top + side)))
    return cut


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--size", type=int, default=128)
    parser.add_argument("--train", type=int, default=1000, help="pieces of each picture")
    parser.add_argument("--test", type=int, default=300, help="pieces of each picture")
    asked = parser.parse_args()
    rng = np.random.default_rng(0)
    for name in PICTURES:
        picture = Image.open(Path(skimage.__file__).parent / "data" / name).convert("RGB")
        border = round(picture.width * 2 / 3)
        parts = {"train": (0, border, asked.train), "test": (border, picture.width, asked.test)}
        for part, (left, right, count) in parts.items():
            folder = asked.folder / part / name.split(".")[0]
            folder.mkdir(parents=True, exist_ok=True)
            cut = pieces(picture.crop((left, 0, right, picture.height)), asked.size, count, rng)
            for i, piece in enumerate(cut):
                piece.save(folder / f"{i:04}.jpg", quality=95)


if __name__ == "__main__":
    main()
