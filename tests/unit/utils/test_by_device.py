"""What is chosen by device, and what happens where XLA is missing."""

import pytest

from ganbook import networks
from ganbook.gan.model import GAN
from ganbook.utils import by_device


def compiled(network, shape=(28, 28, 1)):
    gan = GAN(*networks.build(network, shape, 8, seed=0))
    gan.compile("relativistic", r1=0.1)
    return gan.jit_compile


def test_this_machine_has_a_choice_and_xla():
    assert by_device.choices() is by_device.CHOICES[by_device.kind()]
    assert by_device.xla_works()


@pytest.mark.parametrize(("kind", "works", "dense", "convolutions"), [
    ("CPU", True, True, False), ("GPU", True, True, True), ("GPU", False, False, False),
])  # fmt: skip
def test_xla_compiles_what_the_device_says_if_it_works(monkeypatch, kind, works, dense, convolutions):
    monkeypatch.setattr(by_device, "kind", lambda: kind)
    monkeypatch.setattr(by_device, "xla_works", lambda: works)
    assert (compiled("mlp"), compiled("compact")) == (dense, convolutions)


def test_a_call_takes_as_many_batches_as_its_bytes_allow():
    cpu = by_device.CHOICES["CPU"]
    assert cpu.most_steps_of(1000) == cpu.most_steps
    assert cpu.most_steps_of(cpu.most_bytes // 4) == 4
    assert cpu.most_steps_of(10 * cpu.most_bytes) == 1
