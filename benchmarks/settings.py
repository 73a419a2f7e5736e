"""A database of the benchmarks' own, with the durability of a real one, kept between runs."""

import atexit
import os
import tempfile
from pathlib import Path

from admin_platform.embedded.postgres import EmbeddedPostgres

ROOT = Path(__file__).resolve().parent.parent

cluster = EmbeddedPostgres(
    ROOT / "var" / "bench-postgres",
    settings={"shared_buffers": "1GB", "work_mem": "32MB", "maintenance_work_mem": "512MB"},
)
cluster.start()
atexit.register(cluster.stop)
os.environ["DATABASE_URL"] = cluster.url("bench")

# The processes that are started know it too.
os.environ.setdefault("SECRET_KEY", "bench")

_var = tempfile.TemporaryDirectory(prefix="platform-bench-")
os.environ["VAR_DIR"] = _var.name
Path(_var.name, "static").mkdir()

from admin_platform.settings import *  # noqa: E402, F403

ALLOWED_HOSTS = ["testserver"]
LOGGING = {"version": 1}
# Nobody listens: the benchmarks do their jobs themselves.
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, str] = {}
