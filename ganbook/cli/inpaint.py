"""``ganbook inpaint``: fill the holes of an image, or of a folder of images."""

from __future__ import annotations

import sys
from typing import Any

from ganbook.config.inpaint import InpaintConfig


def declare(commands: Any) -> None:
    """Add the command to the terminal's."""
    parser = commands.add_parser(
        "inpaint",
        help="fill holes in images",
        description="Fill the holes of an image, or of all images in a folder and its subfolders. Existing results "
        "stay; an interrupted call continues.",
    )
    parser.set_defaults(run_command=_run)
    parser.add_argument("source", metavar="IMAGE|FOLDER", help="image or folder to fill")
    parser.add_argument(
        "--out",
        metavar="FILE|DIR",
        required=True,
        help="for an image the result, NAME.png; or a folder of results, apart from the source; several candidates are "
        "NAME-1.png, …",
    )
    parser.add_argument(
        "--mask",
        metavar="MASK",
        help="mask image (the hole is white, painted or transparent), folder of mask images called like the images, or "
        "a kind: center, half:left, random:0.8, thick, … [default: where the image is transparent]",
    )
    parser.add_argument("--run", metavar="RUN", help="run whose GAN fills the hole, for latent and context")
    parser.add_argument("--overwrite", action="store_true", help="make existing results again")
    parser.add_options(InpaintConfig)


def _run(options: dict[str, Any]) -> int:
    from tqdm import tqdm

    from ganbook.config.parser import make
    from ganbook.inpainting.files import inpaint_files

    source, mask, out = (options.pop(name) for name in ("source", "mask", "out"))
    own = {name: options.pop(name) for name in ("run", "overwrite")}
    config = make(InpaintConfig, **options).model_dump(exclude_unset=True)
    style = "{percentage:3.0f} %|{bar}| {elapsed}<{remaining}"
    with tqdm(total=1.0, file=sys.stderr, bar_format=style, delay=0.2) as bar:
        inpaint_files(source, mask, out, progress=lambda fraction: bar.update(fraction - bar.n), **own, **config)
    print(out)
    return 0
