from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from mptt.models import MPTTModel, TreeForeignKey

from admin_platform.pinyin import PINYIN_MAX_LENGTH
from orgs.models.organization import Organization
from orgs.validators import validate_department_name

# Levels below the root, which is the organization itself.
MAX_LEVELS = 12
NAME_MAX_LENGTH = 64
DESCRIPTION_MAX_LENGTH = 500


class Department(MPTTModel):
    """A node of an organization's tree. The root stands for the organization itself.

    Siblings are in the order of `lft`. Every change of a tree holds a lock on its
    organization (services.departments), for MPTT renumbers many rows at once.
    pinyin: of the name, by which it is found (admin_platform.pinyin.spelled).
    """

    organization = models.ForeignKey(
        Organization,
        verbose_name=_("organization"),
        on_delete=models.PROTECT,
        related_name="departments",
    )
    parent = TreeForeignKey(
        "self",
        verbose_name=_("parent department"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    name = models.CharField(
        pgettext_lazy("thing", "name"),
        max_length=NAME_MAX_LENGTH,
        validators=[validate_department_name],
    )
    pinyin = models.CharField(max_length=PINYIN_MAX_LENGTH, blank=True, editable=False)
    description = models.CharField(_("description"), max_length=DESCRIPTION_MAX_LENGTH, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    # Fields that MPTT adds, said again for the types.
    lft: int
    rght: int
    tree_id: int
    level: int

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        constraints = [
            models.UniqueConstraint(fields=["parent", "name"], name="department_sibling_name"),
            models.UniqueConstraint(
                fields=["organization"],
                condition=models.Q(parent=None),
                name="department_one_root",
            ),
        ]
        indexes = [models.Index(fields=["tree_id", "lft"], name="department_tree")]

    def __str__(self) -> str:
        return self.name


class DepartmentCount(models.Model):
    """How many accounts a department has, kept by triggers on the memberships.

    members: accounts of which it is any department. primaries: of which it is the
    primary one; summed over a tree that is the number of accounts.
    shared: how often an account is found twice when it is counted here, once for every
    further branch below (the department itself being one) that has it too. Hence
    members - shared, summed over a subtree, counts its accounts, each once.
    """

    department = models.OneToOneField(
        Department, primary_key=True, on_delete=models.CASCADE, related_name="count"
    )
    members = models.IntegerField(default=0)
    primaries = models.IntegerField(default=0)
    shared = models.IntegerField(default=0, db_default=0)

    def __str__(self) -> str:
        return f"{self.department_id}: {self.members}"
