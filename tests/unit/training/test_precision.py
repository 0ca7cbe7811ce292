"""In which arithmetic networks compute, and that what was trained in one goes on where another is faster."""

import keras
import numpy as np
import pytest

import ganbook as gb
from ganbook.training.checkpoint import read_gan
from ganbook.utils import backend, by_device


def arithmetic(*networks):
    return {layer.compute_dtype for network in networks for layer in network.layers}


@pytest.fixture
def start(tmp_path, monkeypatch):
    monkeypatch.setattr(by_device, "bfloat16_cost", lambda: 0.6)

    def start(**options):
        options = {"network": "photo", "conditional": False, "image_size": 12, "batch_size": 8, "steps": 4} | options
        return gb.train("digits", name="small", runs_dir=tmp_path, wait=True, **options)

    return start


@pytest.mark.parametrize(
    ("options", "prefers", "cost", "expected"),
    [
        ({}, True, 0.6, "bfloat16"),
        ({}, False, 0.6, "float32"),
        ({"network": "dcgan"}, True, 0.6, "float32"),
        ({"precision": "float32"}, True, 0.6, "float32"),
        ({"network": "dcgan", "precision": "bfloat16"}, False, 0.6, "bfloat16"),
        ({"precision": "bfloat16"}, False, 9.0, "float32"),
        ({"precision": "bfloat16"}, False, 2.0, "bfloat16"),
    ],
)
def test_photographs_are_learned_in_bfloat16_where_that_is_faster(
    start, monkeypatch, options, prefers, cost, expected, recwarn
):
    monkeypatch.setattr(by_device, "prefers_bfloat16", lambda: prefers)
    monkeypatch.setattr(by_device, "bfloat16_cost", lambda: cost)
    gan = start(**options).gan
    assert (expected == "bfloat16") == ("bfloat16" in arithmetic(gan.generator, gan.discriminator, gan.ema_generator))
    said = f"{cost:g} times slower than float32{', so float32 it is' if cost > 3 else ''}: drop --precision"
    assert any(said in str(each.message) for each in recwarn) == (cost > 1)


@pytest.mark.parametrize(
    ("processor", "prefers"),
    [
        ("vendor_id\t: AuthenticAMD\nflags\t: avx512f avx512_bf16 fma", True),
        ("vendor_id\t: GenuineIntel\nflags\t: avx512f avx512_bf16 amx_bf16 amx_tile", True),
        ("vendor_id\t: GenuineIntel\nflags\t: avx512f avx512_bf16 avx512_fp16", False),  # measured: half as fast
        ("vendor_id\t: AuthenticAMD\nflags\t: avx2 fma", False),
    ],
)
def test_bfloat16_is_preferred_on_processors_that_multiply_it_faster(monkeypatch, tmp_path, processor, prefers):
    (tmp_path / "cpuinfo").write_text(processor)
    monkeypatch.setattr(backend, "CPUINFO", tmp_path / "cpuinfo")
    monkeypatch.setattr(backend, "onednn", lambda: True)
    monkeypatch.setattr(by_device, "kind", lambda: "CPU")
    assert by_device.prefers_bfloat16() is prefers


def test_where_bfloat16_is_slow_a_run_goes_on_in_float32(start, monkeypatch):
    run = start(precision="bfloat16")
    folder, before = run.folder.checkpoints.newest().path, run.gan.generator.get_weights()
    assert "bfloat16" in arithmetic(read_gan(folder).generator)
    monkeypatch.setattr(by_device, "bfloat16_cost", lambda: 9.0)
    with pytest.warns(UserWarning, match="trained in bfloat16, which this CPU computes slowly"):
        again = gb.load_run(run.folder.path).extend(steps=3).wait()
    assert again.steps_done == 7
    assert arithmetic(again.gan.generator, again.gan.discriminator, again.gan.ema_generator) == {"float32"}
    there = read_gan(folder).generator.get_weights()
    assert all(np.array_equal(mine, theirs) for mine, theirs in zip(before, there, strict=True))


def test_the_generator_that_is_given_away_computes_in_float32(start):
    run = start(precision="bfloat16")
    given = keras.saving.load_model(run.folder.path / "generator.keras")
    assert arithmetic(given) == {"float32"}
    z = np.random.default_rng(0).standard_normal((16, 100), np.float32)
    drawn, own = given(z, training=False), run.gan.ema_generator(z, training=False)
    assert np.abs(drawn - own).max() < 0.02
    assert all(
        np.array_equal(mine, theirs)
        for mine, theirs in zip(given.get_weights(), run.gan.ema_generator.get_weights(), strict=True)
    )
