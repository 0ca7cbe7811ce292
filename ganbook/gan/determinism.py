"""Sums of gradients in one order, so that a training can be repeated to the bit.

Where three or more gradients meet, TensorFlow adds them with one ``AddN``, which begins with whichever buffer is free
to be overwritten: that depends on which thread came first, and the last bit with it. Its graph optimiser makes such
sums out of plain ones, which :mod:`ganbook.utils.backend` switches off.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import tensorflow as tf
from tensorflow.python.ops import gen_math_ops

_ordered = ContextVar("ordered", default=False)
_add_n = gen_math_ops.add_n


@contextmanager
def in_order() -> Iterator[None]:
    """Have the gradients that this thread takes meanwhile added one by one, as they come."""
    before = _ordered.set(True)
    try:
        yield
    finally:
        _ordered.reset(before)


def _add(inputs: list[tf.Tensor], name: str | None = None) -> tf.Tensor:
    return functools.reduce(operator.add, inputs) if _ordered.get() else _add_n(inputs, name=name)


gen_math_ops.add_n = _add
