"""Train the runs that come with ganbook, and write them small.

    python -m benchmarks.shipped_runs [--minutes 10] [--only fashion] --work DIR [--ship]

Each is the default for a bundled set, seed 0. ``--ship`` writes them to ``ganbook/training/shipped_runs/``: the newest
checkpoint alone, with the averaged weights in the place of the last ones, rounded to bfloat16, and the moments of Adam
at their means. Files are then a quarter as large; training goes on from them, if not to the same weights. Minutes are
those of training, wall time.
"""

from __future__ import annotations

import argparse
import re
import shutil
import zipfile
from pathlib import Path

import keras
import numpy as np

import ganbook as gb
from ganbook.training.run_folder import RunFolder
from ganbook.training.shipped import RUNS
from ganbook.training.tasks import TASKS

SETS = ("fashion", "names")


def make_small(gan: gb.GAN) -> None:
    """Keep what compresses."""
    for weight, average in zip(gan.generator.variables, gan.ema_generator.variables, strict=True):
        weight.assign(average)
    for network in (gan.generator, gan.discriminator, gan.ema_generator):
        for weight in network.variables:
            if "float" in weight.dtype:
                weight.assign(keras.ops.cast(keras.ops.cast(weight, "bfloat16"), weight.dtype))
    for optimizer in (gan.g_optimizer, gan.d_optimizer):
        for moment in optimizer.variables:
            if len(moment.shape):
                moment.assign(np.full(moment.shape, np.mean(moment)))


def compress(file: Path) -> None:
    """Write a .npz or a .keras anew, deflated."""
    with zipfile.ZipFile(file) as old:
        parts = [(name, old.read(name)) for name in old.namelist()]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        for name, content in parts:
            new.writestr(name, content)


def ship(run: gb.Run, to: Path) -> None:
    """Write a run small."""
    from ganbook.training.checkpoint import read_gan, write_gan

    source, newest = run.folder, run.folder.checkpoints.newest()
    shutil.rmtree(to, ignore_errors=True)
    (to / "previews").mkdir(parents=True)
    for preview in (source.previews()[newest.step], *source.references().values()):
        shutil.copy(preview, to / "previews")
    gan = read_gan(newest.path)
    make_small(gan)
    config = source.config()
    config["options"] |= {"keep_checkpoints": 1}
    folder = RunFolder(to)
    folder.write_config(config)
    history = run.history
    normal = "|".join(re.escape(kind) for kind in TASKS[run.config.task].normal)
    if normal:  # alarms of a version that did not know so
        history.loc[history["warning"].fillna("").str.contains(normal), "warning"] = ""
    history.to_csv(to / "history.csv", index=False)
    state = {key: value for key, value in newest.read().items() if key not in ("step", "sha256")}
    with folder.checkpoints.new(newest.step, state, 1) as place:
        write_gan(gan, place)
        compress(place / "arrays.npz")
    gan.ema_generator.save(to / "generator.keras")
    compress(to / "generator.keras")
    size = sum(file.stat().st_size for file in to.rglob("*") if file.is_file())
    print(f"{to.name}: step {newest.step:,}, {size / 1e6:.1f} MB", flush=True)


def main() -> None:
    """Train, and ship if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--only", nargs="+", default=SETS, choices=SETS)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--ship", action="store_true")
    asked = parser.parse_args()
    for data in asked.only:
        name = f"{data}-example"
        if not (asked.work / name).exists():
            gb.train(data, name=name, seed=0, seconds=60 * asked.minutes, runs_dir=asked.work, wait=True)
        if asked.ship:
            ship(gb.load_run(name, runs_dir=asked.work), RUNS / name)


if __name__ == "__main__":
    main()
