from accounts.models.account import Account, Membership
from accounts.models.account_import import AccountImport, ImportRow
from accounts.models.address import Address
from accounts.models.deletion import Deletion
from accounts.models.grant import Grant, Role
from accounts.models.mailbox import Mailbox, MailboxTotal
from accounts.models.notice_reading import NoticeReading

__all__ = [
    "Account",
    "AccountImport",
    "Address",
    "Deletion",
    "Grant",
    "ImportRow",
    "Mailbox",
    "MailboxTotal",
    "Membership",
    "NoticeReading",
    "Role",
]
