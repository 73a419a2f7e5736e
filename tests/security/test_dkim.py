"""Keys that sign a domain's mail."""

from io import StringIO

import pytest
from cryptography.hazmat.primitives import serialization
from django.core.management import CommandError, call_command
from django.db import IntegrityError

from admin_platform.models import AuditRecord
from security.errors import DkimKeyInUse
from security.models import DkimKey
from security.selectors.dkim import signing_key
from security.services.dkim import activate_dkim_key, make_dkim_key, remove_dkim_key
from tests.factories.accounts import system_operator
from tests.factories.orgs import DomainFactory

pytestmark = pytest.mark.django_db


def made(domain):
    return make_dkim_key(domain=domain, actor=system_operator())


def activated(domain):
    key = made(domain)
    activate_dkim_key(key=key, actor=system_operator())
    return key


def test_a_new_key_signs_nothing_before_it_is_activated():
    domain = DomainFactory()

    key = made(domain)

    assert signing_key(domain.name) is None
    activate_dkim_key(key=key, actor=system_operator())
    assert signing_key(domain.name) == key


def test_the_record_to_publish_belongs_to_the_private_key():
    key = made(DomainFactory(name="acme.example"))

    private = serialization.load_pem_private_key(key.private_key.encode(), None)
    public = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    body = "".join(public.decode().splitlines()[1:-1])
    assert key.record_name == f"{key.selector}._domainkey.acme.example"
    assert key.public_record == f"v=DKIM1; k=rsa; p={body}"


def test_the_private_key_is_not_kept_in_the_clear():
    key = DkimKey.objects.get(pk=made(DomainFactory()).pk)

    assert "PRIVATE KEY" in key.private_key
    assert "PRIVATE KEY" not in key.sealed_key


def test_rotating_leaves_one_key_that_signs():
    domain = DomainFactory()
    former = activated(domain)

    key = activated(domain)

    former.refresh_from_db()
    assert key.selector != former.selector
    assert signing_key(domain.name) == key
    assert not former.is_active


def test_two_keys_of_a_domain_cannot_sign_at_once():
    domain = DomainFactory()
    activated(domain)
    other = made(domain)

    with pytest.raises(IntegrityError):
        DkimKey.objects.filter(pk=other.pk).update(is_active=True)


def test_the_key_that_signs_cannot_be_removed():
    domain = DomainFactory()
    former, key = activated(domain), activated(domain)
    former.refresh_from_db()

    remove_dkim_key(key=former, actor=system_operator())
    with pytest.raises(DkimKeyInUse, match=key.selector):
        remove_dkim_key(key=key, actor=system_operator())

    assert list(domain.dkim_keys.all()) == [key]


def test_each_step_is_in_the_log_without_the_key():
    domain = DomainFactory()
    former, _ = activated(domain), activated(domain)
    former.refresh_from_db()
    remove_dkim_key(key=former, actor=system_operator())

    records = AuditRecord.objects.order_by("id")
    actions = [record.action for record in records]
    assert actions == ["dkim_key.created", "dkim_key.activated"] * 2 + ["dkim_key.removed"]
    assert not [record for record in records if "PRIVATE" in str((record.before, record.after))]


def command(*arguments):
    output = StringIO()
    call_command("dkim_key", *arguments, stdout=output)
    return output.getvalue()


def test_the_command_leads_from_no_key_to_a_new_one_that_signs():
    domain = DomainFactory(name="acme.example")

    assert command("acme.example") == ""
    made = command("ACME.example", "make")
    key = domain.dkim_keys.get()
    assert made == f'{key.record_name} TXT "{key.public_record}"\n'
    assert "(signs)" in command("acme.example", "activate")
    assert signing_key("acme.example") == key
    command("acme.example", "make")
    command("acme.example", "activate")
    assert signing_key("acme.example") != key
    command("acme.example", "remove", "--selector", key.selector)
    assert domain.dkim_keys.count() == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["other.example", "make"], "other.example is no domain"),
        (["acme.example", "activate", "--selector", "none"], "there are: m"),
        (["acme.example", "activate"], "Say which key"),
        (["acme.example", "remove", "--selector", "{active}"], r"^m\d{8} "),
    ],
)
def test_the_command_says_what_it_cannot_do(arguments, said):
    key = activated(DomainFactory(name="acme.example"))

    with pytest.raises(CommandError, match=said):
        command(*(text.format(active=key.selector) for text in arguments))
