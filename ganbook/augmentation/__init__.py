"""Changing images so that a model sees more variety: policies, and augmentation inside the training of a GAN."""

from typing import Any

from ganbook.augmentation.kinds import KINDS
from ganbook.augmentation.operations import Choice, Mix, Operation
from ganbook.augmentation.pictures import augment, replay
from ganbook.augmentation.policy import Policy
from ganbook.augmentation.ready import READY

# What stands above the runs is imported when it is used.
_ABOVE = {"enlarge": "copies", "leak_test": "leak", "study": "trial", "Study": "findings"}
__all__ = ["KINDS", "READY", "Choice", "Mix", "Operation", "Policy", "augment", "replay", *_ABOVE]


def __getattr__(name: str) -> Any:
    if name not in _ABOVE:
        raise AttributeError(f"module 'ganbook.augmentation' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(f"ganbook.augmentation.{_ABOVE[name]}"), name)
