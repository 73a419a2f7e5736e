"""What the frame of every page shows: the menu, the operator, the theme, the layout of dialogs."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from admin_platform import menu
from admin_platform.htmx import wants_part

THEMES = ("light", "dark")
DIALOG_PAGE = "components/dialog_page.html"


def frame(request: HttpRequest) -> dict[str, Any]:
    operator = getattr(request, "operator", None)
    theme = request.COOKIES.get("theme", "")
    return {
        "operator": operator,
        "menu_tree": SimpleLazyObject(lambda: menu.tree(operator) if operator else []),
        "theme": theme if theme in THEMES else "",
        "dialog_layout": "components/dialog.html" if wants_part(request) else DIALOG_PAGE,
    }
