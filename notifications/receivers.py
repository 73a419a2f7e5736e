from typing import Any

from django.dispatch import receiver

from accounts.signals import mailboxes_created
from admin_platform.operator import Operator
from notifications.services.password_warnings import queue_warnings
from notifications.services.welcome import welcome_new_mailboxes
from security.signals import passwords_expiring


@receiver(mailboxes_created)
def welcome(sender: object, *, mailbox_ids: list[int], actor: Operator, **_: Any) -> None:
    welcome_new_mailboxes(mailbox_ids=mailbox_ids, actor=actor)


@receiver(passwords_expiring)
def warn(sender: object, *, organization_id: int, account_ids: list[int], **_: Any) -> None:
    queue_warnings(organization_id=organization_id, account_ids=account_ids)
