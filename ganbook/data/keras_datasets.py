"""The data sets that Keras downloads. TensorFlow is imported only when one of them is asked for."""

import contextlib
import importlib
import sys

from ganbook.data.arrays import assemble
from ganbook.data.image_data import ImageData
from ganbook.utils import backend

FASHION_NAMES = (
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
)  # fmt: skip

_CIFAR10_NAMES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
_CIFAR100_NAMES = """
    apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly
    camel can castle caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile
    cup dinosaur dolphin elephant flatfish forest fox girl hamster house kangaroo keyboard lamp
    lawn_mower leopard lion lizard lobster man maple_tree motorcycle mountain mouse mushroom
    oak_tree orange orchid otter palm_tree pear pickup_truck pine_tree plain plate poppy porcupine
    possum rabbit raccoon ray road rocket rose sea seal shark shrew skunk skyscraper snail snake
    spider squirrel streetcar sunflower sweet_pepper table tank telephone television tiger tractor
    train trout tulip turtle wardrobe whale willow_tree wolf woman worm
"""

KERAS_DATASETS = {
    "mnist": "60,000 + 10,000 handwritten digits, 28×28 grey, 10 classes; downloaded by Keras",
    "fashion_mnist": "60,000 + 10,000 articles of clothing, 28×28 grey, 10 classes; downloaded by Keras",
    "cifar10": "50,000 + 10,000 photos, 32×32 RGB, 10 classes; downloaded by Keras",
    "cifar100": "50,000 + 10,000 photos, 32×32 RGB, 100 classes; downloaded by Keras",
}
_CLASS_NAMES = {
    "mnist": tuple("0123456789"),
    "fashion_mnist": FASHION_NAMES,
    "cifar10": _CIFAR10_NAMES,
    "cifar100": tuple(_CIFAR100_NAMES.split()),
}


def load_keras_dataset(
    name: str, size: tuple[int, int] | None = None, channels: int | None = None, crop: str | None = None
) -> ImageData:
    """Load ``mnist``, ``fashion_mnist``, ``cifar10`` or ``cifar100`` through ``keras.datasets``.

    Raises
    ------
    ValueError
        If the download fails.
    """
    backend.tensorflow()
    dataset = importlib.import_module(f"keras.datasets.{name}")
    try:
        # Keras draws its download bar on stdout, which belongs to results
        with contextlib.redirect_stdout(sys.stderr):
            (x_train, y_train), (x_test, y_test) = dataset.load_data()
    except Exception as error:  # Keras raises a bare Exception when a URL cannot be fetched
        reason = " ".join(str(error).split())
        raise ValueError(
            f"{name!r} could not be downloaded ({reason}): go online, or use digits, fashion or emoji, "
            "which need no network"
        ) from error
    return assemble(
        x_train, y_train, x_test, y_test,
        name=name, source=name, class_names=_CLASS_NAMES[name], size=size, channels=channels, crop=crop,
    )  # fmt: skip
