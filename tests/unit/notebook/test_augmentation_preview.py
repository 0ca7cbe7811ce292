"""What the augmentation panel says of a policy."""

import itertools
import re

import numpy as np
import pytest

import ganbook as gb
from ganbook.augmentation import OPERATIONS, PRESETS, Policy
from ganbook.augmentation.units import UNITS
from ganbook.notebook.panels.augmentation import preview


@pytest.mark.parametrize("name", PRESETS)
def test_a_policy_that_no_gan_can_be_trained_through_is_said_not_to_be(name, some_digits):
    refusal = preview.refusal(Policy.parse(name))
    assert refusal == "" or refusal.startswith("no gradient passes through")
    # Where all options are accepted it is the place that cannot be written.
    with pytest.raises(ValueError if refusal else PermissionError, match=refusal or "nowhere"):
        gb.train(some_digits, network="mlp", augment=name, steps=1, name="never", runs_dir="/proc/nowhere")


def test_strengths_and_what_was_done_are_said_in_units_that_people_know():
    images = np.random.default_rng(0).integers(0, 256, (1, 40, 40, 3), dtype=np.uint8)
    said = {}
    for name, kind in OPERATIONS.items():
        if kind.keeps_label:
            _, captions = preview.samples(images, Policy([f"{name}:0.5" if kind.draws else name], 1))
            said[name] = captions[1]
    assert said["flip_vertical"] == "flip vertical"
    patterns = {
        "rotation": r"rotation [+−]\d+°", "translation": r"translation \d+ px (left|right)(, \d+ px (up|down))?",
        "brightness": r"brightness [+−]\d+ %", "contrast": r"contrast ×\d\.\d\d", "crop": r"crop to \d+ %",
        "posterise": r"posterise to [4-8] bits", "blur": r"blur σ \d\.\d px", "noise": r"noise σ \d+\.\d levels",
        "cutout": "cutout 20×20 px", "jpeg": r"jpeg quality \d+", "elastic": r"elastic by 5\.0 px",
    }  # fmt: skip
    for name, pattern in patterns.items():
        assert re.fullmatch(pattern, said[name]), said[name]


# What the largest and the smallest draw is, in the unit of the operation; images are 40 pixels wide and high.
MOST = {
    "rotation": lambda p: abs(p["degrees"]), "hue": lambda p: abs(p["degrees"]),
    "translation": lambda p: 100 * abs(p["right"]) / 40, "crop": lambda p: 100 * (1 - p["scale"]),
    "zoom": lambda p: 100 * (p["times"] - 1), "contrast": lambda p: 100 * abs(p["times"] - 1),
    "sharpness": lambda p: 100 * abs(p["times"] - 1), "brightness": lambda p: 100 * abs(p["lighter"]) / 2,
    "posterise": lambda p: 8 - p["bits"], "solarise": lambda p: -100 * p["above"] / 256,
    "blur": lambda p: 100 * p["deviation"] / 40, "noise": lambda p: 100 * p["deviation"] / 255,
    "jpeg": lambda p: -p["quality"], "elastic": lambda p: 100 * p["reach"] / 40,
    "cutout": lambda p: 100 * (p["bottom"] - p["top"]) / 40, "mixup": lambda p: 100 * p["fraction"],
}  # fmt: skip


@pytest.mark.parametrize("name", MOST)
def test_the_unit_of_a_strength_is_the_most_that_is_drawn(name):
    kind, unit = OPERATIONS[name], UNITS[name]
    for strength in (0.2, 0.5, 1.0):
        ends = np.array(list(itertools.product((0.0, 1 - 1e-9), repeat=kind.draws)), np.float64).T
        drawn = kind.draw(np, list(ends), strength, (40, 40, 3, 9))
        most = max(MOST[name]({key: float(column[i]) for key, column in drawn.items()}) for i in range(ends.shape[1]))
        number = float(re.search(r"\d+(\.\d+)?", unit.text(strength)).group())
        assert abs(most) == pytest.approx(number, abs=0.6), (most, unit.text(strength))


def test_every_strength_has_a_unit():
    assert set(UNITS) == {name for name, kind in OPERATIONS.items() if kind.draws}
