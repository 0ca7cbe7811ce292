"""From coarse to fine, by a small network that learned from photographs how they go on.

Means of the known pixels make a pyramid, up to a few cells (the "pull" of Gortler et al. 1996,
doi 10.1145/237170.237200). From its top down each level begins as the one above it, enlarged, and the network, the same
at all levels, draws the difference under the hole: at some level every hole is small. It was trained to be near in
squared error, so what cannot be known it draws soft.

A level is made of tiles that overlap as far as the network reaches, and of those only which touch the hole.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ganbook.data.pixels import to_float, to_uint8
from ganbook.inpainting.methods import Filled, one_by_one
from ganbook.utils import backend
from ganbook.utils.progress import Watch

WEIGHTS = Path(__file__).parent.parent / "weights" / "pyramid.npz"
SLOPE = 0.2  # of the leaky ReLU
SMALLEST = 4  # cells along the shorter side of the top
COARSE = 3  # from this level on, levels look alike to the network
BLOCK = 2  # side of the blocks of pixels that it computes on
COLOURS = 3 * BLOCK**2  # channels of a block; the network draws further ones, which it hands to the level below
FLAT = 4 / 127.5  # contrast, in [−1, 1], below which the network draws less: four grey levels
SURROUNDINGS = 64  # pixels around the hole that count, at least
TILE, STEP = 256, 2 * BLOCK  # pixels: the longest side of a tile, and what its bounds are multiples of

Levels = list[tuple[np.ndarray, np.ndarray]]
Part = tuple[slice, slice]  # rows and columns


def fill(images: np.ndarray, holes: np.ndarray, config: Any, watch: Watch, run: Any) -> Filled:
    """Fill with the network that comes with ganbook; see :mod:`ganbook.inpainting.methods`."""
    kernels, biases = shipped()

    def paint(image: np.ndarray, hole: np.ndarray) -> np.ndarray:
        part, result = surroundings(hole), image.copy()
        result[part] = to_uint8(painted(to_float(image[part]), hole[part], kernels, biases, watch))
        return result

    return one_by_one(paint, images, holes, watch)


def surroundings(hole: np.ndarray) -> tuple[slice, slice]:
    """Return the part of an image that its hole, bool (H, W), is filled from: the hole's box, grown by its length."""
    sides = [np.flatnonzero(hole.any(axis)) for axis in (1, 0)]
    margin = max(SURROUNDINGS, *(side[-1] - side[0] + 1 for side in sides))
    rows, columns = (slice(max(0, side[0] - margin), side[-1] + 1 + margin) for side in sides)
    return rows, columns


def painted(
    image: np.ndarray, hole: np.ndarray, kernels: Sequence[Any], biases: Sequence[Any], watch: Watch
) -> np.ndarray:
    """Fill an image float32 (H, W, C) in [−1, 1], C 1 or 3, under a hole bool (H, W); return it float32 (H, W, C)."""
    height, width, channels = image.shape
    # Where there is hardly anything to go on from, the surroundings alone: flat ones stay flat.
    strength = min(1.0, float(image[~hole].std()) / FLAT)
    kernels, biases = ([*parts[:-1], parts[-1] * strength] for parts in (kernels, biases))
    count = max(1, int(np.log2(max(SMALLEST, min(height, width)) / SMALLEST)))
    beyond = [(0, -length % (BLOCK * 2**count)) for length in (height, width)]
    colour = np.pad(image if channels == 3 else image.repeat(3, 2), [*beyond, (0, 0)])
    known = np.pad(~hole[..., None], [*beyond, (0, 0)]).astype(np.float32)
    levels = pyramid(colour[None], known[None], count)
    drawn = top(*levels.pop())
    handed = np.zeros((1, *_halved(drawn.shape[1:3]), kernels[-1].shape[-1] - COLOURS), np.float32)
    areas = np.cumsum([0, *(np.count_nonzero(seen == 0) for _, seen in reversed(levels))])
    while levels:
        index, ahead = len(levels) - 1, count - len(levels)
        with watch.part(areas[ahead] / areas[-1], areas[ahead + 1] / areas[-1]):
            drawn, handed = _level(*levels.pop(), drawn, handed, index, kernels, biases, watch)
    drawn = drawn[0, :height, :width]
    return drawn if channels == 3 else drawn.mean(2, keepdims=True)


