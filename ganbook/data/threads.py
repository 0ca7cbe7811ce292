"""A function on many items in a few threads: results in order, a progress bar when it takes long."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from ganbook.utils.progress import bar as progress_bar

Item = TypeVar("Item")
Result = TypeVar("Result")


def in_order(
    function: Callable[[Item], Result], items: Iterable[Item], *, total: int, description: str
) -> Iterator[Result]:
    """Yield ``function(item)`` in order; few results wait in memory. The bar shows after one second."""
    workers = min(8, os.cpu_count() or 1)
    pool = ThreadPoolExecutor(workers, thread_name_prefix="ganbook-data")
    waiting: deque = deque()
    try:
        with progress_bar(total=total, desc=description, unit="image", delay=1) as bar:
            for item in items:
                waiting.append(pool.submit(function, item))
                if len(waiting) > 4 * workers:
                    yield waiting.popleft().result()
                    bar.update()
            while waiting:
                yield waiting.popleft().result()
                bar.update()
    finally:  # also when interrupted: nothing goes on decoding in the background
        pool.shutdown(wait=True, cancel_futures=True)
