from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.selectors.accounts import AccountQuery, account_page
from accounts.selectors.search import words
from admin_platform.finders import LIMIT, Found, register
from admin_platform.http import ConsoleRequest
from orgs.selectors.departments import top_departments


def find_accounts(request: ConsoleRequest, query: str) -> list[Found]:
    """As the list of accounts finds and sorts them, in each part of the operator's scope."""
    operator = request.operator.at("account.view")
    if not operator.can("account.view") or not words(query):
        return []
    found: dict[int, Found] = {}
    for department in top_departments(operator):
        page = account_page(AccountQuery(department, search=query), cursors={}, size=LIMIT)
        for account in page.items:
            url = reverse("accounts:account-detail", args=[account.pk])
            found[account.pk] = Found("user", account.name, account.address, url)
        if len(found) >= LIMIT:
            break
    return list(found.values())[:LIMIT]


register(_("Members"), find_accounts)
