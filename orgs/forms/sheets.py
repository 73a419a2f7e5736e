from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from admin_platform.templatetags.console import size
from admin_platform.widgets import Dropzone
from orgs.forms.contacts import GroupField
from orgs.models import ContactGroup

MAX_BYTES = 10 * 1024**2


class UploadForm(forms.Form):
    file = forms.FileField(label=_("File"), widget=Dropzone())

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            raise ValidationError(
                _("The file is larger than %(limit)s."), params={"limit": size(MAX_BYTES)}
            )
        return file


class DepartmentImportForm(UploadForm):
    file = forms.FileField(
        label=_("File"),
        widget=Dropzone(hint=_("Excel (.xlsx) or CSV, up to 20,000 departments")),
    )
    all_or_nothing = forms.BooleanField(
        label=_("Import nothing when a row is wrong"), required=False
    )


class ContactImportForm(UploadForm):
    file = forms.FileField(
        label=_("File"),
        widget=Dropzone(
            hint=_("Excel (.xlsx) or CSV, up to 20,000 contacts; vCard (.vcf), up to 5,000")
        ),
    )
    group = GroupField()

    def __init__(
        self,
        data: QueryDict | None,
        files: MultiValueDict[str, UploadedFile[bytes]] | None,
        *,
        groups: QuerySet[ContactGroup],
    ) -> None:
        super().__init__(data, files)
        self.fields["group"].queryset = groups  # type: ignore[attr-defined]
        self.fields["group"].help_text = _("Of the contacts for which the file names none.")
