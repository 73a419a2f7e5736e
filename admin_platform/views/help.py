from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from admin_platform import menu
from admin_platform.help import find_topic, topic_groups
from admin_platform.htmx import render_page
from admin_platform.http import ConsoleRequest
from admin_platform.permissions import console_only


@console_only
@require_GET
def help_index(request: ConsoleRequest) -> HttpResponse:
    unbuilt = [entry for entry in menu.entries() if not entry.is_built]
    context = {"groups": topic_groups(), "unbuilt": unbuilt}
    return render_page(request, "console/help_index.html", context)


@console_only
@require_GET
def help_topic(request: ConsoleRequest, code: str) -> HttpResponse:
    topic = find_topic(code)
    if topic is None:
        raise Http404
    context = {"groups": topic_groups(), "topic": topic}
    return render_page(request, "console/help_topic.html", context)


@console_only
@require_GET
def handbook(request: ConsoleRequest) -> HttpResponse:
    """All help in one file, to keep or to print."""
    response = render(request, "console/handbook.html", {"groups": topic_groups()})
    response.headers["Content-Disposition"] = (
        f'attachment; filename="handbook-{get_language()}.html"'
    )
    return response
