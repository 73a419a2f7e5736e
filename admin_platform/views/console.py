"""Home, search, help, preferences: the frame's own pages."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from admin_platform import finders, home, menu, reminders
from admin_platform.context_processors import THEMES
from admin_platform.htmx import render_page
from admin_platform.http import ConsoleRequest
from admin_platform.permissions import console_only, public

YEAR_SECONDS = 365 * 24 * 3600

finders.register(_("Functions"), finders.find_functions)


@console_only
@require_GET
def home_page(request: ConsoleRequest) -> HttpResponse:
    context = {
        "tab": "home",
        "hour": timezone.localtime().hour,
        "reminders": reminders.reminders_for(request),
        "panels": home.panels_for(request),
        "features": home.features_for(request),
        **home.greeting_for(request),
    }
    return render_page(request, "console/home.html", context)


@console_only
@require_GET
def find(request: ConsoleRequest) -> HttpResponse:
    query = request.GET.get("q", "")[:64]
    sections = finders.find(request, query)
    hits = sum(len(section.found) for section in sections)
    context = {"query": query, "sections": sections, "hits": hits}
    return render_page(request, "console/find.html", context, part="found")


@console_only
@require_GET
def unbuilt(request: ConsoleRequest, code: str) -> HttpResponse:
    try:
        entry = menu.entry(code)
    except KeyError:
        raise Http404 from None
    return render_page(request, "console/unbuilt.html", {"entry": entry})


@public
@require_POST
def preference(request: HttpRequest, name: str) -> HttpResponse:
    """Keep the language or the theme in a cookie; unknown values choose the default."""
    value = request.POST.get("value", "")
    response = HttpResponseRedirect(_back(request))
    if name == "language":
        _keep(response, settings.LANGUAGE_COOKIE_NAME, value, dict(settings.LANGUAGES))
    elif name == "theme":
        _keep(response, "theme", value, THEMES)
    else:
        raise Http404
    return response


def _keep(response: HttpResponse, cookie: str, value: str, known: object) -> None:
    if value in known:  # type: ignore[operator]
        response.set_cookie(
            cookie,
            value,
            max_age=YEAR_SECONDS,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    else:
        response.delete_cookie(cookie)


def _back(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return urlsplit(target)._replace(scheme="", netloc="").geturl() if safe and target else "/"
