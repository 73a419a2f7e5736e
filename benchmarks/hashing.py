"""How many passwords all cores hash when nothing else is to be done. Knows no Django."""

from __future__ import annotations

import os
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from argon2.low_level import Type, hash_secret

CORES = os.cpu_count() or 1


def hash_some(costs: tuple[int, int, int], count: int) -> None:
    time_cost, memory_cost, parallelism = costs
    for number in range(count):
        hash_secret(
            b"password%d" % number,
            os.urandom(16),
            time_cost=time_cost,
            memory_cost=memory_cost,
            parallelism=parallelism,
            hash_len=32,
            type=Type.ID,
        )


def hashes_per_second(costs: tuple[int, int, int], count: int) -> float:
    """One process for each core; costs: time, memory in KiB, parallelism."""
    share = count // CORES
    with ProcessPoolExecutor(CORES, mp_context=get_context("spawn")) as pool:
        # The processes are up before the time runs.
        list(pool.map(hash_some, [costs] * CORES, [2] * CORES))
        start = time.perf_counter()
        list(pool.map(hash_some, [costs] * CORES, [share] * CORES))
        return share * CORES / (time.perf_counter() - start)
