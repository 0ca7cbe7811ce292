"""Changing images so that a model sees more variety: policies, and augmentation inside the training of a GAN."""

from ganbook.augmentation.kinds import KINDS
from ganbook.augmentation.operations import Choice, Mix, Operation
from ganbook.augmentation.pictures import augment, replay
from ganbook.augmentation.policy import Policy
from ganbook.augmentation.ready import READY

__all__ = ["KINDS", "READY", "Choice", "Mix", "Operation", "Policy", "augment", "replay"]
