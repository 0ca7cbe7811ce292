"""``ganbook data``: what is in the way of learning from images, and how long that takes here."""

from __future__ import annotations

from typing import Any

from ganbook.config.parser import make
from ganbook.config.train import TrainConfig

OPTIONS = ("image_size", "crop", "channels", "max_length", "long_lines")


def declare(commands: Any) -> None:
    """Add the command to the terminal's."""
    parser = commands.add_parser(
        "data",
        help="look at images before training on them",
        description="Say what is in the way of learning from images: copies, small, cropped or grey ones, rare "
        "classes, too few. With --estimate also how long training takes on this machine.",
    )
    parser.set_defaults(run_command=_run)
    parser.add_argument("data", metavar="DATA", help="data as for ganbook train --data")
    parser.add_argument("--estimate", action="store_true", help="time the default networks for a few seconds a size")
    parser.add_options(TrainConfig, leave_out=set(TrainConfig.model_fields) - set(OPTIONS))


def _run(options: dict[str, Any]) -> int:
    from ganbook.data.image_data import ImageData
    from ganbook.data.load import load
    from ganbook.data.report import report

    with_estimate = options.pop("estimate")
    config = make(TrainConfig, **options)
    data = load(config.data, **{name: getattr(config, name) for name in OPTIONS})
    print(report(data) if isinstance(data, ImageData) else data)
    if with_estimate:
        from ganbook.training.estimate import estimate

        print(estimate(data))
    return 0
