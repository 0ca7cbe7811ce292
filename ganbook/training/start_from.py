"""``--start-from``: a new run takes over what another run has learned, as far as shapes agree.

A GAN that begins where one of other images ended needs fewer images and less time (Wang et al. 2018, *Transferring
GANs*, arXiv 1805.01677). Both networks and the average of G are taken; optimisers begin anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

import numpy as np

from ganbook.config.parser import flag
from ganbook.config.train import TrainConfig
from ganbook.data.dataset import Dataset, kind_of
from ganbook.training.run_folder import RunFolder

if TYPE_CHECKING:
    import keras

    from ganbook.gan.model import GAN

PARTS = {"generator": "the generator", "discriminator": "the discriminator"}


def check(source: RunFolder, config: TrainConfig, data: Dataset) -> None:
    """Raise ``ValueError`` if a new run cannot start from that in ``source``.

    Task, network and height and width must be the same; data, channels, classes and the length of z may differ.
    """
    if config.name == source.name and (config.runs_dir / config.name).resolve() == source.path.resolve():
        raise ValueError(f"{flag('start_from')} {source.name}: a run cannot start from itself; give another --name")
    other = source.config()
    theirs, ours, advice = [], [], []
    for option in ("task", "network"):
        there, here = other["options"].get(option), getattr(config, option)
        if there != here:
            theirs.append(f"{flag(option)} {there}")
            ours.append(f"{flag(option)} {here}")
            advice.append(f"{flag(option)} {there}")
    learned, wanted = (tuple(shape)[:2] for shape in (other["data"]["shape"], data.shape))
    if learned != wanted:
        there, here = (kind_of(record).size_in_words(record) for record in (other["data"], data.record()))
        theirs.append(f"{data.noun}s of {there}")
        ours.append(f"{data.noun}s of {here}")
        square = len(learned) == 2 and learned[0] == learned[1]
        advice.append(f"{flag('image_size')} {learned[0]}" if square else "")
    if theirs:
        give = f"give {' '.join(advice)}, or take" if all(advice) else "take"
        raise ValueError(
            f"{flag('start_from')} {source.name}: that run has {' and '.join(theirs)}, this one {' and '.join(ours)}; "
            f"{give} another run"
        )
    if source.checkpoints.newest() is None:
        raise ValueError(f"{flag('start_from')} {source.name}: that run has not been trained yet, or was not saved")


def take(source: RunFolder, gan: GAN) -> str:
    """Copy what the newest checkpoint of a run holds into a new GAN; say what was taken.

    Raises
    ------
    ValueError
        The run is gone, or none of its checkpoints can be read.
    """
    from ganbook.training.trainer import newest_state

    saved, _ = newest_state(source)
    if saved is None:
        raise ValueError(f"no checkpoint of {source.path} can be read, so no run can start from it")
    copied = {part: _copy(getattr(saved.gan, part), getattr(gan, part)) for part in PARTS}
    _copy(saved.gan.ema_generator, gan.ema_generator)
    counts = [
        f"{count} of {len(getattr(gan, part).variables)} arrays of {PARTS[part]}" for part, count in copied.items()
    ]
    return f"starts from {source.name} at step {saved.step:,}: takes {' and '.join(counts)}"


def _copy(source: keras.Model, target: keras.Model) -> int:
    """Copy the variables whose shapes agree, in the order of the layers; return how many.

    Of a matrix that has more rows or fewer, as that behind z and a class has, the rows of both are copied.
    """
    theirs, ours = source.variables, target.variables
    shapes = [tuple(v.shape) for v in theirs], [tuple(v.shape) for v in ours]
    pairs = aligned(*shapes)
    for i, j in pairs:
        ours[j].assign(theirs[i])
    for i, j in aligned_by_columns(*shapes):
        rows = min(theirs[i].shape[0], ours[j].shape[0])
        ours[j].assign(np.concatenate([np.asarray(theirs[i])[:rows], np.asarray(ours[j])[rows:]]))
    return len(pairs)


def aligned(source: Sequence[tuple[int, ...]], target: Sequence[tuple[int, ...]]) -> list[tuple[int, int]]:
    """Return the indices of equal shapes, in the order of both lists; what one list alone has is left out."""
    blocks = SequenceMatcher(None, source, target, autojunk=False).get_matching_blocks()
    return [(block.a + i, block.b + i) for block in blocks for i in range(block.size)]


def aligned_by_columns(source: Sequence[tuple[int, ...]], target: Sequence[tuple[int, ...]]) -> list[tuple[int, int]]:
    """Return the indices of matrices that stand in each other's place and differ in their rows alone."""
    changes = SequenceMatcher(None, source, target, autojunk=False).get_opcodes()
    replaced = [
        pair for tag, a, b, c, d in changes if tag == "replace" for pair in zip(range(a, b), range(c, d), strict=False)
    ]
    return [(i, j) for i, j in replaced if len(source[i]) == len(target[j]) == 2 and source[i][1] == target[j][1]]
