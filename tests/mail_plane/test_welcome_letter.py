"""Welcome letters in mailboxes that Dovecot keeps."""

import pytest

from tests.notifications.test_welcome_letter import (  # noqa: F401
    test_a_job_killed_after_its_letters_were_stored_repeats_none,
    test_a_mailbox_without_room_or_gone_is_counted_as_failed,
    test_a_new_mailbox_finds_the_letter_of_the_house_with_its_own_values,
    test_attachments_come_along_and_keep_their_names,
    test_whom_the_mailbox_may_receive_from_does_not_matter,
)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("mail_in_dovecot"),
]
