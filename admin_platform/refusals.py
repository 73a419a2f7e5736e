"""Whom a refused operator can ask; the page that says "无操作权限" names them."""

from collections.abc import Callable

from django.http import HttpRequest

Names = Callable[[HttpRequest], list[str]]

_sources: list[Names] = []


def register(names: Names) -> Names:
    _sources.append(names)
    return names


def whom_to_ask(request: HttpRequest) -> list[str]:
    return [name for source in _sources for name in source(request)]
