from django.db import models
from django.utils.translation import gettext_lazy as _

from orgs.models import Organization

SUBJECT_MAX_LENGTH = 200


class WelcomeLetter(models.Model):
    """The first letter of every new mailbox (manual, 6.4.1).

    subject and body hold fields such as {name}; body is rich text, cleaned when saved.
    """

    organization = models.OneToOneField(
        Organization, on_delete=models.CASCADE, related_name="welcome_letter"
    )
    enabled = models.BooleanField(_("switched on"), default=True)
    subject = models.CharField(_("subject"), max_length=SUBJECT_MAX_LENGTH)
    body = models.TextField(_("text"))
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)

    class Meta:
        verbose_name = _("welcome letter")
        verbose_name_plural = _("welcome letters")

    def __str__(self) -> str:
        return self.subject


class WelcomeAttachment(models.Model):
    """A file that goes with the welcome letter; name and type as it was uploaded."""

    letter = models.ForeignKey(WelcomeLetter, on_delete=models.CASCADE, related_name="attachments")
    file = models.FileField(upload_to="welcome/", max_length=200)
    name = models.CharField(_("file name"), max_length=200)
    content_type = models.CharField(max_length=128, blank=True)
    size_bytes = models.PositiveIntegerField(_("size in bytes"))

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name
