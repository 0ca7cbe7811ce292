"""The Parzen log-likelihood of MNIST, row by row as in Goodfellow et al. 2014, Table 1 (which has 225 ± 2).

    python -m benchmarks.parzen --data mnist.npz [--network mlp] [--seconds 600] [--run RUN]

The protocol: pixels in [0, 1]; 10,000 samples as centres of Gaussians; σ chosen on the first 1,000 of the training
images 50,000 to 59,999, which the GAN does not see; the mean over the 10,000 test images, and its standard error. The
row of real images takes 10,000 of those that the GAN learned as centres.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import replace

import numpy as np

import ganbook as gb
from ganbook.metrics.parzen import parzen

LEARNED, CHOOSING, CENTRES = 50_000, 1000, 10_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", default="mnist", help="60,000 training and 10,000 test images")
    parser.add_argument("--network", default="auto")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--run", help="a run to measure instead of training one")
    asked = parser.parse_args()
    whole = gb.data.load(asked.data)
    data = replace(whole, images=whole.images[:LEARNED], labels=whole.labels[:LEARNED], known_fingerprint=None)
    validation = whole.images[LEARNED : LEARNED + CHOOSING]

    def row(name: str, centres: np.ndarray) -> None:
        found = parzen(centres, validation, whole.test_images)
        print(f"| {name} | {found.mean:.1f} ± {found.error:.1f} | {found.sigma:.3f} |", flush=True)

    with tempfile.TemporaryDirectory() as place:
        trained = {"network": asked.network, "seconds": asked.seconds, "runs_dir": place, "wait": True}
        run = gb.load_run(asked.run) if asked.run else gb.train(data, **trained)
        print(f"{run!r}\n\n| centres | nats | σ |\n|---|---|---|")
        row("samples of the average of G", run.sample(CENTRES, seed=1))
        row("samples of G itself", run.sample(CENTRES, seed=1, weights="raw"))
    row("real images", data.images[np.random.default_rng(0).permutation(LEARNED)[:CENTRES]])


if __name__ == "__main__":
    main()
