"""The magics. Each reads its options and calls one function."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from IPython.core.error import UsageError
from IPython.core.magic import Magics, line_cell_magic, line_magic, magics_class
from traitlets import Any as AnyValue
from traitlets import Bool, HasTraits, TraitError, validate
from traitlets.config import Configurable

from ganbook.config.augment import AugmentConfig
from ganbook.config.parser import make
from ganbook.config.study import StudyConfig
from ganbook.config.train import TrainConfig
from ganbook.notebook import arguments, tab_completion, variables
from ganbook.notebook.display import Shown
from ganbook.notebook.parsing import from_cell, from_line
from ganbook.notebook.silence import silenceable
from ganbook.utils.errors import OptionError, is_bad_input, refusal

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from ganbook.augmentation import Policy
    from ganbook.browsing.browser import Browser
    from ganbook.data import ImageData
    from ganbook.evaluation.compare import Comparison
    from ganbook.evaluation.report import Report
    from ganbook.notebook.panels.augmentation.panel import AugmentationPanel
    from ganbook.notebook.panels.inpainting.panel import InpaintingPanel
    from ganbook.studies.augmentation_results import AugmentationStudy
    from ganbook.studies.leak_test import LeakReport
    from ganbook.training.run import Run

_WITH_DEFAULT = [name for name in TrainConfig.model_fields if name != "name"]
# Which of the user's defaults a magic follows.
_FOLLOWS = {
    "gan_train": set(_WITH_DEFAULT),
    "gan_runs": {"runs_dir"},
    "gan_sample": {"runs_dir"},
    "gan_evaluate": {"runs_dir"},
    "gan_compare": {"runs_dir"},
    "gan_data": {"image_size", "channels"},
    "gan_browse": {"runs_dir"},
    "gan_inpaint": {"runs_dir"},
    "gan_augment": {"image_size", "channels"},
    "gan_leaks": {"runs_dir"},
    "gan_study": {"image_size", "channels"},
}


def load(shell: Any) -> None:
    """Register the magics with a shell, in place of those that an earlier ``%load_ext`` registered."""
    for earlier in [thing for thing in shell.configurables if type(thing).__name__ == GanMagics.__name__]:
        shell.configurables.remove(earlier)
    shell.register_magics(GanMagics(shell))
    tab_completion.install(shell)


@contextmanager
def _one_line(*also: type[Exception]) -> Iterator[None]:
    """Say bad input in one line under the cell, and warnings in one line each, without a traceback."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        try:
            yield
        except Exception as error:
            if not (is_bad_input(error) or isinstance(error, also)):
                raise
            raise UsageError(refusal(error)) from None
        finally:
            remarks = [" ".join(str(warning.message).split()) for warning in caught if _is_ours(warning)]
            for remark in dict.fromkeys(remarks):
                print(f"ganbook: {remark}", file=sys.stderr)
    for warning in caught:
        if not _is_ours(warning):
            warnings.showwarning(warning.message, warning.category, warning.filename, warning.lineno)


def _is_ours(warning: warnings.WarningMessage) -> bool:
    return warning.category is UserWarning


# One trait for each option, None unless set; `%config GanMagics` lists them with their help.
_Defaults = type(HasTraits)(
    "_Defaults",
    (Configurable,),
    {
        name: AnyValue(None, allow_none=True, help=TrainConfig.model_fields[name].description).tag(config=True)
        for name in _WITH_DEFAULT
    },
)


