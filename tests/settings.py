"""Settings of the tests: an embedded database of their own, cheap hashes, no workers."""

import atexit
import fcntl
import os
import tempfile
from itertools import count
from pathlib import Path
from typing import IO

from admin_platform.embedded.postgres import EmbeddedPostgres
from admin_platform.locale_files import compile_catalogues

ROOT = Path(__file__).resolve().parent.parent
UNSAFE_BUT_FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}


def own_cluster() -> tuple[EmbeddedPostgres, IO[str]]:
    """The first cluster that no other run of the tests holds, and the lock that holds it."""
    for number in count(1):
        directory = ROOT / "var" / f"test-postgres-{number}"
        directory.mkdir(parents=True, exist_ok=True)
        lock = (directory / "lock").open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            continue
        return EmbeddedPostgres(directory, settings=UNSAFE_BUT_FAST), lock
    raise AssertionError


if "DATABASE_URL" not in os.environ:
    # Only the first process comes here; xdist's workers inherit the address.
    cluster, held = own_cluster()
    cluster.start()
    atexit.register(cluster.stop)
    os.environ["DATABASE_URL"] = cluster.url("postgres")

_var = tempfile.TemporaryDirectory(prefix="platform-tests-")
os.environ["VAR_DIR"] = _var.name
os.environ.setdefault("SECRET_KEY", "tests")

from admin_platform.settings import *  # noqa: E402, F403
from admin_platform.settings import DATABASES  # noqa: E402

DATABASES["default"]["CONN_MAX_AGE"] = 0
PASSWORD_HASHERS = [
    "tests.hashers.CheapArgon2PasswordHasher",
    "accounts.hashers.GeneratedPasswordHasher",
]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, str] = {}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

compile_catalogues(ROOT / "locale")
Path(_var.name, "static").mkdir()
