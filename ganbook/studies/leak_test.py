"""Whether a GAN draws the augmentation that it saw: a classifier that knows the traces looks at its samples.

The classifier learns which of a policy's operations were done to real training images. How often it then finds one in
real images held out, untouched and all augmented, says how far it can be trusted; how often it finds one in samples,
between these two, says how many of them carry it (Rogan & Gladen 1978, doi 10.1093/oxfordjournals.aje.a112510).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ganbook.augmentation.operations import Operation
from ganbook.augmentation.policy import Policy, as_policy
from ganbook.data.dataset import check_images

if TYPE_CHECKING:
    import keras
    import pandas as pd

    from ganbook.data import ImageData
    from ganbook.training.run import Run

# The classifier sees so many values an epoch, few images several times, in batches, for so many epochs.
VALUES, BATCH, EPOCHS = 2**23, 64, 6
# A smaller difference between the fractions of augmented and real images recognised is inconclusive.
TELLS = 0.3
# Of the 95 % interval: above the first a leak, all below the second none.
LEAK, NONE = 0.05, 0.15
# Samples are not as sharp as real images. Training images are roughened, so that this is no trace.
ROUGH = ("blur:0.1@0.3", "sharpness:1@0.3", "noise:0.1@0.3", "elastic:0.05@0.3")


@dataclass(frozen=True)
class LeakReport:
    """Results of :func:`ganbook.studies.leaks`.

    Attributes
    ----------
    table
        DataFrame, a row for each operation: how often it is detected in ``real`` images, in ``augmented`` ones and in
        ``samples``; the fraction of samples that carry it, ``leaked``, with its 95 % interval ``low`` to ``high``; and
        ``verdict``: ``leaks``, ``clean`` or ``inconclusive``.
    samples
        How many samples were looked at.
    """

    table: pd.DataFrame
    samples: int

    @property
    def leaks(self) -> list[str]:
        """The operations that leak."""
        return list(self.table.loc[self.table["verdict"].eq("leaks"), "operation"])

    @property
    def verdict(self) -> str:
        """The outcome in plain words."""
        rows = self.table.set_index("operation")
        sentences = [
            f"{name} leaks: about {row.leaked:.0%} of the samples carry it (95 % interval {row.low:.0%} to "
            f"{row.high:.0%})"
            for name, row in rows[rows["verdict"].eq("leaks")].iterrows()
        ]
        if sentences:
            sentences.append("make it less likely in --augment, or leave it out")
        clean, unsure = (list(rows.index[rows["verdict"].eq(each)]) for each in ("clean", "inconclusive"))
        if clean:
            sentences.append(f"no trace of {', '.join(clean)}")
        if unsure:
            sentences.append(f"inconclusive for {', '.join(unsure)}")
        return "; ".join(sentences) + f" ({self.samples:,} samples)."

    def __repr__(self) -> str:
        return f"{self.verdict}\n{self.table.to_string(index=False, float_format='{:.3f}'.format)}"

    def _repr_html_(self) -> str:
        return f"<p>{self.verdict}</p>" + self.table.to_html(index=False, float_format="{:.3f}".format)


def leaks(
    run: Run | np.ndarray, data: ImageData | None = None, policy: Policy | str | None = None, *, samples: int = 1000,
    seed: int = 0,
) -> LeakReport:  # fmt: skip
    """Test how many samples carry each operation of a policy.

    Parameters
    ----------
    run
        A run, or samples uint8 (N, H, W, C).
    data
        What was learnt; the run's own unless given.
    policy
        A policy of single operations; what the run was trained with unless given.
    samples
        How many to draw from the run.
    seed
        Decides samples, draws and the classifier.

    Raises
    ------
    ValueError
        No policy, or one of choices or mixes; too few images.
    """
    from ganbook.utils import backend

    backend.tensorflow()
    if isinstance(run, np.ndarray):
        drawn = run
    else:
        check_images(run.folder.config()["data"], "the leak test")
        data, policy, drawn = data or run.data, policy or run.config.augment, run.sample(samples, seed)
    if not policy:
        raise ValueError("this run was trained without augmentation: say what to look for, as in policy='DiffAugment'")
    operations = _single(as_policy(policy), data.shape[2])
    train, held_out = _split(data)
    classifier = _trained(train, operations, seed)
    real = _found(classifier, held_out)
    in_samples = _found(classifier, drawn)
    rows = []
    for index, operation in enumerate(operations):
        augmented = _found(classifier, Policy([replace(operation, probability=1.0)], seed)(held_out))
        fractions = [float(detected[:, index].mean()) for detected in (real, augmented, in_samples)]
        counts = (len(held_out), len(held_out), len(drawn))
        rows.append({"operation": operation.name} | _judged(fractions, counts))
    import pandas as pd

    return LeakReport(pd.DataFrame(rows), len(drawn))


def _single(policy: Policy, channels: int) -> list[Operation]:
    for part in policy.operations:
        if not isinstance(part, Operation) or not part.kind.keeps_label:
            raise ValueError(f"the leak test takes single operations, not {part}")
    return [part for part in policy.operations if channels > 1 or not part.kind.colour_only]


def _split(data: ImageData) -> tuple[np.ndarray, np.ndarray]:
    """Training and held-out images; a fifth is held out where there is no test split."""
    if len(data.test_images) >= 200:
        return data.images, np.asarray(data.test_images[:2000])
    if len(data) < 100:
        raise ValueError(f"{data.name} holds {len(data)} images: the leak test needs 100")
    order = np.random.default_rng(0).permutation(len(data))
    held_out, train = np.split(order, [len(data) // 5])
    return data.images[np.sort(train)], data.images[np.sort(held_out[:2000])]


def _judged(fractions: list[float], counts: tuple[int, ...]) -> dict[str, Any]:
    real, augmented, samples = fractions
    tells = augmented - real
    row: dict[str, Any] = {"real": real, "augmented": augmented, "samples": samples}
    if tells < TELLS:
        return row | {"leaked": np.nan, "low": np.nan, "high": np.nan, "verdict": "inconclusive"}
    leaked = (samples - real) / tells
    weights = ((leaked - 1) / tells, -leaked / tells, 1 / tells)
    spread = (
        sum((w**2) * max(p * (1 - p), 1 / n) / n for w, p, n in zip(weights, fractions, counts, strict=True)) ** 0.5
    )
    low, high = leaked - 1.96 * spread, leaked + 1.96 * spread
    verdict = "leaks" if low > LEAK else "clean" if high < NONE else "inconclusive"
    return row | {"leaked": leaked, "low": low, "high": high, "verdict": verdict}


def _trained(images: np.ndarray, operations: list[Operation], seed: int) -> keras.Model:
    import keras
    from keras import layers

    initial = [keras.initializers.GlorotUniform(seed=seed + i) for i in range(4)]
    x = image = keras.Input(images.shape[1:])
    x = layers.Rescaling(1 / 127.5, -1.0)(x)
    for width, start in zip((32, 64), initial, strict=False):
        x = layers.Conv2D(width, 4, 2, "same", activation="relu", kernel_initializer=start)(x)
    x = layers.Dense(128, "relu", kernel_initializer=initial[2])(layers.Flatten()(x))
    model = keras.Model(image, layers.Dense(len(operations), kernel_initializer=initial[3])(x))
    model.compile(keras.optimizers.Adam(1e-3), keras.losses.BinaryCrossentropy(from_logits=True))
    names = {operation.name for operation in operations}
    rough = [text for text in ROUGH if text.split(":")[0] not in names]
    each = Policy([*rough, *(replace(operation, probability=0.5) for operation in operations)], seed)
    count = max(BATCH, VALUES // int(np.prod(images.shape[1:])))
    for epoch in range(EPOCHS):
        chosen = np.sort(np.resize(np.random.default_rng((seed, epoch)).permutation(len(images)), count))
        numbers = epoch * count + np.arange(count)
        steps = each.steps(numbers, (*images.shape[1:], count))[-len(operations) :]
        done = np.stack([step.done for step in steps], 1).astype(np.float32)
        seen, order = (
            each(images[chosen], first=int(numbers[0])),
            np.random.default_rng((seed, epoch, 1)).permutation(count),
        )
        for start in range(0, count - BATCH + 1, BATCH):
            batch = order[start : start + BATCH]
            model.train_on_batch(seen[batch], done[batch])
    return model


def _found(model: keras.Model, images: np.ndarray) -> np.ndarray:
    """Which operations the classifier finds in each image, bool (N, K)."""
    parts = [model.predict_on_batch(images[i : i + 500]) for i in range(0, len(images), 500)]
    return np.concatenate(parts) > 0
