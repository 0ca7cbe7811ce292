"""How differently two images look to a network that has learned to see: LPIPS without weights learned from people.

At every position of the maps of four stages of EfficientNet-Lite0 the channels are scaled to length 1; the distance is
the squared difference, summed over channels, then averaged over positions and stages (Zhang et al. 2018, arXiv
1801.03924, equation 1, with all weights equal). 0 for equal images, at most 4.
"""

from __future__ import annotations

import functools

import keras
import numpy as np

from ganbook.metrics import efficientnet

NAME = "EfficientNet-Lite0 maps"


@functools.cache
def _network() -> keras.Model:
    image = keras.Input((None, None, 3))
    model = keras.Model(image, efficientnet.maps(image, efficientnet.read(efficientnet.weights_file())))
    model.trainable = False
    return model


def distance(image: np.ndarray, truth: np.ndarray) -> float:
    """Return the distance of two images, uint8 (H, W, C), C 1 or 3, of one size.

    Raises
    ------
    ValueError
        The package that ships the weights is not installed.
    """
    both = np.stack([np.broadcast_to(one, (*one.shape[:2], 3)) for one in (image, truth)]).astype(np.float32)
    each = []
    for values in _network()(both):
        a, b = (one / np.maximum(np.linalg.norm(one, axis=-1, keepdims=True), 1e-6) for one in np.asarray(values))
        each.append(np.square(a - b).sum(-1).mean())
    return float(np.mean(each))
