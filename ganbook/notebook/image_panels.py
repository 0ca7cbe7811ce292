"""The panels that work on images, from Python."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ganbook.notebook.panels.image_source import open_images

if TYPE_CHECKING:
    from ganbook.augmentation.policy import Policy
    from ganbook.notebook.panels.augmentation.panel import AugmentationPanel
    from ganbook.notebook.panels.enhancement.panel import EnhancementPanel
    from ganbook.notebook.panels.inpainting.panel import InpaintingPanel
    from ganbook.training.run import Run


def augment_panel(data: Any = "fashion", policy: Policy | str = "standard") -> AugmentationPanel:
    """Return the panel that puts a policy together, as ``%gan_augment`` opens it.

    Parameters
    ----------
    data
        Whatever :func:`ganbook.data.load` takes.
    policy
        A :class:`~ganbook.augmentation.Policy` or its text: what the panel begins with.

    Raises
    ------
    FileNotFoundError, ValueError
        The data cannot be read, or there is no such policy; the message is one line.
    """
    from ganbook.augmentation.policy import as_policy
    from ganbook.data import load_images
    from ganbook.notebook.panels.augmentation.panel import AugmentationPanel

    return AugmentationPanel(load_images(data), as_policy(policy))


def inpaint_panel(
    images: Any = None, run: Run | str | None = None, runs_dir: str | Path | None = None
) -> InpaintingPanel:
    """Return the panel that paints masks and fills them, as ``%gan_inpaint`` opens it.

    Parameters
    ----------
    images
        A run or its name (the held-out images of its data), an image file, a folder of images, a data set or its
        name, or an array (H, W), (H, W, C) or (N, H, W, C). None: one is uploaded on the page.
    run
        The run that fills, where ``images`` is none, or a further one for another method.
    runs_dir
        Where runs are looked for by name.

    Raises
    ------
    FileNotFoundError, ValueError
        It is none of these, cannot be read, or the run has another task; the message is one line.
    """
    from ganbook.config.inpaint import BY_TASK
    from ganbook.notebook.panels.inpainting.panel import InpaintingPanel

    return InpaintingPanel(open_images(images, run, runs_dir, by_task=BY_TASK, purpose="inpainting"))


def enhance_panel(
    images: Any = None, run: Run | str | None = None, runs_dir: str | Path | None = None
) -> EnhancementPanel:
    """Return the panel that enlarges and restores images, as ``%gan_enhance`` opens it.

    Parameters, errors
        As for :func:`inpaint_panel`; the run is one of ``--task enhance``.
    """
    from ganbook.config.enhance import BY_TASK
    from ganbook.notebook.panels.enhancement.panel import EnhancementPanel

    return EnhancementPanel(open_images(images, run, runs_dir, by_task=BY_TASK, purpose="enhancement"))
