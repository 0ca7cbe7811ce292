"""Signatures that name every option, where a function passes options on to a model of them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import TypeVar

from ganbook.config.base import Options

Function = TypeVar("Function", bound=Callable)


def takes(model: type[Options]) -> Callable[[Function], Function]:
    """Let ``**options`` of a function appear in its signature one by one, as Tab and help in notebooks read it.

    Parameters
    ----------
    model
        Its fields follow the function's own parameters; those of the same name are the function's own.
    """

    def decorate(function: Function) -> Function:
        own = inspect.signature(function)
        parameters = [p for p in own.parameters.values() if p.kind is not p.VAR_KEYWORD]
        names = {p.name for p in parameters}
        parameters += [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=field.default, annotation=field.annotation)
            for name, field in model.model_fields.items()
            if name not in names
        ]
        function.__signature__ = own.replace(parameters=parameters)  # type: ignore[attr-defined]
        return function

    return decorate
