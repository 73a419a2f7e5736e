"""Telling where the platform is: var/demo.json for programs, a short block for a person."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from admin_platform.embedded.config import RunConfig
from admin_platform.embedded.files import write_private


def announce(config: RunConfig) -> str:
    """Write var/demo.json, with the accounts that make_demo left; the text to print."""
    accounts: dict[str, dict[str, str]] = {}
    with suppress(FileNotFoundError):
        accounts = json.loads((config.var / "demo_accounts.json").read_text())
    description = {
        "base_url": config.base_url,
        "smtp": list(config.smtp.reached_at),
        "submission": list(config.submission.reached_at),
        "accounts": accounts,
    }
    write_private(_file(config.var), json.dumps(description, indent=2, ensure_ascii=False))
    return describe(description)


def withdraw(var: Path) -> None:
    """Nothing answers (any more)."""
    _file(var).unlink(missing_ok=True)


def last_announcement(config: RunConfig) -> str:
    """What a running platform has announced."""
    try:
        return describe(json.loads(_file(config.var).read_text()))
    except (OSError, ValueError):
        return "It is still starting; its own terminal says when it is ready."


def describe(description: Mapping[str, Any]) -> str:
    lines = ["", f"  Console      {description['base_url']}/admin.jsp"]
    lines.append(f"  Webmail      {description['base_url']}/login/")
    lines.append(f"  Staff        {description['base_url']}/staff/")
    for name, label in (("smtp", "SMTP"), ("submission", "Submission")):
        host, port = description[name]
        lines.append(f"  {label:12} {host}:{port}")
    if description["accounts"]:
        lines.append("")
    for role, account in description["accounts"].items():
        label = role.replace("_", " ").capitalize()
        lines.append(f"  {label:26} {account['address']:32} {account['password']}")
    lines += ["", "  Ctrl-C stops everything.", ""]
    return "\n".join(lines)


def _file(var: Path) -> Path:
    return var / "demo.json"
