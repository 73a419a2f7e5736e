"""Shared contacts (manual, 5.2): people outside the organization, for all of its members."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, TextField, Value
from django.db.models.functions import Cast, Concat, LPad
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from admin_platform.name_pinyin import name_pinyin
from admin_platform.pinyin import PINYIN_MAX_LENGTH
from orgs.models.organization import Organization

MAX_GROUPS = 200
MAX_ADDRESSES = 5
MAX_POSITION = 999_999
DEFAULT_POSITION = 100
NAME_MAX_LENGTH = 64
# RFC 5321, 4.5.3.1.3: a path of 256 octets, "<" and ">" among them.
ADDRESS_MAX_LENGTH = 254
NOTE_MAX_LENGTH = 500


class ContactGroup(models.Model):
    """position: its place among the groups of the organization; the smaller comes first."""

    organization = models.ForeignKey(
        Organization,
        verbose_name=_("organization"),
        on_delete=models.CASCADE,
        related_name="contact_groups",
    )
    name = models.CharField(_("name"), max_length=NAME_MAX_LENGTH)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("group of contacts")
        verbose_name_plural = _("groups of contacts")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "name"], name="contact_group_name")
        ]

    def __str__(self) -> str:
        return self.name


class Contact(models.Model):
    """addresses: the first one is the main one. group: None for those in no group.

    position: the smaller comes first; with the same one the name's pinyin counts, as
    sort_key has it, which is kept by the database. pinyin and search_text follow from
    the rest and are set by `index`.
    """

    organization = models.ForeignKey(
        Organization,
        verbose_name=_("organization"),
        on_delete=models.CASCADE,
        related_name="contacts",
    )
    group = models.ForeignKey(
        ContactGroup,
        verbose_name=_("group"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="contacts",
    )
    name = models.CharField(_("full name"), max_length=NAME_MAX_LENGTH)
    addresses = ArrayField(
        models.CharField(max_length=ADDRESS_MAX_LENGTH),
        verbose_name=_("addresses"),
        default=list,
        blank=True,
        size=MAX_ADDRESSES,
    )
    mobile = models.CharField(_("mobile"), max_length=32, blank=True)
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    company = models.CharField(_("company"), max_length=128, blank=True)
    title = models.CharField(_("position"), max_length=64, blank=True)
    note = models.CharField(_("remark"), max_length=NOTE_MAX_LENGTH, blank=True)
    position = models.PositiveIntegerField(_("order"), default=DEFAULT_POSITION)
    pinyin = models.CharField(max_length=PINYIN_MAX_LENGTH, blank=True)
    search_text = models.TextField(blank=True)
    sort_key = models.GeneratedField(
        expression=Concat(
            LPad(Cast(F("position"), TextField()), 6, Value("0")), Value(" "), F("pinyin")
        ),
        output_field=models.TextField(),
        db_persist=True,
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now)

    class Meta:
        verbose_name = _("shared contact")
        verbose_name_plural = _("shared contacts")
        constraints = [
            models.CheckConstraint(
                name="contact_position_sorts", condition=models.Q(position__lte=MAX_POSITION)
            )
        ]
        indexes = [
            models.Index(fields=["organization", "sort_key", "id"], name="contact_in_order"),
            models.Index(fields=["group", "sort_key", "id"], name="contact_of_group"),
            GinIndex(OpClass("search_text", name="gin_trgm_ops"), name="contact_search"),
        ]

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.addresses else self.name

    @property
    def address(self) -> str:
        """The main one; "" for none."""
        return self.addresses[0] if self.addresses else ""

    def index(self) -> None:
        """Set what is searched and sorted by; to be called before saving."""
        self.pinyin = name_pinyin(self.name)
        parts = [self.name, *self.addresses, self.pinyin, self.mobile, self.phone, self.company]
        self.search_text = " ".join(part for part in parts if part).lower()
