"""``ganbook enhance``: enlarge or restore an image, or a folder of images."""

from __future__ import annotations

import sys
from typing import Any

from ganbook.config.enhance import EnhanceConfig


def declare(commands: Any) -> None:
    """Add the command to the terminal's."""
    parser = commands.add_parser(
        "enhance",
        help="enlarge images and remove noise",
        description="Enlarge an image, or all images in a folder and its subfolders, and remove noise. Existing "
        "results in a folder stay; an interrupted call continues.",
    )
    parser.set_defaults(run_command=_run)
    parser.add_argument("source", metavar="IMAGE|FOLDER", help="image or folder to enhance")
    parser.add_argument(
        "--out",
        metavar="FILE|DIR",
        required=True,
        help="for an image the result, NAME.png; for a folder a folder of results, apart from the source",
    )
    parser.add_argument("--run", metavar="RUN", help="run of --task enhance whose network is used")
    parser.add_argument(
        "--protect", metavar="MASK", help="mask image of the size of the image; what it marks is left as it is"
    )
    parser.add_argument("--overwrite", action="store_true", help="make existing results again")
    parser.add_options(EnhanceConfig)


def _run(options: dict[str, Any]) -> int:
    from tqdm import tqdm

    from ganbook.config.parser import make
    from ganbook.enhancement.files import enhance_files

    source, out, protect = (options.pop(name) for name in ("source", "out", "protect"))
    own = {name: options.pop(name) for name in ("run", "overwrite")}
    config = make(EnhanceConfig, **options).model_dump(exclude_unset=True)
    if protect is not None:
        config["protect"] = protect
    style = "{percentage:3.0f} %|{bar}| {elapsed}<{remaining}"
    with tqdm(total=1.0, file=sys.stderr, bar_format=style, delay=0.2) as bar:
        enhance_files(source, out, progress=lambda done: bar.update(done - bar.n), **own, **config)
    print(out)
    return 0
