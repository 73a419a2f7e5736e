"""The keys with which a domain's mail is signed: making, changing and removing them.

To rotate: make a key, publish its record, activate it, and remove the former one when no
mail that it signed can still be on its way.
"""

from __future__ import annotations

import base64

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.db import transaction
from django.utils import timezone

from admin_platform import audit, crypto
from admin_platform.operator import Operator
from orgs.models import Domain
from security.errors import DkimKeyInUse
from security.models import DkimKey

KEY_BITS = 2048  # RFC 8301, 3.2


@transaction.atomic
def make_dkim_key(*, domain: Domain, actor: Operator) -> DkimKey:
    """Make a key that signs nothing before it is activated."""
    # Two at once would both take the selector of the day.
    Domain.objects.select_for_update(no_key=True).get(pk=domain.pk)
    private = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    key = DkimKey.objects.create(
        domain=domain,
        selector=_free_selector(domain),
        sealed_key=crypto.encrypt(_pem(private)),
        public_record=_record(private.public_key()),
    )
    audit.record("dkim_key.created", actor=actor, target=domain, after={"selector": key.selector})
    return key


@transaction.atomic
def activate_dkim_key(*, key: DkimKey, actor: Operator) -> None:
    """Sign with this key from the next message on, instead of with the former one."""
    Domain.objects.select_for_update(no_key=True).get(pk=key.domain_id)
    key.domain.dkim_keys.filter(is_active=True).exclude(pk=key.pk).update(is_active=False)
    key.is_active = True
    key.save(update_fields=["is_active"])
    audit.record(
        "dkim_key.activated", actor=actor, target=key.domain, after={"selector": key.selector}
    )


@transaction.atomic
def remove_dkim_key(*, key: DkimKey, actor: Operator) -> None:
    """Raises DkimKeyInUse for the key that signs."""
    found = DkimKey.objects.select_for_update().select_related("domain").get(pk=key.pk)
    if found.is_active:
        raise DkimKeyInUse(found.selector)
    audit.record(
        "dkim_key.removed", actor=actor, target=found.domain, before={"selector": found.selector}
    )
    found.delete()


def _free_selector(domain: Domain) -> str:
    """By the day: caches of nameservers may still know the record of a removed key."""
    day = f"m{timezone.now():%Y%m%d}"
    taken = set(domain.dkim_keys.values_list("selector", flat=True))
    candidates = (day, *(f"{day}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in candidates if name not in taken)


def _pem(key: rsa.RSAPrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def _record(key: rsa.RSAPublicKey) -> str:
    der = key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return f"v=DKIM1; k=rsa; p={base64.b64encode(der).decode()}"
