"""Import TensorFlow without its banner, and have it compute the same each time.

The C++ side writes to file descriptor 2 about what it did not find, in terminals and notebooks alike. Python errors
are not touched. ``TF_CPP_MIN_LOG_LEVEL`` set by the user means that they want to read it.

Two parts of its graph optimiser are switched off, without which training is as fast. The remapper, which fuses a
convolution with what follows it, fails on some training graphs in one trace and not in the next, and then rounds
differently. The arithmetic one turns sums into such as have no fixed order, see :mod:`ganbook.gan.determinism`.
Graphs with custom gradients can be freed, see :mod:`ganbook.utils.custom_gradients`.
"""

from __future__ import annotations

import os
import sys
import threading
from types import ModuleType

from ganbook.utils import custom_gradients

_importing = threading.Lock()


def tensorflow() -> ModuleType:
    """Return the module ``tensorflow``."""
    module = _imported()
    custom_gradients.belong_to_their_graphs(module)
    module.config.optimizer.set_experimental_options({"remapping": False, "arithmetic_optimization": False})
    return module


def _imported() -> ModuleType:
    with _importing:
        if "tensorflow" in sys.modules or "TF_CPP_MIN_LOG_LEVEL" in os.environ:
            import tensorflow

            return tensorflow
        os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
        sys.stderr.flush()
        kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, 2)
            import tensorflow

            tensorflow.config.list_physical_devices()  # the rest of the banner
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            os.close(nowhere)
        return tensorflow
