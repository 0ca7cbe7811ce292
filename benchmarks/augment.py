"""How many pictures a second: ganbook's operations and policies beside Keras' layers, torchvision v2 and Pillow.

    pip install -e '.[benchmark]'
    python -m benchmarks.augment [--sides 28 224] [--threads 1 2] [--seconds 0.5] [--only rotation RandAugment]

Every contender has a process of its own, held to the same number of processors, and takes the same uint8 pictures, each
with a draw of its own. Best of three rounds. A dash: it has no such operation.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import numpy as np

OPERATIONS = (
    "flip", "translation", "rotation", "zoom", "shear", "perspective", "elastic", "brightness", "contrast",
    "saturation", "hue", "greyscale", "inversion", "posterise", "solarise", "equalise", "autocontrast", "sharpness",
    "blur", "erasing", "RandAugment", "TrivialAugment", "AugMix", "light", "standard", "strong", "DiffAugment",
)  # fmt: skip
Run = Callable[[np.ndarray], Any]


def ganbook(threads: int) -> Callable[[str], Run]:
    from ganbook.augmentation import Policy

    return lambda name: Policy.parse(name)


def keras(threads: int) -> Callable[[str], Run | None]:
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    import tensorflow as tf
    from keras import layers

    both = (-0.1, 0.1)
    made = {
        "flip": [layers.RandomFlip("horizontal")], "translation": [layers.RandomTranslation(0.125, 0.125)],
        "rotation": [layers.RandomRotation(0.05)], "zoom": [layers.RandomZoom(0.2)],
        "shear": [layers.RandomShear(0.2, 0.2)], "perspective": [layers.RandomPerspective(1.0)],
        "elastic": [layers.RandomElasticTransform()], "brightness": [layers.RandomBrightness(0.25)],
        "contrast": [layers.RandomContrast(0.5)], "saturation": [layers.RandomSaturation(1.0)],
        "hue": [layers.RandomHue(0.1)], "greyscale": [layers.RandomGrayscale(1.0)],
        "inversion": [layers.RandomInvert(1.0)], "posterise": [layers.RandomPosterization(4)],
        "solarise": [layers.Solarization()], "equalise": [layers.Equalization()],
        "autocontrast": [layers.AutoContrast()], "sharpness": [layers.RandomSharpness(1.0)],
        "blur": [layers.RandomGaussianBlur(1.0, 5)], "erasing": [layers.RandomErasing(1.0)],
        "RandAugment": [layers.RandAugment()], "AugMix": [layers.AugMix()],
        "light": [layers.RandomFlip("horizontal"), layers.RandomTranslation(0.06, 0.06), layers.RandomBrightness(0.05),
                  layers.RandomContrast(0.1)],
        "standard": [layers.RandomFlip("horizontal"), layers.RandomTranslation(0.1, 0.1), layers.RandomRotation(0.025),
                     layers.RandomZoom(both), layers.RandomBrightness(0.1), layers.RandomContrast(0.2),
                     layers.RandomSaturation(0.3)],
    }  # fmt: skip

    def runner(name: str) -> Run | None:
        if name not in made:
            return None

        def all_layers(x: Any) -> Any:
            for layer in made[name]:
                x = layer(x, training=True)
            return x

        @cache  # traced once for the pictures, not in each round
        def data(count: int, side: int) -> tf.data.Dataset:
            options = tf.data.Options()
            options.threading.private_threadpool_size = threads
            pictures = np.zeros((count, side, side, 3), np.uint8)
            pictures[:] = np.random.default_rng(0).integers(0, 256, (side, side, 3))
            made = tf.data.Dataset.from_tensor_slices(pictures).batch(32).map(all_layers, tf.data.AUTOTUNE)
            return made.with_options(options)

        def run(images: np.ndarray) -> None:
            for _ in data(len(images), images.shape[1]):
                pass

        return run

    return runner


def torchvision(threads: int) -> Callable[[str], Run | None]:
    import torch
    from torchvision.transforms import v2

    torch.set_num_threads(threads)
    made = {
        "flip": v2.RandomHorizontalFlip(), "translation": v2.RandomAffine(0, (0.125, 0.125)),
        "rotation": v2.RandomRotation(18, v2.InterpolationMode.BILINEAR),
        "zoom": v2.RandomAffine(0, scale=(0.83, 1.2), interpolation=v2.InterpolationMode.BILINEAR),
        "shear": v2.RandomAffine(0, shear=(-11, 11, -11, 11), interpolation=v2.InterpolationMode.BILINEAR),
        "perspective": v2.RandomPerspective(0.4, 1.0), "elastic": v2.ElasticTransform(),
        "brightness": v2.ColorJitter(brightness=0.5), "contrast": v2.ColorJitter(contrast=0.5),
        "saturation": v2.ColorJitter(saturation=1.0), "hue": v2.ColorJitter(hue=0.05),
        "greyscale": v2.RandomGrayscale(1.0), "inversion": v2.RandomInvert(1.0),
        "posterise": v2.RandomPosterize(4, 1.0),
        "solarise": v2.RandomSolarize(128, 1.0),
        "equalise": v2.RandomEqualize(1.0),
        "autocontrast": v2.RandomAutocontrast(1.0), "sharpness": v2.RandomAdjustSharpness(1.5, 1.0),
        "blur": v2.GaussianBlur(5, (0.1, 1.0)), "erasing": v2.RandomErasing(1.0), "RandAugment": v2.RandAugment(),
        "TrivialAugment": v2.TrivialAugmentWide(), "AugMix": v2.AugMix(),
    }  # fmt: skip

    def runner(name: str) -> Run | None:
        if name not in made:
            return None

        def run(images: np.ndarray) -> None:
            for image in images:
                made[name](torch.from_numpy(image).permute(2, 0, 1))

        return run

    return runner


def pillow(threads: int) -> Callable[[str], Run | None]:
    from PIL import Image, ImageEnhance, ImageFilter, ImageOps

    rng, linear = np.random.default_rng(0), Image.Resampling.BILINEAR

    def affine(*numbers: float) -> Callable:
        return lambda image: image.transform(image.size, Image.Transform.AFFINE, numbers, linear)

    def enhanced(kind: Any) -> Callable:
        return lambda image: kind(image).enhance(rng.uniform(0.5, 1.5))

    made = {
        "flip": ImageOps.mirror, "translation": affine(1, 0, 2, 0, 1, -3), "zoom": affine(0.9, 0, 1, 0, 0.9, 1),
        "rotation": lambda image: image.rotate(rng.uniform(-18, 18), linear), "shear": affine(1, 0.1, 0, 0.1, 1, 0),
        "perspective": lambda image: image.transform(
            image.size, Image.Transform.PERSPECTIVE, (1, 0, 0, 0, 1, 0, 1e-4, 1e-4), linear
        ),
        "brightness": enhanced(ImageEnhance.Brightness), "contrast": enhanced(ImageEnhance.Contrast),
        "saturation": enhanced(ImageEnhance.Color), "sharpness": enhanced(ImageEnhance.Sharpness),
        "greyscale": lambda image: ImageOps.grayscale(image).convert("RGB"), "inversion": ImageOps.invert,
        "posterise": lambda image: ImageOps.posterize(image, 4), "solarise": ImageOps.solarize,
        "equalise": ImageOps.equalize, "autocontrast": ImageOps.autocontrast,
        "blur": lambda image: image.filter(ImageFilter.GaussianBlur(rng.uniform(0.1, 1))),
    }  # fmt: skip

    def runner(name: str) -> Run | None:
        if name not in made:
            return None

        def run(images: np.ndarray) -> None:
            def one(image: np.ndarray) -> np.ndarray:
                return np.asarray(made[name](Image.fromarray(image)))

            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(one, images))

        return run

    return runner


CONTENDERS = {"ganbook": ganbook, "Keras layers": keras, "torchvision v2": torchvision, "Pillow": pillow}


def work(contender: str, threads: int, sides: list[int], names: list[str], seconds: float, pipe: Any) -> None:
    """Measure all that one contender has, in a process of its own."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
    try:
        runner = CONTENDERS[contender](threads)
    except ImportError as error:
        pipe.send(error)
        return
    for side in sides:
        for name in names:
            run = runner(name)
            pipe.send(None if run is None else rate(run, side, seconds))


