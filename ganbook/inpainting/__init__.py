"""Filling holes in images: the methods and :func:`inpaint`, which calls them."""

from __future__ import annotations

from typing import Any

from ganbook.utils.lazy import attribute

_MEMBERS = {
    "inpaint": "ganbook.inpainting.fill:inpaint",
    "masks": "ganbook.data.masks",
    "scores": "ganbook.inpainting.scores",
    "blending": "ganbook.inpainting.blending",
    "methods": "ganbook.inpainting.methods",
}
__all__ = list(_MEMBERS)


def __getattr__(name: str) -> Any:
    return attribute(__name__, _MEMBERS, name)


def __dir__() -> list[str]:
    return sorted(__all__)
