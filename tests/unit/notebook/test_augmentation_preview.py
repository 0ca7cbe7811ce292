"""What the augmentation panel says of a policy."""

import pytest

import ganbook as gb
from ganbook.augmentation import PRESETS, Policy
from ganbook.notebook.panels.augmentation import preview


@pytest.mark.parametrize("name", PRESETS)
def test_a_policy_that_no_gan_can_be_trained_through_is_said_not_to_be(name, some_digits):
    refusal = preview.refusal(Policy.parse(name))
    assert refusal == "" or refusal.startswith("no gradient passes through")
    # Where all options are accepted it is the place that cannot be written.
    with pytest.raises(ValueError if refusal else PermissionError, match=refusal or "nowhere"):
        gb.train(some_digits, network="mlp", augment=name, steps=1, name="never", runs_dir="/proc/nowhere")
