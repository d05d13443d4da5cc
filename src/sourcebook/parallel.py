"""Do the same to many things over all cores, with the same outcome as on one."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")
WORTHWHILE = 500_000
"""Characters below which starting processes takes longer than the work."""


def over_cores(work: Callable[[T], R], items: Sequence[T], sizes: Sequence[int], workers: int | None = None) -> list[R]:
    """Return the outcome of `work` for each item, in their order.

    Parameters
    ----------
    work : callable
        A function of a module, which a process can import.
    items, sizes : sequence
        The items, and how many characters each is: of few nothing is gained by sharing them out.
    workers : int, optional
        How many processes; as many as there are cores if the work is worth it, else none.
    """
    if workers is None:
        workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        workers = workers if sum(sizes) >= WORTHWHILE else 1
    workers = min(workers, len(items))
    if workers < 2:
        return [work(item) for item in items]
    largest_first = sorted(range(len(items)), key=lambda i: -sizes[i])
    with ProcessPoolExecutor(workers) as pool:
        done = dict(zip(largest_first, pool.map(work, [items[i] for i in largest_first]), strict=True))
    return [done[i] for i in range(len(items))]
