"""Filling holes in pictures: :mod:`masks`, the methods, :func:`inpaint`, and :func:`study`, which compares them."""

from __future__ import annotations

import importlib
from typing import Any

_HOME = {"inpaint": "fill", "study": "comparison", "Study": "comparison"}
_ROOMS = ("masks", "scores", "blend", "methods")
__all__ = [*_HOME, *_ROOMS]


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return importlib.import_module(f"ganbook.inpainting.{name}")
    if name in _HOME:
        return getattr(importlib.import_module(f"ganbook.inpainting.{_HOME[name]}"), name)
    raise AttributeError(f"module 'ganbook.inpainting' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