def rate(run: Run, side: int, seconds: float) -> float:
    """Pictures a second, the best of three rounds of about that long."""
    images = np.random.default_rng(0).integers(0, 256, (32, side, side, 3), np.uint8)
    run(images)
    began = time.perf_counter()
    run(images)
    count = max(1, int(seconds / (time.perf_counter() - began)))
    images, best = np.tile(images, (min(count, 200 * 224 // side), 1, 1, 1)), 0.0
    for _ in range(3):
        began = time.perf_counter()
        run(images)
        best = max(best, len(images) / (time.perf_counter() - began))
    return best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sides", type=int, nargs="+", default=[28, 224])
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--seconds", type=float, default=0.5)
    parser.add_argument("--only", nargs="+", default=list(OPERATIONS))
    asked = parser.parse_args()
    context, rates = multiprocessing.get_context("spawn"), {}
    columns = [(contender, threads) for contender in CONTENDERS for threads in asked.threads]
    for contender, threads in columns:
        ours, theirs = context.Pipe()
        arguments = (contender, threads, asked.sides, asked.only, asked.seconds, theirs)
        process = context.Process(target=work, args=arguments, daemon=True)
        process.start()
        for side in asked.sides:
            for name in asked.only:
                answer = ours.recv()
                if isinstance(answer, Exception):
                    print(f"{contender} left out: {answer}")
                    break
                rates[side, name, contender, threads] = answer
            else:
                continue
            break
        process.join()
    for side in asked.sides:
        print(f"\n| {side}×{side} RGB | " + " | ".join(f"{c}, {t}" for c, t in columns) + " |")
        print("|---" * (len(columns) + 1) + "|")
        for name in asked.only:
            cells = [rates.get((side, name, *column)) for column in columns]
            print(f"| {name} | " + " | ".join("–" if cell is None else f"{cell:,.0f}" for cell in cells) + " |")


if __name__ == "__main__":
    main()
