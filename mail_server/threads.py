"""Database work beside an event loop, for the servers that are one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from django.db import close_old_connections

T = TypeVar("T")

# Sessions wait for one another here, not for free connections of the database.
THREADS = ThreadPoolExecutor(max_workers=8, thread_name_prefix="mail")


async def in_thread(function: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    """Run database work beside the event loop, on a connection that is alive."""

    def work() -> T:
        close_old_connections()
        return function(*args, **kwargs)

    return await asyncio.get_running_loop().run_in_executor(THREADS, work)
