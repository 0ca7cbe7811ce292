"""Filling holes: how well, how fast, and whether anything else is touched.

    python -m benchmarks.inpaint table --data fashion [--seconds 300] [--count 1000]
    python -m benchmarks.inpaint photographs --folder ../shared/data/restoration/set14 [--pictures DIR]
    python -m benchmarks.inpaint speed
    python -m benchmarks.inpaint exact
    python -m benchmarks.inpaint quick

``table`` trains one GAN that completes pictures and one that draws them on the training split (``--seconds`` each, or
``--steps`` of the one and the other; kept in ``--runs-dir`` and used again) and fills holes in pictures of the test
split in every way; where there is no test split, 200 pictures are held out. Rows are added to
``benchmarks/inpaint.csv``; what is there is not measured again. ``deep-prior`` fits a network to each picture and sees
the first ``--few`` only; there is no Fréchet distance of so few. ``photographs`` fills holes in squares of 256×256, to
which a folder's pictures are shrunk, with every method that needs no run and no search. ``speed`` searches for 64
pictures × 4 starts in one batch and in a loop over pictures, and times every method. ``exact`` fills 100 random masks
with every method and compares what is outside.
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

import ganbook as gb
from benchmarks.rows import done
from ganbook.config.inpaint import Method
from ganbook.data import masks
from ganbook.studies.inpainting_study import KINDS, WITHOUT_RUN, InpaintingStudy, inpainting
from ganbook.training.run_folder import RunFolder

TABLE = Path(__file__).with_suffix(".csv")
SHOWN = [
    "mask",
    "method",
    "count",
    "psnr_hole",
    "psnr_whole",
    "ssim_hole",
    "l1_hole",
    "perceptual",
    "frechet",
    "seconds",
]


HELD_OUT = 200
SQUARE = 256  # pixels, the side of photographs


def load(name: str) -> gb.ImageData:
    """A data set with a test split."""
    data = gb.data.load(name)
    if len(data.test_images):
        return data
    held_out, rest = np.split(np.random.default_rng(0).permutation(len(data)), [HELD_OUT])
    return gb.data.load(tuple((data.images[part], data.labels[part]) for part in (rest, held_out)))


def runs(data: str, asked: argparse.Namespace) -> list[gb.Run]:
    """One run that completes pictures, one that draws them."""
    found, place = [], asked.runs_dir
    for task, steps in zip(("inpaint", "generate"), asked.steps or (None, None), strict=True):
        name, budget = f"{data}-{task}", {"steps": steps} if steps else {"seconds": asked.seconds}
        if (RunFolder(place / name).path / "generator.keras").exists():
            found.append(gb.load_run(name, place))
            continue
        print(f"training {name}: {budget}", flush=True)
        found.append(gb.train(load(data), task=task, name=name, runs_dir=place, **budget, wait=True, overwrite=True))
    return found


def table(asked: argparse.Namespace) -> None:
    """Measure what the table does not hold yet, one kind of mask after the other."""
    for data in asked.data:
        parts = [(WITHOUT_RUN, asked.count), (("deep-prior",), asked.few)]
        made = []
        if asked.train_only or not all({"context", "latent"} <= measured(data, kind) for kind in asked.masks):
            made = runs(data, asked)
            for run in made:
                print(f"{run.name}: {run.steps_done:,} steps in {run.seconds:.0f} s", flush=True)
        if asked.train_only:
            continue
        for kind, (methods, count) in itertools.product(asked.masks, parts):
            missing = [method for method in methods if method not in measured(data, kind)]
            with_runs = () if methods != WITHOUT_RUN or "context" in measured(data, kind) else made
            if not missing and not with_runs:
                continue
            options = {"iterations": asked.iterations} if asked.iterations and with_runs else {}
            found = inpainting(load(data), missing, [kind], with_runs, count=count, **options)
            about = found.table.assign(data=data, count=found.image_scores["image"].nunique(), space=found.space)
            if count <= asked.few:
                about["frechet"] = np.nan
            columns = pd.read_csv(TABLE, nrows=0).columns if TABLE.exists() else about.columns
            about[columns].to_csv(
                TABLE, mode="a", header=not TABLE.exists(), index=False, float_format="%.5g", lineterminator="\n"
            )
            print(about[SHOWN].to_string(index=False, float_format="{:.3f}".format), flush=True)
            if with_runs and asked.pictures:
                pictures(found, kind, asked.pictures / f"inpaint-{data}-{kind}.png")


def measured(data: str, kind: str) -> set[str]:
    """Return the methods of which the table holds holes of a kind in a data set."""
    return {method for name, mask, method in done(TABLE, ("data", "mask", "method")) if (name, mask) == (data, kind)}


def pictures(found: InpaintingStudy, kind: str, path: Path) -> None:
    """Draw the worst fills of the methods that use a run: with hole, filled, true."""
    from ganbook.data.grid import image_grid

    sheets = np.concatenate([found.worst(method, kind, 16) for method in ("context", "latent")])
    path.parent.mkdir(parents=True, exist_ok=True)
    image_grid(sheets.reshape(-1, *sheets.shape[2:]), columns=16).save(path)


def photographs(asked: argparse.Namespace) -> None:
    """Measure the methods without a run on photographs, the same holes for all, several masks."""
    data, tables = gb.data.load(asked.folder, SQUARE, 3), []
    for seed in asked.seeds:
        found = inpainting(data, asked.methods, ["thick", "center"], count=len(data), seed=seed)
        tables.append(found.table)
        if asked.pictures:
            sheet(found, asked.pictures / f"photographs-{seed}.png")
    means = pd.concat(tables).groupby(["mask", "method"], sort=False)[SHOWN[3:-2] + SHOWN[-1:]].mean()
    print(f"{len(data)} photographs, masks of seeds {asked.seeds}, {found.space}")
    print(means.to_string(float_format="{:.3f}".format))


def sheet(found: InpaintingStudy, path: Path) -> None:
    """Draw every photograph as a row: with its hole, filled by each method, true."""
    from ganbook.data.grid import image_grid

    shown = [found.side_by_side(kind, 99).swapaxes(0, 1) for kind in found.table["mask"].unique()]
    columns, pixels = shown[0].shape[1], shown[0].shape[2:]
    path.parent.mkdir(parents=True, exist_ok=True)
    image_grid(np.concatenate(shown).reshape(-1, *pixels), columns=columns).save(path)


def speed(asked: argparse.Namespace) -> None:
    context, drawing = runs(asked.data[0], asked)
    images = np.asarray(load(asked.data[0]).test_images[:64])
    holes = masks.draw("center", images.shape[1:3], len(images))
    gb.inpaint(images[:2], holes[:2], run=drawing, iterations=10)  # traced
    gb.inpaint(images, holes, run=drawing, iterations=10)
    together = gb.inpaint(images, holes, run=drawing, starts=4).seconds
    few = 4
    gb.inpaint(images[0], holes[0], run=drawing, iterations=10)
    began = time.perf_counter()
    for image, hole in zip(images[:few], holes[:few], strict=True):
        gb.inpaint(image, hole, run=drawing, starts=4)
    loop = (time.perf_counter() - began) / few
    each = together / len(images)
    print(
        f"latent, 64 × 4 starts: {together:.1f} s in one batch, {each:.3f} s for each; one by one {loop:.2f} s for each"
    )
    print(f"one batch is {loop / each:.1f} times faster")
    for method in (*WITHOUT_RUN, "context", "deep-prior"):
        run, count = {"context": context}.get(method), 2 if method == "deep-prior" else len(images)
        gb.inpaint(images[:count], holes[:count], method=method, run=run, iterations=20)  # imports, tracing
        took = gb.inpaint(images[:count], holes[:count], method=method, run=run).seconds / count
        print(f"{method:15}{took:.5f} s each", flush=True)


def exact(asked: argparse.Namespace) -> None:
    context, drawing = runs(asked.data[0], asked)
    images = np.asarray(load(asked.data[0]).test_images[:100])
    kinds = list(masks.KINDS)
    holes = np.stack([masks.draw(kinds[i % len(kinds)], images.shape[1:3], 1, seed=i)[0] for i in range(len(images))])
    for method in Method.__args__:
        run = {"context": context, "latent": drawing}.get(method)
        filled = gb.inpaint(images, holes, method=method, run=run, iterations=20).image
        touched = int((filled[~holes] != images[~holes]).sum())
        print(f"{method:15}{len(images)} masks, {int((~holes).sum()):,} pixels outside, {touched} changed", flush=True)
        assert touched == 0


def quick(asked: argparse.Namespace) -> None:
    global TABLE
    with tempfile.TemporaryDirectory() as place:
        TABLE, asked.runs_dir, asked.data = Path(place) / "inpaint.csv", Path(place), ["digits"]
        asked.seconds, asked.count, asked.few, asked.iterations = 15, 64, 1, 20
        table(asked)
        exact(asked)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("table", "photographs", "speed", "exact", "quick"))
    parser.add_argument("--data", nargs="+", default=["fashion", "digits", "emoji"])
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--steps", type=int, nargs=2, help="of the run that completes, and of the one that draws")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--masks", nargs="+", default=KINDS)
    parser.add_argument("--train-only", action="store_true")
    parser.add_argument("--folder", type=Path, help="of photographs")
    parser.add_argument("--methods", nargs="+", default=WITHOUT_RUN, choices=WITHOUT_RUN, help="for photographs")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--few", type=int, default=10)
    parser.add_argument("--iterations", type=int, help="of the latent search")
    parser.add_argument("--runs-dir", type=Path, default=Path("runs/inpaint-benchmark"))
    parser.add_argument("--pictures", type=Path, help="folder for sheets of the worst fills")
    asked = parser.parse_args()
    {"table": table, "photographs": photographs, "speed": speed, "exact": exact, "quick": quick}[asked.what](asked)


if __name__ == "__main__":
    main()
