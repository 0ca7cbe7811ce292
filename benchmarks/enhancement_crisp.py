"""Train the crisp counterpart of a network that enlarges: the adversarial stage, from the faithful weights.

    python -m benchmarks.enhancement_crisp x2 --photographs photographs --work DIR [--steps 6000] [--adversarial 0.01]
    python -m benchmarks.enhancement_crisp x2 --work DIR --ship

Photographs and work folder are those of ``enhancement_weights``, which trains the faithful network first. The GAN is
``ganbook.gan.restoration.RestorationGAN``, as ``ganbook train --task enhance`` trains it: Charbonnier distance, and a
relativistic loss with R1 of a discriminator that judges patches of luma. The layers stay those of the faithful network,
so that weights between both give everything between (``crispness``).
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np

from benchmarks.enhancement_weights import AIMS, Patches, prepared, psnr
from ganbook.enhancement.methods import network
from ganbook.networks import restorer

BATCH, AT_ONCE = 8, 50  # images of a step, steps of a call
LEARNING_RATE, D_LEARNING_RATE, R1 = 2e-4, 2e-4, 0.1


def train(folder: Path, work: Path, name: str, steps: int, adversarial: float) -> None:
    from ganbook.utils import backend

    backend.tensorflow()
    import keras

    from ganbook.gan.restoration import RestorationGAN

    aim = AIMS[name]
    data, held_out = prepared(folder, work / f"x{aim.scale}-images.npz", aim.scale)
    patches, side = Patches(data, aim), aim.patch * aim.scale
    generator = restorer.generator((side, side, 1), scale=aim.scale, width=aim.width, depth=aim.depth)
    faithful = network.shipped(name)
    layers = [layer for layer in generator.layers if layer.name.startswith("conv_")]
    for layer, kernel, bias in zip(layers, faithful.kernels, faithful.biases, strict=True):
        layer.set_weights([kernel, bias])
    gan = RestorationGAN(
        generator, restorer.discriminator((side, side, 1), seed=0), degrade=f"downscale:{aim.scale}",
        adversarial=adversarial, warm_up=steps // 20, ema_half_life=BATCH * 500,
    )  # fmt: skip
    rates = [
        keras.optimizers.schedules.CosineDecay(rate, steps, 0.05) for rate in (LEARNING_RATE, D_LEARNING_RATE)
    ]  # fmt: skip
    adams = [keras.optimizers.Adam(rate, beta_1=0.9, beta_2=0.99) for rate in rates]
    gan.compile("relativistic", *adams, r1=R1)
    print(f"faithful: held-out {psnr(faithful, held_out, name):.3f} dB", flush=True)
    began = time.perf_counter()
    for step in range(0, steps, AT_ONCE):
        truths = np.stack([patches.truths(step + index) for index in range(AT_ONCE)])
        means, bad = gan.train_steps(truths)
        if bad is not None:
            raise FloatingPointError(f"step {step + bad} is not finite")
        if (step + AT_ONCE) % 500 == 0:
            net = network.of_generator(gan.ema_generator)
            network.save(work / f"{name}-crisp.npz", net)
            seconds, began = time.perf_counter() - began, time.perf_counter()
            losses = ", ".join(f"{key} {value:.4f}" for key, value in means.items())
            print(
                f"{step + AT_ONCE} steps, {losses}, held-out {psnr(net, held_out, name):.3f} dB, {seconds:.0f} s",
                flush=True,
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("aim", choices=[name for name, aim in AIMS.items() if aim.scale > 1])
    parser.add_argument("--photographs", type=Path, help="folder into which the packages were unpacked")
    parser.add_argument("--work", type=Path, required=True, help="folder of the state of training")
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--adversarial", type=float, default=0.01)
    parser.add_argument("--ship", action="store_true", help="write the weights so far into the package")
    options = parser.parse_args()
    if options.ship:
        name = f"{options.aim}-crisp.npz"
        (network.WEIGHTS / name).write_bytes((options.work / name).read_bytes())
        return
    train(options.photographs, options.work, options.aim, options.steps, options.adversarial)


if __name__ == "__main__":
    main()
