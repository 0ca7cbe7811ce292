"""What each magic takes, from the option models. Help, completion and the magics themselves read it."""

from __future__ import annotations

import argparse
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from ganbook.config.augment import AugmentConfig
from ganbook.config.base import RUNS_DIR_HELP, Options
from ganbook.config.browse import BrowseConfig
from ganbook.config.evaluate import EvaluateConfig
from ganbook.config.parser import HelpFormatter, Parser
from ganbook.config.sample import SampleConfig
from ganbook.config.space import LEFT_OUT, TRY_HELP
from ganbook.config.study import StudyConfig
from ganbook.config.sweep import SweepConfig
from ganbook.config.train import DEFAULT_STEPS, TrainConfig


@dataclass(frozen=True)
class Argument:
    """An argument that is not an option of a model: its flag, or its name if it has none, and its help."""

    name: str
    help: str
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Magic:
    """What a magic takes: usage and description, arguments of its own, and the options of models."""

    usage: str
    description: str
    arguments: tuple[Argument, ...] = ()
    models: tuple[tuple[type[Options], Collection[str]], ...] = ()  # each with the options that are left out
    epilog: str = ""


def _run(text: str, **settings: Any) -> Argument:
    return Argument("run", text, {"nargs": "?", "metavar": "RUN"} | settings)


def _flag(name: str, text: str, **settings: Any) -> Argument:
    return Argument(name, text, {"default": argparse.SUPPRESS} | settings)


def _all_but(model: type[Options], *names: str) -> tuple[type[Options], Collection[str]]:
    return model, set(model.model_fields) - set(names)


_RUNS_DIR = _flag("--runs-dir", RUNS_DIR_HELP, metavar="DIR")
_DATA = _flag("--data", "data: a name, a variable, an .npz or .txt file, or a folder [fashion]")
_RUN = _run("a run's name, its folder, or a variable that holds it")

_PLAYGROUND = (
    "loss", "r1", "r2", "gradient_penalty", "penalty_every", "critic_steps", "learning_rate", "d_learning_rate",
    "optimizer", "rate_half_life", "beta_1", "beta_2", "batch_size", "ema_half_life", "hidden", "activation",
    "latent_dim", "noise", "seed", "name", "runs_dir",
)  # fmt: skip

