import json

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Account, Mailbox
from accounts.services.limits import storage_left
from admin_platform.models import AuditRecord
from mail_server.choices import DeliveryState
from mail_server.models import Delivery
from mail_server.stores import mail_store
from mailing_lists.models import MailingList
from orgs.models import Department, Organization
from orgs.selectors.organizations import seats_used
from security.choices import Protocol
from security.services.sign_in import sign_in


@pytest.fixture
def demo(transactional_db, settings):
    call_command("make_demo")
    return json.loads((settings.VAR_DIR / "demo_accounts.json").read_text())


def test_the_demo_is_a_company_with_mail_and_everybody_named_can_sign_in(demo):
    company = Organization.objects.get(is_provider=False)

    assert company.accounts.count() >= 58
    assert max(Department.objects.filter(organization=company).values_list("level", flat=True)) == 3
    assert MailingList.objects.count() == 4
    for account in demo.values():
        outcome = sign_in(**account, protocol=Protocol.CONSOLE, ip="127.0.0.1")
        assert outcome.account is not None
    assert not Delivery.objects.exclude(
        state__in=(DeliveryState.DELIVERED, DeliveryState.HELD)
    ).exists()
    member = Mailbox.objects.get(account__address=demo["member"]["address"])
    assert len(mail_store().listing(member.store_path, "INBOX")) > 5
    assert len(mail_store().listing(member.store_path, "Sent")) > 1


def test_the_demo_company_has_room_for_the_import_of_a_thousand_people(demo):
    company = Organization.objects.get(is_provider=False)

    assert company.seats - seats_used(company) >= 1000
    assert storage_left(company) >= 1000 * company.default_quota_bytes


def test_the_demo_was_made_by_services_that_left_their_records(demo):
    made = AuditRecord.objects.filter(action="account.created")

    assert made.count() == Account.objects.count()
    for account in demo.values():
        assert account["password"] not in json.dumps(list(made.values("before", "after")))


def test_a_database_in_use_gets_no_demo(demo):
    with pytest.raises(CommandError):
        call_command("make_demo")


def test_the_demo_shows_people_who_are_away_who_left_and_guests(demo):
    company = Organization.objects.get(is_provider=False)

    states = company.accounts.values_list("status", flat=True)
    assert {"active", "frozen", "disabled"} == set(states)
    assert company.accounts.filter(expires_at__isnull=False).count() == 3


def test_names_of_roles_are_recorded_in_the_language_of_the_platform(demo):
    granted = AuditRecord.objects.filter(action="grant.created")

    assert {record.after["role"] for record in granted} >= {"企业管理员", "服务台"}
