"""What a member sees of administrators who read the own mail."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from admin_platform.htmx import render_page
from admin_platform.http import ConsoleRequest
from admin_platform.paging import capped_total, keyset_page
from admin_platform.permissions import member_only
from webmail.models import MailReading
from webmail.selectors.readings import readings_of, with_messages
from webmail.services.readings import note_readings


@member_only
@require_GET
def own_readings(request: ConsoleRequest) -> HttpResponse:
    readings = readings_of(request.user)
    page = keyset_page(
        readings,
        key="opened_at",
        rows=with_messages(MailReading.objects.all()),
        cursors=request.GET,
        descending=True,
        size=20,
        total=lambda: capped_total(readings),
    )
    response = render_page(request, "webmail/own_readings.html", {"page": page})
    note_readings(account=request.user)
    return response
