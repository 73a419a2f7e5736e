"""What the page for self-backup says must happen to mail, both ways."""

import pytest

from accounts.presets import FULL_ADMINISTRATOR
from tests.factories.accounts import AccountFactory, grant
from tests.mail_server.conftest import letter, send, subjects

OUTSIDER = "friend@elsewhere.example"
PAGES = "/console/apps/backup/"


@pytest.fixture
def members(client, transactional_db):
    main = AccountFactory(name="主")
    others = [AccountFactory(organization=main.organization, domain=main.domain) for _ in range(2)]
    grant(main, FULL_ADMINISTRATOR)
    client.force_login(main)
    return main, *others


def test_what_a_backed_up_mailbox_sends_and_receives_is_in_the_main_one_until_it_ends(
    smtp, client, members
):
    main, backed_up, colleague = members
    made = client.post(f"{PAGES}create/", {"main": main.pk, "backed_up": backed_up.pk})
    assert made.status_code == 302
    received, sent = letter("Received"), letter("Sent", sender=backed_up.address)
    send(smtp(), OUTSIDER, backed_up.address, message=received)
    send(smtp(backed_up), backed_up.address, colleague.address, message=sent)

    client.post(f"{PAGES}delete/", {"id": backed_up.backed_up_by.pk})
    send(smtp(), OUTSIDER, backed_up.address, message=letter("Later"))

    assert sorted(subjects(main)) == ["Received", "Sent"]
    assert sorted(subjects(backed_up)) == ["Later", "Received"]
    assert subjects(colleague) == ["Sent"]
