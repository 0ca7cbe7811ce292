"""A policy as transforms of albumentations, version 2."""

from __future__ import annotations

import math

from ganbook.augmentation.code.library import Counterpart, Library, none, number, span
from ganbook.augmentation.code.torchvision_transforms import fewest_and_most_bits

_MIRRORED = "border_mode=cv2.BORDER_REFLECT_101, p={p}"
_LABELS = "mixes labels, which needs more than one image"
_STILL = {"brightness": "(1, 1)", "contrast": "(1, 1)", "saturation": "(1, 1)", "hue": "(0, 0)"}


def _jitter(**changed: str) -> Counterpart:
    code = ", ".join(f"{name}={value}" for name, value in (_STILL | changed).items())
    return Counterpart(f"A.ColorJitter({code}, p={{p}})")


def _both(name: str, low: float, high: float) -> str:
    ends = span(low, high)
    return f'A.Affine({name}={{"x": {ends}, "y": {ends}}}, {_MIRRORED})'


def _shear(s: float) -> Counterpart:
    degrees = math.degrees(math.atan(s))
    return Counterpart(_both("shear", -degrees, degrees))


def _box(low: float, high: float, fill: str) -> Counterpart:
    ends = f"({low:.4f}, {high:.4f})"  # whole numbers would be pixels
    sides = f"hole_height_range={ends}, hole_width_range={ends}"
    return Counterpart(f"A.CoarseDropout(num_holes_range=(1, 1), {sides}, fill={fill}, p={{p}})")


OPERATIONS = {
    "flip": lambda s: Counterpart("A.HorizontalFlip(p={p})"),
    "flip_vertical": lambda s: Counterpart("A.VerticalFlip(p={p})"),
    "translation": lambda s: Counterpart(_both("translate_percent", -s, s)),
    "zoom": lambda s: Counterpart(f"A.Affine(scale={span(1 / (1 + s), 1 + s)}, {_MIRRORED})"),
    "stretch": none("no transform widens by as much as it flattens"),
    "crop": lambda s: Counterpart(
        f"A.RandomResizedCrop((HEIGHT, WIDTH), {span((1 - s) ** 2, 1)}, (WIDTH / HEIGHT, WIDTH / HEIGHT), p={{p}})"
    ),
    "rotation": lambda s: Counterpart(f"A.Rotate({span(-180 * s, 180 * s)}, {_MIRRORED})"),
    "shear": _shear,
    "perspective": none("A.Perspective has another measure"),
    "elastic": none("A.ElasticTransform has another measure"),
    "brightness": lambda s: Counterpart(
        f"A.RandomBrightnessContrast({span(-s / 2, s / 2)}, (0, 0), brightness_by_max=True, p={{p}})"
    ),
    "contrast": lambda s: _jitter(contrast=span(1 - s, 1 + s)),
    "saturation": lambda s: _jitter(saturation=span(1 - s, 1 + s)),
    "hue": lambda s: _jitter(hue=span(-s / 2, s / 2)),
    "greyscale": lambda s: Counterpart("A.ToGray(p={p})"),
    "inversion": lambda s: Counterpart("A.InvertImg(p={p})"),
    "posterise": lambda s: Counterpart("A.Posterize(({}, {}), p={{p}})".format(*fewest_and_most_bits(s))),
    "solarise": lambda s: Counterpart(f"A.Solarize({span(1 - s, 1)}, p={{p}})"),
    "equalise": lambda s: Counterpart("A.Equalize(p={p})"),
    "autocontrast": lambda s: Counterpart("A.AutoContrast(p={p})"),
    "sharpness": none("A.Sharpen has another measure"),
    "blur": lambda s: Counterpart(
        f"A.GaussianBlur(blur_limit=0, sigma_limit=(0.05, {number(s / 8)} * min(HEIGHT, WIDTH)), p={{p}})"
    ),
    "noise": lambda s: Counterpart(f"A.GaussNoise(std_range={span(0, s / 2)}, p={{p}})"),
    "jpeg": lambda s: Counterpart(f"A.ImageCompression(quality_range=({math.floor(100.5 - 95 * s)}, 100), p={{p}})"),
    "cutout": lambda s: _box(s, s, "128"),
    "erasing": lambda s: _box(min(0.01, s), s, '"random"'),
    "mixup": none(_LABELS),
    "cutmix": none(_LABELS),
}

ALBUMENTATIONS = Library(
    operations=OPERATIONS,
    sometimes="A.Sequential([{code}], p={p})",
    one_of="A.OneOf([{several}], p=1)",
    head="import albumentations as A\nimport cv2\nimport numpy as np\n",
    helpers={},
    opening="\npolicy = A.Compose([  # on one image after another: uint8 (H, W, C); other draws than ganbook's",
    tail='])\naugmented = np.stack([policy(image=image)["image"] for image in images])',
)
