"""The parts of every option model: the declaration of one option, and a base class.

Options live once, in this folder, one file a command, and three of a training: name, type, default, bounds and one line
of help. The terminal, the magics, the docstrings and tab completion all read them there. A default of ``None`` means
that the value follows from another option; ``resolved()`` of the model fills it in.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetCoreSchemaHandler
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError, core_schema

from ganbook.utils.files import user_path

Weights = Literal["ema", "raw", "best"]
# A path as users write it, with ~ expanded: the type of every option that is one.
PathOption = Annotated[Path, BeforeValidator(user_path)]

WEIGHTS_HELP = "ema: moving average of the generator's weights; raw: those of the last step; best: as --keep best kept"
RUNS_DIR_HELP = "folder of the run folders [default: $GANBOOK_RUNS, else runs]"


def default_runs_dir() -> Path:
    """Return the folder of run folders unless one is given: ``GANBOOK_RUNS``, else ``runs``."""
    return user_path(os.environ.get("GANBOOK_RUNS") or "runs")


@dataclass(frozen=True)
class Declaration:
    """What an option is declared with beside its type, default, bounds and help."""

    group: str = ""
    changes_result: bool = True
    kinds: tuple[str, ...] = ()


def declaration(field: FieldInfo) -> Declaration:
    """Return what :func:`option` was called with."""
    values: dict[str, Any] = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    return Declaration(**values)


def option(
    default: Any, text: str, *, group: str, changes_result: bool = True, kinds: tuple[str, ...] = (), **bounds: Any
) -> Any:
    """Declare one option.

    ``changes_result=False`` marks what may differ when a run is resumed, because the weights do not depend on it;
    ``kinds`` are those of the data that it has a meaning for, all unless given.
    """
    extra = asdict(Declaration(group, changes_result, kinds))
    return Field(default, description=text, json_schema_extra=extra, **bounds)


class OneOf:
    """Annotation of a ``str`` option whose choices are the keys of a table, looked up whenever a value is checked.

    Parameters
    ----------
    table
        Entries by name; those with a true attribute ``hidden`` are accepted but offered to nobody.
    also
        Further names.
    """

    def __init__(self, table: Mapping[str, Any], also: tuple[str, ...] = ()):
        self._table, self._also = table, also

    @property
    def offered(self) -> tuple[str, ...]:
        """The names that help and completion list."""
        return (*self._also, *(name for name, entry in self._table.items() if not getattr(entry, "hidden", False)))

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def _check(self, value: str) -> str:
        if value not in self._table and value not in self._also:
            raise PydanticCustomError("literal_error", "unknown name")
        return value


class Options(BaseModel):
    """Base class of option models: unknown names and non-finite numbers are refused, values are frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True, allow_inf_nan=False)


def parameters_section(model: type[Options]) -> str:
    """Return the options as the Parameters section of a docstring."""
    lines = [f"{name}\n    {field.description}" for name, field in model.model_fields.items()]
    return "\n\nParameters\n----------\n" + "\n".join(lines) + "\n"
