"""What a client calls itself, in words that a person knows."""

from __future__ import annotations

# The first that is found counts: Edge says "Chrome" too, and Chrome says "Safari".
BROWSERS = (
    ("MicroMessenger/", "WeChat"),
    ("DingTalk/", "DingTalk"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Version/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)
PLAIN_MAX_LENGTH = 40


def client_name(client: str) -> str:
    """ "Chrome 126 · Windows" of a browser; what else a client says, in short."""
    browser = next((found for mark, name in BROWSERS if (found := _found(client, mark, name))), "")
    system = next((name for mark, name in SYSTEMS if mark in client), "")
    known = " · ".join(part for part in (browser, system) if part)
    if known:
        return known
    return client if len(client) <= PLAIN_MAX_LENGTH else client[: PLAIN_MAX_LENGTH - 1] + "…"


def _found(client: str, mark: str, name: str) -> str:
    _before, found, rest = client.partition(mark)
    version = rest.partition(".")[0].partition(" ")[0]
    if not found:
        return ""
    return f"{name} {version}" if version.isdigit() else name
