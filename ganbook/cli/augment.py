"""``ganbook augment``: a larger data set, on disk."""

from __future__ import annotations

from typing import Any

from ganbook.config.augment import AugmentConfig


def declare(commands: Any) -> None:
    """Add the command to the terminal's."""
    parser = commands.add_parser(
        "augment",
        help="write a data set with augmented copies",
        description="Write a data set with augmented copies of its training images. An interrupted call continues.",
    )
    parser.set_defaults(run_command=_run)
    parser.add_argument("source", metavar="SRC", help="name of a data set, a .npz file, or a folder of images")
    parser.add_argument(
        "--out", metavar="OUT", required=True, help=".npz file, or new folder for PNG images; apart from SRC"
    )
    parser.add_options(AugmentConfig)


def _run(options: dict[str, Any]) -> int:
    from ganbook.augmentation.enlarge import augment_dataset

    print(augment_dataset(options.pop("source"), options.pop("out"), **options))
    return 0
