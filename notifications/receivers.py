from typing import Any

from django.dispatch import receiver

from accounts.signals import mailboxes_created
from admin_platform.operator import Operator
from notifications.services.welcome import welcome_new_mailboxes


@receiver(mailboxes_created)
def welcome(sender: object, *, mailbox_ids: list[int], actor: Operator, **_: Any) -> None:
    welcome_new_mailboxes(mailbox_ids=mailbox_ids, actor=actor)
