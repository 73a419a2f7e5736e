from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from admin_platform.models import Job
from orgs.models import Department, Domain, Organization

# Stands for a typed password that was not kept any longer.
DROPPED = "-"


class AccountImport(models.Model):
    """One uploaded file of accounts to be: what was in it, what became of it.

    file: until its rows are staged; it may hold passwords. domain, department: for rows
    that name none. columns: the codes of the columns found; ignored: headings that no
    column has. missing_departments: paths that would be created. refusal: why the file
    as a whole cannot be used. seed: what generated passwords are derived from
    (`accounts.initial_passwords`), encrypted, dropped at secrets_until. batch: of the
    audit records.
    """

    class State(models.TextChoices):
        CHECKING = "checking", _("Being checked")
        REFUSED = "refused", _("File not readable")
        CHECKED = "checked", _("Waiting for your decision")
        IMPORTING = "importing", _("Being imported")
        DONE = "done", _("Imported")
        DISCARDED = "discarded", _("Not imported")

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="account_imports"
    )
    owner_id = models.BigIntegerField(null=True)
    owner_name = models.CharField(_("owner"), max_length=320)
    state = models.CharField(max_length=16, choices=State.choices, default=State.CHECKING)
    file = models.FileField(upload_to="imports/", blank=True)
    file_name = models.CharField(_("file"), max_length=255)
    domain = models.ForeignKey(Domain, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(
        Department, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    create_departments = models.BooleanField(default=False)
    must_change_password = models.BooleanField(default=True)
    all_or_nothing = models.BooleanField(default=False)
    columns = models.JSONField(default=list)
    ignored = models.JSONField(default=list)
    missing_departments = models.JSONField(default=list)
    refusal = models.TextField(blank=True)
    total_rows = models.PositiveIntegerField(default=0)
    bad_rows = models.PositiveIntegerField(default=0)
    imported_rows = models.PositiveIntegerField(default=0)
    seed = models.TextField(blank=True)
    secrets_until = models.DateTimeField(null=True)
    batch = models.UUIDField(default=uuid.uuid4)
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("import of accounts")
        verbose_name_plural = _("imports of accounts")
        indexes = [models.Index(fields=["organization", "-id"], name="import_organization")]

    def __str__(self) -> str:
        return self.file_name

    @property
    def good_rows(self) -> int:
        """Rows without a problem that are not in yet."""
        return self.total_rows - self.bad_rows - self.imported_rows

    @property
    def has_passwords(self) -> bool:
        """Whether the initial passwords can still be derived."""
        return bool(self.seed) and (
            self.secrets_until is None or self.secrets_until > timezone.now()
        )


class ImportRow(models.Model):
    """One row of an uploaded file, as typed and as understood.

    values: column code to text; a password is encrypted. marks: what was wrong with cells
    when they were read; problems: all that is wrong, each with column, value and reason.
    clean: what will be written (services.import_rows).
    account_id: the account that the row became.
    """

    class State(models.TextChoices):
        NEW = "new"
        GOOD = "good"
        BAD = "bad"
        DONE = "done"

    account_import = models.ForeignKey(AccountImport, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.NEW)
    values = models.JSONField(default=dict)
    marks = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    clean = models.JSONField(default=dict)
    account_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account_import", "number"], name="import_row_once")
        ]
        indexes = [
            models.Index(fields=["account_import", "state", "number"], name="import_row_state")
        ]

    def __str__(self) -> str:
        return f"{self.account_import_id}: {self.number}"
