"""Non-local means (Buades, Coll and Morel 2005): a pixel becomes the mean of those in like surroundings."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

PATCH, SEARCH = 7, 21  # sides of what is compared, and of where it is looked for
REACH = PATCH // 2 + SEARCH // 2
# Filter parameter h over σ by bits and channels, those of the best PSNR on noisy training images.
STRENGTH = {(8, 1): 0.9, (8, 3): 0.9, (16, 1): 0.75, (16, 3): 1.3}


def remover(sigma: float) -> Callable[[np.ndarray], np.ndarray]:
    """Return work that removes noise from uint8 or uint16 (h, w, C), C 1 or 3.

    Parameters
    ----------
    sigma
        Standard deviation of the noise in grey levels of 255.
    """
    import cv2

    def work(image: np.ndarray) -> np.ndarray:
        image = np.ascontiguousarray(image)
        h = STRENGTH[8 * image.itemsize, image.shape[2]] * sigma
        if image.dtype == np.uint8:
            return cv2.fastNlMeansDenoising(image, None, h, PATCH, SEARCH).reshape(image.shape)
        # OpenCV compares sixteen bits by absolute differences alone.
        return cv2.fastNlMeansDenoising(image, [h * 257], None, PATCH, SEARCH, cv2.NORM_L1).reshape(image.shape)

    return work
