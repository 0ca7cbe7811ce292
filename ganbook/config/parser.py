"""Command lines: a parser made from an option model, and mistakes as one line; for the terminal and the magics."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Iterable, Sequence
from typing import Any, Literal, NoReturn, get_args, get_origin

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from ganbook.config.base import OneOf, Options, declaration
from ganbook.utils.bounds import LARGEST_CROP, SMALLEST_CROP
from ganbook.utils.errors import OptionError, nearest, one_line

# What other tools call these options.
_ELSEWHERE = {
    "learning_rate": "lr g_lr lr_g rate", "d_learning_rate": "d_lr lr_d", "batch_size": "batch bs b",
    "steps": "epochs epoch iterations iters iter n_iter max_steps kimg", "seconds": "time minutes duration max_time",
    "image_size": "size resolution res img_size width height", "data": "dataset dataroot data_dir data_root input",
    "network": "model arch architecture", "latent_dim": "z_dim nz zdim latent latent_size noise_dim",
    "gradient_penalty": "gp lambda_gp", "critic_steps": "n_critic d_steps", "conditional": "cond labels n_classes",
    "augment": "augmentation aug", "precision": "fp16 bf16 amp dtype", "ema_half_life": "ema ema_kimg",
    "runs_dir": "outdir logdir log_dir save_dir", "out": "output outfile o", "count": "n num num_images samples",
    "beta_1": "beta1 b1", "beta_2": "beta2 b2", "start_from": "pretrained init_from transfer",
    "checkpoint_every": "save_every snap", "devices": "gpus num_gpus n_gpus", "adaptive": "ada",
}  # fmt: skip
_NAMES = {other: name for name, others in _ELSEWHERE.items() for other in others.split()}
_DEVICE = {"gpu", "device", "cuda", "cpu"}


def _meant(word: str, known: Iterable[str]) -> str:
    """Say which of the known options, by name or as flags, an unknown one is likely to mean."""
    name, known = word.lstrip("-").replace("-", "_").lower(), list(known)
    if name in _DEVICE:
        return ": TensorFlow chooses the device by itself"
    own = _NAMES.get(name, "")
    found = flag(own) if word.startswith("--") else own
    return f"; did you mean {found}?" if found in known else nearest(word, known)


def make(model: type[Options], /, **options: Any) -> Any:
    """Build ``model`` from keyword options.

    Raises
    ------
    OptionError
        Names the first option that is wrong, its value, and what is allowed.
    """
    for name, field in model.model_fields.items():
        if isinstance(value := options.get(name), str):
            options[name] = next((choice for choice in choices(field) if str(choice) == value), value)
    try:
        return model(**options)
    except ValidationError as error:
        raise OptionError(_line(model, error)) from None


def _line(model: type[Options], error: ValidationError) -> str:
    first = error.errors()[0]
    name = str(first["loc"][0]) if first["loc"] else ""
    if first["type"] == "extra_forbidden":
        return f"unknown option {flag(name)}{_meant(name, model.model_fields)}"
    problem = f"{flag(name)} {one_line(first['input'])}"
    if name == "crop":
        words = ", ".join(choices(model.model_fields[name]))
        return f"{problem}: allowed are {words}, and sides in pixels from {SMALLEST_CROP} to {LARGEST_CROP:,}"
    if first["type"] == "literal_error":
        allowed = [str(choice) for choice in choices(model.model_fields[name])]
        return f"{problem}: allowed are {', '.join(allowed)}{nearest(first['input'], allowed)}"
    if name == "devices":
        return f"{problem}: allowed are all, and numbers from 1"
    if first["type"] == "string_pattern_mismatch":
        return f"{problem}: allowed are letters (A to Z, a to z), digits, _ - and . (not first), at most 100"
    reason = first["msg"].removeprefix("Input ").removeprefix("Value error, ")
    return f"{problem}: {reason}"


def _measure(field: FieldInfo) -> str:
    """Return what stands for a number in the help; nothing for other options."""
    kinds = {field.annotation, *get_args(field.annotation)}
    return "N" if int in kinds else "X" if float in kinds else ""


def flag(name: str) -> str:
    """``batch_size`` → ``--batch-size``."""
    return "--" + name.replace("_", "-")


def switched(model: type[Options], name: str, on: bool) -> str:
    """``conditional`` → ``--conditional``; switched off ``--no-conditional`` if it may be on by default, else empty."""
    may_be_on = model.model_fields[name].annotation is not bool
    return flag(name) if on else flag(f"no_{name}") if may_be_on else ""


def check_kinds(options: Options, kind: str, holds: str) -> None:
    """Raise ``ValueError`` for an option that means nothing for data of this kind, which hold what ``holds`` says."""
    for name, field in type(options).model_fields.items():
        kinds = declaration(field).kinds
        if kinds and kind not in kinds and getattr(options, name) != field.default:
            raise ValueError(f"{flag(name)} goes with {' or '.join(kinds)}, not with {holds}: leave it out")


def choices(field: FieldInfo) -> tuple[Any, ...]:
    """Return what a user may write for a field that is a choice among names; nothing for other fields."""
    for annotation in field.metadata:
        if isinstance(annotation, OneOf):
            return annotation.offered
    parts = (field.annotation, *get_args(field.annotation))
    return tuple(value for part in parts if get_origin(part) is Literal for value in get_args(part))


class HelpFormatter(argparse.HelpFormatter):
    """Wrap help between words only, so that ``--option-names`` stay whole."""

    def _split_lines(self, text: str, width: int) -> list[str]:
        return textwrap.wrap(" ".join(text.split()), width, break_on_hyphens=False)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(indent + line for line in self._split_lines(text, width - len(indent)))


class Parser(argparse.ArgumentParser):
    """An ``ArgumentParser`` that raises :class:`OptionError`, naming the nearest option, and abbreviates nothing."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("formatter_class", HelpFormatter)
        kwargs.setdefault("allow_abbrev", False)
        super().__init__(**kwargs)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:
        """Parse; an unknown argument is an error that names the nearest known one."""
        parsed, unknown = super().parse_known_args(args, namespace)
        if unknown:
            word = unknown[0]
            if not word.startswith("-"):
                self.error(f"unexpected {word!r}: options start with --{self._hint(word, args, parsed)}")
            self.error(f"unknown option {word}{_meant(word, self._option_string_actions)}")
        return parsed, unknown

    def _hint(self, word: str, args: Sequence[str] | None, parsed: Any) -> str:
        """Say what a word that belongs to no option is likely to be: the rest of a name, or data."""
        words = list(args or ())
        before = words[words.index(word) - 1] if word in words[1:] else ""
        if before and before in vars(parsed).values():
            return f", and names with spaces need quotes: '{before} {word}'"
        return f" (did you mean --data {word}?)" if "--data" in self._option_string_actions else ""

    def error(self, message: str) -> NoReturn:
        """Raise instead of leaving the process."""
        raise OptionError(message)

    def add_options(self, model: type[Options], *, leave_out: Iterable[str] = ()) -> None:
        """Add every option of a model; values stay strings for :func:`make` to read."""
        groups: dict[str, Any] = {}
        for name, field in model.model_fields.items():
            if name in set(leave_out):
                continue
            title = declaration(field).group
            if title not in groups:
                groups[title] = self.add_argument_group(title)
            text = (field.description or "").replace("%", "%%")
            if field.default is not None and field.default is not False:
                default = f"{field.default:,}" if isinstance(field.default, int) else field.default
                text += f" [default: {default}]"
            if field.annotation in (bool, bool | None):  # without a default of its own, it can be switched off, too
                switch = "store_true" if field.annotation is bool else argparse.BooleanOptionalAction
                groups[title].add_argument(flag(name), action=switch, default=argparse.SUPPRESS, help=text)
                continue
            allowed = [str(c) for c in choices(field)]
            last_word = name.rsplit("_", 1)[-1].upper()
            metavar = "{" + ",".join(allowed) + "}" if allowed else _measure(field) or last_word
            action = groups[title].add_argument(flag(name), metavar=metavar, default=argparse.SUPPRESS, help=text)
            action.ganbook_choices = allowed
