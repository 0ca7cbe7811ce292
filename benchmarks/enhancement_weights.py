"""Train the networks that ganbook enlarges images with, from photographs whose licences allow that.

    apt-get download lomiri-wallpapers-16.04 python3-scipy
    for package in *.deb; do dpkg-deb -x "$package" photographs; done
    python -m benchmarks.enhancement_weights x2 --photographs photographs --work DIR [--steps 60000]
    python -m benchmarks.enhancement_weights x2 --work DIR --ship

``x2``, ``x3`` and ``x4`` enlarge; ``denoise`` is told σ and removes Gaussian noise of σ 0 to 55, ``jpeg`` the traces of
compression at qualities of 10 to 95. Training is continued from ``DIR`` where it was interrupted, to the same weights;
``--begins-as`` trains a network further of which ``DIR`` has the weights alone.
``--ship`` writes its averaged weights to ``ganbook/enhancement/weights/``, where ``gb.enhance`` looks for them, and
beside them ``LICENSES.md``, a copy of ``enhancement_weights.md``: the photographs with their authors, in the public
domain, CC0 or CC BY. Those of the same packages under CC BY-SA are left out. Pages of text and drawings are rendered
from fonts that Matplotlib ships. The test sets of the field (Set5, Set14, BSD68) are not read; ``HELD_OUT`` photographs
tell how far it is.
"""

from __future__ import annotations

import argparse
import bz2
import io
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ganbook.data.resampling import enlarge, shrink
from ganbook.enhancement.methods import network
from ganbook.networks import restorer
from ganbook.utils.files import atomic

BACKGROUNDS = "usr/share/backgrounds"
SCIPY = "usr/lib/python3/dist-packages/scipy/misc"
PHOTOGRAPHS = (
    "Picture_0B_by_freespace", "Picture_1A_by_freespace", "Wine_by_Jakkub_Mede", "aitzgorri_by_Aitzol_Berasategi",
    "friends_by_Aitzol_Berasategi", "life_by_Aitzol_Berasategi", "picosdeeuropa_by_Aitzol_Berasategi",
    "seeding_by_Clements_Engelhardt", "sunset_by_Aitzol_Berasategi", "umang_by_Abhishek_Mudgal",
)  # fmt: skip
OF_SCIKIT_IMAGE = (
    "astronaut", "brick", "camera", "cell", "chelsea", "clock_motion", "coffee", "grass", "gravel",
    "hubble_deep_field", "retina", "rocket", "text",
)  # fmt: skip
OF_SCIKIT_LEARN = ("china", "flower")
HELD_OUT = ("chelsea", "Picture_1A_by_freespace", "coffee", "face")
LONG_SIDES = (1200, 800, 500, 320)  # photographs are shrunk to these, so that they are sharp

BATCH = 8
LEARNING_RATE, LAST_RATE = 1e-3, 1e-6
EPSILON = 0.01  # of the Charbonnier loss, images in [−1, 1]
EMA = 0.999
EVERY = 500  # steps between saved states


@dataclass(frozen=True)
class Aim:
    """What a network is trained for.

    Attributes
    ----------
    scale
        Times that it enlarges.
    patch
        Side of a patch before it is enlarged.
    width, depth
        Of the network.
    degrade
        Takes a clean patch float32 (side, side, 1) in 0…255 and a random generator; returns it clean and degraded, and
        the number that the network is told. None where shrinking is all.
    level
        Whether the network is told that number.
    begins_as
        Name of the network of the work folder whose weights it begins with, as far as they fit.
    """

    scale: int
    patch: int = 32
    width: int = restorer.WIDTH
    depth: int = restorer.DEPTH
    degrade: Callable[[np.ndarray, np.random.Generator], tuple[np.ndarray, np.ndarray, float]] | None = None
    level: bool = False
    begins_as: str = ""


def noisy(clean: np.ndarray, rng: np.random.Generator, sigma: float | None = None) -> tuple:
    sigma = rng.uniform(0, 55) if sigma is None else sigma
    degraded = clean + rng.normal(0, sigma, clean.shape)
    if rng.random() < 0.25:  # files hold whole numbers; the test sets of the field do not
        degraded = np.clip(np.rint(degraded), 0, 255)
    return clean, degraded.astype(np.float32), network.told_level(sigma)


def compressed(clean: np.ndarray, rng: np.random.Generator, quality: int | None = None) -> tuple:
    stream = io.BytesIO()
    quality = int(rng.integers(10, 96)) if quality is None else quality
    Image.fromarray(clean[..., 0].astype(np.uint8)).save(stream, "jpeg", quality=quality)
    degraded = np.asarray(Image.open(stream)).astype(np.float32)[..., None]
    top, left = rng.integers(0, 9, 2)  # blocks of eight begin anywhere
    part = np.s_[top : top + len(clean) - 8, left : left + len(clean) - 8]
    return clean[part], degraded[part], 0.0


