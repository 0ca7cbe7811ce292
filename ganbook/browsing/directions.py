"""Directions of latent space along which samples change most, found as in GANSpace."""

from __future__ import annotations

from typing import Literal

import keras
import numpy as np

from ganbook.browsing.functional import Pure
from ganbook.browsing.pca import principal, rows_for
from ganbook.browsing.sources import Networks, Snapshot

STUDIED = 2000
EXPLAINED = 0.25
NUDGE, NUDGED = 1.0, 16


def find(
    networks: Networks,
    snapshot: Snapshot,
    count: int = 10,
    on: Literal["activations", "z"] = "activations",
    layer: str | None = None,
) -> np.ndarray:
    """Find directions, the most effective first.

    Parameters
    ----------
    networks, snapshot
        A generator and its weights.
    count
        How many directions.
    on
        ``activations``: the principal components of a layer's activations, carried back to z by least squares
        (Härkönen et al. 2020, arXiv 2004.02546, §3.2). ``z``: z's own axes, ordered by how far a step along each
        moves the image.
    layer
        Name of the layer; unless given, the one before the last activation, where the order of the components is
        that of what can be seen.

    Returns
    -------
    ndarray
        float32 (count, latent_dim), of unit length and at right angles to each other.

    Raises
    ------
    ValueError
        No such layer.
    """
    count = min(count, networks.latent_dim)
    if on == "z":
        return _axes(networks, snapshot, count)
    generator = networks.generator_model
    tensor = _tensor(generator, layer)
    part = Pure(keras.Model(generator.inputs, tensor), generator.variables)
    weights = part.weights(snapshot.arrays)
    values = int(np.prod(tensor.shape[1:]))
    z = np.random.default_rng(0).standard_normal(
        (min(STUDIED, rows_for(values)), networks.latent_dim), dtype=np.float32
    )
    labels = networks.labels(len(z))
    chunks = [slice(i, i + 256) for i in range(0, len(z), 256)]
    activations = np.concatenate(
        [
            part(weights, *networks.inputs(z[c], None if labels is None else labels[c])).reshape(-1, values)
            for c in chunks
        ]
    )
    for label in [None] if labels is None else np.unique(labels):
        same = slice(None) if label is None else labels == label
        activations[same] -= activations[same].mean(0)  # what differs between classes is not for z to say
    scores = activations @ principal(activations, 4 * count)
    scores /= np.maximum(scores.std(0), 1e-7)
    # The scores have deviation 1 and do not correlate: the length of each row is how much of a component z explains.
    back, *_ = np.linalg.lstsq(scores, z, rcond=None)
    return _independent(back, count)


def _tensor(generator: keras.Model, layer: str | None) -> keras.KerasTensor:
    layers = {each.name: each for each in generator.layers}
    if layer is None:
        squash = [each for each in generator.layers if isinstance(each, keras.layers.Activation)]
        return squash[-1].input if squash else generator.outputs[0]
    if layer not in layers:
        raise ValueError(f"the generator has no layer {layer!r}; it has {', '.join(layers)}")
    return layers[layer].output


def _axes(networks: Networks, snapshot: Snapshot, count: int) -> np.ndarray:
    size = networks.latent_dim
    z = np.random.default_rng(0).standard_normal((NUDGED, size), dtype=np.float32)
    labels = networks.labels(NUDGED)
    before = networks.draw(snapshot, z, labels).astype(np.float32)
    moved = np.empty(size)
    for axis in range(size):
        step = np.zeros(size, np.float32)
        step[axis] = NUDGE
        moved[axis] = np.square(networks.draw(snapshot, z + step, labels) - before).mean()
    return np.eye(size, dtype=np.float32)[np.argsort(-moved, kind="stable")[:count]]


def _independent(directions: np.ndarray, count: int) -> np.ndarray:
    """Take each direction without what those before it do, if enough is left; make the largest part positive."""
    taken = np.empty((0, directions.shape[1]))
    for least in (EXPLAINED, 0.0):
        for direction in directions:
            left = direction - (taken @ direction) @ taken
            length = np.linalg.norm(left)
            if len(taken) < count and length > max(least, 1e-6):
                taken = np.vstack([taken, left / length])
    largest = np.take_along_axis(taken, np.abs(taken).argmax(1)[:, None], 1)
    return (taken * np.sign(largest)).astype(np.float32)
