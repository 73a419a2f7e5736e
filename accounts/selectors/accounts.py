"""The accounts of a department, narrowed, sorted, page by page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.choices import AccountFilter, AccountSort, AccountStatus, MailboxFilter
from accounts.models import Account, Mailbox, Membership
from accounts.models.account import NEVER
from accounts.selectors.attention import EXPIRY_WARNING
from accounts.selectors.search import is_selective, search_condition, words
from admin_platform.operator import Span
from admin_platform.paging import DEFAULT_SIZE, Page, Total, capped_total, keyset_page
from admin_platform.scopes import within
from orgs.models import Department
from orgs.selectors.departments import Counts, counts

# Up to here it is faster to gather a department's accounts than to walk through those of
# the whole organization in the wanted order until enough of them have been met.
FEW = 10_000
# What lists and exports never show.
UNSEEN = ("password", "search_text", "name_grams")


@dataclass(frozen=True, slots=True)
class AccountQuery:
    """What a list of accounts shows.

    department: out of the operator's scope, which thereby is the scope of the accounts.
    is_reversed: against the usual direction of the order, which is the larger number first.
    """

    department: Department
    with_below: bool = True
    search: str = ""
    status: str = ""
    mailbox: str = ""
    sort: str = AccountSort.NAME
    is_reversed: bool = False

    @property
    def is_narrowed(self) -> bool:
        return bool(words(self.search) or self.status or self.mailbox)

    @property
    def is_descending(self) -> bool:
        return (self.sort in DESCENDING) != self.is_reversed


SORT_KEYS: Mapping[str, Combinable] = {
    AccountSort.NAME: F("pinyin"),
    AccountSort.ADDRESS: F("address"),
    AccountSort.CREATED: F("created_at"),
    AccountSort.USAGE: F("mailbox__usage_bytes"),
    AccountSort.SIGN_IN: Coalesce(F("last_login"), Value(NEVER)),
}
DESCENDING = {AccountSort.CREATED, AccountSort.USAGE, AccountSort.SIGN_IN}


def account_page(
    query: AccountQuery, *, cursors: Mapping[str, str], size: int = DEFAULT_SIZE
) -> Page[Account]:
    """One page with mailboxes and departments; the same few queries for any number of accounts."""
    size_of = counts([query.department.pk])[query.department.pk]
    accounts = _matching(query, size_of)
    return keyset_page(
        accounts.annotate(sort_key=_sort_key(query, size_of)),
        key="sort_key",
        rows=shown_accounts(),
        descending=query.is_descending,
        cursors=cursors,
        size=size,
        total=lambda: _total(accounts, query, size_of),
    )


def shown_accounts() -> QuerySet[Account]:
    """Accounts with what a row of a list says of them."""
    return in_departments(Account.objects.select_related("mailbox").defer(*UNSEEN))


def in_departments(accounts: QuerySet[Account]) -> QuerySet[Account]:
    """The accounts with their memberships and departments, the primary one first."""
    memberships = Membership.objects.select_related("department").order_by("-is_primary", "pk")
    return accounts.prefetch_related(Prefetch("memberships", memberships))


def matching_accounts(query: AccountQuery) -> QuerySet[Account]:
    """All of them, in the order of the list."""
    size_of = counts([query.department.pk])[query.department.pk]
    accounts = _matching(query, size_of).annotate(sort_key=_sort_key(query, size_of))
    sign = "-" if query.is_descending else ""
    return accounts.order_by(f"{sign}sort_key", f"{sign}pk")


def _matching(query: AccountQuery, size_of: Counts) -> QuerySet[Account]:
    accounts = Account.objects.filter(
        organization=query.department.organization_id, deleted_at=None
    )
    if not (query.with_below and query.department.parent_id is None):
        accounts = accounts.filter(Exists(_memberships(query)))
    accounts = accounts.filter(search_condition(query.search, few=_are_few(query, size_of)))
    accounts = accounts.filter(_status_condition(query.status), _mailbox_condition(query.mailbox))
    if query.sort == AccountSort.USAGE:
        # Those without a mailbox use nothing; the page says that they are left out.
        accounts = accounts.filter(mailbox__isnull=False)
    return accounts


def _memberships(query: AccountQuery) -> QuerySet[Membership]:
    department = query.department
    if query.with_below:
        span = Span(department.tree_id, department.lft, department.rght)
        places = within((span,), "department__")
    else:
        places = Q(department=department.pk)
    return Membership.objects.filter(places, account=OuterRef("pk"))


def _are_few(query: AccountQuery, size_of: Counts) -> bool:
    return (size_of.total if query.with_below else size_of.direct) <= FEW


def _sort_key(query: AccountQuery, size_of: Counts) -> Combinable:
    key = SORT_KEYS[query.sort]
    if not _are_few(query, size_of) and not is_selective(query.search):
        return key
    # No index has this expression. With one PostgreSQL might walk through it, taking
    # for granted that what is searched is spread evenly over it, which it never is.
    return Coalesce(key, key)


def _total(accounts: QuerySet[Account], query: AccountQuery, size_of: Counts) -> Total:
    if query.is_narrowed or query.sort == AccountSort.USAGE:
        return capped_total(accounts)
    return Total(size_of.total if query.with_below else size_of.direct)


def _status_condition(status: str) -> Q:
    now = timezone.now()
    conditions = {
        AccountFilter.ACTIVE: Q(status=AccountStatus.ACTIVE)
        & (Q(expires_at=None) | Q(expires_at__gt=now)),
        AccountFilter.DISABLED: Q(status=AccountStatus.DISABLED),
        AccountFilter.FROZEN: Q(status=AccountStatus.FROZEN),
        AccountFilter.EXPIRING: Q(status=AccountStatus.ACTIVE)
        & Q(expires_at__gt=now, expires_at__lt=now + EXPIRY_WARNING),
        AccountFilter.EXPIRED: Q(expires_at__lte=now),
    }
    return conditions.get(AccountFilter(status), Q()) if status else Q()


def _mailbox_condition(mailbox: str) -> Q:
    if not mailbox:
        return Q()
    own = Mailbox.objects.filter(account=OuterRef("pk"))
    if mailbox == MailboxFilter.NONE:
        return Q(~Exists(own))
    if mailbox != MailboxFilter.ANY:
        own = own.filter(**{f"{mailbox}_enabled": True})
    return Q(Exists(own))
