"""The data sets inside the package, which need no network; ATTRIBUTION.md has authors and licences."""

from importlib import resources

from ganbook.data.arrays import assemble
from ganbook.data.image_data import ImageData
from ganbook.data.npz import read_parts

BUNDLED = {
    "digits": "10,000 + 2,000 handwritten digits (MNIST), 28×28 grey, 10 classes; bundled",
    "fashion": "10,000 + 2,000 articles of clothing (Fashion-MNIST), 28×28 grey, 10 classes; bundled",
    "emoji": "1,706 + 200 emoji (Noto Color Emoji), 32×32 RGB, 9 categories; bundled",
}


def load_bundled(
    name: str, size: tuple[int, int] | None = None, channels: int | None = None, crop: str | None = None
) -> ImageData:
    """Load ``digits``, ``fashion`` or ``emoji``."""
    with resources.files(__name__).joinpath(f"{name}.npz").open("rb") as file:
        parts = read_parts(file, name)
    return assemble(**parts, name=name, source=name, size=size, channels=channels, crop=crop)
