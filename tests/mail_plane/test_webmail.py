"""The webmail over mail that Dovecot keeps: the tests of tests/webmail that ask the store."""

import pytest
from django.urls import reverse

from mail_server.models import QueuedMessage
from tests.webmail.test_webmail import (  # noqa: F401
    compose,
    member,
    test_a_blind_copy_reaches_its_recipient_and_nobody_sees_it,
    test_a_draft_is_kept_taken_up_and_gone_once_sent,
    test_a_folder_keeps_its_name_where_the_new_one_cannot_be,
    test_a_member_reads_own_mail_only,
    test_a_message_that_is_gone_is_a_404,
    test_a_message_with_an_attachment_reaches_a_colleague_and_the_sent_folder,
    test_a_refused_recipient_is_told_with_the_reason_and_nothing_typed_is_lost,
    test_a_standard_folder_is_not_deleted,
    test_an_attachment_is_downloaded_and_never_shown,
    test_an_own_folder_is_made_filled_and_deleted_with_its_mail,
    test_an_own_folder_is_renamed_with_its_mail,
    test_broken_mail_is_read_as_far_as_it_goes,
    test_deleting_moves_to_the_trash_and_there_for_good,
    test_flags_are_set_on_the_chosen_messages,
    test_forwarding_brings_the_attachments_along,
    test_mail_nested_without_end_is_listed_found_and_opened,
    test_only_the_refused_are_left_when_others_were_reached,
    test_reading_marks_a_message_read,
    test_search_finds_subject_sender_and_text_in_all_folders,
    test_several_words_are_found_wherever_they_stand,
    test_the_list_shows_subject_and_first_words_in_old_charsets,
    test_the_list_shows_who_wrote_what_and_what_is_unread,
)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("mail_in_dovecot"),
]


def test_while_dovecot_is_away_one_is_told_to_come_again(client, member, real_servers):  # noqa: F811
    real_servers.stop_one("dovecot")
    try:
        response = client.get(reverse("webmail:home"))
        sent = compose(client, member.address)
    finally:
        real_servers.start_one("dovecot")
        real_servers.wait_for("lmtp", "sasl", "quota", "imap", "doveadm")

    assert response.status_code == 503
    assert "暂时无法读取邮件" in response.content.decode()
    assert (sent.status_code, QueuedMessage.objects.count()) == (503, 0)
    assert client.get(reverse("webmail:home")).status_code == 200
