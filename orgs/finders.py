from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from admin_platform.finders import LIMIT, Found, register
from admin_platform.http import ConsoleRequest
from orgs.selectors.departments import paths, search_departments


def find_departments(request: ConsoleRequest, query: str) -> list[Found]:
    if not request.operator.can("department.view"):
        return []
    departments = list(search_departments(request.operator.at("department.view"), query)[:LIMIT])
    where = paths(department.pk for department in departments)
    return [
        Found("org", d.name, where[d.pk], reverse("orgs:department-detail", args=[d.pk]))
        for d in departments
    ]


register(_("Departments"), find_departments)
