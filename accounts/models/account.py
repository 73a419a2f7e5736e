from __future__ import annotations

from datetime import UTC, datetime
from typing import ClassVar

from django.contrib.auth.models import (
    AbstractBaseUser,
    BaseUserManager,
    PermissionsMixin,
)
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Coalesce, Concat, Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import AccountStatus
from accounts.validators import (
    ADDRESS_MAX_LENGTH,
    LOCAL_PART_MAX_LENGTH,
    validate_local_part,
    validate_mobile,
)
from orgs.models import Department, Domain, Organization

# Sorts before every real sign-in; keyset paging needs a value where there is none.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(address=(username or "").lower())


class Account(AbstractBaseUser, PermissionsMixin):
    """A member of an organization. Signs in; has a mailbox or not.

    address: local part and domain, the account's primary address, reserved in Address
    like every alias and list. pinyin: the name's pinyin in full and as initials, for
    search; lists sort names by it. frozen_until: when a frozen account becomes a disabled
    one by itself; None for never. deleted_at: set while a deleted account can still be
    restored (manual, 10.5: frozen for 7 days). search_text and name_grams are kept by the
    database.
    """

    organization = models.ForeignKey(
        Organization,
        verbose_name=_("organization"),
        on_delete=models.PROTECT,
        related_name="accounts",
    )
    domain = models.ForeignKey(
        Domain,
        verbose_name=_("domain"),
        on_delete=models.PROTECT,
        related_name="accounts",
    )
    local_part = models.CharField(
        _("account"), max_length=LOCAL_PART_MAX_LENGTH, validators=[validate_local_part]
    )
    address = models.CharField(_("address"), max_length=ADDRESS_MAX_LENGTH, unique=True)
    name = models.CharField(_("full name"), max_length=64)
    pinyin = models.CharField(max_length=320, blank=True)
    employee_no = models.CharField(_("employee no."), max_length=32, blank=True)
    mobile = models.CharField(_("mobile"), max_length=32, blank=True, validators=[validate_mobile])
    title = models.CharField(_("position"), max_length=64, blank=True)
    status = models.CharField(
        _("status"),
        max_length=16,
        choices=AccountStatus.choices,
        default=AccountStatus.ACTIVE,
    )
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    frozen_until = models.DateTimeField(_("frozen until"), null=True, blank=True)
    deleted_at = models.DateTimeField(_("deleted at"), null=True, blank=True)
    must_change_password = models.BooleanField(
        _("must change the password at the next sign-in"), default=False
    )
    password_changed_at = models.DateTimeField(_("password changed at"), default=timezone.now)
    is_staff = models.BooleanField(_("staff of the provider"), default=False)
    departments: models.ManyToManyField[Department, Membership] = models.ManyToManyField(
        Department, through="Membership", related_name="accounts"
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)
    search_text = models.GeneratedField(
        expression=Lower(
            Concat(
                F("name"), Value(" "), F("address"), Value(" "), F("pinyin"),
                Value(" "), F("mobile"), Value(" "), F("employee_no"),
            )
        ),
        output_field=models.TextField(),
        db_persist=True,
    )  # fmt: skip
    name_grams = models.GeneratedField(
        expression=Func(F("name"), function="mp_grams"),
        output_field=ArrayField(models.TextField()),
        db_persist=True,
    )

    USERNAME_FIELD = "address"
    EMAIL_FIELD = "address"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = AccountManager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.CheckConstraint(
                name="account_address_is_its_parts",
                condition=Q(address__startswith=Concat(F("local_part"), Value("@"))),
            ),
            models.UniqueConstraint(
                fields=["organization", "employee_no"],
                condition=~Q(employee_no=""),
                name="account_employee_no",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "address", "id"], name="account_by_address"),
            models.Index(fields=["organization", "pinyin", "id"], name="account_by_pinyin"),
            models.Index(fields=["organization", "-created_at", "-id"], name="account_by_age"),
            models.Index(
                F("organization"),
                Coalesce("last_login", Value(NEVER)).desc(),
                F("id").desc(),
                name="account_by_sign_in",
            ),
            # The few that a filter by status looks for among very many.
            models.Index(
                fields=["organization", "pinyin", "id"],
                condition=~Q(status=AccountStatus.ACTIVE),
                name="account_not_active",
            ),
            models.Index(
                fields=["organization", "pinyin", "id"],
                condition=Q(expires_at__isnull=False),
                name="account_expiring",
            ),
            models.Index(
                fields=["frozen_until"],
                condition=Q(frozen_until__isnull=False),
                name="account_frozen_until",
            ),
            GinIndex(OpClass("search_text", name="gin_trgm_ops"), name="account_search"),
            GinIndex(fields=["name_grams"], name="account_grams"),
        ]

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>"

    def get_full_name(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Whether the account may be used now: normal, not deleted, not expired."""
        return (
            self.status == AccountStatus.ACTIVE and self.deleted_at is None and not self.is_expired
        )

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def has_mailbox(self) -> bool:
        return hasattr(self, "mailbox")


class Membership(models.Model):
    """That an account belongs to a department; one of its departments is the primary one."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="memberships")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="memberships")
    is_primary = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["department", "account"], name="membership_once"),
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(is_primary=True),
                name="membership_one_primary",
            ),
        ]
        indexes = [
            # The few further memberships, looked at apart when a subtree is counted.
            models.Index(
                fields=["department"],
                condition=Q(is_primary=False),
                name="membership_further",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} in {self.department_id}"
