"""Message trace and mail volume, as a person uses them."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Account
from accounts.presets import FULL_ADMINISTRATOR
from mail_server.choices import EventKind
from mail_server.services.events import Event, record_events
from tests.browser.test_logs import sign_in
from tests.factories.accounts import AccountFactory, grant


@pytest.fixture
def administrator() -> Account:
    account = AccountFactory(name="陈思远")
    grant(account, FULL_ADMINISTRATOR)
    return account


def test_from_the_volume_of_a_mailbox_to_the_way_of_a_message(open_page, administrator):
    told = {"login": administrator.address, "sender": administrator.address, "subject": "报价单"}
    record_events(
        Event(at=timezone.now(), kind=kind, recipient="old@gone.example", queue_id="Q1", **told)
        for kind in (EventKind.RECEIVED, EventKind.REFUSED)
    )
    page = open_page()
    sign_in(page, administrator)

    page.goto("/console/volume/")
    page.get_by_role("link", name="发送量前 15 位").click()
    page.get_by_role("link", name=administrator.address).click()
    page.get_by_role("link", name="报价单").click()

    drawer = page.get_by_role("dialog", name="报价单")
    expect(drawer.get_by_role("listitem")).to_contain_text(["已接收", "被拒绝"])
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