MAGICS = {
    "gan_train": Magic(
        "%gan_train [--option value] …",
        f"""\
Train a GAN in the background and show its panel. Returns the Run at once; you can keep using the notebook.

  %gan_train --data fashion --network mlp --steps {DEFAULT_STEPS} --name shoes

also puts the Run into the variable shoes: shoes.pause(), shoes.resume(), shoes.stop(),
shoes.history, shoes.sample(64). The same in the cell form, one "key: value" per line:

  %%gan_train
  data: fashion
  network: mlp
  steps: {DEFAULT_STEPS}     # a comment
  name: shoes""",
        (
            _flag("--resume", "continue a run, up to --steps or --seconds in total", metavar="RUN"),
            _flag("--overwrite", "replace a run of the same name, also one that trains here", action="store_true"),
            _flag("--wait", "return when the run has ended; interrupting the cell pauses the run", action="store_true"),
        ),
        ((TrainConfig, ()),),
        """\
--data also takes the name of a variable: an array, a pair (images, labels) or an ImageData. Names that
ganbook knows come first, then variables, then folders.

Set your own defaults with %config GanMagics.network = "dcgan"; %config GanMagics lists them all.""",
    ),
    "gan": Magic(
        "%gan [DATA]",
        "Begin a training in a form: data, network, how long, and the line of code that does the same.",
        (Argument("begin", "data that the form begins with [fashion]", {"nargs": "?", "metavar": "DATA"}),),
    ),
    "gan_runs": Magic(
        "%gan_runs [--runs-dir DIR]",
        "Show the runs, newest first: filter, compare curves, open, rename, annotate, delete. Returns a DataFrame.",
        (_RUNS_DIR,),
    ),
    "gan_sample": Magic(
        "%gan_sample RUN [--option value] …",
        "Draw samples from a run and show them. Returns an array, uint8 (count, H, W, C); of points "
        "float32 (count, 2), of text a list of lines.",
        (_RUN, _RUNS_DIR),
        ((SampleConfig, ()),),
    ),
    "gan_browse": Magic(
        "%gan_browse RUN [--option value] …",
        """\
Explore what a run or any Keras generator has learned: a gallery, directions to steer along, interpolations,
nearest training images, a map. Returns the Browser, and puts it into the variable browser:

  %gan_browse shoes --sort score
  browser.selected, browser.picked_images()""",
        (
            _run("a run's name, its folder, or a variable that holds a run or a generator"),
            _flag("--data", "real images to compare with [the run's own]", metavar="DATA"),
            _RUNS_DIR,
        ),
        ((BrowseConfig, ()),),
    ),
    "gan_evaluate": Magic(
        "%gan_evaluate RUN [--option value] …",
        """\
Measure how close samples come to real images, and say what is wrong with them. Returns a
Report: report.frame, report.verdicts, report.plot(), report.to_json("report.json").""",
        (
            _run("a run's name, its folder, or a variable that holds a run or images"),
            _flag("--data", "reference images [the run's own data]", metavar="DATA"),
            _RUNS_DIR,
        ),
        ((EvaluateConfig, ()),),
    ),
    "gan_compare": Magic(
        "%gan_compare RUN RUN … [--option value] …",
        """\
Compare runs: options that differ, curves, samples from the same noise, and metrics against real
images. Returns a Comparison: .options, .history, .frame, .reports, .plot().""",
        (
            Argument("runs", "names, folders, or variables that hold runs", {"nargs": "*", "metavar": "RUN"}),
            _flag("--data", "reference images [the runs' own data]", metavar="DATA"),
            _flag("--quick", "leave the evaluation out", action="store_true"),
            _RUNS_DIR,
        ),
        ((EvaluateConfig, ()),),
    ),
    "gan_augment": Magic(
        "%gan_augment [--option value] …",
        """\
Put an augmentation policy together and see what it does. Returns the panel:

  panel = %gan_augment --data fashion
  panel.policy                                  # the policy as the panel shows it
  more = gb.augment(images, panel.policy)""",
        (_DATA,),
        ((AugmentConfig, ("copies", "without_originals")),),
    ),
    "gan_leaks": Magic(
        "%gan_leaks RUN [--policy POLICY] [--option value] …",
        """\
Test whether the samples of a run carry the augmentation it was trained with, or that of --policy.
Returns a LeakReport.""",
        (_RUN, _RUNS_DIR),
        (_all_but(AugmentConfig, "policy", "seed"),),
    ),
    "gan_study": Magic(
        "%gan_study [--data DATA] [--option value] …",
        """\
Measure what augmentation, classical and by a GAN, does for a classifier. Returns an AugmentationStudy; if it was
interrupted, the same line continues it.""",
        (_DATA,),
        ((AugmentConfig, ("copies", "without_originals", "seed")), (StudyConfig, ())),
    ),
    "gan_sweep": Magic(
        "%gan_sweep --try NAME=VALUES [--try NAME=VALUES …] [--option value] …",
        """\
Search for good options in the background: many short trainings, each in a process of its own, compared on training
images that all of them leave out. Shows a panel and returns the Sweep at once:

  sweep = %gan_sweep --data fashion --try network=compact,mlp --try r1=0.1:10:log --trials 20 --minutes 30
  sweep.table, sweep.verdict, sweep.best, sweep.options, sweep.plot(), sweep.stop()

The same line, here or in another notebook or terminal that sees the folder, joins the sweep or continues it.""",
        (
            _flag("--try", TRY_HELP, dest="space", action="append", metavar="NAME=VALUES"),
            _flag("--wait", "return when all is done; interrupting the cell saves and stops", action="store_true"),
        ),
        ((SweepConfig, ()), (TrainConfig, LEFT_OUT)),
    ),
    "gan_inpaint": Magic(
        "%gan_inpaint [RUN|IMAGE|FOLDER] [--run RUN]",
        """\
Paint a mask, fill it in several ways, compare. Returns the panel: panel.mask, panel.result, panel.results.

  %gan_inpaint photo.png              an image file; or a folder, a data set, an array
  %gan_inpaint shoes                  held-out images of a run, which can fill them too
  %gan_inpaint photo.png --run shoes  an image that a run fills
  %gan_inpaint                        an image that you upload""",
        (
            Argument("images", "what to inpaint", {"nargs": "?", "metavar": "RUN|IMAGE|FOLDER"}),
            _flag("--run", "the run that fills: a name, a folder or a variable", metavar="RUN"),
            _RUNS_DIR,
        ),
    ),
    "gan_enhance": Magic(
        "%gan_enhance [RUN|IMAGE|FOLDER] [--run RUN]",
        """\
Enlarge an image, remove noise or the traces of JPEG compression: a part at once, the whole at a button; compare
methods, see what was invented. Returns the panel: panel.result, panel.results.

  %gan_enhance photo.jpg              an image file; or a folder, a data set, an array
  %gan_enhance sharp                  held-out images of a run of --task enhance, and its network
  %gan_enhance photo.jpg --run sharp  an image that the network of a run works on
  %gan_enhance                        an image that you upload""",
        (
            Argument("images", "what to enhance", {"nargs": "?", "metavar": "RUN|IMAGE|FOLDER"}),
            _flag("--run", "the run whose network is used: a name, a folder or a variable", metavar="RUN"),
            _RUNS_DIR,
        ),
    ),
    "gan_playground": Magic(
        "%gan_playground [DATA|RUN] [--option value] …",
        """\
Play with a GAN in the plane: see the samples, what the discriminator thinks of every point, and the gradients that
move the samples; step by step or running. Returns the Playground, and puts it into the variable playground:

  %gan_playground grid --loss non-saturating
  playground.step("generator"), playground.scores(), playground.code(), playground.run""",
        (
            Argument(
                "points",
                "points: ring, grid, spiral, moons, line, two-gaussians, disjoint, checkerboard, perhaps with options "
                "as in ring:modes=6; a variable that holds an array (N, 2); or a run that learns points [ring]",
                {"nargs": "?", "metavar": "DATA|RUN"},
            ),
        ),
        (_all_but(TrainConfig, *_PLAYGROUND),),
    ),
    "gan_data": Magic(
        "%gan_data NAME [--option value] …",
        "Load images, points or lines and show what they are, with --report also what is in the way of learning from "
        "images, with --estimate how long training takes here. Returns an ImageData, PointData or TextData.",
        (
            Argument(
                "data",
                "a bundled or keras.datasets name, a variable, an .npz or .txt file, or a folder of images",
                {"nargs": "?", "metavar": "NAME"},
            ),
            _flag(
                "--report", "look for copies, small, cropped or grey images, rare classes, too few", action="store_true"
            ),
            _flag("--estimate", "time the default networks for a few seconds a size", action="store_true"),
        ),
        (_all_but(TrainConfig, "image_size", "crop", "channels", "max_length", "long_lines"),),
    ),
}


@cache
def parser(magic: str) -> Parser:
    """Return the parser of a magic."""
    takes = MAGICS[magic]
    made = Parser(
        prog=f"%{magic}",
        usage=takes.usage.replace("%", "%%"),
        description=takes.description,
        epilog=takes.epilog,
        formatter_class=_Plain,
        add_help=False,
    )
    made.add_argument("-h", "--help", action="store_true", default=argparse.SUPPRESS, help="show this text")
    for argument in takes.arguments:
        made.add_argument(argument.name, help=argument.help, **argument.settings)
    for model, left_out in takes.models:
        made.add_options(model, leave_out=left_out)
    return made


def help_text(magic: str) -> str:
    """Return all that a magic takes, for ``%magic?``."""
    return parser(magic).format_help().strip()


class _Plain(argparse.RawDescriptionHelpFormatter, HelpFormatter):
    def __init__(self, prog: str):
        super().__init__(prog, width=100, max_help_position=30)
