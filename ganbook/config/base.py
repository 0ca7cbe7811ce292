"""What every option model is made of: the declaration of one option, and what all models share.

Options live once, in this folder, one file a command: name, type, default, bounds and one line of help. The terminal,
the magics, the docstrings and tab completion all read them there. A default of ``None`` means that the value follows
from another option; ``resolved()`` of the model fills it in.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Weights = Literal["ema", "raw", "best"]

WEIGHTS_HELP = "averaged weights of G, those of the last step, or the averaged ones of --keep best"
RUNS_DIR_HELP = "where run folders live [GANBOOK_RUNS or runs]"


def default_runs_dir() -> Path:
    """Where run folders live when no one says otherwise: ``GANBOOK_RUNS``, else ``runs``."""
    return Path(os.environ.get("GANBOOK_RUNS", "runs"))


def option(
    default: Any,
    text: str,
    *,
    group: str,
    changes_result: bool = True,
    hidden: tuple[str, ...] = (),
    **bounds: Any,
) -> Any:
    """Declare one option.

    ``changes_result=False`` marks what may differ when a run is resumed, because the weights do not depend on it;
    ``hidden`` are choices that ganbook writes itself and offers to nobody.
    """
    extra = {"group": group, "changes_result": changes_result, "hidden": hidden}
    return Field(default, description=text, json_schema_extra=extra, **bounds)


class Options(BaseModel):
    """What all option models share: unknown names and non-finite numbers are refused, values are frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True, allow_inf_nan=False)


def parameters_section(model: type[Options]) -> str:
    """The options as the Parameters section of a docstring."""
    lines = [f"{name}\n    {field.description}" for name, field in model.model_fields.items()]
    return "\n\nParameters\n----------\n" + "\n".join(lines) + "\n"
