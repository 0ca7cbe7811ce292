"""What each magic takes: its parser, from the option models. Help, completion and the magics themselves read it."""

from __future__ import annotations

import argparse
from functools import cache

from ganbook.config.augment import AugmentConfig
from ganbook.config.base import RUNS_DIR_HELP
from ganbook.config.browse import BrowseConfig
from ganbook.config.evaluate import EvaluateConfig
from ganbook.config.parser import Parser
from ganbook.config.sample import SampleConfig
from ganbook.config.study import StudyConfig
from ganbook.config.train import DEFAULT_STEPS, TrainConfig

MAGICS = (
    "gan_train", "gan_runs", "gan_sample", "gan_browse", "gan_evaluate", "gan_compare", "gan_augment", "gan_leaks",
    "gan_study", "gan_inpaint", "gan_data",
)  # fmt: skip


@cache
def parser(magic: str) -> Parser:
    """Return the parser of a magic."""
    return {
        "gan_train": _train, "gan_runs": _runs, "gan_sample": _sample, "gan_browse": _browse,
        "gan_evaluate": _evaluate, "gan_compare": _compare, "gan_augment": _augment, "gan_leaks": _leaks,
        "gan_study": _study, "gan_inpaint": _inpaint,
        "gan_data": _data,
    }[magic]()  # fmt: skip


def help_text(magic: str) -> str:
    """All that a magic takes, for ``%magic?``."""
    return parser(magic).format_help().strip()


def _new(magic: str, usage: str, description: str, epilog: str = "") -> Parser:
    made = Parser(
        prog=f"%{magic}",
        usage=usage.replace("%", "%%"),
        description=description,
        epilog=epilog,
        formatter_class=_Plain,
        add_help=False,
    )
    made.add_argument("-h", "--help", action="store_true", default=argparse.SUPPRESS, help="show this text")
    return made


class _Plain(argparse.RawDescriptionHelpFormatter):
    def __init__(self, prog: str):
        super().__init__(prog, width=100, max_help_position=30)


def _train() -> Parser:
    made = _new(
        "gan_train",
        "%gan_train [--option value] …",
        f"""\
Train a GAN in the background and show its panel. Returns the Run at once; the notebook stays yours.

  %gan_train --data fashion --network mlp --steps {DEFAULT_STEPS} --name shoes

also puts the Run into the variable shoes: shoes.pause(), shoes.resume(), shoes.stop(),
shoes.history, shoes.sample(64). The same in the cell form, one "key: value" a line:

  %%gan_train
  data: fashion
  network: mlp
  steps: {DEFAULT_STEPS}     # a comment
  name: shoes""",
        """\
--data also takes the name of a variable: an array, a pair (images, labels) or an ImageData. Names that
ganbook knows come first, then variables, then folders.

Defaults of your own: %config GanMagics.network = "dcgan"; all of them: %config GanMagics""",
    )
    made.add_argument(
        "--resume", metavar="RUN", default=argparse.SUPPRESS, help="go on with a run, to --steps or --seconds in total"
    )
    made.add_argument(
        "--overwrite", action="store_true", default=argparse.SUPPRESS, help="replace a run of the same name"
    )
    made.add_argument(
        "--wait",
        action="store_true",
        default=argparse.SUPPRESS,
        help="return when the run has ended; interrupting the cell pauses it",
    )
    made.add_options(TrainConfig)
    return made


def _runs() -> Parser:
    made = _new("gan_runs", "%gan_runs [--runs-dir DIR]", "List the runs, newest first. Returns a DataFrame.")
    _add_runs_dir(made)
    return made


def _sample() -> Parser:
    made = _new(
        "gan_sample",
        "%gan_sample RUN [--option value] …",
        "Draw images from a run and show them. Returns them, uint8 (count, H, W, C).",
    )
    made.add_argument("run", nargs="?", metavar="RUN", help="a run's name, its folder, or a variable that holds it")
    _add_runs_dir(made)
    made.add_options(SampleConfig)
    return made


def _evaluate() -> Parser:
    made = _new(
        "gan_evaluate",
        "%gan_evaluate RUN [--option value] …",
        """\
Measure how near samples come to real images, and say in words what is wrong with them. Returns a
Report: report.frame, report.verdicts, report.plot(), report.to_json("report.json").""",
    )
    made.add_argument(
        "run", nargs="?", metavar="RUN", help="a run's name, its folder, or a variable that holds a run or pictures"
    )
    made.add_argument(
        "--data", metavar="DATA", default=argparse.SUPPRESS, help="what samples are to resemble [the run's own data]"
    )
    _add_runs_dir(made)
    made.add_options(EvaluateConfig)
    return made


