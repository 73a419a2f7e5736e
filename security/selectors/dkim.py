"""With what a domain's mail is signed."""

from __future__ import annotations

from security.models import DkimKey


def signing_key(domain_name: str) -> DkimKey | None:
    keys = DkimKey.objects.filter(domain__name=domain_name, is_active=True)
    return keys.select_related("domain").first()
