"""``ganbook inpaint``: fill the holes of a picture, or of a folder of pictures."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from ganbook.config.inpaint import InpaintConfig


def declare(commands: Any) -> None:
    """Add the command to the terminal's."""
    parser = commands.add_parser(
        "inpaint",
        help="fill holes in pictures",
        description="Fill the holes of a picture or of a folder of pictures; what is done already is not done again.",
        formatter_class=argparse.HelpFormatter,
    )
    parser.set_defaults(run_command=_run)
    parser.add_argument("source", metavar="IMAGE|FOLDER", help="what to fill")
    parser.add_argument("--out", metavar="DIR", required=True, help="where to write NAME.png, or NAME-1.png, …")
    parser.add_argument(
        "--mask",
        metavar="MASK",
        help="a picture (white is hole), a folder of them by name, or a kind: center, half:left, random:0.8, thick, … "
        "[where the picture is transparent]",
    )
    parser.add_argument("--run", metavar="RUN", help="the run whose GAN fills, for latent and context")
    parser.add_argument("--overwrite", action="store_true", help="make again what is there")
    parser.add_options(InpaintConfig)


def _run(options: dict[str, Any]) -> int:
    from tqdm import tqdm

    from ganbook.config.parser import make
    from ganbook.inpainting.files import inpaint_files

    source, mask, out = (options.pop(name) for name in ("source", "mask", "out"))
    own = {name: options.pop(name) for name in ("run", "overwrite")}
    asked = make(InpaintConfig, **options).model_dump(exclude_unset=True)
    style = "{percentage:3.0f} %|{bar}| {elapsed}<{remaining}"
    with tqdm(total=1.0, file=sys.stderr, bar_format=style, delay=0.2) as bar:
        inpaint_files(source, mask, out, progress=lambda share: bar.update(share - bar.n), **own, **asked)
    print(out)
    return 0
