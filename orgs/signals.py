"""What this app tells the apps above it. Sent inside the transaction of the change."""

from django.dispatch import Signal

# A department is about to get another parent, and has got it: `department`, with the
# tree locked in between.
department_moving = Signal()
department_moved = Signal()

# A department is about to be deleted: `department`, `actor`.
department_deleting = Signal()
