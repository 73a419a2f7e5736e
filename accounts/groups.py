"""What accounts can be put into by the apps above: the sections of the account form.

An app (mailing lists) writes a `groups.py` that registers a provider; the account form
shows one section for each.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from django.utils.functional import Promise

from accounts.models import Account
from admin_platform.operator import Operator


@dataclass(frozen=True, slots=True)
class Choice:
    """key: what the provider calls it; detail: what stands behind it in small letters."""

    key: str
    label: str
    detail: str = ""


class GroupProvider(Protocol):
    """code: names it in forms and records; label: heads its field ("Join mailing lists")."""

    code: str
    label: str | Promise

    def choices(self, operator: Operator) -> list[Choice]:
        """What the operator may put accounts into; empty hides the section."""

    def joined(self, account: Account) -> Collection[str]:
        """The keys that the account is in by itself, also outside the operator's choices."""

    def set(self, *, account: Account, keys: Collection[str], actor: Operator) -> None:
        """Put the account into exactly these of the operator's choices; others stay as they are.

        Runs in the transaction of the account's change and writes its own audit record.
        """


_providers: dict[str, GroupProvider] = {}


def register_groups(provider: GroupProvider) -> None:
    _providers[provider.code] = provider


def providers() -> list[GroupProvider]:
    return list(_providers.values())


def set_groups(*, account: Account, chosen: Mapping[str, Collection[str]], actor: Operator) -> None:
    """chosen: provider code to keys; providers that are not named are left alone."""
    for code, keys in chosen.items():
        _providers[code].set(account=account, keys=keys, actor=actor)
