"""Train the network of ``gb.inpaint(method="pyramid")``, from photographs whose licences allow that.

    apt-get download lomiri-wallpapers-16.04 python3-scipy
    for package in *.deb; do dpkg-deb -x "$package" photographs; done
    python -m benchmarks.inpaint_weights train --photographs photographs --work DIR [--steps 17500]
    python -m benchmarks.inpaint_weights ship --work DIR

The photographs are those of ``benchmarks.enhancement_weights``, as RGB and without ``LEFT_OUT``; ``HELD_OUT``
ones tell how far it is. Crops of 64×64 pixels, shrunk by any factor, lose what lies under random masks. A step is
in bfloat16 where the processor multiplies that faster. Training is continued from ``DIR`` if it was interrupted.
``ship`` writes the averaged weights to ``ganbook/inpainting/weights/``, and beside them the photographs with their
authors. ``benchmarks.inpaint photographs`` measures it on others.
"""

from __future__ import annotations

import argparse
import bz2
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.enhancement_weights import BACKGROUNDS, HELD_OUT, OF_SCIKIT_IMAGE, OF_SCIKIT_LEARN, PHOTOGRAPHS, SCIPY
from ganbook.data import masks
from ganbook.data.pixels import to_float, to_uint8
from ganbook.inpainting.methods import pyramid
from ganbook.utils import by_device
from ganbook.utils.files import atomic
from ganbook.utils.progress import Watch

LEFT_OUT = ("camera", "cell", "text")
SIDE, LEVELS, BATCH = 64, 4, 16
WIDTH, PAIRS, HANDED = 96, 4, 16
LEARNING_RATE, FIRST_RATE, LAST_RATE, WARM_UP = 1e-3, 1e-5, 1e-7, 300
EMA = 0.997
COARSE_WEIGHT = 0.3  # of the losses of all levels but the last
EVERY = 250  # steps between saved states
TESTED = 256  # side of the pictures of the table


def photographs(folder: Path) -> dict[str, np.ndarray]:
    """Read every source, uint8 (H, W, 3)."""
    import skimage
    import sklearn.datasets

    files = {name: folder / BACKGROUNDS / f"{name}.jpg" for name in PHOTOGRAPHS}
    of_skimage = Path(skimage.__file__).parent / "data"
    files |= {name: next(of_skimage.glob(f"{name}.*g")) for name in OF_SCIKIT_IMAGE if name not in LEFT_OUT}
    of_sklearn = Path(sklearn.datasets.__file__).parent / "images"
    files |= {name: of_sklearn / f"{name}.jpg" for name in OF_SCIKIT_LEARN}
    images = {name: np.asarray(Image.open(file).convert("RGB")) for name, file in files.items()}
    raw = np.frombuffer(bz2.decompress((folder / SCIPY / "face.dat").read_bytes()), np.uint8)
    return images | {"face": raw.reshape(768, 1024, 3)}


def shrunk(image: np.ndarray, height: int, width: int) -> np.ndarray:
    import cv2

    return cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)


