"""Import TensorFlow without its banner, and have it compute the same each time.

The C++ side writes to file descriptor 2 about what it did not find, in terminals and notebooks alike. Python errors
are not touched. ``TF_CPP_MIN_LOG_LEVEL`` set by the user means that they want to read it.

oneDNN's kernels, which TensorFlow itself uses on some CPUs only, are switched on for all: convolutions then take some
two thirds of the time on a CPU without AVX-512. They round differently, and are on or off for a whole process. So a run
records which it was, and its name comes along when it is resumed.

Three parts of its graph optimiser are switched off, without which training is as fast. The remapper, which fuses a
convolution with what follows it, fails on some training graphs in one trace and not in the next, and then rounds
differently. The arithmetic one turns sums into such as have no fixed order, see :mod:`ganbook.gan.determinism`. The one
for dependencies drops some that keep a variable from changing before it is read.
Graphs with custom gradients can be freed, see :mod:`ganbook.utils.custom_gradients`.
"""

from __future__ import annotations

import os
import re
import sys
import threading
from pathlib import Path
from types import ModuleType

from ganbook.utils import custom_gradients

_importing = threading.Lock()
INEXACT = ("remapping", "arithmetic_optimization", "dependency_optimization")
ONEDNN = "TF_ENABLE_ONEDNN_OPTS"
CPUINFO = Path("/proc/cpuinfo")


def tensorflow(onednn: bool = True) -> ModuleType:
    """Return the module ``tensorflow``; if it is not imported yet, with oneDNN's kernels or not.

    ``TF_ENABLE_ONEDNN_OPTS`` set by the user counts more.
    """
    module = _imported(onednn)
    custom_gradients.belong_to_their_graphs(module)
    module.config.optimizer.set_experimental_options(dict.fromkeys(INEXACT, False))
    return module


def onednn() -> bool:
    """Return whether TensorFlow computes with oneDNN's kernels in this process, or will once it is imported."""
    if "tensorflow" in sys.modules:
        from tensorflow.python.util import _pywrap_util_port

        return bool(_pywrap_util_port.IsMklEnabled())
    return os.environ.get(ONEDNN, "1") in ("1", "true")


def onednn_by_itself() -> bool:
    """Return whether TensorFlow uses oneDNN's kernels on this CPU if nobody says so."""
    return sys.platform == "win32" or cpu_has("avx512_vnni", "avx512_bf16", "avx_vnni", "amx_tile")


def cpu_has(*words: str) -> bool:
    """Return whether the CPU has one of some sets of instructions, or a maker, by Linux's names; elsewhere False."""
    if sys.platform != "linux" or not CPUINFO.exists():
        return False
    return re.search(rf"\b({'|'.join(words)})\b", CPUINFO.read_text()) is not None


def _imported(onednn: bool) -> ModuleType:
    with _importing:
        if "tensorflow" not in sys.modules:
            os.environ.setdefault(ONEDNN, str(int(onednn)))
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