def _compare() -> Parser:
    made = _new(
        "gan_compare",
        "%gan_compare RUN RUN … [--option value] …",
        """\
Put runs side by side: options that differ, curves, samples from the same noise, and numbers beside
real images. Returns a Comparison: .options, .history, .frame, .reports, .plot().""",
    )
    made.add_argument("runs", nargs="*", metavar="RUN", help="names or folders of runs, or variables that hold them")
    made.add_argument(
        "--data", metavar="DATA", default=argparse.SUPPRESS, help="what samples are to resemble [the runs' own data]"
    )
    made.add_argument("--quick", action="store_true", default=argparse.SUPPRESS, help="leave the evaluation out")
    _add_runs_dir(made)
    made.add_options(EvaluateConfig)
    return made


def _data() -> Parser:
    made = _new(
        "gan_data",
        "%gan_data NAME [--option value] …",
        "Load pictures and show what they are. Returns an ImageData.",
    )
    made.add_argument(
        "data",
        nargs="?",
        metavar="NAME",
        help="a bundled or keras.datasets name, a variable, a .npz, a folder of pictures",
    )
    made.add_options(TrainConfig, leave_out=set(TrainConfig.model_fields) - {"image_size", "channels"})
    return made


def _browse() -> Parser:
    made = _new(
        "gan_browse",
        "%gan_browse RUN [--option value] …",
        """\
Look around in what a run or any Keras generator has learned: a gallery, directions to steer along, strips,
nearest training images, a map. Returns the Browser, and puts it into the variable browser:

  %gan_browse shoes --sort score
  browser.selected, browser.picked_images()""",
    )
    made.add_argument(
        "run", nargs="?", metavar="RUN", help="a run's name, its folder, or a variable that holds a run or a generator"
    )
    made.add_argument(
        "--data", metavar="DATA", default=argparse.SUPPRESS, help="real images to compare with [a run's own]"
    )
    _add_runs_dir(made)
    made.add_options(BrowseConfig)
    return made


def _inpaint() -> Parser:
    made = _new(
        "gan_inpaint",
        "%gan_inpaint [RUN|IMAGE|FOLDER] [--run RUN]",
        """\
Paint a hole, fill it in several ways, compare. Returns the panel: panel.mask, panel.result, panel.results.

  %gan_inpaint photo.png              a picture file; or a folder, a data set, an array
  %gan_inpaint shoes                  held-out pictures of a run, which may fill them too
  %gan_inpaint photo.png --run shoes  a picture that a run fills
  %gan_inpaint                        a picture that is uploaded""",
    )
    made.add_argument("pictures", nargs="?", metavar="RUN|IMAGE|FOLDER", help="what to paint on")
    made.add_argument(
        "--run", metavar="RUN", default=argparse.SUPPRESS, help="the run that fills: a name, a folder or a variable"
    )
    _add_runs_dir(made)
    return made


def _augment() -> Parser:
    made = _new(
        "gan_augment",
        "%gan_augment [--option value] …",
        """\
Put an augmentation policy together and see what it does. Returns the panel:

  panel = %gan_augment --data fashion
  panel.policy                                  # what is in the panel now
  more = gb.augment(images, panel.policy)""",
    )
    _add_data(made)
    made.add_options(AugmentConfig, leave_out=("copies", "without_originals"))
    return made


def _leaks() -> Parser:
    made = _new(
        "gan_leaks",
        "%gan_leaks RUN [--policy POLICY] [--option value] …",
        """\
Test whether the samples of a run carry the augmentation it was trained with, or that of --policy.
Returns a LeakReport.""",
    )
    made.add_argument("run", nargs="?", metavar="RUN", help="a run's name, its folder, or a variable that holds it")
    _add_runs_dir(made)
    made.add_options(AugmentConfig, leave_out=set(AugmentConfig.model_fields) - {"policy", "seed"})
    return made


def _study() -> Parser:
    made = _new(
        "gan_study",
        "%gan_study [--data DATA] [--option value] …",
        """\
Measure what augmentation, classical and by a GAN, does for a classifier. Returns an AugmentationStudy; if it was
interrupted, the same line continues it.""",
    )
    _add_data(made)
    made.add_options(AugmentConfig, leave_out=("copies", "without_originals", "seed"))
    made.add_options(StudyConfig)
    return made


def _add_data(made: Parser) -> None:
    made.add_argument(
        "--data", default=argparse.SUPPRESS, help="pictures: a name, a variable, a .npz, a folder [fashion]"
    )


def _add_runs_dir(made: Parser) -> None:
    made.add_argument("--runs-dir", metavar="DIR", default=argparse.SUPPRESS, help=RUNS_DIR_HELP)
