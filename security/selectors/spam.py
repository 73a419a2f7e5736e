"""What organizations say of spam, for a page and for the mail servers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from orgs.models import Domain, Organization
from security.models import SpamListEntry, SpamRule


@dataclass(slots=True)
class SpamPolicy:
    """All that one organization says. entries: by list and kind, then by their values."""

    organization_id: int
    rule: SpamRule | None = None
    domains: list[str] = field(default_factory=list)
    entries: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))


def spam_rule_of(organization: Organization) -> SpamRule:
    """What holds for the organization; not stored yet where nobody changed it."""
    found = SpamRule.objects.filter(organization=organization).first()
    return found or SpamRule(organization=organization)


def spam_policies() -> Iterator[SpamPolicy]:
    """Of the organizations that say something and have a domain; in order of their ids."""
    policies: dict[int, SpamPolicy] = {}
    for rule in SpamRule.objects.all():
        policies[rule.pk] = SpamPolicy(rule.pk, rule)
    for entry in SpamListEntry.objects.order_by("value"):
        policy = policies.setdefault(entry.organization_id, SpamPolicy(entry.organization_id))
        policy.entries[entry.listed_as, entry.kind].append(entry.value)
    domains = Domain.objects.filter(organization__in=policies).order_by("name")
    for organization_id, name in domains.values_list("organization_id", "name"):
        policies[organization_id].domains.append(name)
    return (policies[pk] for pk in sorted(policies) if policies[pk].domains)
