"""A policy as Keras layers."""

from __future__ import annotations

from ganbook.augmentation.code.library import Counterpart, Library, none, number, span

_01 = "value_range=(0, 1)"
_LABELS = "mixes labels: see keras.layers.MixUp and CutMix, which take images and labels"


def _factor(s: float) -> str:
    """``times`` of 1 ± s, for layers in which f stands for f/(1 − f)."""
    return span((1 - s) / (2 - s), (1 + s) / (2 + s))


def _bits(s: float) -> int:
    return max(1, 8 - int(7 * s + 0.5))


OPERATIONS = {
    "flip": lambda s: Counterpart(
        "Sometimes({p}, lambda images: ops.flip(images, axis=2))", at_half='layers.RandomFlip("horizontal")'
    ),
    "flip_vertical": lambda s: Counterpart(
        "Sometimes({p}, lambda images: ops.flip(images, axis=1))", at_half='layers.RandomFlip("vertical")'
    ),
    "translation": lambda s: Counterpart(
        f"layers.RandomTranslation({number(s)}, {number(s)})", "not by whole pixels alone"
    ),
    "zoom": lambda s: Counterpart(f"layers.RandomZoom({span(1 / (1 + s) - 1, s)})"),
    "stretch": none("no layer widens by as much as it flattens"),
    "crop": lambda s: Counterpart(f"layers.RandomZoom({span(-min(s, 0.99), 0)})", "always about the centre"),
    "rotation": lambda s: Counterpart(f"layers.RandomRotation({number(s / 2)})"),
    "shear": lambda s: Counterpart(f"layers.RandomShear({number(s)}, {number(s)})", "about the corner"),
    "perspective": none("RandomPerspective has another measure"),
    "elastic": none("RandomElasticTransform has another measure"),
    "brightness": lambda s: Counterpart(f"layers.RandomBrightness({number(s / 2)}, {_01})"),
    "contrast": lambda s: Counterpart(f"layers.RandomContrast({number(s)}, {_01})", "about each channel's mean"),
    "saturation": lambda s: Counterpart(f"layers.RandomSaturation({_factor(s)}, {_01})", "in HSV"),
    "hue": lambda s: Counterpart(f"layers.RandomHue({number(s)}, {_01})", "in HSV"),
    "greyscale": lambda s: Counterpart("layers.RandomGrayscale({p})"),
    "inversion": lambda s: Counterpart(f"layers.RandomInvert(({{p}}, {{p}}), {_01})"),
    "posterise": lambda s: Counterpart(f"layers.RandomPosterization({_bits(s)}, {_01})", "always the fewest bits"),
    "solarise": lambda s: (
        Counterpart(f"layers.Solarization(threshold_factor=(0, 1), {_01})")
        if s == 1
        else Counterpart("", "Solarization has no lowest threshold other than 0")
    ),
    "equalise": lambda s: Counterpart(f"Sometimes({{p}}, layers.Equalization({_01}))"),
    "autocontrast": lambda s: Counterpart(f"Sometimes({{p}}, layers.AutoContrast({_01}))"),
    "sharpness": lambda s: Counterpart(f"layers.RandomSharpness({span((1 - s) / 2, (1 + s) / 2)}, {_01})"),
    "blur": lambda s: Counterpart(
        f"Sometimes({{p}}, blur({number(s / 8)} * min(HEIGHT, WIDTH)))", "one σ for a whole batch"
    ),
    "noise": lambda s: Counterpart(f"Sometimes({{p}}, lambda images: noise(images, {number(s / 2)}))"),
    "jpeg": none("no layer saves as JPEG"),
    "cutout": lambda s: Counterpart(
        f"layers.RandomErasing(({{p}}, {{p}}), scale={span(s * s, s * s)}, fill_value=0.5, {_01})",
        "the box is wholly inside the image",
    ),
    "erasing": lambda s: Counterpart(
        f"layers.RandomErasing(({{p}}, {{p}}), scale={span(0, s * s)}, {_01})", "the box is wholly inside the image"
    ),
    "mixup": none(_LABELS),
    "cutmix": none(_LABELS),
}

_SOMETIMES = '''
class Sometimes(layers.Layer):
    """Change each image with a probability, while training."""

    def __init__(self, probability, change):
        super().__init__()
        self.probability, self.change = probability, change
        self.seed = keras.random.SeedGenerator()

    def build(self, shape):
        pass  # the layers in it build themselves

    def call(self, images, training=False):
        if not training:
            return images
        draws = keras.random.uniform((ops.shape(images)[0], 1, 1, 1), seed=self.seed)
        return ops.where(draws < self.probability, self.change(images), images)
'''
_ONE_OF = '''
class OneOf(layers.Layer):
    """Change each image by one of several layers, with equal chances, while training."""

    def __init__(self, *changes):
        super().__init__()
        self.changes = changes
        self.seed = keras.random.SeedGenerator()

    def build(self, shape):
        pass  # the layers in it build themselves

    def call(self, images, training=False):
        if not training:
            return images
        draws = keras.random.uniform((ops.shape(images)[0], 1, 1, 1), seed=self.seed) * len(self.changes)
        result = images
        for number, change in enumerate(self.changes):
            picked = ops.logical_and(draws >= number, draws < number + 1)
            result = ops.where(picked, change(images), result)
        return result
'''
_NOISE = '''
def noise(images, most):
    """Add normal noise; each image has a deviation of its own, up to `most` of the range."""
    deviation = keras.random.uniform((ops.shape(images)[0], 1, 1, 1), maxval=most)
    return ops.clip(images + deviation * keras.random.normal(ops.shape(images)), 0, 1)
'''
_BLUR = '''
def blur(most):
    """Return a layer that blurs with a deviation of up to `most` pixels."""
    side = 2 * math.ceil(3 * most) + 1
    return layers.RandomGaussianBlur(kernel_size=side, sigma=(0, most), value_range=(0, 1))
'''

KERAS = Library(
    operations=OPERATIONS,
    sometimes="Sometimes({p}, {code})",
    one_of="OneOf({several})",
    head="import math\n\nimport keras\nfrom keras import layers, ops\n",
    helpers={
        "Sometimes(": _SOMETIMES,
        "OneOf(": _ONE_OF,
        "noise(": _NOISE,
        "blur(": _BLUR,
    },
    opening="\npolicy = keras.Sequential([  # images (B, H, W, C), floats from 0 to 1; other draws than ganbook's",
    tail="])\naugmented = policy(images, training=True)",
    nothing="layers.Identity()",
)
