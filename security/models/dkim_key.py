from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from admin_platform import crypto
from orgs.models import Domain

SELECTOR_MAX_LENGTH = 63  # RFC 1035, 2.3.4: a label of a name


class DkimKey(models.Model):
    """A key that signs a domain's mail (RFC 6376).

    sealed_key: the private key as PEM, encrypted. public_record: the text to publish as TXT
    under `record_name`. is_active: mail is signed with it. A key is made before its record
    is published, and outlives its rotation for mail that is still on its way.
    """

    domain = models.ForeignKey(
        Domain, verbose_name=_("domain"), on_delete=models.CASCADE, related_name="dkim_keys"
    )
    selector = models.CharField(_("DKIM selector"), max_length=SELECTOR_MAX_LENGTH)
    sealed_key = models.TextField(editable=False)
    public_record = models.TextField(_("record"))
    is_active = models.BooleanField(_("signs mail"), default=False)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)

    class Meta:
        verbose_name = _("DKIM key")
        verbose_name_plural = _("DKIM keys")
        constraints = [
            models.UniqueConstraint(fields=["domain", "selector"], name="dkim_key_selector"),
            models.UniqueConstraint(
                fields=["domain"], condition=Q(is_active=True), name="dkim_key_one_active"
            ),
        ]

    def __str__(self) -> str:
        return self.record_name

    @property
    def record_name(self) -> str:
        return f"{self.selector}._domainkey.{self.domain.name}"

    @property
    def private_key(self) -> str:
        """As PEM. Raises cryptography.fernet.InvalidToken after a change of SECRET_KEY."""
        return crypto.decrypt(self.sealed_key)
