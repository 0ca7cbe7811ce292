"""What data are called that are made of a bare array, points or lines."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_name: ContextVar[str] = ContextVar("name of arrays", default="")


@contextmanager
def arrays_called(name: str) -> Iterator[None]:
    """Call data of bare arrays so meanwhile: in a notebook by the variable that holds them."""
    before = _name.set(name)
    try:
        yield
    finally:
        _name.reset(before)


def array_name(otherwise: str = "array") -> str:
    """Return what data of a bare array are called."""
    return _name.get() or otherwise
