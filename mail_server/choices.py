from django.db import models
from django.utils.translation import gettext_lazy as _


class DeliveryState(models.TextChoices):
    """What became of a message for one recipient (RFC 3464's actions, and the outbox)."""

    PENDING = "pending", _("Waiting")
    DELIVERED = "delivered", _("Delivered")
    DEFERRED = "deferred", _("Deferred")
    BOUNCED = "bounced", _("Bounced")
    HELD = "held", _("Held in the outbox")


class EventKind(models.TextChoices):
    """What can happen to a message on its way.

    REFUSED: at the door, or given back to the sender later.
    """

    RECEIVED = "received", _("Accepted")
    FILTERED = "filtered", _("Filtered")
    DELIVERED = "delivered", _("Delivered")
    DEFERRED = "deferred", _("Deferred")
    REFUSED = "refused", _("Refused")


class Direction(models.TextChoices):
    """As the organization sees it whose record it is."""

    IN = "in", _("Incoming")
    OUT = "out", _("Outgoing")
    INSIDE = "inside", _("Inside the organization")
