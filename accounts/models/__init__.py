from accounts.models.account import Account, Membership
from accounts.models.address import Address
from accounts.models.grant import Grant, Role
from accounts.models.mailbox import Mailbox, MailboxTotal
from accounts.models.notice_reading import NoticeReading

__all__ = [
    "Account",
    "Address",
    "Grant",
    "Mailbox",
    "MailboxTotal",
    "Membership",
    "NoticeReading",
    "Role",
]
