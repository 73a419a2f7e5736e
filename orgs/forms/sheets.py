from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from admin_platform.templatetags.console import size
from admin_platform.widgets import Dropzone

MAX_BYTES = 10 * 1024**2


class DepartmentImportForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        widget=Dropzone(hint=_("Excel (.xlsx) or CSV, up to 20,000 departments")),
    )
    all_or_nothing = forms.BooleanField(
        label=_("Import nothing when a row is wrong"), required=False
    )

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            raise ValidationError(
                _("The file is larger than %(limit)s."), params={"limit": size(MAX_BYTES)}
            )
        return file
