"""Which departments somebody has opened in the tree; kept in a cookie that scripts write too."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

COOKIE = "tree_open"
# The least recently opened are forgotten: they cost a query's time and bytes on each page.
KEPT = 50
YEAR_SECONDS = 365 * 24 * 3600


def open_nodes(request: HttpRequest) -> list[int] | None:
    """Ids of the open departments, the last opened last; None when nothing was ever said."""
    cookie = request.COOKIES.get(COOKIE)
    if cookie is None:
        return None
    return [int(part) for part in cookie.split(".") if part.isascii() and part.isdigit()][-KEPT:]


def remember(response: HttpResponse, open_ids: list[int]) -> None:
    response.set_cookie(
        COOKIE,
        ".".join(str(pk) for pk in open_ids[-KEPT:]),
        max_age=YEAR_SECONDS,
        samesite="Lax",
        httponly=False,
    )
