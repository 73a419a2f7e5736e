"""What the console says of deletion, done to mail that Dovecot keeps."""

import pytest

from admin_platform.models import Job
from tests.mail_plane.letters import OUTSIDER, real_only
from tests.mail_server.conftest import letter, send
from tests.mail_server.test_deleted_accounts import (  # noqa: F401
    console,
    delete,
    folders,
    heir,
    leaver,
    run_jobs,
    test_a_deleted_account_neither_sends_nor_receives_until_it_is_restored,
    test_a_job_that_is_repeated_moves_no_message_twice,
    test_deleted_directly_the_mail_is_gone_after_seven_days,
    test_mail_backed_up_is_a_folder_tree_of_the_heir_counted_and_found,
    test_mail_stays_with_the_heir_when_the_account_is_removed_for_good,
    test_mail_that_no_job_has_moved_yet_is_moved_before_the_account_is_removed,
)

pytestmark = real_only


@pytest.fixture
def smtp(smtp, plane):
    """The same sessions; what they have handed over has arrived when they say so."""

    def connect(*args):
        session = smtp(*args)
        hand_over = session.data

        def data(message):
            answer = hand_over(message)
            plane.settle()
            return answer

        session.data = data
        return session

    return connect


def test_while_dovecot_is_away_the_backup_waits(smtp, plane, console, leaver, heir):  # noqa: F811
    send(smtp(), OUTSIDER, leaver.address, message=letter("Contract"))
    delete(console, leaver, mail="keep", heir=str(heir.pk))
    plane.servers.stop_one("dovecot")
    try:
        run_jobs()
        waiting = list(Job.objects.filter(state__in=Job.UNFINISHED))
    finally:
        plane.servers.start_one("dovecot")
        plane.servers.wait_for("lmtp", "sasl", "quota", "imap", "doveadm")

    assert [job.kind for job in waiting] == ["mail.attach"]
    Job.objects.update(lease_until="2020-01-01T00:00Z")
    run_jobs()
    assert list(folders(heir).values()) == [1]
