"""What becomes of mail that does not prove its sender, by what the sender's domain asks."""

import pytest
from django.conf import settings

from tests.factories.accounts import AccountFactory
from tests.mail_plane.letters import (
    OUTSIDER,
    dated,
    from_outside,
    hand_in,
    publish_outside,
    real_only,
)
from tests.mail_server.conftest import letter

pytestmark = real_only

FORGED = "ceo@strict.example"


REFUSED = (
    554,
    "5.7.1 Message refused: it does not prove its sender, whose domain asks to refuse it (DMARC)",
)


def forgery(recipient):
    return dated(letter(sender=FORGED, to=recipient.address))


@pytest.fixture
def strict(zone):
    """Publishes what the domain asks of others."""
    zone.publish("strict.example", "A", "192.0.2.99")
    publish_outside(zone)

    def publish(policy):
        zone.publish_text("_dmarc.strict.example", f"v=DMARC1; p={policy}")

    return publish


def test_a_forged_message_is_refused_where_the_domain_asks_it(plane, smtp, subjects, strict):
    strict("reject")
    account = AccountFactory()

    answer = hand_in(from_outside(smtp()), OUTSIDER, account.address, forgery(account))

    assert answer == REFUSED
    assert subjects(account) == []


@pytest.mark.parametrize(("policy", "marked"), [("quarantine", ["Yes"]), ("none", [])])
def test_a_forged_message_is_marked_where_the_domain_asks_it(
    plane, smtp, strict, policy, marked, stored
):
    strict(policy)
    account = AccountFactory()

    answer = hand_in(from_outside(smtp()), OUTSIDER, account.address, forgery(account))

    assert answer[0] == 250
    assert stored(account).get_all("X-Spam", []) == marked


def test_a_message_from_where_the_domain_sends_passes(plane, zone, smtp, stored, strict):
    strict("reject")
    zone.publish_text("strict.example", "v=spf1 ip4:192.0.2.10 -all")
    account = AccountFactory()

    answer = hand_in(from_outside(smtp()), FORGED, account.address, forgery(account))

    assert answer[0] == 250
    assert "dmarc=pass" in stored(account)["Authentication-Results"]


def test_nobody_from_the_outside_says_what_was_found(plane, smtp, zone, strict, stored):
    strict("none")
    account = AccountFactory()
    message = forgery(account)
    message["Authentication-Results"] = f"{settings.MAIL_HOST_NAME}; dmarc=pass"

    hand_in(from_outside(smtp()), OUTSIDER, account.address, message)

    found = stored(account).get_all("Authentication-Results")
    assert len(found) == 1
    assert "dmarc=pass" not in found[0]
