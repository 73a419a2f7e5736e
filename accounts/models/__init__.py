from accounts.models.account import Account, Membership
from accounts.models.account_import import AccountImport, ImportRow
from accounts.models.address import Address
from accounts.models.deletion import Deletion
from accounts.models.directory import ClosedDepartment, Directory, DirectoryEntry
from accounts.models.grant import Grant, Role
from accounts.models.mailbox import Mailbox, MailboxTotal
from accounts.models.notice_reading import NoticeReading

__all__ = [
    "Account",
    "AccountImport",
    "Address",
    "ClosedDepartment",
    "Deletion",
    "Directory",
    "DirectoryEntry",
    "Grant",
    "ImportRow",
    "Mailbox",
    "MailboxTotal",
    "Membership",
    "NoticeReading",
    "Role",
]
