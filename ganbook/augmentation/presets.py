"""Policies that are ready to use, by name."""

from __future__ import annotations

from ganbook.augmentation.operations import Choice, Mix, Operation

# The operations of Cubuk et al. 2020 (arXiv 1909.13719), at their ends.
_RANGE = tuple(
    Operation(name, strength)
    for name, strength in {
        "autocontrast": 1, "equalise": 1, "rotation": 1 / 6, "posterise": 4 / 7, "solarise": 1, "saturation": 0.9,
        "contrast": 0.9, "brightness": 0.9, "sharpness": 0.9, "shear": 0.3, "translation": 0.33,
    }.items()
)  # fmt: skip
# Hendrycks et al. leave out what their test of robustness is about.
_AUGMIX = tuple(
    operation for operation in _RANGE if operation.name not in ("saturation", "contrast", "brightness", "sharpness")
)


def _scaled(factor: float) -> tuple[Operation, ...]:
    return tuple(Operation(operation.name, operation.strength * factor) for operation in _RANGE)


PRESETS: dict[str, str | Choice | Mix] = {
    "light": "flip@0.5,translation:0.06,brightness:0.1,contrast:0.1",
    "standard": "flip@0.5,translation:0.1,rotation:0.05,zoom:0.1,brightness:0.2,contrast:0.2,saturation:0.3",
    "strong": "flip@0.5,crop:0.4,rotation:0.1,shear:0.2,perspective:0.3@0.5,brightness:0.4,contrast:0.4,saturation:0.6,"
    "hue:0.1,blur:0.1@0.2,noise:0.1@0.3,erasing:0.4@0.5",
    # Two operations at 9 of 30.
    "RandAugment": Choice(_scaled(0.3), times=2),
    # One, at any strength: Müller & Hutter 2021 (arXiv 2103.10158).
    "TrivialAugment": Choice(_RANGE, vary=True),
    "AugMix": Mix(_AUGMIX),
    # Zhao et al. 2020 (arXiv 2006.10738), except that images are mirrored beyond their edges.
    "DiffAugment": "brightness:0.5,saturation:1,contrast:0.5,translation:0.125,cutout:0.5",
}
