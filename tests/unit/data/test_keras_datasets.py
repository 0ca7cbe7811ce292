"""The data sets that Keras downloads, without a network: what it has already, and what it cannot get."""

import gzip
import os
import subprocess
import sys

import numpy as np

SCRIPT = """
from ganbook.data import load
data = load("fashion_mnist", image_size=14)
print(data)
print(data.name, data.source, data.class_names[9], int(data.test_images.max()))
try:
    load("mnist")
except ValueError as error:
    print(error)
"""


def test_keras_sets_are_loaded_and_a_failed_download_is_one_line(tmp_path):
    # the files of Fashion-MNIST where Keras keeps them, with few pictures in them
    home = tmp_path / "datasets" / "fashion-mnist"
    home.mkdir(parents=True)
    for name, count in (("train", 30), ("t10k", 10)):
        with gzip.open(home / f"{name}-labels-idx1-ubyte.gz", "wb") as file:
            file.write(bytes(8) + (np.arange(count) % 10).astype(np.uint8).tobytes())
        with gzip.open(home / f"{name}-images-idx3-ubyte.gz", "wb") as file:
            file.write(bytes(16) + np.full((count, 28, 28), 200, np.uint8).tobytes())
    nowhere = "http://127.0.0.1:9"  # nothing listens there
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env={**os.environ, "KERAS_HOME": str(tmp_path), "https_proxy": nowhere, "HTTPS_PROXY": nowhere},
        capture_output=True,
        text=True,
        check=True,
    )
    summary, facts, error = run.stdout.splitlines()
    assert summary == "ImageData('fashion_mnist': 30 training + 10 test images, 14×14 grey, 10 classes)"
    assert facts == "fashion_mnist fashion_mnist Ankle boot 200"
    assert error.startswith("'mnist' could not be downloaded (")
    assert error.endswith("go online, or use digits, fashion or emoji, which need no network")
