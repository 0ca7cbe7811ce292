"""The magics. Each reads its options and calls one function."""

from __future__ import annotations

import functools
import sys
import warnings
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from types import new_class
from typing import TYPE_CHECKING, Any

from IPython.core.error import UsageError
from IPython.core.magic import Magics, line_cell_magic, line_magic, magics_class
from IPython.display import display
from traitlets import Any as AnyValue
from traitlets import Bool, TraitError, validate
from traitlets.config import Configurable

from ganbook.config.augment import AugmentConfig
from ganbook.config.parser import make
from ganbook.config.sample import SampleConfig
from ganbook.config.study import StudyConfig
from ganbook.config.train import TrainConfig
from ganbook.data.array_name import arrays_called
from ganbook.notebook import arguments, tab_completion, variables
from ganbook.notebook.display import Displays
from ganbook.notebook.parsing import from_cell, from_line
from ganbook.notebook.silence import accept_semicolons, silenceable
from ganbook.utils.errors import OptionError, is_bad_input, refusal

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from ganbook.augmentation import Policy
    from ganbook.browsing.browser import Browser
    from ganbook.browsing.line_browser import LineBrowser
    from ganbook.data import ImageData, PointData, TextData
    from ganbook.evaluation.compare import Comparison
    from ganbook.evaluation.report import Report
    from ganbook.notebook.panels.augmentation.panel import AugmentationPanel
    from ganbook.notebook.panels.enhancement.panel import EnhancementPanel
    from ganbook.notebook.panels.inpainting.panel import InpaintingPanel
    from ganbook.notebook.panels.start.panel import StartPanel
    from ganbook.plane.playground import Playground
    from ganbook.studies.augmentation_results import AugmentationStudy
    from ganbook.studies.leak_test import LeakReport
    from ganbook.studies.sweep_study import Sweep
    from ganbook.training.run import Run

Values = dict[str, Any]

# Which of the user's defaults a magic follows.
_TRAINING = {name for name in TrainConfig.model_fields if name != "name"}
_RUNS = {"runs_dir"}
_IMAGES = {"image_size", "channels"}
_LOADING = _IMAGES | {"max_length", "long_lines"}


def load(shell: Any) -> None:
    """Register the magics with a shell, in place of those that an earlier ``%load_ext`` registered."""
    for earlier in [thing for thing in shell.configurables if type(thing).__name__ == GanMagics.__name__]:
        shell.configurables.remove(earlier)
    shell.register_magics(GanMagics(shell))
    tab_completion.install(shell)
    accept_semicolons(shell)


def gan_magic(*, follows: Collection[str], cell: bool = False, also: tuple[type[Exception], ...] = ()) -> Callable:
    """Make a magic of a method that takes the options as a dict.

    The magic reads the line, or the cell, on top of the user's defaults; shows help if that is wanted; says bad input
    in one line; and shows the panel of what the method returns. Its docstring is its help.

    Parameters
    ----------
    follows
        Names of the user's defaults that count.
    cell
        Whether there is a cell form, too.
    also
        Errors that are said in one line besides bad input.
    """

    def decorate(method: Callable[[GanMagics, Values], Any]) -> Callable:
        @functools.wraps(method)
        def magic(self: GanMagics, line: str, cell: str | None = None) -> Any:
            with _in_one_line(*also):
                options = self._options(method.__name__, follows, line, cell)
                if options is None:
                    return None
                with arrays_called(self._variable):
                    result = method(self, options)
            self._displays.show(result)
            return result

        magic.__doc__ = arguments.help_text(method.__name__)
        return (line_cell_magic if cell else line_magic)(silenceable(magic))

    return decorate


@contextmanager
def _in_one_line(*also: type[Exception]) -> Iterator[None]:
    """Say bad input in one line under the cell, and warnings in one line each, without a traceback."""
    remarks: set[str] = set()
    showwarning = warnings.showwarning

    def show(message: Any, category: type[Warning], *where: Any, **more: Any) -> None:
        if category is not UserWarning:
            showwarning(message, category, *where, **more)
        elif (remark := " ".join(str(message).split())) not in remarks:
            remarks.add(remark)
            print(f"ganbook: {remark}", file=sys.stderr)

    with warnings.catch_warnings():
        warnings.simplefilter("always", UserWarning)
        warnings.showwarning = show
        try:
            yield
        except Exception as error:
            if not (is_bad_input(error) or isinstance(error, also)):
                raise
            raise UsageError(refusal(error)) from None


# One trait for each option, None unless set; `%config GanMagics` lists them with their help.
_TRAITS = {
    name: AnyValue(None, allow_none=True, help=field.description).tag(config=True)
    for name, field in TrainConfig.model_fields.items()
    if name in _TRAINING
}
_Defaults: Any = new_class("_Defaults", (Configurable,), exec_body=lambda namespace: namespace.update(_TRAITS))


