"""What the frame of every page shows: the menu, the operator, the theme."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from admin_platform import menu

THEMES = ("light", "dark")


def frame(request: HttpRequest) -> dict[str, Any]:
    operator = getattr(request, "operator", None)
    theme = request.COOKIES.get("theme", "")
    return {
        "operator": operator,
        "menu_tree": SimpleLazyObject(lambda: menu.tree(operator) if operator else []),
        "theme": theme if theme in THEMES else "",
    }
