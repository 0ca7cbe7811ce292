"""What a benchmark runs on: the processor's name and its measured matrix-product roof."""

from __future__ import annotations

import platform
import re
import time
from pathlib import Path

VECTORS = ("amx_bf16", "avx512_bf16", "avx512f", "avx2")


def processor() -> str:
    """Model and widest vectors, such as ``AMD EPYC, avx2``; where Linux does not tell, the bare architecture."""
    about = Path("/proc/cpuinfo")
    text = about.read_text() if about.exists() else ""
    model = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    widest = [name for name in VECTORS if re.search(rf"\b{name}\b", text)][:1]
    return ", ".join([model[1].strip() if model else platform.machine(), *widest])


def roof(dtype: str) -> float:
    """GFLOP/s of a 4096² matrix product, the best of three."""
    from ganbook.utils import backend

    tf = backend.tensorflow()
    a = tf.cast(tf.random.normal((4096, 4096)), dtype)
    tf.matmul(a, a)
    best = 0.0
    for _ in range(3):
        began = time.perf_counter()
        tf.matmul(a, a)[0, 0].numpy()
        best = max(best, 2 * 4096**3 / (time.perf_counter() - began) / 1e9)
    return best
