"""ganbook: train, watch, browse and judge GANs in a notebook, on an ordinary CPU.

A folder imports only folders on lower lines; names on one line do not import each other::

    cli | notebook                                      faces
    studies                                             experiments over many runs
    browsing | evaluation | inpainting | enhancement | plane   what one does with a run
    training                                            a run: thread, folder, schedule
    gan | metrics | augmentation                        the model; its numbers; what D sees
    config | data | networks                            options; what is learned; Keras networks
    utils                                               no domain

Names are imported when they are first used, so that ``import ganbook`` is instant and loads no TensorFlow.
"""

from __future__ import annotations

import sys
from importlib.metadata import version
from typing import Any

from ganbook.utils.lazy import attribute

__version__ = version("ganbook")

_MEMBERS = {
    "again": "ganbook.training.train:again",
    "train": "ganbook.training.train:train",
    "load_run": "ganbook.training.runs:load_run",
    "runs": "ganbook.training.runs:runs",
    "active_runs": "ganbook.training.active:active_runs",
    "Run": "ganbook.training.run:Run",
    "TrainConfig": "ganbook.config.train:TrainConfig",
    "GAN": "ganbook.gan.model:GAN",
    "ImageData": "ganbook.data:ImageData",
    "augment": "ganbook.augmentation:augment",
    "inpaint": "ganbook.inpainting.fill:inpaint",
    "enhance": "ganbook.enhancement.enhance:enhance",
    "estimate": "ganbook.training.estimate:estimate",
    "evaluate": "ganbook.evaluation.evaluate:evaluate",
    "compare": "ganbook.evaluation.compare:compare",
    "browse": "ganbook.browsing.browse:browse",
    "Browser": "ganbook.browsing.browser:Browser",
    "playground": "ganbook.plane.playground:playground",
    "Playground": "ganbook.plane.playground:Playground",
    "DiracGAN": "ganbook.plane.dirac:DiracGAN",
    "data": "ganbook.data",
    "networks": "ganbook.networks",
    "losses": "ganbook.gan.losses",
    "augmentation": "ganbook.augmentation",
    "inpainting": "ganbook.inpainting",
    "studies": "ganbook.studies",
    "show": "ganbook.notebook.show:show",
    "start": "ganbook.notebook.panels.start.panel:StartPanel",
    "runs_panel": "ganbook.notebook.panels.dashboard.panel:RunsPanel",
    "augment_panel": "ganbook.notebook.image_panels:augment_panel",
    "inpaint_panel": "ganbook.notebook.image_panels:inpaint_panel",
    "enhance_panel": "ganbook.notebook.image_panels:enhance_panel",
}
__all__ = list(_MEMBERS)


def __getattr__(name: str) -> Any:
    if name in ("GAN", "losses"):
        from ganbook.utils import backend

        backend.tensorflow()
    return attribute(__name__, _MEMBERS, name)


def load_ipython_extension(ipython: Any) -> None:
    """``%load_ext ganbook``: the magics. Loads no TensorFlow."""
    from ganbook.notebook.magics import load

    load(ipython)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])


def _show_panels() -> None:
    """In a notebook show runs and browsers as panels, with or without the magics."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if getattr(shell, "kernel", None) is not None:
        from ganbook.notebook.display import Displays

        Displays.of(shell)


_show_panels()
