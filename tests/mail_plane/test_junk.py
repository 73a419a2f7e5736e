"""Where mail that was marked as spam goes."""

from email import message_from_bytes

import pytest

from mail_server.stores import mail_store
from mail_server.stores.base import INBOX, JUNK
from tests.factories.accounts import AccountFactory
from tests.mail_plane.letters import (
    OUTSIDER,
    dated,
    from_outside,
    hand_in,
    publish_outside,
    real_only,
)
from tests.mail_server.conftest import inbox, letter, send

pytestmark = real_only


@pytest.fixture
def forgery(zone):
    """A message whose sender's domain asks to mark what does not prove to be from there."""
    publish_outside(zone)
    zone.publish("strict.example", "A", "192.0.2.99")
    zone.publish_text("_dmarc.strict.example", "v=DMARC1; p=quarantine")
    return dated(letter("Prize", sender="ceo@strict.example"))


def test_marked_mail_goes_into_junk_and_the_rest_into_the_inbox(plane, smtp, forgery):
    account = AccountFactory()

    hand_in(from_outside(smtp()), OUTSIDER, account.address, forgery)
    hand_in(from_outside(smtp()), OUTSIDER, account.address, dated(letter("Plans")))
    plane.settle()

    (junk,) = inbox(account, JUNK)
    content = mail_store().read(account.mailbox.store_path, JUNK, junk.key)
    assert (junk.subject, message_from_bytes(content)["X-Spam"]) == ("Prize", "Yes")
    assert [found.subject for found in inbox(account, INBOX)] == ["Plans"]


def test_a_folder_that_the_member_has_not_opened_yet_is_made_by_the_mail(plane, smtp):
    account = AccountFactory()

    send(smtp(), OUTSIDER, account.address, message=letter("Prize", X_Spam="Yes"))
    plane.settle()

    assert [found.subject for found in inbox(account, JUNK)] == ["Prize"]
