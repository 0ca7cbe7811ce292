"""A session of enhancement: an image, how it is to be enhanced, the part that is looked at, and the results."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ganbook.config.enhance import EnhanceConfig
from ganbook.config.parser import make
from ganbook.data.resampling import shrink
from ganbook.enhancement.noise_level import noise_level
from ganbook.notebook.panels.image_source import NamedImage

if TYPE_CHECKING:
    from ganbook.enhancement.result import Enhanced

SIDE = 128  # of the part that is looked at, pixels of the image


class Session:
    """An image in work.

    Attributes
    ----------
    opened : NamedImage
        The image as it was opened.
    image : ndarray
        What is enhanced: the image, or a test of it.
    tested : bool
        Whether the image was made small, and noisy where noise is removed, so that the truth is known.
    settings : dict
        ``scale``, ``denoise``, ``jpeg`` and ``crispness``, as :func:`ganbook.enhance` takes them.
    mask : ndarray, bool (H, W)
        True in what stays as it is.
    spot : tuple of int
        Row and column of the middle of the part that is looked at.
    results : dict of str to Enhanced
        By method.
    """

    def __init__(self, opened: NamedImage, *, scored: bool = False, scale: int = 2):
        self.opened = opened
        self.settings: dict[str, Any] = {"scale": scale, "denoise": None, "jpeg": False, "crispness": 0.0}
        self.tested = scored and min(opened.pixels.shape[:2]) >= scale
        self.results: dict[str, Enhanced] = {}
        self.made_with: dict[str, Any] = {}
        self.spot = (0, 0)
        self._begin()
        self.spot = (self.image.shape[0] // 2, self.image.shape[1] // 2)

    @property
    def truth(self) -> np.ndarray | None:
        """What a result is compared with, if that is known, uint8 or uint16 (scale H, scale W, C)."""
        if not self.tested:
            return None
        height, width = (side * self.settings["scale"] for side in self.image.shape[:2])
        return self.opened.pixels[:height, :width]

    @property
    def noise(self) -> float:
        """How noisy the image seems to be, σ in grey levels of 255."""
        return self._noise

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Top, left, height and width of the part that is looked at, within the image."""
        sides = [min(SIDE, length) for length in self.image.shape[:2]]
        starts = [
            max(0, min(length - side, middle - side // 2))
            for length, side, middle in zip(self.image.shape, sides, self.spot, strict=False)
        ]
        return starts[0], starts[1], sides[0], sides[1]

    @property
    def outdated(self) -> bool:
        """Whether there are results, and settings or mask have changed since."""
        return bool(self.results) and self.made_with != self._now()

    def set(self, changes: Mapping[str, Any]) -> bool:
        """Change settings; return whether the image in work is another one now.

        Raises
        ------
        ValueError
            One is out of range.
        """
        unknown = set(changes) - set(self.settings)
        if unknown:
            raise ValueError(f"there is no setting {', '.join(sorted(unknown))}; there are {', '.join(self.settings)}")
        settings = self.settings | dict(changes)
        make(EnhanceConfig, **settings)
        self._check_testable(self.tested, settings["scale"])
        before, self.settings = self.settings, settings
        if self.tested and any(before[name] != settings[name] for name in ("scale", "denoise")):
            row, column = (at * before["scale"] // settings["scale"] for at in self.spot)
            self.spot = row, column
            self._begin()
            return True
        return False

    def test(self, tested: bool) -> None:
        """Make the image small first, so that the truth is known; or no longer."""
        if tested != self.tested:
            scale = self.settings["scale"]
            self._check_testable(tested, scale)
            self.tested = tested
            row, column = self.spot
            self.spot = (row // scale, column // scale) if tested else (row * scale, column * scale)
            self._begin()

    def set_mask(self, mask: np.ndarray) -> None:
        """Take a mask, bool (H, W).

        Raises
        ------
        ValueError
            It has another type or size.
        """
        mask, shape = np.asarray(mask), self.image.shape[:2]
        if mask.dtype != bool or mask.shape != shape:
            raise ValueError(f"the mask is {mask.dtype} {mask.shape}; for this image it must be bool {shape}")
        self.mask = mask.copy()

    def begin_results(self) -> None:
        """Forget the results, and remember what new ones are made with."""
        self.results, self.made_with = {}, self._now()

    def add(self, result: Enhanced) -> None:
        """Add a result."""
        self.results[result.method] = result

    def _check_testable(self, tested: bool, scale: int) -> None:
        if tested and min(self.opened.pixels.shape[:2]) < scale:
            raise ValueError(f"{self.opened.name} is too small to be made {scale} times smaller")

    def _now(self) -> dict[str, Any]:
        return self.settings | {"mask": self.mask.tobytes()}

    def _begin(self) -> None:
        """Make the image in work."""
        pixels, factor = self.opened.pixels, self.settings["scale"]
        self.image = pixels
        if self.tested:
            height, width = (side // factor * factor for side in pixels.shape[:2])
            levels = shrink(pixels[:height, :width], factor) if factor > 1 else pixels.astype(np.float64)
            sigma, most = self.settings["denoise"], np.iinfo(pixels.dtype).max
            if isinstance(sigma, (int, float)):
                noise = np.random.default_rng(0).normal(0, sigma * most / 255, levels.shape)
                noise[..., 3:] = 0
                levels = levels + noise
            self.image = np.clip(np.rint(levels), 0, most).astype(pixels.dtype)
        self._noise = noise_level(self.image)
        self.mask = np.zeros(self.image.shape[:2], bool)
        self.results, self.made_with = {}, {}