class Crops:
    """Draws crops of photographs and masks."""

    def __init__(self, images: list[np.ndarray]):
        # Crops of large photographs are shrunk from a size not much above theirs.
        self.halved = [[image] for image in images]
        for sizes in self.halved:
            while min(sizes[-1].shape[:2]) > 160:
                sizes.append(shrunk(sizes[-1], sizes[-1].shape[0] // 2, sizes[-1].shape[1] // 2))
        kinds = [("thick", 1), ("thick", 2), ("irregular", 1), ("center", 1), ("rectangle", 1), ("irregular", 2)]
        drawn = []
        for seed, (kind, times) in enumerate(kinds):
            at = slice((times - 1) * SIDE // 2, (times + 1) * SIDE // 2)
            drawn.append(masks.draw(kind, (SIDE * times, SIDE * times), 400, seed)[:, at, at])
        self.masks = np.concatenate(drawn)
        covered = self.masks.mean((1, 2))
        self.masks = self.masks[(covered > 0.02) & (covered < 0.8)]

    def batch(self, step: int) -> tuple[np.ndarray, np.ndarray]:
        """Return crops float32 (B, SIDE, SIDE, 3) in [−1, 1] and what is known of them, a function of the step."""
        rng = np.random.default_rng(step)
        crops = [self._crop(rng) for _ in range(BATCH)]
        holes = self.masks[rng.integers(len(self.masks), size=BATCH)]
        images = to_float(np.stack(crops))
        if rng.random() < 0.3:
            images = images[..., rng.permutation(3)]
        return images, 1 - holes[..., None].astype(np.float32)

    def _crop(self, rng: np.random.Generator) -> np.ndarray:
        sizes = self.halved[rng.integers(len(self.halved))]
        side, index = np.exp(rng.uniform(np.log(SIDE), np.log(min(sizes[0].shape[:2])))), 0
        while side / 2 >= SIDE and index + 1 < len(sizes):
            side, index = side / 2, index + 1
        image = sizes[index]
        side = int(min(max(side, SIDE), min(image.shape[:2])))
        row, column = (rng.integers(length - side + 1) for length in image.shape[:2])
        crop = image[row : row + side, column : column + side]
        if side != SIDE:
            crop = shrunk(crop, SIDE, SIDE)
        if rng.random() < 0.5:
            crop = crop[:, ::-1]
        return np.rot90(crop, int(rng.integers(4))) if rng.random() < 0.1 else crop


def new_network() -> tuple[list, list]:
    """Return kernels and biases: a first convolution, ``PAIRS`` that add nothing yet, and a last one of zeros."""
    import keras
    import tensorflow as tf

    draw, kernels = keras.initializers.GlorotUniform(0), []
    for index in range(2 * PAIRS + 2):
        before = 8 * pyramid.BLOCK**2 + HANDED if index == 0 else WIDTH
        after = pyramid.COLOURS + HANDED if index == 2 * PAIRS + 1 else WIDTH
        kernel = np.zeros((3, 3, before, after), np.float32)
        if index == 0 or (index % 2 and index != 2 * PAIRS + 1):
            kernel = np.asarray(draw(kernel.shape))
        kernels.append(tf.Variable(kernel))
    return kernels, [tf.Variable(tf.zeros(kernel.shape[-1])) for kernel in kernels]


def train(folder: Path, work: Path, steps: int) -> None:
    from ganbook.utils import backend

    tf = backend.tensorflow()
    import keras

    images = photographs(folder)
    held_out = list(parts(images.pop(name) for name in HELD_OUT))
    crops = Crops(list(images.values()))
    kernels, biases = new_network()
    variables = [variable for pair in zip(kernels, biases, strict=True) for variable in pair]
    average = [tf.Variable(variable) for variable in variables]
    rate = keras.optimizers.schedules.CosineDecay(
        FIRST_RATE, steps, LAST_RATE / FIRST_RATE, warmup_target=LEARNING_RATE, warmup_steps=WARM_UP
    )
    optimizer = keras.optimizers.Adam(rate, beta_2=0.99, global_clipnorm=0.5)
    optimizer.build(variables)
    print(f"{sum(int(np.prod(variable.shape)) for variable in variables):,} parameters", flush=True)
    half = tf.bfloat16 if by_device.prefers_bfloat16() else tf.float32

    @tf.function(autograph=False)
    def update(levels):
        with tf.GradientTape() as tape:
            used = [tf.cast(kernel, half) for kernel in kernels[:-1]], [tf.cast(bias, half) for bias in biases[:-1]]
            drawn, loss = levels[-1][0], 0.0
            handed = tf.zeros((BATCH, *(side // pyramid.BLOCK for side in drawn.shape[1:3]), HANDED))
            for index in range(LEVELS - 1, -1, -1):
                means, known, truth = levels[index]
                drawn, handed = pyramid.refined(
                    means, known, pyramid.twice(drawn), pyramid.twice(handed), tf.constant(float(index)),
                    [*used[0], kernels[-1]], [*used[1], biases[-1]],
                )  # fmt: skip
                hole = 1 - known
                squares = tf.reduce_sum(tf.reduce_sum((drawn - truth) ** 2, -1, keepdims=True) * hole, (1, 2, 3))
                # A root for each image: a decibel counts the same, whether it is smooth or rough.
                roots = tf.sqrt(squares / (tf.reduce_sum(hole, (1, 2, 3)) + 1e-6) + 1e-3)
                loss += (1.0 if index == 0 else COARSE_WEIGHT) * tf.reduce_mean(roots)
        optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))
        for mean, variable in zip(average, variables, strict=True):
            mean.assign_add((1 - EMA) * (variable - mean))
        return loss

    state = [*variables, *average, *optimizer.variables]
    file, step, total, began = work / "pyramid-state.npz", 0, 0.0, time.process_time()
    if file.exists():
        with np.load(file, allow_pickle=False) as saved:
            step = int(saved["step"])
            for index, variable in enumerate(state):
                variable.assign(saved[f"variable_{index}"])
    while step < steps:
        images_now, known = crops.batch(step)
        everything = pyramid.pyramid(images_now, np.ones_like(known), LEVELS)
        levels = [
            (tf.constant(means), tf.constant(seen), tf.constant(truth))
            for (means, seen), (truth, _) in zip(
                pyramid.pyramid(images_now, known, LEVELS), everything, strict=True
            )
        ]  # fmt: skip
        levels[-1] = (tf.constant(pyramid.top(levels[-1][0].numpy(), levels[-1][1].numpy())), *levels[-1][1:])
        total += float(update(levels))
        step += 1
        if step % EVERY == 0 or step == steps:
            with atomic(file) as temporary, temporary.open("wb") as stream:
                arrays = {f"variable_{index}": variable.numpy() for index, variable in enumerate(state)}
                np.savez(stream, step=np.int64(step), **arrays)
            means = [variable.numpy() for variable in average]
            measured = ", ".join(f"{kind} {psnr(held_out, kind, means):.2f} dB" for kind in ("thick", "center"))
            seconds = time.process_time() - began
            print(f"{step} steps, loss {total / EVERY:.4f}, held-out {measured}, {seconds:.0f} s", flush=True)
            total = 0.0


def parts(images: Iterator[np.ndarray]) -> Iterator[np.ndarray]:
    """Cut five squares out of each image, the largest and its corners; return them at the size of the table."""
    for image in images:
        height, width = image.shape[:2]
        side = min(height, width)
        top, left = (height - side) // 2, (width - side) // 2
        yield shrunk(image[top : top + side, left : left + side], TESTED, TESTED)
        half = side // 2
        for top in (0, height - half):
            for left in (0, width - half):
                yield shrunk(image[top : top + half, left : left + half], TESTED, TESTED)


def psnr(images: list[np.ndarray], kind: str, weights: list[np.ndarray]) -> float:
    """Return the mean PSNR in the holes of uint8 (H, W, 3), dB."""
    values = []
    for index, image in enumerate(images):
        hole = masks.draw(kind, image.shape[:2], 1, 5 + index)[0]
        gap = np.where(hole[..., None], 0, to_float(image))
        filled = to_uint8(pyramid.painted(gap, hole, weights[::2], weights[1::2], Watch()))
        error = (filled.astype(float) - image)[hole]
        values.append(10 * np.log10(255**2 / np.mean(error**2)))
    return float(np.mean(values))


def ship(work: Path) -> None:
    """Write the averaged weights to the package, in half precision, and name the photographs beside them."""
    with np.load(work / "pyramid-state.npz", allow_pickle=False) as saved:
        count = 2 * (2 * PAIRS + 2)
        means = [saved[f"variable_{count + index}"].astype(np.float16) for index in range(count)]
    arrays = {f"kernel_{index}": kernel for index, kernel in enumerate(means[::2])}
    arrays |= {f"bias_{index}": bias for index, bias in enumerate(means[1::2])}
    pyramid.WEIGHTS.parent.mkdir(exist_ok=True)
    with atomic(pyramid.WEIGHTS) as temporary, temporary.open("wb") as stream:
        np.savez_compressed(stream, **arrays)
    shutil.copy(Path(__file__).with_suffix(".md"), pyramid.WEIGHTS.parent / "LICENSES.md")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("train", "ship"))
    parser.add_argument("--photographs", type=Path, help="folder of the unpacked packages")
    parser.add_argument("--work", type=Path, required=True, help="folder for what is between")
    parser.add_argument("--steps", type=int, default=17_500)
    asked = parser.parse_args()
    asked.work.mkdir(parents=True, exist_ok=True)
    if asked.what == "train":
        train(asked.photographs, asked.work, asked.steps)
    else:
        ship(asked.work)


if __name__ == "__main__":
    main()
