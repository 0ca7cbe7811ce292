"""One step on several devices: each replica takes its rows of the batch, and of every random draw.

Random numbers are drawn for the whole batch by every replica, which keeps its own rows: what a sample meets depends on
seed, step and place in the batch, and not on how many replicas there are. Keras' optimisers add up gradients over
replicas, and a loss is the mean over the batch, so that gradients are divided by the number of replicas first
(keras#20164). Outside of :mod:`tf.distribute`, everything here is as if it were not there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any


def count() -> int:
    """Return how many replicas train together where this is called; 1 outside of a strategy."""
    import tensorflow as tf

    replica = tf.distribute.get_replica_context()
    return 1 if replica is None else replica.num_replicas_in_sync


def draw(rows: Any, make: Callable[[Any], Any], axis: int = 0) -> Any:
    """Return this replica's rows of ``make(rows of the whole batch)``, along an axis; it has ``rows`` of them."""
    replicas = count()
    if replicas == 1:
        return make(rows)
    import tensorflow as tf

    first = _index() * rows
    return tf.gather(make(rows * replicas), tf.range(first, first + rows), axis=axis)


def halves(rows: Any) -> tuple[Any, Any] | None:
    """Return where this replica's real and generated samples are in the whole of both, and how many there are in all.

    None for one replica: there they are in order.
    """
    replicas = count()
    if replicas == 1:
        return None
    import tensorflow as tf

    own = tf.range(_index() * rows, (_index() + 1) * rows)
    return tf.concat([own, own + rows * replicas], 0), 2 * rows * replicas


def _index() -> Any:
    import tensorflow as tf

    return tf.distribute.get_replica_context().replica_id_in_sync_group


def shared(gradients: Sequence[Any]) -> Sequence[Any]:
    """Divide gradients by the number of replicas, for an optimiser that adds them up."""
    replicas = count()
    return gradients if replicas == 1 else [None if g is None else g / replicas for g in gradients]


def means(values: dict[str, Any]) -> dict[str, Any]:
    """Return the means of scalars over all replicas."""
    if count() == 1:
        return values
    import tensorflow as tf

    context = tf.distribute.get_replica_context()
    total = context.all_reduce(tf.distribute.ReduceOp.MEAN, tf.stack(list(values.values())))
    return dict(zip(values, tf.unstack(total), strict=True))
