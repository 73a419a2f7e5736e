"""What accounts tell the apps above them. Sent inside the transaction of the change.

Each carries `actor`, the Operator who made the change. A receiver that raises undoes
the change, so it writes rows and leaves slow work to a job.
"""

from django.dispatch import Signal

# Mailboxes came into being. mailbox_ids: list[int], all of one transaction at once.
mailboxes_created = Signal()

# Accounts were enabled, disabled, frozen. account_ids: list[int], status: AccountStatus.
status_changed = Signal()

# Accounts are about to be disabled, frozen, deleted or to expire. account_ids: list[int].
# For receivers that refuse it by an AccountRefused.
accounts_ending = Signal()

# An account's primary address became another one. account: Account, old_address: str,
# kept_as_alias: bool.
address_changed = Signal()

# An account's aliases changed. account: Account, added, removed: list[str].
aliases_changed = Signal()

# Ways into a mailbox were opened or closed. mailbox: Mailbox, before, after:
# dict[str, bool] of the changed ones among web_enabled, imap_enabled, ….
access_changed = Signal()

# An administrator set another password for an account. account: Account.
password_reset = Signal()

# Accounts were deleted and can still be restored. account_ids: list[int], heir: Account
# whose mailbox is to take their mail, or None.
accounts_deleted = Signal()

# A deleted account is about to be removed for good, with all its rows, within a job.
# account: Account, heir: as above. What lies outside the database goes now.
account_purged = Signal()
