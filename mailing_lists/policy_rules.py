from django.db import connection

from mail_server.policy import Recipient, Sender, Verdict, register_rule

NOT_ALLOWED = Verdict(550, "5.7.1", "You may not send to this mailing list")


@register_rule
def list_sender_rule(sender: Sender, recipient: Recipient, _size: int) -> Verdict | None:
    """Refuse whom the list does not let write (manual, 6.2)."""
    if recipient.kind != "list":
        return None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT mp_list_may_send(%s, %s, %s, %s)",
            [recipient.address_id, sender.account_id, sender.organization_id, sender.envelope],
        )
        return None if cursor.fetchone()[0] else NOT_ALLOWED