AIMS = {
    "x2": Aim(2), "x3": Aim(3), "x4": Aim(4),
    "denoise": Aim(1, 64, 40, 10, noisy, level=True),
    "jpeg": Aim(1, 72, 40, 10, compressed, begins_as="denoise"),
}  # fmt: skip
TOLD = {"denoise": 25, "jpeg": 30}  # σ and quality at which held-out photographs are measured


def luma(image: np.ndarray) -> np.ndarray:
    """Return the luma of uint8 (H, W[, C]), float32 (H, W, 1) in 0…255 (ITU-R 601)."""
    image = image[..., None] if image.ndim == 2 else image[..., :3]
    weights = np.array([0.299, 0.587, 0.114], np.float32)
    return image.astype(np.float32) if image.shape[2] == 1 else (image.astype(np.float32) @ weights)[..., None]


def photographs(folder: Path) -> dict[str, np.ndarray]:
    """Read the luma of every source."""
    import skimage
    import sklearn.datasets

    files = {name: folder / BACKGROUNDS / f"{name}.jpg" for name in PHOTOGRAPHS}
    of_skimage = Path(skimage.__file__).parent / "data"
    files |= {name: next(of_skimage.glob(f"{name}.*g")) for name in OF_SCIKIT_IMAGE}
    of_sklearn = Path(sklearn.datasets.__file__).parent / "images"
    files |= {name: of_sklearn / f"{name}.jpg" for name in OF_SCIKIT_LEARN}
    images = {name: luma(np.asarray(Image.open(file).convert("RGB"))) for name, file in files.items()}
    raw = np.frombuffer(bz2.decompress((folder / SCIPY / "face.dat").read_bytes()), np.uint8)
    return images | {"face": luma(raw.reshape(768, 1024, 3))}


def drawings(count: int = 12, seed: int = 0) -> dict[str, np.ndarray]:
    """Render pages of text, lines and discs on flat and shaded ground."""
    import matplotlib

    fonts = sorted((Path(matplotlib.get_data_path()) / "fonts" / "ttf").glob("DejaVuS*.ttf"))
    text = (Path(__file__).parent.parent / "README.md").read_text().replace("`", "").split("\n")
    rng, pages = np.random.default_rng(seed), {}
    for index in range(count):
        page = Image.new("L", (1600, 1600), int(rng.integers(256)))
        draw = ImageDraw.Draw(page)
        for _ in range(24):
            box = np.sort(rng.integers(0, 1600, (2, 2)), 0).ravel().tolist()
            shape = [draw.rectangle, draw.ellipse][int(rng.integers(2))]
            shape(box, int(rng.integers(256)) if rng.random() < 0.5 else None, int(rng.integers(256)), 4)
            draw.line(rng.integers(0, 1600, 4).tolist(), int(rng.integers(256)), int(rng.integers(2, 12)))
        for row in range(0, 1600, 80):
            font = ImageFont.truetype(str(fonts[int(rng.integers(len(fonts)))]), int(rng.integers(28, 90)))
            words = text[int(rng.integers(len(text)))] or "0123456789"
            draw.text((int(rng.integers(200)), row), words, int(rng.integers(256)), font)
        pages[f"drawing {index}"] = luma(np.asarray(page.resize((400, 400), Image.Resampling.BOX)))
    return pages


