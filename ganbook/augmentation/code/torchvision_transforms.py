"""A policy as torchvision's transforms, version 2."""

from __future__ import annotations

import math

from ganbook.augmentation.code.library import Counterpart, Library, none, number, span
from ganbook.augmentation.effects.levels import draw_posterise

_EDGES = "black beyond the edges"
_LABELS = "mixes labels: see v2.MixUp and v2.CutMix, which take batches with labels"


def fewest_and_most_bits(s: float) -> tuple[int, int]:
    """Return what posterising leaves at least and at most."""
    import numpy as np

    ends = draw_posterise(np, [np.array([1 - 1e-9, 0.0])], s, ())["bits"]
    return int(ends[0]), int(ends[1])


def _varied(function: str, low: float, high: float, remark: str = "") -> Counterpart:
    return Counterpart(f"v2.Lambda(lambda image: F.{function}(image, random.uniform{span(low, high)}))", remark)


def _shear(s: float) -> Counterpart:
    degrees = number(math.degrees(math.atan(s)))
    return Counterpart(f"v2.RandomAffine(0, shear=(-{degrees}, {degrees}, -{degrees}, {degrees}))", _EDGES)


def _box(scale: str, value: str) -> Counterpart:
    code = f"v2.RandomErasing({{p}}, scale={scale}, ratio=(HEIGHT / WIDTH, HEIGHT / WIDTH), value={value})"
    if value != "0.5":
        code = f"v2.Compose([{code}, v2.Lambda(lambda image: image.clamp(0, 1))])"
    return Counterpart(code, "the box is wholly inside the image, and has its aspect ratio")


def _posterise(s: float) -> Counterpart:
    bits = "{}, {}".format(*fewest_and_most_bits(s))
    return Counterpart(f"v2.Lambda(lambda image: F.posterize(image, random.randint({bits})))")


OPERATIONS = {
    "flip": lambda s: Counterpart("v2.RandomHorizontalFlip({p})"),
    "flip_vertical": lambda s: Counterpart("v2.RandomVerticalFlip({p})"),
    "translation": lambda s: Counterpart(f"v2.RandomAffine(0, translate=({number(s)}, {number(s)}))", _EDGES),
    "zoom": lambda s: Counterpart(f"v2.RandomAffine(0, scale={span(1 / (1 + s), 1 + s)})", _EDGES),
    "stretch": none("no transform widens by as much as it flattens"),
    "crop": lambda s: Counterpart(
        f"v2.RandomResizedCrop((HEIGHT, WIDTH), {span((1 - s) ** 2, 1)}, ratio=(WIDTH / HEIGHT, WIDTH / HEIGHT))"
    ),
    "rotation": lambda s: Counterpart(f"v2.RandomRotation({number(180 * s)})", _EDGES),
    "shear": _shear,
    "perspective": none("v2.RandomPerspective has another measure"),
    "elastic": none("v2.ElasticTransform has another measure"),
    "brightness": lambda s: Counterpart(
        f"v2.Lambda(lambda image: (image + random.uniform{span(-s / 2, s / 2)}).clamp(0, 1))",
        "added; v2.ColorJitter multiplies",
    ),
    "contrast": lambda s: Counterpart(f"v2.ColorJitter(contrast={number(s)})"),
    "saturation": lambda s: Counterpart(f"v2.ColorJitter(saturation={number(s)})"),
    "hue": lambda s: Counterpart(f"v2.ColorJitter(hue={number(s / 2)})", "in HSV"),
    "greyscale": lambda s: Counterpart("v2.RandomGrayscale({p})"),
    "inversion": lambda s: Counterpart("v2.RandomInvert({p})"),
    "posterise": _posterise,
    "solarise": lambda s: _varied("solarize", 1 - s, 1),
    "equalise": lambda s: Counterpart("v2.RandomEqualize({p})"),
    "autocontrast": lambda s: Counterpart("v2.RandomAutocontrast({p})"),
    "sharpness": lambda s: _varied("adjust_sharpness", 1 - s, 1 + s),
    "blur": lambda s: Counterpart(f"blur({number(s / 8)} * min(HEIGHT, WIDTH))"),
    "noise": lambda s: Counterpart(
        f"v2.Lambda(lambda image: (image + random.uniform{span(0, s / 2)} * torch.randn_like(image)).clamp(0, 1))"
    ),
    "jpeg": lambda s: Counterpart(
        "v2.Compose([v2.ToDtype(torch.uint8, scale=True), "
        f"v2.JPEG(({math.floor(100.5 - 95 * s)}, 100)), v2.ToDtype(torch.float32, scale=True)])"
    ),
    "cutout": lambda s: _box(span(s * s, s * s), "0.5"),
    "erasing": lambda s: _box(span(0, s * s), '"random"'),
    "mixup": none(_LABELS),
    "cutmix": none(_LABELS),
}

_BLUR = '''
def blur(most):
    """Return a transform that blurs with a deviation of up to `most` pixels."""
    return v2.GaussianBlur(2 * math.ceil(3 * most) + 1, sigma=(0.05, max(0.05, most)))
'''

TORCHVISION = Library(
    operations=OPERATIONS,
    sometimes="v2.RandomApply([{code}], {p})",
    one_of="v2.RandomChoice([{several}])",
    head="import math\nimport random\n\nimport torch\nfrom torchvision.transforms import v2\n"
    "from torchvision.transforms.v2 import functional as F\n",
    helpers={"blur(": _BLUR},
    opening="\npolicy = v2.Compose([  # on one image after another: a tensor (C, H, W); other draws than ganbook's\n"
    "    v2.ToDtype(torch.float32, scale=True),",
    tail="])\naugmented = torch.stack([policy(image) for image in images])",
)
