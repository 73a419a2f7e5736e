from django.db import models
from django.utils.translation import gettext_lazy as _


class SenderRule(models.TextChoices):
    """Who may write to a list (manual, 6.2)."""

    EVERYONE = "everyone", _("Everyone")
    MEMBERS = "members", _("Members of the list and the following")
    CHOSEN = "chosen", _("Only the following")
    INSIDE = "inside", _("Everyone in the organization")


class ListStatus(models.TextChoices):
    ACTIVE = "active", _("Normal")
    DISABLED = "disabled", _("Disabled")
