"""Changing images so that a model sees more variety: policies, and augmentation inside the training of a GAN."""

from __future__ import annotations

from typing import Any

from ganbook.augmentation.catalogue import OPERATIONS
from ganbook.augmentation.enlarge import augment_dataset
from ganbook.augmentation.images import augment, replay
from ganbook.augmentation.operations import Choice, Mix, Operation
from ganbook.augmentation.policy import Policy
from ganbook.augmentation.presets import PRESETS
from ganbook.utils.lazy import attribute

# It needs TensorFlow.
_MEMBERS = {"PolicyLayer": "ganbook.augmentation.keras_layer:PolicyLayer"}
__all__ = [
    "OPERATIONS", "PRESETS", "Choice", "Mix", "Operation", "Policy", "augment", "augment_dataset", "replay",
    *_MEMBERS,
]  # fmt: skip


def __getattr__(name: str) -> Any:
    return attribute(__name__, _MEMBERS, name)


def __dir__() -> list[str]:
    return sorted(__all__)
