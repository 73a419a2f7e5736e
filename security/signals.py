"""What security tells the apps above it. Sent inside the transaction of the change."""

from django.dispatch import Signal

# Passwords expire soon; each is announced once for each number of days. organization_id:
# int, account_ids: list[int], all of one organization.
passwords_expiring = Signal()

# A member's sessions were ended, all but perhaps the one at hand, or a new password ends
# them: mail clients are to sign in again too. account: Account.
sessions_ended = Signal()
