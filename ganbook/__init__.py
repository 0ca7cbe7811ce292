"""ganbook: train, watch, browse and judge GANs in a notebook, on an ordinary CPU.

Names are imported when they are first used, so that ``import ganbook`` is instant and loads no TensorFlow.
"""

from __future__ import annotations

import importlib
from importlib.metadata import version
from typing import Any

__version__ = version("ganbook")

_HOME = {
    "train": "launch", "load_run": "launch", "runs": "launch", "active_runs": "active", "Run": "run",
    "TrainConfig": "config", "augment": "augmentation.pictures", "GAN": "gan", "ImageData": "data",
    "evaluate": "judgement.evaluate", "compare": "judgement.compare",
    "browse": "browsing.browse", "Browser": "browsing.browser",
    "inpaint": "inpainting.fill",
}  # fmt: skip
_ROOMS = ("data", "networks", "losses", "augmentation", "inpainting")
__all__ = [*_HOME, *_ROOMS]


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return importlib.import_module(f"ganbook.{name}")
    if name not in _HOME:
        raise AttributeError(f"module 'ganbook' has no attribute {name!r}")
    if name == "GAN":
        from ganbook import backend

        backend.tensorflow()
    value = getattr(importlib.import_module(f"ganbook.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def load_ipython_extension(ipython: Any) -> None:
    """``%load_ext ganbook``: the magics. Loads no TensorFlow."""
    from ganbook.notebook.magics import load

    load(ipython)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
