"""Writing files of our own."""

import os
from pathlib import Path


def write_private(path: Path, text: str) -> None:
    """Replace a file, whole or not at all, readable by its owner alone."""
    temporary = path.with_suffix(".new")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    temporary.replace(path)
