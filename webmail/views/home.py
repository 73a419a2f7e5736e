from django.http import HttpResponse

from admin_platform.htmx import render_page
from admin_platform.http import ConsoleRequest
from admin_platform.permissions import member_only


@member_only
def home(request: ConsoleRequest) -> HttpResponse:
    return render_page(request, "webmail/no_mailbox.html")
