"""Several devices share a batch, and learn what one would."""

import subprocess
import sys

import pytest

import ganbook as gb

TWO_PARTS_OF_THE_PROCESSOR = """
import numpy as np
import ganbook as gb

def weights(run):
    parts = ("generator", "discriminator", "ema_generator", "g_optimizer", "d_optimizer")
    return run.with_gan(lambda gan: [np.array(v.numpy()) for part in parts for v in getattr(gan, part).variables])

def train(name, steps, **options):
    return gb.train("digits", image_size=8, network="mlp", hidden="8", r1=0.5, augment="DiffAugment", jit="off",
                    batch_size=8, name=name, steps=steps, wait=True, **options)

two = train("two", 6, devices="2")
train("stopped", 2, devices="2")
resumed = gb.train(resume="stopped", steps=6, wait=True)
assert all(np.array_equal(a, b) for a, b in zip(weights(two), weights(resumed), strict=True))
for variable in (*two.gan.trainable_variables, *two.gan.ema_generator.variables):
    one, other = (copy.numpy() for copy in variable.value.values)
    assert np.array_equal(one, other), variable.path
alone = train("alone", 6)
for a, b in zip(weights(two), weights(alone), strict=True):
    np.testing.assert_allclose(a, b, rtol=2e-3, atol=2e-5)
print("equal")
"""


@pytest.mark.slow  # a process with a processor in two parts
def test_two_devices_learn_what_one_does_and_resume_to_the_bit():
    script = [sys.executable, "-c", TWO_PARTS_OF_THE_PROCESSOR]
    done = subprocess.run(script, capture_output=True, text=True, timeout=300)
    assert "equal" in done.stdout, done.stderr[-2000:]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"devices": "3", "batch_size": 16}, "a batch of 16 does not divide among them; give --batch-size 15"),
        ({"devices": "32", "batch_size": 8}, "give --batch-size 32"),
        ({"devices": "0"}, "allowed are all, and numbers from 1"),
        ({"devices": "both"}, "allowed are all, and numbers from 1"),
        ({"devices": "2", "loss": "wasserstein"}, "--critic-steps 5 does not go with several --devices"),
        ({"devices": "2", "adaptive": True}, "--adaptive does not go with several --devices"),
    ],
)
def test_mistakes_are_one_clear_line(options, message):
    with pytest.raises(ValueError, match=message):
        gb.train("digits", name="refused", **options)
