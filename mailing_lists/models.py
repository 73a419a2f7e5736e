from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Account, Address
from accounts.validators import ADDRESS_MAX_LENGTH, validate_address
from mailing_lists.choices import ListStatus, SenderRule
from orgs.models import Department, Organization


class MailingList(models.Model):
    """An address that delivers to its members."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="mailing_lists"
    )
    address = models.OneToOneField(
        Address, verbose_name=_("address"), on_delete=models.PROTECT, related_name="mailing_list"
    )
    name = models.CharField(pgettext_lazy("thing", "name"), max_length=64)
    description = models.CharField(_("description"), max_length=200, blank=True)
    sender_rule = models.CharField(
        _("who may send"),
        max_length=16,
        choices=SenderRule.choices,
        default=SenderRule.INSIDE,
    )
    status = models.CharField(
        _("status"), max_length=16, choices=ListStatus.choices, default=ListStatus.ACTIVE
    )
    in_directory = models.BooleanField(_("shown in the directory"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("mailing list")
        verbose_name_plural = _("mailing lists")

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>"


class ListMember(models.Model):
    """A member: just one of an account, a department with all below it, another list, or an
    outside address. A department follows the tree: who joins it is a member at once."""

    mailing_list = models.ForeignKey(MailingList, on_delete=models.CASCADE, related_name="members")
    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE)
    department = models.ForeignKey(Department, null=True, on_delete=models.CASCADE)
    nested = models.ForeignKey(
        MailingList, null=True, on_delete=models.CASCADE, related_name="nested_in"
    )
    outside = models.CharField(
        max_length=ADDRESS_MAX_LENGTH, blank=True, validators=[validate_address]
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="list_member_is_one_thing",
                condition=Q(account__isnull=False, department=None, nested=None, outside="")
                | Q(account=None, department__isnull=False, nested=None, outside="")
                | Q(account=None, department=None, nested__isnull=False, outside="")
                | Q(account=None, department=None, nested=None) & ~Q(outside=""),
            ),
            models.UniqueConstraint(fields=["mailing_list", "account"], name="list_member_account"),
            models.UniqueConstraint(
                fields=["mailing_list", "department"], name="list_member_department"
            ),
            models.UniqueConstraint(fields=["mailing_list", "nested"], name="list_member_nested"),
            models.UniqueConstraint(
                fields=["mailing_list", "outside"],
                condition=~Q(outside=""),
                name="list_member_outside",
            ),
        ]

    def __str__(self) -> str:
        return str(self.account or self.department or self.nested or self.outside)


class ListSender(models.Model):
    """Somebody who may write to the list beside the rule: an inside account, or an address
    outside, for which MAIL FROM is all that is known."""

    mailing_list = models.ForeignKey(MailingList, on_delete=models.CASCADE, related_name="senders")
    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE)
    outside = models.CharField(
        max_length=ADDRESS_MAX_LENGTH, blank=True, validators=[validate_address]
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="list_sender_is_one_thing",
                condition=Q(account__isnull=False, outside="") | (Q(account=None) & ~Q(outside="")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.account or self.outside)
