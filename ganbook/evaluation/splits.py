"""Which real images an evaluation uses for what."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ganbook.data import ImageData
from ganbook.metrics.features import FeatureSpace
from ganbook.metrics.nearest import radii
from ganbook.metrics.prdc import K

# So many test images are enough to be compared with; else the training images are cut in two.
ENOUGH_TESTS, ENOUGH_RIVALS = 1000, 100
VALIDATION, MOST_TESTS = 1000, 10_000
LEAST = 40  # the jackknife's groups must hold two images each
LARGEST = 2**29  # bytes of training images that are searched for copies


@dataclass(frozen=True)
class Subject:
    """Images to be judged.

    Attributes
    ----------
    images
        Compared with the reference, uint8 (N, H, W, C), in random order.
    unseen, known, rivals
        Whether ``unseen`` are copies of ``known``, rather than like ``rivals`` (None: like the second nearest).
    """

    images: np.ndarray
    space: FeatureSpace
    unseen: np.ndarray
    known: np.ndarray
    rivals: np.ndarray | None

    @cached_property
    def looked(self) -> tuple[np.ndarray, np.ndarray]:
        """Features float32 (N, F) and answers of the space int (N,)."""
        return self.space.look(self.images)

    @property
    def features(self) -> np.ndarray:
        """Features float32 (N, F)."""
        return self.looked[0]

    @cached_property
    def reach(self) -> np.ndarray:
        """Distance of every image to its fifth neighbour, float32 (N,)."""
        return radii(self.features, K)

    @property
    def classes(self) -> np.ndarray:
        """The class that the space sees in every image; all 0 where the space knows no classes."""
        return self.looked[1] if self.space.num_classes else np.zeros(len(self.images), int)


@dataclass(frozen=True)
class Real:
    """Real images in their roles; each is uint8 (…, H, W, C), in random order.

    Attributes
    ----------
    reference
        What samples are compared with: test images if there are enough.
    others
        As many that stand in for samples: what a perfect generator would get.
    validation
        Choose σ of the Parzen window.
    train
        May have been copied.
    tests
        Were not trained on; empty if there are too few.
    held_out
        Whether the reference is of test images.
    """

    reference: np.ndarray
    others: np.ndarray
    validation: np.ndarray
    train: np.ndarray
    tests: np.ndarray
    held_out: bool

    def samples(self, images: np.ndarray, space: FeatureSpace) -> Subject:
        """Samples as a subject."""
        rivals = self.tests[len(self.tests) // 2 :] if len(self.tests) else None
        return Subject(images, space, images, self.train, rivals)

    def floor(self, space: FeatureSpace) -> Subject:
        """Real images in the place of samples."""
        half = len(self.tests) // 2
        if half:
            return Subject(self.others, space, self.tests[:half], self.train, self.tests[half:])
        half = len(self.train) // 2
        return Subject(self.others, space, self.train[:half], self.train[half:], None)


def real(data: ImageData, count: int, seed: int) -> Real:
    """Deal out the images of a data set, so that there are at most ``count`` to compare.

    Raises
    ------
    ValueError
        There are too few.
    """
    rng = np.random.default_rng(seed)
    order, tests = rng.permutation(len(data)), rng.permutation(len(data.test_images))
    held_out = len(tests) >= min(count, ENOUGH_TESTS)
    validation = min(VALIDATION, len(order) // 10)
    rest = order[validation:]
    at_most = min(len(rest), len(tests)) if held_out else len(rest) // 2
    count = min(count, at_most)
    if count < LEAST:
        raise ValueError(
            f"{data.name} holds {len(order)} training and {len(tests)} test images, which leaves {count} to compare: "
            f"at least {LEAST} are needed"
        )
    searched = order[: max(LEAST, LARGEST // data.images[0].size)]
    return Real(
        reference=data.test_images[tests[:count]] if held_out else data.images[rest[count : 2 * count]],
        others=data.images[rest[:count]],
        validation=data.images[order[:validation]],
        train=data.images[searched],
        tests=data.test_images[tests[:MOST_TESTS] if len(tests) >= ENOUGH_RIVALS else tests[:0]],
        held_out=held_out,
    )
