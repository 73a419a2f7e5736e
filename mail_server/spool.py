"""The texts of accepted messages, one file each, until every delivery is done."""

import os
import secrets
from pathlib import Path

from django.conf import settings


def new_queue_id() -> str:
    return secrets.token_hex(10)


def path_of(queue_id: str) -> Path:
    return Path(settings.MAIL_STORE_DIR) / "spool" / queue_id[:2] / queue_id


def write(queue_id: str, content: bytes) -> None:
    """On disk when this returns: a message is acknowledged only after that."""
    path = path_of(queue_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def read(queue_id: str) -> bytes:
    return path_of(queue_id).read_bytes()


def remove(queue_id: str) -> None:
    path_of(queue_id).unlink(missing_ok=True)
