"""Both networks layer by layer, as text and as a diagram."""

import xml.etree.ElementTree as ET

import keras

from ganbook import networks
from ganbook.gan.model import GAN
from ganbook.networks.summary import summary


def test_shapes_and_parameters_are_those_of_keras():
    gan = GAN(*networks.build("dcgan", (28, 28, 1), 64))
    shown = summary(gan)
    for name in ("generator", "discriminator"):
        assert getattr(shown, name).parameters == getattr(gan, name).count_params()
    assert shown.generator.layers[0].shape == (64,)
    assert shown.generator.layers[-1].shape == (28, 28, 1)
    assert shown.discriminator.layers[-1].shape == (1,)
    lines = repr(shown).splitlines()
    assert lines[0] == f"generator: {gan.generator.count_params():,} parameters, {shown.generator.total.split(', ')[1]}"
    assert "28×28×1" in repr(shown)
    in_half = summary(GAN(*networks.build("dcgan", (28, 28, 1), 64, dtype="mixed_bfloat16")))
    assert in_half.generator.total == f"{shown.generator.total}, computed in bfloat16"
    dense = next(layer for layer in shown.generator.layers if layer.kind == "Dense")
    assert sum(dense.histogram) == max(weight.numpy().size for weight in gan.generator.trainable_weights)


def test_the_diagram_is_sound_markup_with_nested_networks_and_any_names():
    inner = keras.Sequential([keras.Input((4,)), keras.layers.Dense(8)], name="<b>")
    generator = keras.Sequential([keras.Input((4,)), inner, keras.layers.Dense(2)])
    discriminator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    shown = summary(GAN(generator, discriminator))
    assert [layer.kind for layer in shown.generator.layers] == ["InputLayer", "Dense", "Dense"][
        -len(shown.generator.layers) :
    ]
    root = ET.fromstring(shown._repr_html_())
    bars = root.findall(".//rect")
    assert len(bars) == len(shown.generator.layers) + len(shown.discriminator.layers)
