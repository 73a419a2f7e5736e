"""Which accounts a dialog is about, and where it returns to.

The list sends the ticked rows (`id`), or `all` with its own query as `back`. From then on
the dialog carries the very accounts that it has shown (`ids`), whatever the list would
show by now.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.filters import AccountListForm
from accounts.forms.departments import is_id
from accounts.models import Account
from accounts.selectors.accounts import UNSEEN, matching_accounts
from accounts.services.bulk import MAX_SELECTED
from admin_platform.htmx import go_to, wants_part
from admin_platform.htmx_events import trigger
from admin_platform.http import ConsoleRequest
from admin_platform.operator import Operator
from orgs.models import Department

LIST = "accounts:account-list"
NAMES_SHOWN = 6


def chosen_department(operator: Operator, query: QueryDict) -> Department:
    """?department=, else the first one in scope. Http404 where it is gone or out of scope."""
    pk = query.get("department", "")
    departments = operator.scope(Department.objects.all())
    if pk:
        departments = departments.filter(pk__in=_numbers([pk]))
    department: Department | None = departments.order_by("tree_id", "lft").first()
    if department is None:
        raise Http404
    return department


def chosen_accounts(request: ConsoleRequest) -> list[Account]:
    """By name; Http404 where one of them is gone or out of the function's scope."""
    ids = set(_chosen_ids(request))
    accounts = request.operator.scope(Account.objects.filter(pk__in=ids, deleted_at=None))
    found = list(accounts.select_related("mailbox").defer(*UNSEEN).order_by("pinyin", "pk"))
    if len(found) != len(ids):
        raise Http404
    return found


def _chosen_ids(request: ConsoleRequest) -> Iterable[int]:
    asked = request.POST or request.GET
    if "ids" in asked:
        return _numbers(asked["ids"].split(","))
    if "all" in asked:
        return _all_ids(request)
    return _numbers(asked.getlist("id"))


def _all_ids(request: ConsoleRequest) -> Iterable[int]:
    """Those of the list where this function is held; one too many for the service to refuse."""
    back = QueryDict(request.GET.get("back", ""))
    department = chosen_department(request.operator.at("account.view"), back)
    listed = matching_accounts(AccountListForm(back).query(department))
    in_scope = request.operator.scope(listed)
    return in_scope.values_list("pk", flat=True)[: MAX_SELECTED + 1]


def _numbers(texts: Iterable[str]) -> list[int]:
    """Http404 for what is no number."""
    texts = [text for text in texts if text]
    if not all(is_id(text) for text in texts):
        raise Http404
    return [int(text) for text in texts]


def selection_context(
    request: ConsoleRequest, accounts: list[Account], title: str
) -> dict[str, Any]:
    return {
        "tab": "accounts",
        "title": title % {"n": len(accounts)},
        "accounts": accounts,
        "shown": accounts[:NAMES_SHOWN],
        "more": len(accounts[NAMES_SHOWN:]),
        "ids": ",".join(str(account.pk) for account in accounts),
        "back": _back(request),
        "list_url": list_url(request),
    }


def _back(request: ConsoleRequest) -> str:
    asked = request.POST or request.GET
    return asked.get("back", "")


def list_url(request: ConsoleRequest) -> str:
    query = QueryDict(_back(request)).urlencode()
    return f"{reverse(LIST)}?{query}" if query else reverse(LIST)


def nothing_chosen(request: ConsoleRequest) -> HttpResponse:
    messages.warning(request, _("Tick the accounts first."))
    return go_to(request, list_url(request))


def done(request: ConsoleRequest, text: str) -> HttpResponse:
    """The list at hand shows the change; without scripts it is loaded again."""
    if not wants_part(request):
        messages.success(request, text)
        return go_to(request, list_url(request))
    toast = {"text": text, "kind": "ok"}
    events = {"dialog:close": True, "accounts-changed": True, "toast": toast}
    return trigger(HttpResponse(status=204), **events)
