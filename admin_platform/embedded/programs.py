"""The programs of the platform, and the line by which each says that it is ready."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

from admin_platform.embedded.config import BASE_DIR, RunConfig


class Program(NamedTuple):
    command: list[str]
    ready_line: str


def manage(command: str) -> list[str]:
    return [sys.executable, str(BASE_DIR / "manage.py"), command]


def programs(config: RunConfig) -> dict[str, Program]:
    return {
        "web": Program(_gunicorn(config), "Listening at"),
        "worker": Program(_celery("worker", *WORKER_OPTIONS), " ready."),
        "schedule": Program(_celery("beat", "--pidfile="), "beat: Starting"),
        "mail": Program(manage("run_mail_server"), "submission on"),
    }


# One worker talks to nobody but its broker.
WORKER_OPTIONS = ("--concurrency=2", "--without-gossip", "--without-mingle", "--without-heartbeat")


def _celery(*arguments: str) -> list[str]:
    return [_installed("celery"), "-A", "admin_platform", *arguments, "--loglevel=info"]


def _gunicorn(config: RunConfig) -> list[str]:
    return [
        _installed("gunicorn"),
        "admin_platform.wsgi",
        f"--bind={config.http.host}:{config.http.number}",
        "--worker-class=gthread",
        "--workers=2",
        "--threads=8",
        # Loaded once, before the workers are forked.
        "--preload",
        "--timeout=60",
        "--graceful-timeout=10",
        f"--worker-tmp-dir={config.var}",
        "--no-control-socket",
    ]


def _installed(program: str) -> str:
    return str(Path(sys.executable).parent / program)
