"""From whatever draws images, or writes lines, to a browser of it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ganbook.browsing.browser import Browser
from ganbook.browsing.line_browser import LineBrowser
from ganbook.browsing.real_images import check_shape
from ganbook.browsing.sources import ModelSource, RunSource
from ganbook.config.browse import BrowseConfig
from ganbook.config.parser import make
from ganbook.training.run import Run
from ganbook.utils.files import user_path

if TYPE_CHECKING:
    import keras


def browse(
    source: Run | keras.Model | str | Path,
    *,
    data: Any = None,
    discriminator: keras.Model | None = None,
    runs_dir: str | Path | None = None,
    **look: Any,
) -> Browser | LineBrowser:
    """Explore what a generator has learned.

    Parameters
    ----------
    source
        A :class:`~ganbook.training.run.Run`, running or ended; the name or folder of one; a
        :class:`~ganbook.gan.model.GAN`; any Keras model (None, latent_dim) → (None, H, W, 1 or 3), or ``[z, labels]`` →
        images; a ``.keras`` file of one.
        Values are in [−1, 1], or in [0, 1] where none is negative.
    data
        Real images for neighbours and the map: whatever :func:`ganbook.data.load` takes; a run knows its own.
    discriminator
        Gives scores, for a generator that is no run.
    runs_dir
        Where a run of this name lives.
    **look
        The options of :class:`~ganbook.config.browse.BrowseConfig`.

    Returns
    -------
    Browser or LineBrowser
        The latter for runs that write lines. In a notebook with ``%load_ext ganbook`` it shows itself as a panel.

    Raises
    ------
    ValueError, FileNotFoundError
        What was given, what is allowed and what to do, in one line.
    """
    config = make(BrowseConfig, **look)
    if (lines := _lines(source, runs_dir)) is not None:
        if data is not None or discriminator is not None:
            raise ValueError(f"{lines.name} writes lines and knows its data: leave data= and discriminator= out")
        return LineBrowser(lines, config)
    generator = _source(source, discriminator, runs_dir)
    if data is not None:
        from ganbook.data import load_images

        data = load_images(data)
        check_shape(data, generator)
        if generator.conditional and not generator.num_classes:
            generator.num_classes, generator.class_names = data.num_classes, data.class_names
    if generator.conditional and not generator.num_classes:
        raise ValueError(
            f"{generator.name} takes labels, and no data says which there are: give data with labels (data=…)"
        )
    return Browser(generator, config, data)


def _lines(source: Any, runs_dir: str | Path | None) -> Run | None:
    """Return the run that is meant, if it writes lines of text."""
    if isinstance(source, str | os.PathLike) and Path(source).suffix != ".keras":
        from ganbook.training.runs import load_run

        source = load_run(user_path(source, "what to browse"), runs_dir)
    if not isinstance(source, Run) or source.folder.config()["data"].get("kind") != "text":
        return None
    if not source.active and source.folder.checkpoints.newest() is None:
        raise FileNotFoundError(
            f"{source.folder.path} holds no checkpoint, so there is nothing to look at: train it first (--resume "
            f"{source.name})"
        )
    return source


def _source(source: Any, discriminator: Any, runs_dir: str | Path | None) -> RunSource | ModelSource:
    if isinstance(source, str | os.PathLike):
        source = user_path(source, "what to browse")
    if isinstance(source, Path) and source.suffix != ".keras":
        from ganbook.training.runs import load_run

        source = load_run(source, runs_dir)
    if isinstance(source, Run):
        if discriminator is not None:
            raise ValueError(f"{source.name} is a run and has its own discriminator: leave discriminator= out")
        return RunSource(source)
    from ganbook.utils import backend

    backend.tensorflow()
    import keras

    from ganbook.gan.model import GAN

    if isinstance(source, Path):
        source = _loaded(source)
    if isinstance(source, GAN):
        return ModelSource(source.ema_generator, source.discriminator, source.name)
    if not isinstance(source, keras.Model):
        raise ValueError(f"browse takes a run, its name or folder, or a Keras generator, not {type(source).__name__}")
    return ModelSource(source, discriminator)


def _loaded(file: Path) -> keras.Model:
    import keras

    if not file.is_file():
        raise FileNotFoundError(f"there is no file {file}")
    try:
        return keras.models.load_model(file, compile=False)
    except Exception as error:
        raise ValueError(f"{file} cannot be read: {str(error).strip().splitlines()[0]}") from None
