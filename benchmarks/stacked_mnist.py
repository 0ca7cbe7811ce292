"""How many of 1,000 modes a recipe finds: StackedMNIST, after PacGAN's Table 3 (Lin et al. 2018, arXiv 1712.04086).

    python -m benchmarks.stacked_mnist --data mnist.npz [--minutes 5 10 20] [--seed 1] [--only …]

Three digits drawn at random are the channels of one picture; the classes of its channels, as a classifier of single
digits sees them, are one of 1,000 modes. Counted on 25,600 samples: modes that occur, and the KL divergence (natural
logarithm) of their frequencies to the uniform distribution. The published table gives 500,000 steps; here minutes on
two cores count. 128,000 triples are drawn once instead of new ones for each step.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from typing import Any

import numpy as np

import ganbook as gb

TRIPLES, SAMPLES, MODES = 128_000, 25_600, 1_000
# Modes and KL with D a quarter of G's size and half of it: the published table, for reading beside.
PUBLISHED = {
    "DCGAN": "78.5 / 5.21, 488 / 2.24",
    "PacDCGAN2": "484 / 2.61, 841 / 1.00",
    "PacDCGAN4": "667 / 1.81, 820 / 1.15",
}


def stacked(digits: gb.ImageData) -> gb.ImageData:
    """Random triples of digits as pictures uint8 (N, 28, 28, 3)."""
    picked = np.random.default_rng(0).integers(0, len(digits), (TRIPLES, 3))
    images = np.empty((TRIPLES, *digits.images.shape[1:3], 3), np.uint8)
    for channel in range(3):
        images[..., channel] = digits.images[picked[:, channel], ..., 0]
    return gb.ImageData(images=images, test_images=images[:0], name="stacked_mnist")


def small_pair(d_width: int):
    """The published small networks: Unrolled GAN's (Metz et al. 2017, arXiv 1611.02163), D's first layer so wide."""
    import keras
    from keras import layers

    def up(channels: int):
        return [
            layers.Conv2DTranspose(channels, 3, 2, "same", use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
        ]

    def down(channels: int):
        return [layers.Conv2D(channels, 3, 2, "same"), layers.BatchNormalization(), layers.LeakyReLU(0.3)]

    generator = keras.Sequential([
        keras.Input((256,)), layers.Dense(4 * 4 * 64, use_bias=False), layers.BatchNormalization(), layers.ReLU(),
        layers.Reshape((4, 4, 64)), *up(32), layers.Cropping2D(((0, 1), (0, 1))), *up(16), *up(8),
        layers.Conv2D(3, 3, 1, "same", activation="tanh"),
    ])  # fmt: skip
    discriminator = keras.Sequential([
        keras.Input((28, 28, 3)), *down(d_width), *down(2 * d_width), *down(4 * d_width), layers.Flatten(),
        layers.Dense(1),
    ])  # fmt: skip
    return generator, discriminator


PUBLISHED_OPTIONS = {
    "latent_dim": 256, "batch_size": 128, "learning_rate": 1e-4, "d_learning_rate": 2e-4, "beta_2": 0.99,
    "loss": "non-saturating",
}  # fmt: skip
CONTENDERS: dict[str, tuple[Any, dict[str, Any]]] = {
    "ganbook's compact": (None, {"network": "compact"}),
    "compact, non-saturating loss": (None, {"network": "compact", "loss": "non-saturating"}),
    "published nets, D ¼, DCGAN's loss": (2, PUBLISHED_OPTIONS),
    "published nets, D ½, DCGAN's loss": (4, PUBLISHED_OPTIONS),
    "published nets, D ½, relativistic with R1 and R2": (
        4, PUBLISHED_OPTIONS | {"loss": "relativistic", "r1": 0.1, "r2": 0.1}
    ),
}  # fmt: skip


def modes(samples: np.ndarray, space) -> tuple[int, float]:
    """Modes that occur in pictures uint8 (N, 28, 28, 3), and the KL of their frequencies to uniform."""
    digits = [space.classes(samples[..., channel : channel + 1]) for channel in range(3)]
    share = np.bincount(digits[0] * 100 + digits[1] * 10 + digits[2], minlength=MODES) / len(samples)
    seen = share[share > 0]
    return len(seen), float(np.sum(seen * np.log(seen * MODES)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default="mnist", help="single digits with labels, as gb.data.load takes them")
    parser.add_argument("--minutes", type=float, nargs="+", default=[5, 10, 20])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", help="parts of contenders' names")
    asked = parser.parse_args()
    from ganbook.metrics.features import classifier_space

    digits = gb.data.load(asked.data)
    space, data = classifier_space(digits), stacked(digits)
    found, distance = modes(data.images[:SAMPLES], space)
    print(f"{space.name}, {space.accuracy:.1%} right; real triples: {found} modes, KL {distance:.3f}")
    print(
        "published, 500,000 steps, modes / KL with D ¼ and ½ of G: "
        + "; ".join(f"{k} {v}" for k, v in PUBLISHED.items())
    )
    for name, (width, options) in CONTENDERS.items():
        if asked.only and not any(part in name for part in asked.only):
            continue
        if width is not None:
            import keras

            keras.utils.set_random_seed(asked.seed)
            options = options | {"network": small_pair(width)}
        with tempfile.TemporaryDirectory() as place:
            run = gb.train(data, seed=asked.seed, seconds=60 * max(asked.minutes), runs_dir=place, **options)
            for mark in sorted(asked.minutes):
                while run.active and run.seconds < 60 * mark:
                    time.sleep(0.1)
                samples = run.sample(SAMPLES, seed=999)
                found, distance = modes(samples, space)
                print(f"{name}: {mark:g} min, step {run.steps_done}: {found} modes, KL {distance:.3f}", flush=True)
            run.wait()


if __name__ == "__main__":
    main()
