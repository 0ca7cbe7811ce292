"""The terminal: ``ganbook COMMAND``. Progress to stderr, results to stdout.

Exit codes: 0 fine, 1 the training failed, 2 bad input (one line on stderr), 130 interrupted (after saving).
Each command is a file: it declares its options and runs.
"""

from __future__ import annotations

import sys
import warnings
from typing import Any

from ganbook.cli import augment, cache, compare, data, enhance, evaluate, inpaint, lists, sample, sweep, train
from ganbook.config.parser import Parser
from ganbook.utils.errors import INTERRUPTED, OptionError, is_bad_input, nearest, refusal
from ganbook.utils.streams import degrade_output

COMMANDS = (train, sample, augment, evaluate, compare, sweep, inpaint, enhance, data, lists, cache)


def main(argv: list[str] | None = None) -> int:
    """Run one command; return the exit code."""
    degrade_output()
    warnings.showwarning = _show_warning
    try:
        parser, names = _parser()
        words = sys.argv[1:] if argv is None else argv
        if words and not words[0].startswith("-") and words[0] not in names:
            raise OptionError(f"unknown command {words[0]}{nearest(words[0], names)}; commands are {', '.join(names)}")
        options = vars(parser.parse_args(words))
        if options.pop("command") is None:
            parser.print_help(sys.stderr)
            return 2
        return options.pop("run_command")(options)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return 0
    except Exception as error:
        if not is_bad_input(error):
            raise
        print(f"ganbook: {refusal(error)}", file=sys.stderr)
        return 2


def _show_warning(message: Warning | str, *_: Any, **__: Any) -> None:
    """Print a warning as one line, below a progress bar rather than on its line."""
    from tqdm import tqdm

    tqdm.write(f"ganbook: {' '.join(str(message).split())}", file=sys.stderr)


def _parser() -> tuple[Parser, list[str]]:
    from ganbook import __version__

    parser = Parser(prog="ganbook", description="Train GANs on real images, on a CPU.")
    parser.add_argument("--version", action="version", version=f"ganbook {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=Parser)
    for command in COMMANDS:
        command.declare(commands)
    return parser, list(commands.choices)
