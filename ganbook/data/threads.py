"""A function on many items in a few threads: results in order, a progress bar when it takes long."""

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from ganbook.utils.progress import bar as progress_bar

Item = TypeVar("Item")
Result = TypeVar("Result")


def in_order(
    function: Callable[[Item], Result],
    items: Iterable[Item],
    *,
    total: int,
    description: str,
    workers: int | None = None,
    count: Callable[[Item], int] = lambda item: 1,
) -> Generator[Result, None, None]:
    """Yield ``function(item)`` in order; few results wait in memory. The bar shows after one second.

    ``count`` says how many of the ``total`` an item is.
    """
    workers = workers or min(8, os.cpu_count() or 1)
    pool = ThreadPoolExecutor(workers, thread_name_prefix="ganbook-data")
    waiting: deque = deque()
    try:
        with progress_bar(total=total, desc=description, unit="image", delay=1) as bar:

            def first() -> Result:
                future, many = waiting.popleft()
                result = future.result()
                bar.update(many)
                return result

            for item in items:
                waiting.append((pool.submit(function, item), count(item)))
                if len(waiting) > 4 * workers:
                    yield first()
            while waiting:
                yield first()
    finally:  # also when interrupted: nothing goes on decoding in the background
        pool.shutdown(wait=True, cancel_futures=True)
