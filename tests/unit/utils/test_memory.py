"""How much memory may still be taken, as Linux says it in files."""

import math

import pytest

from ganbook.utils import memory

MEGABYTE = 2**20


def write(root, files):
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return root


MACHINE = {"proc/meminfo": "MemTotal: 16000 kB\nMemFree: 10 kB\nMemAvailable: 8192 kB\n"}


@pytest.mark.parametrize(
    ("files", "left"),
    [
        ({}, 8),
        ({"proc/self/cgroup": "0::/\n"}, 8),  # no limit to be seen
        (
            {
                "proc/self/cgroup": "0::/a/b\n",
                "sys/fs/cgroup/a/b/memory.max": "max\n",
                "sys/fs/cgroup/a/b/memory.current": "1\n",
                "sys/fs/cgroup/a/b/memory.stat": "inactive_file 0\n",
                "sys/fs/cgroup/a/memory.max": f"{10 * MEGABYTE}\n",
                "sys/fs/cgroup/a/memory.current": f"{9 * MEGABYTE}\n",
                "sys/fs/cgroup/a/memory.stat": f"anon 5\ninactive_file {2 * MEGABYTE}\n",
            },
            3,
        ),
        (
            {
                "proc/self/cgroup": "5:cpu:/x\n4:memory:/host/path\n",
                "sys/fs/cgroup/memory/memory.limit_in_bytes": f"{4 * MEGABYTE}",
                "sys/fs/cgroup/memory/memory.usage_in_bytes": f"{3 * MEGABYTE}",
                "sys/fs/cgroup/memory/memory.stat": "total_inactive_file 0",
            },
            1,
        ),
    ],
)
def test_the_machine_and_the_groups_around_a_process(tmp_path, files, left):
    assert memory.available(write(tmp_path, MACHINE | files)) == left * MEGABYTE


def test_where_nobody_says_what_is_free(tmp_path):
    assert memory.available(tmp_path) > 64 * MEGABYTE
    assert 0 < memory.available() < math.inf
