"""Changing images so that a model sees more variety: policies, and augmentation inside the training of a GAN."""

from ganbook.augmentation.catalogue import OPERATIONS
from ganbook.augmentation.enlarge import augment_dataset
from ganbook.augmentation.images import augment, replay
from ganbook.augmentation.operations import Choice, Mix, Operation
from ganbook.augmentation.policy import Policy
from ganbook.augmentation.presets import PRESETS

__all__ = ["OPERATIONS", "PRESETS", "Choice", "Mix", "Operation", "Policy", "augment", "augment_dataset", "replay"]
