from email.utils import getaddresses
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from accounts.validators import validate_address
from mail_server.stores.base import STANDARD_FOLDERS
from webmail.models import REASON_MAX_LENGTH
from webmail.selectors.folders import LABELS
from webmail.services.reading import Attachment

# Base64 makes attachments a third larger on their way.
ATTACHMENTS_MAX_BYTES = settings.MAIL_MESSAGE_MAX_BYTES * 7 // 10
MAX_RECIPIENTS = 500


class MultipleFileInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class MultipleFileField(forms.FileField):
    widget = MultipleFileInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(MultipleFileField, self).clean(file, initial) for file in files]


class RecipientsField(forms.CharField):
    """Addresses separated by commas, semicolons or their Chinese forms."""

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        for separator in (";", "；", "，", "\n"):
            text = text.replace(separator, ",")
        found = getaddresses([text])
        for _name, address in found:
            if address:
                validate_address(address)
        if text.strip(" ,") and not any(address for _name, address in found):
            raise forms.ValidationError(
                _("“%(value)s” is not a mail address."), params={"value": text}
            )
        return str(text.strip(" ,"))


class ComposeForm(forms.Form):
    to = RecipientsField(label=_("To"), required=False)
    cc = RecipientsField(label=_("Cc"), required=False)
    bcc = RecipientsField(label=_("Bcc"), required=False)
    subject = forms.CharField(label=_("Subject"), required=False, max_length=500)
    text = forms.CharField(
        label=_("Text"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 18})
    )
    uploads = MultipleFileField(label=_("Attachments"), required=False)
    in_reply_to = forms.CharField(required=False, max_length=998, widget=forms.HiddenInput)
    references = forms.CharField(required=False, max_length=20_000, widget=forms.HiddenInput)
    # Attachments of a stored message (draft or forwarded one) that come along.
    source_folder = forms.CharField(required=False, widget=forms.HiddenInput)
    source_key = forms.CharField(required=False, widget=forms.HiddenInput)
    draft_key = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_uploads(self) -> tuple[Attachment, ...]:
        files = self.cleaned_data["uploads"]
        total = sum(file.size or 0 for file in files)
        if total > ATTACHMENTS_MAX_BYTES:
            raise forms.ValidationError(
                _("The attachments come to %(total)s; %(limit)s is the most."),
                params={
                    "total": filesizeformat(total),
                    "limit": filesizeformat(ATTACHMENTS_MAX_BYTES),
                },
            )
        return tuple(
            Attachment(
                index=-1,
                name=str(file.name),
                content_type=file.content_type or "",
                content=file.read(),
            )
            for file in files
        )

    def recipients_missing(self) -> bool:
        """Drafts need none, sending needs one; an error is added."""
        if any(self.cleaned_data.get(name) for name in ("to", "cc", "bcc")):
            return False
        self.add_error("to", _("Enter at least one recipient."))
        return True


class ReadingForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_MAX_LENGTH,
        help_text=_("It is recorded, and shown to the member."),
        widget=forms.Textarea(attrs={"rows": 3, "class": "w-lg"}),
    )


class FolderForm(forms.Form):
    name = forms.CharField(label=_("Folder name"), max_length=60)

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        taken = {*STANDARD_FOLDERS, *(str(label) for label, _icon in LABELS.values())}
        if name in taken or not name.isprintable() or set(name) & set("/\\") or not name.strip("."):
            raise forms.ValidationError(_("This name cannot be used for a folder."))
        return name
