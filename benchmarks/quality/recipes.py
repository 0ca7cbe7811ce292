"""The candidates of ``benchmarks.search``, by name."""

from __future__ import annotations

from typing import Any

import numpy as np

BASE: dict[str, Any] = {
    "loss": "relativistic", "rate": 2e-3, "d_rate": 2e-3, "beta_1": 0.0, "beta_2": 0.99, "batch": 32, "latent": 100,
    "objective": {"r1": 1.0}, "augment": None, "precision": "float32", "half_life": 20_000,
    "passes": (), "rate_half_life": 0,
}  # fmt: skip


def recipe(network: str | tuple[dict, dict], **changes: Any) -> dict[str, Any]:
    return BASE | {"network": network} | changes


# dcgan, written with the switches of the candidates: the base and D's last map are about 8×8.
G = {"base": 8, "width": 16, "up": "transposed", "last": "transposed"}
D = {"base": 8, "width": 32}
LINEAR = G | {"linear": 8}
FAST_D = {"base": 8, "width": 32, "first": "blocks2"}
GB = {"base": 8, "width": 16, "up": "in blocks", "last": "in blocks"}
DB = {"base": 8, "width": 32, "first": "blocks2", "down": "in blocks"}


def cheaper(network=(G, D), passes=("slope", "kept real"), **changes: Any) -> dict[str, Any]:
    return recipe(network, passes=passes, **changes)


def photo(r1: float = 1.0, r2: float = 0.0, **changes: Any) -> dict[str, Any]:
    return recipe("photo", objective={"r1": r1, "r2": r2, "reuse_logits": True}, **changes)


RESIDUAL = D | {"residual": True, "down": "pool"}
DEEP_G = {"width": 24, "widest": 192, "up": "transposed", "last": "transposed"}
RECIPES: dict[str, dict[str, Any]] = {
    "compact": recipe("compact", d_rate=5e-4),
    "compact, translation and cutout": recipe("compact", d_rate=5e-4, augment="translation,cutout"),
    "dcgan": recipe("dcgan"),
    # the generator
    "dcgan by switches": recipe((G, D)),
    "linear": recipe((LINEAR, D)),
    "linear, G twice as wide": recipe((LINEAR | {"width": 32}, D)),
    "linear, last convolution at full size": recipe((LINEAR | {"last": "conv"}, D)),
    "nearest": recipe((G | {"up": "nearest", "last": "conv"}, D)),
    "bilinear": recipe((G | {"up": "bilinear", "last": "conv"}, D)),
    "skip": recipe((LINEAR | {"up": "bilinear", "last": "conv", "skip": True}, D)),
    "deep G": recipe((DEEP_G, {"width": 32, "widest": 128, "first": "blocks2"})),
    "deep G, enlarged after each convolution": recipe(
        ({"width": 32, "widest": 256, "low": True}, {"width": 32, "widest": 128, "first": "blocks2"})
    ),
    # the discriminator
    "linear, both to 4×4": recipe((LINEAR | {"base": 4}, D | {"base": 4})),
    "linear, D twice as wide": recipe((LINEAR, D | {"width": 64})),
    "linear, residual D": recipe((LINEAR, RESIDUAL)),
    "linear, convolution before D's end": recipe((LINEAR, D | {"head": "conv"})),
    # the objective
    "one backward pass": recipe((G, D), objective={"r1": 1.0, "one_backward": True}),
    "deep G, wide D, one backward pass": recipe(
        (DEEP_G, {"width": 64, "widest": 256, "first": "blocks2"}), objective={"r1": 1.0, "one_backward": True}
    ),
    "linear, R1 0.1": recipe((LINEAR, D), objective={"r1": 0.1}),
    "linear, R1 3": recipe((LINEAR, D), objective={"r1": 3.0}),
    "linear, R1 and R2": recipe((LINEAR, D), objective={"r1": 1.0, "r2": 1.0}),
    "linear, R1 at every fourth step": recipe((LINEAR, D), objective={"r1": 1.0, "penalty_every": 4}),
    "linear, hinge": recipe((LINEAR, D), loss="hinge"),
    "linear, non-saturating": recipe((LINEAR, D), loss="non-saturating"),
    # fewer passes through the discriminator, see cheaper_steps.py
    "slope": cheaper(passes=("slope",)),
    "slope, kept real": cheaper(passes=("slope", "kept real")),
    "finite": cheaper(passes=("finite", "kept real")),
    "finite, R1 and R2": cheaper(passes=("finite", "kept real"), objective={"r1": 1.0, "r2": 1.0}),
    "finite, R1 0.3": cheaper(passes=("finite", "kept real"), objective={"r1": 0.3}),
    "lazy 4": cheaper(objective={"r1": 1.0, "penalty_every": 4}),
    # … and, with these, the rest: D's first convolution on blocks of pixels
    "fast": cheaper((G, FAST_D)),
    "fast, lazy 4": cheaper((G, FAST_D), passes=("kept real",), objective={"r1": 1.0, "penalty_every": 4}),
    "fast, R1 0.3": cheaper((G, FAST_D), objective={"r1": 0.3}),
    "fast, R1 3": cheaper((G, FAST_D), objective={"r1": 3.0}),
    "fast, R1 and R2": cheaper((G, FAST_D), objective={"r1": 1.0, "r2": 1.0}),
    "fast, rates 1e-3": cheaper((G, FAST_D), rate=1e-3, d_rate=1e-3),
    "fast, D's rate 1e-3": cheaper((G, FAST_D), d_rate=1e-3),
    "fast, rates 4e-3": cheaper((G, FAST_D), rate=4e-3, d_rate=4e-3),
    "fast, batch 16": cheaper((G, FAST_D), batch=16),
    "fast, batch 64": cheaper((G, FAST_D), batch=64),
    "fast, flips": cheaper((G, FAST_D), augment="flip@0.5"),
    "fast, linear": cheaper((LINEAR, FAST_D)),
    "fast, G twice as wide": cheaper((G | {"width": 32}, FAST_D)),
    "fast, G's last convolution at full size": cheaper((G | {"last": "conv"}, FAST_D)),
    "fast, G to 4×4": cheaper((G | {"base": 4}, FAST_D)),
    "fast, D to 4×4": cheaper((G, FAST_D | {"base": 4})),
    "fast, D half as wide": cheaper((G, FAST_D | {"width": 16})),
    "fast, D twice as wide": cheaper((G, FAST_D | {"width": 64})),
    "fast, convolution before D's end": cheaper((G, FAST_D | {"head": "conv"})),
    "fast, residual D": cheaper((G, FAST_D | {"residual": True, "down": "pool"})),
    # for 64 pixels
    "fast, D's rate 5e-4": cheaper((G, FAST_D), d_rate=5e-4),
    "fast, R1 10": cheaper((G, FAST_D), objective={"r1": 10.0}),
    "fast, rates 5e-4": cheaper((G, FAST_D), rate=5e-4, d_rate=5e-4),
    "fast, rates 1e-3 and 5e-4": cheaper((G, FAST_D), rate=1e-3, d_rate=5e-4),
    "fast, rates 1e-3, R1 and R2": cheaper((G, FAST_D), rate=1e-3, d_rate=1e-3, objective={"r1": 1.0, "r2": 1.0}),
    # every convolution at stride 1, on blocks of pixels
    "blocks in D": cheaper((G, D | {"first": "blocks2", "down": "in blocks"})),
    "blocks": cheaper((GB, DB)),
    "blocks but last": cheaper((GB | {"last": "transposed"}, DB)),
    "blocks, lazy 4": cheaper((GB, DB), objective={"r1": 1.0, "penalty_every": 4}),
    # rates, batches and augmentation
    "linear, rates 1e-3": recipe((LINEAR, D), rate=1e-3, d_rate=1e-3),
    "linear, D's rate 5e-4": recipe((LINEAR, D), d_rate=5e-4),
    "linear, β₁ 0.5": recipe((LINEAR, D), beta_1=0.5),
    "linear, batch 16": recipe((LINEAR, D), batch=16),
    "linear, batch 64": recipe((LINEAR, D), batch=64),
    "linear, flips": recipe((LINEAR, D), augment="flip@0.5"),
    "linear, translation and cutout": recipe((LINEAR, D), augment="translation,cutout"),
    # the network that "fast" became, for longer; rates are 2e-3 unless the name has others
    "photo": photo(),
    "photo, R1 and R2": photo(r2=1.0),
    "photo, R1 10": photo(10.0),
    "photo, rates 1e-3": photo(rate=1e-3, d_rate=1e-3),
    "photo, rates 5e-4": photo(rate=5e-4, d_rate=5e-4),
    "photo, rates that halve every 1,500 steps": photo(rate_half_life=1500),
    "photo, translation and cutout": photo(augment="translation,cutout"),
}


