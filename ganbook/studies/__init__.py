"""Experiments over many runs or trainings, each one function.

Imported when they are used: they stand above the runs, which need TensorFlow.
"""

from __future__ import annotations

from typing import Any

from ganbook.utils.lazy import attribute

_MEMBERS = {
    "augmentation": "ganbook.studies.augmentation_study:augmentation",
    "AugmentationStudy": "ganbook.studies.augmentation_results:AugmentationStudy",
    "enhancement": "ganbook.studies.enhancement_study:enhancement",
    "EnhancementStudy": "ganbook.studies.enhancement_study:EnhancementStudy",
    "inpainting": "ganbook.studies.inpainting_study:inpainting",
    "InpaintingStudy": "ganbook.studies.inpainting_study:InpaintingStudy",
    "sweep": "ganbook.studies.sweep_study:sweep",
    "Sweep": "ganbook.studies.sweep_study:Sweep",
    "leaks": "ganbook.studies.leak_test:leaks",
    "text": "ganbook.studies.text_study:text",
    "TextStudy": "ganbook.studies.text_study:TextStudy",
}
__all__ = list(_MEMBERS)


def __getattr__(name: str) -> Any:
    return attribute(__name__, _MEMBERS, name)


def __dir__() -> list[str]:
    return sorted(__all__)
