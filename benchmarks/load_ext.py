"""How long ``%load_ext ganbook`` takes in a new kernel: ``python benchmarks/load_ext.py``. Wanted: under 0.3 s."""

import subprocess
import sys

TIMES = 7
CELL = """
import sys, time
from IPython.core.interactiveshell import InteractiveShell
import ipykernel.ipkernel
shell = InteractiveShell.instance()
began = time.perf_counter()
shell.run_cell("%load_ext ganbook")
print(time.perf_counter() - began, "tensorflow" in sys.modules)
"""


def main():
    seconds = []
    for _ in range(TIMES):
        out = subprocess.run([sys.executable, "-c", CELL], capture_output=True, text=True, check=True).stdout.split()
        assert out[1] == "False", "TensorFlow was imported"
        seconds.append(float(out[0]))
    seconds.sort()
    print(f"%load_ext ganbook: median {seconds[TIMES // 2]:.2f} s, fastest {seconds[0]:.2f}, slowest {seconds[-1]:.2f}")


if __name__ == "__main__":
    main()
