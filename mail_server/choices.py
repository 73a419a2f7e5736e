from django.db import models
from django.utils.translation import gettext_lazy as _


class DeliveryState(models.TextChoices):
    """What became of a message for one recipient (RFC 3464's actions, and the outbox)."""

    PENDING = "pending", _("Waiting")
    DELIVERED = "delivered", _("Delivered")
    DEFERRED = "deferred", _("Deferred")
    BOUNCED = "bounced", _("Bounced")
    HELD = "held", _("Held in the outbox")
