"""Let a graph with custom gradients be freed.

TensorFlow registers the gradient function of each ``tf.custom_gradient`` for good when it traces a graph, and the
function holds the graph, which holds the variables (tensorflow#97697). Keras' optimisers have one in every step they
are traced in. So each training would leave its weights and both optimisers' moments behind, 27 MiB for ``compact``.
Here such a function belongs to its graph, and the register knows it by a weak reference. What XLA has compiled stays
all the same, some 24 MiB for each training of ``mlp``.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from types import ModuleType
from typing import Any

COLLECTION = "ganbook_custom_gradients"
_patched = False


def belong_to_their_graphs(tf: ModuleType) -> None:
    """Have custom gradients traced from now on live as long as their graph, in this process."""
    global _patched
    if _patched:
        return
    _patched = True
    register = tf.RegisterGradient.__call__

    def register_weakly(self: Any, function: Callable) -> Callable:
        graph = tf.compat.v1.get_default_graph()
        if not (graph.building_function and self._op_type.startswith("CustomGradient-")):
            return register(self, function)
        graph.add_to_collection(COLLECTION, function)
        register(self, weakref.proxy(function))
        return function

    tf.RegisterGradient.__call__ = register_weakly
