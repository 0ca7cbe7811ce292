"""The real images beside a generator, and the searches among them, made when they are first needed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from ganbook.browsing.nearest import Neighbours

if TYPE_CHECKING:
    from ganbook.browsing.sources import ModelSource, RunSource
    from ganbook.data import ImageData

SPACES = ("pixels", "features")


class Reals:
    """May be used from any thread; what is being made is made once."""

    def __init__(self, source: RunSource | ModelSource, data: ImageData | None):
        self._source, self._data = source, data
        self._making = {name: threading.Lock() for name in ("data", *SPACES)}
        self._searches: dict[str, Neighbours] = {}

    @property
    def data(self) -> ImageData:
        """The data that the generator learned from, or was given beside.

        Raises
        ------
        ValueError
            None is known, or its images have another shape than the samples.
        """
        with self._making["data"]:
            if self._data is None:
                self._data = self._source.load_data()
        check_shape(self._data, self._source)
        return self._data

    def ready(self, space: str) -> bool:
        """Whether the search in a space has been made."""
        return space in self._searches

    def search(self, space: str = "pixels", tell: Callable[[float], None] = lambda share: None) -> Neighbours:
        """The search in ``pixels``, or in the ``features`` of a network that is trained on the data, once.

        Parameters
        ----------
        space
            One of the two.
        tell
            Called with the share done, 0 to 1, while it is made.

        Raises
        ------
        ValueError
            Another space, or no data.
        """
        if space not in SPACES:
            raise ValueError(f"distances are in {' or '.join(SPACES)}, not in {space!r}")
        data = self.data
        with self._making[space]:
            if space not in self._searches:
                self._searches[space] = Neighbours(data, *_space(space, data), tell=tell)
            return self._searches[space]


def check_shape(data: ImageData, source: RunSource | ModelSource) -> None:
    """Raise ``ValueError`` unless the data's images have the shape of the samples."""
    if data.shape != source.shape:
        height, width, channels = source.shape
        raise ValueError(
            f"{data.name} holds images {data.shape} and {source.name} draws {source.shape}: load it in that shape, "
            f"gb.data.load(…, image_size=({height}, {width}), channels={channels})"
        )


def _space(space: str, data: ImageData) -> tuple:
    """Return the name of a space, and the function that takes images into it."""
    if space == "pixels":
        return ("pixels",)
    from ganbook.utils import backend

    backend.tensorflow()
    from ganbook.metrics import features

    known = features.space(data, features.trained(data))
    return f"features of the {known.name}", known.features