def pyramid(images: np.ndarray, known: np.ndarray, count: int) -> Levels:
    """Halve images float32 (N, H, W, 3) ``count`` times, each cell the mean of what is known of it.

    Returns
    -------
    list
        Means and known, float32 (N, h, w, 3) and (N, h, w, 1), the largest first. ``known`` is 1 where something is,
        and means are 0 elsewhere.
    """
    levels = [(images * known, known)]
    for _ in range(count):
        means, known = levels[-1]
        batch, height, width = (means.shape[0], means.shape[1] // 2, means.shape[2] // 2)
        sums, counts = (array.reshape(batch, height, 2, width, 2, -1).sum((2, 4)) for array in (means * known, known))
        levels.append((sums / np.maximum(counts, 1), (counts > 0).astype(np.float32)))
    return levels


def top(means: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Return the means float32 (N, h, w, 3), with their mean where nothing is known."""
    mean = (means * known).sum((1, 2), keepdims=True) / np.maximum(known.sum((1, 2), keepdims=True), 1)
    return means * known + mean * (1 - known)


def twice(x: Any) -> Any:
    """Enlarge float32 (N, h, w, C) twice, bilinearly."""
    tf = backend.tensorflow()
    return tf.image.resize(x, (2 * x.shape[1], 2 * x.shape[2]), "bilinear")


def refined(
    means: Any, known: Any, above: Any, handed: Any, level: Any, kernels: Sequence[Any], biases: Sequence[Any]
) -> tuple[Any, Any]:
    """Draw one level of the pyramid.

    Parameters
    ----------
    means, known
        Of the level, as :func:`pyramid` gives them, with sides that are multiples of :data:`BLOCK`.
    above, handed
        What was drawn on the level above, and what it handed on, both enlarged twice: float32 (N, h, w, 3) and
        (N, h / BLOCK, w / BLOCK, S).
    level
        float32 (): which one it is; 0 is the image.
    kernels, biases
        Of the network: a first convolution, pairs of which each adds to what it takes, and a last one. Those of
        bfloat16 are computed in it.

    Returns
    -------
    tuple
        What is drawn, float32 (N, h, w, 3), equal to ``means`` where something is known, and what is handed on.
    """
    tf = backend.tensorflow()

    def convolved(x: Any, index: int) -> Any:
        kernel = kernels[index]
        return tf.nn.bias_add(tf.nn.conv2d(tf.cast(x, kernel.dtype), kernel, 1, "SAME"), biases[index])

    def active(x: Any) -> Any:
        return tf.nn.leaky_relu(x, SLOPE)

    hole = 1 - known
    base = means * known + above * hole
    told = tf.ones_like(known) * tf.minimum(level / COARSE, 1.0)
    x = tf.nn.space_to_depth(tf.concat([base, above, known, told], -1), BLOCK)
    x = convolved(tf.concat([x, handed], -1), 0)
    for index in range(1, len(kernels) - 1, 2):
        x += convolved(active(convolved(active(x), index)), index + 1)
    x = convolved(active(x), len(kernels) - 1)
    drawn = tf.nn.depth_to_space(x[..., :COLOURS], BLOCK)
    return base + hole * drawn, x[..., COLOURS:] * tf.nn.max_pool2d(hole, BLOCK, BLOCK, "SAME")


def _level(
    means: np.ndarray,
    known: np.ndarray,
    above: np.ndarray,
    handed: np.ndarray,
    level: int,
    kernels: Sequence[Any],
    biases: Sequence[Any],
    watch: Watch,
) -> tuple[np.ndarray, np.ndarray]:
    """Draw one level of one image, tile by tile; where it is stopped, the rest is the level above, enlarged."""
    tiles = list(_tiles(known[0, ..., 0] == 0, BLOCK * len(kernels)))
    draw = _traced(len(kernels))
    drawn, hands = means, np.zeros((1, *_halved(means.shape[1:3]), handed.shape[-1]), np.float32)
    for index, (outer, own) in enumerate(tiles):
        inner = tuple(slice(o.start - a.start, o.stop - a.start) for o, a in zip(own, outer, strict=True))
        over, part = _enlarged(above, outer), np.s_[:, *outer]
        if watch.stopped:
            fine = means[part] + over * (1 - known[part])
        else:
            hand = _enlarged(handed, _halves(outer))
            fine, hand = draw(means[part], known[part], over, hand, np.float32(level), kernels, biases)
            hands[:, *_halves(own)] = hand.numpy()[:, *_halves(inner)]
            watch.goes_on((index + 1) / len(tiles))
        drawn[:, *own] = np.asarray(fine)[:, *inner]
    return drawn, hands


def _enlarged(x: np.ndarray, part: tuple[slice, ...]) -> np.ndarray:
    """Return a part of what :func:`twice` makes of float32 (N, h, w, C); its bounds are even."""
    rows, columns = (
        slice(max(0, side.start // 2 - 1), min(length, side.stop // 2 + 1))
        for side, length in zip(part, x.shape[1:3], strict=True)
    )
    skipped = tuple(
        slice(side.start - 2 * wide.start, side.stop - 2 * wide.start)
        for side, wide in zip(part, (rows, columns), strict=True)
    )
    return twice(x[:, rows, columns]).numpy()[:, *skipped]


def _halved(sides: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(side // BLOCK for side in sides)


def _halves(part: tuple[slice, ...]) -> tuple[slice, ...]:
    return tuple(slice(side.start // BLOCK, side.stop // BLOCK) for side in part)


def _tiles(hole: np.ndarray, reach: int) -> Iterator[tuple[Part, Part]]:
    """Boxes that hold a hole bool (H, W), none larger than a tile; each with what it depends on first."""
    if not hole.any():  # something is known of every cell
        return
    top, left = (int(np.flatnonzero(hole.any(axis))[0]) // STEP * STEP for axis in (1, 0))
    for row in range(top, hole.shape[0], TILE):
        for column in range(left, hole.shape[1], TILE):
            here = hole[row : row + TILE, column : column + TILE]
            if here.any():
                own, outer = [], []
                for start, axis, length in ((row, 1, hole.shape[0]), (column, 0, hole.shape[1])):
                    covered = np.flatnonzero(here.any(axis))
                    begin = start + covered[0] // STEP * STEP
                    end = start + -(-(covered[-1] + 1) // STEP) * STEP
                    own.append(slice(begin, end))
                    outer.append(slice(max(0, begin - reach), min(length, end + reach)))
                yield (outer[0], outer[1]), (own[0], own[1])


@functools.lru_cache(maxsize=2)
def _traced(count: int) -> Callable[..., Any]:
    """Trace :func:`refined` for networks of so many convolutions."""
    tf = backend.tensorflow()
    anything = tf.TensorSpec((None, None, None, None))
    signature = [anything] * 4 + [tf.TensorSpec(()), [anything] * count, [tf.TensorSpec((None,))] * count]
    return tf.function(refined, input_signature=signature, autograph=False)


@functools.lru_cache(maxsize=1)
def shipped() -> tuple[list[Any], list[Any]]:
    """Return kernels float32 (3, 3, in, out) and biases (out,) of the network that comes with ganbook."""
    tf = backend.tensorflow()
    with np.load(WEIGHTS, allow_pickle=False) as file:
        count = len(file.files) // 2
        kernels, biases = ([tf.constant(file[f"{kind}_{index}"], tf.float32) for index in range(count)]
                           for kind in ("kernel", "bias"))  # fmt: skip
    return kernels, biases
