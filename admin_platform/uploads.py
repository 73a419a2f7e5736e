"""Fields for several files at once."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, max_bytes in sum; the value is a list."""

    widget = FilesInput

    def __init__(self, *, max_bytes: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.max_bytes = max_bytes

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:
        given = data if isinstance(data, list | tuple) else [data]
        files = [super(FilesField, self).clean(file, initial) for file in given if file]
        if self.required and not files:
            raise ValidationError(self.error_messages["required"], code="required")
        total = sum(file.size or 0 for file in files)
        if total > self.max_bytes:
            raise ValidationError(
                _("The attachments come to %(total)s; %(limit)s is the most.")
                % {"total": filesizeformat(total), "limit": filesizeformat(self.max_bytes)}
            )
        return files
