from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class NoticeQuerySet(models.QuerySet["ProviderNotice"]):
    def current(self) -> "NoticeQuerySet":
        now = timezone.now()
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=now), starts_at__lte=now)


class ProviderNotice(models.Model):
    """What the provider tells all administrators on their home page (manual, 3⑤)."""

    title = models.CharField(_("title"), max_length=128)
    body = models.TextField(_("text"), blank=True)
    starts_at = models.DateTimeField(_("shown from"), default=timezone.now)
    ends_at = models.DateTimeField(_("shown until"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("provider notice")
        verbose_name_plural = _("provider notices")
        ordering = ["-starts_at"]

    def __str__(self) -> str:
        return self.title
