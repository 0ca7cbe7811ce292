"""Names of a package that are imported when they are first used."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from typing import Any


def attribute(package: str, members: Mapping[str, str], name: str) -> Any:
    """Return a member of a package; meant to be called from its ``__getattr__``.

    Parameters
    ----------
    package
        Full name of the package.
    members
        Where each name lives: ``package.module:attribute``, or ``package.module`` for a module itself.
    name
        The name that was asked for.

    Raises
    ------
    AttributeError
        The package has no such member.
    """
    if name not in members:
        raise AttributeError(f"module {package!r} has no attribute {name!r}")
    module, _, member = members[name].partition(":")
    value = importlib.import_module(module)
    if member:
        value = getattr(value, member)
    setattr(sys.modules[package], name, value)
    return value