def pairs(images: dict[str, np.ndarray], scale: int) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Make (small, bicubic from small, large) float32 in 0…255 of every image, in several sizes; at 1 all are equal."""
    result = []
    for name, image in images.items():
        long = max(image.shape[:2])
        sizes = sorted({min(long, side) for side in LONG_SIDES if side <= long}) if "drawing" not in name else [long]
        for side in sizes or [long]:
            large = image
            if side < long:
                shape = (round(image.shape[1] * side / long), round(image.shape[0] * side / long))
                shrunk = Image.fromarray(image[..., 0], "F").resize(shape, Image.Resampling.BICUBIC)
                large = np.asarray(shrunk)[..., None]
            height, width = (length // scale * scale for length in large.shape[:2])
            large = np.clip(np.rint(large[:height, :width]), 0, 255)
            small = shrink(large, scale) if scale > 1 else large
            if min(small.shape[:2]) > 72:
                result.append((small, enlarge(small, scale) if scale > 1 else large, large))
    return result


def prepared(folder: Path, file: Path, scale: int) -> tuple[list, list]:
    """Return pairs to train on and held-out ones; they are prepared once and kept in a file."""
    if not file.exists():
        images = photographs(folder)
        held_out = pairs({name: images.pop(name) for name in HELD_OUT}, scale)
        groups = {"data": pairs(images | drawings(), scale), "held_out": held_out}
        arrays = {
            f"{group} {index:04d} {part}": array
            for group, members in groups.items()
            for index, member in enumerate(members)
            for part, array in enumerate(member)
        }
        with atomic(file) as temporary, temporary.open("wb") as stream:
            np.savez(stream, **arrays)
    with np.load(file, allow_pickle=False) as saved:
        lists = {
            group: [saved[name] for name in sorted(saved.files) if name.startswith(group)]
            for group in ("data", "held_out")
        }
    data, held_out = (list(zip(*[iter(members)] * 3, strict=True)) for members in lists.values())
    return data, [member for member in held_out if max(member[2].shape) <= LONG_SIDES[2]]


class Patches:
    """Draws patches, those where bicubic interpolation errs more often than flat ones."""

    def __init__(self, images: list[tuple[np.ndarray, np.ndarray, np.ndarray]], aim: Aim):
        self.images, self.aim, self._starts, weights = images, aim, [], []
        scale, patch = aim.scale, aim.patch
        for index, (small, bicubic, large) in enumerate(images):
            error = np.abs(large - bicubic)[..., 0]
            sums = np.pad(error.cumsum(0).cumsum(1), ((1, 0), (1, 0)))
            rows, columns = (np.arange(0, length - patch, 4) for length in small.shape[:2])
            side = patch * scale
            r, c = (axis.ravel() for axis in np.meshgrid(rows * scale, columns * scale, indexing="ij"))
            mean = (sums[r + side, c + side] - sums[r, c + side] - sums[r + side, c] + sums[r, c]) / side**2
            self._starts.append(np.stack([np.full(len(r), index), r // scale, c // scale], 1))
            # Every image as often as the root of its size, every patch as its error, within bounds.
            weight = np.clip(mean, 0.3, 6)
            weights.append(weight / weight.sum() * np.sqrt(len(r)))
        self._starts = np.concatenate(self._starts)
        self._cumulative = np.cumsum(np.concatenate(weights))
        self._cumulative /= self._cumulative[-1]

    def batch(self, step: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return inputs, differences to bicubic and what is told, a function of the step, in [−1, 1] units."""
        rng = np.random.default_rng(step)
        chosen = self._starts[np.searchsorted(self._cumulative, rng.random(BATCH))]
        scale, patch = self.aim.scale, self.aim.patch
        inputs, residual, told = [], [], []
        for index, row, column in chosen:
            at = np.s_[row : row + patch, column : column + patch]
            above = np.s_[row * scale : (row + patch) * scale, column * scale : (column + patch) * scale]
            turns, mirror = int(rng.integers(4)), rng.random() < 0.5
            low, base, high = (a[part] for a, part in zip(self.images[index], (at, above, above), strict=True))
            level = 0.0
            if self.aim.degrade is not None:
                high, low, level = self.aim.degrade(high, rng)
                base = low
            for target, part in ((inputs, low), (residual, high - base)):
                turned = np.rot90(part, turns)
                target.append(turned[:, ::-1] if mirror else turned)
            told.append([level])
        low = np.stack(inputs)
        if step % 2 and self.aim.degrade is None:  # files hold whole numbers
            low = np.clip(np.rint(low), 0, 255)
        return low / 127.5 - 1, np.stack(residual) / 127.5, np.array(told, np.float32)

    def truths(self, step: int) -> np.ndarray:
        """Return large patches, uint8 (B, scale patch, scale patch, 1), a function of the step."""
        scale, patch = self.aim.scale, self.aim.patch
        chosen = self._starts[np.searchsorted(self._cumulative, np.random.default_rng(step).random(BATCH))]
        return np.stack([
            self.images[index][2][row * scale : (row + patch) * scale, column * scale : (column + patch) * scale]
            for index, row, column in chosen
        ]).astype(np.uint8)  # fmt: skip