@magics_class
class GanMagics(_Defaults, Magics):
    """Defaults of the magics' options, as in ``%config GanMagics.network = "dcgan"``."""

    wait = Bool(False, help="whether %gan_train returns only when the run has ended").tag(config=True)

    def __init__(self, shell: Any):
        super().__init__(shell)
        self._shown = Shown(shell)

    @validate(*_WITH_DEFAULT)
    def _check(self, proposal: Any) -> Any:
        if proposal.value is not None:
            try:
                make(TrainConfig, **{proposal.trait.name: proposal.value})
            except OptionError as error:
                raise TraitError(str(error)) from None
        return proposal.value

    @line_cell_magic
    def gan_train(self, line: str, cell: str | None = None) -> Run | None:
        """Train a GAN in the background."""
        with _one_line():
            options = self._options("gan_train", line, cell)
            if options is None:
                return None
            wait = options.pop("wait", self.wait)
            from ganbook.training.train import train

            run = train(**options)
        if remark := variables.put(run, self.shell) if {"name", "resume"} & set(options) else "":
            print(remark)
        self._shown.panel(run)
        if wait:
            with _one_line():
                run.wait()
        if wait and run.active:
            print(f"{run.name} is paused at step {run.steps_done:,}: .resume() goes on, .stop() ends it")
        return run

    @line_magic
    def gan_runs(self, line: str) -> pd.DataFrame | None:
        """List the runs."""
        with _one_line():
            options = self._options("gan_runs", line)
            if options is None:
                return None
            from ganbook.training.runs import runs

            table = runs(options.get("runs_dir"))
        if not len(table):
            print("no runs here yet; start one with %gan_train")
        return table

    @line_magic
    def gan_sample(self, line: str) -> np.ndarray | None:
        """Draw images from a run."""
        with _one_line(RuntimeError):  # no weights yet
            options = self._options("gan_sample", line)
            if options is None:
                return None
            from ganbook.config.sample import SampleConfig

            run = self._run("gan_sample", options)
            asked = make(SampleConfig, **options)
            images = run.sample(asked.count, asked.seed, asked.label, asked.truncation, asked.weights)
        self._shown.sheet(
            images, f"{asked.count:,} samples of {run.name} at step {run.steps_done:,}, seed {asked.seed}"
        )
        return images

    @line_magic
    def gan_evaluate(self, line: str) -> Report | None:
        """Measure how near samples come to real images."""
        with _one_line():
            options = self._options("gan_evaluate", line)
            if options is None:
                return None
            from ganbook.evaluation.evaluate import evaluate

            which = options.pop("run")
            if which is None:
                raise OptionError("%gan_evaluate takes a run or pictures: %gan_evaluate RUN; %gan_runs lists the runs")
            variable = self.shell.user_ns.get(which)
            what = variable if variables.holds_data(variable) else variables.find_run(which, self.shell.user_ns)
            return evaluate(what, options.pop("data", None), **options)

    @line_magic
    def gan_compare(self, line: str) -> Comparison | None:
        """Put runs side by side."""
        with _one_line():
            options = self._options("gan_compare", line)
            if options is None:
                return None
            from ganbook.evaluation.compare import compare

            return compare(*(variables.find_run(each, self.shell.user_ns) for each in options.pop("runs")), **options)

    @line_magic
    def gan_data(self, line: str) -> ImageData | None:
        """Load pictures."""
        with _one_line():
            options = self._options("gan_data", line)
            if options is None:
                return None
            from ganbook.data import load

            if options["data"] is None:
                raise OptionError("%gan_data takes a data set: %gan_data NAME; %gan_data? says what it may be")
            size = make(TrainConfig, **{name: options[name] for name in options if name != "data"})
            return load(options["data"], size.image_size, size.channels)

    @line_magic
    def gan_browse(self, line: str) -> Browser | None:
        """Look around in what a run or a generator has learned."""
        with _one_line(RuntimeError):
            options = self._options("gan_browse", line)
            if options is None:
                return None
            from ganbook.browsing.browse import browse

            which = options.pop("run")
            if which is None:
                raise OptionError("%gan_browse takes a run or a generator: %gan_browse RUN; %gan_runs lists them")
            browser = browse(variables.find_generator(which, self.shell.user_ns), **options)
        if remark := variables.put_browser(browser, self.shell):
            print(remark)
        self._shown.browser(browser)
        return browser

    @line_magic
    def gan_inpaint(self, line: str) -> InpaintingPanel | None:
        """Paint holes and fill them."""
        with _one_line():
            options = self._options("gan_inpaint", line)
            if options is None:
                return None
            from ganbook.notebook.panels.inpainting.gallery import gallery
            from ganbook.notebook.panels.inpainting.panel import InpaintingPanel

            namespace, runs_dir = self.shell.user_ns, options.get("runs_dir")
            run = options.get("run") and variables.find_run(options["run"], namespace)
            pictures = options["pictures"] and variables.find_pictures(options["pictures"], namespace)
            panel = InpaintingPanel(gallery(pictures, run, runs_dir))
        self._shown.widget(panel)
        return panel

    @line_magic
    def gan_augment(self, line: str) -> AugmentationPanel | None:
        """Put an augmentation policy together."""
        with _one_line():
            options = self._options("gan_augment", line)
            if options is None:
                return None
            from ganbook.notebook.panels.augmentation.panel import AugmentationPanel

            panel = AugmentationPanel(*self._data_and_policy(options))
        self._shown.widget(panel)
        return panel

    @line_magic
    def gan_leaks(self, line: str) -> LeakReport | None:
        """Test whether the samples of a run carry the augmentation it was trained with."""
        with _one_line(RuntimeError):
            options = self._options("gan_leaks", line)
            if options is None:
                return None
            run = self._run("gan_leaks", options)
            from ganbook.studies import leaks

            policy = self._policy(options) if "policy" in options else None
            return leaks(run, policy=policy, seed=make(AugmentConfig, **options).seed)

    @line_magic
    def gan_study(self, line: str) -> AugmentationStudy | None:
        """Measure what augmentation does for a classifier."""
        with _one_line(RuntimeError):
            options = self._options("gan_study", line)
            if options is None:
                return None
            study = {name: options.pop(name) for name in StudyConfig.model_fields if name in options}
            from ganbook.studies import augmentation

            images, policy = self._data_and_policy(options)
            return augmentation(images, policy=policy, **make(StudyConfig, **study).model_dump())

    def _run(self, magic: str, options: dict[str, Any]) -> Run:
        """Take the run that the options name, from a variable or from disk, out of them."""
        from ganbook.training.runs import load_run

        name, runs_dir = options.pop("run"), options.pop("runs_dir", None)
        if name is None:
            raise OptionError(f"%{magic} takes a run: %{magic} RUN; %gan_runs lists them")
        run = variables.find_run(name, self.shell.user_ns)
        return load_run(run, runs_dir) if isinstance(run, str) else run

    def _policy(self, options: dict[str, Any]) -> Policy:
        """Read the policy that the options name; a variable may hold it."""
        from ganbook.augmentation import Policy

        held = self.shell.user_ns.get(options.get("policy"))
        if isinstance(held, Policy):
            del options["policy"]
            return held
        asked = make(AugmentConfig, **options)
        return Policy.parse(asked.policy, asked.seed)

    def _data_and_policy(self, options: dict[str, Any]) -> tuple[ImageData, Policy]:
        """Load the data and read the policy that the options name."""
        from ganbook.data import load

        data, policy = options.pop("data", "fashion"), self._policy(options)
        asked = make(AugmentConfig, **options)
        return load(data, asked.image_size, asked.channels), policy

    def _options(self, magic: str, line: str, cell: str | None = None) -> dict[str, Any] | None:
        """Options as given, on top of the user's defaults; None if only help was wanted."""
        parser = arguments.parser(magic)
        given = from_line(parser, line) if cell is None else from_cell(parser, line, cell, self.shell.user_ns)
        if given.pop("help", False):
            print(arguments.help_text(magic))
            return None
        options = self._defaults(_FOLLOWS[magic], given) | given
        namespace = self.shell.user_ns
        if isinstance(options.get("data"), str):
            options["data"], remark = variables.find_data(options["data"], namespace)
            if remark:
                print(remark)
        if "resume" in options:
            run = variables.find_run(options["resume"], namespace)
            options["resume"] = run if isinstance(run, str) else run.folder.path
        return options

    def _defaults(self, followed: set[str], given: dict[str, Any]) -> dict[str, Any]:
        """Return the user's defaults; a run that goes on keeps its own options, and only its place counts."""
        if "resume" in given:
            followed = followed & {"runs_dir"}
        if {"steps", "seconds"} & set(given):
            followed = followed - {"steps", "seconds"}
        return {name: value for name in followed if (value := getattr(self, name)) is not None}


# What each magic takes is said once, by its parser.
for _name in arguments.MAGICS:
    _magic = getattr(GanMagics, _name)
    _magic.__doc__ = arguments.help_text(_name)
    setattr(GanMagics, _name, silenceable(_magic))