@magics_class
class GanMagics(_Defaults, Magics):
    """Defaults of the magics' options, as in ``%config GanMagics.network = "dcgan"``."""

    shell: Any
    wait = Bool(False, help="whether %gan_train returns only when the run has ended").tag(config=True)

    def __init__(self, shell: Any):
        super().__init__(shell)
        self._displays = Displays.of(shell)
        self._variable = ""  # of the user, that holds the data of this magic

    @validate(*_TRAINING)
    def _check(self, proposal: Any) -> Any:
        if proposal.value is not None:
            try:
                make(TrainConfig, **{proposal.trait.name: proposal.value})
            except OptionError as error:
                raise TraitError(str(error)) from None
        return proposal.value

    @gan_magic(follows=_TRAINING, cell=True)
    def gan_train(self, options: Values) -> Run:
        """Train a GAN in the background."""
        from ganbook.training.runs import ActiveRunError
        from ganbook.training.train import train

        wait = options.pop("wait", self.wait)
        try:
            run = train(**options)
        except ActiveRunError as error:  # the same cell again
            self._displays.show(error.run)
            raise
        if {"name", "resume"} & set(options):
            self._remark(variables.put(run, self.shell))
        self._displays.show(run)
        if wait:
            run.wait()
            if run.active:
                self._remark(
                    f"{run.name} is paused at step {run.steps_done:,}: .resume() continues the run, .stop() ends it"
                )
        return run

    @gan_magic(follows=())
    def gan(self, options: Values) -> StartPanel:
        """Begin a training in a form."""
        from ganbook.notebook.panels.start.panel import StartPanel

        return StartPanel(options["begin"] or TrainConfig.model_fields["data"].default)

    @gan_magic(follows=_RUNS)
    def gan_runs(self, options: Values) -> pd.DataFrame:
        """List the runs."""
        from ganbook.training.runs import runs

        table = runs(options.get("runs_dir"))
        if not len(table):
            print("There are no runs here yet: start one with %gan_train")
        elif self._displays.visible:
            from ganbook.notebook.panels.dashboard.panel import RunsPanel

            self._displays.show(RunsPanel(options.get("runs_dir")), instead_of=table)
        return table

    @gan_magic(follows=_RUNS, also=(RuntimeError,))  # no weights yet
    def gan_sample(self, options: Values) -> np.ndarray | list[str]:
        """Draw images, points or lines from a run."""
        config = make(SampleConfig, **{name: options[name] for name in SampleConfig.model_fields if name in options})
        run = self._run("gan_sample", options)
        samples = run.sample(config.count, config.seed, config.label, config.truncation, config.weights)
        if not isinstance(samples, list):
            text = f"{config.count:,} samples of {run.name} at step {run.steps_done:,}, seed {config.seed}"
            self._displays.sheet(samples, text)
        return samples

    @gan_magic(follows=_RUNS)
    def gan_evaluate(self, options: Values) -> Report:
        """Measure how close samples come to real images."""
        from ganbook.evaluation.evaluate import evaluate

        name = _needed(
            options, "run", "%gan_evaluate needs a run or images: %gan_evaluate RUN (%gan_runs lists the runs)"
        )
        return evaluate(variables.find_images(name, self.shell.user_ns), options.pop("data", None), **options)

    @gan_magic(follows=_RUNS)
    def gan_compare(self, options: Values) -> Comparison:
        """Compare runs."""
        from ganbook.evaluation.compare import compare

        return compare(*(variables.find_run(name, self.shell.user_ns) for name in options.pop("runs")), **options)

    @gan_magic(follows=_LOADING)
    def gan_data(self, options: Values) -> ImageData | PointData | TextData:
        """Load images, points or lines of text."""
        from ganbook.data import load, report

        source = _needed(options, "data", "%gan_data needs a data set: %gan_data NAME (%gan_data? lists the choices)")
        with_report, with_estimate = options.pop("report", False), options.pop("estimate", False)
        config = make(TrainConfig, **options)
        data = load(
            source, config.image_size, config.channels, crop=config.crop, max_length=config.max_length,
            long_lines=config.long_lines,
        )  # fmt: skip
        if with_report:
            display(report(data))
        if with_estimate:
            from ganbook.training.estimate import estimate

            display(estimate(data))
        return data

    @gan_magic(follows=_RUNS, also=(RuntimeError,))
    def gan_browse(self, options: Values) -> Browser | LineBrowser:
        """Explore what a run or a generator has learned."""
        from ganbook.browsing.browse import browse

        name = _needed(
            options, "run", "%gan_browse needs a run or a generator: %gan_browse RUN (%gan_runs lists the runs)"
        )
        browser = browse(variables.find_generator(name, self.shell.user_ns), **options)
        self._remark(variables.put_browser(browser, self.shell))
        return browser

    @gan_magic(follows=_RUNS)
    def gan_inpaint(self, options: Values) -> InpaintingPanel:
        """Paint masks and fill them."""
        from ganbook.notebook.image_panels import inpaint_panel

        return inpaint_panel(**self._images(options))

    @gan_magic(follows=_RUNS)
    def gan_enhance(self, options: Values) -> EnhancementPanel:
        """Enlarge and restore images."""
        from ganbook.notebook.image_panels import enhance_panel

        return enhance_panel(**self._images(options))

    def _images(self, options: Values) -> Values:
        """Return the options of a panel that works on images, with the user's variable for the name of a run."""
        run = options.get("run") and variables.find_run(options["run"], self.shell.user_ns)
        return {"images": options["images"], "run": run, "runs_dir": options.get("runs_dir")}

    @gan_magic(follows=_RUNS)
    def gan_playground(self, options: Values) -> Playground:
        """Play with a GAN in the plane."""
        from ganbook.plane.playground import playground

        name = options.pop("points") or "ring"
        points: Any = variables.find_run(name, self.shell.user_ns)
        if isinstance(points, str):
            points, remark = variables.find_points(name, self.shell.user_ns, options.get("runs_dir"))
            self._remark(remark)
        played = playground(points, **options)
        self._remark(variables.put_playground(played, self.shell))
        return played

    @gan_magic(follows=_IMAGES)
    def gan_augment(self, options: Values) -> AugmentationPanel:
        """Put an augmentation policy together."""
        from ganbook.notebook.image_panels import augment_panel

        return augment_panel(*self._data_and_policy(options))

    @gan_magic(follows=_RUNS, also=(RuntimeError,))
    def gan_leaks(self, options: Values) -> LeakReport:
        """Test whether the samples of a run carry the augmentation it was trained with."""
        run = self._run("gan_leaks", options)
        from ganbook.studies import leaks

        policy = self._policy(options) if "policy" in options else None
        return leaks(run, policy=policy, seed=make(AugmentConfig, **options).seed)

    @gan_magic(follows=_IMAGES, also=(RuntimeError,))
    def gan_study(self, options: Values) -> AugmentationStudy:
        """Measure what augmentation does for a classifier."""
        from ganbook.studies import augmentation

        study = {name: options.pop(name) for name in StudyConfig.model_fields if name in options}
        images, policy = self._data_and_policy(options)
        return augmentation(images, policy=policy, **make(StudyConfig, **study).model_dump())

    @gan_magic(follows=_IMAGES)
    def gan_sweep(self, options: Values) -> Sweep:
        """Search for good options."""
        from ganbook.studies import sweep

        wait = options.pop("wait", False)
        made = sweep(**options, wait=False)
        self._displays.show(made)
        return made.wait() if wait else made

    # Options

    def _options(self, magic: str, follows: Collection[str], line: str, cell: str | None) -> Values | None:
        """Read the options on top of the user's defaults; None if only help was wanted, which is printed."""
        parser = arguments.parser(magic)
        options = from_line(parser, line) if cell is None else from_cell(parser, line, cell, self.shell.user_ns)
        if options.pop("help", False):
            print(arguments.help_text(magic))
            return None
        options = self._defaults(set(follows), options) | options
        namespace, self._variable = self.shell.user_ns, ""
        if isinstance(options.get("data"), str):
            name = options["data"]
            options["data"], remark = variables.find_data(name, namespace)
            self._variable = "" if isinstance(options["data"], str) else name
            self._remark(remark)
        if name := options.get("images"):
            options["images"] = variables.find_images(name, namespace)
            self._variable = "" if isinstance(options["images"], str) else name
        if "resume" in options:
            run = variables.find_run(options["resume"], namespace)
            options["resume"] = run if isinstance(run, str) else run.folder.path
        return options

    def _defaults(self, follows: set[str], options: Values) -> Values:
        """Return the user's defaults; a run that is resumed keeps its own options, and only its folder counts."""
        if "resume" in options:
            follows = follows & {"runs_dir"}
        if {"steps", "seconds"} & set(options):
            follows = follows - {"steps", "seconds"}
        return {name: value for name in follows if (value := getattr(self, name)) is not None}

    def _run(self, magic: str, options: Values) -> Run:
        """Take the run that the options name, from a variable or from disk, out of them."""
        from ganbook.training.runs import load_run

        name = _needed(options, "run", f"%{magic} needs a run: %{magic} RUN (%gan_runs lists the runs)")
        runs_dir = options.pop("runs_dir", None)
        run = variables.find_run(name, self.shell.user_ns)
        return load_run(run, runs_dir) if isinstance(run, str) else run

    def _policy(self, options: Values) -> Policy:
        """Read the policy that the options name; a variable may hold it."""
        from ganbook.augmentation import Policy

        variable = self.shell.user_ns.get(options.get("policy"))
        if isinstance(variable, Policy):
            del options["policy"]
            return variable
        config = make(AugmentConfig, **options)
        return Policy.parse(config.policy, config.seed)

    def _data_and_policy(self, options: Values) -> tuple[ImageData, Policy]:
        """Load the data and read the policy that the options name."""
        from ganbook.data import load_images

        data, policy = options.pop("data", "fashion"), self._policy(options)
        config = make(AugmentConfig, **options)
        return load_images(data, config.image_size, config.channels), policy

    @staticmethod
    def _remark(text: str) -> None:
        if text:
            print(text)


def _needed(options: Values, name: str, message: str) -> Any:
    """Take an option that may not be missing out of the options."""
    value = options.pop(name)
    if value is None:
        raise OptionError(message)
    return value
