"""Compiling the catalogues without gettext, which a machine need not have."""

from pathlib import Path

import polib


def compile_catalogues(directory: Path) -> int:
    """Write each .mo that is missing or older than its .po; how many were written."""
    written = 0
    for source in directory.rglob("*.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            polib.pofile(str(source)).save_as_mofile(str(target))
            written += 1
    return written
