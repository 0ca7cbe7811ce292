"""Changing images so that a model sees more variety: policies, and augmentation inside the training of a GAN."""

from __future__ import annotations

from typing import Any

from ganbook.utils.lazy import attribute

_MEMBERS = {
    "augment": "ganbook.augmentation.images:augment",
    "replay": "ganbook.augmentation.images:replay",
    "augment_dataset": "ganbook.augmentation.enlarge:augment_dataset",
    "Policy": "ganbook.augmentation.policy:Policy",
    "PolicyLayer": "ganbook.augmentation.keras_layer:PolicyLayer",
    "PRESETS": "ganbook.augmentation.presets:PRESETS",
    "OPERATIONS": "ganbook.augmentation.catalogue:OPERATIONS",
    "Operation": "ganbook.augmentation.operations:Operation",
    "Choice": "ganbook.augmentation.operations:Choice",
    "Mix": "ganbook.augmentation.operations:Mix",
}
__all__ = list(_MEMBERS)


def __getattr__(name: str) -> Any:
    if name == "PolicyLayer":
        from ganbook.utils import backend

        backend.tensorflow()
    return attribute(__name__, _MEMBERS, name)


def __dir__() -> list[str]:
    return sorted(__all__)
