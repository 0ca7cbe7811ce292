"""Tab completion of the magics: options, what they may be, runs, data sets, variables and files."""

from __future__ import annotations

import re
from argparse import Action
from glob import escape, glob
from pathlib import Path
from typing import Any

from IPython.core.completer import SimpleCompletion, SimpleMatcherResult, context_matcher

from ganbook.notebook import arguments, variables

_CALL = re.compile(r"(?:^|=)\s*%(?P<magic>gan_\w+)\s(?P<rest>.*)$")
_CELL = re.compile(r"\s*%%(?P<magic>gan_\w+)\s*$")
_IMAGE_FILES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp")


def install(shell: Any) -> None:
    """Add the completion to a shell, in place of that of an earlier ``%load_ext``."""
    matchers = shell.Completer.custom_matchers
    matchers[:] = [matcher for matcher in matchers if getattr(matcher, "matcher_identifier", None) != "ganbook"]

    @context_matcher(identifier="ganbook")
    def matcher(context: Any) -> SimpleMatcherResult:
        found = complete(context.full_text, context.cursor_line, context.cursor_position, shell)
        if found is None:
            return SimpleMatcherResult(completions=[])
        word, completions = found
        # IPython keeps back its Python names only where there is something else: if need be, what stands there already.
        results = [SimpleCompletion(text=text, type=kind) for text, kind in completions or [(word, "value")]]
        return SimpleMatcherResult(completions=results, matched_fragment=word, suppress=True, ordered=True)

    matchers.append(matcher)


def complete(text: str, line: int, column: int, shell: Any) -> tuple[str, list[tuple[str, str]]] | None:
    """Return the word before the cursor, and its completions with their kinds; None where no magic takes it."""
    lines = text.split("\n")
    before = lines[line][:column]
    if call := _CALL.search(before):
        return _in_line(call["magic"], call["rest"], shell)
    if line and (cell := _CELL.match(lines[0])):
        return _in_cell(cell["magic"], before, shell)
    return None


def _in_line(magic: str, rest: str, shell: Any) -> tuple[str, list[tuple[str, str]]]:
    options = _options(magic)
    *words, word = re.split(r"\s+", rest)
    option, equals, value = word.partition("=")
    if equals and option in options:
        return value, _values(options[option], value, shell)
    last = options.get(words[-1]) if words else None
    if last is not None and last.nargs != 0:
        return word, _values(last, word, shell)
    if word.startswith("-"):
        return word, [(name, "option") for name in options if name.startswith(word) and name not in words]
    positional = next((action for action in arguments.parser(magic)._actions if not action.option_strings), None)
    if positional is not None and (positional.nargs == "*" or not [w for w in words if w]):
        return word, _values(positional, word, shell)
    return word, [(name, "option") for name in options if name not in words] if not word else []


def _in_cell(magic: str, before: str, shell: Any) -> tuple[str, list[tuple[str, str]]]:
    options = {name.removeprefix("--"): action for name, action in _options(magic).items()}
    key, colon, value = before.partition(":")
    if not colon:
        word = key.lstrip()
        return word, [(f"{name}: ", "option") for name in options if name.startswith(word)]
    action = options.get(key.strip().replace("_", "-"))
    value = value.lstrip()
    if action is None:
        return value, []
    if action.nargs == 0:
        return value, [(word, "value") for word in ("true", "false") if word.startswith(value)]
    return value, _values(action, value, shell)


def _options(magic: str) -> dict[str, Action]:
    if magic not in arguments.MAGICS:
        return {}
    known = arguments.parser(magic)._option_string_actions
    return {name: action for name, action in known.items() if name.startswith("--") and name != "--help"}


def _values(action: Action, word: str, shell: Any) -> list[tuple[str, str]]:
    """Return the values of an option that begin with ``word``, with their kinds."""
    if action.dest in ("resume", "run", "runs"):
        completions = [(name, "run") for name in _runs(shell)]
    elif action.dest == "points":
        from ganbook.data.point_shapes import names as shapes

        completions = [(name, "data") for name in shapes()]
        completions += [(name, "variable") for name in variables.data_variables(shell.user_ns)]
        completions += [(name, "run") for name in _runs(shell)]
    elif action.dest in ("data", "images"):
        from ganbook.data import names as known

        completions = [(name, "data") for name in known()]
        completions += [(name, "variable") for name in variables.data_variables(shell.user_ns)]
        completions += _paths(word, (".npz",))
        if action.dest == "images":
            completions += [(name, "run") for name in _runs(shell)] + _paths(word, _IMAGE_FILES)
    elif action.dest in ("policy", "augment"):
        from ganbook.augmentation import OPERATIONS, PRESETS

        before = word[: word.rfind(",") + 1]  # operations of the policy that are written already
        presets = [] if before else [(name, "policy") for name in PRESETS]
        completions = presets + [(before + name, "operation") for name in OPERATIONS]
    elif action.dest == "runs_dir":
        completions = _paths(word)
    else:
        completions = [(choice, "value") for choice in getattr(action, "ganbook_choices", ())]
    return list(dict.fromkeys(pair for pair in completions if pair[0].startswith(word)))


def _runs(shell: Any) -> list[str]:
    """Return the runs in variables, in the folder of runs, and those that come with ganbook."""
    from ganbook.config.base import default_runs_dir
    from ganbook.training import shipped
    from ganbook.training.run_folder import names_in

    magics = shell.magics_manager.registry.get("GanMagics")
    folder = Path(getattr(magics, "runs_dir", None) or default_runs_dir())
    own = [name for name, value in shell.user_ns.items() if not name.startswith("_") and variables.is_run(value)]
    return list(dict.fromkeys([*own, *names_in(folder), *shipped.names()]))


def _paths(word: str, suffixes: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Return folders, and files that end in one of the suffixes."""
    completions = []
    for path in sorted(glob(escape(str(Path(word).expanduser()) if word.startswith("~") else word) + "*")):
        if Path(path).is_dir():
            completions.append((f"{path}/", "folder"))
        elif path.lower().endswith(suffixes):
            completions.append((path, "file"))
    return completions