def build(chosen: dict[str, Any], data: Any, seed: int):
    """The compiled GAN of a recipe, and its batch size."""
    import keras

    from benchmarks.quality import candidates
    from benchmarks.quality.cheaper_steps import CheaperGAN
    from ganbook import networks
    from ganbook.augmentation.differentiable import Augment
    from ganbook.gan.model import GAN
    from ganbook.networks import linear

    options = {"seed": seed, "dtype": chosen["precision"]}
    if isinstance(chosen["network"], str):
        pair = networks.build(chosen["network"], data.shape, chosen["latent"], **options)
        networks.start_from(chosen["network"], pair[0], np.asarray(data.images))
    else:
        g, d = chosen["network"]
        pair = (
            candidates.generator(data.shape, chosen["latent"], **options, **g),
            candidates.discriminator(data.shape, **options, **d),
        )
        if g.get("linear"):
            linear.start_from(pair[0], np.asarray(data.images))
    augment = Augment(chosen["augment"]) if chosen["augment"] else None
    gan = (CheaperGAN if chosen["passes"] else GAN)(
        *pair, ema_half_life=chosen["half_life"], augment=augment, seed=seed
    )
    gan.passes = frozenset(chosen["passes"])
    half_life = chosen["rate_half_life"]
    rates = [chosen[rate] for rate in ("rate", "d_rate")]
    if half_life:
        rates = [keras.optimizers.schedules.ExponentialDecay(rate, half_life, 0.5) for rate in rates]
    adam = [keras.optimizers.Adam(rate, beta_1=chosen["beta_1"], beta_2=chosen["beta_2"]) for rate in rates]
    gan.compile(chosen["loss"], *adam, **chosen["objective"], jit_compile=False)
    return gan, chosen["batch"]
