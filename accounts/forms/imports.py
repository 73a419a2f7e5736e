from __future__ import annotations

from typing import Any

from django import forms
from django.core.files import File
from django.core.validators import FileExtensionValidator
from django.db.models import QuerySet
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.import_columns import MAX_LISTED_DEPARTMENTS
from admin_platform.operator import Operator
from admin_platform.widgets import Dropzone
from orgs.models import Department, Domain, Organization
from orgs.selectors.departments import paths
from orgs.selectors.organizations import mail_domains

MAX_FILE_BYTES = 20 * 1024**2


class DepartmentField(forms.ModelChoiceField[Department]):
    """Departments by their path."""

    def __init__(self, queryset: QuerySet[Department], **options: Any) -> None:
        super().__init__(queryset, **options)
        self._paths = paths(queryset.values_list("pk", flat=True)[:MAX_LISTED_DEPARTMENTS])

    def label_from_instance(self, obj: Department) -> str:
        return self._paths.get(obj.pk, obj.name)


class ImportForm(forms.Form):
    """file, the domain and department of rows that name none, and what is allowed."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        max_length=255,
        validators=[FileExtensionValidator(["xlsx", "xlsm", "csv", "txt"])],
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "invalid_extension": gettext_lazy("Upload an Excel file (.xlsx) or a CSV file."),
            "empty": gettext_lazy("The file is empty."),
        },
        widget=Dropzone(
            hint=gettext_lazy("xlsx or csv, at most 20 MB and 100,000 rows"),
            attrs={"accept": ".xlsx,.csv"},
        ),
    )
    domain = forms.ModelChoiceField(
        Domain.objects.none(), label=gettext_lazy("Domain"), empty_label=None
    )
    create_departments = forms.BooleanField(
        label=gettext_lazy("Create departments that do not exist yet"), required=False
    )
    must_change_password = forms.BooleanField(
        label=gettext_lazy("Passwords from the file must be changed at the first sign-in"),
        required=False,
        initial=True,
    )

    def __init__(
        self,
        *args: Any,
        operator: Operator,
        organization: Organization,
        department: Department | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        domains = mail_domains(organization)
        self.fields["domain"] = forms.ModelChoiceField(
            domains, label=_("Domain"), empty_label=None, initial=domains.first()
        )
        departments = operator.scope(Department.objects.all()).order_by("tree_id", "lft")
        self.fields["department"] = DepartmentField(
            departments,
            label=_("Department of rows without one"),
            required=False,
            empty_label=_("None: such rows are told"),
            initial=department,
        )
        if not operator.can("department.manage"):
            del self.fields["create_departments"]
        self.order_fields(["file", "domain", "department"])

    def clean_file(self) -> File[bytes]:
        file: File[bytes] = self.cleaned_data["file"]
        if file.size > MAX_FILE_BYTES:
            raise forms.ValidationError(
                _("The file has %(size)s; at most %(limit)s can be read. Split it.")
                % {"size": filesizeformat(file.size), "limit": filesizeformat(MAX_FILE_BYTES)}
            )
        return file
