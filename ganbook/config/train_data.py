"""Options of a training: what is learned."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ganbook.config.base import OneOf, Options, option
from ganbook.config.presets import TASKS, classes_help, task_default
from ganbook.utils.bounds import LARGEST_CROP, SMALLEST_CROP, SMALLEST_IMAGE

CropSide = Annotated[int, Field(ge=SMALLEST_CROP, le=LARGEST_CROP)]


class DataOptions(Options):
    """The data, and the task."""

    # data
    data: str = option(
        "fashion",
        "data set: a bundled or keras.datasets name, a .npz file, a folder of images, points in the plane by name "
        "(ring, grid, spiral, moons, line, two-gaussians, disjoint, checkerboard), or lines of text (names, words, "
        "poems, sums, or a .txt file with one item a line)",
        group="data",
    )
    image_size: int | None = option(
        None,
        "height and width of the images in pixels [default: as in the data; 64 where sizes differ]",
        group="data",
        ge=SMALLEST_IMAGE,
        le=1024,
        kinds=("images",),
    )
    crop: CropSide | Literal["center", "random", "none"] | None = option(
        None,
        "what becomes of images of another aspect with --image-size: center cuts out the middle, random a part at a "
        "random place, the same each time, none squeezes the whole; or a side in pixels, for --task enhance: images "
        "are cut into squares at their full resolution, and not resized [default: center]",
        group="data",
        kinds=("images",),
    )
    channels: Literal[1, 3] | None = option(
        None, "1 for grey, 3 for colour [default: as in the data]", group="data", kinds=("images",)
    )
    hold_out: int | None = option(
        None,
        "number of training images to set aside: distances while training are measured on them, and the test split is "
        "left for the report; a sweep sets aside 2,000, at most a quarter, unless told otherwise",
        group="data",
        ge=1,
        kinds=("images",),
    )
    max_length: int | None = option(
        None, "most characters of a line of text [default: 32]", group="data", ge=1, le=128, kinds=("text",)
    )
    long_lines: Literal["refuse", "cut", "drop"] | None = option(
        None, "what is done with lines of text that are longer [default: refuse]", group="data", kinds=("text",)
    )
    flip: Literal["auto", "on", "off"] | None = option(
        None,
        "mirror images left to right with probability 1/2 as they are learned; generated images are not mirrored; auto "
        "mirrors if images and their mirror images cannot be told apart [default: off]",
        group="data",
        kinds=("images",),
    )
    conditional: bool | None = option(
        None,
        f"learn to generate each class on demand, from the data's labels [default: {classes_help()}]",
        group="data",
    )

    # task
    task: Annotated[str, OneOf(TASKS)] = option(
        "generate",
        "what the generator learns: "
        + ", ".join(f"{name} ({preset.summary})" for name, preset in TASKS.items())
        + "; lines of text are learned by --task text",
        group="task",
    )
    masks: str | None = option(
        None,
        f"kinds of masks to learn to fill, separated by commas [default: {task_default('masks')}]",
        group="task",
        kinds=("images",),
    )
    reconstruction: float | None = option(
        None,
        f"weight of the mean squared error inside the mask [default: {task_default('reconstruction')}]",
        group="task",
        ge=0,
        kinds=("images",),
    )

    degrade: str | None = option(
        None,
        "degradations that the generator learns to undo, kind:value or kind:lowest-highest, in this order, as in "
        "blur:0-1.5,downscale:2,noise:0-10,jpeg:30-95 "
        f"[default: {task_default('degrade')}]",
        group="task",
        kinds=("images",),
    )
    adversarial: float | None = option(
        None,
        "weight of the adversarial loss beside the distance to the truth, images in [−1, 1]; 0 is most faithful "
        f"[default: {task_default('adversarial')}]",
        group="task",
        ge=0,
        kinds=("images",),
    )
    warm_up: int | None = option(
        None,
        f"steps in which the distance alone counts [default: {task_default('warm_up')}]",
        group="task",
        ge=0,
        le=10**9,
        kinds=("images",),
    )