def train(folder: Path, work: Path, name: str, steps: int, begins_as: str) -> None:
    from ganbook.utils import backend

    tf = backend.tensorflow()
    import keras

    aim = AIMS[name]
    data, held_out = prepared(folder, work / f"x{aim.scale}-images.npz", aim.scale)
    print(f"{len(data)} images, {sum(large.size for *_, large in data) / 1e6:.1f} megapixels", flush=True)
    patches = Patches(data, aim)
    side = len(patches.batch(0)[0][0]) * aim.scale
    whole = restorer.generator((side, side, 1), scale=aim.scale, width=aim.width, depth=aim.depth, level=aim.level)
    model = keras.Model(whole.input, whole.get_layer("residual").output)
    if begins_as:
        earlier = network.load(work / f"{begins_as}.npz")
        arrays = [array for pair in zip(earlier.kernels, earlier.biases, strict=True) for array in pair]
        for variable, array in zip(model.trainable_variables, arrays, strict=True):
            fits = tuple(slice(length) for length in variable.shape)  # without what only the other is told
            variable.assign(array[fits])
    rate = keras.optimizers.schedules.CosineDecay(LEARNING_RATE, steps, LAST_RATE / LEARNING_RATE)
    optimizer = keras.optimizers.Adam(rate)
    optimizer.build(model.trainable_variables)
    average = [tf.Variable(variable) for variable in model.trainable_variables]
    print(f"{model.count_params():,} parameters", flush=True)

    @tf.function(jit_compile=False)
    def update(small, residual, told, decay):
        with tf.GradientTape() as tape:
            error = model([small, told] if aim.level else small, training=True) - residual
            loss = tf.reduce_mean(tf.sqrt(error * error + EPSILON**2))
        optimizer.apply_gradients(
            zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables, strict=True)
        )
        for mean, variable in zip(average, model.trainable_variables, strict=True):
            mean.assign(decay * mean + (1 - decay) * variable)
        return loss

    def averaged() -> network.Restorer:
        arrays = [variable.numpy() for variable in average]
        return network.Restorer(tuple(arrays[::2]), tuple(arrays[1::2]), aim.scale, restorer.fold_of(aim.scale))

    state = [*model.trainable_variables, *average, *optimizer.variables]
    file = work / f"{name}-state.npz"
    step = 0
    if file.exists():
        with np.load(file, allow_pickle=False) as saved:
            for index, variable in enumerate(state):
                variable.assign(saved[f"variable_{index}"])
            step = int(saved["step"])
    began, total = time.perf_counter(), 0.0
    while step < steps:
        decay = np.float32(min(EMA, (step + 1) / (step + 10)))
        total += float(update(*patches.batch(step), tf.constant(decay)))
        step += 1
        if step % EVERY == 0 or step == steps:
            with atomic(file) as temporary, temporary.open("wb") as stream:
                arrays = {f"variable_{index}": variable.numpy() for index, variable in enumerate(state)}
                np.savez(stream, step=np.int64(step), **arrays)
            network.save(work / f"{name}.npz", averaged())
            seconds, began = time.perf_counter() - began, time.perf_counter()
            print(
                f"{step} steps, loss {total / EVERY:.5f}, held-out {psnr(averaged(), held_out, name):.3f} dB, "
                f"{seconds:.0f} s",
                flush=True,
            )
            total = 0.0


def psnr(net: network.Restorer, images: list[tuple[np.ndarray, np.ndarray, np.ndarray]], name: str) -> float:
    """Return the mean PSNR over images, dB, borders of ``scale`` pixels cropped."""
    values = []
    for index, (small, base, large) in enumerate(images):
        level = 0.0
        if AIMS[name].degrade is not None:
            large, small, level = AIMS[name].degrade(large, np.random.default_rng(index), TOLD[name])
            base = small
        seen = np.rint(np.clip(small, 0, 255)) if net.scale > 1 else small
        result = base + 127.5 * net.residual(seen / np.float32(127.5) - 1, level)
        inner = np.s_[net.scale : -net.scale, net.scale : -net.scale]
        error = np.clip(np.rint(result), 0, 255)[inner] - large[inner]
        values.append(10 * np.log10(255**2 / np.mean(error**2)))
    return float(np.mean(values))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("aim", choices=AIMS)
    parser.add_argument("--photographs", type=Path, help="folder into which the packages were unpacked")
    parser.add_argument("--work", type=Path, required=True, help="folder of the state of training")
    parser.add_argument("--steps", type=int, default=60_000)
    parser.add_argument("--begins-as", metavar="NAME", help="network of the work folder to begin with")
    parser.add_argument("--ship", action="store_true", help="write the weights so far into the package")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    if options.ship:
        name = f"{options.aim}.npz"
        network.WEIGHTS.mkdir(exist_ok=True)
        (network.WEIGHTS / name).write_bytes((options.work / name).read_bytes())
        (network.WEIGHTS / "LICENSES.md").write_bytes(Path(__file__).with_suffix(".md").read_bytes())
        return
    train(
        options.photographs, options.work, options.aim, options.steps, options.begins_as or AIMS[options.aim].begins_as
    )


if __name__ == "__main__":
    main()
