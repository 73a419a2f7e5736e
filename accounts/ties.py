"""What else hangs on an account: shown before it is deleted.

An app writes a `ties.py` that registers a provider. What becomes of a tie is the app's
affair: rows go with the account, or a receiver of `accounts_deleted` ends them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import Account, Grant
from accounts.selectors.forwards import addresses_of, forwarding_to
from admin_platform.operator import Operator

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Tie:
    """label: what the account has there ("Member of mailing lists"); names: the first ones."""

    label: str
    names: tuple[str, ...]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.names)


Provider = Callable[[Collection[int], Operator], Iterable[Tie]]

_providers: list[Provider] = []


def register_ties(provider: Provider) -> Provider:
    """Register a function of account ids and operator, who may not learn all names."""
    _providers.append(provider)
    return provider


def tie(label: str, names: Collection[str], total: int | None = None) -> list[Tie]:
    """The tie with the first of the names; nothing where there is none. total: of all."""
    total = len(names) if total is None else total
    return [Tie(label, tuple(names)[:SHOWN], total)] if total else []


def ties_of(account_ids: Collection[int], operator: Operator) -> list[Tie]:
    return [found for provider in _providers for found in provider(account_ids, operator)]


@register_ties
def own_ties(account_ids: Collection[int], operator: Operator) -> Iterable[Tie]:
    grants = Grant.objects.filter(account__in=account_ids).select_related("role")
    forwarding = forwarding_to(addresses_of(account_ids), but=account_ids)
    seen = operator.scope(Account.objects.filter(mailbox__in=forwarding)).order_by("pinyin", "pk")
    return [
        *tie(_("Roles, which end"), sorted({str(grant.role.label) for grant in grants})),
        *tie(
            _("Forwarding to it, which ends"),
            list(seen.values_list("name", flat=True)[:SHOWN]),
            forwarding.count(),
        ),
    ]
